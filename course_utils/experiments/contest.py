"""The fair fight: each cell at its tuned setting, 20 seeds, on two kernels of the processor."""

from __future__ import annotations

from pathlib import Path

from course_utils import CourseError
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.runner import Sweep
from course_utils.experiments.tuning import BUDGETS, STARTS, chosen, trial

SEEDS = tuple(range(20))


def contest(kernel: str, folder: Path | None = None) -> Sweep:
    """The runs of one kernel, of the tasks that are tuned."""
    runs = []
    for task, steps in BUDGETS.items():
        try:
            settings = {cell: chosen(task, cell, folder) for cell in STARTS}
        except CourseError:
            continue
        cases = [trial(task, cell, one, steps) for cell, one in settings.items()]
        runs += [(case, seed) for case in cases for seed in SEEDS]
    question = f"Tuned, equal in size, 20 seeds: which cell learns what? (kernel {kernel})"
    return Sweep(f"contest_{kernel.lower()}", question, extra=tuple(runs), kernel=kernel)


def contests(folder: Path | None = None) -> list[Sweep]:
    """One for each kernel."""
    return [contest(kernel, folder) for kernel in KERNELS]
