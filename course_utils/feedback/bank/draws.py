"""Random inputs on which mistakes show: more than two steps, sizes that all differ, no zeros."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), for the references."""
    return 1 / (1 + np.exp(-a))


def sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """B, T, m, n, all different: a batch of at least 2, at least 3 steps, 2 to 5 of the others."""
    T = int(rng.integers(3, 6))
    B, m, n = (int(k) for k in rng.permutation([k for k in (2, 3, 4, 5) if k != T]))
    return B, T, m, n


def weights(rng: np.random.Generator, m: int, n: int, gates: int) -> tuple[Array, Array, Array]:
    """W (m, gates n), U (n, gates n), b (gates n,), none of it small."""
    columns = gates * n
    return (
        rng.normal(0, 0.7, (m, columns)),
        rng.normal(0, 0.7, (n, columns)),
        rng.normal(0, 0.7, columns),
    )
