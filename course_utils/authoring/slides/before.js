// What MathJax reads before it starts: formulas are set when all slides are still in the page.
window.MathJax = {
  tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]] },
  svg: { fontCache: "local" },
  options: { enableMenu: false },
  startup: { typeset: false },
};
document.documentElement.dataset.theme =
  new URLSearchParams(location.search).get("theme") || "light";
