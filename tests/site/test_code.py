"""Code on the pages: its language stands above it, a button copies it and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site.code import language
from tests.browsing import needs_browser, served

LESSON, DOC = "notebooks/04_the_lstm_gate_by_gate", "docs/pages"
BLOCKS = """() => [...document.querySelectorAll(".bd-article pre")].map((pre) => {
  const box = pre.parentElement;
  const said = getComputedStyle(box, "::before").content.replaceAll('"', "");
  const button = box.querySelector("button.copybtn");
  return {
    said: said === "none" ? "" : said,
    printed: !!pre.closest(".cell_output"),
    copied: !!button,
    over: !!button && button.getBoundingClientRect().bottom > pre.getBoundingClientRect().top + 12,
    text: pre.textContent.slice(0, 60),
  };
})"""
BUTTONS = "() => document.querySelector('button.copybtn')"


@pytest.fixture(scope="module")
def tab(browser: object, site: Path) -> Iterator[object]:
    with served(site) as address:  # a page of the disk may not use the clipboard
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()

        def open_page(place: str) -> object:
            page.goto(f"{address}/{place}.html")
            page.wait_for_function(BUTTONS)
            return page

        yield open_page
        context.close()


@needs_browser
def test_all_code_says_its_language_and_what_it_prints_does_not(tab: object, site: Path) -> None:
    sets = sorted(path.stem for path in (site / "exercises").glob("04_*.html"))
    for place in (LESSON, f"exercises/{sets[0]}", "docs/grading", "docs/authoring", "index"):
        blocks = tab(place).evaluate(BLOCKS)
        assert blocks
        for one in blocks:
            assert bool(one["said"]) == one["copied"], (place, one["text"])
            assert not (one["printed"] and one["copied"]), (place, one["text"])
            assert not one["over"], "the button lies over the code"
        if place.startswith(("notebooks", "exercises")):
            code = [one for one in blocks if not one["printed"] and one["copied"]]
            assert code and {one["said"] for one in code} == {"Python"}
    assert {one["said"] for one in blocks} == {"Terminal"}


@needs_browser
def test_by_the_keyboard_code_is_copied_as_it_stands(tab: object) -> None:
    page = tab(LESSON)
    code = page.locator("div.cell_input .highlight", has_text="def step_of_1997").first
    button = code.get_by_role("button", name="Copy to clipboard")
    button.focus()
    page.keyboard.press("Enter")
    page.locator("button.copybtn.success").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code.locator("pre").text_content().strip()
    assert "Python" not in copied


@needs_browser
def test_what_explains_a_command_is_not_copied(tab: object) -> None:
    page = tab(DOC)
    page.locator(".highlight-commands button.copybtn").first.click()
    page.locator("button.copybtn.success").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [line.rstrip() for line in copied.strip().splitlines()] == [
        "make site",
        "make site ARGS=--open",
        "course site --fresh",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("make site     the pages", "commands"),
        ("# in the folder of the course\n. .venv/bin/activate", "commands"),
        ("from x import y\n\ny(1)", "python"),
        ("# %% [markdown]\n# Text: not code.", "python"),
        ('# %% tags=["setup"] reason="it is so"', "python"),
        ('penalty = "10 %"  # of all points\n[late]\nhours = 2', "toml"),
        ('{"a": 1}', "json"),
        ("learner     1  2\nout of      2  2", ""),
        ("✗ gru_step: your z replaces the old state", ""),
        ("4", ""),
        ("", ""),
    ],
)
def test_a_language_is_seen_from_the_text(text: str, name: str) -> None:
    assert language(text) == name
