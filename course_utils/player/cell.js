// One cell's drawing: moves what Python has drawn and named, and knows no geometry of its own.

const STAGES = 5;
const NARROWEST = 1.1; // SVG units of the thinnest and of the widest gradient
const WIDEST = 22;

class CellView {
  constructor(cell, scale) {
    this.scale = scale;
    this.name = cell.name;
    this.label = cell.label;
    this.same = cell.same;
    this.element = make("figure", { class: "cell-frame" });
    this.element.innerHTML = cell.svg;
    this.svg = this.element.querySelector("svg");
    const keyed = (selector) =>
      [...this.svg.querySelectorAll(selector)].map((node) => [node.dataset.key, node]);
    this.gates = keyed(".gate").map(([key, node]) => [key, node.querySelector(".level")]);
    this.values = new Map(keyed("text.value"));
    this.valves = keyed(".valve");
    this.states = keyed(".states");
    this.norms = new Map(keyed("text.norm"));
    this.token = this.svg.querySelector("text.token");
    this.flows = keyed(".flow").map(([key, node]) => ({
      key,
      node,
      stage: Number(node.dataset.stage),
      ribbon: node.querySelector(".ribbon"),
      head: node.querySelector(".back"),
    }));
    const above = makeSvg("g", { class: "pulses" });
    this.svg.insertBefore(above, this.svg.children[3]); // over the wires, under the boxes
    this.pulses = keyed(".wire").map(([key, node]) => {
      const dot = above.appendChild(makeSvg("circle", { r: 5.2, class: "pulse" }));
      const path = this.svg.querySelector(`.flow[data-key="${CSS.escape(key)}"] .ribbon`);
      return { key, dot, path, stage: Number(node.dataset.stage), length: 0 };
    });
  }

  load(values) {
    this.data = values;
    this.pulses.forEach((pulse) => (pulse.length = pulse.path.getTotalLength()));
  }

  /** Show step `t` (1 to T), `phase` of the way through it, in the direction of the pass. */
  show(t, phase, backward, token) {
    this.svg.classList.toggle("backward", backward);
    this.token.textContent = token;
    this._gates(t, backward ? 1 : ease(phase, 0.2, 0.5));
    this._states(t, backward ? 1 : ease(phase, 0.75, 1));
    this._flows(t, backward ? phase : null);
    this._pulses(phase, backward);
  }

  gate(key, t) {
    if (key === "1-z") return 1 - this.gate("z", t);
    return this.data.gates[key][Math.max(t - 1, 0)];
  }

  /** Decimal logarithm of the gradient on a wire at step t; null is none, undefined not known. */
  gradient(key, t) {
    const row = this.data.gradient[this.same[key] ?? key];
    return row === undefined ? undefined : row[t - 1];
  }

  _gates(t, done) {
    const now = (key) => mix(t > 1 ? this.gate(key, t - 1) : 0.5, this.gate(key, t), done);
    for (const [key, level] of this.gates) {
      const value = now(key);
      const height = value * level.dataset.height;
      level.setAttribute("y", level.dataset.low - height);
      level.setAttribute("height", height);
      this.values.get(key).textContent = value.toFixed(2);
    }
    for (const [key, node] of this.valves) {
      const closed = (1 - now(key)) * node.dataset.radius;
      const [upper, lower] = node.querySelectorAll(".lid");
      upper.setAttribute("height", closed);
      lower.setAttribute("height", closed);
      lower.setAttribute("y", lower.dataset.edge - closed);
    }
  }

  _states(t, done) {
    for (const [key, node] of this.states) {
      const before = key.endsWith("_prev");
      const rows = this.data.states[key[0]];
      const step = before ? t - 2 : t - 1;
      [...node.children].slice(0, -1).forEach((square, unit) => {
        const old = before || done === 1 ? 0 : (rows[step - 1]?.[unit] ?? 0);
        const value = before ? (rows[step]?.[unit] ?? 0) : mix(old, rows[step][unit], done);
        square.style.fill = tone(value);
      });
      node.classList.toggle("fresh", !before && done > 0 && done < 1);
    }
  }

  /** Gradients reach the right side first, then the gates, then the left side. */
  _flows(t, phase) {
    for (const { key, node, stage, ribbon, head } of this.flows) {
      const log = phase === null ? undefined : this.gradient(key, t);
      node.style.display = log === undefined ? "none" : "";
      if (log === undefined) continue;
      const due = (STAGES - 1 - stage) / STAGES;
      const here = share(log, this.scale);
      const width = mix(NARROWEST, WIDEST, here);
      ribbon.style.strokeWidth = width;
      node.style.opacity = ease(phase, due, due + 0.15) * mix(0.55, 1, here);
      head.style.transform = `scale(${mix(0.85, 1.5, here)}, ${mix(0.85, 2.9, here)})`;
      node.classList.toggle("dead", here === 0);
    }
    for (const [key, text] of this.norms) {
      const log = phase === null ? undefined : this.gradient(key, t);
      text.textContent = log === undefined ? "" : readable(log);
      const left = key.endsWith("_prev");
      text.style.opacity = log === undefined ? 0 : left ? ease(phase, 0.7, 0.95) : 1;
    }
  }

  _pulses(phase, backward) {
    for (const pulse of this.pulses) {
      const stage = backward ? STAGES - 1 - pulse.stage : pulse.stage;
      const along = (phase * STAGES - stage) / 1;
      const log = backward ? this.gradient(pulse.key, 1) : 0;
      const moving = along > 0 && along < 1 && log !== undefined;
      pulse.dot.style.display = moving ? "" : "none";
      if (!moving) continue;
      const at = pulse.path.getPointAtLength(pulse.length * (backward ? 1 - along : along));
      pulse.dot.setAttribute("cx", at.x);
      pulse.dot.setAttribute("cy", at.y);
    }
  }
}
