"""What everybody in a class could have seen of a task: the set, its lesson, and known mistakes."""

from __future__ import annotations

import contextlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_utils.delivery.grading.sets import COURSE, ProblemSet, marked, text_of


def sources(one: ProblemSet) -> dict[str, list[str]]:
    """Code that is no evidence if two learners share it, for each problem of a set."""
    shown = [text_of(cell) for cell in one.notebook["cells"] if cell["cell_type"] == "code"]
    shown += list(lesson(COURSE / "notebooks" / f"{one.name}.ipynb"))
    return {name: [*shown, *answers(one.problem(name, None))] for name in one.problems}


def lesson(path: Path) -> Iterator[str]:
    """The code of the lesson that goes with a set of the course."""
    if path.is_file():
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from (text_of(cell) for cell in cells if cell["cell_type"] == "code")


def answers(problem: Any) -> Iterator[str]:
    """The worked answer of the bank, and the same with each known mistake."""
    with contextlib.suppress(OSError, TypeError, AttributeError):
        source = textwrap.dedent(inspect.getsource(problem.reference))
        yield source
        for mistake in problem.misconceptions:
            changed = source
            for old, new in mistake.edits:
                changed = changed.replace(old, new)
            yield changed


def stubs(handed_out: dict) -> dict[str, str]:
    """What stands in each answer's cell of the hand-out."""
    return {
        marked(cell)["grade_id"]: text_of(cell)
        for cell in handed_out["cells"]
        if marked(cell).get("solution") and cell["cell_type"] == "code"
    }
