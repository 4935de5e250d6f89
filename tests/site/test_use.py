"""The pages in use: search, the keyboard alone, dark mode, cells that move, code that folds."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import Recorder, needs_browser, served
from tests.site.keyboard import walk

pytestmark = needs_browser

LESSON = "notebooks/04_the_lstm_gate_by_gate"
FIRST = "notebooks/00_start_here"
# The mean width of a letter of the text.
OF_LESSON = "article.bd-article > section"
TEXT = f"{OF_LESSON} > p:not([class])"
LETTER = """selector => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = getComputedStyle(document.querySelector(selector)).font;
  const words = "the network that fills this gap has to carry one word";
  return pen.measureText(words).width / words.length;
}"""
PAPER = "node => getComputedStyle(node).backgroundColor"


@pytest.fixture
def tab(browser: object, site: Path) -> Iterator[object]:
    """Opens a page of the site, offline, and holds that nothing was asked of another machine."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    seen, page = Recorder(context), context.new_page()

    def open_page(place: str) -> object:
        page.goto((site / f"{place}.html").as_uri())
        page.evaluate("() => window.MathJax?.startup?.promise")
        return page

    yield open_page
    assert seen.outside() == []
    assert seen.complaints == []
    context.close()


def search(page: object, words: str) -> list[str]:
    page.keyboard.press("Control+k")
    page.locator(".bd-search input:visible").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/search.html?q={words.replace(' ', '+')}*")
    page.get_by_text(re.compile("Search finished|did not match")).wait_for()
    return page.locator("#search-results li > a").all_text_contents()


def test_search_finds_the_forget_gate(tab: object) -> None:
    page = tab("index")
    found = search(page, "forget gate")
    assert any("The LSTM, gate by gate" in title for title in found)
    assert search(page, "zyzzyva") == []
    assert search(page, "forget gate") == found
    page.get_by_role("link", name="04 · The LSTM, gate by gate", exact=True).click()
    page.wait_for_url(f"**/{LESSON}.html*")


def test_search_on_a_server_shows_the_words(browser: object, site: Path) -> None:
    with served(site) as address:
        context = browser.new_context()
        seen, page = Recorder(context), context.new_page()
        page.goto(f"{address}/index.html")
        search(page, "forget gate")
        excerpt = page.locator("#search-results li", has_text="gate by gate").locator("p.context")
        excerpt.first.wait_for()
        assert "gate" in excerpt.first.text_content()
        assert "\\" not in excerpt.first.text_content(), "no formula"
        told = "".join(page.locator("#search-results p.context").all_text_contents())
        assert "import " not in told and "def " not in told, "no code"
        assert not re.search(r"\.{3}\w", told), "begins with a whole word"
        assert seen.outside() == [] and seen.complaints == []
        context.close()


@pytest.mark.parametrize("place", ["index", LESSON, FIRST, "docs/claims"])
def test_the_keyboard_alone_is_enough(tab: object, place: str) -> None:
    assert walk(tab(place)) == []  # on a narrow screen: every page, in test_pages


def test_the_first_stop_skips_to_the_text(tab: object) -> None:
    page = tab(LESSON)
    page.keyboard.press("Tab")
    skip = page.locator("#pst-skip-link a")
    assert skip.evaluate("node => node === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('#main-content').contains(document.activeElement)"
    assert page.evaluate(inside)


def test_the_focus_comes_back_from_the_search(tab: object) -> None:
    page = tab(LESSON)
    button = page.get_by_role("button", name="Search").first
    button.focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] input").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('.search-button__button')")


def test_a_page_without_contents_has_no_button_for_them(tab: object) -> None:
    page = tab("index")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.get_by_role("button", name="Toggle primary sidebar").is_visible()
    assert not page.get_by_role("button", name="Toggle secondary sidebar").is_visible()


def test_a_wide_table_is_a_list_on_a_narrow_screen(tab: object) -> None:
    page = tab("notebooks/08_keras_argument_by_argument")
    table = page.locator("table", has_text="reset_after").first  # its first column has no name
    head = page.locator("table thead").nth(0)
    assert head.bounding_box()["height"] > 20
    page.set_viewport_size({"width": 360, "height": 740})
    cells = table.get_by_role("row").filter(has_text="dropout=1.0").locator("> *")
    label = "node => getComputedStyle(node, '::before').content"
    page.wait_for_function("document.querySelector('table').matches('.stacks')")
    labels = [cell.evaluate(label) for cell in cells.all()]
    assert "2020" in labels[1] and labels[2] == '"today: Keras 3"'
    box = table.bounding_box()
    assert box["x"] + box["width"] <= 360


# What each figure measures, and what the frame does in which it is pushed sideways.
FRAMES = """() => [
  ...document.querySelectorAll("img.carousel-figure, .picture img"),
].map((figure) => {
  const frame = figure.parentElement;
  return {
    share: figure.clientWidth / (figure.getAttribute("width") ?? 760),
    width: frame.clientWidth,
    stop: frame.tabIndex === 0,
    said: frame.ariaLabel,
    more: frame.dataset.more,
  };
})"""
PUSHED = """() => document.querySelector("[data-more=right]")
  && !document.querySelector("[data-more='']")"""


@pytest.mark.parametrize("place", [LESSON, "notebooks/11_after_the_gru", "docs/grading"])
def test_figures_keep_their_letters_on_a_narrow_screen(tab: object, place: str) -> None:
    page = tab(place)
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function(PUSHED)
    found = page.evaluate(FRAMES)
    assert found and min(one["share"] for one in found) >= 0.85
    assert max(one["width"] for one in found) <= 360
    assert {(one["stop"], one["said"], one["more"]) for one in found} == {
        (True, "Figure, scrolls sideways", "right")
    }
    frame = page.locator(":is(.output, .picture):has(> img)").first
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-more='left right']").wait_for()
    frame.evaluate("node => node.scrollTo(node.scrollWidth, 0)")
    page.locator("[data-more='left']").wait_for()


