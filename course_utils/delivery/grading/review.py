"""A second look at marks: whose variant an answer is, and whether a mistake was charged twice."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from course_utils.delivery.grading import copies
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.judging import judge_one
from course_utils.delivery.grading.lending import Loan
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.runs import Ran, Run
from course_utils.feedback.plain import clean, listed
from course_utils.feedback.standin import praise


def review(entry: Entry, marks: Marks, ran: Ran, everyone: list[str]) -> Generator[Run, Ran, Marks]:
    """The marks after a second look. Yields the runs that it needs, takes what came of each."""
    marks = yield from copies.named(entry, marks, ran, everyone)
    return (yield from once(entry, marks))


def once(entry: Entry, marks: Marks) -> Generator[Run, Ran, Marks]:
    """The same marks, but what is wrong only because it uses something wrong counts as right.

    The learner's cells run once more, with the references in place of the wrong functions. Nothing
    gets fewer points by that, and nothing but the tasks that use them gets more.
    """
    wrong = {mark.problem for mark in marks.marks if mark.points < mark.out_of}
    uses = {}
    for mark in marks.marks:
        used = tuple(name for name in entry.uses(mark.problem) if name in wrong)
        answered = mark.problem in entry.submission.answers
        if used and answered and mark.problem in wrong and mark.misconception != copies.COPY:
            uses[mark.problem] = used
    if not uses:
        return marks
    lent = {name: entry.own(name) for used in uses.values() for name in used}
    ran = yield entry.run(only=list(uses), loan=Loan(lent))
    better = {name: judge_one(entry, name, ran.answers.get(name)) for name in uses}
    new = [
        _lifted(entry, better[mark.problem], uses[mark.problem])
        if mark.problem in uses and better[mark.problem].points > mark.points
        else mark
        for mark in marks.marks
    ]
    return replace(marks, marks=tuple(new))


def _lifted(entry: Entry, mark: Mark, used: tuple[str, ...]) -> Mark:
    said = praise(entry.own(mark.problem), used)
    if mark.points < mark.out_of:
        said = f"With the right {listed(used)} in place of yours: {mark.message}"
    return replace(mark, message=clean(said, 1500))
