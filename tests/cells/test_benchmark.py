"""The benchmark measures what it says, and its table tells it."""

from __future__ import annotations

import importlib.util
import inspect
import itertools
from pathlib import Path

import numpy as np
import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "cells.py"


@pytest.fixture(scope="module")
def bench():
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


def test_fading_is_measured_watched_and_unwatched(bench, monkeypatch):
    monkeypatch.syspath_prepend(FILE.parent)
    spec = importlib.util.spec_from_file_location("bench_fading", FILE.with_name("fading.py"))
    fading = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fading)
    row = fading.measure("GRU", (4, 200, 2, 8), False, 1e-4)
    assert row["denormal"]["watched"] == 0 < 0.02 < row["denormal"]["unwatched"]
    assert fading.unroll.SELDOM == fading.faint.SELDOM
    row["ms"] = {"unwatched": 4.0, "watched": 3.0}
    text = fading.table({"processor": "P", "date": "2026-01-02", "rows": [row]})
    assert text.startswith("P, 2026-01-02") and "0.75 |" in text.splitlines()[-1]
