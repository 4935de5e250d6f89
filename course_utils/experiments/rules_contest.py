"""Rules for claims about cells against cells: each tuned, equal in size, on every kernel."""

from __future__ import annotations

from collections.abc import Iterator

from course_utils.experiments.compare import LEVEL, ahead, p_value, reached
from course_utils.experiments.contest import SEEDS, fights, finished
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.statistics import holm
from course_utils.tasks import (
    Adding,
    CopyMemory,
    FranceSentence,
    ManyKeys,
    Recall,
    Task,
    TemporalOrder,
)

METHOD = "log-rank, Holm, 5%"
SHORT: dict[Task, str] = {
    FranceSentence((3, 40)): "sentence 3-40",
    Recall(50): "recall 50",
    Adding(100): "adding 100",
    TemporalOrder(50): "order 50",
    CopyMemory(10, 5): "copy 10",
    ManyKeys(4): "4 keys",
}
Pair = tuple[str, str]
PAIRS: tuple[Pair, ...] = (
    *(("LSTM", "SimpleRNN"), ("GRU", "SimpleRNN"), ("LSTM", "GRU")),
    *(("SimpleRNN", "LSTM"), ("SimpleRNN", "GRU"), ("GRU", "LSTM")),  # the other way round
)


def tables(load: Load) -> Iterator[tuple[str, dict[Task, dict[str, Results]]]]:
    """Kernel by kernel, all finished tasks with the runs of each cell."""
    by_kernel: dict[str, dict[Task, dict[str, Results]]] = {}
    for task in finished(load):
        for kernel, cells in fights(task, load):
            by_kernel.setdefault(kernel, {})[task] = cells
    yield from by_kernel.items()


def shown(load: Load) -> dict[Pair, list[Task]]:
    """For each pair the tasks on which its first cell is shown to be better, on every kernel.

    The correction is for all comparisons of one kernel: three pairs of cells on every task.
    """
    found: dict[Pair, list[set[Task]]] = {pair: [] for pair in PAIRS}
    for _, tasks in tables(load):
        compared = [(pair, task) for pair in PAIRS[:3] for task in tasks]
        corrected = holm(
            [p_value(*(tasks[task][cell] for cell in pair)) for pair, task in compared]
        )
        wins: dict[Pair, set[Task]] = {pair: set() for pair in PAIRS}
        for ((one, other), task), p in zip(compared, corrected):
            if p < LEVEL:
                won = ahead(tasks[task][one], tasks[task][other])
                wins[(one, other) if won else (other, one)].add(task)
        for pair in PAIRS:
            found[pair].append(wins[pair])
    return {
        pair: [task for task in SHORT if wins and all(task in one for one in wins)]
        for pair, wins in found.items()
    }


def told(load: Load) -> str:
    """What each cell reached on each task, kernel by kernel."""
    return "; ".join(
        f"{kernel}: "
        + ", ".join(
            f"{SHORT[task]} RNN {reached(cells['SimpleRNN'])}, LSTM {reached(cells['LSTM'])}, GRU "
            f"{reached(cells['GRU'])}"
            for task, cells in tasks.items()
        )
        for kernel, tasks in tables(load)
    )


def listed(tasks: list[Task]) -> str:
    return ", ".join(SHORT[task] for task in tasks) or "none"


def gates_beat_tanh(load: Load) -> Finding:
    wins, count = shown(load), len(finished(load))
    lstm, gru = wins["LSTM", "SimpleRNN"], wins["GRU", "SimpleRNN"]
    lost = wins["SimpleRNN", "LSTM"] + wins["SimpleRNN", "GRU"]
    ours = (
        f"shown to be better than the RNN, on both kernels: LSTM on {listed(lstm)}; GRU on "
        f"{listed(gru)}. {told(load)}"
    )
    conditions = {
        f"On most of {count} tasks the GRU is shown to be better than the RNN, each at its best "
        f"setting, on both kernels ({METHOD}).": len(gru) > count / 2,
        f"So is the LSTM ({METHOD}).": len(lstm) > count / 2,
        "On no task the RNN is shown to be better than one of them.": not lost,
    }
    return Finding(ours, len(SEEDS), conditions)


def gru_like_lstm(load: Load) -> Finding:
    wins, count = shown(load), len(finished(load))
    gru, lstm = wins["GRU", "LSTM"], wins["LSTM", "GRU"]
    ours = (
        f"of {count} tasks the GRU is shown to be better on {listed(gru)}, the LSTM on "
        f"{listed(lstm)}, on both kernels; both solve every run on "
        f"{listed(both_solve_all(load))}"
    )
    conditions = {
        f"Neither is shown to be better on more than half of the {count} tasks ({METHOD}).": (
            max(len(gru), len(lstm)) <= count / 2
        ),
        "Each solves every run that the other one solves.": (len(both_solve_all(load)) == count),
    }
    return Finding(ours, len(SEEDS), conditions)


def both_solve_all(load: Load) -> list[Task]:
    """Tasks on which LSTM and GRU both solve all runs, on every kernel."""
    solved = [
        {
            task
            for task, cells in tasks.items()
            if all(cells[cell].solved == len(cells[cell]) for cell in ("LSTM", "GRU"))
        }
        for _, tasks in tables(load)
    ]
    return [task for task in SHORT if solved and all(task in one for one in solved)]
