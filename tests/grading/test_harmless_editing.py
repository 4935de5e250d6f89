"""What editors and people do to a notebook without touching an answer changes no mark and no word.

Every problem of the bank goes through every kind of editing of its code, and through every kind of
editing of its notebook, once right and once wrong; several are done at a time.
"""

import json
import re
from dataclasses import replace

import pytest

from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.marks import Mark
from course_utils.delivery.grading.sets import find_set, known_sets
from course_utils.delivery.grading.submission import parse

from .editing import OF_CODE, OF_NOTEBOOKS, edited, fitting

SETS = [name for name in known_sets() if not find_set(name).uses_keras]
KERAS = [name for name in known_sets() if name not in SETS]
SPOILT = """

_right_{name} = {name}


def _spoilt(value):
    if isinstance(value, dict):
        return {{key: _spoilt(one) for key, one in value.items()}}
    if isinstance(value, (tuple, list)):
        return type(value)(map(_spoilt, value))
    return value if isinstance(value, str) else 1.5 * value + 0.25


def {name}(*given):
    return _spoilt(_right_{name}(*given))
"""
STOPS = """

def {name}(*given):
    return given[99]
"""


def solved(name: str) -> dict:
    """The set's solution, as a learner hands it in: without what a hand-out has not."""
    notebook = json.loads(known_sets()[name].read_text(encoding="utf-8"))
    private = {"solution-only", "starter"}
    notebook["cells"] = [
        {**cell, "source": "".join(cell["source"])}
        for cell in notebook["cells"]
        if not private & set(cell["metadata"].get("tags", []))
    ]
    return notebook


def spoilt(notebook: dict, one) -> dict:
    """Every answer that is a function is wrong: by its numbers, or as it stops."""
    for number, cell in enumerate(notebook["cells"]):
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in one.problems and re.search(rf"^def {name}\(", cell["source"], re.M):
            cell["source"] += (SPOILT, STOPS)[number % 2].format(name=name)
    return notebook


def marks_of(notebooks: list[dict], one) -> list[tuple[Mark, ...]]:
    """The marks of each notebook, all of them asked the same."""
    entries = []
    for number, notebook in enumerate(notebooks):
        submission = parse(json.dumps(notebook).encode(), set(one.problems), set(), one.traces)
        entries.append(Asked(f"{number:03}", replace(submission, digest=""), one, b"x"))
    found = {marks.learner: marks.marks for marks in mark_all(entries, 1)}
    return [found[entry.learner] for entry in entries]


class Asked(Entry):
    """An entry whose random inputs are everybody's."""

    def seed(self, name: str) -> int:
        return 7


def rounds(one, kinds: list[str]) -> list[tuple[list[str], dict[str, list[str]]]]:
    """Ways to edit a notebook, in which each problem meets each kind once."""
    around, of_code = fitting(list(OF_NOTEBOOKS), 4, 0), fitting(kinds, 4, 1)
    ways = max(len(around), len(of_code))
    return [
        (
            around[k % len(around)],
            {name: of_code[(k + n) % len(of_code)] for n, name in enumerate(one.problems)},
        )
        for k in range(ways)
    ]


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
@pytest.mark.parametrize("name", SETS)
def test_harmless_editing_changes_neither_mark_nor_message(name: str, right: bool) -> None:
    stops = {"a helper"}  # which is named where a wrong answer stops
    compare(name, right, [kind for kind in OF_CODE if right or kind not in stops])


@pytest.mark.parametrize("name", KERAS)
def test_it_is_the_same_with_keras(name: str) -> None:
    """A worker with Keras takes seconds to start: fewer kinds, all of them at some problem."""
    compare(name, True, ["reformatted", "packages", "a magic", "?", "%%time"])


def compare(name: str, right: bool, of_code: list[str]) -> None:
    one = find_set(name)
    plain = solved(name) if right else spoilt(solved(name), one)
    ways = rounds(one, of_code)
    before, *after = marks_of([plain, *(edited(plain, *way) for way in ways)], one)
    assert right == all(mark.points == mark.out_of for mark in before)
    for way, marks in zip(ways, after):
        for mark, known in zip(marks, before):
            assert mark == known, (way[0], way[1][mark.problem])


def test_thirty_kinds_are_tried_on_every_problem() -> None:
    assert len(OF_CODE) + len(OF_NOTEBOOKS) >= 40
    assert sum(len(find_set(name).problems) for name in [*SETS, *KERAS]) >= 51
    for name in SETS:
        one = find_set(name)
        ways = rounds(one, list(OF_CODE))
        for problem in one.problems:
            assert {kind for _, edits in ways for kind in edits[problem]} == set(OF_CODE)
        assert {kind for around, _ in ways for kind in around} == set(OF_NOTEBOOKS)
