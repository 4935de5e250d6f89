"""A small set of a teacher's own, with variants and a task that uses another; marked in memory."""

from __future__ import annotations

import json
from pathlib import Path

from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.sets import ProblemSet, find_set
from course_utils.delivery.grading.submission import parse

SECRET = b"1" * 32
PROBLEMS = '''
import numpy as np

from course_utils.feedback.problem import Problem
from course_utils.delivery.grading.variants import Varied

HINTS = ("a", "b", "c")

def draw(rng, k, rows=2):
    return (rng.normal(size=(rows, 3)),)


def twice(size=1):
    def scaled(x):
        return size * x, x.sum(axis=0)

    return Problem("scaled", "01", "t", "t", scaled, draw, "y[B,m] total[m]", HINTS, ())


def wide(rows=2):
    def rows_of(x):
        return x[:rows] * rows

    def own(rng, k):
        return draw(rng, k, rows + 2)

    return Problem("rows_of", "01", "t", "t", rows_of, own, "y[B,m]", HINTS, ())


def helper(x, power):
    """only the teacher has this"""
    return np.sign(x) * np.abs(x) ** power


def user(x):
    return helper(x, 2).sum(axis=1), helper(x, 3).sum(axis=1)


def times():
    return float(helper(np.array([-2.0]), 3)[0])


def draw_helper(rng, k):
    return rng.normal(size=(2, 3)), k + 2


PROBLEMS = [
    Varied("scaled", twice, {"size": (2, 3, 5, 7)}),
    Varied("rows_of", wide, {"rows": (2, 3, 4)}),
    Problem("helper", "01", "t", "t", helper, draw_helper, "y[B,m]", HINTS, ()),
    Problem("user", "01", "t", "t", user, draw, "a[B] b[B]", HINTS, (), uses=("helper",)),
    Problem("times", "01", "t", "t", times, lambda rng, k: (), "n", HINTS, (), kind="value",
            uses=("helper",)),
]
'''
NAMES = ("scaled", "rows_of", "helper", "user", "times")
SET = '# %% [markdown]\n# Own\n\n# %% tags=["setup"]\nimport numpy as np\n' + "".join(
    f'\n# %% answer="{name}" points=4\n### BEGIN SOLUTION\n{name} = 1\n### END SOLUTION\n'
    for name in NAMES
)
RIGHT = {
    "scaled": "def scaled(x):\n    return {size} * x, x.sum(axis=0)",
    "rows_of": "def rows_of(x):\n    return x[:{rows}] * {rows}",
    "helper": "def helper(x, power):\n    return np.sign(x) * np.abs(x) ** power",
    "user": "def user(x):\n    return helper(x, 2).sum(axis=1), helper(x, 3).sum(axis=1)",
    "times": "times = helper(np.array([-2.0]), 3)[0]",
}


def own_set(folder: Path) -> ProblemSet:
    folder.mkdir(exist_ok=True)
    (folder / "problems.py").write_text(PROBLEMS, encoding="utf-8")
    (folder / "homework.py").write_text(SET, encoding="utf-8")
    return find_set("homework", folder)


def variants(one: ProblemSet, learner: str) -> dict:
    """The learner's size and rows."""
    values = one.values(SECRET, learner)
    return {"size": values["scaled"]["size"], "rows": values["rows_of"]["rows"]}


def entry(one: ProblemSet, learner: str, **changed: str) -> Entry:
    """A submission with right answers, but for those that are given."""
    own = variants(one, learner)
    sources = {name: text.format(**own) for name, text in RIGHT.items()} | changed
    cells = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": name, "solution": True}},
            "source": source,
        }
        for name, source in sources.items()
    ]
    content = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}).encode()
    return Entry(learner, parse(content, set(NAMES), set()), one, SECRET)


def marked(*entries: Entry, classmates: tuple[str, ...] = ()) -> dict[str, Marks]:
    found = mark_all(entries, jobs=2, classmates=classmates)
    return {marks.learner: marks for marks in found}


def points(marks: Marks) -> dict[str, float]:
    return {mark.problem: mark.points for mark in marks.marks}


def mark(marks: Marks, name: str):
    return next(one for one in marks.marks if one.problem == name)
