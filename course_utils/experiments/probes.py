"""More numbers of a trained network: each probe returns columns for its row of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_utils.tasks import ContinualReber, Task
from course_utils.training import History, SequenceModel

SEQUENCES = 256
STREAMS, STREAM = 32, 1000  # how many, and how long: ten times what was trained on
PROBE_SEED = 2024  # apart from the seeds of training

Numbers = dict[str, float]


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


def gradients(model: SequenceModel, task: Task, history: History) -> Numbers:
    """The largest norm of a gradient before clipping, and the worst loss on the way."""
    return {
        "largest_gradient": np.nanmax(history.gradient_norm, initial=0),
        "worst_loss": np.nanmax(history.loss, initial=0),
    }


PROBES: dict[str, Callable[..., Numbers]] = {
    probe.__name__: probe for probe in (longer, critical, stream, gradients)
}
