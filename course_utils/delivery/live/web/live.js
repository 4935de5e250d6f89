// The button of a page whose code can run in it. Everything else is fetched when it is pressed, or when the
// browser keeps work on this page.

(() => {
  const script = document.currentScript;
  const settings = { ...script.dataset, root: new URL(".", script.src).href, page: new URL(script.dataset.notebook, location).href };
  const KEPT = "carousel-live"; // of localStorage: pages on which somebody has worked
  const PACKAGES = {
    ...Object.fromEntries(["autocomplete", "commands", "lang-python", "language", "state", "streamparser", "view"].map((name) => [`@codemirror/${name}`, `${name}/dist`])),
    ...Object.fromEntries(["common", "highlight", "lr"].map((name) => [`@lezer/${name}`, `lezer-${name}/dist`])),
    "@lezer/python": "lezer-python/dist",
    "@marijn/find-cluster-break": "find-cluster-break/src",
    "style-mod": "style-mod/src",
    "w3c-keyname": "w3c-keyname",
    crelt: "crelt",
    "idb-keyval": "idb-keyval/dist",
  };
  const FILES = { "style-mod": "style-mod.js" };

  function refusal() {
    if (location.protocol === "file:") return "Opened from a disk this page shows its code; from a server it also runs it, as with python -m http.server --directory build/site.";
    if (!window.WebAssembly?.compileStreaming || !window.DecompressionStream || !HTMLScriptElement.supports?.("importmap")) return "In a newer browser the code of this page runs right here.";
    if ((navigator.deviceMemory ?? 4) < 2) return "On a device with 2 GB of memory or more the code of this page runs right here.";
    return "";
  }

  function make(tag, attributes = {}, ...children) {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  }

  function load() {
    const at = (place, file) => new URL(`../vendor/editor/${place}/${file}`, settings.root).href;
    const imports = Object.fromEntries(Object.entries(PACKAGES).map(([name, place]) => [name, at(place, FILES[name] ?? "index.js")]));
    document.head.append(make("script", { type: "importmap", textContent: JSON.stringify({ imports }) }));
    return import(`${settings.root}page.js`);
  }

  const reason = refusal();
  const title = document.querySelector(".bd-article h1");
  if (reason) {
    title.after(make("p", { className: "live-refusal", textContent: reason }));
    return;
  }
  const keras = document.querySelectorAll(".cell.needs-keras").length;
  const words = make("span", { className: "live-words" });
  words.textContent = `The code of this page runs in it: nothing to install, ${settings.megabytes} MB once.`;
  if (keras === 1) words.append(" One cell needs Keras and shows what came out of it before.");
  if (keras > 1) words.append(` ${keras} cells need Keras and show what came out of them before.`);
  const start = make("button", { type: "button", className: "live-start", textContent: "Run here" });
  const bar = make("div", { className: "live-bar", role: "group", ariaLabel: "Run the code of this page" }, start, words);
  title.after(bar);

  let opened;
  const open = (restoring) => (opened ??= load().then(({ open }) => open({ bar, start, words, settings, restoring })));
  start.addEventListener("click", () => open(false).then((page) => page.start()));
  try {
    if (JSON.parse(localStorage.getItem(KEPT) ?? "[]").includes(settings.page)) open(true);
  } catch {
    // nothing can be kept in this browser, so nothing is
  }
})();
