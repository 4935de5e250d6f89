"""Every page in a real browser, light and dark, wide and narrow, with the network shut.

With --pictures, pictures of all of them are left in build/pictures/site.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site.contents import pages
from tests.browsing import needs_browser
from tests.pictures import kept_pictures
from tests.site.reader import SIZES, THEMES, Reader, look

pytestmark = needs_browser

PLACES = [*(place.rpartition(".")[0] for place in pages()), "search"]


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
        for theme in THEMES:
            reader.dress(theme)
            reader.picture(folder / f"{name}-{width}-{theme}.png")
    reader.dress("light")


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
        (
            "<style>[data-theme=dark] p {color: #999; background: #fff}</style><p>Glare.</p>",
            "narrow dark: color-contrast",
        ),
        (
            "<div style='background: #fff'><p style='color: #999; opacity: 0.9'>Thin.</p></div>",
            "wide light: color-contrast",
        ),
        (
            "<div id=x></div><script>document.querySelector('#x').attachShadow({mode: 'open'})"
            ".innerHTML = '<p style=\"color: #999\">Hidden.</p>'</script>",
            "wide light: color-contrast",
        ),
        (
            "<div class=cell><pre style='width: 9em; overflow: auto'>a line of many letters</pre>"
            "</div>",
            "code that has to be scrolled: a line of many",
        ),
        (
            "<div class=bd-article><div class=math style='overflow: hidden; width: 50px'>"
            "<svg width=100 height=9 style='margin-left: -20px'></svg>x</div></div>",
            "at 1920 a formula begins outside: x",
        ),
        (
            "<div class=bd-article><div class=math>x = 1</div></div>",
            "at 360 a formula not typeset: x = 1",
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


def test_contrast_is_asked_for_once_a_look_and_again_where_it_failed(
    reader: Reader, tmp_path: Path
) -> None:
    pages = {"good": "<p>Black.</p><p>White.</p>", "pale": "<p style='color: #999'>Pale.</p>"}
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(BAD.format(text), encoding="utf-8")
    reader.known.clear()
    for name in ("good", "pale", "good", "pale"):
        reader.open(name, tmp_path)
        assert [line.split(":")[0] for line in look(reader)] == (
            [f"{width} {theme}" for width in SIZES for theme in THEMES] * (name == "pale")
        )
    known = len(reader.known)
    reader.open("good", tmp_path)
    assert look(reader) == [] and len(reader.known) == known > 0
