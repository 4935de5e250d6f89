"""A lesson as a sheet: what it asks, with room for answers, on one or two pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course_utils.authoring.document import documents
from course_utils.authoring.handout import command, sheet
from course_utils.authoring.slides.deck import decks
from tests.browsing import CHROMIUM, needs_browser
from tests.slides.test_decks import fetched

NAMES = [one.name for one in documents()]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_a_sheet_asks_what_its_lesson_asks(name: str) -> None:
    (deck,) = decks([name])
    source = documents([name])[0].source.read_text(encoding="utf-8")
    assert len(sheet.predictions(deck)) == source.count("# **Predict.**") >= 2
    assert sheet.question(deck).endswith("?") and "alt=" in sheet.figure(deck)
    assert len(set(sheet.equations(deck))) == len(sheet.equations(deck)) <= sheet.MOST_EQUATIONS


def test_choices_have_boxes_and_words_a_line() -> None:
    (deck,) = decks(["00"])
    page = sheet._predictions(deck)
    asked = sheet.choices(deck)
    assert all(len(some) >= 2 for some in asked) and len(asked) == len(sheet.predictions(deck))
    assert page.count("☐") == sum(map(len, asked)) + 3 * len(asked) and 'class="line"' not in page
    assert 'class="line"' in sheet._room(())


def test_equations_are_on_the_sheets_of_the_cells() -> None:
    for number in ("01", "04", "06"):
        assert len(sheet.equations(decks([number])[0])) >= 2, number


@needs_browser
@fetched
def test_every_sheet_has_one_or_two_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", str(CHROMIUM))
    lines: list[str] = []
    paths = command.write_handouts(NAMES, tmp_path, lines.append)
    pages = {
        path.stem[:2]: len(re.findall(rb"/Type /Page\b(?!s)", path.read_bytes())) for path in paths
    }
    assert {name: count for name, count in pages.items() if not 1 <= count <= 2} == {}
    assert all(str(path) in line for path, line in zip(paths, lines[-len(paths) :]))
