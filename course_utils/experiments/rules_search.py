"""Rules for claims of Greff et al. 2015, judged by the random search: which parts, which settings.

As there, variants are compared by the best tenth or so of their runs: the ten with the lowest loss
on validation data, by their loss on test data. What a setting explains is taken over all runs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_utils import CourseError
from course_utils.experiments.compare import LEVEL
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.experiments.search import CELLS, KNOBS, LEAST, TASKS, importance
from course_utils.statistics import holm, permutation
from course_utils.tasks import Adding
from course_utils.tasks.places import PlaceNames

LSTM, *VARIANTS = CELLS
BEST = 10  # runs that are compared
METHOD = "permutation, Holm, 5%"
SHORT = {Adding(50): "adding 50", PlaceNames(): "place names"}
KNOB_NAMES = dict(zip(KNOBS, ("rate", "width", "noise", "clipping", "forget bias")))
TWO_THIRDS = 2 / 3
OPEN = Finding(f"fewer than {LEAST} random settings have been run", 0, {}, "settings")

Table = dict[str, dict[str, Results]]


def tables(load: Load) -> Table:
    """By task and cell, the runs of those settings that all of them have had; {} with too few."""
    try:
        runs = load("search")
    except CourseError:
        return {}
    had: dict[int, int] = {}
    for row in runs.rows:
        had[row["seed"]] = had.get(row["seed"], 0) + 1
    whole = {number for number, count in had.items() if count == len(TASKS) * len(CELLS)}
    if len(whole) < LEAST:
        return {}
    runs = runs.where(seed=whole)
    return {
        SHORT[task]: {cell: runs.where(task=task, cell=cell) for cell in CELLS} for task in TASKS
    }


def settings_stored(table: Table) -> int:
    """How many random settings each variant has had on each task."""
    return min(len(runs) for cells in table.values() for runs in cells.values())


def best_losses(runs: Results, count: int = BEST) -> np.ndarray:
    """Test losses of the runs with the lowest validation losses, diverged ones left out."""
    fit = [row for row in runs.rows if row["outcome"] != "diverged"]
    fit.sort(key=lambda row: row["validation"])
    return np.array([row["test"] for row in fit[:count]])


def differences(table: Table) -> dict[tuple[str, str], float]:
    """By task and variant, how it differs from the LSTM: -1 worse, 1 better, 0 not shown."""
    pairs = [(name, cell) for name in table for cell in VARIANTS]
    logs = {
        (name, cell): np.log(best_losses(runs))
        for name, cells in table.items()
        for cell, runs in cells.items()
    }
    p_values = holm([permutation(logs[pair], logs[pair[0], LSTM]) for pair in pairs])
    return {
        pair: int(np.sign(logs[pair[0], LSTM].mean() - logs[pair].mean())) if p < LEVEL else 0
        for pair, p in zip(pairs, p_values)
    }


def most_important(load: Load) -> Finding:
    table = tables(load)
    if not table:
        return OPEN
    worse = _shown(table, -1)
    needed = [f"LSTM without {part}" for part in ("forget gate", "output activation")]
    missed = [all(cell in cells for cells in worse.values()) for cell in needed]
    conditions = {
        "Without forget gate the ten best are shown to be worse than the LSTM's, on both tasks "
        f"({METHOD}).": missed[0],
        "Without output activation they are, too.": missed[1],
        "No other variant is shown to be worse, on either task.": not (
            set().union(*worse.values()) - set(needed)
        ),
    }
    return Finding(
        f"shown to be worse: {_listed(worse)}", settings_stored(table), conditions, "settings"
    )


def none_better(load: Load) -> Finding:
    table = tables(load)
    if not table:
        return OPEN
    better = _shown(table, 1)
    conditions = {
        f"The ten best of no variant are shown to be better on both tasks ({METHOD}).": (
            not set.intersection(*better.values())
        ),
        "Nor on one of them.": not any(better.values()),
    }
    return Finding(
        f"shown to be better: {_listed(better)}", settings_stored(table), conditions, "settings"
    )


def rate_matters(load: Load) -> Finding:
    table = tables(load)
    if not table:
        return OPEN
    found = {name: explained(cells.values()) for name, cells in table.items()}
    first = [shares["learning_rate"] for shares in found.values()]
    others = [np.max([shares[k] for k in KNOBS[1:]], axis=0) for shares in found.values()]
    ours = "; ".join(
        f"{name}: "
        + ", ".join(f"{KNOB_NAMES[knob]} {np.median(share):.0%}" for knob, share in shares.items())
        for name, shares in found.items()
    )
    conditions = {
        "The rate explains more of the variance than each other setting does, for each of "
        f"{len(CELLS)} variants on both tasks.": all(
            (rate > other).all() for rate, other in zip(first, others)
        ),
        "It explains more than two thirds, for the median variant on both tasks.": all(
            np.median(rate) > TWO_THIRDS for rate in first
        ),
    }
    ours = f"share of the variance of the log loss that each explains, median variant: {ours}"
    return _finding(ours, table, conditions)


def explained(cells: Iterable[Results]) -> dict[str, np.ndarray]:
    """For each setting, what it explains by itself, variant by variant."""
    shares = [importance(runs) for runs in cells]
    return {knob: np.array([one[knob] for one in shares]) for knob in KNOBS}


def _finding(ours: str, table: Table, conditions: dict[str, bool]) -> Finding:
    return Finding(ours, settings_stored(table), conditions, "settings")


def _shown(table: Table, sign: int) -> dict[str, set[str]]:
    found = differences(table)
    return {name: {cell for cell in VARIANTS if found[name, cell] == sign} for name in table}


def _listed(found: dict[str, set[str]]) -> str:
    return "; ".join(
        f"{name}: {', '.join(c.removeprefix('LSTM').strip(' ,') for c in VARIANTS if c in cells)}"
        if cells
        else f"{name}: none"
        for name, cells in found.items()
    )
