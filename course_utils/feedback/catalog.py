"""What the bank holds, lesson by lesson, in words: for teachers, and for pages made of it."""

from __future__ import annotations

from typing import NamedTuple

from course_utils.feedback import problems
from course_utils.feedback.problem import Problem


class Mistake(NamedTuple):
    """A misconception: its short name, and what a learner is told who made it."""

    name: str
    message: str


class Entry(NamedTuple):
    """A problem of a lesson, with the mistakes that its check knows by name."""

    name: str
    title: str
    task: str
    points: int
    minutes: int
    mistakes: tuple[Mistake, ...]


def by_lesson() -> dict[str, tuple[Entry, ...]]:
    """The problems of each lesson ("00", "01", ...) that has any, in the order of the lessons."""
    found: dict[str, list[Entry]] = {}
    for name in problems.names():
        problem = problems.get(name)
        found.setdefault(problem.lesson, []).append(_entry(problem))
    return {lesson: tuple(entries) for lesson, entries in found.items()}


def _entry(problem: Problem) -> Entry:
    mistakes = tuple(Mistake(one.name, one.message) for one in problem.misconceptions)
    return Entry(
        problem.name, problem.title, problem.task, problem.points, problem.minutes, mistakes
    )
