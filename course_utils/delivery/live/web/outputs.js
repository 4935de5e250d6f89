// What comes out of a cell, as the pages show it: texts, claims, figures, pieces of pages, errors.

import { make } from "./make.js";

const [CLAIM, MEASURED] = ["✓ claim: ", " → "];

/** An area below a cell, filled message by message; `saved` holds what it shows, for another visit. */
export class Outputs {
  constructor(cell) {
    this.room = make("div", { class: "cell_output docutils container live-output" });
    this.stored = [...cell.querySelectorAll(":scope > .cell_output, :scope > .live-kept")];
    if (this.stored.length) this.stored[0].before(this.room);
    else cell.append(this.room);
    this.clear();
  }

  clear() {
    this.saved = [];
    this.last = null;
    this.room.replaceChildren();
    this.room.hidden = true;
    this.#stored(true);
  }

  #stored(shown) {
    for (const one of this.stored) one.hidden = !shown;
  }

  /** Begin a run: what was there stays until something new comes. */
  begin() {
    this.fresh = true;
  }

  show(message) {
    if (this.fresh || message.say === "clear") {
      this.clear();
      this.fresh = false;
    }
    if (message.say === "clear") return;
    this.#stored(message.error?.kind === "keras");
    this.room.hidden = false;
    if (message.say === "text") this.#text(message);
    else if (message.say === "show") this.#object(message.data);
    else if (message.error) this.#error(message.error);
    if (message.say !== "text" || this.saved.at(-1) !== this.last?.message) this.saved.push(message);
  }

  /** The run is over; if nothing came, nothing is shown. */
  end(message) {
    if (message.error) this.show(message);
    else if (this.fresh) {
      this.clear();
      this.#stored(false);
    }
    this.fresh = false;
  }

  #text(message) {
    if (this.last?.message.name === message.name) this.last.message.text += message.text;
    else {
      const box = make("div", { class: `output stream live-text of-${message.name}` });
      this.room.append(box);
      this.last = { box, message: { ...message } };
      this.saved.push(this.last.message);
    }
    const text = overwritten(this.last.message.text);
    const [printed, claims] = parted(text);
    this.last.box.replaceChildren();
    if (printed.trim()) this.last.box.append(make("div", { class: "highlight" }, make("pre", {}, printed.replace(/\n$/, ""))));
    if (claims.length) this.last.box.append(make("ul", { class: "claims" }, ...claims.map(claim)));
  }

  #object(data) {
    this.last = null;
    const kind = ["text/html", "image/svg+xml", "image/png", "text/plain"].find((one) => data[one] != null);
    const box = make("div", { class: `output ${kind.replace(/\W/g, "_")}` });
    this.room.append(box);
    if (kind === "text/plain") box.append(make("div", { class: "highlight" }, make("pre", {}, data[kind])));
    else if (kind === "image/png") box.append(make("img", { src: `data:image/png;base64,${data[kind]}`, alt: data["text/plain"] ?? "Picture", class: "carousel-figure" }));
    else fill(box, data[kind]);
  }

  #error({ kind, words, lines }) {
    this.last = null;
    const hint = kind === "name" ? "If a cell above gives it its value, that one must run first: “Run all above”." : "";
    const parts = [make("p", { class: "live-said" }, words)];
    if (lines.length) parts.push(make("pre", {}, lines.join("\n")));
    if (hint) parts.push(make("p", {}, hint));
    this.room.append(make("div", { class: `live-error ${kind}`, role: kind === "keras" ? "note" : "alert" }, ...parts));
  }
}

/** HTML with its scripts run, which innerHTML alone does not. */
function fill(box, html) {
  box.innerHTML = html;
  for (const old of box.querySelectorAll("script")) old.replaceWith(make("script", {}, old.textContent));
  for (const figure of box.querySelectorAll("img.carousel-figure")) figure.style.setProperty("--width", `${figure.width}px`);
}

/** Text after carriage returns: a bar of progress is one line. */
function overwritten(text) {
  return text.replace(/\r\n/g, "\n").split("\n").map((line) => line.replace(/\r$/, "").split("\r").pop()).join("\n");
}

/** What was printed, and the claims at its end. */
function parted(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  let first = lines.findIndex((line) => line.startsWith(CLAIM));
  while (first >= 0 && !lines.slice(first).every((line) => line.startsWith(CLAIM) || /^\s{2,}\S/.test(line))) {
    const next = lines.slice(first + 1).findIndex((line) => line.startsWith(CLAIM));
    first = next < 0 ? -1 : first + 1 + next;
  }
  if (first < 0) return [text, []];
  const claims = [];
  for (const line of lines.slice(first)) {
    if (line.startsWith(CLAIM)) claims.push(line.slice(CLAIM.length));
    else claims[claims.length - 1] += ` ${line.trim()}`;
  }
  return [lines.slice(0, first).join("\n"), claims];
}

function claim(text) {
  const [words, measured] = text.split(MEASURED);
  return make("li", {}, make("p", {}, make("span", { class: "claim-label" }, "Claim: "), words.trim()), ...(measured ? [make("p", { class: "claim-measured" }, measured.trim())] : []));
}
