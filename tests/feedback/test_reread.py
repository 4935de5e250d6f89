"""After every known mistake there is a section to read again, and it is in the lesson."""

import json
import re
from pathlib import Path

import pytest

from course_utils.feedback import problems
from course_utils.feedback.reread import MISTAKES, PROBLEMS, Place, place_of

ROOT = Path(__file__).resolve().parents[2]
HEADING = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)


def headings(lesson: str) -> set[str]:
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return {found for text in texts for found in HEADING.findall(text)}


@pytest.mark.parametrize("name", problems.names())
def test_every_mistake_has_a_section_that_exists(name: str) -> None:
    for mistake in [None, *(one.name for one in problems.get(name).misconceptions)]:
        place = place_of(name, mistake)
        assert place and place.section in headings(place.lesson), (name, mistake, place)


def test_no_section_is_kept_for_what_is_gone() -> None:
    assert set(PROBLEMS) == set(problems.names())
    for problem, mistake in MISTAKES:
        assert mistake in {one.name for one in problems.get(problem).misconceptions}, mistake
        assert MISTAKES[problem, mistake] != PROBLEMS[problem], (problem, mistake)


def test_a_place_in_words_and_as_an_anchor() -> None:
    place = Place("04", "It never forgets: the forget gate")
    assert str(place) == "lesson 04, section “It never forgets: the forget gate”"
    assert place.anchor == "it-never-forgets-the-forget-gate"
    assert place_of("a problem of a teacher's own") is None
