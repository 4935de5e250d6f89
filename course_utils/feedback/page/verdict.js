// A verdict fades when the function that it judged no longer stands so in the notebook. One watcher serves all
// verdicts of a page: after each key, click or paste it compares the cell with what was checked.
(() => {
  if (window.carouselVerdicts) return window.carouselVerdicts();
  const even = (text) => text.split("\n").map((line) => line.trimEnd()).join("\n").trim();
  const written = (editor) => [...editor.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n");

  function look() {
    for (const verdict of document.querySelectorAll(".carousel-verdict[data-code]")) {
      const { code, name } = verdict.dataset;
      const editors = verdict.closest(".jp-Notebook, .bd-article")?.querySelectorAll(":is(.jp-CodeCell, .live-editor) .cm-content") ?? [];
      const defines = new RegExp(`(^|\\n)(def|class) ${name}\\b`);
      const homes = [...editors].filter((one) => defines.test(written(one)) && !one.querySelector(".cm-gap"));
      if (!homes.length) continue; // out of sight, or only partly drawn
      const holds = homes.some((one) => even(written(one)).includes(even(code)));
      verdict.classList.toggle("faded", !holds);
      verdict.querySelector(".since").hidden = holds;
    }
  }
  const soon = () => requestAnimationFrame(() => requestAnimationFrame(look));
  for (const kind of ["keyup", "input", "paste", "cut", "drop", "mouseup"]) document.addEventListener(kind, soon, true);
  window.carouselVerdicts = soon;
  soon();
})();
