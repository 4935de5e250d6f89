"""What answers are worth. Here, outside of the sandbox, are the references and the judge."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from course_utils.delivery.grading import copies
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.remarks import remarks, untouched
from course_utils.delivery.grading.runs import Ran
from course_utils.feedback.plain import clean
from course_utils.feedback.verdict import Failure


def judge(entry: Entry, ran: Ran) -> Marks:
    """The marks for what came out of the sandbox."""
    marks = []
    for name in entry.set.problems:
        mark = judge_one(entry, name, ran.answers.get(name))
        said = " ".join(remarks(entry, name, ran, mark))
        if said:
            mark = replace(mark, message=f"{mark.message} {clean(said, 600)}")
        marks.append(mark)
    digest, version = entry.submission.digest, entry.set.version
    return Marks(entry.learner, entry.set.name, tuple(marks), digest, version)


def judge_one(entry: Entry, name: str, answers: Any) -> Mark:
    """The mark of one problem. A judge that fails on strange data gives no marks, and says so."""
    problem, out_of = entry.own(name), entry.set.points(name)
    questions = problem.questions(entry.seed(name))
    if isinstance(answers, Failure):
        answers = [answers] * len(questions)
    if untouched(answers):
        return Mark(name, 0.0, out_of, f"{name} is still to be written.")
    try:
        with np.errstate(all="ignore"):
            verdict = problem.judge(questions, answers)
        score = float(verdict.score)
        if name in entry.set.varied:
            variant = entry.set.varied[name].variant_of(entry.secret, entry.learner)
            score = copies.worth(entry.set.varied[name], variant, questions, verdict)
    except Exception as error:
        note = clean(f"the judge of {name} failed: {type(error).__name__}: {error}", 200)
        note = " ".join(note.split())  # one line on the teacher's screen
        return Mark(name, 0.0, out_of, "This answer could not be judged.", None, note)
    score = min(max(score, 0.0), 1.0) if math.isfinite(score) else 0.0
    points = round(score * out_of, 2)
    return Mark(name, points, out_of, clean(verdict.message, 1500), verdict.misconception)
