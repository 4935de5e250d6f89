"""The choosing guide of lesson 09: each advice names a section that claims something."""

import re

import pytest

from course_utils.delivery.authoring.document import documents

HERE = "09"


def text(number: str) -> str:
    """The cells of a lesson as its reader has them, without slides."""
    [lesson] = documents([number])
    return "\n\n".join(cell.source for cell in lesson.text().cells)


def guide() -> list[tuple[str, str, str]]:
    """(problem, lesson, beginning of a heading) for each section that the guide names."""
    table = text(HERE).split("## Which layer for which problem")[1].split("## Recap")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.count("|") > 3]
    found = []
    for problem, _, shown in rows[2:]:
        lesson = HERE if shown.startswith("here") else shown[:2]
        found += [(problem, lesson, heading) for heading in re.findall(r"\*(.+?)\*", shown)]
    return found


def section(number: str, heading: str) -> str:
    """The section whose heading begins so, up to the next heading; empty if there is none."""
    parts = re.split(r"(?m)^#{2,3} ", text(number))[1:]
    return next((part for part in parts if part.lstrip('"').startswith(heading)), "")


def test_the_guide_is_read():
    assert len(guide()) >= 10
    assert not section(HERE, "No such heading")


@pytest.mark.parametrize(("problem", "lesson", "heading"), guide())
def test_every_advice_is_shown_where_the_guide_says(problem, lesson, heading):
    assert "claim(" in section(lesson, heading), f"{problem}: {lesson}, {heading}"
