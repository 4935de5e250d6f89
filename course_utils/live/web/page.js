// A page whose code runs: its cells become editors, with buttons to run them, one after the other.

import { editor } from "./editor.js";
import * as keeping from "./keep.js";
import { button, make } from "./make.js";
import { Outputs } from "./outputs.js";
import { Python } from "./python.js";

const SOON = 400; // milliseconds after the last key until what was written is kept

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
    this.python = new Python(this.settings.root, (...state) => this.progress(...state));
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
    for (const cell of this.cells) if (cells[cell.id]) cell.restore(cells[cell.id]);
    this.forgetting.hidden = !Object.keys(cells).length;
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
    this.#shown(`Cell ${cell.number} runs${more ? `, ${more} more` : ""}`);
    cell.begin();
    const began = performance.now();
    const end = await this.python.run(cell.number, cell.text(), (message) => this.#heard(cell, message));
    this.#shown("");
    const seconds = (performance.now() - began) / 1000;
    if (end.done && Object.keys(end.done).length) keeping.keepSolved((this.scores = { ...this.scores, ...end.done }));
    cell.end(end, seconds);
    if (end.say !== "end") this.#anew(end);
    return end.say === "end" && (!end.error || end.error.kind === "keras");
  }

  #heard(cell, message) {
    if (message.say === "fetching") this.#shown(`Cell ${cell.number} runs: ${message.part} come, once`);
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

  async keep() {
    const cells = Object.fromEntries(this.cells.filter((cell) => cell.worth()).map((cell) => [cell.id, cell.kept()]));
    this.forgetting.hidden = !Object.keys(cells).length;
    if (!(await keeping.keep(this.settings.page, cells))) this.tell("This browser keeps nothing: export your work before you leave.");
  }

  export() {
    const all = Object.fromEntries(this.cells.filter((cell) => cell.worth()).map((cell) => [cell.id, cell.kept()]));
    const link = make("a", { href: URL.createObjectURL(keeping.written(this.notebook, all)), download: this.settings.page.split("/").pop() });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    try {
      const found = keeping.taken(this.notebook, JSON.parse(await file.text()));
      let count = 0;
      for (const cell of this.cells) count += cell.take(found[cell.id]);
      this.tell(`${file.name}: ${count} ${count === 1 ? "cell differs" : "cells differ"} from what stood here and ${count === 1 ? "is" : "are"} taken.`);
    } catch {
      this.tell(`${file.name} is no notebook, so nothing was changed.`);
    }
  }

  async forget() {
    if (!confirm("Put all cells of this page back as the course has them?")) return;
    for (const cell of this.cells) cell.reset();
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

class Cell {
  constructor(page, element, { id, source }, number) {
    Object.assign(this, { page, element, id, number, original: [source].flat().join(""), dirty: false });
    const input = element.querySelector(".cell_input");
    for (const one of input.children) one.hidden = true;
    const room = make("div", { class: "live-editor" });
    input.append(room);
    const next = (forward) => this.press().then((good) => good && forward && page.cells[number]?.focus());
    this.editor = editor(room, this.original, `Code of cell ${number}`, () => this.edited(), next);
    this.runs = button("Run", () => this.press(), { class: "live-run", "aria-label": `Run cell ${number}` });
    this.resets = button("Reset", () => this.reset(), { hidden: "", "aria-label": `Reset cell ${number}` });
    this.note = make("span", { class: "live-note", role: "status" });
    const above = number > 1 ? [button("Run all above", () => page.runAll(page.cells.slice(0, number - 1)), { "aria-label": `Run all above cell ${number}` })] : [];
    const tools = make("div", { class: "live-tools" }, this.runs, ...above, this.resets, this.note);
    const holder = input.closest("details") ?? input;
    holder.after(tools);
    this.outputs = new Outputs(element);
    if (element.matches(".needs-keras")) this.say("needs Keras: shows what came out before");
  }

  text = () => this.editor.text();
  say = (text) => (this.note.textContent = text);
  worth = () => this.text() !== this.original || this.outputs.saved.length > 0;
  kept = () => ({ source: this.text(), outputs: this.outputs.saved });

  focus() {
    const folded = this.element.querySelector("details:not([open])");
    if (folded) this.runs.focus();
    else this.editor.focus();
  }

  press() {
    if (this.page.busy) return Promise.resolve(false);
    this.page.busy = true;
    return this.page.run(this).finally(() => (this.page.busy = false));
  }

  edited() {
    this.resets.hidden = this.text() === this.original;
    this.page.changed();
  }

  restore({ source, outputs }) {
    this.take(source);
    this.#show(outputs ?? []);
  }

  #show(outputs) {
    if (!outputs.length) return;
    this.outputs.begin();
    for (const message of structuredClone(outputs)) this.outputs.show(message);
    this.outputs.fresh = false;
    this.say("from your last visit");
  }

  /** Take other code; 1 if it differs. */
  take(source) {
    if (source == null || source === this.text()) return 0;
    this.editor.set(source);
    return 1;
  }

  reset() {
    this.take(this.original);
    this.outputs.clear();
    this.say("");
    this.edited();
  }

  wait() {
    this.say("waits");
  }

  begin() {
    this.outputs.begin();
    this.element.classList.add("runs");
    this.say("runs");
  }

  end(message, seconds) {
    this.element.classList.remove("runs");
    const error = message.error;
    if (error?.kind === "name" && this.element.matches(".needs-keras")) {
      message = { ...message, error: { kind: "keras", words: "This cell needs what Keras gives, and Keras does not run in a page: below stands what came out before.", lines: [] } };
    }
    this.outputs.end(message);
    const took = seconds < 10 ? seconds.toFixed(1) : Math.round(seconds);
    this.say(message.say === "stopped" ? "stopped" : message.say === "lost" ? "Python ended" : error ? "" : `ran in ${took} s`);
    this.page.changed();
  }

  forgotten() {
    if (/^ran in/.test(this.note.textContent)) this.say("ran before Python began anew");
  }
}
