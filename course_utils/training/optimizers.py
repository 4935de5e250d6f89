"""Optimisers: how a gradient becomes a step. The same arithmetic as Keras's, in its notation.

Weights and gradients come as `Parameters` (or as plain arrays of one shape). An update first
computes everything on the side and then changes the weights with a single operation, so that an
interrupted kernel finds the weights either before the step or after it, never between.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.cells.faint import clear
from course_utils.training.parameters import Parameters


class SGD:
    """Stochastic gradient descent: `velocity = momentum * velocity - learning_rate * gradient`.

    Args:
        learning_rate: size of a step, above 0; may be changed between steps.
        momentum: share of the last step that is kept, 0 <= momentum < 1.
    """

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0):
        self.learning_rate = _positive("learning_rate", learning_rate)
        self.momentum = _fraction("momentum", momentum)
        self._weights = None

    def update(self, weights: Parameters | np.ndarray, gradients: Parameters | np.ndarray) -> None:
        """Take one step: change `weights` in place."""
        w, gradient = _vectors(weights, gradients)
        if self._weights is not w:  # new weights know no velocity
            self._velocity, self._weights = 0.0, w
        velocity = self.momentum * self._velocity - self.learning_rate * gradient
        self._velocity = velocity
        w += velocity

    def __repr__(self) -> str:
        return f"SGD(learning_rate={self.learning_rate:g}, momentum={self.momentum:g})"


class Adam:
    """Adam (Kingma & Ba 2015): every weight takes steps of about `learning_rate`.

    m and v are running means of the gradient and of its square. Both start at zero; the factor
    `sqrt(1 - beta_2**t) / (1 - beta_1**t)` corrects that. Like Keras, and like the faster form
    in section 2 of the paper, epsilon (1e-7) is added to sqrt(v) before the correction. Where a
    gradient stays away, m and v fade; what is too small to matter is taken for zero, see
    `course_utils.cells.faint`.

    Args:
        learning_rate: above 0; may be changed between steps.
        beta_1, beta_2: memory of m and v, at least 0 and below 1.
        epsilon: above 0, keeps the step finite where v is 0.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ):
        self.learning_rate = _positive("learning_rate", learning_rate)
        self.beta_1 = _fraction("beta_1", beta_1)
        self.beta_2 = _fraction("beta_2", beta_2)
        self.epsilon = _positive("epsilon", epsilon)
        self._weights = None

    def update(self, weights: Parameters | np.ndarray, gradients: Parameters | np.ndarray) -> None:
        """Take one step: change `weights` in place."""
        w, gradient = _vectors(weights, gradients)
        if self._weights is not w:  # new weights have no history
            self._moments, self._weights = (0, 0.0, 0.0), w
        t, m, v = self._moments
        t = t + 1
        m = m + (1 - self.beta_1) * (gradient - m)
        v = v + (1 - self.beta_2) * (gradient * gradient - v)
        clear(m)
        clear(v)
        rate = self.learning_rate * (1 - self.beta_2**t) ** 0.5 / (1 - self.beta_1**t)
        step = rate * m / (np.sqrt(v) + self.epsilon)
        self._moments = t, m, v
        w -= step

    def __repr__(self) -> str:
        return f"Adam(learning_rate={self.learning_rate:g})"


def clip_by_global_norm(
    gradients: Mapping[str, np.ndarray] | np.ndarray, limit: float | None
) -> float:
    """Shorten all gradients together, in place, if their common norm exceeds `limit`.

    The direction stays, only the length changes (Pascanu, Mikolov & Bengio 2013; Keras's
    `global_clipnorm`).

    Args:
        gradients: arrays by name, or one array.
        limit: the largest norm allowed, above 0; None measures without clipping.

    Returns:
        The norm before clipping: the root of the sum of all squares.
    """
    if limit is not None:
        _positive("limit", limit)
    if isinstance(gradients, Parameters):
        arrays = [gradients.vector]
    elif isinstance(gradients, Mapping):
        arrays = list(gradients.values())
    else:
        arrays = [gradients]
    norm = float(np.sqrt(sum(np.vdot(array, array) for array in arrays)))
    if limit is not None and norm > limit:
        for array in arrays:
            array *= limit / norm
    return norm


def _vectors(weights, gradients) -> tuple[np.ndarray, np.ndarray]:
    w, g = (p.vector if isinstance(p, Parameters) else p for p in (weights, gradients))
    if w.shape != g.shape:
        raise ValueError(f"gradients have shape {g.shape}; the weights have shape {w.shape}.")
    return w, g


def _positive(name: str, value: float) -> float:
    if not 0 < value < np.inf:
        raise ValueError(f"{name} is {value}; it must be a finite number above 0.")
    return value


def _fraction(name: str, value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value}; it must be at least 0 and below 1.")
    return value
