"""Cases: networks by name, stop rules, probes, measurements."""

from time import process_time

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.cells import GRU, LSTM
from course_utils.experiments import (
    Measurement,
    Results,
    Training,
    count_parameters,
    load,
    make_layer,
    matched_units,
    run_one,
)
from course_utils.experiments.case import outcome
from course_utils.experiments.compare import badness
from course_utils.experiments.networks import CELLS
from course_utils.experiments.real import RealTraining
from course_utils.tasks import Adding, ContinualReber, EmbeddedReber, Recall
from course_utils.tasks.letters import NextLetter
from course_utils.tasks.places import PlaceNames
from course_utils.tasks.weather import Weather
from course_utils.training import History


def test_a_row() -> None:
    start = process_time()
    row = run_one(Training(Adding(4), "GRU", units=8, steps=100), seed=3)
    longest = process_time() - start
    assert list(row)[:10] == [
        *("task", "cell", "init", "units", "optimizer", "learning_rate", "clip", "steps"),
        *("solved_when", "seed"),
    ]
    assert row["task"] == "Adding(length=4)" and row["solved_when"] == "loss < 0.01"
    assert row["outcome"] == "unsolved" and row["updates"] == 100 and row["solved_at"] is None
    losses = [float(loss) for loss in row["losses"].split()]
    assert len(losses) == 3 and losses[-1] == pytest.approx(row["loss"], rel=0.01)
    assert row["accuracy"] is None and 0 < row["seconds"] <= longest


@pytest.mark.parametrize(
    ("task", "low", "high"),
    [(PlaceNames(), 0, 0.3), (NextLetter(), 15, 40), (Weather(), 2, 10)],  # share, letters, °C
    ids=repr,
)
def test_a_row_of_real_data_is_as_those_that_are_stored(task, low: float, high: float) -> None:
    row = run_one(RealTraining(task, "SimpleRNN", 4, 0.01, steps=1), seed=0)
    stored = load("real_sequences").where(task=task).rows[0]
    assert set(row) == {name for name, value in stored.items() if value is not None}
    assert low < row["validation"] < high and low < row["test"] < high


def test_who_solves_less_is_worse() -> None:
    def runs(*solved_at: int | None) -> Results:
        rows = [
            {"seed": k, "outcome": "solved" if at else "unsolved", "solved_at": at, "loss": 0.1}
            for k, at in enumerate(solved_at)
        ]
        return Results("one", tuple(rows))

    ranked = [runs(100, 200), runs(300, 400), runs(100, None), runs(None, None)]
    assert sorted(reversed(ranked), key=badness) == ranked


def test_the_seed_decides_and_is_no_other() -> None:
    case = Training(Recall(3), "LSTM", units=8, steps=50)
    one, same, other = (run_one(case, seed)["losses"] for seed in (0, 0, 1))
    assert one == same != other


def test_the_seed_reaches_weights_head_and_batches(monkeypatch) -> None:
    batches = []

    def no_training(model, task, *, seed: int, **options) -> History:
        batches.append(seed)
        model.build(task.input_size)
        return History(1)

    monkeypatch.setattr("course_utils.experiments.case.train", no_training)
    models = [Training(Recall(3), "LSTM").train(seed)[0] for seed in (5, 6)]
    assert batches == [5, 6]
    for name in ("layer/kernel", "layer/recurrent_kernel", "head/kernel"):
        one, other = (model.weights[name] for model in models)
        assert not np.allclose(one, other)


def test_solved() -> None:
    row = run_one(Training(Recall(2), "GRU", units=16, steps=500), seed=0)
    assert row["outcome"] == "solved" and row["accuracy"] > 0.99
    assert row["solved_at"] == row["updates"] < 500 and row["solved_at"] % 50 == 0


def test_outcomes() -> None:
    assert outcome(History(10, interrupted=True)) == "interrupted"
    assert outcome(History(10, diverged=True)) == "diverged"
    assert outcome(History(10, solved_at=0)) == "solved"
    assert outcome(History(10)) == "unsolved"


def test_divergence_is_told() -> None:
    case = Training(
        Adding(100),
        "IRNN",
        "radius 3",
        steps=100,
        optimizer="SGD",
        clip=None,
        probes=("gradients",),
    )
    row = run_one(case, seed=0)
    assert row["outcome"] == "diverged" and row["updates"] < 100


@pytest.mark.parametrize("rule", ["loss", "loss = 1", "speed > 1", "loss < small"])
def test_a_stop_rule_that_is_none(rule: str) -> None:
    with pytest.raises(CourseError, match=r"it must be like 'loss < 0\.01'"):
        Training(Adding(10), "GRU", solved=rule)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_learns_something(cell: str) -> None:
    row = run_one(Training(Recall(2, symbols=3), cell, units=16, steps=300), seed=0)
    assert row["accuracy"] > 0.9


