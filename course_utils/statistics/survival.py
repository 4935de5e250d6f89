"""Steps until solved, where some runs never got there before the budget ended."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np

from course_utils.statistics.intervals import Interval, score_interval


class Curve(NamedTuple):
    """The share of runs that have solved their task, against training steps.

    Attributes:
        steps: (k,) where the share rises, in order.
        share: (k,) from each of these steps on.
        low, high: (k,) its interval, point by point.
    """

    steps: np.ndarray
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def at(self, step: float) -> Interval:
        """The share solved within `step` updates, with its interval."""
        k = int(np.searchsorted(self.steps, step, side="right")) - 1
        if k < 0:
            return Interval(0.0, 0.0, 0.0)
        return Interval(float(self.share[k]), float(self.low[k]), float(self.high[k]))


def share_solved(
    steps: Sequence[float] | np.ndarray,
    budget: float | Sequence[float] | np.ndarray,
    confidence: float = 0.95,
) -> Curve:
    """Share solved against steps: one minus the estimate of Kaplan & Meier (1958).

    A run that is not solved (infinity, NaN or None) is censored: all that is known is that it needs
    more than its budget. Budgets may differ from run to run. The interval is Wilson's for as many
    runs as Greenwood's variance is worth (Rothman 1978); with one budget for all it is Wilson's
    for the share solved so far.

    Args:
        steps: (runs,) updates until solved.
        budget: of every run, or (runs,) of each.

    Raises:
        ValueError: if there are no runs, or one was solved after its budget.
    """
    times, solved = _censored(steps, budget)
    left, variance, points = 1.0, 0.0, []
    for step in np.unique(times[solved]):
        at_risk, events = int(np.sum(times >= step)), int(np.sum(solved & (times == step)))
        left *= 1 - events / at_risk
        variance += events / (at_risk * (at_risk - events)) if at_risk > events else 0
        runs = (1 - left) / (left * variance) if left else solved.sum()
        points.append((step, *score_interval(1 - left, runs, confidence)))
    return Curve(*np.array(points, float).reshape(len(points), 4).T)


def log_rank(
    one: Sequence[float] | np.ndarray,
    other: Sequence[float] | np.ndarray,
    budget: float,
) -> float:
    """Two-sided p-value that two groups of runs are solved at different times (Mantel 1966).

    At each step where a run is solved, the runs of `one` solved there are compared with what
    their share of those still unsolved would give. The sum of the differences, squared and divided
    by its variance, is held against chi-squared with one degree of freedom. It needs no run to be
    solved: unsolved ones are censored at `budget`. Groups of which nobody is solved give 1.

    Raises:
        ValueError: if a group has no runs, or one was solved after the budget.
    """
    (times, solved), (others, others_solved) = _censored(one, budget), _censored(other, budget)
    difference = variance = 0.0
    for step in np.unique(np.concatenate([times[solved], others[others_solved]])):
        n_one, n_other = int(np.sum(times >= step)), int(np.sum(others >= step))
        d_one = int(np.sum(solved & (times == step)))
        d = d_one + int(np.sum(others_solved & (others == step)))
        n = n_one + n_other
        difference += d_one - d * n_one / n
        if n > 1:
            variance += d * n_one * n_other * (n - d) / (n * n * (n - 1))
    if variance == 0:
        return 1.0
    return erfc(sqrt(difference * difference / variance / 2))


def _censored(
    steps: Sequence[float] | np.ndarray, budget: float | Sequence[float] | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Steps with the budget where a run was not solved, and which were."""
    steps = np.array([np.nan if step is None else step for step in steps], float)
    if steps.size == 0:
        raise ValueError("It needs at least one run.")
    budgets = np.broadcast_to(np.asarray(budget, float), steps.shape)
    solved = np.isfinite(steps)
    if np.any(steps[solved] > budgets[solved]):
        raise ValueError("A run cannot be solved after its budget has ended.")
    return np.where(solved, steps, budgets), solved
