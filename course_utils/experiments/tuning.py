"""A learning rate and a start for each cell and task, chosen before the runs that count.

In two rungs (successive halving, Jamieson & Talwalkar 2016), the same number of trials for every
cell. First each of two starts with each of six rates over two and a half decades, one seed and a
quarter of the budget. Then the best four settings of the cell, three other seeds, the whole budget.
Among these the winner solves most runs, or as many in fewer steps; its seeds are not used again.
Where it lies at the edge of the grid, the grid grows for all cells; a new rate may then push an
older one out of a cell's best four, which has had its runs by then and stays in the race.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils import CourseError
from course_utils.experiments.case import Training
from course_utils.experiments.networks import equal_units
from course_utils.experiments.results import Results
from course_utils.experiments.runner import Sweep
from course_utils.experiments.store import Store, key
from course_utils.tasks import (
    Adding,
    CopyMemory,
    FranceSentence,
    ManyKeys,
    Recall,
    Task,
    TemporalOrder,
)

RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
LOWER, HIGHER = (0.0001, 0.00003), (0.3, 1.0, 3.0)  # where the grid grows to
STARTS = {
    "SimpleRNN": ("default", "identity"),
    "LSTM": ("default", "chrono"),
    "GRU": ("default", "chrono"),
}
FIRST, SECOND = (100,), (101, 102, 103)  # seeds of the two rungs
QUARTER, FINALISTS = 4, 4
BUDGETS: dict[Task, int] = {
    FranceSentence((3, 40)): 4000,
    Recall(50): 3000,
    Adding(100): 2000,
    TemporalOrder(50): 3000,
    CopyMemory(10, 5): 3000,
    ManyKeys(4): 3000,
}
EVALUATE_EVERY = 25  # updates, while tuning


class Setting(NamedTuple):
    """What was tuned: the start of the weights and biases, and the learning rate."""

    init: str
    rate: float


def trial(
    task: Task, cell: str, setting: Setting, steps: int, evaluate_every: int = EVALUATE_EVERY
) -> Training:
    """A run of so many steps at most, of a network of equal size, tested on other sequences."""
    return Training(
        task,
        cell,
        setting.init,
        equal_units(task, cell),
        setting.rate,
        steps,
        probes=("fresh",),
        evaluate_every=evaluate_every,
        keep_curve=False,
    )


def tuning(folder: Path | None = None) -> Sweep:
    """All trials, as far as they are known: the second rung follows from the first one stored."""
    stored, runs = stored_trials(folder), []
    for task in BUDGETS:
        runs += trials(task, stored)
    question = "Which learning rate and which start suit each cell, task by task?"
    return Sweep("tuning", question, extra=tuple(runs), by_night=True)


def trials(task: Task, stored: dict[tuple, dict]) -> list[tuple[Training, int]]:
    """The runs of one task that are known, given what is stored, by key."""
    rates = list(RATES)
    lower, higher = iter(LOWER), iter(HIGHER)
    second: list[tuple[Training, int]] = []
    while True:
        first = rung(task, {cell: grid(cell, rates) for cell in STARTS}, FIRST, 1 / QUARTER)
        found = {cell: _rows(first, stored, cell) for cell in STARTS}
        if any(rows is None for rows in found.values()):
            return first + second
        finalists = {cell: ranked(rows)[:FINALISTS] for cell, rows in found.items()}
        second = list(dict.fromkeys([*second, *rung(task, finalists, SECOND, 1)]))
        decided = {cell: _rows(second, stored, cell) for cell in STARTS}
        if any(rows is None for rows in decided.values()):
            return first + second
        best = [ranked(rows)[0] for rows in decided.values() if any_solved(rows)]
        edges = {one.rate for one in best} & {rates[0], rates[-1]}
        new = {next(lower if edge == rates[0] else higher, None) for edge in edges} - {None}
        if not new:
            return first + second
        rates = sorted([*rates, *new])


def grid(cell: str, rates: Iterable[float]) -> list[Setting]:
    """Every start of the cell with every rate."""
    rates = list(rates)
    return [Setting(init, rate) for init in STARTS[cell] for rate in rates]


def rung(
    task: Task, settings: dict[str, list[Setting]], seeds: Iterable[int], share: float
) -> list[tuple[Training, int]]:
    """The runs of one rung, with a share of the task's budget."""
    steps = int(BUDGETS[task] * share)
    seeds = tuple(seeds)
    return [
        (trial(task, cell, one, steps), seed)
        for cell, some in settings.items()
        for one in some
        for seed in seeds
    ]


def ranked(rows: Iterable[dict]) -> list[Setting]:
    """Settings, the best first: most runs solved, then fewest steps, then the lowest loss.

    Steps are the mean over the seeds, with the budget for a run that is not solved.
    """
    found: dict[Setting, list[dict]] = {}
    for row in rows:
        found.setdefault(Setting(row["init"], float(row["learning_rate"])), []).append(row)

    def worth(one: Setting) -> tuple[float, float, float]:
        runs = found[one]
        solved = [row["outcome"] == "solved" for row in runs]
        steps = [row["solved_at"] if ok else row["steps"] for ok, row in zip(solved, runs)]
        losses = [np.inf if row["outcome"] == "diverged" else row["loss"] for row in runs]
        return -sum(solved), float(np.mean(steps)), float(np.mean(losses))

    return sorted(found, key=worth)


def any_solved(rows: Iterable[dict]) -> bool:
    return any(row["outcome"] == "solved" for row in rows)


def chosen(task: Task, cell: str, folder: Path | None = None) -> Setting:
    """The setting that the second rung gave.

    Raises:
        CourseError: if its trials are not all stored.
    """
    stored = stored_trials(folder)
    runs = trials(task, stored)
    if any(key(case.settings | {"seed": seed}) not in stored for case, seed in runs):
        raise CourseError(f"{task} is not tuned yet: run `course sweep tuning`.")
    return ranked(last_rung(Results("tuning", tuple(stored.values())), task, cell).rows)[0]


def stored_trials(folder: Path | None = None) -> dict[tuple, dict]:
    """The rows of tuning that are stored, by key."""
    path = Store("tuning", folder).path
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> dict[tuple, dict]:
    return {key(row): row for row in Store(path.stem, path.parent).read()}


def last_rung(results: Results, task: Task, cell: str) -> Results:
    """The trials that decided: the seeds and the budget of the second rung."""
    return results.where(task=task, cell=cell, seed=list(SECOND), steps=BUDGETS[task])


def _rows(runs: list[tuple[Training, int]], stored: dict, cell: str) -> list[dict] | None:
    """The stored rows of the cell's runs, or None if one is missing."""
    keys = [key(case.settings | {"seed": seed}) for case, seed in runs if case.cell == cell]
    return [stored[one] for one in keys] if all(one in stored for one in keys) else None
