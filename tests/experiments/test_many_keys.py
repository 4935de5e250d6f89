"""Many-key recall: the layers' gradients, what they keep, and a stored run made again."""

import numpy as np
import pytest

from course_utils.cells import check_gradients
from course_utils.experiments import load, sweep
from course_utils.experiments.memory import CELLS, NUMBERS, WIDE, KeyTraining, kept
from course_utils.tasks import LatestValue, ManyKeys
from course_utils.training.own import OwnLayer


@pytest.mark.parametrize("cell", CELLS[1:])
def test_gradients(cell: str) -> None:
    task = ManyKeys(3, keys=4, values=2)
    made = KeyTraining(task, cell, 18, 0.01).layer(0)
    layer = OwnLayer(made.forward, made._back, made.shapes, 3, dtype="float64", seed=0, name="x")
    x = task.sample(2, np.random.default_rng(0)).inputs.astype(float)
    dy = np.random.default_rng(1).normal(size=layer(x).shape)
    by_hand = layer.backward(dy).weights
    assert check_gradients(lambda: np.sum(layer(x) * dy), layer.weights, by_hand).passed


@pytest.mark.parametrize("pairs", [2, 4, 8, 16])
def test_memories_are_equal(pairs: int) -> None:
    task = ManyKeys(pairs)
    for cell in CELLS[:-1]:
        layer = KeyTraining(task, cell, kept(cell, pairs), 0.01).layer(0)
        held = 2 * layer.units * pairs if cell == "attention" else layer.units
        assert held == NUMBERS
    grows = KeyTraining(task, CELLS[-1], kept(CELLS[-1], pairs), 0.01).layer(0)
    assert grows.units == WIDE


def test_a_run_comes_out_again() -> None:
    case = sweep("many_keys").find(task=ManyKeys(2), cell="attention, grows", learning_rate=0.01)
    stored = load("many_keys").where(**case.settings, seed=1)
    assert case.run(seed=1)["accuracy"] == pytest.approx(stored["accuracy"][0], abs=0.03)


def test_overwritten_keys_with_equal_memories() -> None:
    cases = sweep("overwritten").cases
    assert {case.cell for case in cases} == set(CELLS)
    for case in cases:
        assert case.task == LatestValue()
        layer = case.layer(0)
        held = 2 * layer.units * case.task.shown if "attention" in case.cell else layer.units
        assert held == (2 * WIDE * case.task.shown if "grows" in case.cell else NUMBERS)


def test_a_run_with_overwritten_keys_comes_out_again() -> None:
    case = sweep("overwritten").find(
        task=LatestValue(), cell="attention, grows", learning_rate=0.01
    )
    stored = load("overwritten").where(**case.settings, seed=1)
    assert case.run(seed=1)["accuracy"] == pytest.approx(stored["accuracy"][0], abs=0.03)
