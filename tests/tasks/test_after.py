"""Parity, the best so far, many keys: targets by a loop, baselines by a large sample."""

import numpy as np
import pytest

from course_utils.tasks import BestSoFar, LatestValue, ManyKeys, Parity


def test_parity_by_a_loop() -> None:
    batch = Parity(9).sample(20, np.random.default_rng(0))
    for inputs, targets in zip(batch.inputs, batch.targets):
        odd = 0
        for bit, target in zip(inputs, targets):
            odd ^= int(bit[1])
            assert target == odd


def test_the_best_so_far_by_a_loop() -> None:
    batch = BestSoFar(7).sample(20, np.random.default_rng(0))
    for inputs, target in zip(batch.inputs, batch.targets):
        best, value = -1.0, None
        for score, offered in inputs:
            if score > best:
                best, value = score, offered
        assert target == value


def test_baselines() -> None:
    bits = Parity(20).sample(4000, np.random.default_rng(1)).targets
    assert bits.mean() == pytest.approx(Parity().baseline.accuracy, abs=0.01)
    values = BestSoFar().sample(40_000, np.random.default_rng(1)).targets
    assert np.mean((values - 0.5) ** 2) == pytest.approx(BestSoFar().baseline.loss, abs=0.002)


def test_clues() -> None:
    rng = np.random.default_rng(2)
    ones = Parity(12).sample(50, rng).inputs
    assert np.array_equal(Parity(12).clues(ones), ones[..., 1] == 1)
    assert (BestSoFar(12).clues(BestSoFar(12).sample(50, rng).inputs).sum(axis=1) == 1).all()


def test_many_keys_by_a_loop() -> None:
    task = ManyKeys(5, keys=7, values=3)
    batch = task.sample(200, np.random.default_rng(0))
    for row, target in zip(batch.inputs.argmax(axis=-1), batch.targets):
        shown = dict(divmod(int(symbol), 3) for symbol in row[:-1])
        assert len(shown) == 5, "no key is shown twice"
        assert shown[int(row[-1]) - 21] == target
    assert task.clues(batch.inputs).sum(axis=1).tolist() == [1] * 200
    assert np.bincount(batch.targets, minlength=3).min() > 40


def test_latest_value_by_a_loop() -> None:
    task = LatestValue(12, keys=5, values=3)
    batch = task.sample(300, np.random.default_rng(4))
    again = 0
    for row, target, clue in zip(batch.inputs, batch.targets, task.clues(batch.inputs)):
        *shown, question = row.argmax(axis=1)
        held = {}
        for place, symbol in enumerate(shown):
            again += symbol // 3 in held
            held[symbol // 3] = (symbol % 3, place)
        value, place = held[question - 15]
        assert value == target
        assert clue.nonzero()[0].tolist() == [place]
    assert again > 1000  # keys do come again
