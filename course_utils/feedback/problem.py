"""An exercise that judges its answers, and the short way to describe its misconceptions."""

from __future__ import annotations

from collections.abc import Callable

from course_utils.feedback.exercise import Exercise, Misconception, edited
from course_utils.feedback.judging import judge
from course_utils.feedback.verdict import Verdict


class Problem(Exercise):
    """An exercise that judges its answers; its arguments are those of `Exercise`."""

    def judge(self, questions: list[tuple], answers: list) -> Verdict:
        """What the answers (plain data or Failure) to the questions are worth; runs none of it."""
        return judge(self, questions, answers)


def slip(reference: Callable, name: str, message: str, *edits: tuple[str, str]) -> Misconception:
    """A misconception that differs from the reference in a few lines: (old text, new text)."""

    def answer(*arguments):
        return edited(reference, edits)(*arguments)

    return Misconception(name, message, answer, edits)


def slips(reference: Callable, *rows: tuple) -> tuple[Misconception, ...]:
    """A misconception for each row (name, message, (old, new), ...): see `slip`."""
    return tuple(slip(reference, *row) for row in rows)
