"""Do two sets of runs differ? Tests that assume no bell curve, and what many of them cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np

MOST = 20_000  # relabellings; with more than so many, as many are drawn
CLOSE = 1e-12  # two sums of the same numbers in another order are equal


def permutation(
    one: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray, seed: int = 0
) -> float:
    """Two-sided p-value: how often do labels at random make the means differ as much?

    Every way to give the values to two groups of these sizes counts once; where there are more
    than 20,000 ways, 20,000 are drawn (Fisher 1935; Pitman 1937). Five values above five others
    give 2/252.

    Raises:
        ValueError: if a group is empty or a value is not finite.
    """
    one, other = _finite(one), _finite(other)
    pooled = np.concatenate([one, other])
    observed = abs(one.mean() - other.mean())
    total, size = pooled.sum(), len(one)
    ways = comb(len(pooled), size)
    if ways <= MOST:
        chosen = np.array([pooled[list(c)].sum() for c in combinations(range(len(pooled)), size)])
    else:
        rng = np.random.default_rng(seed)
        shuffled = rng.permuted(np.tile(pooled, (MOST, 1)), axis=1)
        chosen = shuffled[:, :size].sum(axis=1)
    differences = np.abs(chosen / size - (total - chosen) / len(other))
    return _share_at_least(differences, observed, np.abs(pooled).max(), drawn=ways > MOST)


def paired_permutation(differences: Sequence[float] | np.ndarray, seed: int = 0) -> float:
    """Two-sided p-value of paired runs: how often do signs at random make the mean as far from 0?

    `differences` are those of one seed each, one cell less the other. All 2^n choices of signs
    count once; from 15 pairs on, 20,000 are drawn (Fisher 1935, section 21). Five pairs can give
    2/32 at the least, so five seeds are too few for this test; six give 2/64.

    Raises:
        ValueError: if there are none, or one is not finite.
    """
    differences = _finite(differences)
    n = len(differences)
    if 2**n <= MOST:
        signs = 1 - 2 * (np.arange(2**n)[:, None] >> np.arange(n) & 1)
    else:
        signs = np.random.default_rng(seed).choice([-1, 1], size=(MOST, n))
    means = np.abs(signs @ differences) / n
    largest = np.abs(differences).max()
    return _share_at_least(means, abs(differences.mean()), largest, drawn=2**n > MOST)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for their number, in the order given (Holm 1979).

    The smallest of m is multiplied by m, the next by m - 1, ...; none comes out below a smaller
    one, none above 1. What is below 0.05 afterwards is shown at 5% for the whole family.

    Raises:
        ValueError: if one is not between 0 and 1.
    """
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("A p-value lies between 0 and 1.")
    corrected = [0.0] * len(p_values)
    for index, p in _cumulative(sorted(range(len(p_values)), key=lambda k: p_values[k]), p_values):
        corrected[index] = p
    return corrected


def _cumulative(order: list[int], p_values: Sequence[float]) -> Iterator[tuple[int, float]]:
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[index]))
        yield index, largest


def _finite(values: Sequence[float] | np.ndarray) -> np.ndarray:
    values = np.asarray(values, float).ravel()
    if values.size == 0 or not np.isfinite(values).all():
        raise ValueError("It needs at least one value, and every one finite.")
    return values


def _share_at_least(found: np.ndarray, observed: float, scale: float, drawn: bool) -> float:
    """Drawn relabellings leave the observed one out, so it is counted in (Phipson & Smyth 2010)."""
    as_far = int(np.sum(found >= observed - CLOSE * max(1.0, scale)))
    return (as_far + drawn) / (len(found) + drawn)
