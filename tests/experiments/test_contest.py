"""Verdicts on the contest: complete tasks only, and true on each kernel or not at all."""

import pytest

from course_utils import CourseError
from course_utils.experiments import contest, report_contest, rules_contest
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.results import Results, load
from course_utils.experiments.tuning import BUDGETS, STARTS
from course_utils.tasks import Adding, FranceSentence, Recall, Task

TASKS = (FranceSentence((3, 40)), Recall(50), Adding(100))
SLOW, FAST = 800, 100


def runs(task: Task, cell: str, solved_at: int | None, seeds: int = 20) -> list[dict]:
    outcome = "unsolved" if solved_at is None else "solved"
    return [
        {"task": repr(task), "cell": cell, "init": "default", "learning_rate": 0.01, "steps": 1000}
        | {"seed": seed, "outcome": outcome, "loss": 0.1, "accuracy": 0.5}
        | {"solved_at": None if solved_at is None else solved_at + seed}
        for seed in range(seeds)
    ]


def stored(change: dict | None = None, **columns: int | None):
    """A loader: every cell as fast as `columns` says, but on one kernel as `change` says."""
    change = change or {}

    def loaded(name: str) -> Results:
        rows = []
        for task in TASKS:
            for cell in STARTS:
                own = change.get((name, cell, task), columns[cell])
                seeds = 20 if own != "missing" else 19
                rows += runs(task, cell, None if own == "missing" else own, seeds)
        return Results(name, tuple(rows))

    return loaded


def held(finding) -> list[bool]:
    return list(finding.conditions.values())


GATED = {"SimpleRNN": SLOW, "LSTM": FAST, "GRU": FAST}


def test_what_is_better_everywhere_is_shown() -> None:
    assert held(rules_contest.gates_beat_tanh(stored(**GATED))) == [True, True, True]
    assert held(rules_contest.gru_like_lstm(stored(**GATED))) == [True, True]
    other = {"SimpleRNN": FAST, "LSTM": SLOW, "GRU": None}
    assert held(rules_contest.gates_beat_tanh(stored(**other))) == [False, False, False]
    assert held(rules_contest.gru_like_lstm(stored(**other))) == [False, False]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_what_fails_on_one_kernel_is_not_claimed(kernel: str, cell: str) -> None:
    """On two tasks of three it is as slow as the plain network, but on this kernel alone."""
    name = contest.stored_as(kernel)
    change = {(name, cell, task): SLOW for task in TASKS[:2]}
    gru, lstm, _ = held(rules_contest.gates_beat_tanh(stored(change, **GATED)))
    assert (gru, lstm) == (cell != "GRU", cell != "LSTM")


@pytest.mark.parametrize("kernel", KERNELS)
def test_on_each(kernel: str) -> None:
    change = {(contest.stored_as(kernel), "GRU", TASKS[0]): None}

    def solves(cells: dict[str, Results]) -> bool:
        return cells["GRU"].solved == 20

    assert contest.on_each(solves, TASKS[0], stored(**GATED))
    assert not contest.on_each(solves, TASKS[0], stored(change, **GATED))


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_task_with_a_run_missing_is_not_finished(kernel: str) -> None:
    change = {(contest.stored_as(kernel), "LSTM", TASKS[1]): "missing"}
    assert contest.finished(stored(**GATED)) == tuple(task for task in BUDGETS if task in TASKS)
    assert TASKS[1] not in contest.finished(stored(change, **GATED))


def test_nothing_is_finished_before_it_began() -> None:
    def nothing(name: str) -> Results:
        raise CourseError("There are no results.")

    assert contest.finished(nothing) == ()


def test_what_is_stored_is_shown() -> None:
    done = contest.finished()
    assert FranceSentence((3, 40)) in done
    lines = list(report_contest.contest_table())
    table = [line for line in lines if line.startswith("| ")][2:]
    assert len(table) == len(done) * len(STARTS)
    for line in table:
        assert line.count(" of 20 (") == len(KERNELS)
    left = [rules_contest.SHORT[task] for task in BUDGETS if task not in done]
    assert all(name in lines[-2] for name in left)


def test_the_two_kernels_are_two() -> None:
    """The same settings and seeds, and other digits: else they would not be two witnesses."""
    for task in contest.finished():
        one, other = (
            {
                (row["cell"], row["seed"]): row["test_loss"]
                for row in load(contest.stored_as(kernel)).where(task=task).rows
            }
            for kernel in KERNELS
        )
        assert set(one) == set(other) and one != other
