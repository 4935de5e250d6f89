"""A sample of stored runs is made again, and what differs is told."""

from pathlib import Path

from course_utils.experiments import catalog, command, run_sweep
from course_utils.experiments.store import Store
from tests.experiments.conftest import made, quick_sweep


def stored(log: Path, folder: Path, monkeypatch) -> Store:
    monkeypatch.setattr(catalog, "MAKERS", (lambda: quick_sweep(log),))
    monkeypatch.setattr(catalog, "NAMES", ("quick",))
    run_sweep(quick_sweep(log), folder, jobs=1, progress=False)
    return Store("quick", folder)


def test_runs_come_out_again(log: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    stored(log, tmp_path, monkeypatch)
    assert command.again((), 5, tmp_path, seed=0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(set(lines)) == 5
    assert all(line.endswith("same digits") for line in lines)
    assert len(made(log)) == 12 + 5


def test_what_differs_is_told(log: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    store = stored(log, tmp_path, monkeypatch)
    for row in store.read():
        change = {"outcome": "solved"} if row["seed"] == 0 else {"loss": 9.5}
        store.add(row | change, "Carousel")
    assert not command.again(("quick",), 99, tmp_path)
    out = capsys.readouterr().out
    assert out.count("unsolved now, solved before") == 3 and out.count("other digits") == 9


def test_time_left_is_that_of_stored_runs(log: Path, tmp_path, monkeypatch, capsys) -> None:
    store = stored(log, tmp_path, monkeypatch)
    assert command.minutes_left(quick_sweep(log), tmp_path) == 0
    larger = quick_sweep(log, seeds=10)
    assert command.minutes_left(larger, tmp_path) is None
    assert command.describe(larger, tmp_path) == "quick: 12 of 30 runs\n  Does it work?"
    for row in store.read():
        store.add(row | {"seconds": 60.0 if row["cell"] == "cell, 0" else 120.0}, "Carousel")
    assert command.minutes_left(larger, tmp_path) == 30
    assert "12 of 30 runs, the rest about 30 minutes of one core" in command.describe(
        larger, tmp_path
    )
    command.announce([larger, quick_sweep(log, seeds=100)], tmp_path)
    said = capsys.readouterr().out
    assert said == "306 runs to make: about 8.5 hours of one core. Ctrl-C and go on.\n"
