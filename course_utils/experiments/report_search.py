"""The random search as a page shows it: losses by variant, and what each setting explains."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from course_utils.experiments.results import Results, load
from course_utils.experiments.rules_search import (
    BEST,
    KNOB_NAMES,
    LEAST,
    LSTM,
    best_losses,
    differences,
    explained,
    settings_stored,
    tables,
)
from course_utils.experiments.search import SETTINGS

IDLE = "LSTM without forget gate"
TOLD = {-1: "worse", 0: "not shown", 1: "better"}


def search_tables(folder: Path | None = None) -> Iterator[str]:
    """Lines: how much is stored, a table of the variants, a table of the settings."""
    table = tables(partial(load, folder=folder))
    if not table:
        yield (
            f"Fewer than {LEAST} random settings have been run, too few to tell; `course sweep "
            "search` goes on, and says how long it takes."
        )
        return
    count = settings_stored(table)
    yield (
        f"{count} random settings for each variant and task. The loss is of test data: squared "
        "error for adding, nats for the places."
    )
    if count < SETTINGS:
        yield f"{SETTINGS} are planned; `course sweep search` goes on, and says how long it takes."
    yield ""
    yield f"| task | variant | quarter, half, three quarters below | {BEST} best | to the LSTM |"
    yield "| --- | --- | --- | --- | --- |"
    shown = differences(table)
    for name, cells in table.items():
        for cell, runs in cells.items():
            best = best_losses(runs)
            against = "" if cell == LSTM else TOLD[shown[name, cell]]
            low, high = best.min(), best.max()
            told = f"{np.median(best):.3g} ({low:.3g} to {high:.3g})"
            yield f"| {name} | {cell} | {quartiles(runs)} | {told} | {against} |"
    yield ""
    idle = " and ".join(f"{explained([cells[IDLE]])['bias'][0]:.0%}" for cells in table.values())
    yield (
        "What each setting explains of the log loss: median of the variants, and range. Without "
        f"forget gate its bias changes nothing; what is found for it there, {idle}, is chance."
    )
    yield ""
    yield f"| task | {' | '.join(KNOB_NAMES.values())} |"
    yield "| --- |" + " --- |" * len(KNOB_NAMES)
    for name, cells in table.items():
        shares = explained(cells.values()).values()
        told = " | ".join(f"{np.median(s):.0%} ({s.min():.0%} to {s.max():.0%})" for s in shares)
        yield f"| {name} | {told} |"


def quartiles(runs: Results) -> str:
    """0.07, 0.15, 0.16: of all losses, a diverged run counted as the worst."""
    losses = np.where(runs["outcome"] == "diverged", np.inf, runs["test"])
    return ", ".join(
        f"{value:.3g}" for value in np.quantile(losses, (0.25, 0.5, 0.75), method="nearest")
    )
