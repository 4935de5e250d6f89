"""Rules for claims about plain networks, their gradients, and what needs no memory at all."""

from __future__ import annotations

from math import inf

from course_utils.experiments.compare import badness, of
from course_utils.experiments.published import Finding, Load
from course_utils.tasks import Adding, CopyMemory


def latch(load: Load) -> Finding:
    noisy = load("latch").where(noise=0.2)
    units = [
        (weights[0], runs.median("kept").value, runs.median("gradient").value)
        for weights, runs in noisy.groups("weight")
    ]
    keeps = [(w, gradient) for w, kept, gradient in units if kept >= 0.99]
    passes = [(w, kept) for w, kept, gradient in units if gradient >= 1e-6]
    w, gradient = keeps[0] if keeps else (inf, inf)
    ours = (
        f"a bit survives 50 noisy steps in 99% of cases only from weight {w:g} on, where the "
        f"gradient is {gradient:.0e}; where it is above 1e-6 at most "
        f"{max((kept for _, kept in passes), default=0):.0%} survive"
    )
    conditions = {
        "Some weight keeps 99% of the bits through 50 steps of noise 0.2.": bool(keeps),
        "Each weight that does has a median gradient below 1e-10.": bool(keeps)
        and all(gradient < 1e-10 for _, gradient in keeps),
        "Each weight with a gradient above 1e-6 keeps fewer than 60%.": bool(passes)
        and all(kept < 0.6 for _, kept in passes),
    }
    return Finding(ours, len(noisy) // len(units), conditions)


def spectral_radius(load: Load) -> Finding:
    runs = load("reach")
    quiet, noisy = runs.where(inputs=0), runs.where(inputs=1)
    decay = {r[0]: one.median("decay").value for r, one in noisy.groups("radius")}
    still = {r[0]: one.median("decay").value for r, one in quiet.groups("radius")}
    ours = (
        f"gradient per step at radius 0.9, 1.1, 1.5: {still[0.9]:.2f}, {still[1.1]:.2f}, "
        f"{still[1.5]:.2f} without input; {decay[0.9]:.2f}, {decay[1.1]:.2f}, {decay[1.5]:.2f} "
        "with inputs N(0, 1): saturation hides the explosion"
    )
    below = [r for r in decay if r < 1]
    conditions = {
        "Below radius 1 it shrinks by at least the radius a step, with and without inputs.": all(
            table[r] <= r * 1.01 for r in below for table in (decay, still)
        ),
        "It grows only above radius 1: no network at or below 1 does.": all(
            table[r] <= 1.001 for r in decay if r <= 1 for table in (decay, still)
        ),
        "Above 1 it can grow: at 1.5 by 40% a step without input.": still[1.5] > 1.4,
        "Above 1 need not suffice: with inputs N(0, 1) it shrinks even at 1.5.": decay[1.5] < 1,
    }
    return Finding(ours, len(quiet) // len(still), conditions)


def clipping(load: Load) -> Finding:
    runs, baseline = load("clipping"), Adding(50).baseline.loss
    lost, loss = {}, {}
    for (rate, clip), one in runs.groups("learning_rate", "clip"):
        lost[rate, clip] = sum(one["outcome"] == "diverged")
        loss[rate, clip] = one.median("loss").value
    small, large = sorted({rate for rate, _ in lost})
    seeds = len(runs) // len(lost)
    ours = "adding T=50, radius 1.5, SGD: " + "; ".join(
        f"rate {rate:g}: {lost[rate, None]} of {seeds} diverge unclipped, {lost[rate, 1]} clipped, "
        f"final loss {loss[rate, None]:.2f} and {loss[rate, 1]:.2f}"
        for rate in (small, large)
    )
    conditions = {
        f"At rate {large:g} most unclipped runs diverge, and clipped none does at any rate.": (
            lost[large, None] > seeds / 2 and lost[small, 1] == lost[large, 1] == 0
        ),
        f"Clipped, at rate {large:g}, the median ends within 20% of the baseline or below.": (
            loss[large, 1] < 1.2 * baseline
        ),
    }
    return Finding(ours, seeds, conditions)


def copy_baseline(load: Load) -> Finding:
    task, runs = CopyMemory(100), load("copy_baseline")
    loss = task.baseline.loss
    medians = {cell[0]: one.median("loss").value for cell, one in runs.groups("cell")}
    ours = f"baseline {loss:.4f} nats; after 300 steps (RNN 1,000) " + ", ".join(
        f"{cell} {value:.3f}" for cell, value in medians.items()
    )
    conditions = {
        "The baseline derived for our task is 10 ln 8 / (T + 20) = 0.1733 at T=100.": (
            round(loss, 4) == 0.1733
        ),
        "Every cell comes within 5% of it.": all(v < 1.05 * loss for v in medians.values()),
        "None gets clearly below it, by 5%, in these steps.": all(
            v > 0.95 * loss for v in medians.values()
        ),
    }
    return Finding(ours, len(runs) // len(medians), conditions)


def irnn(load: Load) -> Finding:
    runs, baseline = load("irnn"), Adding(150).baseline.loss
    ours_irnn, lstm, rnn = (runs.where(cell=cell) for cell in ("IRNN", "LSTM", "SimpleRNN"))
    kinds = [one for _, one in ours_irnn.groups("optimizer", "learning_rate", "clip")]
    best = min(kinds, key=badness)
    spike = best.median("largest_gradient").value
    diverged = sum(ours_irnn["outcome"] == "diverged")
    ours = (
        f"T=150: IRNN at its best setting {of(best)}, median loss {best.median('loss').value:.3f}, "
        f"gradients up to {spike:.0e}; LSTM {of(lstm)}, RNN {of(rnn)}; IRNN diverged in {diverged} "
        f"of {len(ours_irnn)} runs over all settings"
    )
    conditions = {
        "At its best setting the IRNN solves as many runs as the LSTM.": best.solved >= lstm.solved,
        "It gets at least 10% below the baseline, which the tanh RNN does not.": (
            best.median("loss").value < 0.9 * baseline <= rnn.median("loss").value
        ),
    }
    return Finding(ours, len(lstm), conditions)
