"""Rules for claims of 1997 and 2000, judged by runs that begin and are counted as theirs."""

from __future__ import annotations

from course_utils.experiments.compare import of, steps
from course_utils.experiments.origins import OLD, Adding1997
from course_utils.experiments.published import Finding, Load
from course_utils.tasks import ContinualReber, TemporalOrder

BATCH = 32
ADDING_1997, ORDER_1997 = 74_000, 31_390  # sequences until success, their tables 7 and 9
HARMED = 0.9  # share of right answers below which a stream counts as lost


def temporal_order(load: Load) -> Finding:
    runs = load("origins").where(task=TemporalOrder(100))
    theirs, weights_alone = runs.where(init="1997 -2 -4"), runs.where(init="1997 0 0")
    keras = load("classics").where(task=TemporalOrder(100), cell=OLD)
    sequences = theirs.steps.value * BATCH
    ours = (
        f"without forget gate, begun as in 1997: {of(theirs)}, median {sequences:,.0f} sequences; "
        f"with their small weights alone {of(weights_alone)} within 1,000 steps, with Keras's "
        f"start {of(keras)} within 1,500"
    )
    conditions = {
        "Begun as in 1997, every LSTM without forget gate is right in 99% at T=100.": (
            theirs.solved == len(theirs)
        ),
        f"The median needs at most {ORDER_1997:,} sequences.": sequences <= ORDER_1997,
    }
    return Finding(ours, len(theirs), conditions)


def adding(load: Load) -> Finding:
    runs = load("origins").where(task=Adding1997(100))
    theirs = runs.where(init="1997 -3 -6")
    keras = runs.where(cell="LSTM")
    sequences, right = theirs.steps.value * BATCH, theirs.median("within").value
    ours = (
        f"their task at T=100, without forget gate, begun as in 1997: {of(theirs)}, median "
        f"{sequences:,.0f} sequences, {right:.1%} of new ones off by less than 0.04; Keras's LSTM "
        f"with its own start {of(keras)} ({steps(keras)})"
    )
    conditions = {
        "Begun as in 1997, every LSTM without forget gate gets below MSE 0.0001.": (
            theirs.solved == len(theirs)
        ),
        f"The median needs at most {ADDING_1997:,} sequences.": sequences <= ADDING_1997,
        "The median run answers 99% of new sequences within 0.04.": right >= 0.99,
    }
    return Finding(ours, len(theirs), conditions)


def forgetting(load: Load) -> Finding:
    runs = load("endless").where(task=ContinualReber(100))
    full, without = runs.where(cell="LSTM"), runs.where(cell=OLD)
    late, early = (without.median(part).value for part in ("right_last", "right_1000"))
    grown = without.median("size_last").value / without.median("size_100").value
    ours = (
        f"streams of 100 letters learnt by {of(full)} with forget gate (median {steps(full)}) and "
        f"by {of(without)} without ({steps(without)}); read on to letter 10,000, right where "
        f"memory is needed: {full.median('right_last').value:.2f} with; without {early:.2f} up to "
        f"letter 1,000 and {late:.2f} at the end, where |c| is {grown:.0f} times as large"
    )
    conditions = {
        f"Without it the trained network is right in less than {HARMED:.0%} at letter 10,000.": (
            late < HARMED
        ),
        "With it at least 95% are right there.": full.median("right_last").value >= 0.95,
        "Without it the state grows at least 5 times from letter 100 on.": grown >= 5,
    }
    return Finding(ours, len(full), conditions)
