// How good the predictions of a lesson were: how many came true, whether sureness could be trusted, and the one
// of which the learner was surest and wrong.

class Score {
  constructor(host, data, store) {
    Object.assign(this, { host, data, store, shown: undefined });
    this.show();
    store.watch(() => this.show());
  }

  get records() {
    return this.data.asked.map((id) => this.store.get(this.data.lesson, id)).filter((one) => one !== null);
  }

  show() {
    const records = this.records;
    const state = JSON.stringify(records);
    if (state === this.shown) return;
    this.shown = state;
    this.host.replaceChildren(make("div", { class: "score" }, ...this.parts(records)));
  }

  parts(records) {
    const title = make("p", { class: "title" }, make("b", {}, "How good were your predictions?"));
    const most = this.data.asked.length;
    if (!records.length) {
      return [title, make("p", { class: "said", role: "status", tabindex: "-1" },
        `You have made none of the ${most} in this lesson yet. Go back to one, and choose before you look: it is worth more than being right.`)];
    }
    const right = records.filter((one) => one.right).length;
    const chance = records.reduce((sum, one) => sum + 1 / one.of, 0);
    const guessed = Math.round(chance) === 1 ? "about 1" : chance < 1 ? "fewer than 1" : `about ${Math.round(chance)}`;
    const open = most - records.length;
    const blind = records.length < 3 ? "" : `; blind guessing would have got ${guessed}`;
    const first = `${right} of ${records.length} came true${blind}.`
      + (open ? ` ${open} more ${open === 1 ? "waits" : "wait"} for you above.` : "");
    const rows = this.data.sure.map((words, sure) => {
      const some = records.filter((one) => one.sure === sure);
      return some.length ? make("li", {}, `${words}: ${some.filter((one) => one.right).length} of ${some.length} came true`) : null;
    });
    return [title, make("p", { class: "said sum", role: "status", tabindex: "-1" }, first),
      make("ul", { class: "by", "aria-label": "By how sure you were" }, ...rows), ...this.surest(records), this.trust(records), this.anew(records)];
  }

  surest(records) {
    const wrong = records.filter((one) => !one.right);
    if (!wrong.length) return [make("p", {}, "None came out otherwise.")];
    const level = Math.max(...wrong.map((one) => one.sure));
    return [make("p", {}, level ? "Surest and wrong, and so the best places to read once more:" : "What came out otherwise, all of it guessed:"),
      make("ul", {}, ...wrong.filter((one) => one.sure === level).map((one) =>
        make("li", {}, make("q", {}, one.question), ` You said: ${one.said}. It was: ${one.came}.`)))];
  }

  trust(records) {
    const sure = records.filter((one) => one.sure === 2);
    if (sure.length < 3) return null;
    const share = sure.filter((one) => one.right).length / sure.length;
    return make("p", {}, share > 0.85 ? "When you are certain, you can trust yourself."
      : share > 0.6 ? "When you are certain, you are mostly right: look twice all the same."
        : "Certain was often wrong here. That is what these networks are good at teaching, so you are in good company.");
  }

  anew(records) {
    const button = make("button", { type: "button", class: "anew" }, "Begin anew");
    button.addEventListener("click", () => {
      const yes = make("button", { type: "button", class: "commit" }, `Forget all ${records.length}`);
      const no = make("button", { type: "button" }, "Keep them");
      yes.addEventListener("click", () => this.forget());
      no.addEventListener("click", () => { row.replaceChildren(button); button.focus(); });
      row.replaceChildren(yes, no);
      no.focus();
    });
    const row = make("div", { class: "row" }, button);
    return row;
  }

  forget() {
    const { lesson, asked } = this.data;
    for (const id of asked) if (this.store.get(lesson, id)) this.store.put(lesson, id, { gone: true });
    this.host.querySelector(".said").focus();
  }
}
