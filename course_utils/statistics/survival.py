"""Steps until solved, where some runs never got there before the budget ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.statistics.comparing import permutation
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
    seed: int = 0,
) -> float:
    """Two-sided p-value that two groups of runs are solved at different times.

    At each step where a run is solved, the runs of `one` solved there are compared with what
    their share of those still unsolved would give; the differences are added up (Mantel 1966). That
    sum is one over the runs of `one` of a score each (Peto & Peto 1972), so its p-value comes from
    giving the scores to two groups in every way, as `permutation` does: with few runs the usual
    chi-squared is too sure. Unsolved runs are censored at `budget`; with nobody solved it is 1.

    Raises:
        ValueError: if a group has no runs, or one was solved after the budget.
    """
    scores = log_rank_scores(one, other, budget)
    return permutation(scores[: len(one)], scores[len(one) :], seed)


def log_rank_scores(
    one: Sequence[float] | np.ndarray, other: Sequence[float] | np.ndarray, budget: float
) -> np.ndarray:
    """(runs,) of both groups: 1 if solved, less the hazard met until then (Nelson 1969).

    Over one group they add up to its observed number of solved runs less the expected one.
    """
    pairs = _censored(one, budget), _censored(other, budget)
    times, solved = (np.concatenate(parts) for parts in zip(*pairs))
    steps = np.unique(times[solved])
    hazards = [np.sum(solved & (times == step)) / np.sum(times >= step) for step in steps]
    met = np.array([sum(h for h, step in zip(hazards, steps) if step <= time) for time in times])
    return solved - met


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
