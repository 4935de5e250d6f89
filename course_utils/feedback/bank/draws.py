"""Random inputs on which mistakes show: more than two steps, sizes that all differ, no zeros."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), for the references."""
    return 1 / (1 + np.exp(-a))


def sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """B, T, m, n, all different: 2 to 5, and at least 3 steps and units."""
    while True:
        B, T, m, n = (int(k) for k in rng.permutation(4) + 2)
        if T > 2 and n > 2:
            return B, T, m, n


def weights(rng, m: int, n: int, gates: int) -> tuple[Array, Array, Array]:
    """W (m, gates n), U (n, gates n), b (gates n,), none of it small."""
    shapes = (m, gates * n), (n, gates * n), (gates * n,)
    return tuple(rng.normal(0, 0.7, shape) for shape in shapes)


def states(rng, *shape: int) -> Array:
    """Between -1 and 1, as the outputs of tanh are."""
    return rng.uniform(-0.9, 0.9, shape)


def draw_rnn_step(rng, k: int) -> tuple:
    """x, h_prev, W, U, b."""
    B, _, m, n = sizes(rng)
    return rng.normal(size=(B, m)), states(rng, B, n), *weights(rng, m, n, 1)


def draw_rnn(rng, k: int) -> tuple:
    """x, h0, W, U, b."""
    B, T, m, n = sizes(rng)
    return rng.normal(size=(B, T, m)), states(rng, B, n), *weights(rng, m, n, 1)


def gaps(rng, B: int, T: int) -> Array:
    """A mask (B, T): the first sequence is read whole, each other has a gap and something read."""
    mask = rng.random((B, T)) < 0.6
    for row in mask[1:]:
        gap, read = rng.choice(T, 2, replace=False)
        row[gap], row[read] = False, True
    mask[0] = True
    return mask


def counts(rng, k: int) -> tuple[int, int]:
    """m and n, two different numbers."""
    m, n = rng.choice(np.arange(3, 130), 2, replace=False)
    return int(m), int(n)


def draw_with_gaps(rng, k: int) -> tuple:
    x, h0, *weights = draw_rnn(rng, k)
    return x, gaps(rng, *x.shape[:2]), h0, *weights
