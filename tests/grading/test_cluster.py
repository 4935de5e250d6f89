"""Marks over a Dask cluster: each worker makes its own sandboxes, and the marks are the same."""

import os
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.delivery.grading import commands, runs
from course_utils.delivery.grading.sandbox import SandboxError

from .classes import handed_in, lay, source

distributed = pytest.importorskip("distributed")
SUBMISSIONS = {
    "right": handed_in(),
    "wrong": handed_in(source("def rnn_step(x, h_prev, W, U, b):\n    return x @ W")),
    "ends": handed_in(source("import os; os._exit(0)")),
    "missing": handed_in(lambda cells, cell: cells.remove(cell)),
    "other": handed_in(source("rnn_step = 1")),
    "another": handed_in(source("rnn_step = np.tanh")),
}
WITNESS = """
import os, sys
from pathlib import Path

def watch(folder):
    from course_utils.delivery.grading import sandbox
    enter = sandbox.Worker.__enter__
    def witnessed(self):
        Path(folder, str(os.getpid())).touch()
        return enter(self)
    sandbox.Worker.__enter__ = witnessed
"""


@pytest.fixture(scope="module")
def cluster():
    """Two workers, each in a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None
    ) as local:
        yield local


def watch(folder: str) -> None:
    scope: dict = {}
    exec(WITNESS, scope)
    scope["watch"](folder)


def test_sandboxes_run_on_the_workers_and_marks_are_the_same(
    cluster, tmp_path: Path, monkeypatch
) -> None:
    here, there, seen = tmp_path / "here", tmp_path / "there", tmp_path / "seen"
    seen.mkdir()
    for folder in (here, there):
        lay(folder, SUBMISSIONS)
        (folder / ".carousel-secret").write_text("1" * 64)
    local = commands.grade(here, None, jobs=2)
    with distributed.Client(cluster.scheduler_address) as client:
        pids = set(client.run(os.getpid).values())
        client.run(watch, str(seen))
    whole = runs.Run.worker

    def worker(run):
        assert run.loan, "a sandbox was made on the teacher's machine"
        return whole(run)

    monkeypatch.setattr(runs.Run, "worker", worker)  # references stay here, and so do these runs
    remote = commands.grade(there, None, cluster=cluster.scheduler_address)
    assert remote == local
    assert [marks.points for marks in remote] == [5, 5, 5, 5, 6, 5]  # in the order of names
    assert len(pids) == 2
    assert {int(path.name) for path in seen.iterdir()} == pids


def test_a_worker_without_a_sandbox_says_so(cluster, tmp_path: Path) -> None:
    lay(tmp_path, {"right": handed_in()})
    with distributed.Client(cluster.scheduler_address) as client:
        client.run(without_bubblewrap)
    try:
        with pytest.raises(SandboxError, match="Marking needs bubblewrap"):
            commands.grade(tmp_path, None, cluster=cluster.scheduler_address)
    finally:
        with distributed.Client(cluster.scheduler_address) as client:
            client.run(with_bubblewrap)


def test_a_worker_that_does_not_start_is_tried_again(cluster, tmp_path: Path) -> None:
    """One always fails, and ends the batch of nobody; the other one's first start fails."""
    lay(tmp_path, {"right": handed_in(), "never": handed_in(source("never = 1"))})
    with distributed.Client(cluster.scheduler_address) as client:
        client.run(starts_badly)
        try:
            (right,) = commands.grade(tmp_path, None, cluster=cluster.scheduler_address)
        finally:
            client.run(starts_well)
    assert (right.learner, right.points) == ("right", 6)


def starts_badly() -> None:
    from course_utils.delivery.grading import walls
    from course_utils.delivery.grading.sandbox import Worker, WorkerLost

    class Bad(Worker):
        first = True

        def __enter__(self):
            if Bad.first:
                Bad.first = False
                raise WorkerLost("start")
            return super().__enter__()

        def ask(self, request, seconds):
            if "never" in str(request.get("source")):
                raise WorkerLost("load")
            return super().ask(request, seconds)

    walls.WORKERS["bubblewrap"] = Bad


def starts_well() -> None:
    from course_utils.delivery.grading import sandbox, walls

    walls.WORKERS["bubblewrap"] = sandbox.Worker


def without_bubblewrap() -> None:
    from course_utils.delivery.grading import sandbox

    os.environ["KEPT_PATH"], os.environ["PATH"] = os.environ["PATH"], ""
    sandbox.require_bubblewrap.cache_clear()


def with_bubblewrap() -> None:
    os.environ["PATH"] = os.environ.pop("KEPT_PATH")


def test_no_cluster_there(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("course_utils.parallel.CLUSTER_TIMEOUT", 0.2)
    lay(tmp_path, {"right": handed_in()})
    with pytest.raises(CourseError, match=r"No Dask scheduler answers at tcp://127\.0"):
        commands.grade(tmp_path, None, cluster="tcp://127.0.0.1:1")
    assert not list(tmp_path.glob("marks/*.jsonl"))
