"""Many-key recall: GRU, linear recurrences and attention with equally many numbers kept.

    recurrence   c_t = a_t c_{t-1} + (1 - a_t) g_t,   h_t = o_t c_t,   g = x W_g, o = sigmoid(x W_o)
        constant    a = sigmoid(theta), one number for each unit, theta from U(0, 6) at the start
        selective   a_t = sigmoid(x W_a + theta)
    attention    softmax(q k / sqrt(d)) v, with d numbers for each key and as many for each value

The output gate is that of the QRNN (Bradbury et al. 2016), whose pooling this is; a constant factor
makes a diagonal state space layer of it. Attention keeps 2 d numbers for each pair that it has
read, a recurrence as many as it has units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from time import process_time

import numpy as np

from course_utils.cells import GRU
from course_utils.cells.activations import sigmoid
from course_utils.cells.scan import backward, scan
from course_utils.experiments.runner import Sweep
from course_utils.experiments.store import Row
from course_utils.tasks import LatestValue, ManyKeys
from course_utils.training import Adam, SequenceModel, train
from course_utils.training.own import OwnLayer

Array = np.ndarray
NUMBERS = 32  # kept by everything but attention that may grow
WIDE = 16  # d of attention that may grow
PAIRS, STEPS, SEEDS = (2, 4, 8, 16), 1500, (0, 1, 2)
RATES = (0.003, 0.01, 0.03, 0.06, 0.1, 0.2)  # the best inside, or several perfect
CELLS = ("GRU", "constant", "selective", "attention", "attention, grows")


def recurrence(x: Array, W: Array, theta: Array, selective: bool) -> tuple[Array, tuple]:
    """h (B, T, n) of x (B, T, m); W (m, 2n) or, selective, (m, 3n); theta (n,)."""
    parts = np.split(x.swapaxes(0, 1) @ W, 2 + selective, axis=2)
    a = sigmoid(parts[2] + theta if selective else np.broadcast_to(theta, parts[0].shape))
    g, o = parts[0], sigmoid(parts[1])
    c = scan(a, (1 - a) * g)
    return (o * c).swapaxes(0, 1), (x, g, o, a, c)


def recurrence_back(
    dh: Array, x: Array, g: Array, o: Array, a: Array, c: Array, W: Array, theta: Array,
    selective: bool,
) -> dict[str, Array]:  # fmt: skip
    """Gradients of W and theta, given that of h and what `recurrence` kept."""
    dh = dh.swapaxes(0, 1)
    dc = backward(a, dh * o)
    before = np.concatenate([np.zeros_like(c[:1]), c[:-1]])
    by_a = dc * (before - g) * a * (1 - a)
    by_x = [dc * (1 - a), dh * c * o * (1 - o)] + [by_a] * selective
    flat = np.concatenate(by_x, axis=2).reshape(-1, W.shape[1])
    rows = x.swapaxes(0, 1).reshape(-1, x.shape[2])
    return {"W": rows.T @ flat, "theta": by_a.sum(axis=(0, 1))}


def attention(x: Array, Q: Array, K: Array, V: Array) -> tuple[Array, tuple]:
    """y (B, 1, d) of x (B, T, m): the last step looks at all steps before it."""
    q, k, v = x[:, -1:] @ Q, x[:, :-1] @ K, x[:, :-1] @ V
    scores = q @ k.swapaxes(1, 2) / K.shape[1] ** 0.5
    w = np.exp(scores - scores.max(axis=2, keepdims=True))
    w = w / w.sum(axis=2, keepdims=True)
    return w @ v, (x, q, k, v, w)


def attention_back(
    dy: Array, x: Array, q: Array, k: Array, v: Array, w: Array, Q: Array, K: Array, V: Array
) -> dict[str, Array]:
    """Gradients of Q, K and V, given that of y and what `attention` kept."""
    dw, dv = dy @ v.swapaxes(1, 2), w.swapaxes(1, 2) @ dy
    ds = w * (dw - np.sum(w * dw, axis=2, keepdims=True)) / K.shape[1] ** 0.5
    dq, dk = ds @ k, ds.swapaxes(1, 2) @ q

    def joined(left: Array, right: Array) -> Array:
        return left.reshape(-1, left.shape[2]).T @ right.reshape(-1, right.shape[2])

    read = x[:, :-1]
    return {"Q": joined(x[:, -1:], dq), "K": joined(read, dk), "V": joined(read, dv)}


@dataclass(frozen=True)
class KeyTraining:
    """A network with `kept` numbers for its memory, trained on one of the two tasks with Adam."""

    task: ManyKeys | LatestValue
    cell: str
    kept: int
    learning_rate: float
    steps: int = STEPS

    @property
    def settings(self) -> Row:
        """What stands in a row of results and, with the seed, tells a run from all others."""
        names = ("cell", "kept", "learning_rate", "steps")
        return {"task": repr(self.task)} | {name: getattr(self, name) for name in names}

    def layer(self, seed: int) -> GRU | OwnLayer:
        """The layer, untrained."""
        if self.cell == "GRU":
            return GRU(self.kept, seed=seed)
        if self.cell.startswith("attention"):
            shapes = dict.fromkeys("QKV", ("m", "n"))
            size = self.kept // (2 * (self.task.length - 1))
            return OwnLayer(attention, attention_back, shapes, size, seed=seed)
        selective = self.cell == "selective"
        ways = [partial(way, selective=selective) for way in (recurrence, recurrence_back)]
        shapes = {"W": ("m", "3n" if selective else "2n"), "theta": ("n",)}
        layer = OwnLayer(*ways, shapes, self.kept, seed=seed, name=self.cell)
        layer.build(self.task.input_size)
        start = np.random.default_rng(seed).uniform(0, 6, self.kept)
        layer.weights["theta"][...] = start
        return layer

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row of results: the share of 1,000 new questions that are answered."""
        start = process_time()
        model = SequenceModel.for_task(self.layer(seed), self.task, seed)
        history = train(
            model,
            self.task,
            steps=self.steps,
            optimizer=Adam(self.learning_rate),
            seed=seed,
            evaluate_every=self.steps,
            progress=progress,
        )
        new = self.task.sample(1000, np.random.default_rng(1000 + seed))
        found = {
            "outcome": "diverged" if history.diverged else "measured",
            "parameters": model.layer.count_params(),
            "accuracy": model.evaluate(new).accuracy,
        }
        return self.settings | {"seed": seed} | found | {"seconds": process_time() - start}


def kept(cell: str, pairs: int) -> int:
    """Numbers that `cell` may keep for `pairs` pairs."""
    return 2 * WIDE * pairs if cell == "attention, grows" else NUMBERS


def many_keys() -> Sweep:
    """The sweep: five networks, 2 to 16 pairs, six learning rates."""
    cases = tuple(
        KeyTraining(ManyKeys(pairs), cell, kept(cell, pairs), rate)
        for pairs in PAIRS
        for cell in CELLS
        for rate in RATES
    )
    question = "How many pairs does a memory of 32 numbers hold, and what if it may grow?"
    return Sweep("many_keys", question, cases, seeds=SEEDS)


def overwritten() -> Sweep:
    """The sweep: keys that come again with another value, and the last one counts."""
    task = LatestValue()
    cases = tuple(
        KeyTraining(task, cell, kept(cell, task.shown), rate) for cell in CELLS for rate in RATES
    )
    question = "Which memory replaces what it holds under one key and keeps the rest?"
    return Sweep("overwritten", question, cases, seeds=SEEDS)
