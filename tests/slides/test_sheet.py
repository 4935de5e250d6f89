"""A lesson as a sheet: what it asks, with room for answers, on one or two pages."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils.delivery.authoring.document import documents
from course_utils.delivery.authoring.handout import command, sheet
from course_utils.delivery.authoring.markup import inline
from course_utils.delivery.authoring.slides.deck import ITEM, Deck, decks
from course_utils.delivery.authoring.slides.rules import findings
from tests.browsing import CHROMIUM, needs_browser
from tests.slides.test_decks import fetched

NAMES = [one.name for one in documents()]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_a_sheet_asks_what_its_slides_ask(name: str) -> None:
    (deck,) = decks([name])
    asked = [slide for slide in deck.slides if slide.kind == "predict"]
    page = sheet._predictions(deck)
    assert [page.count(inline(slide.title)) for slide in asked] == [1] * len(asked)
    assert page.count("<li>") == len(asked) >= 2
    told = [slide.title + ITEM.sub("", slide.body) for slide in asked]
    assert [text for text in told if re.search(r"\b(above|below)\b", text)] == []
    choices = sum(len(ITEM.findall(slide.body)) for slide in asked)
    assert page.count("☐") == choices + 3 * len(asked)
    assert page.count("☐ <b>A</b>") == page.count("☐ <b>B</b>") == len(asked)
    assert sheet.question(deck).endswith("?")
    assert len(set(sheet.equations(deck))) == len(sheet.equations(deck)) <= sheet.MOST_EQUATIONS


def test_no_sheet_gives_an_answer_away() -> None:
    with_figure = [deck for deck in decks(NAMES) if sheet.figure(deck)]
    assert [deck.number for deck in with_figure] == ["00", "01", "02", "03", "04", "06", "08", "11"]
    for deck in with_figure:
        (shown,) = [slide for slide in deck.slides if slide.sheet]
        assert "alt=" in sheet.figure(deck)
        before = deck.slides[deck.slides.index(shown) - 1]
        assert shown.kind == "figure" and before.kind != "predict", deck.number
        assert not numbers(sheet.figure(deck)) & answered(deck), deck.number
    (deck,) = decks(["00"])
    told = [slide for slide in deck.slides if slide.title.startswith("At 25 words")]
    wrong = replace(deck, slides=tuple(replace(one, sheet=one in told) for one in deck.slides))
    assert any("no figure for the sheet" in one for one in findings(_behind_a_prediction(wrong)))


def test_no_number_of_an_answer_stands_in_the_figure() -> None:
    (deck,) = decks(["01"])
    drawn = [replace(one, sheet=one.title.startswith("One cell, drawn")) for one in deck.slides]
    wrong = replace(deck, slides=tuple(drawn))
    assert numbers(sheet.figure(wrong)) & answered(deck) == {"0.18", "0.36", "0.76"}


def test_what_comes_back_in_a_step_is_no_equation_of_a_sheet() -> None:
    (deck,) = decks(["04"])
    assert sheet.equations(deck)[0].startswith("c_t = c_{t-1} + i_t")
    assert any("J_t" in one for one in sheet.equations(decks(["03"])[0]))


def numbers(text: str) -> set[str]:
    """The decimals in the words for a figure."""
    return decimals("".join(re.findall(r'alt="([^"]*)"', text)))


def answered(deck: Deck) -> set[str]:
    """The decimals that a slide shows behind a prediction, without those of the question."""
    found = set()
    for asked, shown in itertools.pairwise(deck.slides):
        if asked.kind == "predict":
            told = shown.title + shown.body + asked.answer
            found |= decimals(told) - decimals(asked.title + asked.body)
    return found


def decimals(text: str) -> set[str]:
    return set(re.findall(r"\d\.\d+", text))


def _behind_a_prediction(deck: Deck) -> Deck:
    """The deck without the dial, so that its marked figure answers the prediction before it."""
    return replace(deck, slides=tuple(one for one in deck.slides if one.kind != "dial"))


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:2])
def test_a_sheet_points_at_nothing_that_is_not_on_paper(name: str) -> None:
    text = sheet.blank_file(decks([name])[0])
    assert not re.search(r"\b(above|below)\b", text), text


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
