"""The contest as a page shows it: settings, shares solved and steps, kernel beside kernel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import isfinite
from pathlib import Path

from course_utils.experiments.contest import SEEDS, fights, finished
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.results import Results, load
from course_utils.experiments.rules_contest import SHORT
from course_utils.experiments.tuning import BUDGETS

NAMES = {"SimpleRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}


def contest_table(folder: Path | None = None) -> Iterator[str]:
    """Lines: a table of what is finished, and a sentence on what is not."""
    stored = partial(load, folder=folder)
    done = finished(stored)
    yield f"{len(SEEDS)} seeds; solved with Wilson's interval, median steps with its bootstrap one."
    yield ""
    kernels = " | ".join(KERNELS)
    yield f"| task, budget | cell | start, rate | {kernels} |"
    yield "| --- | --- | --- |" + " --- |" * len(KERNELS)
    for task in done:
        by_kernel = dict(fights(task, stored))
        for cell, name in NAMES.items():
            each = [cells[cell] for cells in by_kernel.values()]
            row = each[0].rows[0]
            what = f"{SHORT[task]}, {row['steps']:,}"
            setting = f"{row['init']}, {row['learning_rate']:g}"
            yield f"| {what} | {name} | {setting} | {' | '.join(map(outcome, each))} |"
    left = [SHORT[task] for task in BUDGETS if task not in done]
    yield ""
    if left:
        yield (
            f"Not finished yet: {', '.join(left)}; `course sweep tuning`, then `course sweep "
            "contest_haswell contest_sandybridge` go on, and say how long they take."
        )
        yield ""


def outcome(runs: Results) -> str:
    """20 of 20 (0.84 to 1.00), 120 steps (110 to 130)."""
    share, steps = runs.success, runs.steps
    told = f"{runs.solved} of {len(runs)} ({share.low:.2f} to {share.high:.2f})"
    if not isfinite(steps.value):
        return told
    high = f"{steps.high:,.0f}" if isfinite(steps.high) else "never"
    return f"{told}, {steps.value:,.0f} steps ({steps.low:,.0f} to {high})"
