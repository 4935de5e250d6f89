// A page whose code runs: its cells become editors, with buttons to run them, one after the other.

import { Cell } from "./cell.js";
import * as keeping from "./keep.js";
import { button, make } from "./make.js";
import { Python } from "./python.js";

const SOON = 400; // milliseconds after the last key until what was written is kept
const PARTS = { figures: "what draws figures", rest: "more of Python", tables: "pandas", languages: "the languages of countries", weather: "the weather of a year", places: "the places of the world" };

export async function open({ bar, start, words, settings, restoring }) {
  const notebook = await (await fetch(settings.page)).json();
  const page = new Page(notebook, { bar, starter: start, words, settings });
  await page.restore();
  if (restoring) page.tell("Your work on this page is kept in this browser.");
  return page;
}

class Page {
  constructor(notebook, parts) {
    Object.assign(this, { notebook }, parts);
    this.python = new Python(this.settings.root, document.documentElement.lang, (...state) => this.progress(...state));
    this.queue = [];
    this.scores = {};
    const drawn = [...document.querySelectorAll(".bd-article div.cell")];
    this.cells = drawn
      .map((element) => [element, notebook.cells[Number(/\blive-(\d+)\b/.exec(element.className)?.[1])]])
      .filter(([element, cell]) => cell && element.querySelector(".cell_input"))
      .map(([element, cell], place) => new Cell(this, element, cell, place + 1));
    this.#dress();
  }

