// Modules of widgets are found beside the page; nothing is asked of a network.
(() => {
  const here = document.currentScript.src.replace(/[^/]*$/, "");
  requirejs.config({ paths: { anywidget: `${here}vendor/anywidget/index` } });
})();
