"""Two mistakes at once: both are named if they are known; where and by how much, always."""

import re
from itertools import combinations

import numpy as np
import pytest

from course_utils.feedback import problems
from course_utils.feedback.exercise import edited
from course_utils.feedback.run import collect

PROBLEMS = [problems.get(name) for name in problems.names()]
STEP_AND_AMOUNT = re.compile(
    r"(From the first step on|Only step \d|Right until step \d|Wrong at steps \d).*"
    r"h\[\d, \d, \d\] is -?\d.*; it should be -?\d"
)
PLACE = re.compile(r"(\w+)\[(\d+), (\d+)\] is (\S+); it should be (\S*\d)")


def verdict(name, answer, seed=0):
    problem = problems.get(name)
    questions = problem.questions(seed)
    return problem.judge(questions, collect(problem, answer, questions, 600))


def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


def step(bugs, x, h_prev, c_prev, W, U, b):
    """An LSTM step in another hand than the bank's, with bugs that can be switched on."""
    n = len(U)
    a = x @ W
    a = a if "h ignored" in bugs else a + h_prev @ U
    a = a if "bias missing" in bugs else a + b
    i, f, g, o = (a[:, k * n : (k + 1) * n] for k in range(4))
    i, f = (f, i) if "input and forget gates swapped" in bugs else (i, f)
    i, f = sigmoid(i), sigmoid(f)
    g = sigmoid(g) if "sigmoid for the candidate" in bugs else np.tanh(g)
    o = np.tanh(o) if "tanh for the output gate" in bugs else sigmoid(o)
    kept = c_prev if "no forget gate" in bugs else f * c_prev
    c = kept + (g if "no input gate" in bugs else i * g)
    return o * (c if "h = o * c" in bugs else np.tanh(c)), c


STEP_BUGS = (
    "h ignored", "bias missing", "input and forget gates swapped", "sigmoid for the candidate",
    "tanh for the output gate", "no forget gate", "no input gate", "h = o * c",
)  # fmt: skip


@pytest.mark.parametrize("pair", [*combinations(STEP_BUGS, 2)], ids=" + ".join)
def test_two_bugs_in_a_step_are_both_named(pair) -> None:
    found = verdict("lstm_step", lambda *given: step(pair, *given))
    assert set(found.misconception.split(" + ")) == set(pair)
    assert found.message.startswith("Two things at once.") and PLACE.search(found.message)
    for mistake in problems.get("lstm_step").misconceptions:
        assert (mistake.message in found.message) == (mistake.name in pair)


def forward(bugs, x, h0, c0, W, U, b):
    h, c, states = h0, c0, []
    c = 0 * c0 if "c starts at zero" in bugs else c
    order = range(x.shape[1])
    for t in reversed(order) if "backwards" in bugs else order:
        before = h0 if "h not carried" in bugs else h
        inner = [one for one in bugs if one in STEP_BUGS]
        late = h
        h, c = step(inner, x[:, t], before, c, W, U, b)
        states.append(late if "one step late" in bugs else h)
    return np.stack(states, axis=0 if "time first" in bugs else 1), c


FORWARD_BUGS = (
    "c starts at zero", "backwards", "h not carried", "input and forget gates swapped",
    "h = o * c", "one step late",
)  # fmt: skip


@pytest.mark.parametrize("pair", [*combinations(FORWARD_BUGS, 2)], ids=" + ".join)
def test_two_bugs_in_a_sequence_are_told_with_step_and_amount(pair) -> None:
    found = verdict("lstm_forward", lambda *given: forward(pair, *given))
    named = set((found.misconception or "").split(" + ")) - {""}
    assert named in (set(pair), set()), found
    assert named or "at once" not in found.message
    assert STEP_AND_AMOUNT.search(found.message), found.message


def test_a_known_and_an_unknown_mistake() -> None:
    def answer(*given):
        h, c = forward(["time first"], *given)
        return h, 1.3 * c + 0.1

    found = verdict("lstm_forward", answer)
    assert found.message.startswith("One thing first: Time stands first in your h;")
    said = "That explains h; c may be wrong for the same reason, or for another. c[0, 0] is"
    assert said in found.message
    assert found.misconception == "time first"


def test_one_mistake_that_two_outputs_share_sends_nobody_after_a_second() -> None:
    """Here h is computed from the squashed c: its error has the same cause."""

    def answer(x, h_prev, c_prev, W, U, b):
        c = np.tanh(step([], x, h_prev, c_prev, W, U, b)[1])
        o = sigmoid((x @ W + h_prev @ U + b)[:, 3 * len(U) :])
        return o * np.tanh(c), c

    found = verdict("lstm_step", answer)
    assert found.misconception == "c squashed" and "at least" not in found.message
    assert "explains c; h may be wrong for the same reason" in found.message


def test_two_unknown_mistakes_are_told_with_the_right_numbers() -> None:
    def answer(*given):
        h, c = step([], *given)
        return h + 0.05, np.where(c > 0, c, 0.7 * c)

    found = verdict("lstm_step", answer)
    name, row, column, is_now, should = PLACE.search(found.message).groups()
    question = problems.get("lstm_step").questions(0)[0]
    for shown, values in ((is_now, answer(*question)), (should, step([], *question))):
        value = dict(zip("hc", values))[name][int(row), int(column)]
        assert float(shown) == pytest.approx(value, rel=0.006)
    assert found.misconception is None and name == "c" and "h: wrong too" in found.message


def numbers(problem, answer, questions):
    """All numbers of all answers, as one text of four digits."""
    with np.errstate(all="ignore"):
        given = collect(problem, answer, questions, 600)
    return [repr(np.round(np.asarray(one, float), 4) + 0.0) if not isinstance(one, tuple | dict)
            else repr([np.round(np.asarray(part, float), 4) + 0.0
                       for part in (one.values() if isinstance(one, dict) else one)])
            for one in given]  # fmt: skip


def combined(problem, *mistakes):
    for order in (mistakes, mistakes[::-1]):
        try:
            return edited(problem.reference, sum((one.edits for one in order), ()))
        except (ValueError, SyntaxError):
            pass
    return None


@pytest.mark.parametrize(
    "problem", [one for one in PROBLEMS if one.kind != "value"], ids=lambda one: one.name
)
def test_what_is_said_of_any_two_mistakes_accounts_for_the_answer(
    problem, answered_once, recwarn
) -> None:
    """Of all pairs that one function can have: what is named gives exactly these numbers."""
    by_name = {one.name: one for one in problem.misconceptions}
    questions = problem.questions(0)
    for pair in combinations(problem.misconceptions, 2):
        if not all(one.edits for one in pair) or not (answer := combined(problem, *pair)):
            continue
        found = problem.judge(questions, collect(problem, answer, questions, 600))
        if found.misconception in (None, " + ".join(one.name for one in pair)):
            assert found.message
            continue
        named = [by_name[name] for name in found.misconception.split(" + ")]
        if " may be wrong for " not in found.message and (other := combined(problem, *named)):
            assert numbers(problem, other, questions) == numbers(problem, answer, questions), pair
    assert not recwarn.list
