"""More numbers of a trained network: each probe returns columns for its row of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_utils.tasks import ContinualReber, Task
from course_utils.training import History, SequenceModel

SEQUENCES = 256
TEST_SEQUENCES, TEST_SEED = 1000, 1_000_003  # no run has this seed
TOLERANCE = 0.04
FEW, ENDLESS = 8, 10_000  # streams, and letters of each
STREAMS, STREAM = 32, 1000  # how many, and how long: ten times what was trained on
PROBE_SEED = 2024  # apart from the seeds of training

Numbers = dict[str, float]


def fresh(model: SequenceModel, task: Task, history: History) -> Numbers:
    """Loss and accuracy on sequences that decided neither the training nor when it stops."""
    metrics = model.evaluate(task.sample(TEST_SEQUENCES, np.random.default_rng(TEST_SEED)))
    return {"test_loss": metrics.loss, "test_accuracy": metrics.accuracy}


def longer(model: SequenceModel, task: Task, history: History) -> Numbers:
    """Loss on sequences of the trained length, of twice and of four times that."""
    losses = {}
    for factor in (1, 2, 4):
        other = replace(task, length=task.length * factor)
        batch = other.sample(SEQUENCES, np.random.default_rng(PROBE_SEED))
        losses[f"loss_at_{other.length}"] = model.evaluate(batch).loss
    return losses


def critical(model: SequenceModel, task: Task, history: History) -> Numbers:
    """Share of right answers at all scored steps of Reber strings, and where memory is needed."""
    batch = task.sample(SEQUENCES, np.random.default_rng(PROBE_SEED))
    right = batch.right(model.predict(batch.inputs))
    scored = batch.inputs.any(axis=-1)
    return {"right": right[scored].mean(), "right_critical": right[batch.critical].mean()}


def stream(model: SequenceModel, task: Task, history: History) -> Numbers:
    """On streams ten times as long as those trained on: right answers late, growth of the state.

    `state_growth` is the norm of c over the last 100 steps, relative to that over steps 50 to 100.
    """
    batch = ContinualReber(STREAM).sample(STREAMS, np.random.default_rng(PROBE_SEED))
    right = batch.right(model.predict(batch.inputs))
    norms = np.linalg.norm(model.layer.trace()["c"], axis=-1).mean(axis=0)
    late = slice(-100, None)
    return {
        "right_late": right[:, late].mean(),
        "right_critical_late": right[:, late][batch.critical[:, late]].mean(),
        "state_growth": norms[late].mean() / norms[50:100].mean(),
    }


def within(model: SequenceModel, task: Task, history: History) -> Numbers:
    """Share of fresh sequences whose answer is off by less than 0.04, as counted in 1997."""
    batch = task.sample(TEST_SEQUENCES, np.random.default_rng(TEST_SEED))
    error = np.abs(model.predict(batch.inputs) - batch.targets)
    return {"within": np.mean(error < TOLERANCE)}


def endless(model: SequenceModel, task: Task, history: History) -> Numbers:
    """Streams of 10,000 letters, a hundred times what was trained on: right answers along the way.

    `right` counts where memory is needed, at letters 101 to 1,000, 1,001 to 5,000 and the last
    1,000; `size` is the mean of |c| around letter 100 and at the end.
    """
    batch = ContinualReber(ENDLESS).sample(FEW, np.random.default_rng(TEST_SEED))
    right = batch.right(model.predict(batch.inputs))
    size = np.abs(model.layer.trace()["c"]).mean(axis=(0, 2))

    def share(first: int, last: int) -> float:
        part = slice(first, last)
        return float(right[:, part][batch.critical[:, part]].mean())

    return {
        "right_1000": share(100, 1000),
        "right_5000": share(1000, 5000),
        "right_last": share(ENDLESS - 1000, ENDLESS),
        "size_100": size[50:150].mean(),
        "size_last": size[-100:].mean(),
    }


def gradients(model: SequenceModel, task: Task, history: History) -> Numbers:
    """The largest norm of a gradient before clipping, and the worst loss on the way."""
    return {
        "largest_gradient": np.nanmax(history.gradient_norm, initial=0),
        "worst_loss": np.nanmax(history.loss, initial=0),
    }


PROBES: dict[str, Callable[..., Numbers]] = {
    probe.__name__: probe for probe in (fresh, within, longer, critical, stream, endless, gradients)
}
