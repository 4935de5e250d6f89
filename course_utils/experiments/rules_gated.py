"""Rules for claims about gated networks: what they learn, and which of their parts they need."""

from __future__ import annotations

from collections.abc import Iterator

from course_utils.experiments.compare import of, reached, shown_better, steps
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
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
METHOD = "log-rank, Holm, 5%"
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
    """LSTM without forget gate, Keras's; plain networks with weights in ±0.1, and as in Keras."""
    rnn = runs.where(cell="SimpleRNN")
    return (
        runs.where(cell="LSTM without forget gate"),
        runs.where(cell="LSTM", init="default"),
        rnn.where(init="uniform 0.1"),
        rnn.where(init="default"),
    )


def temporal_order(load: Load) -> Finding:
    runs = load("classics").where(task=TemporalOrder(100))
    networks, opened = then_and_now(runs), runs.where(init="chrono")
    old_lstm, lstm, _, rnn = (one.median("accuracy").value for one in networks)
    best = opened.median("accuracy").value
    ours = (
        f"median accuracy at T=100, chance {CHANCE_OF_4}: Keras's LSTM {lstm:.2f}, with chrono "
        f"{best:.2f}, without forget gate {old_lstm:.2f}; plain RNN {rnn:.2f}"
    )
    conditions = {
        "An LSTM is right in 99% at T=100 (median, the best of our starts).": (
            max(old_lstm, lstm, best) >= 0.99
        ),
        "So is one without forget gate, begun as Keras does.": old_lstm >= 0.99,
        "So is Keras's LSTM as Keras begins it.": lstm >= 0.99,
    }
    return Finding(ours, len(networks[0]), conditions)


def embedded_reber(load: Load) -> Finding:
    runs = load("classics").where(task=EmbeddedReber())
    networks = then_and_now(runs)
    old_lstm, lstm, old_rnn, rnn = (int((r["right_critical"] > 0.99).sum()) for r in networks)
    n = len(networks[0])
    ours = (
        f"right where memory is needed: LSTM without forget gate {old_lstm} of {n}, Keras's LSTM "
        f"{lstm} of {n}; RNN begun with weights in ±0.1 {old_rnn} of {n}, with Keras's orthogonal "
        f"start {rnn} of {n}"
    )
    conditions = {
        "Every LSTM without forget gate is right at 99% of the steps that need memory.": (
            old_lstm == n
        ),
        "So is every LSTM as Keras begins it.": lstm == n,
    }
    return Finding(ours, n, conditions)


def forgetting(load: Load) -> Finding:
    runs = load("ablations").where(task=ContinualReber(100))
    full, without = runs.where(cell="LSTM"), runs.where(cell="LSTM without forget gate")
    full_late, without_late = (one.median("right_critical_late").value for one in (full, without))
    full_growth, without_growth = (one.median("state_growth").value for one in (full, without))
    ours = (
        f"on streams of {STREAM} after training on 100: right where memory is needed "
        f"{full_late:.2f} with forget gate, {without_late:.2f} without, where {of(without)} have "
        f"learnt the 100; the state grows {full_growth:.1f} and {without_growth:.1f} times"
    )
    learnt = without.solved > 0
    conditions = {
        "Without it some runs learn the streams of 100, and of 1,000 fewer than 75% are right.": (
            learnt and without_late < 0.75
        ),
        "With forget gate at least 95% are right.": full_late >= 0.95,
        "Without it the norm of c grows at least 5 times, with it less than 2 times.": (
            without_growth >= 5 and full_growth < 2
        ),
    }
    return Finding(ours, len(full), conditions)


def fair(load: Load, cell: str) -> Iterator[Results]:
    """Runs of one cell with Keras's start, task by task."""
    runs = load("fair_fight").where(cell=cell, init="default")
    return (runs.where(task=task) for task in FAIR)


def gates_beat_tanh(load: Load) -> Finding:
    cells = ("SimpleRNN", "LSTM", "GRU")
    rnn, lstm, gru = (list(fair(load, cell)) for cell in cells)
    lstm_wins, gru_wins = (sum(shown_better(list(zip(one, rnn)))) for one in (lstm, gru))
    ours = "RNN, LSTM, GRU: " + "; ".join(
        f"{name} {', '.join(map(reached, three))}" for name, *three in zip(SHORT, rnn, lstm, gru)
    )
    conditions = {
        f"The GRU is shown to be better than the RNN on most tasks (5; {METHOD}).": gru_wins >= 3,
        f"So is the LSTM ({METHOD}).": lstm_wins >= 3,
    }
    return Finding(ours, len(rnn[0]), conditions)


def gru_like_lstm(load: Load) -> Finding:
    lstm, gru = list(fair(load, "LSTM")), list(fair(load, "GRU"))
    shown = [*shown_better(list(zip(gru, lstm))), *shown_better(list(zip(lstm, gru)))]
    ours = f"shown to differ on {sum(shown)} of {len(lstm)} tasks; LSTM, GRU: " + "; ".join(
        f"{name} {reached(m)}, {reached(g)}" for name, m, g in zip(SHORT, lstm, gru)
    )
    conditions = {
        f"Neither is shown to be better on more than one task of 5 ({METHOD}).": (
            max(sum(shown[: len(lstm)]), sum(shown[len(lstm) :])) <= 1
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
        f"The GRU is not shown to be better than the LSTM with bias 1, on any task ({METHOD}).": (
            not any(shown_better(list(zip(gru, lstm[1]))))
        ),
        f"Bias 1 is shown to be better than bias 0 on both tasks ({METHOD}).": all(
            shown_better(list(zip(lstm[1], lstm[0])))
        ),
    }
    return Finding(ours, len(gru[0]), conditions)


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
