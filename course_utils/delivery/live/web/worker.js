// Python in a worker of its own: the page sends requests, the kernel's messages go back as they come.
// While Python runs nothing reaches it, so what it asks for meanwhile is fetched here, and waited for.

import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from "../vendor/wasi/dist/index.js";

const TURN = "from course_utils.delivery.live.kernel import turn; turn()";
const VARIABLES = ["HOME=/tmp", "TMPDIR=/tmp", "MPLCONFIGDIR=/tmp", "MPLBACKEND=agg", "OMP_NUM_THREADS=1", "PYTHONUTF8=1"];
const [UTF8, WORDS] = [new TextEncoder(), new TextDecoder()];
let python, request, settings, library;

onmessage = async ({ data }) => {
  try {
    if (data.do === "begin") await begin(data);
    request = { ...data, module: undefined, library: undefined, course: undefined };
    turn();
  } catch (error) {
    postMessage({ say: "lost", words: String(error?.message ?? error) });
  }
};

async function begin({ module, library: zip, course, python: version, language, urls }) {
  settings = { urls };
  library = new Map([[`python${version.split(".").slice(0, 2).join("")}.zip`, new File(zip)]]);
  const folders = [
    new PreopenDirectory("/usr/local/lib", library),
    new PreopenDirectory("/course", folderOf(course)),
    new PreopenDirectory("/tmp", new Map()),
  ];
  const said = ConsoleStdout.lineBuffered((line) => postMessage({ say: "text", name: "stderr", text: `${line}\n` }));
  const wasi = new WASI(["python"], [...VARIABLES, `CAROUSEL_LANGUAGE=${language.replace("-", "_")}`], [new OpenFile(new File([])), said, said, ...folders], { debug: false });
  const imports = { wasi_snapshot_preview1: wasi.wasiImport, host: { call } };
  const instance = await WebAssembly.instantiate(module, imports);
  python = instance.exports;
  wasi.initialize(instance);
  enter("import sys; sys.path.append('/course')");
}

/** Nested folders from texts by their paths. */
function folderOf(texts) {
  const top = new Map();
  for (const [path, text] of Object.entries(texts)) {
    const names = path.split("/");
    const last = names.pop();
    let folder = top;
    for (const name of names) {
      if (!folder.has(name)) folder.set(name, new Directory(new Map()));
      folder = folder.get(name).contents;
    }
    folder.set(last, new File(UTF8.encode(text)));
  }
  return top;
}

function turn() {
  enter(TURN);
}

/** Run code in Python's main module. */
function enter(code) {
  const place = give(UTF8.encode(code));
  const status = python.turn(place, code.length);
  if (status) postMessage({ say: "lost", words: `Python ended with ${status}` });
}

function give(bytes) {
  const place = python.host_alloc(bytes.length) >>> 0;
  new Uint8Array(python.memory.buffer).set(bytes, place);
  return place;
}

/** What the kernel says; the answer is JSON. */
function call(start, size, placeAt, sizeAt) {
  const message = JSON.parse(WORDS.decode(new Uint8Array(python.memory.buffer, start >>> 0, size)));
  const bytes = UTF8.encode(JSON.stringify(answer(message) ?? null));
  const place = give(bytes);
  const view = new DataView(python.memory.buffer);
  view.setUint32(placeAt, place, true);
  view.setUint32(sizeAt, bytes.length, true);
  return 0;
}

function answer(message) {
  if (message.say === "next") return request;
  if (message.say === "fetch") return part(message.part);
  postMessage(message);
  return null;
}

/** Fetch a part of the library and put it beside the rest; its place. */
function part(name) {
  postMessage({ say: "fetching", part: name });
  const ask = new XMLHttpRequest();
  ask.open("GET", settings.urls[name], false);
  ask.responseType = "arraybuffer";
  ask.send();
  if (ask.status !== 200) throw new Error(`${name} could not be fetched`);
  library.set(`${name}.zip`, new File(ask.response));
  postMessage({ say: "fetched", part: name });
  return `/usr/local/lib/${name}.zip`;
}
