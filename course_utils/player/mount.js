// Into a page: the player lives in a shadow root, so that neither styles the other.

/** Light or dark, and the paper's colour: those of the first background behind the player. */
function follow(host, player) {
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
    player.dataset.theme = dark ? "dark" : "light";
    player.style.setProperty("--cp-paper", paper ?? "#fff");
  };
  look();
  const watch = new MutationObserver(() => requestAnimationFrame(look));
  for (const node of [document.documentElement, document.body]) watch.observe(node, { attributes: true });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
}

/** Put a player into `host`, in place of what is there. */
function mount(host, data) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = make("style");
  sheet.textContent = data.css;
  root.replaceChildren(sheet);
  host.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab leaves its keys to us
  const player = new Player(root, data);
  follow(host, player.element);
  return player;
}
