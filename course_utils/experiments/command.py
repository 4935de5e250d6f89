"""What `course sweep` does and says."""

from __future__ import annotations

from pathlib import Path

from course_utils import CourseError
from course_utils.experiments import catalog
from course_utils.experiments.runner import Sweep, missing, prune, run_sweep


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
        CourseError: if a name is unknown, results cannot be read or the cluster does not answer.
    """
    if jobs == 0 or jobs < -1:
        raise CourseError(f"--jobs is {jobs}; it must be at least 1, or -1 for one on each core.")
    chosen = [catalog.sweep(name) for name in (catalog.NAMES if "all" in names else names)]
    if not names:
        print("\n".join(describe(catalog.sweep(name), folder) for name in catalog.NAMES))
    for one in chosen:
        if drop_stale:
            prune(one, folder)
        outcome = run_sweep(one, folder, jobs=jobs, cluster=cluster)
        print(f"{one.name}: {outcome.stored} of {outcome.wanted} runs stored.")
        if outcome.stale:
            print(f"{outcome.stale} stored runs belong to it no more: --prune drops them.")
        if outcome.stopped:
            print("Stopped. The same command goes on from here.")
            return False
    return True


def describe(one: Sweep, folder: Path | None) -> str:
    """Two lines: name, how much of it is stored, question."""
    wanted = len(one.runs)
    return f"{one.name}: {wanted - len(missing(one, folder))} of {wanted} runs\n  {one.question}"
