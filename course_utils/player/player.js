// The player: controls, clock and words around the cells and their timeline.

const SECONDS = 1.1; // of one step at speed 1
const ICONS = {
  first: "M6 5h2.4v14H6zM20 5v14L9.5 12z", back: "M16.5 5v14L6 12z", play: "M8 4.5v15L20 12z",
  pause: "M7 5h3.6v14H7zM13.4 5H17v14h-3.6z", forth: "M7.5 5v14L18 12z", last: "M15.6 5H18v14h-2.4zM4 5v14l10.5-7z",
};

class Player {
  constructor(root, data) {
    this.data = data;
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.views = data.cells.map((cell) => new CellView(cell, data.scale));
    this.timeline = new Timeline(this.views, data.scale, (t) => this.seek(t));
    this.choice = { sequence: data.sequences[0].id, weights: data.weights[0].id };
    this.backward = false;
    this.speed = 1;
    this.element = make("section", {
      class: `player cells-${data.cells.length}`, role: "group", "aria-label": data.label,
      onkeydown: (event) => this._key(event),
    }, this._settings(), this._transport(), make("div", { class: "cells" }, ...this.views.map((view) => view.element)),
      this.timeline.element);
    this.caption = this.element.appendChild(make("p", { class: "caption" }));
    this.live = this.element.appendChild(make("p", { class: "hidden", role: "status", "aria-live": "polite" }));
    root.append(this.element);
    this._load();
  }

  _settings() {
    const select = (label, key, options) => make("label", { class: "field" }, make("span", {}, label),
      make("select", { onchange: (event) => this.choose({ [key]: event.target.value }) },
        ...options.map(({ id, label }) => make("option", { value: id }, label))));
    const settings = make("div", { class: "settings" });
    if (this.data.sequences.length > 1) settings.append(select("Sequence", "sequence", this.data.sequences));
    if (this.data.weights.length > 1) settings.append(select("Weights", "weights", this.data.weights));
    this.ways = ["forward", "backward"].map((way) => make("button", {
      type: "button", "data-way": way, "aria-pressed": String(way === "forward"),
      onclick: () => this.turn(way === "backward"),
    }, way === "forward" ? "Forward pass →" : "← Backward pass"));
    settings.append(make("div", { class: "ways", role: "group", "aria-label": "Direction" }, ...this.ways));
    return settings;
  }

  _transport() {
    const button = (name, label, action) => {
      const icon = makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
      icon.append(makeSvg("path", { d: ICONS[name] }));
      const element = make("button", { type: "button", class: name, "aria-label": label, title: label, onclick: action });
      element.append(icon);
      return element;
    };
    this.toggle = button("play", "Play", () => (this.playing ? this.pause() : this.play()));
    this.where = make("span", { class: "where", "aria-hidden": "true" });
    const speeds = [0.5, 1, 2, 4, 8].map((speed) => make("option", { value: speed, selected: speed === 1 }, `${speed}×`));
    return make("div", { class: "transport" },
      button("first", "First step", () => this.seek(1)),
      button("back", "Step back", () => this.step(-1)),
      this.toggle,
      button("forth", "Step forward", () => this.step(1)),
      button("last", "Last step", () => this.seek(this.steps)),
      this.where,
      make("label", { class: "field speed" }, make("span", {}, "Speed"),
        make("select", { onchange: (event) => (this.speed = Number(event.target.value)) }, ...speeds)));
  }

  choose(choice) {
    this.pause(false);
    Object.assign(this.choice, choice);
    this._load();
    this._say();
  }

  turn(backward) {
    this.pause(false);
    this.backward = backward;
    this.ways.forEach((way) => way.setAttribute("aria-pressed", String((way.dataset.way === "backward") === backward)));
    this._load();
    this._say();
  }

