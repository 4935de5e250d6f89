"""Figures in the dark: light and dark change places, colours stay, words are true."""

import base64
import colorsys
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from course_utils import plots
from course_utils.delivery.authoring.document import documents
from course_utils.plots import style
from tests.browsing import needs_browser

CSS = (Path(plots.__file__).parent / "look" / "custom.css").read_text(encoding="utf-8")
MARKS = {**style.CELLS, **style.GATES}
COLOURS = {name: mark.color for name, mark in MARKS.items()} | {"clue": style.CLUE}
GREYS = {"ink": style.INK, "soft": style.SOFT}
PAGES = {
    "site": ('<html data-theme="{}">', "light", "dark"),
    "lab": ('<html><body data-jp-theme-light="{}">', "true", "false"),
}
SIDE = 20
BRIGHTNESS = re.compile(r"\b(white|pale\w*|dark\w*|black|bright\w*)\b", re.I)  # also in custom.css
FIGURE = re.compile(r"\bshow\(")
Colour = tuple[int, int, int]


def shown(browser: object, where: str, dark: bool, alt: str) -> dict[str, Colour]:
    """Each colour of the course as a page shows it in a figure; "paper" is the figure's white."""
    every = COLOURS | GREYS | {"paper": style.PAPER}
    picture = Image.new("RGB", (SIDE, SIDE * len(every)))
    for place, colour in enumerate(every.values()):
        picture.paste(ImageColor.getrgb(colour), (0, SIDE * place, SIDE, SIDE * (place + 1)))
    data = io.BytesIO()
    picture.save(data, format="png")
    code = base64.b64encode(data.getvalue()).decode()
    opening, *themes = PAGES[where]
    page = browser.new_page(viewport={"width": 300, "height": SIDE * len(every)})
    page.set_content(
        f"{opening.format(themes[dark])}<style>body {{margin: 0}} img {{display: block}} {CSS}"
        f'</style><img class="carousel-figure" alt="{alt}" src="data:image/png;base64,{code}">'
    )
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return {
        name: seen.getpixel((SIDE // 2, SIDE * place + SIDE // 2))
        for place, name in enumerate(every)
    }


def luminance(colour: Colour) -> float:
    parts = [c / 255 for c in colour]
    linear = [c / 12.92 if c <= 0.04 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hue(colour: Colour) -> float:
    return 360 * colorsys.rgb_to_hls(*(c / 255 for c in colour))[0]


@needs_browser
@pytest.mark.parametrize("where", PAGES)
def test_colours_stay_themselves_on_dark_paper(browser: object, where: str) -> None:
    found = shown(browser, where, True, "A curve that falls.")
    assert luminance(found["paper"]) < 0.02
    for name, colour in COLOURS.items():
        turned = abs(hue(found[name]) - hue(ImageColor.getrgb(colour)))
        grey = len(set(ImageColor.getrgb(colour))) == 1
        assert grey or min(turned, 360 - turned) < 8, name
        assert contrast(found[name], found["paper"]) > 3, name
    assert contrast(found["ink"], found["paper"]) > 7
    assert contrast(found["soft"], found["paper"]) > 4.5


@needs_browser
@pytest.mark.parametrize("where", PAGES)
def test_where_words_speak_of_white_it_stays_white(browser: object, where: str) -> None:
    for words in ("Dropped ones white.", "Before it all is Pale.", "the darker the larger"):
        found = shown(browser, where, True, words)
        assert luminance(found["paper"]) > 0.4 > 0.1 > luminance(found["ink"])
        assert min(found["paper"]) < 240, "dimmed"


@needs_browser
@pytest.mark.parametrize("where", PAGES)
def test_in_the_light_nothing_is_changed(browser: object, where: str) -> None:
    found = shown(browser, where, False, "A curve that falls.")
    every = COLOURS | GREYS | {"paper": style.PAPER}
    assert found == {name: ImageColor.getrgb(colour) for name, colour in every.items()}


@pytest.mark.parametrize("lesson", documents(), ids=lambda one: one.name[:2])
def test_the_text_below_a_figure_is_as_true_in_the_dark(lesson: object) -> None:
    """Whoever calls a place of a figure pale or dark does so in its own words, too: it is left."""
    for before, after in pairwise(lesson.text().cells):
        if before.cell_type == "code" and FIGURE.search(before.source):
            told = after.cell_type == "markdown" and BRIGHTNESS.search(after.source)
            assert not told or BRIGHTNESS.search(before.source), after.source[:200]


@needs_browser
def test_a_lesson_has_dark_figures(browser: object, site: Path) -> None:
    context = browser.new_context(offline=True, color_scheme="dark")
    page = context.new_page()
    page.goto((site / "notebooks" / "05_inside_the_gates.html").as_uri())
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    look = "all => all.map(node => [node.alt, getComputedStyle(node).filter])"
    found = page.locator("img.carousel-figure").evaluate_all(look)
    assert len(found) >= 8
    for alt, kind in found:
        assert ("invert" in kind) != bool(BRIGHTNESS.search(alt)), alt
    context.close()
