"""What is measured without training: each function returns columns for its row of results."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.cells import SimpleRNN
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


MEASUREMENTS: dict[str, Callable[..., Numbers]] = {f.__name__: f for f in (latch, reach)}
