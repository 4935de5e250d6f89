"""A value as an answer: equal forms are taken, and the right number is never shown."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from course_utils.feedback import problems
from course_utils.feedback.problem import Verdict
from course_utils.feedback.run import collect

VALUES = [name for name in problems.names() if problems.get(name).kind == "value"]


def verdict(name: str, value: object) -> Verdict:
    problem = problems.get(name)
    questions = problem.questions(0)
    return problem.judge(questions, collect(problem, value, questions, 600))


@pytest.mark.parametrize(
    "value",
    [1 / 12, Fraction(1, 12), Decimal(1) / 12, np.float32(1 / 12), np.array(1 / 12), 0.0833],
)
def test_a_twelfth_is_a_twelfth(value: object) -> None:
    assert verdict("france_baseline", value).correct


def test_a_text_that_is_a_number_is_to_lose_its_quotes() -> None:
    for text in ("1/12", " 0.083 "):
        found = verdict("france_baseline", text)
        assert found.message == f"share is a text; write {text.strip()} without quotes."
    assert verdict("france_baseline", "one in twelve").message == "share is a text."


@pytest.mark.parametrize("name", VALUES)
def test_the_right_number_is_not_shown(name: str) -> None:
    right = np.ravel(problems.get(name).reference())
    numbers = {f"{one:.3g}" for one in right}
    for value in (right + 0.37, 3 * right, -right, 0 * right):
        value = float(value[0]) if len(value) == 1 else tuple(map(float, value))
        found = verdict(name, value)
        said = set(re.findall(r"\d+\.\d+|\b\d+\b", re.sub(r"\[\d+\]", "", found.message)))
        assert not found.correct and "should be" not in found.message
        assert not said & {one for one in numbers if len(one) > 1}, found.message
        assert "times what" not in found.message and "wrong sign" not in found.message
