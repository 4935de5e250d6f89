// Tables with verdicts can be narrowed down: by a verdict, and by words that a row must have.
(() => {
  const main = document.querySelector(".bd-article table.verdicts");
  if (!main) return;
  const tables = [...document.querySelectorAll(".bd-article table.table")].filter((table) => table.tBodies[0]);
  const rows = tables.flatMap((table) => [...table.tBodies[0].rows].map((row) => ({ row, table, verdict: row.querySelector(".verdict")?.textContent.trim() ?? "" })));
  const counts = new Map();
  for (const { verdict } of rows) if (verdict) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  let chosen = "";

  const make = (tag, properties, ...parts) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...parts);
    return node;
  };
  const buttons = ["", ...counts.keys()].map((verdict) => {
    const button = make("button", { type: "button", textContent: verdict ? `${verdict} (${counts.get(verdict)})` : "all" });
    button.addEventListener("click", () => show(verdict));
    button.dataset.verdict = verdict;
    return button;
  });
  const field = make("input", { type: "search", autocomplete: "off" });
  const said = make("p", { className: "narrowed" });
  said.setAttribute("role", "status");
  const choice = make("div", { className: "choice" }, ...buttons);
  choice.setAttribute("role", "group");
  choice.setAttribute("aria-label", "Verdict");
  const bar = make("div", { className: "narrow" }, choice, make("label", {}, "Words ", field), said);
  (main.closest(".pst-scrollable-table-container") ?? main).before(bar);

  /** Show the rows of a verdict that have all words; what is empty then goes with its heading. */
  function show(verdict = chosen) {
    chosen = verdict;
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.verdict === chosen);
    let left = 0;
    for (const { row, verdict: own } of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = Boolean(chosen && own !== chosen) || !words.every((word) => text.includes(word));
      left += !row.hidden;
    }
    for (const table of tables) {
      const none = [...table.tBodies[0].rows].every((row) => row.hidden);
      (table.closest(".pst-scrollable-table-container") ?? table).hidden = none;
      const part = table.closest("section");
      if (part.querySelectorAll("table").length === 1 && part.querySelector("h3")?.parentElement === part) part.hidden = none;
    }
    const narrowed = chosen || words.length;
    said.textContent = narrowed ? `${left} of ${rows.length} rows` : "";
  }
  field.addEventListener("input", () => show());
  show("");
})();
