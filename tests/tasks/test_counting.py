"""Counting, against a slow reading of its own inputs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.tasks import Counting


def answers(letters):
    """What must be said at each letter: 1 at the b that makes the counts equal."""
    a = b = 0
    said = []
    for letter in letters:
        a, b = a + (letter == "a"), b + (letter == "b")
        said.append(int(letter == "b" and a == b))
    return said


@given(st.integers(2, 30), st.integers(0, 2**32))
def test_targets_follow_from_the_letters(highest, seed):
    task = Counting(highest)
    batch = task.sample(5, np.random.default_rng(seed))
    for inputs, targets, weights in zip(batch.inputs, batch.targets, batch.weights):
        letters = ["ab"[k] for k in inputs.argmax(axis=1)]
        n = letters.index("b")
        assert 1 <= n <= highest and set(letters[n:]) == {"b"}
        assert targets.tolist() == answers(letters)
        assert np.flatnonzero(weights).tolist() == list(range(n, 2 * n + 3))
        assert (weights[weights > 0] == np.where(targets[weights > 0] == 1, 5, 1)).all()


def test_a_string_of_any_length():
    batch = Counting(3).string(4)
    assert batch.inputs[0].argmax(axis=1).tolist() == [0] * 4 + [1] * 7
    assert batch.targets[0].tolist() == [0] * 7 + [1] + [0] * 3


def test_the_baseline_is_what_a_fixed_guess_costs():
    task = Counting(9)
    batch = task.sample(20_000, np.random.default_rng(0))
    share = batch.weights / batch.weights.sum()
    now = share[batch.targets == 1].sum()
    assert max(now, 1 - now) == pytest.approx(task.baseline.accuracy, abs=3e-3)
    loss = -now * np.log(now) - (1 - now) * np.log(1 - now)
    assert loss == pytest.approx(task.baseline.loss, abs=3e-3)


@pytest.mark.parametrize("bad", [0, 2.5, "3"])
def test_a_bad_n_is_named(bad):
    with pytest.raises(ValueError, match=r"n is .*whole number from 1"):
        Counting().string(bad)
