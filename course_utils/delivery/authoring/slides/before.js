// What MathJax reads before it starts: formulas are set when all slides are still in the page.
window.MathJax = {
  tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]] },
  svg: { fontCache: "local" },
  options: { enableMenu: false },
  startup: { typeset: false },
};
const asked = new URLSearchParams(location.search);
const dim = !asked.has("print-pdf") && matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.dataset.theme = asked.get("theme") || (dim ? "dark" : "light");
