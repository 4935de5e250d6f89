"""What is said of an answer beside its verdict: how it was found, and what it did without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.healing import definitions
from course_utils.delivery.grading.marks import Mark
from course_utils.delivery.grading.runs import Ran
from course_utils.feedback.run import NOT_FILLED
from course_utils.feedback.verdict import Failure
from course_utils.language import translated


def remarks(entry: Entry, name: str, ran: Ran, mark: Mark) -> Iterator[str]:
    """What there is to be said of how an answer was found, and of what it did without."""
    copies = [one for one in entry.submission.answers.get(name, ()) if name in definitions(one)]
    if len(copies) > 1:
        yield f"Its cell was there {len(copies)} times; the last one that ran counted."
    if name in ran.elsewhere:
        yield "Its own cell was not enough: the other cells of your notebook were run, too."
    if entry.submission.healed.get(name) == "definition":
        yield f"Its cell had lost the mark of an answer; it was known by what it defines, {name}."
    if mark.points == mark.out_of:
        return
    absent = [one for one in ran.absent.get(name, ()) if not in_set_up(entry, one)]
    if absent:
        yield f"When answers are marked there is no {', '.join(absent)}: do without."
    for other in entry.set.problems:
        if other != name and untouched(ran.answers.get(other)) and uses(entry, name, other):
            yield f"It uses {other}, which is still to be written."
    if "NameError" in mark.message and not mark.message.endswith(("?", "missing.")):
        yield "Nothing in your notebook defines it when it runs from top to bottom."


def in_set_up(entry: Entry, module: str) -> bool:
    """Whether the teacher's own set-up cell imports it: no learner is to be blamed for that."""
    values = entry.set.values(entry.secret, entry.learner)
    return any(module in source for source in entry.set.set_up(values))


def _as_handed_out(answer: Any) -> bool:
    filled = not (isinstance(answer, Failure) and answer.kind == "not_filled")
    return not filled and translated(NOT_FILLED) in answer.text


def untouched(answers: Any) -> bool:
    """Whether what came of an answer is what the hand-out gives."""
    return isinstance(answers, list) and all(map(_as_handed_out, answers))


def uses(entry: Entry, name: str, other: str) -> bool:
    """Whether an answer mentions another one."""
    return any(
        re.search(rf"\b{re.escape(other)}\b", source)
        for source in entry.submission.answers.get(name, ())
    )
