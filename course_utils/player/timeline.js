// The whole sequence below the cells: a lane for each cell, the inputs, and the slider of time.

const HIGH = 100; // of a lane's drawing; its width is the number of steps

class Timeline {
  constructor(views, scale, onseek) {
    this.views = views;
    this.scale = scale;
    this.lanes = views.map((view) => this._lane(view));
    this.tokens = make("div", { class: "tokens", "aria-hidden": "true" });
    this.slider = make("input", {
      type: "range", min: 1, step: 1, class: "slider", "aria-label": "Step of the sequence",
      oninput: () => onseek(Number(this.slider.value)),
    });
    this.track = make("div", { class: "track" }, this.tokens, this.slider);
    this.element = make("div", { class: "time" },
      ...this.lanes.flatMap((lane) => [lane.name, lane.box, lane.value]),
      make("span", { class: "lane-name inputs" }, "input"), this.track, make("span"));
    new ResizeObserver(() => this._measure()).observe(this.track);
  }

  _lane(view) {
    const svg = makeSvg("svg", { preserveAspectRatio: "none", "aria-hidden": "true", class: "raster" });
    return {
      view, svg,
      name: make("span", { class: `lane-name lane-${view.name}` }, view.label),
      box: make("div", { class: "lane" }, svg),
      value: make("span", { class: "lane-value", "aria-hidden": "true" }),
    };
  }

  load(scene, backward) {
    this.scene = scene;
    this.backward = backward;
    this.steps = scene.tokens.length;
    this.slider.max = this.steps;
    this.tokens.replaceChildren(...scene.tokens.map((token, k) => this._token(token, k)));
    this.tokens.classList.toggle("words", scene.kind === "words");
    for (const lane of this.lanes) {
      lane.svg.setAttribute("viewBox", `0 0 ${this.steps} ${HIGH}`);
      lane.svg.replaceChildren();
      if (backward) this._ribbons(lane);
      else this._raster(lane);
    }
    this._measure();
  }

  _token(token, k) {
    const marked = this.scene.clues.includes(k + 1);
    const inside = this.scene.kind === "words" ? token : make("i", { style: `height:${this.scene.bars[k]}%` });
    return make("span", { class: marked ? "token clue" : "token" }, make("b", {}, inside));
  }

  _raster({ view, svg }) {
    const rows = view.data.apart;
    const high = HIGH / rows[0].length;
    rows.forEach((row, step) => row.forEach((value, unit) => {
      const square = makeSvg("rect", { x: step, y: unit * high, width: 1.02, height: high * 1.02, "data-step": step + 1 });
      square.style.fill = tone(value);
      svg.append(square);
    }));
  }

  /** Half the width above and half below the middle: faint as a whole, full where it has come. */
  _ribbons({ view, svg }) {
    const keys = view.data.gradient.c ? ["c", "h"] : ["h"];
    const shapes = keys.map((key) => {
      const half = view.data.gradient[key].map((log) => 1.2 + 47 * share(log, this.scale));
      const edge = half.map((width, k) => [k + 0.5, width]);
      edge.unshift([0, half[0]]);
      edge.push([this.steps, half[half.length - 1]]);
      const upper = edge.map(([x, width]) => `${x} ${50 - width}`);
      const lower = edge.map(([x, width]) => `${x} ${50 + width}`).reverse();
      return [key, [...upper, ...lower].join(" ")];
    });
    const frame = makeSvg("rect", { y: 0, width: this.steps, height: HIGH });
    const clip = makeSvg("clipPath", { id: `cp-arrived-${view.name}` });
    clip.append(frame);
    const draw = ([key, points]) => makeSvg("polygon", { points, class: `river river-${key}` });
    const faint = makeSvg("g", { class: "unseen" });
    const full = makeSvg("g", { "clip-path": `url(#cp-arrived-${view.name})` });
    faint.append(...shapes.map(draw));
    full.append(...shapes.map(draw));
    svg.append(clip, faint, full, ...[0, -1, -3].flatMap((log) => this._ticks(log)));
    svg.arrived = frame;
  }

  /** Where a gradient of this decimal logarithm would end, above and below the middle. */
  _ticks(log) {
    const half = 1.2 + 47 * share(log, this.scale);
    return [50 - half, 50 + half].map((y) =>
      makeSvg("line", { x1: 0, x2: this.steps, y1: y, y2: y, class: "tick" }));
  }

  show(t) {
    for (const lane of this.lanes) {
      if (this.backward) lane.svg.arrived.setAttribute("x", t - 1);
      else for (const node of lane.svg.children) node.classList.toggle("unseen", node.dataset.step > t);
      lane.value.replaceChildren(...this._value(lane.view, t));
    }
    [...this.tokens.children].forEach((token, k) => token.classList.toggle("now", k + 1 === t));
    this.slider.value = t;
    const token = this.scene.spoken[t - 1];
    const words = this.backward ? "gradient at" : "after";
    this.slider.setAttribute("aria-valuetext", `${words} step ${t} of ${this.steps}, ${token}`);
  }

  _value(view, t) {
    const write = (key, text) => [make("i", {}, key), ` ${text} `];
    if (this.backward) {
      const line = (key) => make("span", {}, ...write(`∂${key}`, readable(view.data.gradient[key][t - 1])));
      return view.data.gradient.c ? [line("c"), line("h")] : [line("h")];
    }
    const memory = view.data.states.c ? "c" : "h";
    const left = view.data.left[t - 1];
    return [make("span", {}, ...write(`Δ${memory}`, left ? readable(Math.log10(left)) : "0"))];
  }

  /** The thumb is as wide as a step, so that it stands under what it chooses. */
  _measure() {
    const width = this.track.clientWidth / (this.steps || 1);
    this.element.style.setProperty("--cp-step", `${Math.max(width, 14)}px`);
    this.tokens.classList.toggle("crowded", width < 17);
  }
}