  #dress() {
    this.state = make("p", { class: "live-state", role: "status" });
    this.bar.append(
      make("div", { class: "live-share", hidden: "" }, make("span")),
      this.state,
      make(
        "div",
        { class: "live-all" },
        button("Run all", () => this.runAll(this.cells)),
        button("Export .ipynb", () => this.export()),
        button("Import", () => this.bar.querySelector("input").click()),
        button("Forget my work", () => this.forget(), { hidden: "" }),
        make("input", { type: "file", accept: ".ipynb,application/json", hidden: "", "aria-label": "A notebook to import", onchange: (event) => this.import(event.target) }),
      ),
    );
    this.forgetting = this.bar.querySelector(".live-all button:nth-of-type(4)");
    this.running = make("div", { class: "live-running", hidden: "" }, make("span", { role: "status" }), button("Stop", () => this.stop()));
    document.body.append(this.running);
  }

  tell(text) {
    this.state.textContent = text;
  }

  progress(text, share) {
    this.tell(text);
    const room = this.bar.querySelector(".live-share");
    room.hidden = share >= 1;
    room.firstChild.style.width = `${Math.min(100, 100 * share)}%`;
  }

  /** Bring back what was written here before. */
  async restore() {
    this.scores = await keeping.solved();
    const { cells } = await keeping.read(this.settings.page);
    for (const [id, one] of Object.entries(cells)) (this.#find(id) ?? this.add(this.#find(one.after), id))?.restore(one);
    this.forgetting.hidden = !Object.keys(cells).length;
  }

  #find = (id) => this.cells.find((cell) => cell.id === id);

  /** A cell of the learner's own below another one. */
  add(after, id = `own-${Date.now().toString(36)}`, source = "") {
    if (!after) return null;
    const element = make("div", { class: "cell docutils container live-own" }, make("div", { class: "cell_input docutils container" }));
    after.element.after(element);
    const cell = new Cell(this, element, { id, source, metadata: {}, own: true }, Math.max(...this.cells.map((one) => one.number)) + 1);
    this.cells.splice(this.cells.indexOf(after) + 1, 0, cell);
    return cell;
  }

  remove(cell) {
    this.cells.splice(this.cells.indexOf(cell), 1);
    cell.element.remove();
    this.changed();
  }

  async start() {
    this.starting ??= this.#start().finally(() => (this.starting = null));
    return this.starting;
  }

  async #start() {
    this.starter.disabled = true;
    try {
      const { python, numpy } = await this.python.start(() => this.scores);
      this.progress("", 1);
      this.starter.hidden = true;
      this.words.textContent = `Python ${python} with NumPy ${numpy} runs in this page, as WebAssembly. It is young: in JupyterLab the course runs as it was made.`;
      this.tell("");
      this.#stayOffline();
      return true;
    } catch (error) {
      this.starter.disabled = false;
      this.progress("", 1);
      this.tell(`Python did not start: ${error.message}. Press “Run here” to try again.`);
      return false;
    }
  }

  /** Run cells in order; the first one that fails ends it. */
  async runAll(cells) {
    if (this.busy) return;
    this.busy = true;
    for (const cell of cells) cell.wait();
    for (const [place, cell] of cells.entries()) {
      const good = this.busy && (await this.run(cell, cells.length - place - 1));
      if (!good) {
        for (const one of cells.slice(place + 1)) one.say("");
        break;
      }
    }
    this.busy = false;
  }

  /** Run a cell; whether it ended well. */
  async run(cell, more = 0) {
    if (!(await this.start())) return false;
    this.#shown(more ? `Cell ${cell.number} runs, ${more} more` : `Cell ${cell.number} runs`);
    cell.begin();
    const began = performance.now();
    const end = await this.python.run(cell.number, cell.text(), (message) => this.#heard(cell, message));
    this.#shown("");
    const seconds = (performance.now() - began) / 1000;
    if (end.done && Object.keys(end.done).length) keeping.keepSolved((this.scores = { ...this.scores, ...end.done }));
    const error = cell.end(end, seconds);
    if (end.say !== "end") this.#anew(end);
    return end.say === "end" && (!error || error.kind === "keras");
  }

  #heard(cell, message) {
    if (message.say === "fetching") this.#shown(`Cell ${cell.number} runs: ${PARTS[message.part]}, ${this.python.megabytes(message.part)} MB, once`);
    else if (message.say === "fetched") this.#shown(`Cell ${cell.number} runs`);
    else cell.outputs.show(message);
  }

  #shown(text) {
    this.running.hidden = !text;
    this.running.firstChild.textContent = text;
  }

  stop() {
    this.busy = false;
    this.python.stop().then(() => this.progress("", 1), () => {});
  }

  #anew({ say, words }) {
    const why = say === "stopped" ? "Python was stopped" : `Python ended (${words})`;
    this.tell(`${why} and begins anew: what the cells had defined is gone.`);
    for (const cell of this.cells) cell.forgotten();
  }

  /** Keep all work, soon. */
  changed() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.keep(), SOON);
  }

  /** What differs from the course's page, by the ids of cells; one of the learner's own says after which it stands. */
  #work() {
    const all = this.cells.map((cell, place) => [cell.id, cell.own ? { ...cell.kept(), after: this.cells[place - 1].id } : cell.kept(), cell]);
    return Object.fromEntries(all.filter(([, , cell]) => cell.own || cell.worth()));
  }

  async keep() {
    const cells = this.#work();
    this.forgetting.hidden = !Object.keys(cells).length;
    if (!(await keeping.keep(this.settings.page, cells))) this.tell("This browser keeps nothing: export your work before you leave.");
  }

  export() {
    const link = make("a", { href: URL.createObjectURL(keeping.written(this.notebook, this.#work())), download: this.settings.page.split("/").pop() });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    try {
      const { found, own } = keeping.taken(this.notebook, JSON.parse(await file.text()));
      let count = own.length;
      for (const cell of this.cells) count += cell.take(found[cell.id]);
      for (const { after, id, source } of own) (this.#find(id) ?? this.add(this.#find(after) ?? this.cells.at(-1), id)).take(source);
      const cells = count === 1 ? "One cell differs from what stood here and is taken." : `${count} cells differ from what stood here and are taken.`;
      this.tell(`${file.name}: ${cells}`);
    } catch {
      this.tell(`${file.name} is no notebook, so nothing was changed.`);
    }
  }

  async forget() {
    if (!confirm("Put all cells of this page back as the course has them?")) return;
    for (const cell of [...this.cells]) cell.reset();
    await this.keep();
  }

  /** From now on the page opens without a network, too. */
  async #stayOffline() {
    try {
      await navigator.serviceWorker.register(new URL("../../offline.js", this.settings.root));
      const { active } = await navigator.serviceWorker.ready;
      const asked = performance.getEntriesByType("resource").map(({ name }) => name);
      active.postMessage({ keep: [location.href.split("#")[0], ...asked.filter((url) => url.startsWith(location.origin))] });
    } catch {
      // no secure address: then it needs its server
    }
  }
}
