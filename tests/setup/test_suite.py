"""How a run of all tests goes: its order, what is made once, and what is executed once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import order
from tests.once import executed_twice
from tests.shared import made_once

ROOT = Path(__file__).resolve().parents[2]
IN_JUPYTERLAB = "tests/browser/test_lessons.py::test_it_runs_from_top_to_bottom[{}]"


@pytest.mark.parametrize("group", ["QUICK", "NOT_QUICK", "APART"])
def test_what_is_named_is_there(group: str) -> None:
    names = getattr(order, group)
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert len(set(names)) == len(names)


def test_quick_ones_come_first_then_long_ones_and_last_what_fills_the_workers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lessons, programs = (f"{name}::test" for name in order.APART[:2])
    seconds = {"tests/grading/a.py": 90, "notebooks/b.ipynb": 200, "tests/grading/short.py": 0.5}
    seconds |= {f"{programs}[07]": 8, f"{programs}[00]": 1, lessons: 2, order.NOT_QUICK[0]: 0.4}
    monkeypatch.setattr(order, "stored", lambda file: seconds)
    right = [
        f"{order.QUICK[0]}::test",
        "tests/tasks/test_all.py::test",
        "tests/grading/new.py::test",
        "notebooks/b.ipynb::Cell 0",
        "tests/grading/a.py::test",
        "tests/grading/short.py::test",
        f"{order.NOT_QUICK[0]}::test",
        lessons,
        f"{programs}[07]",
        f"{programs}[00]",
    ]
    for mixed in (right[::-1], right[::2] + right[1::2]):
        assert sorted(mixed, key=order.rank) == right


def test_what_takes_how_long_is_known_and_kept(tmp_path: Path) -> None:
    assert min(order.stored(order.SECONDS).values()) >= 0
    (file := tmp_path / "seconds.csv").write_text(
        "tests/setup/test_style.py,9.0\ntests/gone.py,8.0\ntests/setup/test_cli.py,7.0\n"
    )
    clock = order.Clock(file)
    for name, seconds in (("a", 3.0), ("b", 30.0), ("b", 0.5)):
        report = SimpleNamespace(nodeid=f"tests/setup/test_cli.py::test_{name}", duration=seconds)
        clock.pytest_runtest_logreport(report)
    clock.pytest_runtest_logreport(
        SimpleNamespace(nodeid="tests/setup/test_files.py::test", duration=0.9)
    )
    clock.pytest_sessionfinish()
    assert file.read_text().splitlines() == [
        "tests/setup/test_cli.py,33.5",
        "tests/setup/test_style.py,9.0",
        "tests/setup/test_files.py,0.9",
    ]


def test_a_file_stays_on_one_worker_unless_its_tests_stand_apart() -> None:
    assert order.unit("tests/tasks/test_all.py::test_a[1]") == "tests/tasks/test_all.py"
    alone = IN_JUPYTERLAB.format("04")
    assert order.unit(alone) == alone


def test_a_lesson_is_executed_by_nbval_where_jupyterlab_does_not() -> None:
    first, second = "notebooks/00_start_here.ipynb", "notebooks/01_a_network.ipynb"
    cells = [f"{first}::Cell 0", f"{second}::Cell 0", "solutions/00_start_here.ipynb::Cell 0"]
    assert executed_twice(cells) == set()
    assert executed_twice([*cells, IN_JUPYTERLAB.format("00")]) == {first}
    assert executed_twice([*cells, "tests/browser/test_lessons.py::test_other[01]"]) == set()


def collected(*words: str, **environment: str) -> str:
    """What a run of tests with these words would take, by their names."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "--collect-only"]
    kept = {**os.environ, **environment}
    done = subprocess.run(
        [*command, *words], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_both_ways_to_execute_a_lesson(tmp_path: Path) -> None:
    """With a browser and without one; any program does where nothing is run."""
    lesson = "notebooks/01_a_recurrent_network_from_scratch.ipynb"
    words = (lesson, IN_JUPYTERLAB.format("01"))
    assert "Cell 0" not in collected(*words, CHROMIUM=sys.executable)
    assert "Cell 0" in collected(lesson, CHROMIUM=sys.executable)
    assert "Cell 0" in collected(*words, PATH=str(tmp_path))


def test_what_is_shared_is_made_once_and_again_after_a_failure(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[Path] = []
    monkeypatch.setattr("tests.shared.place", lambda factory: tmp_path)

    def fails(folder: Path) -> None:
        raise OSError("full")

    with pytest.raises(OSError):
        made_once(tmp_path_factory, "site", fails)
    folders = [made_once(tmp_path_factory, "site", made.append) for _ in range(2)]
    assert folders == [tmp_path / "site"] * 2 and made == [tmp_path / "site"]
    assert made_once(tmp_path_factory, "other", made.append) == tmp_path / "other"


WORKERS = """
import sys
from pathlib import Path
from tests import shared

def make(folder):
    sys.stdin.readline()  # until both have come
    with open(folder / "made", "a") as log:
        log.write("x")

shared.place = lambda factory: Path(sys.argv[1])
print("here", flush=True)
folder = shared.made_once(None, "site", make)
print((folder / "made").read_text())
"""


def test_workers_wait_for_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKERS, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(2)]
    assert [one.stdout.readline() for one in workers] == ["here\n"] * 2
    for one in workers:  # whichever is in, the other waits for it
        one.stdin.write("\n")
        one.stdin.flush()
    assert [one.communicate(timeout=600)[0] for one in workers] == ["x\n"] * 2
