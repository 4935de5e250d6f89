"""The benchmark measures what it says, and its table tells it."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
import subprocess
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "cells.py"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(FILE.parent)  # as `python benchmarks/cells.py` does
    spec = importlib.util.spec_from_file_location("bench_cells", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_measured_step_is_a_training_step(bench):
    rng = np.random.default_rng(0)
    x, classes = rng.normal(size=(4, 5, 2)).astype("float32"), rng.integers(10, size=4)
    for cell in bench.CELLS:
        step = bench.numpy_step(cell, 3, x, classes)
        inside = inspect.getclosurevars(step).nonlocals
        model, batch = inside["model"], inside["batch"]
        before = model.evaluate(batch).loss
        for _ in range(30):
            step()
        assert model.evaluate(batch).loss < before - 0.05
        bench.numpy_passes(cell, 3, x, classes)()


def test_the_limit_is_the_products_and_tanh_alone(bench):
    """LSTM, by hand: [h, x] times (6, 16) forward, 16 x 4 for dh, (6, 16) for the weights."""
    speed = {"gflops": 2.0, "tanh ns": 3.0}
    batch, steps = 5, 7
    flops = 2 * batch * steps * (6 * 16 + 16 * 4 + 6 * 16)
    tanh = batch * steps * 4 * 5 * 3.0
    seconds = bench.least_seconds("LSTM", (batch, steps, 2, 4), speed)
    assert seconds == pytest.approx((flops / 2.0 + tanh) * 1e-9)


def test_contenders_take_turns(bench):
    seen = []
    contenders = {name: lambda name=name: seen.append(name) for name in "ab"}
    seconds = bench.alternate(contenders, iter(range(10**9)).__next__, 1e-4)
    assert seconds == {"a": 1, "b": 1}
    assert [name for name, _ in itertools.groupby(seen)] == ["a", "b"] * bench.TURNS


def test_the_table_names_ratio_target_and_limit(bench):
    rows = [
        {
            "cell": "SimpleRNN",
            "size": list(bench.SIZES[0]),
            "ms": {"numpy": 1.0, "forward+backward": 0.6, "keras": 8.0, "keras jit": 4.0},
            "limit ms": 0.2,
        }
    ]
    machine = {"gflops": 100.0, "tanh ns": 0.4}
    text = bench.table({"threads": 1, "clock": "process_time", "machine": machine, "rows": rows})
    assert "32, 50, 8, 32" in text and text.count("\n") == 4
    assert [cell.strip() for cell in text.splitlines()[-1].strip("| ").split("|")] == [
        *("32, 50, 8, 32", "SimpleRNN", "1.00", "8.00", "4.00", "0.12", "0.15", "3.00"),
    ]


def test_fading_is_measured_watched_and_unwatched(bench):
    spec = importlib.util.spec_from_file_location("bench_fading", FILE.with_name("fading.py"))
    fading = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fading)
    row = fading.measure("GRU", (4, 200, 2, 8), False, 1e-4)
    assert row["denormal"]["watched"] == 0 < 0.02 < row["denormal"]["unwatched"]
    assert fading.unroll.SELDOM == fading.faint.SELDOM
    row["ms"] = {"unwatched": 4.0, "watched": 3.0}
    text = fading.table({"processor": "P", "date": "2026-01-02", "rows": [row]})
    assert text.startswith("P, 2026-01-02") and "0.75 |" in text.splitlines()[-1]


def test_the_page_says_what_is_stored(bench):
    spec = importlib.util.spec_from_file_location("bench_page", FILE.with_name("page.py"))
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    assert page.PAGE.read_text("utf-8") == page.page(), "run python benchmarks/page.py"


def wheel_of(module, folder):
    """A package of one empty module, as pip installs it without asking anybody."""
    info = f"{module}-1.0.dist-info"
    files = {
        f"{module}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return path


def test_a_contender_gets_an_environment_of_its_own(bench, tmp_path):
    wheel = wheel_of("contender_of_a_test", tmp_path)
    make = partial(bench.environment_with, "contender_of_a_test", folder=tmp_path / "own")
    python = make(str(wheel))
    code = "import contender_of_a_test, numpy, course_utils; print(numpy.__version__)"
    seen = subprocess.check_output([str(python), "-I", "-c", code], text=True)
    assert seen.strip() == np.__version__
    assert importlib.util.find_spec("contender_of_a_test") is None  # here, nothing has changed
    wheel.unlink()
    assert make(str(wheel)) == python  # it is there: nothing is installed again


def test_a_contender_that_cannot_be_installed_is_named(bench, tmp_path):
    with pytest.raises(SystemExit, match="no_such_thing could not be installed into"):
        bench.environment_with("no_such_thing", str(tmp_path / "none.whl"), tmp_path / "own")
