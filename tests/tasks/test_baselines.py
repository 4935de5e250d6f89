"""Baselines against simulation: the predictor that a baseline speaks of, on many samples.

Each estimate is a mean over independent sequences, so it may differ from theory by 5 of its own
standard errors; a right baseline fails one seed in two million.
"""

import math

import numpy as np
import pytest

from course_utils.tasks import (
    Adding,
    ContinualReber,
    CopyMemory,
    EmbeddedReber,
    FranceSentence,
    Latch,
    Recall,
    TemporalOrder,
)

ONE_ANSWER = [
    FranceSentence((3, 8)),
    Recall(lag=3, symbols=5),
    TemporalOrder(10),
    Latch(length=3),
]


def draw(task, count, seed=0):
    return task.sample(count, np.random.default_rng(seed))


def agrees(samples, theory):
    """Whether the mean of independent samples fits, to 5 standard errors."""
    error = np.std(samples) / math.sqrt(len(samples))
    return abs(np.mean(samples) - theory) <= 5 * error


@pytest.mark.parametrize("task", ONE_ANSWER, ids=lambda task: type(task).__name__)
def test_classes_are_equally_likely_so_guessing_is_all_one_can_do(task):
    targets, k = draw(task, 20_000).targets, task.output_size
    for answer in range(k):
        assert agrees(targets == answer, task.baseline.accuracy)
    assert task.baseline.accuracy == pytest.approx(1 / k)
    assert task.baseline.loss == pytest.approx(-math.log(1 / k))


@pytest.mark.parametrize("task", ONE_ANSWER, ids=lambda task: type(task).__name__)
def test_the_last_step_tells_nothing(task):
    """Whoever sees only the last input scores no better than a guess: no class leaks there."""
    batch = draw(task, 20_000)
    for channel in range(task.input_size):
        value = batch.inputs[:, -1, channel]
        for answer in range(task.output_size):
            here = batch.targets == answer
            if value.std() > 0:
                r = np.corrcoef(value, here)[0, 1]
                assert abs(r) < 5 / math.sqrt(len(here))


def test_adding_constant_one():
    task = Adding(20)
    assert agrees((draw(task, 50_000).targets[:, 0] - 1.0) ** 2, task.baseline.loss)
    assert task.baseline.loss == 1 / 6


@pytest.mark.parametrize("dials", [(100, 10, 8), (1, 1, 2), (7, 3, 26)])
def test_copy_without_memory(dials):
    task = CopyMemory(*dials)
    targets = draw(task, 20_000).targets
    waiting = targets.shape[1] - task.items
    blank = task.output_size - 1
    assert (targets[:, :waiting] == blank).all()
    # Always the first symbol when the answer is due: no memory, and no other choice is better.
    right = (waiting + (targets[:, waiting:] == 0).sum(axis=1)) / targets.shape[1]
    assert agrees(right, task.baseline.accuracy)
    assert task.baseline.loss == pytest.approx(
        dials[1] * math.log(dials[2]) / (dials[0] + 2 * dials[1])
    )
    for symbol in range(task.symbols):
        assert agrees((targets[:, waiting:] == symbol).mean(axis=1), 1 / task.symbols)


def test_copy_baseline_of_the_paper():
    assert CopyMemory(100).baseline.loss == pytest.approx(10 * math.log(8) / 120)


def reached_by_counting(task, context, train, test):
    """Loss and accuracy, with standard errors, of a table: context -> share of each successor.

    The table comes from one half of the data and is scored on the other. A ratio of two sums over
    sequences has the standard error of its residuals.
    """
    counts = np.zeros((context(train).max() + 1, 7))
    weights = np.ones_like(train.targets, float) if train.weights is None else train.weights
    np.add.at(counts, (context(train), train.targets), weights)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)

    weights = np.ones_like(test.targets, float) if test.weights is None else test.weights
    at = context(test)
    with np.errstate(divide="ignore"):
        nats = np.where(weights > 0, -np.log(share[at, test.targets]), 0)
    right = (share[at].argmax(axis=-1) == test.targets) * weights
    for each in (nats, right):
        total = weights.sum(axis=1)
        mean = each.sum() / total.sum()
        residuals = (each.sum(axis=1) - mean * total) / total.mean()
        yield mean, residuals.std() / math.sqrt(len(residuals))


@pytest.mark.parametrize("task", [EmbeddedReber(), ContinualReber(30), ContinualReber(1)], ids=repr)
def test_reber_best_predictor_that_sees_one_symbol(task):
    train, test = draw(task, 30_000, 1), draw(task, 30_000, 2)
    (loss, loss_error), (accuracy, accuracy_error) = reached_by_counting(
        task, lambda batch: batch.inputs.argmax(axis=-1), train, test
    )
    # Ties among successors make the table's own choice cost up to its sampling error: 1e-3.
    assert abs(loss - task.baseline.loss) < 5 * loss_error + 1e-3
    assert abs(accuracy - task.baseline.accuracy) < 5 * accuracy_error + 1e-3


@pytest.mark.parametrize("task", [EmbeddedReber(), ContinualReber(30)], ids=repr)
def test_reber_perfect_and_forgetful_predictors(task):
    """The k legal successors get 1/k each; who forgets gives T and P 1/2 where one is due."""
    batch = draw(task, 30_000)
    weights = np.ones(batch.targets.shape) if batch.weights is None else batch.weights
    choices = batch.legal.sum(axis=-1).clip(min=1)
    forgotten = np.where(batch.critical, 2, choices)
    for k, theory in ((choices, task.best), (forgotten, task.forgetful)):
        for each, value in ((np.log(k), theory.loss), (1 / k, theory.accuracy)):
            total, each = weights.sum(axis=1), (each * weights).sum(axis=1)
            residuals = (each - value * total) / total.mean()
            assert agrees(residuals, 0)


def test_reber_by_hand():
    """Worked out on paper: the first prediction of a stream is T or P after B, each 1/2."""
    first = ContinualReber(1)
    assert first.baseline.loss == pytest.approx(math.log(2))
    assert first.best == first.forgetful._replace(why=first.best.why)
    task = EmbeddedReber()
    assert task.best.loss < task.forgetful.loss < task.baseline.loss
    # One critical step a string, at ln 2 instead of 0; a string has 11 scored steps on average.
    assert task.forgetful.loss - task.best.loss == pytest.approx(math.log(2) / 11)
    assert draw(task, 20_000).weights.sum(axis=1).mean() == pytest.approx(11, abs=0.15)
