"""Which known mistakes give exactly these wrong answers: one, two together, or one an output."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

from course_utils.feedback.exercise import Exercise, Misconception, Output, edited
from course_utils.feedback.reading import Reading, all_same, mistaken, mistaken_one

MOST = 3  # mistakes that are named at once


class Found(NamedTuple):
    """The mistakes that were recognised, and the wrong outputs that they do not explain."""

    mistakes: tuple[Misconception, ...]
    unexplained: tuple[Output, ...]


def recognise(
    problem: Exercise,
    questions: list[tuple],
    readings: list[Reading],
    wrong: list[Output],
) -> Found:
    """What is known about wrong answers.

    A mistake that gives all of them; else a pair that does; else a mistake for each wrong output
    that is known. Nobody is told of a mistake whose numbers differ from the answer's.
    """
    answers = {}
    for one in problem.misconceptions:
        answers[one.name] = made = mistaken(problem, one, questions)
        if made and all_same(readings, made, problem.tolerance):
            return Found((one,), ())
    for pair in combinations(problem.misconceptions, 2):
        both = _both(problem, *pair)
        if both and _agree(problem, both, questions, readings):
            return Found(pair, ())
    return _by_output(problem, answers, readings, wrong)


def _both(problem: Exercise, one: Misconception, other: Misconception) -> Misconception | None:
    """The two mistakes in one function; None if they are not made of edits, or exclude each other.

    The second edit may find its text only after the first, so both orders are tried.
    """
    if not (one.edits and other.edits):
        return None
    for edits in (one.edits + other.edits, other.edits + one.edits):
        try:
            return Misconception("", "", edited(problem.reference, edits))
        except (ValueError, SyntaxError):
            pass
    return None


def _agree(problem: Exercise, mistake: Misconception, questions, readings: list[Reading]) -> bool:
    """Whether it gives these answers; the first question that it answers otherwise decides."""
    for question, reading in zip(questions, readings):
        made = mistaken_one(problem, mistake, question)
        if made is None or not all_same([reading], [made], problem.tolerance):
            return False
    return True


def _by_output(problem: Exercise, answers, readings, wrong: list[Output]) -> Found:
    """A mistake for each wrong output: each may have its own."""
    found: list[Misconception] = []
    unexplained: list[Output] = []
    for output in wrong:
        known = [
            one
            for one in problem.misconceptions
            if answers[one.name]
            and all_same(readings, answers[one.name], problem.tolerance, [output.name])
        ]
        if not known:
            unexplained.append(output)
        elif not any(one in found for one in known):
            found.append(known[0])
    if len(found) > MOST:
        return Found((), tuple(wrong))
    return Found(tuple(found), tuple(unexplained))
