"""A sweep stops and goes on with nothing lost and nothing done twice, here or on a cluster."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.experiments import Training, catalog, command, load, run_sweep
from course_utils.experiments.runner import prune
from course_utils.tasks import Adding, Recall

from .conftest import Quick, every_run, made, quick_sweep

ROOT = Path(__file__).resolve().parents[2]
RUN = """
from pathlib import Path
from course_utils.experiments import run_sweep
from tests.experiments.conftest import quick_sweep
folder = Path({folder!r})
outcome = run_sweep(quick_sweep(folder / "log", 3, 4, ending=1), folder, jobs={jobs})
print(outcome.stopped, outcome.made, outcome.stored)
"""


def start(folder: Path, jobs: int) -> subprocess.Popen:
    """A sweep in a process of its own, stopped by nothing but us."""
    code = RUN.format(folder=str(folder), jobs=jobs)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def stored_lines(folder: Path) -> list[str]:
    path = folder / "quick.csv"
    return path.read_text().splitlines()[2:] if path.exists() else []


def wait_for_rows(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 300
    while len(stored_lines(folder)) < count:
        assert time.monotonic() < deadline, "the sweep stores nothing"
        time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="kills a group of processes")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("jobs", [1, 2])
def test_stop_in_the_middle_and_go_on(tmp_path: Path, how: signal.Signals, jobs: int) -> None:
    process = start(tmp_path, jobs)
    try:
        wait_for_rows(tmp_path, 3)
        os.killpg(process.pid, how)
        out, _ = process.communicate(timeout=300)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    before, finished = stored_lines(tmp_path), made(tmp_path / "log")
    assert 3 <= len(before) <= 4
    if how == signal.SIGINT:
        assert process.returncode == 0 and out.split()[0] == "True"
        assert not list(tmp_path.glob("*.part"))

    plan = quick_sweep(tmp_path / "log", 3, 4)
    outcome = run_sweep(plan, tmp_path, jobs=1, progress=False)
    assert outcome.stored == outcome.wanted == 12
    assert outcome.made == 12 - len(before)
    assert set(before) < set(stored_lines(tmp_path))
    again = [run for run in made(tmp_path / "log") if made(tmp_path / "log").count(run) > 1]
    assert len(set(again)) <= len(finished) - len(before)  # only what was under way at the stop
    assert sorted(set(made(tmp_path / "log"))) == every_run(plan)


def test_nothing_is_done_twice(log: Path, tmp_path: Path) -> None:
    plan = quick_sweep(log)
    first = run_sweep(plan, tmp_path, jobs=1, progress=False)
    text = (tmp_path / "quick.csv").read_text()
    second = run_sweep(plan, tmp_path, jobs=1, progress=False)
    assert (first.made, second.made) == (12, 0)
    assert made(log) == every_run(plan)
    assert (tmp_path / "quick.csv").read_text() == text


def test_a_larger_sweep_makes_only_what_is_new(log: Path, tmp_path: Path) -> None:
    run_sweep(quick_sweep(log, cases=2, seeds=2), tmp_path, jobs=1, progress=False)
    plan = quick_sweep(log, cases=3, seeds=3)
    assert run_sweep(plan, tmp_path, jobs=1, progress=False).made == 9 - 4
    assert made(log) == every_run(plan)
    order = [(row["cell"], row["seed"]) for row in load("quick", tmp_path).rows]
    assert order == sorted(order)


def test_the_order_does_not_depend_on_who_is_first(log: Path, tmp_path: Path) -> None:
    rows = {}
    for jobs in (1, 2):
        run_sweep(quick_sweep(log), tmp_path / str(jobs), jobs=jobs, progress=False)
        rows[jobs] = stored_lines(tmp_path / str(jobs))
    assert rows[1] == rows[2] and len(rows[1]) == 12


def test_runs_of_no_case_are_kept_until_asked(log: Path, tmp_path: Path) -> None:
    run_sweep(quick_sweep(log, cases=3), tmp_path, jobs=1, progress=False)
    smaller = quick_sweep(log, cases=2)
    outcome = run_sweep(smaller, tmp_path, jobs=1, progress=False)
    assert (outcome.made, outcome.stored, outcome.stale) == (0, 8, 4)
    assert len(load("quick", tmp_path)) == 12
    prune(smaller, tmp_path)
    assert len(load("quick", tmp_path)) == 8


def test_interrupted_training_is_not_stored(tmp_path: Path, monkeypatch) -> None:
    calls = []

    def interrupt(self: Quick, seed: int, progress: bool = False) -> dict:
        calls.append(seed)
        outcome = "interrupted" if len(calls) == 3 else "solved"
        return self.settings | {"seed": seed, "outcome": outcome}

    monkeypatch.setattr(Quick, "run", interrupt)
    outcome = run_sweep(quick_sweep(tmp_path / "log"), tmp_path, jobs=1, progress=False)
    assert outcome.stopped and outcome.made == outcome.stored == 2 == len(load("quick", tmp_path))


def test_cluster_gives_what_this_machine_gives(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    cases = (
        Training(Recall(4), "GRU", steps=100, units=8),
        Training(Adding(4), "LSTM, coupled gates", steps=50, units=8),
    )
    plan = replace(quick_sweep(tmp_path), name="real", cases=cases, seeds=(0, 1))
    run_sweep(plan, tmp_path / "here", jobs=1, progress=False)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        outcome = run_sweep(plan, tmp_path / "there", cluster=address, progress=False)
        assert len(cluster.scheduler_info["workers"]) == 2
    assert outcome.made == 4
    here, there = (load("real", tmp_path / place).rows for place in ("here", "there"))
    assert [without_time(row) for row in here] == [without_time(row) for row in there]


def without_time(row: dict) -> dict:
    return {name: value for name, value in row.items() if name != "seconds"}


def test_no_cluster_there(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("course_utils.parallel.CLUSTER_TIMEOUT", 0.2)
    plan = quick_sweep(tmp_path / "log")
    for address in ("tcp://127.0.0.1:1", "nonsense://x"):
        with pytest.raises(CourseError, match=f"No Dask scheduler answers at {address}"):
            run_sweep(plan, tmp_path, cluster=address, progress=False)
    assert not (tmp_path / "log").exists()


def test_command(log: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(catalog, "MAKERS", (lambda: quick_sweep(log),))
    monkeypatch.setattr(catalog, "NAMES", ("quick",))
    assert command.sweep((), tmp_path)
    assert "quick: 0 of 12 runs\n  Does it work?" in capsys.readouterr().out
    assert command.sweep(("all",), tmp_path, jobs=1)
    assert "quick: 12 of 12 runs stored." in capsys.readouterr().out
    with pytest.raises(CourseError, match="no sweep 'slow'; there are: quick"):
        command.sweep(("slow",), tmp_path)
    with pytest.raises(CourseError, match="--jobs is 0"):
        command.sweep(("quick",), tmp_path, jobs=0)


def test_the_same_case_twice_is_a_mistake(log: Path, tmp_path: Path) -> None:
    case = Quick(1, log)
    plan = replace(quick_sweep(log), cases=(case, case))
    with pytest.raises(CourseError, match="quick has the same case twice"):
        run_sweep(plan, tmp_path, jobs=1, progress=False)
