// Into a page: the player lives in a shadow root, so that neither styles the other.

/** Put a player into `host`, in place of what is there. */
function mount(host, data) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = make("style");
  sheet.textContent = data.css;
  root.replaceChildren(sheet);
  takeKeys(host);
  const player = new Player(root, data);
  follow(host, (theme, paper) => {
    player.element.dataset.theme = theme;
    player.element.style.setProperty("--cp-paper", paper);
  });
  return player;
}
