// One prediction: choose, say how sure, keep it; then, after the cell has run, see what came true.

class Prediction {
  constructor(host, data, store) {
    Object.assign(this, { host, data, store, shown: undefined });
    this.show();
    store.watch(() => this.show());
  }

  get record() {
    return this.store.get(this.data.lesson, this.data.id);
  }

  /** Draw what is known, unless it is drawn already. */
  show() {
    const record = this.record;
    const state = JSON.stringify([record?.choice, record?.sure, record?.seen, record && this.store.where()]);
    if (state === this.shown) return;
    this.shown = state;
    const held = this.host.getRootNode().activeElement?.className.split(" ")[0];
    this.host.replaceChildren(record ? this.kept(record) : this.form());
    if (held) this.host.querySelector(`.${held}`)?.focus();
  }

  form() {
    const { question, choices, sure } = this.data;
    this.said = make("p", { class: "said", role: "status" });
    const choose = make("fieldset", { class: "choices" },
      make("legend", { class: "hidden" }, `Your prediction. ${question}`),
      ...choices.map((html, place) => this.radio("choice", place, html)));
    const confidence = make("fieldset", { class: "sure" }, make("legend", {}, "How sure are you?"),
      ...sure.map((words, place) => this.radio("sure", place, words)));
    const button = make("button", { type: "submit", class: "commit" }, "That is my prediction");
    return make("form", { onsubmit: (event) => this.commit(event) }, choose,
      make("div", { class: "row" }, confidence, button), this.said);
  }

  radio(name, value, html) {
    const words = make("span");
    words.innerHTML = html;
    return make("label", {}, make("input", { type: "radio", name, value: String(value) }), words);
  }

  commit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const [choice, sure] = [form.get("choice"), form.get("sure")];
    if (choice === null || sure === null) {
      this.said.textContent = choice === null ? "Choose an answer first." : "And how sure are you of it?";
      event.target.querySelector(`input[name="${choice === null ? "choice" : "sure"}"]`).focus();
      return;
    }
    const { lesson, id, question, words, right } = this.data;
    this.keep({
      choice: Number(choice), sure: Number(sure), right: Number(choice) === right, of: words.length,
      question, said: words[choice], came: words[right], seen: false,
    }, ".look");
  }

  keep(record, focus) {
    this.store.put(this.data.lesson, this.data.id, record);
    this.host.querySelector(focus).focus(); // what comes next
  }

  kept(record) {
    const { choices, sure, right } = this.data;
    const items = choices.map((html, place) => {
      const mine = place === record.choice;
      const came = record.seen && place === right;
      const kind = [mine && "mine", came && "came", record.seen && mine && !came && "missed"].filter(Boolean).join(" ");
      const sign = came ? "✓" : record.seen && mine ? "✗" : mine ? "●" : "○";
      const words = make("span");
      words.innerHTML = html;
      const notes = mine && came ? " (your prediction, this came out)"
        : mine ? " (your prediction)" : came ? " (this came out)" : "";
      return make("li", { class: kind }, make("b", { class: "sign", "aria-hidden": "true" }, sign), words,
        notes ? make("i", { class: "note" }, notes) : null);
    });
    const list = make("ul", { class: "choices", "aria-label": "Your prediction" }, ...items);
    const buttons = record.seen ? [] : [
      make("button", { type: "button", class: "look commit", "aria-describedby": "said", onclick: () => this.keep({ ...record, seen: true }, ".said") }, "What came out?"),
      make("button", { type: "button", onclick: () => this.keep({ gone: true }, "input") }, "Change it"),
    ];
    const said = make("p", { id: "said", class: "said", role: "status", tabindex: "-1" }, this.words(record, sure[record.sure]));
    return make("div", { class: "kept" }, list, said, buttons.length ? make("div", { class: "row" }, ...buttons) : null);
  }

  words(record, sure) {
    const where = { page: " It could not be kept: it counts as long as this page is open.", browser: "", workbook: "" }[this.store.where()];
    const held = sure === "a guess" ? "a guess" : `you are ${sure}`;
    if (!record.seen) return `Noted: ${held}. Run what comes next, then ask what came out.${where}`;
    const were = sure === "a guess" ? "It was a guess." : `You were ${sure}.`;
    if (record.right) return `✓ As you said. ${were}`;
    return record.sure === 2 ? `✗ It came out otherwise. ${were} Such a surprise is worth a minute: read on why.`
      : `✗ It came out otherwise. ${were} Read on why.`;
  }
}