def test_a_button_shows_the_whole_figure_on_a_narrow_screen(tab: object) -> None:
    page = tab(LESSON)
    button = page.locator("button.overview").first
    button.wait_for(state="attached")
    assert not button.is_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function(PUSHED)
    frame = page.locator(".output:has(> img.carousel-figure)").first
    for pressed, more, stops in (("true", "", 0), ("false", "right", 1)):
        button.focus()
        page.keyboard.press("Enter")
        page.locator(f"button.overview[aria-pressed={pressed}]").first.wait_for()
        assert frame.get_attribute("data-more") == more
        assert (frame.get_attribute("role") == "group") == stops
        assert (frame.locator("img").bounding_box()["width"] <= 360) == (not stops)


def test_figures_of_a_wide_screen_are_no_stops(tab: object) -> None:
    page = tab(LESSON)
    page.locator("[data-more='']").first.wait_for(state="attached")
    found = page.evaluate(FRAMES)
    assert found and not any(one["stop"] or one["said"] or one["more"] for one in found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menus_of_a_narrow_screen(tab: object, theme: str) -> None:
    page = tab(LESSON)
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    for button, words in (
        ("Toggle primary sidebar", "The GRU in every dialect"),
        ("Toggle secondary sidebar", "Long-term and short-term"),
    ):
        page.get_by_role("button", name=button).focus()
        page.keyboard.press("Enter")
        menu = page.locator("dialog[open]")
        assert menu.get_by_role("link", name=words).is_visible()
        page.keyboard.press("Tab")
        assert menu.evaluate("menu => menu.contains(document.activeElement)")
        papers = [one.evaluate(PAPER) for one in (menu, page.locator("body"))]
        assert papers[0] == papers[1], "what lies below must not shine through"
        page.keyboard.press("Escape")
        menu.wait_for(state="hidden")
        page.wait_for_function("name => document.activeElement.ariaLabel === name", arg=button)


def test_the_theme_is_chosen_and_remembered(tab: object) -> None:
    page = tab(LESSON)
    dark = "() => document.documentElement.dataset.theme"
    assert page.evaluate(dark) == "light"
    page.get_by_role("button", name="Color mode").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(dark) == "dark"
    page.reload()
    assert page.evaluate(dark) == "dark"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", paper)[:3])) < 200
    player = page.locator(".player").first
    assert player.get_attribute("data-theme") == "dark"


def test_cells_move_by_mouse_and_keyboard(tab: object) -> None:
    page = tab(LESSON)
    player = page.locator(".player").first
    player.scroll_into_view_if_needed()
    assert player.bounding_box()["width"] > 720, "room for three cells side by side"
    assert page.locator(".output:has(.carousel-player)").get_attribute("tabindex") != "0"
    where, slider = player.locator(".where"), player.get_by_role("slider")
    assert where.text_content() == "t = 1 of 40"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert where.text_content() == "t = 2 of 40"
    slider.fill("7")
    assert where.text_content() == "t = 7 of 40"
    player.get_by_label("Speed").select_option("8")
    player.get_by_role("button", name="Play").click()
    player.get_by_text("t = 40 of 40").wait_for()


def test_code_of_a_figure_unfolds(tab: object) -> None:
    page = tab(LESSON)
    fold = page.locator("details.hide", has=page.locator("pre", has_text="show(")).first
    code = fold.locator("pre").first
    assert not code.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert code.is_visible() and "show(" in code.text_content()


def test_formulas_are_set(tab: object) -> None:
    page = tab(LESSON)
    assert page.locator("mjx-container").count() > 20
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.locator("mjx-assistive-mml math").count() == page.locator("mjx-container").count()
    assert "\\(" not in page.locator("article.bd-article").inner_text()


def test_code_is_copied(tab: object) -> None:
    page = tab(LESSON)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = page.locator("div.cell_input .highlight").first
    code.hover()
    code.locator("button.copybtn").click()
    assert (
        code.locator("button.copybtn.success").count() or page.locator(".copybtn.success").count()
    )


def test_figures_are_as_wide_as_the_page(tab: object) -> None:
    page = tab(LESSON)
    text, whole = (
        page.locator(selector).first.bounding_box()["width"] for selector in (TEXT, OF_LESSON)
    )
    widths = [one.bounding_box()["width"] for one in page.locator("img.carousel-figure").all()]
    assert text < 0.95 * whole < max(widths) <= whole + 1


def test_type_is_that_of_the_course(tab: object) -> None:
    page = tab(LESSON)
    loaded = "[...document.fonts].filter(font => font.status === 'loaded').map(font => font.family)"
    families = {name.strip('"') for name in page.evaluate(loaded)}
    assert families >= {"Atkinson Next", "Atkinson Mono"}
    line = page.locator(TEXT).first.bounding_box()["width"]
    assert 60 <= line / page.evaluate(LETTER, TEXT) <= 85


@pytest.mark.parametrize("place", ["index", "zh-cn/index"])
def test_the_search_has_room_for_its_words(tab: object, place: str) -> None:
    page = tab(place)
    button = page.locator(".bd-sidebar-primary .search-button-field")
    for width in (1000, 1160, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        button.evaluate("node => { node.style.width = `${node.offsetWidth - 15}px`; }")  # a bar
        assert button.evaluate("node => node.scrollWidth <= node.clientWidth"), width
        assert button.bounding_box()["height"] < 45
        button.evaluate("node => { node.style.width = ''; }")
