"""The evening before: what must be read is short, and what is to be done can be done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.teach import reading

MOST_WORDS = 3000
PLAN = re.compile(r"plan-[\w-]+\.md")


def reading_for(plan: str, texts: dict[str, str]) -> list[str]:
    """The pages that a teacher of this plan must read: those that the evening's page names so."""
    part = reading.parts(texts["evening.md"])["What to read"].partition("to be looked up")[0]
    must, _, _ = part.partition("That is all")
    named = [link for link in reading.LINK.findall(must) if link.endswith(".md")]
    others = [link for link in named if not PLAN.fullmatch(link)]
    assert plan in named, "the plan's page is among what must be read"
    return ["evening.md", plan, *others]


@pytest.mark.parametrize(
    "plan", ["plan-3-hours.md", "plan-1-day.md", "plan-2-days.md", "plan-semester.md"]
)
def test_the_reading_of_an_evening_is_short(plan: str, texts: dict[str, str]) -> None:
    names = reading_for(plan, texts)
    assert sum(len(texts[name].split()) for name in names) < MOST_WORDS, names


def test_what_is_named_as_all_is_all(texts: dict[str, str]) -> None:
    assert reading_for("plan-3-hours.md", texts) == ["evening.md", "plan-3-hours.md"]
    before = texts["plan-3-hours.md"].partition("## Slot by slot")[0]
    assert not re.search(r"\b[Rr]ead\b[^.|]*\]\(", before), "the plan sends nobody on to read more"


def test_seventy_minutes_are_seventy(texts: dict[str, str]) -> None:
    part = reading.parts(texts["evening.md"])["Seventy minutes for three hours"]
    assert sum(int(n) for n in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)) == 70


def test_the_check_list_is_one_of_boxes(texts: dict[str, str]) -> None:
    part = reading.parts(texts["evening.md"])["Check-list"]
    assert [line for line in part.splitlines() if line.startswith("- ") and "[ ]" not in line] == []


def test_nothing_says_that_a_workbook_comes_with_results(folder: Path) -> None:
    for path in folder.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert "come executed" not in text and "clears its outputs" not in text, path.name