  _load() {
    const { sequence, weights } = this.choice;
    this.scene = this.data.scenes.find((one) => one.sequence === sequence && one.weights === weights);
    this.steps = this.scene.tokens.length;
    this.views.forEach((view) => view.load(this.scene.cells[view.name]));
    this.element.classList.toggle("is-backward", this.backward);
    this.timeline.load(this.scene, this.backward);
    this.caption.textContent = this.scene.captions[this.backward ? "backward" : "forward"];
    this.t = this.backward ? this.steps : 1;
    this.phase = 1;
    this.show();
  }

  seek(t) {
    this.pause(false);
    this.t = clamp(t, 1, this.steps);
    this.phase = 1;
    this.show();
    this._say();
  }

  step(by) {
    this.seek(this.t + by);
  }

  play() {
    const end = this.backward ? 1 : this.steps;
    if (this.t === end && this.phase >= 1) this.t = this.backward ? this.steps : 1;
    this.phase = 0;
    this.playing = true;
    this._button("Pause", "pause");
    let last = null;
    const tick = (now) => {
      if (!this.playing) return;
      if (!this.element.isConnected) return this.pause(false);
      this._advance(last === null ? 0 : ((now - last) / 1000) * (this.speed / SECONDS));
      last = now;
      if (this.playing) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  _advance(by) {
    this.phase += by;
    if (this.phase >= 1) {
      const next = this.t + (this.backward ? -1 : 1);
      if (next < 1 || next > this.steps) {
        this.phase = 1;
        this.show();
        return this.pause();
      }
      this.t = next;
      this.phase = Math.min(this.phase - 1, 0.5);
    }
    this.show();
  }

  pause(say = true) {
    if (!this.playing) return;
    this.playing = false;
    this.phase = 1;
    this._button("Play", "play");
    this.show();
    if (say) this._say();
  }

  _button(label, icon) {
    this.toggle.setAttribute("aria-label", label);
    this.toggle.title = label;
    this.toggle.querySelector("path").setAttribute("d", ICONS[icon]);
  }

  show() {
    const phase = this.still.matches ? 1 : this.phase;
    this.views.forEach((view) => view.show(this.t, phase, this.backward, this.scene.tokens[this.t - 1]));
    this.timeline.show(this.t);
    this.where.textContent = `t = ${this.t} of ${this.steps}`;
    if (!this.playing) this.onmove?.(this.t, this.backward);
  }

  /** The step in words, for those who do not see it. */
  _say() {
    const place = `Step ${this.t} of ${this.steps}, ${this.scene.spoken[this.t - 1]}.`;
    const cells = this.views.map((view) => `${view.label}: ${this.backward ? this._gradients(view) : this._gates(view)}.`);
    this.live.textContent = [this.backward ? "Backward pass." : "Forward pass.", place, ...cells].join(" ");
  }

  _gradients(view) {
    const keys = view.data.gradient.c ? { c: "gradient of the cell state", h: "of h" } : { h: "gradient of h" };
    return Object.entries(keys).map(([key, name]) => `${name} ${spoken(view.gradient(key, this.t))}`).join(", ");
  }

  _gates(view) {
    const names = { f: "forget gate", i: "input gate", o: "output gate", z: "update gate", r: "reset gate" };
    const gates = Object.keys(names).filter((key) => key in view.data.gates)
      .map((key) => `${names[key]} ${view.gate(key, this.t).toFixed(2)}`);
    const left = view.data.left[this.t - 1];
    return [...gates, `left of what the clue changed ${left ? spoken(Math.log10(left)) : "zero"}`].join(", ");
  }

  _key(event) {
    const on = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || on.tagName === "SELECT") return;
    const slider = on.type === "range";
    const actions = {
      " ": on.tagName === "BUTTON" ? null : () => (this.playing ? this.pause() : this.play()),
      ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1),
      ArrowUp: slider ? () => this.step(1) : null, ArrowDown: slider ? () => this.step(-1) : null,
      Home: () => this.seek(1), End: () => this.seek(this.steps),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault(); // the slider would move twice
    event.stopPropagation();
    action();
  }
}
