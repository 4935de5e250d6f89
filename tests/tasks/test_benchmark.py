"""The benchmark of the tasks measures every task, and its table tells the ratio."""

import importlib.util
import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from course_utils.tasks import Adding, EmbeddedReber, Latch, Task
from course_utils.tasks.france_chinese import FranceSentenceInChinese

FILE = Path(__file__).parents[2] / "benchmarks" / "tasks.py"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(FILE.parent)  # as `python benchmarks/tasks.py` does
    spec = importlib.util.spec_from_file_location("bench_tasks", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kinds(parent: type) -> set[type]:
    return {kind for one in parent.__subclasses__() for kind in (one, *kinds(one))}


def test_no_task_of_the_course_is_left_out(bench) -> None:
    own = [kind for kind in kinds(Task) if kind.__module__.startswith("course_utils.tasks.")]
    named = {kind for kind in own if not kind.__name__.startswith("_")}
    named -= {FranceSentenceInChinese}  # the same task in other words
    assert {type(task) for task in bench.every_task()} == named and len(named) > 10


@pytest.mark.parametrize("task", [Latch(length=5), EmbeddedReber()], ids=["once", "every step"])
def test_a_measured_step_learns_from_its_batch(bench, task: Task) -> None:
    batch = task.sample(8, np.random.default_rng(0))
    step = bench.step_on(task, batch)
    model = inspect.getclosurevars(step).nonlocals["model"]
    before = model.evaluate(batch).loss
    for _ in range(30):
        step()
    assert model.evaluate(batch).loss < before - 0.01


def test_quick_stores_nothing(bench, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench, "RESULT", tmp_path / "tasks.json")
    monkeypatch.setattr(bench, "every_task", lambda: [Adding(length=7)])
    monkeypatch.setattr(bench, "TURN_SECONDS", 1e-4)
    monkeypatch.setattr("sys.argv", ["tasks.py", "--quick"])
    bench.main()
    assert not bench.RESULT.exists()
    monkeypatch.setattr("sys.argv", ["tasks.py"])
    bench.main()
    [row] = json.loads(bench.RESULT.read_text(encoding="utf-8"))["rows"]
    assert (row["task"], row["T"]) == ("Adding", 7) and set(row["ms"]) == {"batch", "step"}
    assert "| Adding " in capsys.readouterr().out


def test_the_table_tells_the_ratio(bench) -> None:
    text = bench.table([{"task": "Adding", "T": 100, "ms": {"batch": 0.25, "step": 0.5}}])
    last = [cell.strip() for cell in text.splitlines()[-1].strip("| ").split("|")]
    assert last == ["Adding", "100", "0.250", "0.500", "0.50"]
