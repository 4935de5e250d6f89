"""What worked in a notebook from top to bottom works when it is marked, wherever it stands."""

import json
from dataclasses import replace

import pytest

from course_utils.delivery.grading import walls
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.judging import judge
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.performing import perform
from course_utils.delivery.grading.sandbox import Limits, SandboxError, Worker
from course_utils.delivery.grading.sets import ProblemSet, find_set
from course_utils.delivery.grading.submission import parse

from .classes import FULL, SET, WITHOUT_FIRST, handed_in

ONE = find_set(SET)
STUB = "def rnn_step(x, h_prev, W, U, b):\n    ...  # your code here\n"
HEAD = "def rnn_step(x, h_prev, W, U, b):\n"
RIGHT = HEAD + "    return (h_prev + np.tanh(x @ W + h_prev @ U + b)) / 2\n"
BUT = HEAD + "    return (h_prev + {}(x @ W + h_prev @ U + b)) / 2\n"
HELPER = "def squash(a):\n    return np.tanh(a)\n"
SAID = "the other cells of your notebook were run, too."
STARTER = ONE.given({})["mend_rnn_loop"]
DEAF = "try:\n    while True: pass\nexcept BaseException: pass\n"


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter of these seconds is for a cell that never ends."""
    monkeypatch.setattr(ProblemSet, "limits", Limits(seconds=4.0, grace=2.0, patience=100.0))


def own(text: str) -> dict:
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": []}


def with_cells(answer: str, above: tuple = (), below: tuple = (), name: str = "rnn_step"):
    """The solution with this answer, and cells of the learner's own above and below it."""

    def change(cells: list, cell: dict) -> None:
        cell["source"] = answer
        at = cells.index(cell)
        cells[at : at + 1] = [*map(own, above), cell, *map(own, below)]

    return handed_in(change, name)


def entry(text: str) -> Entry:
    submission = parse(text.encode(), set(ONE.problems), set(), ONE.traces)
    return Entry("ada", replace(submission, digest="the same"), ONE, b"x")


def marked(text: str) -> Marks:
    return next(mark_all([entry(text)], 1))


@pytest.mark.parametrize(
    "text",
    [
        with_cells(STUB, below=(RIGHT,)),
        with_cells(STUB, above=(RIGHT,)),
        with_cells("", below=(RIGHT,)),
        with_cells("def rnn_step(x, h_prev, W, U, b): return x +", below=(RIGHT,)),
        with_cells(STUB, below=("%%time\n" + RIGHT,)),
        with_cells(STUB, below=("step = 1", RIGHT.replace("rnn_step", "mine"), "rnn_step = mine")),
        with_cells(STUB, below=("from math import pi", "f'{pi}'", RIGHT, "1 / 0")),
        with_cells(BUT.format("squash"), above=(HELPER,)),
        with_cells(BUT.format("squash"), below=(HELPER,)),
        with_cells(BUT.format("squash"), above=("squash = np.tanh",)),
        with_cells(BUT.format("squash"), above=("from numpy import tanh as squash",)),
        with_cells(BUT.format("squash"), above=(HELPER, "squash(7)", "!true", "raise SystemExit")),
        with_cells(BUT.format("one"), above=("def one(a):\n    return two(a)", "two = np.tanh")),
        with_cells(f"@keep\n{RIGHT}", above=("def keep(f):\n    return f",)),
        with_cells(BUT.format("squash"), above=(DEAF, HELPER)),
        with_cells(BUT.format("squash"), above=("import os\nos._exit(0)", HELPER)),
    ],
)  # fmt: skip
def test_the_rest_of_the_notebook_is_run_where_an_answer_needs_it(text: str) -> None:
    marks = marked(text)
    assert marks.points == FULL, marks
    assert SAID in marks.marks[0].message and SAID not in marks.marks[2].message


