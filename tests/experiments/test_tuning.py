"""Tuning: the same trials for every cell, a winner by a fixed rule, and a grid that grows."""

from pathlib import Path

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.experiments import catalog, contest, tuning
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.networks import CELLS, equal_units, free_parameters
from course_utils.experiments.store import Store, key
from course_utils.experiments.tuning import BUDGETS, FINALISTS, RATES, STARTS, Setting
from course_utils.tasks import FranceSentence, Task
from course_utils.training import SequenceModel

TASK = FranceSentence((3, 40))


def row(init: str, rate: float, solved_at: int | None, loss: float = 1.0, **more: object) -> dict:
    outcome = "unsolved" if solved_at is None else "solved"
    found = {"init": init, "learning_rate": rate, "outcome": outcome, "solved_at": solved_at}
    return found | {"steps": 1000, "loss": loss} | more


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([row("a", 1, 900)], [row("b", 1, None, loss=0.02)]),
        ([row("a", 1, 100), row("a", 1, 300)], [row("b", 1, 200), row("b", 1, 250)]),
        ([row("a", 1, 990), row("a", 1, 990)], [row("b", 1, 25), row("b", 1, None)]),
        ([row("a", 1, None, loss=0.5)], [row("b", 1, None, loss=0.6)]),
        ([row("a", 1, None, loss=9)], [row("b", 1, None, loss=0.1, outcome="diverged")]),
    ],
)
def test_who_ranks_first(better: list[dict], worse: list[dict]) -> None:
    assert tuning.ranked(better + worse)[0].init == "a"
    assert tuning.ranked(worse + better)[0].init == "a"


def finish(runs: list, best: float, stored: dict) -> None:
    """Store runs as if the best rate was `best`: the nearer, the sooner they are solved."""
    for case, seed in runs:
        off = abs(np.log10(best / case.learning_rate))
        one = case.settings | {"seed": seed, "outcome": "solved", "solved_at": int(50 * off)}
        stored[key(one)] = one | {"loss": 0.1}


def tune(best: float) -> tuple[list, dict]:
    """All trials of a task whose best rate is `best`, rung by rung."""
    stored: dict = {}
    runs = tuning.trials(TASK, stored)
    while any(key(case.settings | {"seed": seed}) not in stored for case, seed in runs):
        finish(runs, best, stored)
        runs = tuning.trials(TASK, stored)
    return runs, stored


@pytest.mark.parametrize("best", RATES)
def test_every_cell_has_the_same_number_of_trials(best: float) -> None:
    runs, _ = tune(best)
    counts = {cell: sum(case.cell == cell for case, _ in runs) for cell in STARTS}
    assert len(set(counts.values())) == 1 and counts["LSTM"] >= 12 + 3 * FINALISTS


@pytest.mark.parametrize("best", RATES)
def test_the_winner_lies_inside_the_grid(best: float) -> None:
    """With the best rate at an end, one beyond it is tried, and here it is no better."""
    runs, stored = tune(best)
    rates = sorted({case.learning_rate for case, _ in runs})
    last = [one for one in stored.values() if one["seed"] != 100]
    assert tuning.ranked(last)[0].rate == best and rates[0] < best < rates[-1]
    grown = best in (RATES[0], RATES[-1])
    assert len(rates) == len(RATES) + grown


def test_six_rates_over_two_decades() -> None:
    assert len(RATES) >= 6 and RATES[-1] / RATES[0] >= 100


def test_seeds_of_tuning_are_not_used_again() -> None:
    assert not {*tuning.FIRST, *tuning.SECOND} & set(contest.SEEDS)
    assert len(contest.SEEDS) >= 20 and len(KERNELS) >= 2


@pytest.mark.parametrize("task", BUDGETS, ids=repr)
@pytest.mark.parametrize("cell", STARTS)
def test_equal_in_size_with_the_head(task: Task, cell: str) -> None:
    """Within 2%, counted in the arrays of the very model that is trained."""
    units = equal_units(task, cell)
    layer = CELLS[cell](units, return_sequences=task.every_step)
    model = SequenceModel.for_task(layer, task)
    model.build(task.input_size)
    idle = 2 * units if cell == "GRU" else 0
    assert free_parameters(cell, units, task) == model.weights.vector.size - idle
    assert model.weights.vector.size - idle == pytest.approx(
        free_parameters("LSTM", 32, task), rel=0.02
    )


def test_too_small_to_be_equal() -> None:
    with pytest.raises(CourseError, match="take more units"):
        equal_units(TASK, "SimpleRNN", units=1)


def test_no_contest_before_tuning(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="not tuned yet: run `course sweep tuning`"):
        tuning.chosen(TASK, "LSTM", tmp_path)
    assert not contest.contest("Haswell", tmp_path).runs


def test_a_contest_runs_what_was_chosen(tmp_path: Path) -> None:
    _, stored = tune(0.01)
    for one in stored.values():
        Store("tuning", tmp_path).add(one, "Carousel")
    assert tuning.chosen(TASK, "GRU", tmp_path).rate == 0.01
    plan = catalog.sweep("contest_haswell", tmp_path)
    assert len(plan.runs) == len(STARTS) * len(contest.SEEDS) and plan.kernel == "Haswell"
    assert {case.learning_rate for case, _ in plan.extra} == {0.01}
    assert {case.steps for case, _ in plan.extra} == {contest.LEAST}


@pytest.mark.parametrize(
    ("steps", "budget"), [(100, 1000), (400, 1600), (1500, BUDGETS[TASK]), (None, 1000)]
)
def test_a_budget_is_four_times_the_slowest_success(
    tmp_path: Path, steps: int | None, budget: int
) -> None:
    _, stored = tune(0.01)
    for one in stored.values():
        slow = one["learning_rate"] == 0.01 and one["cell"] == "SimpleRNN" and one["seed"] == 102
        if slow:
            one |= {"solved_at": steps, "outcome": "solved" if steps else "unsolved"}
        if one["cell"] == "SimpleRNN" and one["learning_rate"] != 0.01 and one["seed"] != 100:
            one |= {"solved_at": None, "outcome": "unsolved"}
        Store("tuning", tmp_path).add(one, "Carousel")
    assert contest.budget(TASK, tmp_path) == budget


def test_what_is_stored_was_chosen_by_the_rule() -> None:
    """Every finished task: the settings of its runs are those that the stored trials give."""
    for task in contest.finished():
        for _, cells in contest.fights(task):
            for cell, runs in cells.items():
                settings = {Setting(r["init"], r["learning_rate"]) for r in runs.rows}
                assert settings == {tuning.chosen(task, cell)}
