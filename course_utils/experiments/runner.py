"""Run a sweep: many runs, on all cores or on a cluster; stop and go on as you like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError
from course_utils.experiments import kernels
from course_utils.experiments.case import Case, Row
from course_utils.experiments.store import Store, key, made_with
from course_utils.parallel import as_finished


@dataclass(frozen=True)
class Sweep:
    """Cases, each of which is run with the same seeds.

    Attributes:
        name: of the sweep and of its file of results.
        question: what it is to answer, one sentence.
        cases: what is run.
        seeds: 0, 1, ... of each case.
        extra: more runs, each a case with a seed of its own.
        kernel: of OpenBLAS that they must be made with, see `kernels`; None for any.
        by_night: it takes hours, and the course does not wait for its results.
    """

    name: str
    question: str
    cases: tuple[Case, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    extra: tuple[tuple[Case, int], ...] = ()
    kernel: str | None = None
    by_night: bool = False

    @property
    def runs(self) -> dict[tuple, tuple[Case, int]]:
        """Every run by its key, see `store.key`."""
        pairs = [(case, seed) for case in self.cases for seed in self.seeds]
        pairs += self.extra
        runs = {key(case.settings | {"seed": seed}): (case, seed) for case, seed in pairs}
        if len(runs) < len(pairs):
            raise CourseError(f"The sweep {self.name} has the same case twice.")
        return runs

    def find(self, **attributes: object) -> Case:
        """The one case with these attributes: `find(task=Adding(100), cell="LSTM")`."""
        found = [
            case
            for case in dict.fromkeys([*self.cases, *(case for case, _ in self.extra)])
            if all(getattr(case, name, None) == value for name, value in attributes.items())
        ]
        if len(found) != 1:
            raise CourseError(f"{self.name} has {len(found)} cases with {attributes}, not one.")
        return found[0]


@dataclass(frozen=True)
class Outcome:
    """What `run_sweep` did: runs made now, stored now and before, wanted; rows of no case."""

    made: int
    stored: int
    wanted: int
    stale: int
    stopped: bool


def run_sweep(
    sweep: Sweep,
    folder: Path | None = None,
    *,
    jobs: int = -1,
    cluster: str | None = None,
    progress: bool = True,
) -> Outcome:
    """Make all runs that are not stored yet, and store each as soon as it is finished.

    Ctrl-C stops it; the runs under way are given up, and made afresh the next time.

    Args:
        sweep: what is to be run.
        folder: of the results; None for those that belong to the course.
        jobs: processes, -1 for one on each core.
        cluster: address of a Dask scheduler, such as tcp://host:8786, whose workers are used
            instead. They need this course installed.
        progress: show a bar.

    Raises:
        ResultsError: if stored results cannot be read.
        CourseError: if the cluster cannot be reached.
    """
    store, runs = Store(sweep.name, folder), sweep.runs
    stored = {key(row) for row in store.read()}
    made, stopped = 0, False
    try:
        for row, versions in _results(missing(sweep, folder), sweep, jobs, cluster, progress):
            if row["outcome"] == "interrupted":  # Ctrl-C reached the run before it reached us
                raise KeyboardInterrupt
            store.add(row, versions, runs)
            made += 1
    except KeyboardInterrupt:
        stopped = True
    done = len(stored & set(runs)) + made
    return Outcome(made, done, len(runs), len(stored - set(runs)), stopped)


def missing(sweep: Sweep, folder: Path | None = None) -> list[tuple[Case, int]]:
    """The runs that are not stored yet, in order."""
    stored = {key(row) for row in Store(sweep.name, folder).read()}
    return [run for one, run in sweep.runs.items() if one not in stored]


def prune(sweep: Sweep, folder: Path | None = None) -> None:
    """Drop stored runs that belong to no case of the sweep any more."""
    Store(sweep.name, folder).keep(sweep.runs)


def _results(
    runs: list[tuple[Case, int]], sweep: Sweep, jobs: int, cluster: str | None, progress: bool
) -> Iterator[tuple[Row, str]]:
    """Rows as they are finished."""
    if not runs:
        return
    from tqdm.auto import tqdm

    calls = [(case, seed, sweep.kernel) for case, seed in runs]
    rows = as_finished(_run, calls, jobs=jobs, cluster=cluster)
    total, done = len(sweep.runs), len(sweep.runs) - len(runs)
    with tqdm(total=total, initial=done, desc=sweep.name, unit="run", disable=not progress) as bar:
        for row, versions in rows:
            bar.set_postfix_str(_describe(row), refresh=False)
            bar.update()
            yield row, versions


def _run(case: Case, seed: int, kernel: str | None) -> tuple[Row, str]:
    if kernel not in (None, kernels.running()):
        raise CourseError(
            f"These runs are of the kernel {kernel}, and this process computes with "
            f"{kernels.running()}: set {kernels.VARIABLE}={kernel} before it starts."
        )
    return case.run(seed), made_with()


def _describe(row: Row) -> str:
    parts = [row.get("cell"), row.get("init"), row.get("measurement"), row["outcome"]]
    return " ".join(str(part) for part in parts if part)
