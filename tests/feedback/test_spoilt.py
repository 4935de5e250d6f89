"""It never pays to spoil an answer: an output that is made worse brings nothing, in any problem."""

from __future__ import annotations

import copy
from itertools import chain, combinations

import numpy as np
import pytest

from course_utils.feedback import judging, problems
from course_utils.feedback.reading import named
from course_utils.feedback.recognition import Found
from course_utils.feedback.verdict import Failure

PROBLEMS = [problems.get(name) for name in problems.names()]


def spoil_numbers(value):
    return np.asarray(value, float) + 0.37 if not isinstance(value, str | tuple) else "spoilt"


def one_is_nan(value):
    numbers = np.array(value, float) if not isinstance(value, str | tuple) else np.zeros(2)
    if numbers.ndim == 0:
        return np.float64("nan")
    numbers.reshape(-1)[:1] = np.nan
    return numbers


SPOILT = {
    "other numbers": spoil_numbers,
    "NaN": one_is_nan,
    "another shape": lambda value: np.zeros((1, 1, 1, 2)),
    "nothing": lambda value: None,
    "a text": lambda value: "of no use",
    "objects": lambda value: {"a": [1, {}]},
    "uneven": lambda value: [[1.0], [1.0, 2.0]],
    "nested": lambda value: [[[[[[[[[[[1.0]]]]]]]]]]],
}


def answers_of(problem, function, questions):
    """What a function of the bank answers, each as a dict of its outputs."""
    with np.errstate(all="ignore"):
        made = [function(*copy.deepcopy(question)) for question in questions]
    return [dict(named(problem, one)) for one in made]


def as_given(problem, outputs: dict):
    values = tuple(outputs.values())
    return values[0] if len(problem.output_list) == 1 else values


def score(problem, questions, answers) -> float:
    with np.errstate(all="ignore"):
        return problem.judge(questions, answers).score


def subsets(names):
    return chain.from_iterable(combinations(names, k) for k in range(1, len(names) + 1))


@pytest.fixture
def unrecognised(monkeypatch, answered_once):
    """No mistake is looked for: that takes long, and what an answer is worth does not need it."""
    monkeypatch.setattr(judging, "recognise", lambda *_: Found((), ()))


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_a_mistake_that_is_known_costs_what_it_costs_unknown(
    problem, answered_once, monkeypatch
) -> None:
    questions = problem.questions(1)
    for one in problem.misconceptions:
        given = [as_given(problem, made) for made in answers_of(problem, one.answer, questions)]
        known = problem.judge(questions, given)
        assert known.misconception == one.name
        with monkeypatch.context() as patch:
            patch.setattr(judging, "recognise", lambda *_: Found((), ()))
            assert problem.judge(questions, given).score == known.score


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_no_output_that_is_spoilt_pays(problem, unrecognised) -> None:
    """Of the right answer and of every mistake, with inputs changed or not, in every question."""
    questions = problem.questions(1)
    names = [output.name for output in problem.output_list]
    functions = [problem.reference, *(one.answer for one in problem.misconceptions)]
    for function in functions:
        honest = answers_of(problem, function, questions)
        for changed in (False, True):

            def hand_in(every, changed=changed):
                given = [as_given(problem, one) for one in every]
                return [Failure("changed", "c.", one) for one in given] if changed else given

            worth = score(problem, questions, hand_in(honest))
            for chosen in subsets(names):
                for way in SPOILT.values():
                    for places in ([0], range(len(questions))):
                        spoilt = copy.deepcopy(honest)
                        for place in places:
                            for name in chosen:
                                spoilt[place][name] = way(spoilt[place][name])
                        assert score(problem, questions, hand_in(spoilt)) <= worth
            for failure in ("exception", "not_filled", "type", "time"):
                spoilt = hand_in(honest)
                spoilt[-1] = Failure(failure, "Not this one.")
                assert score(problem, questions, spoilt) <= worth
            assert score(problem, questions, hand_in(honest)[:-1]) <= worth
            assert score(problem, questions, [*hand_in(honest), hand_in(honest)[0]]) <= worth


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda one: one.name)
def test_changed_inputs_cost_the_same_share_of_any_answer(problem, unrecognised) -> None:
    questions = problem.questions(1)
    for function in (problem.reference, *(one.answer for one in problem.misconceptions)):
        given = [as_given(problem, one) for one in answers_of(problem, function, questions)]
        changed = [Failure("changed", "x is changed.", one) for one in given]
        kept = score(problem, questions, given)
        assert score(problem, questions, changed) == pytest.approx(kept / 2)


def test_what_is_right_is_told_with_the_score() -> None:
    step = problems.get("lstm_step")
    questions = step.questions(0)
    right = [step.reference(*question) for question in questions]
    assert step.judge(questions, right).right == ("h", "c")
    verdict = step.judge(questions, [(h, c + 1) for h, c in right])
    assert (verdict.right, verdict.score) == (("h",), 0.5)
    assert step.judge(questions, [None] * len(questions)).right == ()
