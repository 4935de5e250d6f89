// Light or dark, as the page around is: shared by the player and the dial.

/** Tell `use` whether the first background behind `host` is dark, and its colour; again after every change. */
function follow(host, use) {
  const look = () => {
    let node = host;
    let paper = null;
    while (node && !paper) {
      const color = getComputedStyle(node).backgroundColor;
      if (color && !/^(transparent|rgba\(.*, ?0\))$/.test(color)) paper = color;
      node = node.parentElement ?? node.getRootNode().host;
    }
    const [red, green, blue] = (paper ?? "rgb(255,255,255)").match(/[\d.]+/g).map(Number);
    const dark = 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
    use(dark ? "dark" : "light", paper ?? "#fff");
  };
  look();
  const watch = new MutationObserver(() => requestAnimationFrame(look));
  for (const node of [document.documentElement, document.body]) watch.observe(node, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
}
