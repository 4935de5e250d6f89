"""Comparing runs: which of two did better, and how to say it."""

from __future__ import annotations

from math import isfinite

import numpy as np

from course_utils.experiments.results import Results


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


def faster(one: Results, other: Results) -> bool:
    """Clearly fewer updates: the intervals of the medians do not meet."""
    return one.steps.high < other.steps.low


def worse(one: Results, other: Results) -> bool:
    """Fewer runs solve the task, or clearly more updates are needed."""
    return one.solved < other.solved or faster(other, one)


def better(one: Results, other: Results) -> bool:
    """More runs solve the task, or as many in fewer updates (median); if none does, lower loss."""
    if one.solved or other.solved:
        return (-one.solved, one.steps.value) < (-other.solved, other.steps.value)
    return one.median("loss").value < other.median("loss").value


def badness(runs: Results) -> tuple[float, float]:
    return len(runs) - runs.solved, runs.steps.value if runs.solved else runs.median("loss").value
