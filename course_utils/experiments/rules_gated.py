"""Rules for claims about gated networks: what they learn, and which of their parts they need."""

from __future__ import annotations

from collections.abc import Iterator

from course_utils.experiments.compare import better, faster, of, reached, steps, worse
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.experiments.variants import VARIANTS
from course_utils.tasks import (
    Adding,
    ContinualReber,
    CopyMemory,
    EmbeddedReber,
    FranceSentence,
    Recall,
    TemporalOrder,
)

BATCH = 32
CHANCE_OF_4 = 0.25
STREAM = "1,000 steps"  # see the probe `stream`
FAIR = (Adding(100), CopyMemory(10, 5), TemporalOrder(50), Recall(50), FranceSentence((3, 40)))
SHORT = ("adding", "copy", "order", "recall", "sentence")


def adding(load: Load) -> Finding:
    runs = load("adding").where(task=Adding(100), init="default")
    lstm, rnn = runs.where(cell="LSTM"), runs.where(cell="SimpleRNN")
    sequences = lstm.steps.value * BATCH
    ours = f"LSTM {of(lstm)}, median {sequences:,.0f} sequences; plain RNN {of(rnn)}"
    conditions = {
        "Every LSTM gets below MSE 0.01 at T=100.": lstm.solved == len(lstm),
        "The median LSTM needs at most 74,000 sequences.": sequences <= 74_000,
        "No plain RNN does, with as many sequences.": rnn.solved == 0,
    }
    return Finding(ours, len(lstm), conditions)


def then_and_now(runs: Results) -> tuple[Results, Results, Results, Results]:
    """The LSTM of 1997, without forget gate, and Keras's; plain networks begun likewise."""
    rnn = runs.where(cell="SimpleRNN")
    return (
        runs.where(cell="LSTM without forget gate"),
        runs.where(cell="LSTM", init="default"),
        rnn.where(init="uniform 0.1"),
        rnn.where(init="default"),
    )


def temporal_order(load: Load) -> Finding:
    short = load("fair_fight").where(task=TemporalOrder(50), init="default")
    lstm_50, rnn_50 = (
        short.where(cell=cell).median("accuracy").value for cell in ("LSTM", "SimpleRNN")
    )
    runs = load("classics").where(task=TemporalOrder(100))
    networks, opened = then_and_now(runs), runs.where(init="chrono")
    old_lstm, lstm, old_rnn, rnn = (one.median("accuracy").value for one in networks)
    ours = (
        f"median accuracy at T=50: LSTM {lstm_50:.2f}, RNN {rnn_50:.2f}; at T=100: LSTM of 1997 "
        f"(no forget gate) {old_lstm:.2f}, Keras's LSTM {lstm:.2f}, with chrono "
        f"{opened.median('accuracy').value:.2f}, RNN begun with weights in ±0.1 {old_rnn:.2f}, "
        f"with Keras's orthogonal start {rnn:.2f}"
    )
    conditions = {
        "At T=50 the median LSTM is right in 99%.": lstm_50 >= 0.99,
        "At T=50 the median plain network is within 0.05 of chance.": (
            abs(rnn_50 - CHANCE_OF_4) < 0.05
        ),
        "At T=100 the median LSTM of 1997 is right in 99%.": old_lstm >= 0.99,
        "At T=100 so is the median LSTM as Keras starts it.": lstm >= 0.99,
        "At T=100 plain networks are within 0.05 of chance, with either start.": (
            max(abs(old_rnn - CHANCE_OF_4), abs(rnn - CHANCE_OF_4)) < 0.05
        ),
    }
    return Finding(ours, len(networks[0]), conditions)


def embedded_reber(load: Load) -> Finding:
    runs = load("classics").where(task=EmbeddedReber())
    networks = then_and_now(runs)
    old_lstm, lstm, old_rnn, rnn = (int((r["right_critical"] > 0.99).sum()) for r in networks)
    n = len(networks[0])
    ours = (
        f"right where memory is needed: LSTM of 1997 (no forget gate) {old_lstm} of {n}, Keras's "
        f"LSTM {lstm} of {n}; RNN begun with weights in ±0.1 {old_rnn} of {n}, with Keras's "
        f"orthogonal start {rnn} of {n}"
    )
    conditions = {
        "Every LSTM of 1997 is right at 99% of the steps that need memory.": old_lstm == n,
        "So is every LSTM as Keras starts it.": lstm == n,
        "No plain network with the small start of 1997 is.": old_rnn == 0,
        "No plain network with the orthogonal start of Keras is.": rnn == 0,
    }
    return Finding(ours, n, conditions)


def forgetting(load: Load) -> Finding:
    runs = load("ablations").where(task=ContinualReber(100))
    full, without = runs.where(cell="LSTM"), runs.where(cell="LSTM without forget gate")
    full_late, without_late = (one.median("right_critical_late").value for one in (full, without))
    full_growth, without_growth = (one.median("state_growth").value for one in (full, without))
    ours = (
        f"on streams of {STREAM} after training on 100: right where memory is needed "
        f"{full_late:.2f} with forget gate, {without_late:.2f} without; the state grows "
        f"{full_growth:.1f} and {without_growth:.1f} times"
    )
    conditions = {
        "With forget gate at least 95% of such steps are right.": full_late >= 0.95,
        "Without it fewer than 75% are.": without_late < 0.75,
        "Without it the norm of c grows at least 5 times, with it less than 2 times.": (
            without_growth >= 5 and full_growth < 2
        ),
        "Without it fewer runs learn the streams of 100 steps.": without.solved < full.solved,
    }
    return Finding(ours, len(full), conditions)


