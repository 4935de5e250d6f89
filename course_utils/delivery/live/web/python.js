// Python as the page sees it: fetched once, started in a worker, asked to run cells, stopped by ending the worker.

const CACHE = "carousel-live"; // offline.js serves from it

export class Python {
  /** root: where the files are; onState(words, share): what is going on while it starts. */
  constructor(root, language, onState) {
    [this.root, this.language, this.onState] = [root, language, onState];
    [this.worker, this.ready, this.files, this.waiting] = [null, null, null, null];
  }

  /** Resolves when Python can run cells; the versions. */
  start(done) {
    this.done = done;
    this.ready ??= this.#begin();
    this.ready.catch(() => (this.ready = null));
    return this.ready;
  }

  async #begin() {
    this.files ??= this.#fetchAll();
    this.files.catch(() => (this.files = null));
    const { index, module, library, course } = await this.files;
    this.sizes = index.sizes;
    this.onState("Python starts", 1);
    const urls = Object.fromEntries(Object.entries(index.files).map(([part, name]) => [part, this.root + name]));
    this.worker = new Worker(`${this.root}worker.js`, { type: "module" });
    const settings = { python: index.versions.python, language: this.language, urls, parts: index.later, done: this.done() };
    const begun = await this.#ask({ do: "begin", module, library, course, ...settings }, () => {});
    if (begun.say !== "ready") throw new Error(begun.words ?? "Python did not start");
    return { ...index.versions, numpy: begun.numpy };
  }

  /** Run a cell; each message goes to onMessage, the last one is the result. */
  async run(number, source, onMessage) {
    await this.start(this.done);
    return this.#ask({ do: "run", number, source }, onMessage);
  }

  megabytes = (part) => Math.max(1, Math.round(this.sizes[part] / 1e6));

  #ask(request, onMessage) {
    return new Promise((resolve) => {
      const finish = (message) => {
        this.waiting = null;
        if (message.say === "lost") this.#again();
        resolve(message);
      };
      this.waiting = finish;
      this.worker.onmessage = ({ data }) => (["ready", "end", "lost"].includes(data.say) ? finish(data) : onMessage(data));
      this.worker.onerror = (event) => finish({ say: "lost", words: event.message });
      this.worker.postMessage(request);
    });
  }

  /** End what runs; a new Python begins at once, without what cells had defined. */
  stop() {
    const finish = this.waiting;
    this.#again();
    finish?.({ say: "stopped" });
    return this.start(this.done);
  }

  #again() {
    this.worker?.terminate();
    this.worker = this.ready = this.waiting = null;
  }

  async #fetchAll() {
    const index = await (await fetch(`${this.root}parts.json`, { cache: "no-cache" })).json();
    const { files, sizes } = index;
    const words = `words_${this.language.replace("-", "_")}`; // that Python says; it knows the English ones
    const first = ["python", "library", "course", ...(words in files ? [words] : [])];
    const whole = first.reduce((sum, part) => sum + sizes[part], 0);
    let come = 0;
    const count = () =>
      new TransformStream({
        transform: (chunk, stream) => {
          come += chunk.byteLength;
          this.onState(`Python comes: ${Math.round(come / 1e6)} of ${Math.round(whole / 1e6)} MB`, come / whole);
          stream.enqueue(chunk);
        },
      });
    const streams = await Promise.all(first.map(async (part) => (await this.#kept(this.root + files[part])).body.pipeThrough(count())));
    const unzipped = (stream) => stream.pipeThrough(new DecompressionStream("gzip"));
    const code = new Response(unzipped(streams[0]), { headers: { "Content-Type": "application/wasm" } });
    const texts = (stream) => stream && new Response(unzipped(stream)).json();
    const [module, library, course, said] = await Promise.all([
      WebAssembly.compileStreaming(code),
      new Response(streams[1]).arrayBuffer(),
      texts(streams[2]),
      texts(streams[3]),
    ]);
    this.#tidy(new Set(Object.values(files)));
    return { index, module, library, course: { ...course, ...said } };
  }

  /** A file from the browser's store, or from the server and then into that store, where there is one. */
  async #kept(url) {
    const store = await globalThis.caches?.open(CACHE).catch(() => null);
    const found = await store?.match(url);
    if (found) return found;
    const reply = await fetch(url);
    if (!reply.ok) throw new Error(`${url} could not be fetched (${reply.status})`);
    store?.put(url, reply.clone()).catch(() => {}); // the disk may be full
    return reply;
  }

  /** Forget files of other versions. */
  async #tidy(names) {
    const store = await globalThis.caches?.open(CACHE).catch(() => null);
    for (const { url } of (await store?.keys()) ?? []) {
      const name = url.split("/").pop();
      if (url.startsWith(this.root) && /-[0-9a-f]{12}\./.test(name) && !names.has(name)) await store.delete(url);
    }
  }
}
