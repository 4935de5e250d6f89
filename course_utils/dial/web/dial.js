// The first experiment: move a country away from the blank, word by word, and see what three networks
// that were once trained say of it. Everything is in the page: the numbers lie beside the place.
(() => {
  const NETWORKS = [
    { key: "SimpleRNN", name: "RNN", mark: "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z" },
    { key: "LSTM", name: "LSTM", mark: "M2.500 2.500h11v11h-11z" },
    { key: "GRU", name: "GRU", mark: "M8 2l6.500 12h-13z" },
  ];
  const [WIDE, HIGH, EDGE] = [1000, 200, 6]; // of the curves, in their own units
  const PACE = 260; // ms for each word when it goes by itself
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  function make(tag, attributes = {}, ...children) {
    const svg = ["svg", "path", "line", "rect", "text", "g"].includes(tag);
    const node = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  // A guess outlives its output, which is made anew when the cell is run again: it counts for this tab.
  const kept = {};

  function keep(place, value) {
    kept[place] = value;
    try {
      sessionStorage.setItem(place, value);
    } catch {
      // switched off: then it counts as long as the output stands
    }
  }

  function recall(place) {
    try {
      return kept[place] ?? sessionStorage.getItem(place);
    } catch {
      return kept[place];
    }
  }

  const sign = (network) =>
    make("svg", { class: "fe-sign", viewBox: "0 0 16 16", "aria-hidden": "true" }, make("path", { d: network.mark }));

  class Experiment {
    constructor(host, data) {
      this.data = data;
      this.first = data.distances[0];
      this.last = data.distances[data.distances.length - 1];
      this.number = Experiment.count = (Experiment.count ?? 0) + 1;
      this.guess = null;
      this.live = make("p", { class: "fe-hidden", role: "status" });
      this.verdict = make("p", { class: "fe-verdict" });
      this.element = make("div", { class: "fe", role: "group", "aria-label": "Experiment: move the country away" },
        this._top(), this._text(), this._control(), this._nets(), this.live);
      host.replaceChildren(this.element);
      this.choose(Object.keys(data.countries)[0]);
      clearTimeout(this.waiting); // nobody has asked yet
    }

    /** The question, and in its place, once all is seen, what came out. */
    _top() {
      this.top = make("div", { class: "fe-top" }, this._predict(), this.verdict);
      return this.top;
    }

    _predict() {
      this.guesses = NETWORKS.map((network) => make("button", {
        type: "button", class: `fe-${network.name}`, "aria-pressed": "false", onclick: () => this.predict(network),
      }, sign(network), network.name));
      this.question = make("span", { id: `fe-question-${this.number}` });
      this.asking = make("div", { class: "fe-predict", role: "group", "aria-labelledby": this.question.id },
        make("span", {}, make("b", {}, "Predict. "), this.question), make("span", { class: "fe-buttons" }, ...this.guesses));
      return this.asking;
    }

    _text() {
      this.shown = make("p", { class: "fe-shown" });
      this.longest = make("p", { class: "fe-longest", "aria-hidden": "true" }); // keeps the room
      return make("div", { class: "fe-text" }, this.longest, this.shown);
    }

    _control() {
      const menu = make("select", { onchange: (event) => this.choose(event.target.value) },
        ...Object.keys(this.data.countries).map((name) => make("option", { value: name }, name)));
      this.slider = make("input", {
        type: "range", min: this.first, max: this.last, step: 1, value: this.first, class: "fe-slider",
        "aria-label": "Words between the country and the blank", oninput: () => this.move(Number(this.slider.value)),
      });
      this.count = make("b", { class: "fe-count" });
      this.toggle = make("button", { type: "button", class: "fe-go", onclick: () => (this.timer ? this.stop() : this.go()) });
      const step = (by, label) => make("button", {
        type: "button", class: "fe-step", "aria-label": label, onclick: () => this.move(this.words + by),
      }, by > 0 ? "+1" : "−1");
      return make("div", { class: "fe-control" },
        make("div", { class: "fe-row" }, this.toggle,
          make("span", { class: "fe-buttons" }, step(-1, "−1 word"), step(1, "+1 word")),
          make("span", { class: "fe-where" }, this.count, " words from ", this.from = make("span"), " to the blank"),
          make("label", { class: "fe-menu" }, "I grew up in ", menu)),
        this._curves(), this.slider);
    }

    _curves() {
      const [low, high] = this.data.trained;
      this.curves = NETWORKS.map((network) => make("path", { class: `fe-curve fe-${network.name}` }));
      this.cursor = make("line", { class: "fe-cursor", y1: 0, y2: HIGH });
      const room = make("rect", { class: "fe-trained", x: this._x(low), y: 0, width: this._x(high) - this._x(low), height: HIGH });
      const lines = [0, 0.5, 1].map((p) => make("line", { class: "fe-grid", x1: 0, x2: WIDE, y1: this._y(p), y2: this._y(p) }));
      this.ends = NETWORKS.map((network) => make("span", { class: `fe-end fe-${network.name}` }, sign(network)));
      this.axis = make("p", { class: "fe-axis" });
      return make("div", { "aria-hidden": "true" }, this.axis, make("div", { class: "fe-curves" },
        make("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: "none" }, room, ...lines, this.cursor, ...this.curves),
        make("span", { class: "fe-note" }, "in training"), ...this.ends));
    }

    _nets() {
      this.cards = NETWORKS.map((network) => {
        const card = { network, says: make("span", { class: "fe-says" }), bars: make("div", { class: "fe-bars" }), known: make("p", { class: "fe-known" }) };
        card.element = make("div", { class: `fe-net fe-${network.name}` },
          make("p", { class: "fe-head" }, sign(network), make("b", {}, network.name), " ", card.says), card.bars, card.known);
        return card;
      });
      return make("div", { class: "fe-nets" }, ...this.cards.map((card) => card.element));
    }

    _x(words) {
      return ((words - this.first) / (this.last - this.first)) * WIDE;
    }

    _y(belief) {
      return HIGH - EDGE - belief * (HIGH - 2 * EDGE);
    }

    /** The answers of a network and how likely it finds them, in thousandths; the right one is first. */
    beliefs(network, words, country = this.country) {
      const row = this.data.beliefs[country][network.key][words - this.first];
      return [0, 2, 4].map((at) => ({ answer: row[at], belief: row[at + 1] }));
    }

    says(network, words, country = this.country) {
      return this.beliefs(network, words, country).reduce((best, one) => (one.belief > best.belief ? one : best)).answer;
    }

    known(network, words) {
      const countries = Object.entries(this.data.countries);
      return countries.filter(([country, answer]) => this.says(network, words, country) === answer).length;
    }

    /** The first number of words, among those seen, at which the network names another language. */
    lost(network) {
      return this.data.distances.find((words) => words <= this.seen && this.says(network, words) !== this.answer);
    }

    choose(country) {
      this.stop();
      this.country = country;
      this.answer = this.data.countries[country];
      this.seen = this.first;
      this._mark(NETWORKS.find((network) => network.key === recall(this._place())) ?? null);
      this.from.textContent = country;
      this.question.textContent = `Which of them will lose ${country} first?`;
      this.asking.hidden = NETWORKS.some((network) => this.says(network, this.first) !== this.answer); // it is seen already
      this.axis.textContent = `How likely each finds ${this.data.languages[this.answer]}, from 0 to 1:`;
      this.longest.replaceChildren(...this._sentence(this.last));
      this.move(this.first);
    }

    predict(network) {
      this._mark(network);
      keep(this._place(), network.key);
      this.show();
    }

    _mark(network) {
      this.guess = network;
      this.guesses.forEach((button, k) => button.setAttribute("aria-pressed", String(NETWORKS[k] === network)));
    }

    /** Under what a guess is kept: these networks, this country. */
    _place() {
      const beliefs = JSON.stringify(this.data.beliefs);
      const sum = [...beliefs].reduce((so_far, sign) => (31 * so_far + sign.charCodeAt(0)) | 0, 0);
      return `carousel-dial ${sum} ${this.country}`;
    }

    move(words) {
      this.words = Math.min(this.last, Math.max(this.first, words));
      this.seen = Math.max(this.seen, this.words);
      this.show();
      clearTimeout(this.waiting);
      if (!this.timer) this.waiting = setTimeout(() => this.say(), 500);
    }

    go() {
      if (this.words === this.last) this.move(this.first);
      clearTimeout(this.waiting);
      this.timer = setInterval(() => {
        this.move(this.words + 1);
        if (this.words === this.last || !this.element.isConnected) this.stop();
      }, still.matches ? 3 * PACE : PACE);
      this.show();
    }

    stop() {
      if (!this.timer) return;
      clearInterval(this.timer);
      this.timer = null;
      this.show();
      this.say();
    }

    show() {
      this.slider.value = this.words;
      this.slider.setAttribute("aria-valuetext", `${this.words} words`);
      this.count.textContent = this.words;
      this.toggle.textContent = this.timer ? "❚❚ Stop" : `▶ Move ${this.country} away`;
      this.shown.replaceChildren(...this._sentence(this.words));
      this.cursor.setAttribute("x1", this._x(this.words));
      this.cursor.setAttribute("x2", this._x(this.words));
      NETWORKS.forEach((network, k) => {
        this.curves[k].setAttribute("d", this._curve(network));
        const belief = this.beliefs(network, this.words)[0].belief / 1000;
        this.ends[k].style.left = `${(100 * this._x(this.words)) / WIDE}%`;
        this.ends[k].style.top = `${(100 * this._y(belief)) / HIGH}%`;
        this._card(this.cards[k]);
      });
      this.verdict.textContent = this._verdict();
      this.top.classList.toggle("fe-told", this.verdict.textContent !== "");
    }

    _sentence(words) {
      const [before, after] = this.data.texts[words - this.first].split("*");
      return [before, make("strong", { class: "fe-clue" }, this.country), `${after} `, make("span", { class: "fe-blank" }, "___")];
    }

    _curve(network) {
      const seen = this.data.distances.filter((words) => words <= this.seen);
      return `M${seen.map((words) => `${this._x(words).toFixed(1)} ${this._y(this.beliefs(network, words)[0].belief / 1000).toFixed(1)}`).join("L")}`;
    }

    _card({ network, says, bars, known, element }) {
      const { languages } = this.data;
      const said = this.says(network, this.words);
      const right = said === this.answer;
      element.classList.toggle("fe-lost", !right);
      says.replaceChildren("says ", make("b", {}, languages[said]), make("span", { "aria-hidden": "true" }, right ? " ✓" : " ✗"),
        make("span", { class: "fe-hidden" }, right ? ", right" : ", wrong"));
      const rows = this.beliefs(network, this.words);
      if (bars.children.length !== rows.length) {
        bars.replaceChildren(...rows.map(() => make("div", { class: "fe-bar" }, make("span"), make("span", { class: "fe-track" }, make("i")), make("span"))));
      }
      rows.forEach(({ answer, belief }, k) => {
        const [name, track, value] = bars.children[k].children;
        name.textContent = languages[answer];
        track.firstChild.style.width = `${belief / 10}%`;
        value.textContent = (belief / 1000).toFixed(2);
      });
      known.textContent = `Here it knows ${this.known(network, this.words)} of the ${Object.keys(this.data.countries).length} countries.`;
    }

    _verdict() {
      const fates = NETWORKS.map((network) => ({ network, at: this.lost(network) }));
      const gone = fates.filter((fate) => fate.at).sort((one, other) => one.at - other.at);
      if (gone.length < NETWORKS.length && this.seen < this.last) return "";
      if (!gone.length) return `None of the three has lost ${this.country} by ${this.last} words.`;
      const [one, other] = fates.filter((fate) => !fate.at).map((fate) => fate.network.name);
      const kept = other ? `, the ${one} and the ${other} not by ${this.last}` : one ? `, the ${one} not by ${this.last}` : "";
      const later = gone.slice(1).map((fate) => `, the ${fate.network.name} at ${fate.at} words`);
      const first = `The ${gone[0].network.name} first named another language at ${gone[0].at} words`;
      const guessed = this.guess === gone[0].network ? ". You had said so. Now try another country."
        : this.guess ? `. You had said: the ${this.guess.name}. Now try another country.` : ". Now try another country.";
      return [first, ...later, kept, guessed].join("");
    }

    /** The same in words, for those who do not see it. */
    say() {
      const { languages } = this.data;
      const said = NETWORKS.map((network) => {
        const answer = this.says(network, this.words);
        const said = `${network.name} ${languages[answer]}`;
        return answer === this.answer ? `${said}, right.` : `${said}, wrong.`;
      });
      this.live.textContent = `${this.words} words in between: ${said.join(" ")} ${this._verdict()}`;
    }
  }

  /** Put the experiment in place of the still table in `host`; without `data`, its script element has the numbers. */
  function mountExperiment(host, data) {
    const script = host.querySelector('script[type="application/json"]');
    if (data ?? script) return new Experiment(host, data ?? JSON.parse(script.textContent));
  }

  window.mountExperiment = mountExperiment;
  const start = () => document.querySelectorAll(".first-experiment").forEach((host) => mountExperiment(host));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
