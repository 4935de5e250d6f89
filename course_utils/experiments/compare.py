"""Comparing runs, by the one method of `course_utils.statistics`, and how to say it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from course_utils import CourseError
from course_utils.experiments.results import Results
from course_utils.statistics import holm, log_rank, permutation

LEVEL = 0.05  # a difference is shown if its corrected p-value is below


def of(runs: Results) -> str:
    """5 of 5."""
    return f"{runs.solved} of {len(runs)}"


def steps(runs: Results) -> str:
    """Median updates until solved."""
    value = runs.steps.value
    return f"{value:,.0f} steps" if isfinite(value) else "not solved"


def reached(runs: Results) -> str:
    """Runs solved and after how many updates; if none, the median accuracy or loss."""
    if runs.solved:
        return f"{of(runs)} ({steps(runs)})"
    accuracy = runs["accuracy"]
    if np.isnan(accuracy).any():
        return f"{of(runs)} (loss {runs.median('loss').value:.2f})"
    return f"{of(runs)} (accuracy {np.median(accuracy):.2f})"


def p_value(one: Results, other: Results) -> float:
    """That both are solved as soon: log-rank, or of losses where nobody solved, permutation.

    Raises:
        CourseError: if the two had different budgets of updates.
    """
    budgets = {float(step) for runs in (one, other) for step in runs["steps"]}
    if len(budgets) > 1:
        raise CourseError("Runs with different budgets of steps cannot be compared.")
    if not one.solved and not other.solved:
        return permutation(one["loss"], other["loss"])
    return log_rank(one["solved_at"], other["solved_at"], budgets.pop())


def ahead(one: Results, other: Results) -> bool:
    """Whether the first is the better of the two, shown or not: more solved, sooner, less loss."""
    if one.solved or other.solved:
        return (-one.solved, _mean_steps(one)) < (-other.solved, _mean_steps(other))
    return one.median("loss").value < other.median("loss").value


def shown_better(pairs: Sequence[tuple[Results, Results]]) -> list[bool]:
    """Whether the first of each pair is shown to be better, corrected for the number of pairs."""
    corrected = holm([p_value(*pair) for pair in pairs])
    return [p < LEVEL and ahead(*pair) for p, pair in zip(corrected, pairs)]


def badness(runs: Results) -> tuple[float, float]:
    return len(runs) - runs.solved, runs.steps.value if runs.solved else runs.median("loss").value


def _mean_steps(runs: Results) -> float:
    """With the budget for a run that is not solved, as the log-rank test has it."""
    return float(np.mean(np.where(np.isnan(runs["solved_at"]), runs["steps"], runs["solved_at"])))
