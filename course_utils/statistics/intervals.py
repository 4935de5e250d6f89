"""How sure can one be, with a few seeds? Intervals that say so."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """An estimate and the ends of its interval."""

    value: float
    low: float
    high: float


def wilson(successes: int, runs: int, confidence: float = 0.95) -> Interval:
    """The share of successes with Wilson's score interval (Wilson 1927).

    Unlike share ± 1.96 standard errors, it is honest where all or none of a few runs succeed: 5 of
    5 gives 0.57 to 1.

    Raises:
        ValueError: if there are no runs, or successes are not between 0 and runs.
    """
    if runs < 1 or not 0 <= successes <= runs:
        raise ValueError(f"{successes} of {runs} runs is no share.")
    return score_interval(successes / runs, runs, confidence)


def score_interval(share: float, runs: float, confidence: float = 0.95) -> Interval:
    """Wilson's interval for a share of `runs` runs, which need not be a whole number."""
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    shrink = 1 + z * z / runs
    centre = (share + z * z / (2 * runs)) / shrink
    half = z / shrink * sqrt(share * (1 - share) / runs + z * z / (4 * runs * runs))
    return Interval(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def exact(successes: int, runs: int, confidence: float = 0.95) -> Interval:
    """The share of successes with the interval of Clopper & Pearson (1934).

    It holds the true share in at least 95 of 100 cases whatever that share is, where Wilson's does
    so on average; so it is wider: 5 of 5 gives 0.48 to 1.

    Raises:
        ValueError: if there are no runs, or successes are not between 0 and runs.
    """
    if runs < 1 or not 0 <= successes <= runs:
        raise ValueError(f"{successes} of {runs} runs is no share.")
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else _share_where(successes, runs, tail)
    high = 1.0 if successes == runs else 1 - _share_where(runs - successes, runs, tail)
    return Interval(successes / runs, low, high)


def _share_where(successes: int, runs: int, tail: float) -> float:
    """The share at which so many successes, or more, have the probability `tail`; by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        share = (low + high) / 2
        more = sum(
            comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(successes, runs + 1)
        )
        low, high = (share, high) if more < tail else (low, share)
    return low


def bootstrap_median(
    values: Sequence[float] | np.ndarray,
    confidence: float = 0.95,
    draws: int = 10_000,
    seed: int = 0,
) -> Interval:
    """The median with a percentile bootstrap interval (Efron 1979), seeded.

    A run that never got there may stand as infinity. With five values or fewer the interval is
    close to the whole range: that is what five values can say.

    Raises:
        ValueError: if there are no values, or one is NaN.
    """
    values = np.asarray(values, float)
    if values.size == 0 or np.isnan(values).any():
        raise ValueError("bootstrap_median needs at least one value, and none of them NaN.")
    picks = np.random.default_rng(seed).integers(values.size, size=(draws, values.size))
    medians = np.sort(_median(values[picks]))
    tail = (1 - confidence) / 2
    ends = [medians[int(share * (draws - 1))] for share in (tail, 1 - tail)]
    return Interval(float(_median(values[None])[0]), *map(float, ends))


def _median(rows: np.ndarray) -> np.ndarray:
    """Of each row; of an even number of values the mean of the middle two, infinity included."""
    rows, middle = np.sort(rows, axis=1), rows.shape[1] // 2
    return rows[:, middle] if rows.shape[1] % 2 else (rows[:, middle - 1] + rows[:, middle]) / 2
