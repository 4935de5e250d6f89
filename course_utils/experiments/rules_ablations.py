"""Rules for claims about the parts of the LSTM: which of them are missed."""

from __future__ import annotations

from course_utils.experiments.compare import could_show, shown_better
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.experiments.variants import VARIANTS
from course_utils.tasks import Adding, ContinualReber

METHOD = "log-rank, Holm, 5%"
TASKS = {"adding 50": Adding(50), "continual Reber": ContinualReber(100)}


def tables(load: Load) -> dict[str, dict[str, Results]]:
    """By task, the runs of the LSTM and of each variant."""
    runs = {name: load("ablations").where(task=task) for name, task in TASKS.items()}
    return {
        name: {cell: one.where(cell=cell) for cell in ("LSTM", *VARIANTS)}
        for name, one in runs.items()
    }


def harmed(table: dict[str, Results]) -> list[str]:
    """Variants that the LSTM is shown to be better than."""
    shown = shown_better([(table["LSTM"], table[cell]) for cell in VARIANTS])
    return [cell for cell, so in zip(VARIANTS, shown) if so]


def helped(table: dict[str, Results]) -> list[str]:
    """Variants that are shown to be better than the LSTM."""
    shown = shown_better([(table[cell], table["LSTM"]) for cell in VARIANTS])
    return [cell for cell, so in zip(VARIANTS, shown) if so]


def listed(found: dict[str, list[str]]) -> str:
    return "; ".join(
        f"{name}: {', '.join(cell.removeprefix('LSTM ') for cell in cells) or 'none'}"
        for name, cells in found.items()
    )


def most_important(load: Load) -> Finding:
    by_task = tables(load)
    found = {name: harmed(table) for name, table in by_task.items()}
    needed = [f"LSTM without {part}" for part in ("forget gate", "output activation")]
    missed = [all(cell in cells for cells in found.values()) for cell in needed]
    seeds = len(by_task["adding 50"]["LSTM"])
    conditions = {
        f"Without forget gate it is shown to be worse on both tasks ({METHOD}).": missed[0],
        "Without output activation it is, too.": missed[1],
        "No other variant is, on either task.": not set().union(*found.values()) - set(needed),
    }
    ours = f"shown to be worse than the LSTM: {listed(found)}{power(seeds)}"
    return Finding(ours, seeds, conditions)


def none_better(load: Load) -> Finding:
    by_task = tables(load)
    found = {name: helped(table) for name, table in by_task.items()}
    seeds = len(by_task["adding 50"]["LSTM"])
    conditions = {
        f"Seeds enough to show it, and no variant needs fewer steps on both ({METHOD}).": (
            could_show(seeds, len(VARIANTS)) and not set.intersection(*map(set, found.values()))
        ),
        "None is shown to on either task.": not any(found.values()),
    }
    ours = f"shown to need fewer steps: {listed(found)}{power(seeds)}"
    return Finding(ours, seeds, conditions)


def power(seeds: int) -> str:
    """A warning where no difference at all could be shown."""
    if could_show(seeds, len(VARIANTS)):
        return ""
    return f"; {seeds} seeds can show nothing, corrected for {len(VARIANTS)} comparisons"
