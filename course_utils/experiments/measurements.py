"""What is measured without training: each function returns columns for its row of results."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from course_utils.cells import Chrono, MinGRU, SimpleRNN
from course_utils.cells.scan import SOLVERS, backward
from course_utils.measure import decay_per_step, gradient_against_lag
from course_utils.tasks import Latch

Numbers = dict[str, float]


def latch(seed: int, weight: float, noise: float, length: int) -> Numbers:
    """One tanh unit, h = tanh(x + weight * h_prev): does it keep a bit, does it pass gradient?

    The bit is -1 or +1 at the first of `length` steps, and noise follows. `kept` is the share of
    1,000 bits whose sign h still has at the end; `gradient` is the median of |dh_T/dh_1|
    (Bengio, Simard & Frasconi 1994).
    """
    layer = SimpleRNN(1, dtype="float64")
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), weight), np.zeros(1)])
    batch = Latch(length, noise).sample(1000, np.random.default_rng(seed))
    h = layer(batch.inputs)
    curve = gradient_against_lag(layer, batch.inputs, average="median", seed=seed)
    return {"kept": np.mean((h[:, 0] > 0) == batch.targets), "gradient": curve.norms[-1]}


def reach(seed: int, radius: float, inputs: float, units: int, length: int) -> Numbers:
    """A tanh network whose recurrent matrix is orthogonal times `radius`: how gradients go back.

    `inputs` is the standard deviation of its Gaussian inputs, one for each unit; with 0 the state
    stays 0, where tanh has slope 1. `decay` is the factor per step, `gradient` what is left after
    `length` - 1 steps (Pascanu, Mikolov & Bengio 2013).
    """
    rng = np.random.default_rng(seed)
    layer = SimpleRNN(units, seed=seed, dtype="float64")
    layer.build(units)
    layer.weights["recurrent_kernel"] *= radius
    x = inputs * rng.standard_normal((16, length, units))
    curve = gradient_against_lag(layer, x, seed=seed)
    return {"decay": decay_per_step(curve), "gradient": curve.norms[-1]}


def scan(seed: int, length: int, width: int) -> Numbers:
    """One minGRU of `width` units, by parallel scan and by loop (Feng et al. 2024).

    `values` and `gradients` are the largest differences, relative to the largest number of their
    array, in float64. `speedup` is the time of the loop divided by that of the scan, for the
    recurrence alone, there and back, in float32 on one core; the best of 5. It depends on the
    machine.
    """
    rng = np.random.default_rng(seed)
    x, dy = rng.standard_normal((1, length, 4)), rng.standard_normal((1, length, width))
    options = {"bias_initializer": Chrono(max(length, 3)), "return_sequences": True}
    found = []
    for by in SOLVERS:
        layer = MinGRU(width, by=by, seed=seed, dtype="float64", **options)
        values = layer(x)
        found.append([values, *layer.backward(dy).weights.values()])
    values, *gradients = (abs(one - two).max() / abs(two).max() for one, two in zip(*found))
    a, b = rng.random((2, length, width), dtype=np.float32)
    seconds = {by: min(_seconds(solver, a, b) for _ in range(5)) for by, solver in SOLVERS.items()}
    speedup = seconds["loop"] / seconds["scan"]
    return {"values": values, "gradients": max(gradients), "speedup": speedup}


def _seconds(solver: Callable, a: np.ndarray, b: np.ndarray) -> float:
    start = perf_counter()
    backward(a, solver(a, b), solver)
    return perf_counter() - start


MEASUREMENTS: dict[str, Callable[..., Numbers]] = {f.__name__: f for f in (latch, reach, scan)}
