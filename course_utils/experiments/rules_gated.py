"""Rules for claims about gated networks: what they learn, and which of their parts they need."""

from __future__ import annotations

from course_utils.experiments.compare import of, reached, shown_better, steps
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.tasks import Adding, EmbeddedReber, Recall

METHOD = "log-rank, Holm, 5%"


def then_and_now(runs: Results) -> tuple[Results, Results, Results, Results]:
    """LSTM without forget gate, Keras's; plain networks with weights in ±0.1, and as in Keras."""
    rnn = runs.where(cell="SimpleRNN")
    return (
        runs.where(cell="LSTM without forget gate"),
        runs.where(cell="LSTM", init="default"),
        rnn.where(init="uniform 0.1"),
        rnn.where(init="default"),
    )


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


def rates_solved(load: Load, cell: str, init: str) -> list[float]:
    """Learning rates at which a trial of tuning solved Recall 50, in order."""
    trials = load("tuning").where(task=Recall(50), cell=cell, init=init)
    return sorted({r["learning_rate"] for r in trials.rows if r["outcome"] == "solved"})


def chrono(load: Load) -> Finding:
    table = load("chrono")
    opened = table.where(init="chrono")
    default = table.where(init="default", cell=["LSTM", "GRU"])
    at = {
        (cell, init): rates_solved(load, cell, init)
        for cell in ("LSTM", "GRU")
        for init in ("default", "chrono")
    }
    told = ", ".join(
        f"{cell} with {init} at {' '.join(f'{rate:g}' for rate in rates) or 'no rate'}"
        for (cell, init), rates in at.items()
    )
    ours = (
        f"at rate 0.01, lags 40 to 200: chrono {of(opened)} (median {steps(opened)}), Keras's "
        f"start {of(default)}. Recall 50 over all rates of tuning is solved by {told}"
    )
    conditions = {
        "With chrono every run is solved, at all lags, by both cells.": (
            opened.solved == len(opened)
        ),
        "At no rate of tuning the LSTM with Keras's start solves Recall 50; with chrono it does.": (
            bool(at["LSTM", "chrono"]) and not at["LSTM", "default"]
        ),
        "Nor does the GRU, and with chrono it does.": (
            bool(at["GRU", "chrono"]) and not at["GRU", "default"]
        ),
    }
    seeds = len(opened) // sum(1 for _ in opened.groups("task", "cell"))
    return Finding(ours, seeds, conditions)
