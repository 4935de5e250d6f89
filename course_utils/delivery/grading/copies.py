"""Another learner's variant: what it is worth, and how it is told from a mistake.

An answer that is right for another variant gives nothing, so no part of it may either, or it would
pay to spoil it a little: an output whose right numbers are the same in another variant counts only
if all are right.

Whose an answer is shows in the answers that were marked: each variant with the same questions says
what it would have answered. A variant that asks something else is asked in a worker of its own, in
the place of the learner's, with everything before and after it as it was: code that counts its
calls, or looks at them, sees what it saw before.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.delivery.grading import wire
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.runs import Ran, Run
from course_utils.delivery.grading.variants import Varied
from course_utils.feedback.reading import all_same, expected
from course_utils.feedback.verdict import Verdict

COPY = "another learner's variant"


def worth(one: Varied, variant: tuple, questions: list[tuple], verdict: Verdict) -> float:
    """The score of an answer to this variant: of its right outputs only those that tell."""
    if verdict.correct or not verdict.score:
        return verdict.score
    right = set(verdict.right)
    for other in one.variants():
        if other != variant:
            right -= _shared(one.problem(variant), one.problem(other), questions)
    return verdict.score * len(right) / max(len(verdict.right), 1)


def _shared(problem: Any, other: Any, questions: list[tuple]) -> set[str]:
    """The outputs for which both variants ask the same numbers."""
    try:
        ours, theirs = expected(problem, questions), expected(other, questions)
        return {
            output.name
            for output in problem.output_list
            if all_same(theirs, ours, problem.tolerance, [output.name])
        }
    except Exception:  # the other one cannot answer these questions, or is of another kind
        return set()


def named(entry: Entry, marks: Marks, ran: Ran, everyone: list[str]) -> Generator[Run, Ran, Marks]:
    """The same marks, but an answer that is right for another variant is called that: no points.

    Yields the runs that are needed to know it, and takes what came of them.
    """
    found = {}
    waiting = {}
    for name in suspicious(entry, marks):
        ways = _ways_to_ask(entry, name)
        found[name] = _right_for(entry, name, ways.pop(0), ran)
        if found[name] is None:
            waiting[name] = ways
    while waiting := {name: ways for name, ways in waiting.items() if ways}:
        others = {name: ways.pop(0) for name, ways in waiting.items()}
        ran = yield entry.run({name: variants[0] for name, variants in others.items()})
        for name, variants in others.items():
            found[name] = _right_for(entry, name, variants, ran)
            if found[name] is not None:
                del waiting[name]
    new = [
        _copied(entry, mark, found[mark.problem], everyone) if found.get(mark.problem) else mark
        for mark in marks.marks
    ]
    return replace(marks, marks=tuple(new))


def suspicious(entry: Entry, marks: Marks) -> list[str]:
    """The varied problems of which the learner handed in something, and it is not right."""
    wrong = {mark.problem for mark in marks.marks if mark.points < mark.out_of}
    return [n for n in entry.set.varied if n in wrong and n in entry.submission.answers]


def _ways_to_ask(entry: Entry, name: str) -> list[list[tuple]]:
    """The other variants in groups that are asked the same, the learner's own group first.

    That group may be empty.
    """
    one = entry.set.varied[name]
    own = one.variant_of(entry.secret, entry.learner)
    ways: dict[object, list[tuple]] = {_asked(entry, name, own): []}
    for variant in one.variants():
        if variant != own:
            ways.setdefault(_asked(entry, name, variant), []).append(variant)
    return list(ways.values())


def _asked(entry: Entry, name: str, variant: tuple) -> object:
    """What a worker is told of a variant, as something to compare."""
    asked = entry.question(name, variant)
    try:
        return wire.pack([list(asked.card), asked.inputs])
    except TypeError:  # no plain data: like nothing else
        return variant


def _right_for(entry: Entry, name: str, variants: list[tuple], ran: Ran) -> tuple | None:
    """The variant of these to which the answers are right, if there is one."""
    answers = ran.answers.get(name)
    for variant in variants if isinstance(answers, list) else ():
        problem = entry.set.varied[name].problem(variant)
        try:
            with np.errstate(all="ignore"):
                verdict = problem.judge(problem.questions(entry.seed(name)), answers)
        except Exception:  # strange data: it is no right answer
            continue
        if verdict.correct:
            return variant
    return None


def _copied(entry: Entry, mark: Mark, found: tuple, everyone: list[str]) -> Mark:
    one = entry.set.varied[mark.problem]
    had = [name for name in everyone if one.variant_of(entry.secret, name) == found]
    own = one.describe(one.variant_of(entry.secret, entry.learner))
    note = (
        f"{mark.problem} answers the variant {one.describe(found)}, which was given to "
        f"{', '.join(had) or 'nobody here'}."
    )
    message = f"This is the answer to another learner's variant; yours has {own}."
    return replace(mark, points=0.0, message=message, misconception=COPY, note=note)
