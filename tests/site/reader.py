"""A tab that goes from page to page of the site and says what is wrong with the one that is open.

A page is opened once for all that is looked at. Of axe's rules contrast takes the most time by far;
it is asked for once for each look in all of the site, and again wherever it failed.
"""

from __future__ import annotations

import re
from pathlib import Path

from axe_playwright_python.base import AXE_FILE_PATH

from tests.browsing import Recorder
from tests.site.keyboard import walk

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SIZES = {"wide": WIDE, "narrow": NARROW}
TALLEST = 5000  # pixels of a picture: more of the same follows
WIDTHS = (1920, 1536, 1280, 768, 390, 360)
INSIDE = re.compile("file:///|data:|blob:")
STILL = "* { transition: none !important; animation: none !important; }"
READY = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Code and what it prints need no scrolling.
TOO_WIDE = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1)
  .map(one => one.textContent.slice(0, 60))"""
# Formulas can be read to their end.
CUT = """() => [...document.querySelectorAll(".bd-article div.math")].map((box) => {
  const [formula, frame] = [box.querySelector("svg"), box.getBoundingClientRect()];
  if (!formula) return "not typeset: " + box.textContent;
  const left = formula.getBoundingClientRect().left;
  box.scrollLeft = 1e6;
  const right = formula.getBoundingClientRect().right;
  box.scrollLeft = 0;
  const words = box.textContent.slice(0, 40);
  if (left < frame.left - 1) return `begins outside: ${words}`;
  return right > frame.right + 1 ? `cannot be scrolled: ${words}` : "";
}).filter(Boolean)"""
# For all of axe's rules: WCAG 2.2 A and AA, and its best practices. Code is unfolded. To save time,
# of names in code that look the same (one class, in one kind of block) a page keeps the first, of
# rows, entries and paragraphs of one parent with the same tags and attributes the first three (rows
# have two grounds by turns), and MathJax's strokes are dropped, not what it writes for those who
# hear it.
THIN = """() => {
  document.querySelectorAll("article details").forEach((part) => (part.open = true));
  const plain = (node) => `<${node.tagName}${[...node.attributes].map(({ name, value }) =>
    ["id", "href"].includes(name) ? name : `${name}=${value}`)}${node.textContent.trim() === ""}>`;
  const alike = new Map();
  for (const part of document.querySelectorAll("article :is(tr, li, p)")) {
    const looks = alike.get(part.parentElement) ?? new Map();
    const look = [part, ...part.querySelectorAll("*:not(mjx-container *)")].map(plain).join("");
    alike.set(part.parentElement, looks.set(look, (looks.get(look) ?? 0) + 1));
    if (looks.get(look) > 3) part.remove();
  }
  const seen = new Set();
  for (const name of document.querySelectorAll("pre span")) {
    const pre = name.closest("pre");
    const block = pre.closest("details, .cell_output, .cell_input") ?? pre.parentElement;
    const look = [name.className, pre.className, block.className].join();
    if (seen.has(look)) name.replaceWith(...name.childNodes);
    seen.add(look);
  }
  document.querySelectorAll("mjx-container > svg").forEach((strokes) => strokes.replaceChildren());
}"""
AXE = """async ({ within, options }) => {
  const found = await axe.run(
    within ?? document, { resultTypes: ["violations"], preload: false, ...options });
  return found.violations.map(({ id, help, nodes }) =>
    `${id}: ${help} (${nodes.length}) ${nodes[0].target.join(" ")} ${nodes[0].html.slice(0, 160)}`);
}"""
CONTRAST = "color-contrast"
REST = {"options": {"rules": {CONTRAST: {"enabled": False}}}}
SHOWN = {
    "within": "[data-look]",
    "options": {"runOnly": {"type": "rule", "values": [CONTRAST]}},
}
# Marks all that shows words by its look, as far as it is not known: the colour, size and weight of
# the words and all grounds that they stand on. What has a shadow root is looked at as a whole.
LOOKS = """(known) => {
  const grounds = new Map([[undefined, ""]]);
  const parent = (node) => node.parentElement ?? node.getRootNode().host;
  const ground = (node) => {
    if (!grounds.has(node)) {
      const own = getComputedStyle(node);
      const said = ["backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode",
        "clipPath", "position"].map((part) => own[part]).join();
      const below = ground(parent(node));
      grounds.set(node, below.endsWith(`|${said}`) ? below : `${below}|${said}`);
    }
    return grounds.get(node);
  };
  const shows = (node) => node.placeholder || node.value || node.shadowRoot
    || [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
  const all = new Set();
  const mark = (root) => {
    const inside = new Set();
    for (const node of root.querySelectorAll("*")) {
      node.removeAttribute("data-look");
      if (!shows(node) || !node.checkVisibility({ visibilityProperty: true })) continue;
      const own = getComputedStyle(node);
      const words = [own.color, own.fontSize, own.fontWeight, own.textShadow, ground(node)].join();
      const looks = node.shadowRoot ? [words, ...mark(node.shadowRoot)] : [words];
      looks.forEach((look) => inside.add(look));
      if (root === document.body && !looks.every((look) => known.includes(look))) {
        node.dataset.look = "new";
        looks.forEach((look) => all.add(look));
      }
    }
    return inside;
  };
  mark(document.body);
  return [...all];
}"""
THEMES = ("light", "dark")


class Reader:
    """One tab that goes from page to page."""

    def __init__(self, browser: object, site: Path):
        self.site = site
        self.context = browser.new_context(offline=True, viewport=WIDE, reduced_motion="reduce")
        self.context.add_init_script("localStorage.setItem('mode', 'light')")
        self.seen = Recorder(self.context)
        self.known: set[str] = set()  # looks of sufficient contrast
        self.page = self.context.new_page()

    def open(self, place: str, site: Path | None = None) -> None:
        self.seen.asked.clear()
        self.seen.complaints.clear()
        self.page.set_viewport_size(WIDE)
        self.page.goto(((site or self.site) / f"{place}.html").as_uri())
        self.page.add_style_tag(content=STILL)
        self.page.evaluate(READY)

    def dress(self, theme: str) -> None:
        self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        self.page.evaluate(DRAWN)

    def picture(self, path: Path) -> None:
        height = self.page.evaluate("document.documentElement.scrollHeight")
        size = self.page.viewport_size
        box = {"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)}
        self.page.screenshot(path=path, full_page=True, clip=box)

    def violations(self, theme: str) -> list[str]:
        """What axe finds; in the dark nothing but colours is another."""
        found = self.page.evaluate(AXE, REST) if theme == "light" else []
        if looks := self.page.evaluate(LOOKS, sorted(self.known)):
            pale = self.page.evaluate(AXE, SHOWN)
            self.known.update([] if pale else looks)
            found += pale
        return found


def look(reader: Reader) -> list[str]:
    """What is wrong with the page that is open."""
    page, found = reader.page, []
    code = page.locator("div.cell pre").evaluate_all(TOO_WIDE)
    found += [f"code that has to be scrolled: {line}" for line in code]
    if page.locator(".bd-article div.math").count():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(DRAWN)
            found += [f"at {width} a formula {line}" for line in page.evaluate(CUT)]
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        broad = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width}: scrolls sideways, {broad} pixels"] * (broad > size["width"])
    page.set_viewport_size(NARROW)
    found += [f"narrow: {line}" for line in walk(page)]
    page.add_script_tag(path=AXE_FILE_PATH)
    page.evaluate(THIN)
    for width, size in SIZES.items():
        page.set_viewport_size(size)
        for theme in THEMES:
            reader.dress(theme)
            found += [f"{width} {theme}: {line}" for line in reader.violations(theme)]
    found += [f"asked for {url[:100]}" for url in reader.seen.asked if not INSIDE.match(url)]
    return found + reader.seen.complaints
