// What pages need that style sheets cannot do: scrolling by keyboard, wide tables and large figures on narrow screens.

const FIGURE = ".output:has(> img.carousel-figure), .picture";

/** What is wider than the page scrolls by itself: then the arrow keys must reach it. */
function reachable(box) {
  if (box.scrollWidth > box.clientWidth + 1) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.matches(".math") ? "Formula" : box.matches(FIGURE) ? "Figure, scrolls sideways" : "Scrolls sideways");
  } else if (box.getAttribute("role") === "group") {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }
}

/** A wide table can be read as a list of rows: each cell then says which column it is. */
function stackable(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent.trim());
  table.setAttribute("role", "table");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, place) => {
      cell.setAttribute("role", cell.matches("thead th") ? "columnheader" : cell.matches("th") ? "rowheader" : "cell");
      cell.dataset.head = heads[place] ?? "";
    });
  }
  table.classList.add("stacks");
}

/** So is a table that is much wider than a narrow screen. */
function fit(box) {
  const much = innerWidth <= 720 && box.scrollWidth > 1.15 * box.clientWidth;
  if (much) box.querySelectorAll(":scope > table:not(.stacks)").forEach(stackable);
  reachable(box);
  if (box.matches(FIGURE)) edges(box);
}

document.querySelectorAll("table.wide").forEach(stackable);
for (const summary of document.querySelectorAll("details.hide > summary")) summary.removeAttribute("aria-label"); // its words are its name
document.querySelector(".search-button-field")?.removeAttribute("aria-label"); // and so are this one's
for (const parts of document.querySelectorAll(".bd-links details > summary")) {
  const page = parts.closest("li").querySelector("a").textContent.trim();
  parts.setAttribute("aria-label", `Pages below “${page}”`);
}

// A button has lost the focus before what it opens is there; when that closes, the focus comes back,
// unless a link was followed to a place of the page.
for (const [name, buttons] of [
  ["pst-primary-sidebar-modal", ".primary-toggle"],
  ["pst-secondary-sidebar-modal", ".secondary-toggle"],
  ["pst-search-dialog", ".search-button__button"],
]) {
  const box = document.getElementById(name);
  let opener = null;
  for (const button of document.querySelectorAll(buttons)) button.addEventListener("click", () => (opener = button));
  box?.addEventListener("click", ({ target }) => target.closest("a") && (opener = null));
  box?.addEventListener("close", () => {
    const button = opener;
    opener = null;
    setTimeout(() => button?.focus({ preventScroll: true }));
  });
}

// Search: a page opened as a file cannot read others, so their excerpts need a server; found they are.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
if (typeof Search !== "undefined") {
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const place = anchor ? page.getElementById(decodeURIComponent(anchor.slice(1))) : null;
    const told = place?.closest("dt")?.nextElementSibling ?? place ?? page.querySelector("article.bd-article");
    told?.querySelectorAll("h1, script, style, summary, pre, div.math, .headerlink").forEach((part) => part.replaceWith(" "));
    told?.querySelectorAll("span.math").forEach((formula) => formula.replaceWith("…"));
    return (told?.textContent ?? "").replace(/\s+/g, " ").replace(/…([ ,]*…)+/g, "…").trim();
  };
  const excerpt = Search.makeSearchSummary;
  Search.makeSearchSummary = (html, words, anchor) => {
    const text = Search.htmlToText(html, anchor).toLowerCase();
    const there = [...words].filter((word) => text.includes(word.toLowerCase()));
    const summary = excerpt(html, there.length ? there : [text.slice(0, 1)], anchor);
    const whole = summary?.textContent.replace(/^\.{3}[\p{Script=Latin}\d_'’-]*[\s.,;:)，。、；：）]*/u, "… ").replace(/\s*[\p{Script=Latin}\d_'’-]*\.{3}$/u, " …");
    return whole ? Object.assign(summary, { textContent: whole }) : null;
  };
}

/** At which sides a figure goes on. */
function edges(figure) {
  const right = figure.scrollWidth - figure.clientWidth - figure.scrollLeft;
  figure.dataset.more = [figure.scrollLeft > 1 && "left", right > 1 && "right"].filter(Boolean).join(" ");
}

/** On a narrow screen a button shows all of a figure, small, and again a part of it, large. */
function overview(figure) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "overview", textContent: "Whole figure" });
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", figure.classList.toggle("whole"));
    fit(figure);
  });
  figure.after(button);
}

const boxes = [...document.querySelectorAll(`.bd-article :is(div.math, pre, .pst-scrollable-table-container, ${FIGURE})`)];
const check = () => boxes.forEach(fit);
const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));
boxes.forEach((box) => watch.observe(box));
for (const figure of boxes.filter((box) => box.matches(FIGURE))) {
  figure.addEventListener("scroll", () => edges(figure), { passive: true });
  overview(figure);
}
document.fonts.ready.then(check);
addEventListener("load", () => window.MathJax?.startup?.promise.then(check));

// To the other language at the same place of the page.
for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => { link.hash = location.hash; });
}
