"""Lessons 01 and 02: code that runs and is wrong. What is said about it tells where, not what."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Misconception, Problem, slip


def mend_rnn_loop(x: Array, W: Array, U: Array, b: Array) -> Array:
    h = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def draw_loop(rng, k):
    B, T, m, n = sizes(rng)
    return rng.normal(size=(B, T, m)), *weights(rng, m, n, 1)


LOOP = (
    ("as handed out", "Every step shows the same numbers, those of the last step: not mended yet.",
     ("states.append(h)", "pass"),
     ("np.stack(states, axis=1)", "np.stack([h] * x.shape[1], axis=1)")),
    ("one step late", "Each step shows the state of the step before: it is kept before it is "
     "computed.", ("h = np.tanh(x[:, t] @ W + h @ U + b)\n        states.append(h)",
     "states.append(h)\n        h = np.tanh(x[:, t] @ W + h @ U + b)")),
    ("state begins anew", "Each step begins from 0 again: nothing is carried from step to step.",
     ("+ h @ U", "+ 0 * h @ U")),
    ("steps first", "The numbers are right, but the axes are (T, B, n).", ("axis=1", "axis=0")),
)  # fmt: skip


def planted_bugs() -> tuple[int, int, int]:
    return 1, 5, 0


def counted(*numbers: int):
    return lambda: numbers


BUGS = (
    Misconception(
        "one step only",
        "Was that with sequences of a single step? B's mistake shows only when something has to "
        "travel from step to step.",
        counted(1, 0, 0),
    ),
    Misconception(
        "a single unit",
        "Was that with a single unit? A's mistake exchanges two axes, which shows only from two "
        "units on.",
        counted(0, 5, 0),
    ),
    Misconception(
        "B's last step",
        "At the last step B is right, but a gradient is right only if all its numbers are.",
        counted(1, 4, 0),
    ),
    Misconception(
        "all suspected",
        "One of the three is right. Check in float64 and with a nudge of 1e-5.",
        counted(5, 5, 5),
    ),
)

PROBLEMS = [
    Problem(
        name="mend_rnn_loop",
        lesson="01",
        title="Find the bug: the loop that repeats itself",
        task="The states after every step, (B, T, n), from h = 0, for x (B, T, m), W (m, n), "
        "U (n, n), b (n,).",
        reference=mend_rnn_loop,
        draw=draw_loop,
        outputs="states[B,T,n]",
        hints=(
            "Run it on a short sequence and print the states. Is any of the steps right?",
            "A list does not hold arrays but the way to them. How many arrays does this loop make?",
            "h[:] = ... writes into the one array that there is, also for the steps already in the "
            "list; h = ... makes a new one.",
        ),
        misconceptions=tuple(slip(mend_rnn_loop, *one) for one in LOOP),
        points=2,
        minutes=8,
    ),
    Problem(
        name="planted_bugs",
        lesson="02",
        title="Find the bug: three backward passes",
        task="For each of the three backward passes A, B and C the number of wrong arrays among "
        "the gradients of x, W, U, b and h0.",
        reference=planted_bugs,
        draw=lambda rng, k: (),
        outputs="wrong",
        hints=(
            "You need no new code: check_gradients compares one backward pass after the other.",
            "check_gradients(loss, arrays, gradients) prints a line for each array. Count the "
            "lines that say WRONG.",
            "Compare with the ten lines of lesson 02: in A two axes are exchanged where both have "
            "the same length, B forgets a wish that comes from the step after.",
        ),
        misconceptions=BUGS,
        points=3,
        minutes=12,
        kind="value",
    ),
]
