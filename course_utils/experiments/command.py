"""What `course sweep` does and says."""

from __future__ import annotations

import subprocess
from pathlib import Path

from course_utils import CourseError
from course_utils.experiments import catalog, kernels
from course_utils.experiments.again import Repeated, repeat
from course_utils.experiments.case import Row
from course_utils.experiments.runner import Sweep, missing, prune, run_sweep
from course_utils.experiments.store import Store
from course_utils.interpreter import python


def sweep(
    names: tuple[str, ...],
    folder: Path | None = None,
    jobs: int = -1,
    cluster: str | None = None,
    drop_stale: bool = False,
) -> bool:
    """Run the sweeps `names` ("all" for every one), or list them if there are no names.

    Returns:
        False if the user stopped it.

    Raises:
        CourseError: if a name is unknown, results cannot be read, the cluster does not answer or
            the processor lacks what a sweep's kernel needs.
    """
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    chosen = catalog.NAMES if "all" in names else names
    if not names:
        print("\n".join(describe(catalog.sweep(name, folder), folder) for name in catalog.NAMES))
        return True
    announce([catalog.sweep(name, folder) for name in chosen], folder)
    for name in chosen:
        one = catalog.sweep(name, folder)
        if one.kernel and one.kernel != kernels.running() and missing(one, folder):
            if not elsewhere(one, folder, jobs, cluster):
                return False
            continue
        if not here(name, folder, jobs, cluster, drop_stale):
            print("Stopped. The same command goes on from here.")
            return False
    return True


def here(name: str, folder: Path | None, jobs: int, cluster: str | None, drop: bool) -> bool:
    """Make what is missing in this process and its workers; False if the user stopped it."""
    if drop:
        prune(catalog.sweep(name, folder), folder)
    while True:
        outcome = run_sweep(catalog.sweep(name, folder), folder, jobs=jobs, cluster=cluster)
        one = catalog.sweep(name, folder)  # a growing sweep has more now
        if outcome.stopped or not outcome.made or not missing(one, folder):
            break
    print(f"{one.name}: {outcome.stored} of {len(one.runs)} runs stored.")
    if outcome.stale:
        print(f"{outcome.stale} stored runs belong to it no more: --prune drops them.")
    return not outcome.stopped


def elsewhere(one: Sweep, folder: Path | None, jobs: int, cluster: str | None) -> bool:
    """Make what is missing in a process of its own, which computes with the sweep's kernel."""
    kernels.check(one.kernel)
    options = ["--jobs", str(jobs)]
    if folder:
        options += ["--results", str(folder)]
    if cluster:
        options += ["--cluster", cluster]
    command = python("-m", "course_utils.delivery.start", "sweep", one.name, *options)
    return subprocess.run(command, env=kernels.environment(one.kernel)).returncode == 0


def again(
    names: tuple[str, ...], count: int, folder: Path | None = None, seed: int | None = None
) -> bool:
    """Make `count` stored runs of the sweeps, all if none is named, once more: what came out?

    They are drawn by `seed`, anew each time without one.

    Returns:
        False if one had another outcome.
    """
    chosen = catalog.NAMES if not names or "all" in names else names
    same = True
    for one in repeat([catalog.sweep(name, folder) for name in chosen], count, folder, seed):
        print(said(one))
        same = same and one.outcome == one.before
    return same


def said(one: Repeated) -> str:
    """One line: what was made again, and what came out."""
    how = {True: "same digits", False: "other digits"}[one.same_digits]
    if one.outcome != one.before:
        how = f"{one.outcome} now, {one.before} before"
    return f"{one.name}: {one.what}, seed {one.seed}: {how}"


def announce(sweeps: list[Sweep], folder: Path | None) -> None:
    """Say how many runs are to be made and how long that takes."""
    todo = sum(len(missing(one, folder)) for one in sweeps)
    minutes = [minutes_left(one, folder) for one in sweeps]
    known = sum(value for value in minutes if value is not None)
    if todo and known:
        more = ", and more that nobody has timed" if None in minutes else ""
        print(f"{todo:,} runs to make: {_long(known)} of one core{more}. Ctrl-C and go on.")


def describe(one: Sweep, folder: Path | None) -> str:
    """Two lines: name, how much of it is stored and how long the rest takes, question."""
    wanted, left = len(one.runs), len(missing(one, folder))
    minutes = minutes_left(one, folder)
    rest = f", the rest {_long(minutes)} of one core" if left and minutes else ""
    grows = " (more follow from what comes out)" if one.name in catalog.GROWING else ""
    return f"{one.name}: {wanted - left} of {wanted} runs{grows}{rest}\n  {one.question}"


def minutes_left(one: Sweep, folder: Path | None) -> float | None:
    """How long the missing runs take on one core, by stored ones; None if none tells."""
    todo = missing(one, folder)
    if not todo:
        return 0.0
    rows = Store(one.name, folder).read() or Store(one.name).read()
    expected = [_seconds(case.settings, rows) for case, _ in todo]
    return None if None in expected else sum(expected) / 60


def _long(minutes: float) -> str:
    if minutes < 100:
        return f"about {max(minutes, 1):.0f} minutes"
    return f"about {minutes / 60:.1f} hours"


def _seconds(settings: Row, rows: list[Row]) -> float | None:
    """Mean of the stored runs of the same task and cell, or of all."""
    timed = [row for row in rows if row.get("seconds") is not None]
    alike = [
        row
        for row in timed
        if all(str(row.get(name)) == str(settings.get(name)) for name in ("task", "cell"))
    ]
    seconds = [float(row["seconds"]) for row in alike or timed]
    return sum(seconds) / len(seconds) if seconds else None
