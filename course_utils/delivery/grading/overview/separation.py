"""Whether a task tells those who can from those who cannot: its correlation with all the others.

The corrected item-total correlation (Henrysson 1963, https://doi.org/10.1007/BF02289618): a task's
points against the sum of the other tasks, so that it is not correlated with itself. Its interval
is Fisher's, which is approximate for points that take few values. Nothing is said of a class for
which the interval leaves it open.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

LEARNERS, TASKS = 10, 3  # fewer of them, and nothing is computed
GOOD = 0.3  # a usual bound for a task that separates well
Z95 = 1.96


class Separation(NamedTuple):
    """The correlation with its 95 % interval, NaN if there is none, and what it says in words."""

    correlation: float
    low: float
    high: float
    words: str


def separations(points: np.ndarray) -> list[Separation]:
    """For each task, from points (learners, tasks)."""
    learners, tasks = points.shape
    if learners < LEARNERS:
        return [none(f"not told: fewer than {LEARNERS} learners")] * tasks
    if tasks < TASKS:
        return [none(f"not told: fewer than {TASKS} tasks")] * tasks
    return [one(points[:, k], np.delete(points, k, axis=1).sum(axis=1)) for k in range(tasks)]


def one(task: np.ndarray, rest: np.ndarray) -> Separation:
    """Of one task's points and the sums of the others."""
    if np.ptp(task) == 0:
        return none("no: all have the same points in it")
    if np.ptp(rest) == 0:
        return none("not told: all have the same points in the others")
    r = float(np.clip(np.corrcoef(task, rest)[0, 1], -0.999, 0.999))
    half = Z95 / math.sqrt(len(task) - 3)
    low, high = math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
    if low > 0:
        return Separation(r, low, high, "yes, well" if r >= GOOD else "yes, a little")
    if high < 0:
        return Separation(r, low, high, "the wrong way round: look at the task")
    if high < GOOD:
        return Separation(r, low, high, "no")
    return Separation(r, low, high, "open: too few learners to tell")


def none(words: str) -> Separation:
    return Separation(math.nan, math.nan, math.nan, words)
