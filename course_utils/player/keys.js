// The keys of a thing that moves, in a notebook. The name of a key stands between single quotes: it is no text to translate.

/** JupyterLab leaves its keys to `host`, but for those that run cells. */
function takeKeys(host) {
  host.setAttribute("data-lm-suppress-shortcuts", "true");
  const give = (event) => {
    const cell = host.closest(".jp-Cell");
    if (!cell || event.key !== 'Enter' || !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault(); // the button that has the focus is not pressed
    event.stopPropagation();
    cell.focus();
    cell.dispatchEvent(new KeyboardEvent("keydown", event));
  };
  host.addEventListener("keydown", give, true);
}
