"""Results on disk: readable, and never lost."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils import CourseError
from course_utils.experiments import load, run_sweep
from course_utils.experiments.store import ResultsError, Store, key, made_with
from course_utils.tasks import Adding

from .conftest import made, quick_sweep

HEADER = "cell,init,seed,outcome,loss\n"


def row(cell: str = "LSTM", seed: int = 0, **more: object) -> dict:
    return {"cell": cell, "init": None, "seed": seed, "outcome": "solved"} | more


def test_a_file_to_read(tmp_path: Path) -> None:
    store = Store("x", tmp_path)
    store.add(row(seconds=1.23456, loss=np.float32(1 / 3), losses="1 0.5"), "Carousel 1")
    store.add(row("GRU, reset before", loss=float("nan"), steps=20, seconds=2.0), "Carousel 2")
    assert (tmp_path / "x.csv").read_text() == (
        "# Carousel 1\n# Carousel 2\n"
        "cell,init,seed,outcome,loss,steps,seconds,losses\n"
        "LSTM,,0,solved,0.3333,,1.235,1 0.5\n"
        '"GRU, reset before",,0,solved,,20,2,\n'
    )
    assert store.versions() == ["Carousel 1", "Carousel 2"]
    first, second = store.read()
    assert first["loss"] == 0.3333 and first["steps"] is None and first["losses"] == "1 0.5"
    assert second["cell"] == "GRU, reset before" and second["loss"] is None


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1)
NUMBER = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, width=32)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.tuples(TEXT, st.integers(0, 3), NUMBER), min_size=1, unique_by=lambda r: r[:2]))
def test_whatever_is_stored_comes_back(tmp_path: Path, found: list[tuple]) -> None:
    store = Store("x", tmp_path)
    store.path.unlink(missing_ok=True)
    for cell, seed, loss in found:
        store.add(row(cell, seed, loss=loss), "Carousel")
    back = store.read()
    assert [(r["cell"], r["seed"]) for r in back] == [(cell, seed) for cell, seed, _ in found]
    losses = [float(loss) for *_, loss in found]
    assert [r["loss"] for r in back] == pytest.approx(losses, rel=1e-3)
    assert [key(r) for r in back] == [key(row(cell, seed)) for cell, seed, _ in found]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no line of column names"),
        ("# Carousel\n", "no line of column names"),
        ("cell,loss\nLSTM,1\n", "no line of column names"),
        (HEADER + "LSTM,,0,solved\n", "4 fields instead of 5 in line 2"),
        ("# Carousel\n" + HEADER + "LSTM,,0,solved,0.1\nLSTM,,1,sol", "in line 4"),
        (HEADER + "LSTM,,0,solved,small\n", "'small' for loss in line 2"),
        (HEADER + "LSTM,,zero,solved,1\n", "'zero' for seed in line 2"),
        (HEADER + "LSTM,,0,perhaps,1\n", "no outcome, in line 2"),
        (HEADER + "LSTM,,,solved,1\n", "no whole seed"),
        (HEADER + "LSTM,,0,solved,1\nLSTM,,0,solved,2\n", "same run twice, in line 3"),
        (HEADER + 'LSTM,"a,0,solved,1\n', "broken line"),
        (HEADER.encode() + b"LSTM,\xff,0,solved,1\n", "bytes that are no text"),
    ],
)
def test_a_broken_file_is_one_sentence_and_stays(tmp_path: Path, text, words: str) -> None:
    path = tmp_path / "quick.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before, log = path.read_bytes(), tmp_path / "log"
    for use in (
        lambda: load("quick", tmp_path),
        lambda: Store("quick", tmp_path).add(row(), "Carousel"),
        lambda: run_sweep(quick_sweep(log), tmp_path, jobs=1, progress=False),
    ):
        with pytest.raises(ResultsError) as error:
            use()
        message = str(error.value)
        assert words in message and "quick.csv" in message and "course sweep quick" in message
        assert message.endswith("nothing was changed.") and "\n" not in message
    assert path.read_bytes() == before and made(log) == []
    assert [p.name for p in tmp_path.iterdir()] == ["quick.csv"]


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch) -> None:
    store = Store("x", tmp_path)
    store.add(row(), "Carousel")
    before = store.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.add(row(seed=1), "Carousel")
    assert store.path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.csv"]


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """Who has the old file open keeps it whole: the new one takes its place, all at once."""
    store = Store("x", tmp_path)
    store.add(row(), "Carousel")
    before = store.path.read_text()
    with open(store.path, encoding="utf-8") as file:
        store.add(row(seed=1), "Carousel")
        assert file.read() == before
    assert len(store.read()) == 2


def test_versions_are_those_of_this_machine_and_name_no_place() -> None:
    assert np.__version__ in made_with()
    assert "/" not in made_with()


def test_load(tmp_path: Path) -> None:
    store = Store("x", tmp_path)
    for seed, solved_at in enumerate([100, 200, None]):
        outcome = "solved" if solved_at else "unsolved"
        one = {"task": repr(Adding(50)), "clip": 1.0} | row(seed=seed)
        found = {"outcome": outcome, "solved_at": solved_at, "losses": "1 0.5"}
        store.add(one | found, "Carousel")
    store.add({"task": repr(Adding(100)), "clip": None} | row(), "Carousel")
    table = load("x", tmp_path)
    assert len(table) == 4 and repr(table) == "Results(x, 4 runs)"
    short = table.where(task=Adding(50), cell=["LSTM", "GRU"])
    assert len(short) == 3 and short.solved == 2
    assert short.success[0] == pytest.approx(2 / 3)
    assert short.steps == (200, 100, np.inf)
    np.testing.assert_equal(short["solved_at"], [100, 200, np.nan])
    assert len(table.where(clip=1.0)) == len(table.where(clip=1)) == 3
    assert len(table.where(clip=None)) == 1
    assert next((values, len(t)) for values, t in table.groups("task", "seed"))[1] == 1
    np.testing.assert_array_equal(short.curves[0], [1, 0.5])
    short.rows[0]["outcome"] = "diverged"
    np.testing.assert_array_equal(short.curves[0], [1, 0.5, np.nan])
    with pytest.raises(CourseError, match="no column 'gate'; it has: task, clip"):
        table["gate"]
    with pytest.raises(CourseError, match="no run with"):
        table.where(cell="GRU")
    with pytest.raises(CourseError, match="no results of 'y' yet: run `course sweep y`"):
        load("y", tmp_path)