def test_a_start_to_be_mended_that_is_as_it_was_is_no_answer() -> None:
    solved = json.loads(handed_in())
    sources = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in solved["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    text = with_cells(STARTER, below=(sources["mend_rnn_loop"],), name="mend_rnn_loop")
    marks = marked(text)
    assert marks.points == FULL and SAID in marks.marks[3].message
    changed = with_cells(f"{STARTER}\n1", below=(sources["mend_rnn_loop"],), name="mend_rnn_loop")
    assert marked(changed).points < FULL  # what was begun in its cell is the answer


WRONG = "def rnn_step(x, h_prev, W, U, b):\n    return x @ W + h_prev @ U + b\n"


@pytest.mark.parametrize(
    "text",
    [
        with_cells(RIGHT, below=(WRONG, "rnn_params = rnn_step = None")),
        with_cells(RIGHT, above=("np = None", "raise SystemExit")),
        with_cells(RIGHT, below=(BUT.format("unheard"),)),
    ],
)
def test_who_needs_no_other_cell_loses_nothing_by_them(text: str) -> None:
    marks = marked(text)
    assert marks.points == FULL and not any(SAID in mark.message for mark in marks.marks)


def test_an_answer_keeps_what_its_cell_says_though_others_need_the_rest() -> None:
    """Here rnn_params has no own cell, and a wrong rnn_step stands below the right one."""
    stub = "def rnn_params(m, n):\n    ..."
    right = "def rnn_params(m, n):\n    return m * n + n * n + n\nrnn_forward = None\n"
    marks = marked(with_cells(stub, below=(right, WRONG), name="rnn_params"))
    assert marks.points == FULL
    assert [mark.problem for mark in marks.marks if SAID in mark.message] == ["rnn_params"]


def test_nobody_gets_a_second_guess() -> None:
    """A wrong answer is an answer: what other cells say of it does not count."""
    guess = "def rnn_params(m, n):\n    return 7\n"
    right = "def rnn_params(m, n):\n    return m * n + n * n + n\n"
    marks = marked(with_cells(guess, below=(right, RIGHT), name="rnn_params"))
    assert marks.marks[2].points == 0 and SAID not in marks.marks[2].message


def test_an_empty_handout_costs_no_second_worker(monkeypatch) -> None:
    started = []
    counted = lambda *given: started.append(1) or Worker(*given)  # noqa: E731
    monkeypatch.setitem(walls.WORKERS, "bubblewrap", counted)
    perform(entry(with_cells(STUB)).run())
    assert len(started) == 1
    perform(entry(with_cells(STUB, below=(RIGHT,))).run())
    assert len(started) == 3


def test_a_second_run_that_cannot_start_costs_nothing(monkeypatch) -> None:
    def start(*given):
        started.append(1)
        if len(started) > 1:
            raise SandboxError("no more")
        return Worker(*given)

    started: list[int] = []
    monkeypatch.setitem(walls.WORKERS, "bubblewrap", start)
    one = entry(with_cells(STUB, below=(RIGHT,)))
    marks = judge(one, perform(one.run()))
    assert marks.marks[0].message == "rnn_step is still to be written." and len(started) == 2
    assert marks.points == 4


def test_a_name_that_stands_nowhere_is_said_to_stand_nowhere() -> None:
    marks = marked(with_cells(BUT.format("sqash"), above=("def other(a):\n    return a",)))
    assert "Nothing in your notebook defines it" in marks.marks[0].message
    marks = marked(with_cells("def rnn_step(x, h_prev, W, U, b):\n    return np.tanh(x @ w)\n"))
    assert marks.marks[0].message.endswith("Did you mean `W`?")


def test_what_uses_a_missing_answer_says_so() -> None:
    said = marked(with_cells(STUB)).marks[1].message
    assert (
        said == "rnn_forward is right, rnn_step is not: with a right one in its place h is right."
    )


def test_cells_that_cost_worker_after_worker_are_left_alone() -> None:
    bombs = tuple(f"import os\nos._exit({k})" for k in range(40))
    marks = marked(with_cells(STUB, below=(*bombs, RIGHT)))
    assert marks.points == WITHOUT_FIRST
    assert marks.marks[0].message == "rnn_step is still to be written."
