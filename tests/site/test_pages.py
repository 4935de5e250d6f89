"""Every page in a real browser, light and dark, wide and narrow, with the network shut.

With --pictures, pictures of all of them are left in build/pictures/site.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from course_utils.authoring.site.contents import pages
from tests.browsing import Recorder, needs_browser
from tests.pictures import kept_pictures
from tests.site.keyboard import walk

pytestmark = needs_browser

PLACES = [*(place.rpartition(".")[0] for place in pages()), "search"]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
SIZES = {"wide": WIDE, "narrow": NARROW}
TALLEST = 5000  # pixels of a picture: more of the same follows
INSIDE = re.compile("file:///|data:|blob:")
STILL = "* { transition: none !important; animation: none !important; }"
READY = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
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
AXE = """async options => {
  const found = await axe.run(document, {resultTypes: ["violations"], preload: false, ...options});
  return found.violations.map(({ id, help, nodes }) =>
    `${id}: ${help} (${nodes.length}) ${nodes[0].target.join(" ")} ${nodes[0].html.slice(0, 160)}`);
}"""
# In the dark nothing but colours is another.
RULES = {"light": {}, "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}}}


class Reader:
    """One tab that goes from page to page."""

    def __init__(self, browser: object, site: Path):
        self.site = site
        self.context = browser.new_context(offline=True, viewport=WIDE, reduced_motion="reduce")
        self.context.add_init_script("localStorage.setItem('mode', 'light')")
        self.seen = Recorder(self.context)
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

    def violations(self, width: str, theme: str) -> list[str]:
        found = self.page.evaluate(AXE, RULES[theme])
        return [f"{width} {theme}: {line}" for line in found]


@pytest.fixture(scope="module")
def reader(browser: object, site: Path) -> Iterator[Reader]:
    reader = Reader(browser, site)
    yield reader
    reader.context.close()


@pytest.mark.parametrize("place", PLACES)
def test_page(reader: Reader, place: str, pytestconfig: pytest.Config) -> None:
    reader.open(place)
    if folder := kept_pictures(pytestconfig, "site"):
        keep(reader, folder, place.replace("/", "-"))
    assert look(reader) == []


def keep(reader: Reader, folder: Path, name: str) -> None:
    """Pictures of the page that is open, light and dark, wide and narrow."""
    for width, size in SIZES.items():
        reader.page.set_viewport_size(size)
        for theme in RULES:
            reader.dress(theme)
            reader.picture(folder / f"{name}-{width}-{theme}.png")
    reader.dress("light")


def look(reader: Reader) -> list[str]:
    """What is wrong with the page that is open."""
    found = []
    for width, size in SIZES.items():
        reader.page.set_viewport_size(size)
        broad = reader.page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width}: scrolls sideways, {broad} pixels"] * (broad > size["width"])
    reader.page.set_viewport_size(NARROW)
    found += [f"narrow: {line}" for line in walk(reader.page)]
    reader.page.add_script_tag(path=AXE_FILE_PATH)
    reader.page.evaluate(THIN)
    for width, size in SIZES.items():
        reader.page.set_viewport_size(size)
        for theme in RULES:
            reader.dress(theme)
            found += reader.violations(width, theme)
    found += [f"asked for {url[:100]}" for url in reader.seen.asked if not INSIDE.match(url)]
    return found + reader.seen.complaints


BAD = """<!DOCTYPE html>
<html lang="en"><title>Bad</title><body><main><h1>Bad</h1>{}</main></body></html>"""


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("<p>Nothing.</p>", ""),
        ('<img src="data:,">', "image-alt"),
        ('<p style="color: #999; background: #fff">Pale.</p>', "wide light: color-contrast"),
        (
            "<style>[data-theme=dark] p {color: #111; background: #222}</style><p>Dark.</p>",
            "wide dark: color-contrast",
        ),
        ('<div style="width: 500px">Broad.</div>', "narrow: scrolls sideways"),
        ('<script src="https://cdn.example/x.js"></script>', "asked for https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "asked for file://cdn.example"),
        ("<script>fetch('https://cdn.example')</script>", "asked for https://cdn.example"),
        ("<script>nowhere()</script>", "nowhere is not defined"),
        ("<h3>Too deep</h3>", "heading-order"),
        ('<a href="x"></a>', "link-name"),
        ("<pre><span>a</span> <span style='color: #999'>b</span></pre>", ""),
        (
            "<style>a:focus {outline: none}</style><a href='#x'>Link.</a>",
            "focus is not to be seen",
        ),
        (
            "<button>1</button><button onkeydown='return false'>2</button>",
            "is caught at BUTTON 2",
        ),
        ("<p onclick='x()' style='cursor: pointer'>A trap.</p>", "not reached by the keyboard"),
        ("<a href='#x' tabindex='-1'>Left out.</a>", "not reached by the keyboard"),
    ],
)
def test_this_sees_what_is_wrong(reader: Reader, tmp_path: Path, bad: str, said: str) -> None:
    (tmp_path / "bad.html").write_text(BAD.format(bad), encoding="utf-8")
    reader.open("bad", tmp_path)
    found = look(reader)
    assert any(said in line for line in found) if said else found == []
