"""Lessons 05 and 07: measure what a memory knows, and choose a number of runs."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Misconception, Problem, slip


def nearest_mean(known: Array, classes: Array, asked: Array) -> Array:
    means = np.array([known[classes == k].mean() for k in range(classes.max() + 1)])
    return np.abs(asked[:, None] - means).argmin(axis=1)


def draw_values(rng, k):
    count = int(rng.integers(3, 6))
    sizes = rng.integers(3, 9, count)
    classes = rng.permutation(np.repeat(np.arange(count), sizes))
    known = rng.normal(0, 1.2, count)[classes] + rng.gamma(0.5, 0.8, len(classes))
    return known, classes, rng.normal(0, 1.5, 80)


NEAREST = (
    ("sums for means", "The classes have different sizes: it needs the mean of each, not the sum.",
     ("known[classes == k].mean()", "known[classes == k].sum()")),
    ("median", "That is the median of each class; the task asks for the mean.",
     ("known[classes == k].mean()", "np.median(known[classes == k])")),
    ("nearest single value", "That is the class of the nearest single value; the task asks for the "
     "class whose mean is nearest.", ("np.abs(asked[:, None] - means).argmin(axis=1)",
     "classes[np.abs(asked[:, None] - known).argmin(axis=1)]")),
    ("signed distance", "The distance has a sign, so the largest mean always wins: take the "
     "absolute value.", ("np.abs(asked[:, None] - means)", "(asked[:, None] - means)")),
    ("farthest", "That is the class whose mean is farthest.", ("argmin", "argmax")),
    ("the means themselves", "The task asks which class, a number from 0; this is the mean of it.",
     ("np.abs(asked[:, None] - means).argmin(axis=1)",
      "means[np.abs(asked[:, None] - means).argmin(axis=1)]")),
)  # fmt: skip


def runs_for_ninety() -> int:
    return 35


RUNS = (
    Misconception(
        "rounded down",
        "With 34 of 34 the lower end is 0.899, still below 0.9: round up.",
        lambda: 34,
    ),
    Misconception(
        "the chance of a lucky row",
        "That is where a rate of 0.9 would give a row without a failure in less than 5 of 100 "
        "cases. It is near, but the task asks for the lower end of Wilson's interval.",
        lambda: 29,
    ),
    Misconception(
        "ten runs",
        "Ten of ten has its lower end at 0.72: try it with your wilson_interval.",
        lambda: 10,
    ),
    Misconception(
        "one run fewer than needed for 0.95",
        "With 73 of 73 the lower end is 0.95; 0.9 is reached much earlier.",
        lambda: 73,
    ),
)

PROBLEMS = [
    Problem(
        name="nearest_mean",
        lesson="05",
        title="What one unit knows",
        task="For each value asked (M,) the class whose mean value is nearest; the means are those "
        "of the values known (N,) with their classes (N,), numbered from 0.",
        reference=nearest_mean,
        draw=draw_values,
        outputs="named[M]",
        hints=(
            "First one mean for each class, then one comparison of every asked value with every "
            "mean.",
            "known[classes == k].mean() is the mean of class k. asked[:, None] - means is a table "
            "of differences (M, classes).",
            "np.abs(asked[:, None] - means).argmin(axis=1)",
        ),
        misconceptions=tuple(slip(nearest_mean, *one) for one in NEAREST),
        points=3,
        minutes=10,
    ),
    Problem(
        name="runs_for_ninety",
        uses=("wilson_interval",),
        lesson="07",
        title="How many runs?",
        task="The smallest number of runs, all of them successes, with which the lower end of "
        "Wilson's 95 % interval is at least 0.9.",
        reference=runs_for_ninety,
        draw=lambda rng, k: (),
        outputs="runs",
        hints=(
            "Predict first: 10, 20, 40? Then let your wilson_interval tell, for 1, 2, 3, ... runs.",
            "A loop over n that stops at the first n whose interval for n of n begins at 0.9 or "
            "above.",
            "For n of n the lower end is n / (n + 1.96 ** 2). Solve n / (n + 3.84) = 0.9 and round "
            "up.",
        ),
        misconceptions=RUNS,
        points=2,
        minutes=8,
        kind="value",
    ),
]
