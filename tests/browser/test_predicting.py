"""Predictions in JupyterLab: there before anything runs, kept in the workbook, never dead."""

from __future__ import annotations

import json

from course_utils.delivery.start_page import page
from course_utils.workbook import Workbook
from tests.browser.conftest import PICTURES
from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
LESSON = "notebooks/00_start_here.ipynb"
CELLS = "from course_utils.predictions import predict"
SCORE = "from course_utils.predictions import score"
SAVE = "async () => { await window.jupyterapp.shell.currentWidget.context.save(); return true; }"
CHOOSE = "index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"
AT = "index => window.jupyterapp.shell.currentWidget.content.activeCellIndex === index"
BRING = "index => window.jupyterapp.shell.currentWidget.content.scrollToItem(index, 'center')"


def places(lab: LabPage, start: str) -> list[int]:
    return [place for place, cell in enumerate(lab.cells()) if cell.source.startswith(start)]


def control(lab: LabPage, place: int) -> object:
    """The control of a cell, brought into sight."""
    lab.page.evaluate(BRING, place)
    box = lab.page.locator(f'.jp-Cell[data-windowed-list-index="{place}"] .prediction')
    box.wait_for()
    return box


def kept(lab: LabPage) -> dict:
    """What the workbook's file holds of lesson 00, once it is there."""
    path = lab.server.workbook / "predictions.json"
    while not path.is_file():
        lab.page.wait_for_timeout(100)
    return json.loads(path.read_text(encoding="utf-8"))["predictions"]["00"]


def test_a_prediction_is_made_before_anything_runs_and_stays(lab: LabPage) -> None:
    lab.open(LESSON)
    first, second = places(lab, CELLS)[:2]
    assert lab.cells()[second].outputs and not lab.cells()[second + 1].outputs
    box, keys = control(lab, first), lab.page.keyboard
    lab.page.screenshot(path=PICTURES / "prediction.png")
    box.get_by_role("radio", name="only the RNN").focus()
    before = lab.active_cell(), len(lab.cells())
    keys.press("Space")
    for key in "adj":  # of the notebook outside: a cell above, delete, the next cell
        keys.press(key)
    assert (lab.active_cell(), len(lab.cells())) == before
    box.get_by_role("radio", name="certain").check()
    with lab.page.expect_response(lambda one: one.request.method == "PUT"):
        keys.press("Enter")
    box.get_by_text("Noted: you are certain.").wait_for()
    (record,) = kept(lab).values()
    assert record["said"] == "only the RNN" and record["sure"] == 2
    assert "| 1 of 6 |" in page(Workbook(lab.server.workbook))  # START.md counts it

    keys.press("Shift+Enter")  # runs the cell, wherever the focus is, and goes to the next one
    lab.page.wait_for_function(AT, arg=first + 1)
    keys.press("Shift+Enter")
    lab.page.wait_for_function(AT, arg=first + 2)
    box.get_by_text("Noted: you are certain.").wait_for()  # and no button was pressed

    lab.run_cell("from copy import copy, deepcopy")  # the set-up, and the cell of the prediction
    lab.page.evaluate(BRING, first)
    lab.page.evaluate(CHOOSE, first)
    lab.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    control(lab, first).get_by_text("Noted: you are certain.").wait_for()
    lab.page.evaluate(SAVE)
    lab.shut_kernel()
    lab.page.evaluate("() => localStorage.clear()")  # another browser, another port
    lab.page.reload()
    lab.wait_until_ready(LESSON)
    control(lab, first).get_by_text("Noted: you are certain.").wait_for()
    control(lab, places(lab, SCORE)[0]).get_by_text("1 of 1 came true. 5 more wait").wait_for()
    lab.page.screenshot(path=PICTURES / "prediction-score.png")
    assert "model not found" not in lab.page.content()
    assert lab.seen.complaints == []
    lab.shut_kernel()


def test_a_damaged_file_is_put_aside(lab: LabPage) -> None:
    path = lab.server.workbook / "predictions.json"
    path.write_text("{ damaged", encoding="utf-8")
    lab.open(LESSON, workspace="damaged")
    box = control(lab, places(lab, CELLS)[1])
    box.get_by_role("radio", name="about 8 in 100").check()
    box.get_by_role("radio", name="a guess").check()
    with lab.page.expect_response(lambda one: one.request.method == "PUT"):
        box.get_by_role("button", name="That is my prediction").click()
    (record,) = kept(lab).values()
    assert record["said"] == "about 8 in 100"
    (aside,) = lab.server.workbook.glob("predictions.damaged-*.json")
    assert aside.read_text(encoding="utf-8") == "{ damaged"
    lab.shut_kernel()


def test_in_the_dark(lab: LabPage) -> None:
    lab.open(LESSON, workspace="dark")
    theme = "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: %r})"
    lab.page.evaluate(theme % "JupyterLab Dark")
    box = control(lab, places(lab, CELLS)[2])
    lab.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    lab.page.locator('.prediction[data-theme="dark"]').first.wait_for()
    box.get_by_role("radio", name="about 0.3").check()
    lab.page.screenshot(path=PICTURES / "prediction-dark.png")
    lab.page.evaluate(theme % "JupyterLab Light")
    lab.shut_kernel()