def test_starts() -> None:
    task = Adding(100)
    lstm = make_layer("LSTM", "bias 2", 4, task, 0)
    assert isinstance(lstm, LSTM)
    np.testing.assert_array_equal(lstm.weights["bias"], [0] * 4 + [2] * 4 + [0] * 8)
    gru = make_layer("GRU", "bias 2", 4, task, 0)
    np.testing.assert_array_equal(gru.weights["bias"], [[2] * 4 + [0] * 8, [0] * 12])
    chrono = make_layer("GRU", "chrono", 4, task, 0).weights["bias"][0, :4]
    assert (chrono > 0).all() and (chrono < np.log(99)).all()
    default = make_layer("SimpleRNN", "default", 4, task, 0).weights["recurrent_kernel"]
    grown = make_layer("SimpleRNN", "radius 1.5", 4, task, 0).weights["recurrent_kernel"]
    np.testing.assert_allclose(grown, 1.5 * default)
    small = make_layer("SimpleRNN", "uniform 0.1", 64, task, 0).weights
    for name in ("kernel", "recurrent_kernel"):
        assert -0.1 <= small[name].min() < -0.09 and 0.09 < small[name].max() <= 0.1
    irnn = make_layer("IRNN", "default", 4, task, 0).weights
    np.testing.assert_array_equal(irnn["recurrent_kernel"], np.eye(4))
    assert isinstance(make_layer("GRU, reset before", "default", 4, task, 0), GRU)


@pytest.mark.parametrize(
    ("cell", "init", "words"),
    [
        ("Elman", "default", "cell is 'Elman'; it must be one of: SimpleRNN, LSTM"),
        ("LSTM", "warm", "init is 'warm'; it must be one of: default, chrono"),
        ("SimpleRNN", "bias 1", "SimpleRNN has no gate that keeps"),
    ],
)
def test_unknown_names(cell: str, init: str, words: str) -> None:
    with pytest.raises(CourseError, match=words):
        make_layer(cell, init, 4, Adding(10), 0)


@pytest.mark.parametrize("input_size", [1, 2, 8, 16, 70])
@pytest.mark.parametrize("budget", [4000, 6000, 20000])
def test_matched_units(budget: int, input_size: int) -> None:
    units = matched_units(budget, input_size)
    for cell, n in units.items():
        layer = CELLS[cell](n)
        layer.build(input_size)
        assert layer.count_params() == count_parameters(cell, n, input_size)
        assert abs(layer.count_params() - budget) <= 0.03 * budget
    assert units["SimpleRNN"] > units["GRU"] > units["LSTM"]


def test_too_small_a_budget() -> None:
    with pytest.raises(CourseError, match="budget is 20, but"):
        matched_units(20, 2)


def test_probe_longer_sees_other_lengths() -> None:
    case = Training(Adding(10), "GRU", units=8, steps=50, probes=("longer",))
    row = run_one(case, seed=0)
    assert {"loss_at_10", "loss_at_20", "loss_at_40"} < set(row)
    assert row["loss_at_10"] != row["loss_at_40"]


def test_probe_critical_tells_memory_from_guessing() -> None:
    case = Training(EmbeddedReber(), "LSTM", units=24, steps=300, probes=("critical",))
    row = run_one(case, seed=0)
    assert row["right"] > 0.9 and 0 <= row["right_critical"] <= 1


def test_probe_stream_sees_the_state_grow() -> None:
    """Before any learning worth the name, a cell that cannot forget sums up what it reads."""
    options = {"units": 8, "steps": 1, "probes": ("stream",)}
    task = ContinualReber(10)
    full = run_one(Training(task, "LSTM", **options), seed=0)
    without = run_one(Training(task, "LSTM without forget gate", **options), seed=0)
    assert full["state_growth"] == pytest.approx(1, abs=0.2)
    assert without["state_growth"] > 2


def test_latch_without_noise_is_a_fixed_point() -> None:
    """At h = tanh(w h) the gradient falls by w (1 - h²) a step: for w = 2, h = 0.9575."""
    row = run_one(Measurement("latch", {"weight": 2.0, "noise": 0.0, "length": 60}), seed=0)
    longer = run_one(Measurement("latch", {"weight": 2.0, "noise": 0.0, "length": 61}), seed=0)
    assert row["kept"] == 1
    slope = 2 * (1 - 0.957504**2)
    assert longer["gradient"] / row["gradient"] == pytest.approx(slope, rel=1e-4)


def test_reach_without_input_is_the_radius() -> None:
    arguments = {"radius": 0.9, "inputs": 0.0, "units": 8, "length": 30}
    row = run_one(Measurement("reach", arguments), seed=0)
    assert row["decay"] == pytest.approx(0.9) and row["gradient"] == pytest.approx(0.9**29)
