"""The fair fight: each cell at its tuned setting, 20 seeds, on two kernels of the processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils import CourseError
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.results import Results, load
from course_utils.experiments.runner import Sweep
from course_utils.experiments.tuning import BUDGETS, STARTS, chosen, last_rung, stored_trials, trial
from course_utils.tasks import Task

SEEDS = tuple(range(20))
EVALUATE_EVERY = 10
SLACK, LEAST = 4, 1000
Load = Callable[[str], Results]


def contest(kernel: str, folder: Path | None = None) -> Sweep:
    """The runs of one kernel, of the tasks that are tuned."""
    runs = []
    for task in BUDGETS:
        try:
            settings = {cell: chosen(task, cell, folder) for cell in STARTS}
        except CourseError:
            continue
        steps = budget(task, folder)
        cases = [trial(task, cell, one, steps, EVALUATE_EVERY) for cell, one in settings.items()]
        runs += [(case, seed) for case in cases for seed in SEEDS]
    question = f"Tuned, equal in size, 20 seeds: which cell learns what? Kernel {kernel}."
    return Sweep(stored_as(kernel), question, extra=tuple(runs), kernel=kernel, by_night=True)


def budget(task: Task, folder: Path | None = None) -> int:
    """Updates for everybody: four times what the slowest trial needed that succeeded.

    Only trials with a chosen setting count; it is 1,000 at least, and what tuning had at most.
    """
    tuned, slowest = Results("tuning", tuple(stored_trials(folder).values())), 0.0
    for cell in STARTS:
        setting = chosen(task, cell, folder)
        trials = last_rung(tuned, task, cell).where(init=setting.init, learning_rate=setting.rate)
        slowest = max([slowest, *(row["solved_at"] or 0 for row in trials.rows)])
    return int(min(max(LEAST, SLACK * slowest), BUDGETS[task]))


def stored_as(kernel: str) -> str:
    """Name of the sweep of one kernel."""
    return f"contest_{kernel.lower()}"


def finished(load: Load = load) -> tuple[Task, ...]:
    """The tasks that are fought out: 20 runs of each cell are stored, on every kernel."""
    try:
        tables = [load(stored_as(kernel)) for kernel in KERNELS]
    except CourseError:
        return ()
    stored = [{(row["task"], row["cell"], row["seed"]) for row in one.rows} for one in tables]
    return tuple(
        task
        for task in BUDGETS
        if all((repr(task), c, s) in one for one in stored for c in STARTS for s in SEEDS)
    )


def fights(task: Task, load: Load = load) -> Iterator[tuple[str, dict[str, Results]]]:
    """Kernel by kernel, the 20 runs of each cell."""
    for kernel in KERNELS:
        runs = load(stored_as(kernel)).where(task=task)
        yield kernel, {cell: runs.where(cell=cell) for cell in STARTS}


def on_each(holds: Callable[[dict[str, Results]], bool], task: Task, load: Load = load) -> bool:
    """Whether `holds` is true of a task's runs, kernel by kernel: what is claimed must be."""
    return all(holds(cells) for _, cells in fights(task, load))
