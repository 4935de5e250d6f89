// A PDF keeps the alternative text of pictures alone: each formula becomes one, with its source.
const picture = (formula) => {
  const box = formula.typesetRoot;
  const drawing = box.querySelector("svg");
  const { width, height } = drawing.getBoundingClientRect();
  const image = document.createElement("img");
  image.className = "formula";
  image.alt = formula.math.trim();
  Object.assign(image.style, {
    width: `${width}px`,
    height: `${height}px`,
    verticalAlign: drawing.style.verticalAlign,
  });
  drawing.style.color = getComputedStyle(box).color;
  drawing.setAttribute("width", width);
  drawing.setAttribute("height", height);
  const text = new XMLSerializer().serializeToString(drawing);
  image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
  box.replaceChildren(image);
  return image.decode();
};

window.MathJax = {
  tex: { inlineMath: [["\\(", "\\)"]], displayMath: [["\\[", "\\]"]] },
  svg: { fontCache: "local" },
  options: { enableMenu: false },
  startup: { typeset: false },
};

addEventListener("load", async () => {
  if (MathJax.startup.promise) {
    await MathJax.startup.promise;
    await MathJax.typesetPromise();
    await Promise.all([...MathJax.startup.document.math].map(picture));
  }
  await document.fonts.ready;
  document.documentElement.dataset.ready = "true";
});
