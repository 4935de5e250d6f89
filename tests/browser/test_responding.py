"""What moves in the lessons answers to mouse and keyboard, in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
START, GATES = "notebooks/00_start_here.ipynb", "notebooks/04_the_lstm_gate_by_gate.ipynb"


class Dial:
    """The first dial of lesson 00, with its kernel behind it."""

    def __init__(self, lab: LabPage):
        self.lab = lab
        box = lab.page.locator(".jp-OutputArea .widget-vbox").first
        self.handle = box.get_by_role("slider").first
        self.track = box.locator(".noUi-base").first
        self.readout = box.locator(".widget-readout").first
        self.menu = box.locator("select").first
        self.card = box.locator(".widget-html-content").first

    @property
    def at(self) -> int:
        return int(float(self.handle.get_attribute("aria-valuenow")))

    def wait_for_card(self, country: str, words: int) -> None:
        """Wait until the card shows `country` and as many words between it and the blank."""
        self.lab.page.wait_for_function(
            """([card, country, words]) => {
              const [start, end] = [card.querySelector("b"), card.querySelector("b ~ span")];
              const between = document.createRange();
              between.setStartAfter(start);
              between.setEndBefore(end);
              const count = between.toString().match(/[\\p{L}'’-]+/gu)?.length ?? 0;
              return start.textContent === country && count === words;
            }""",
            arg=[self.card.element_handle(), country, words],
        )

    def says(self) -> list[str]:
        """What each network says, as the card has it."""
        return re.findall(r"says (\w+)", self.card.inner_text())


@pytest.fixture
def dial(lab: LabPage) -> Iterator[Dial]:
    lab.open(START)
    lab.select_cell("sentence_dial(scene")
    lab.choose("Run", "Run All Above Selected Cell")
    lab.choose("Run", "Run Selected Cell")
    shown = Dial(lab)
    shown.handle.wait_for()
    yield shown
    lab.shut_kernel()


def test_the_dial_of_lesson_00_moves_france(dial: Dial) -> None:
    keys, mouse = dial.lab.page.keyboard, dial.lab.page.mouse
    dial.wait_for_card("France", 3)
    assert dial.says() == ["French"] * 3

    dial.handle.focus()
    for key, words in (("ArrowRight", 4), ("ArrowRight", 5), ("ArrowLeft", 4), ("End", 80)):
        keys.press(key)
        dial.wait_for_card("France", words)
        assert dial.at == words and dial.readout.inner_text() == str(words)
    assert dial.says() != ["French"] * 3, "at 80 words no network forgot"

    track, handle = dial.track.bounding_box(), dial.handle.bounding_box()
    height = handle["y"] + handle["height"] / 2
    mouse.move(handle["x"] + handle["width"] / 2, height)
    mouse.down()
    mouse.move(track["x"] + track["width"] * 0.6, height, steps=5)
    mouse.move(track["x"] + track["width"] * 0.25, height, steps=5)
    mouse.up()
    pulled = dial.at
    assert 15 <= pulled <= 30
    dial.wait_for_card("France", pulled)

    dial.readout.fill("12")
    keys.press("Enter")
    dial.wait_for_card("France", 12)
    assert dial.at == 12

    dial.menu.select_option("Japan")
    dial.wait_for_card("Japan", 12)
    assert dial.lab.seen.complaints == []


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
    lab.select_cell("from course_utils.player import")
    player.box.wait_for()
    try_out(player)  # as the course laid it, not run yet
    lab.choose("Edit", "Clear Cell Output")
    player.box.wait_for(state="detached")
    lab.choose("Run", "Run Selected Cell")
    try_out(player)
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
