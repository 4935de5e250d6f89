"""JupyterLab opens the course as `course lab` starts it."""

from __future__ import annotations

import pytest

from course_utils.laying import cleared, hash_of
from course_utils.workbook import COURSE
from tests.browser.page import LabPage
from tests.browsing import needs_browser
from tests.pictures import kept_pictures

pytestmark = needs_browser
# How a figure with these words would look.
DRESSED = """(alt) => {
  const look = { className: "carousel-figure", alt };
  const figure = Object.assign(document.createElement("img"), look);
  document.querySelector(".jp-Notebook").append(figure);
  const { filter } = getComputedStyle(figure);
  figure.remove();
  return filter;
}"""
FIRST = "notebooks/00_start_here.ipynb"


def test_the_first_lesson_is_there_and_ready(lab: LabPage) -> None:
    lab.page.goto(lab.server.first)
    lab.wait_until_ready(FIRST)
    heading = lab.page.get_by_role("heading", name="00 · Start here: the sentence that forgets")
    assert heading.is_visible()
    assert lab.dialogs() == []
    assert lab.seen.complaints == []
    lab.shut_kernel()


def test_only_what_a_learner_needs_is_in_sight(lab: LabPage) -> None:
    lab.open(FIRST)
    menus = lab.page.get_by_role("menubar").get_by_role("menuitem").all_inner_texts()
    assert {"File", "Edit", "Run", "Kernel", "Help"} <= {menu.strip() for menu in menus}
    assert lab.page.get_by_text("Nbgrader").count() == 0
    lab.shut_kernel()


def test_a_lesson_that_was_opened_and_saved_is_not_the_learners_yet(lab: LabPage) -> None:
    lab.open(FIRST)
    lab.page.keyboard.press("Control+s")
    lab.wait_until_saved()
    mine, ours = (folder / FIRST for folder in (lab.server.workbook, COURSE))
    assert hash_of(mine.read_bytes()) == hash_of(cleared(ours.read_bytes()))
    lab.shut_kernel()


def test_the_dark_theme_reaches_everything(lab: LabPage, pytestconfig: pytest.Config) -> None:
    lab.open("notebooks/04_the_lstm_gate_by_gate.ipynb")
    lab.run_cell("from course_utils.player import")
    player = lab.page.locator(".player")
    assert player.get_attribute("data-theme") == "light"
    lab.choose("Settings", "Theme")
    lab.page.locator(".lm-Menu-item:visible", has_text="JupyterLab Dark").last.click()
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    lab.page.locator('.player[data-theme="dark"]').wait_for()
    assert "invert" in lab.page.evaluate(DRESSED, "A curve that falls.")
    assert "invert" not in lab.page.evaluate(DRESSED, "The darker a word, the more it counts.")
    assert lab.read_through(kept_pictures(pytestconfig, "lab"), "dark-04") > 3
    assert lab.seen.complaints == []
    lab.shut_kernel()
