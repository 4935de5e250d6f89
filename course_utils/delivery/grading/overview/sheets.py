"""The class at a glance as tables: one line for each task, one for each mistake."""

from __future__ import annotations

import math
from collections.abc import Iterator

from course_utils.delivery.grading.overview.facts import Overview

Rows = list[list[object]]


def tables(told: Overview) -> Iterator[tuple[str, list[str], Rows]]:
    """What the file's name ends in, the head and the rows of each table."""
    yield "", TASKS, [list(task_row(one)) for one in told.tasks]
    yield "_mistakes", MISTAKES, [mistake_row(told, one) for one in told.mistakes]


TASKS = [
    *["task", "problem", "title", "learners", "solved", "partly", "wrong", "not begun"],
    *["share solved", "mean points", "out of", "separates", "correlation", "low", "high"],
    "median hours from hand-out to hand-in of those who solved it",
]
MISTAKES = ["problem", "mistake", "learners", "of", "message", "lesson", "section", "names"]


def task_row(one) -> Iterator[object]:
    yield from (one.number, one.problem, one.title, one.learners)
    yield from (one.solved, one.partly, one.wrong, one.empty)
    yield from (round(one.solved / one.learners, 3), round(one.mean, 3), one.out_of)
    yield one.separation.words
    yield from (round(x, 2) if math.isfinite(x) else "" for x in one.separation[:3])
    yield "" if one.hours is None else round(one.hours, 1)


def mistake_row(told: Overview, one) -> list[object]:
    place = (one.place.lesson, one.place.section) if one.place else ("", "")
    count, names = len(one.learners), ", ".join(told.names.get(who, who) for who in one.learners)
    return [one.problem, one.name, count, len(told.learners), one.message, *place, names]
