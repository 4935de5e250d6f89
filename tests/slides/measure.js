() => {
  const slide = Reveal.getCurrentSlide();
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const named = (node) => `${node.tagName}.${node.className.baseVal ?? node.className}`;
  const over = [slide, ...slide.querySelectorAll(".content, .content *, h1, h2")]
    .filter((node) => !node.closest("svg, mjx-container, .carousel-player, .fe") && visible(node))
    .filter((node) => node.scrollWidth > node.clientWidth + 6 && node.clientWidth > 0
      || node.scrollHeight > node.clientHeight + 1 && node.matches(".slide, .content, pre")
      || node.scrollHeight > node.clientHeight + 12 && node.matches("li"))  // a formula's foot
    .map(named);
  const area = slide.getBoundingClientRect();
  const blocks = [...slide.querySelectorAll("h1, h2, p, li, pre, figure, .bars span, .math.block, .fe, .timer")];
  slide.querySelectorAll(".carousel-player").forEach((one) => blocks.push(one.shadowRoot.querySelector(".player"),
    ...one.shadowRoot.querySelectorAll(".time, .settings > *, .transport > *")));
  for (const node of blocks) {
    if (node.closest(".notes, .fe-still, .fe-hidden, .fe-longest") || !visible(node)) continue;
    const box = node.getBoundingClientRect();
    if (box.width && (box.right > area.right - 20 || box.bottom > area.bottom - 20 || box.left < 20))
      over.push(`${named(node)} leaves the slide`);
  }
  const small = [];
  let smallest = 1000;
  const look = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode; node; node = walker.nextNode()) {
      if (node.shadowRoot) look(node.shadowRoot);
      const place = node.parentElement;
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim() || !place || !visible(place)) continue;
      if (place.closest(".notes, script, style, mjx-container, option, .hidden, .fe-hidden, .fe-longest, .fe-still")) continue;
      const matrix = place.ownerSVGElement ? place.getScreenCTM() : { a: 1, b: 0 };
      const size = parseFloat(getComputedStyle(place).fontSize) * Math.hypot(matrix.a, matrix.b);
      if (size < LETTERS - 0.05) small.push(`${named(place)} ${size.toFixed(1)}`);
      if (!place.closest("footer, pre, code, .fe, .slide-number, svg") && root === slide) smallest = Math.min(smallest, size);
    }
  };
  look(slide);
  document.querySelectorAll(".slide-number").forEach(look);
  const main = [...slide.querySelectorAll("mjx-container")].filter((node) => !node.closest(".notes, footer") && visible(node))
    .map((node) => parseFloat(getComputedStyle(node).fontSize));
  const title = slide.querySelector("h1, h2").getBoundingClientRect().left - area.left;
  const image = slide.querySelector("figure img");
  let figure = null;
  if (image) {
    const box = image.getBoundingClientRect();
    const shape = image.naturalWidth / image.naturalHeight;
    const width = Math.min(box.width, box.height * shape);
    const point = width / image.naturalWidth * 200 / 72;  // figures have 200 dots to an inch
    const middle = getComputedStyle(image).objectPosition.startsWith("0%") ? 0 : (box.width - width) / 2;
    figure = { wide: width / 1280, high: width / shape / 720, letters: TICKS * point, alt: image.alt,
      left: box.left + middle - area.left };
  }
  const unset = [...slide.querySelectorAll(".math")].filter((node) => !node.querySelector("svg"));
  const formulas = unset.length + slide.querySelectorAll('[data-mml-node="merror"]').length;
  return { over, small, smallest, main: Math.min(1000, ...main), title, figure, formulas };
}
