"""A set's answer is the reference of the bank, or it is named here with the reason why it is not.

Both are needed: mistakes are edits of the reference, which is therefore written in lines that can
be changed one by one, and a solution is read by a learner.
"""

from __future__ import annotations

import ast
import inspect
import textwrap

import pytest

from course_utils.delivery.authoring.sets import ProblemSet, problem_sets
from course_utils.feedback import problems
from course_utils.feedback.problem import Problem

FOR_EDITS = "the reference has one line for each thing that a learner may get wrong"
FOR_READERS = "the solution is written as the task tells it"
NO_KERAS = "the solution uses Keras, the reference never does"
# Only these may differ; whoever adds one says why.
DIFFER = {
    "rnn_forward": FOR_READERS,
    "rnn_step_backward": FOR_EDITS,
    "bptt": FOR_READERS,
    "rnn_jacobian": FOR_READERS,
    "lstm_forward": FOR_READERS,
    "coupled_step_backward": FOR_EDITS,
    "clamp_unit": FOR_EDITS,
    "nearest_mean": FOR_EDITS,
    "carried_on": FOR_READERS,
    "leaked_share": FOR_READERS,
    "matrix_read": FOR_READERS,
    "torch_to_keras_gru": FOR_EDITS,
    "torch_to_keras_lstm": FOR_EDITS,
    "units_for_budget": FOR_READERS,
    "runs_for_ninety": "the solution finds the number, the reference has it",
    "keras_dropout_mask": NO_KERAS,
    "keras_forget_bias": NO_KERAS,
    "keras_return_state": NO_KERAS,
    "keras_reset_after": NO_KERAS,
    "keras_stateful": NO_KERAS,
    "mend_lost_mask": NO_KERAS,
    "mend_leaking_state": NO_KERAS,
    "mend_saved_cell": NO_KERAS,
    "standardise": FOR_EDITS,
    "join_steps": FOR_EDITS,
    "min_gru": "the solution scans, the reference goes step by step",
    "exponential_gate": FOR_READERS,
    "attention_read": FOR_EDITS,
}
SETS = problem_sets()


def statements(body: list[ast.stmt]) -> list[str]:
    """Code as text, without comments, layout and docstring."""
    docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return [ast.unparse(one) for one in body[docstring:]]


def reference(problem: Problem) -> list[str]:
    source = textwrap.dedent(inspect.getsource(problem.reference))
    found = statements(ast.parse(source).body[0].body)
    return [one.removeprefix("return ") for one in found] if problem.kind == "value" else found


def solution(code: str, name: str) -> list[str]:
    """The body of the function `name` in a cell, or the value of the variable."""
    for one in ast.parse(code).body:
        if isinstance(one, ast.FunctionDef) and one.name == name:
            return statements(one.body)
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == name:
            return [ast.unparse(one.value)]
    raise AssertionError(f"the cell does not define {name}")


def answers(one: ProblemSet) -> dict[str, str]:
    """The code of each answer of a set by the name of its problem."""
    cells = [cell for cell in one.text().cells if cell.cell_type == "code"]
    named = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in cells}
    return {name: named[name] for name in problems.names() if name in named}


@pytest.mark.parametrize("one", SETS, ids=lambda one: one.name)
def test_the_solution_is_the_reference_or_says_why_not(one: ProblemSet) -> None:
    found = answers(one)
    assert found
    for name, code in found.items():
        problem = problems.get(name)
        alike = solution(code, name) == reference(problem)
        if alike:
            assert name not in DIFFER, f"{name} is its reference again: take it off DIFFER"
        else:
            where = f"{one.source.name} and {problem.reference.__module__}"
            assert name in DIFFER, f"{where} answer {name} in two ways: say in DIFFER why"


def test_every_exception_is_a_task_and_every_task_was_looked_at() -> None:
    seen = {name for one in SETS for name in answers(one)}
    assert seen >= set(DIFFER) and len(seen) > 40


def test_a_difference_is_seen() -> None:
    same = 'def f(x):\n    """Doc."""\n    return 2 * x  # twice\n'
    assert solution(same, "f") == solution("def f(x):\n    return (2 * x)", "f")
    assert solution(same, "f") != solution("def f(x):\n    return x * 2", "f")
    assert solution("n = (\n    7\n)", "n") == ["7"]
