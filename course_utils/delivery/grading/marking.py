"""A batch of submissions: run, judged, and looked at a second time."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace

from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.judging import judge
from course_utils.delivery.grading.marks import Marks, Unmarked
from course_utils.delivery.grading.performing import safely
from course_utils.delivery.grading.review import review
from course_utils.delivery.grading.runs import Ran, Run
from course_utils.delivery.grading.sandbox import SandboxError
from course_utils.parallel import as_finished


def mark_all(
    entries: Iterable[Entry],
    jobs: int = -1,
    cluster: str | None = None,
    classmates: Iterable[str] = (),
    walls: str = "bubblewrap",
) -> Iterator[Marks | Unmarked]:
    """The marks of each submission, as they are ready; those that could not be run come last.

    Args:
        entries: the submissions.
        jobs: sandboxes at the same time, -1 for one on each core.
        cluster: address of a Dask scheduler on whose workers the sandboxes are made instead.
        classmates: learners who may have had the variant to which an answer belongs.
        walls: what keeps the answers in, a key of `walls.WORKERS`.

    Raises:
        SandboxError: if there is no sandbox for anybody.
        CourseError: if the cluster cannot be reached.
    """
    by_learner = {entry.learner: entry for entry in entries}
    everyone = sorted({*by_learner, *classmates})
    reviews: dict[str, Generator[Run, Ran, Marks]] = {}
    done = perform_all((entry.run() for entry in by_learner.values()), jobs, cluster, walls)
    while True:
        following = []
        for ran in done:
            if ran.lost:
                yield Unmarked(ran.learner, ran.lost)
                continue
            begun = ran.learner in reviews
            if not begun:
                entry = by_learner[ran.learner]
                marks = replace(judge(entry, ran), walls=walls)
                reviews[ran.learner] = review(entry, marks, ran, everyone)
            try:
                following.append(reviews[ran.learner].send(ran if begun else None))
            except StopIteration as end:
                yield end.value
        if not following:
            return
        done = perform_again(following, jobs, cluster, walls)


def perform_all(
    runs: Iterable[Run], jobs: int, cluster: str | None, walls: str = "bubblewrap"
) -> Iterator[Ran]:
    """What came of each run, as they finish: sandboxes wait in threads here, or on a cluster.

    A run that is lost is repeated when all others are done, with no other beside it. If it is lost
    then, too, it is told as it is.

    Raises SandboxError if no run found a sandbox anywhere.
    """
    waiting: dict[str, Run] = {}
    lost, possible = [], False

    def calls() -> Iterator[tuple[Run]]:
        for run in runs:
            waiting[run.learner] = replace(run, walls=walls)
            yield (waiting[run.learner],)

    for ran in as_finished(safely, calls(), jobs=jobs, cluster=cluster, threads=True):
        possible |= not ran.lost
        run = waiting.pop(ran.learner)
        if ran.lost:
            lost.append(run.by_itself())
        else:
            yield ran
    for run in lost:
        for ran in as_finished(safely, [(run,)], jobs=1, cluster=cluster, threads=True):
            if ran.impossible and not possible:
                raise SandboxError(ran.lost)
            possible |= not ran.lost
            yield ran


def perform_again(
    runs: list[Run], jobs: int, cluster: str | None, walls: str = "bubblewrap"
) -> Iterator[Ran]:
    """The same for later runs. One with a loan stays on this machine, as the references do.

    If this machine has no sandbox, and the cluster has, nothing comes of it.
    """
    here = {run.learner: run for run in runs if run.loan}
    away = [run for run in runs if not run.loan]
    if away:
        yield from perform_all(away, jobs, cluster, walls)
    try:
        for ran in perform_all(list(here.values()), jobs, None, walls) if here else ():
            del here[ran.learner]
            yield ran
    except SandboxError:
        if cluster is None:
            raise
        yield from (Ran(learner, {}, {}, 0.0) for learner in here)
