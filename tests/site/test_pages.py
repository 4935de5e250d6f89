"""Every page in a real browser, light and dark, wide and narrow, with the network shut.

Pictures of all of them are left in build/pictures/site.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from course_utils.authoring.document import ROOT
from course_utils.authoring.site.contents import pages
from tests.browsing import Recorder, needs_browser

pytestmark = needs_browser

PLACES = [*(place.rpartition(".")[0] for place in pages()), "search"]
PICTURES = ROOT / "build" / "pictures" / "site"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
TALLEST = 5000  # pixels of a picture: more of the same follows
INSIDE = re.compile("file:///|data:|blob:")
READY = """async () => {
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}"""
# All of axe's rules: WCAG 2.2 A and AA, and its best practices. Left out are MathJax's strokes, not
# what it writes for those who hear it, and, to save minutes, more of the same: code after a page's
# eighth block, rows after a table's thirtieth.
AXE = """async options => {
  const code = [...document.querySelectorAll("div.cell_input pre")].slice(8);
  const exclude = ["mjx-container > svg", "tr:nth-child(n+30)", ...code];
  const within = {include: ["html"], exclude};
  const found = await axe.run(within, {resultTypes: ["violations"], preload: false, ...options});
  return found.violations.map(({ id, help, nodes }) =>
    `${id}: ${help} (${nodes.length}) ${nodes[0].target.join(" ")} ${nodes[0].html.slice(0, 160)}`);
}"""
CONTRAST = "color-contrast"
# Colours are the same at both widths: contrast is looked at in the wide page alone.
RULES = {
    ("wide", "light"): {},
    ("wide", "dark"): {"runOnly": {"type": "rule", "values": [CONTRAST]}},
    ("narrow", "light"): {"rules": {CONTRAST: {"enabled": False}}},
}


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
        self.page.add_style_tag(content="* { transition: none !important; }")
        self.page.evaluate(READY)

    def dress(self, theme: str) -> None:
        self.page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        self.page.wait_for_timeout(60)

    def picture(self, name: str) -> None:
        height = self.page.evaluate("document.documentElement.scrollHeight")
        size = self.page.viewport_size
        box = {"x": 0, "y": 0, "width": size["width"], "height": min(height, TALLEST)}
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=box)

    def violations(self, width: str, theme: str) -> list[str]:
        if (width, theme) not in RULES:
            return []
        if not self.page.evaluate("'axe' in window"):
            self.page.add_script_tag(path=AXE_FILE_PATH)
        found = self.page.evaluate(AXE, RULES[width, theme])
        return [f"{width} {theme}: {line}" for line in found]


@pytest.fixture(scope="module")
def reader(browser: object, site: Path) -> Iterator[Reader]:
    reader = Reader(browser, site)
    yield reader
    reader.context.close()


@pytest.mark.parametrize("place", PLACES)
def test_page(reader: Reader, place: str) -> None:
    reader.open(place)
    assert look(reader, place.replace("/", "-")) == []


def look(reader: Reader, name: str = "") -> list[str]:
    """What is wrong with the page that is open; pictures of it are kept under `name`."""
    found = []
    for width, size in (("wide", WIDE), ("narrow", NARROW)):
        reader.page.set_viewport_size(size)
        for theme in ("light", "dark"):
            reader.dress(theme)
            if name:
                reader.picture(f"{name}-{width}-{theme}")
            found += reader.violations(width, theme)
        broad = reader.page.evaluate("document.documentElement.scrollWidth")
        found += [f"{width}: scrolls sideways, {broad} pixels"] * (broad > size["width"])
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
    ],
)
def test_this_sees_what_is_wrong(reader: Reader, tmp_path: Path, bad: str, said: str) -> None:
    (tmp_path / "bad.html").write_text(BAD.format(bad), encoding="utf-8")
    reader.open("bad", tmp_path)
    found = look(reader)
    assert any(said in line for line in found) if said else found == []
