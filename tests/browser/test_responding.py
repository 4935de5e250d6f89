"""What moves in the lessons answers to mouse and keyboard, in JupyterLab."""

from __future__ import annotations

import re

from course_utils.dial.recording import NETWORKS, record, says
from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
SAVE = "async () => { await window.jupyterapp.shell.currentWidget.context.save(); return true; }"
RUN_OPENING = """() => {
  window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1;
  return window.jupyterapp.commands.execute("notebook:run-cell");
}"""
START, GATES = "notebooks/00_start_here.ipynb", "notebooks/04_the_lstm_gate_by_gate.ipynb"


class Dial:
    """A dial of lesson 00; `place` counts those of the notebook. None of them needs a kernel."""

    def __init__(self, lab: LabPage, place: int = 0):
        self.lab = lab
        self.box = lab.page.locator(".carousel-dial .fe").nth(place)
        self.slider = self.box.get_by_role("slider")

    def says(self, words: int) -> list[str]:
        """What the three networks say with so many words between."""
        self.slider.fill(str(words))
        assert self.box.locator(".fe-count").inner_text() == str(words)
        heads = self.box.locator(".fe-head").all_text_contents()
        return [re.search(r"says (\w+)", head)[1] for head in heads]


def recorded(part: str, words: int) -> list[str]:
    return [says(record(part), "France", network, words) for network in NETWORKS]


def test_france_is_lost_in_the_first_screen_before_anything_is_run(lab: LabPage) -> None:
    lab.open(START)
    dial, keys = Dial(lab), lab.page.keyboard
    dial.slider.wait_for()
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    box = dial.box.bounding_box()
    assert box["y"] + box["height"] < 720, "below the first screen"
    assert dial.says(3) == recorded("near", 3) == ["French"] * 3
    dial.slider.focus()
    for _ in range(22):
        keys.press("ArrowRight")
    assert dial.says(25) == recorded("near", 25) != ["French"] * 3
    guess = dial.box.get_by_role("button", name="GRU")
    guess.click()
    lab.page.evaluate(RUN_OPENING)
    dial.box.locator(".fe-count").get_by_text("3", exact=True).wait_for()  # made anew
    assert guess.get_attribute("aria-pressed") == "true", "the guess is forgotten"
    dial.slider.focus()
    before = lab.active_cell(), len(lab.cells())
    for key in "adj":  # of the notebook outside: a cell above, delete, the next cell
        keys.press(key)
    assert (lab.active_cell(), len(lab.cells())) == before
    assert lab.seen.complaints == []


def test_a_dial_and_the_pictures_stay_true_in_every_order(lab: LabPage) -> None:
    """All cells, then upwards again: what trains later leaves what was said before it."""
    lab.open(START, workspace="orders")
    sure = "for name, three in runs.items():\n    sure"
    cells = {"stills": "scenes = [scene", "shown": sure, "own": "sentence_dial(after"}
    lab.run_all()
    first, own = Dial(lab), Dial(lab, 1)
    lab.select_cell(cells["own"])
    own.slider.wait_for()
    later = own.says(60)
    again = [lab.run_cell(cells[name]) for name in ("shown", "stills")]
    assert "at 40 words" in again[0].text and not again[1].outputs
    lab.select_cell(cells["own"])
    assert own.says(60) == later
    lab.page.evaluate(SAVE)
    lab.shut_kernel()
    lab.page.reload()  # opened again, without a kernel of before
    lab.wait_until_ready(START)
    first.slider.wait_for()
    assert first.says(25) == recorded("near", 25)
    lab.select_cell(cells["own"])
    own.slider.wait_for()
    assert own.says(60) == later
    assert "model not found" not in lab.page.content()
    lab.shut_kernel()


class Player:
    """The animated cells of lesson 04, in a page of JupyterLab."""

    def __init__(self, lab: LabPage):
        self.lab = lab
        self.box = lab.page.locator(".player")

    def press(self, name: str, step: int) -> None:
        """Press a button and wait until the player stands at `step`."""
        self.box.get_by_role("button", name=name, exact=True).click()
        self.wait_for_step(step)

    def wait_for_step(self, step: int) -> None:
        self.box.get_by_text(f"t = {step} of 40", exact=True).wait_for()

    def says(self) -> str:
        return self.box.get_by_role("status").text_content()


def test_the_cells_of_lesson_04_play(lab: LabPage) -> None:
    lab.open(GATES)
    player = Player(lab)
    lab.run_cell("from course_utils.player import")
    player.box.wait_for()
    try_out(player)
    lab.page.evaluate(SAVE)
    lab.shut_kernel()
    lab.page.reload()
    lab.wait_until_ready(GATES)
    lab.select_cell("from course_utils.player import")
    player.box.wait_for()
    try_out(player)  # of a kernel that is gone
    assert lab.seen.complaints == []
    lab.shut_kernel()


def try_out(player: Player) -> None:
    """Press what the player has, and see each press answered."""
    player.press("First step", 1)
    player.press("Step forward", 2)
    assert player.says().startswith("Forward pass. Step 2 of 40")
    player.press("Step back", 1)
    player.box.get_by_label("Speed").select_option("8")
    player.press("Play", 40)
    player.press("← Backward pass", 40)
    player.press("First step", 1)
    assert player.says().startswith("Backward pass. Step 1 of 40")
    lab, keys = player.lab, player.lab.page.keyboard
    before = lab.active_cell(), len(lab.cells())
    player.box.get_by_role("slider").focus()
    for key, step in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        keys.press(key)
        player.wait_for_step(step)
    for key in "adj":  # of the notebook outside: a cell above, delete, the next cell
        keys.press(key)
    assert (lab.active_cell(), len(lab.cells())) == before
