"""A mistake in one function is charged once: what uses it is judged with a right one, too."""

from __future__ import annotations

import ast
import json

import pytest

from course_utils.delivery.grading.sets import known_sets, marked, text_of
from course_utils.feedback import check, problems, record
from course_utils.feedback.learner import verdict_on
from course_utils.feedback.standin import with_right_ones
from course_utils.workbook import MANIFEST

NAMES = problems.names()
STEP = """
import numpy as np

def sigmoid(a):
    return 1 / (1 + np.exp(-a))

def lstm_step(x, h_prev, c_prev, W, U, b):
    a_i, a_f, a_o, a_g = np.split(x @ W + h_prev @ U + b, 4, axis=1)  # g and o swapped
    c = sigmoid(a_f) * c_prev + sigmoid(a_i) * np.tanh(a_g)
    return sigmoid(a_o) * np.tanh(c), c
"""
LOOP = """
def lstm_forward(x, h0, c0, W, U, b):
    h, c, states = h0, c0, []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        states.append(h)
    return np.stack(states, axis=1), c
"""


def cells(*sources: str) -> dict:
    scope: dict = {}
    for source in sources:
        exec(source, scope)
    return scope


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    (tmp_path / MANIFEST).write_text("{}")
    monkeypatch.chdir(tmp_path)


def test_a_right_loop_around_a_wrong_step_is_right(workbook, capsys) -> None:
    scope = cells(STEP, LOOP)
    own = scope["lstm_step"]
    check("lstm_forward", scope["lstm_forward"])
    said = " ".join(capsys.readouterr().out.split())
    assert said == (
        "✓ lstm_forward is right, lstm_step is not: with a right one in its place h and c are "
        "right."
    )
    assert record.best()["lstm_forward"] == 1
    assert scope["lstm_step"] is own
    check("lstm_step", own)
    assert capsys.readouterr().out.startswith("✗ lstm_step:")


def test_a_wrong_loop_stays_wrong(workbook) -> None:
    for loop in (
        LOOP.replace("h, c, states = h0, c0", "h, c, states = h0, 0 * c0"),
        LOOP.replace("states, axis=1", "states, axis=0"),
        "def lstm_forward(x, h0, c0, W, U, b):\n    return lstm_step(x[:, 0], h0, c0, W, U, b)",
    ):
        scope = cells(STEP, loop)
        own = scope["lstm_step"]
        verdict = verdict_on("lstm_forward", scope["lstm_forward"])
        assert not verdict.correct and "lstm_step is not" not in verdict.message
        assert scope["lstm_step"] is own


def test_a_step_that_is_missing_or_stops_is_no_obstacle(workbook) -> None:
    for step in ("import numpy as np", "import numpy as np\ndef lstm_step(*_):\n    1 / 0"):
        scope = cells(step, LOOP)
        names = set(scope)
        assert verdict_on("lstm_forward", scope["lstm_forward"]).correct
        assert set(scope) == names


def test_what_is_not_written_is_not_right(workbook) -> None:
    scope = cells(STEP, "def lstm_forward(*_):\n    raise NotImplementedError")
    assert not verdict_on("lstm_forward", scope["lstm_forward"]).attempted
    assert not verdict_on("lstm_forward", ...).attempted


def test_the_learners_function_comes_back_if_the_check_is_interrupted() -> None:
    scope = cells(STEP, "def lstm_forward(x, h0, c0, W, U, b):\n    raise KeyboardInterrupt")
    problem, own = problems.get("lstm_forward"), scope["lstm_step"]
    with pytest.raises(KeyboardInterrupt):
        with_right_ones(problem, scope["lstm_forward"], problem.questions(0), 60)
    assert scope["lstm_step"] is own


def test_what_a_solution_uses_is_declared() -> None:
    """Every function of another task that a solution calls, directly or through a helper."""
    seen = 0
    for path in known_sets().values():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        sources = {
            marked(cell)["grade_id"]: text_of(cell)
            for cell in notebook["cells"]
            if cell["cell_type"] == "code" and marked(cell).get("grade_id") in NAMES
            if marked(cell).get("solution")
        }
        for name, source in sources.items():
            used = {one.id for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Name)}
            used &= set(sources) - {name}
            assert set(problems.get(name).uses) == used, name
            seen += len(used)
    assert seen >= 4


def test_what_is_used_is_a_function_of_the_same_lesson_that_uses_nothing_itself() -> None:
    for problem in map(problems.get, NAMES):
        for used in map(problems.get, problem.uses):
            assert used.kind == "function" and used.lesson == problem.lesson and not used.uses