def fair(load: Load, cell: str) -> Iterator[Results]:
    """Runs of one cell with Keras's start, task by task."""
    runs = load("fair_fight").where(cell=cell, init="default")
    return (runs.where(task=task) for task in FAIR)


def gates_beat_tanh(load: Load) -> Finding:
    cells = ("SimpleRNN", "LSTM", "GRU")
    rnn, lstm, gru = (list(fair(load, cell)) for cell in cells)
    lstm_wins, gru_wins = (sum(map(better, gated, rnn)) for gated in (lstm, gru))
    ours = "RNN, LSTM, GRU: " + "; ".join(
        f"{name} {', '.join(map(reached, three))}" for name, *three in zip(SHORT, rnn, lstm, gru)
    )
    conditions = {
        "The GRU does better than the RNN on at least 4 of 5 tasks.": gru_wins >= 4,
        "The LSTM does better than the RNN on at least 4 of 5 tasks.": lstm_wins >= 4,
    }
    return Finding(ours, len(rnn[0]), conditions)


def gru_like_lstm(load: Load) -> Finding:
    lstm, gru = list(fair(load, "LSTM")), list(fair(load, "GRU"))
    gru_faster, lstm_faster = sum(map(faster, gru, lstm)), sum(map(faster, lstm, gru))
    ours = "LSTM, GRU: " + "; ".join(
        f"{name} {reached(m)}, {reached(g)}" for name, m, g in zip(SHORT, lstm, gru)
    )
    conditions = {
        "Neither is clearly faster on more than one task of 5 (intervals of the median apart).": (
            max(gru_faster, lstm_faster) <= 1
        ),
        "Solved runs differ by at most one of 5 on every task.": all(
            abs(m.solved - g.solved) <= 1 for m, g in zip(lstm, gru)
        ),
    }
    return Finding(ours, len(lstm[0]), conditions)


def forget_bias(load: Load) -> Finding:
    table, tasks = load("forget_bias"), (Recall(20), Adding(50))
    lstm = {b: [table.where(task=t, cell="LSTM", init=f"bias {b}") for t in tasks] for b in (0, 1)}
    gru = [table.where(task=t, cell="GRU", init="bias 0") for t in tasks]
    ours = "LSTM with bias 0, with bias 1, GRU: " + "; ".join(
        f"{name} " + ", ".join(map(reached, three))
        for name, *three in zip(("recall 20", "adding 50"), lstm[0], lstm[1], gru)
    )
    conditions = {
        "Bias 1 does better than bias 0 on both tasks.": all(map(better, lstm[1], lstm[0])),
        "With bias 1 the LSTM solves as many runs as the GRU on both tasks.": all(
            one.solved >= other.solved for one, other in zip(lstm[1], gru)
        ),
        "With bias 1 its median needs at most 1.5 times the GRU's updates on both tasks.": all(
            one.steps.value <= 1.5 * other.steps.value for one, other in zip(lstm[1], gru)
        ),
    }
    return Finding(ours, len(gru[0]), conditions)


def ablated(load: Load, task: object) -> dict[str, Results]:
    runs = load("ablations").where(task=task)
    return {cell: runs.where(cell=cell) for cell in ("LSTM", *VARIANTS)}


def most_important(load: Load) -> Finding:
    tasks = {"adding 50": Adding(50), "continual Reber": ContinualReber(100)}
    tables = {name: ablated(load, task) for name, task in tasks.items()}
    harmed = {
        name: [cell for cell in VARIANTS if worse(table[cell], table["LSTM"])]
        for name, table in tables.items()
    }
    ours = "clearly worse than the LSTM: " + "; ".join(
        f"{name}: {', '.join(cell.removeprefix('LSTM ') for cell in cells) or 'none'}"
        for name, cells in harmed.items()
    )
    parts = ("forget gate", "output activation")
    conditions = {
        f"Without {part} it is clearly worse on {name}.": f"LSTM without {part}" in cells
        for name, cells in harmed.items()
        for part in parts
    }
    others = set().union(*harmed.values()) - {f"LSTM without {part}" for part in parts}
    conditions["No other variant is, on either task."] = not others
    return Finding(ours, len(tables["adding 50"]["LSTM"]), conditions)


def none_better(load: Load) -> Finding:
    tables = [ablated(load, task) for task in (Adding(50), ContinualReber(100))]
    both = [cell for cell in VARIANTS if all(faster(t[cell], t["LSTM"]) for t in tables)]
    some = [cell for cell in VARIANTS if any(faster(t[cell], t["LSTM"]) for t in tables)]
    ours = f"faster on both tasks: {', '.join(both) or 'none'}; on one: {', '.join(some) or 'none'}"
    conditions = {
        "No variant is clearly faster than the LSTM on both tasks.": not both,
        "None is on either task.": not some,
    }
    return Finding(ours, len(tables[0]["LSTM"]), conditions)


def chrono(load: Load) -> Finding:
    table = load("chrono")
    opened = table.where(init="chrono")
    default = table.where(init="default", cell=["LSTM", "GRU"])
    long = default.where(task=[Recall(100), Recall(200), FranceSentence(80)])
    ours = (
        f"LSTM and GRU over lags 40 to 200: chrono {of(opened)} (median {steps(opened)}), "
        f"Keras's start {of(default)}"
    )
    conditions = {
        "With chrono every run is solved, at all lags, by both cells.": (
            opened.solved == len(opened)
        ),
        "With Keras's start, no run at lags of 80 and more is, in as many steps.": long.solved == 0,
    }
    seeds = len(opened) // sum(1 for _ in opened.groups("task", "cell"))
    return Finding(ours, seeds, conditions)
