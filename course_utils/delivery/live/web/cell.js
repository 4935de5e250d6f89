// One cell of a page: an editor, its buttons, and what comes out.

import { editor } from "./editor.js";
import { button, make } from "./make.js";
import { Outputs } from "./outputs.js";

export class Cell {
  constructor(page, element, { id, source, metadata, own = false }, number) {
    Object.assign(this, { page, element, id, number, own, original: [source].flat().join("") });
    const input = element.querySelector(".cell_input");
    for (const one of input.children) one.hidden = true;
    const room = make("div", { class: "live-editor" });
    input.append(room);
    const next = (forward) => this.press().then((good) => good && forward && this.#next()?.focus());
    const locked = metadata.editable === false;
    this.editor = editor(room, this.original, `Code of cell ${number}`, { locked, changed: () => this.edited(), run: next });
    this.runs = button("Run", () => this.press(), { class: "live-run", "aria-label": `Run cell ${number}` });
    this.resets = button(own ? "Remove" : "Reset", () => this.reset(), { ...(own ? {} : { hidden: "" }), "aria-label": own ? `Remove cell ${number}` : `Reset cell ${number}` });
    const adds = button("Add a cell", () => page.add(this)?.focus(), { "aria-label": `Add a cell below cell ${number}` });
    this.note = make("span", { class: "live-note", role: "status" });
    const above = number > 1 ? [button("Run all above", () => page.runAll(page.cells.slice(0, page.cells.indexOf(this))), { "aria-label": `Run all above cell ${number}` })] : [];
    const tools = make("div", { class: "live-tools" }, make("span", { class: "live-number", "aria-hidden": "true" }, String(number)), this.runs, ...above, adds, this.resets, this.note);
    const holder = input.closest("details") ?? input;
    holder.after(tools);
    this.outputs = new Outputs(element);
    if (element.matches(".needs-keras")) this.say(this.outputs.stored.length ? "needs Keras: shows what came out before" : "needs Keras");
  }

  text = () => this.editor.text();
  say = (text) => (this.note.textContent = text);
  worth = () => this.text() !== this.original || this.outputs.saved.length > 0;
  kept = () => ({ source: this.text(), outputs: this.outputs.saved });
  #next = () => this.page.cells[this.page.cells.indexOf(this) + 1];

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
    if (!this.own) this.resets.hidden = this.text() === this.original;
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
    if (this.own) return this.page.remove(this);
    this.take(this.original);
    this.outputs.clear();
    this.say("");
    return this.edited();
  }

  wait() {
    this.say("waits for its turn");
  }

  begin() {
    this.outputs.begin();
    this.element.classList.add("runs");
    this.say("runs now");
  }

  /** Show how a run ended; its error, as the page tells it. */
  end(message, seconds) {
    this.element.classList.remove("runs");
    let error = message.error;
    const keras = error?.kind === "keras" || (error?.kind === "name" && this.element.matches(".needs-keras"));
    if (keras) {
      const words = error.kind === "keras" ? error.words : "This cell needs what Keras gives, and Keras does not run in a page.";
      const below = this.outputs.stored.length ? " Below stands what came out when the course was made." : "";
      message = { ...message, error: (error = { kind: "keras", words: words + below, lines: [] }) };
    }
    this.outputs.end(message);
    const took = seconds < 10 ? seconds.toFixed(1) : Math.round(seconds);
    this.ran = message.say === "end" && !error;
    this.say(message.say === "stopped" ? "was stopped" : message.say === "lost" ? "Python ended" : error ? "" : `ran in ${took} s`);
    this.page.changed();
    return error;
  }

  forgotten() {
    if (this.ran) this.say("ran before Python began anew");
  }
}
