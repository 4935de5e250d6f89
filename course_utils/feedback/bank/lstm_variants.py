"""Lesson 04: two relatives of the LSTM: with peepholes, and with one state."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sigmoid, sizes, states, weights
from course_utils.feedback.problem import Problem, slips


def peephole_step(x: Array, h_prev: Array, c_prev: Array, W: Array, U: Array, b: Array, p: Array):
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i = sigmoid(a_i + p[0] * c_prev)
    f = sigmoid(a_f + p[1] * c_prev)
    c = f * c_prev + i * np.tanh(a_g)
    o = sigmoid(a_o + p[2] * c)
    return o * np.tanh(c), c


def open_step_backward(dc: Array, U: Array, i: Array, f: Array, g: Array, c_prev: Array):
    da_i, da_f = dc * g * i * (1 - i), dc * c_prev * f * (1 - f)
    da_g = dc * i * (1 - g**2)
    dh_prev = np.concatenate([da_i, da_f, da_g], axis=1) @ U.T
    return dc * f + dh_prev * (1 - np.tanh(c_prev) ** 2)


def draw_peephole(rng, k):
    B, _, m, n = sizes(rng)
    h_prev, c_prev = states(rng, B, n), rng.normal(0, 1.2, (B, n))
    return rng.normal(size=(B, m)), h_prev, c_prev, *weights(rng, m, n, 4), rng.normal(size=(3, n))


def draw_open(rng, k):
    B, _, m, n = sizes(rng)
    _, U, _ = weights(rng, m, n, 3)
    i, f = rng.uniform(0.1, 0.9, (2, B, n))
    g = rng.uniform(-0.9, 0.9, (B, n))
    return rng.normal(size=(B, n)), U, i, f, g, rng.normal(0, 1.2, (B, n))


PROBLEMS = [
    Problem(
        name="peephole_step",
        lesson="04",
        title="One step of an LSTM with peepholes",
        task="The new states h and c, each (B, n), of an LSTM with peepholes, from x (B, m), "
        "h_prev and c_prev (B, n), W (m, 4n), U (n, 4n) and b (4n,), blocks i, f, g, o, and "
        "p (3, n), whose rows belong to i, f and o. i and f see c_prev, o sees the new c.",
        reference=peephole_step,
        draw=draw_peephole,
        outputs="h[B,n] c[B,n]",
        look="c",
        points=2,
        minutes=10,
        hints=(
            "A peephole adds something to the sum inside a gate: one number for each unit, times "
            "that unit of c.",
            "i and f are made before there is a new c, o after it. So the lines have an order.",
            "i = sigmoid(a_i + p[0] * c_prev), f likewise; then c; then "
            "o = sigmoid(a_o + p[2] * c).",
        ),
        misconceptions=slips(
            peephole_step,
            (
                "output gate sees the old c",
                "Your output gate looks at c_prev; it is made last and sees the new c.",
                ("p[2] * c)", "p[2] * c_prev)"),
            ),
            (
                "no peepholes",
                "p has no part in your gates: that is the LSTM without peepholes.",
                ("a_i + p[0] * c_prev", "a_i"),
                ("a_f + p[1] * c_prev", "a_f"),
                ("a_o + p[2] * c)", "a_o)"),
            ),
            (
                "output gate without a peephole",
                "Your output gate has no peephole: p[2] * c is missing.",
                ("a_o + p[2] * c)", "a_o)"),
            ),
            (
                "rows of i and f swapped",
                "The rows of i and f are swapped: p[0] belongs to i, p[1] to f.",
                ("p[0]", "p[1 ]"),
                ("a_f + p[1]", "a_f + p[0]"),
            ),
            (
                "peepholes to h",
                "Your i and f look at h_prev through p; a peephole looks at c_prev.",
                ("p[0] * c_prev", "p[0] * h_prev"),
                ("p[1] * c_prev", "p[1] * h_prev"),
            ),
            (
                "peepholes outside the sigmoid",
                "You add p * c to the gates of i and f; it belongs into the sums inside them.",
                ("sigmoid(a_i + p[0] * c_prev)", "sigmoid(a_i) + p[0] * c_prev"),
                ("sigmoid(a_f + p[1] * c_prev)", "sigmoid(a_f) + p[1] * c_prev"),
            ),
            (
                "output gate sees tanh of c",
                "Your output gate looks at tanh(c); its peephole sees c itself.",
                ("p[2] * c)", "p[2] * np.tanh(c))"),
            ),
            (
                "candidate with a peephole",
                "Your candidate looks at c_prev too; only the gates have peepholes.",
                ("np.tanh(a_g)", "np.tanh(a_g + p[0] * c_prev)"),
            ),
        ),
    ),
    Problem(
        name="open_step_backward",
        lesson="04",
        title="One step back without an output gate",
        task="The whole gradient dc_prev (B, n) of a cell without output gate, where h = tanh(c) "
        "everywhere, from dc, all that arrives at c, the values of i, f, g and c_prev (all "
        "(B, n)), and U (n, 3n), blocks i, f, g, which reads h_prev = tanh(c_prev).",
        reference=open_step_backward,
        draw=draw_open,
        outputs="dc_prev[B,n]",
        points=3,
        minutes=12,
        hints=(
            "Who reads c_prev? The line of c does, and h_prev does, which the two gates and the "
            "candidate read.",
            "Take dc to the three sums inside i, f and g, go through U.T to h_prev, and from there "
            "through the slope of tanh to c_prev. Add the straight share.",
            "With da_i, da_f, da_g for the gradients of the three sums: dc * f + "
            "(np.concatenate([da_i, da_f, da_g], axis=1) @ U.T) * (1 - np.tanh(c_prev)**2).",
        ),
        misconceptions=slips(
            open_step_backward,
            (
                "straight share alone",
                "dc * f is the carousel alone; h_prev = tanh(c_prev) is read by i, f and g too.",
                ("dc * f + dh_prev * (1 - np.tanh(c_prev) ** 2)", "dc * f"),
            ),
            (
                "straight share lost",
                "The carousel is missing: c_prev also goes straight into c, times f.",
                ("dc * f + dh_prev", "dh_prev"),
            ),
            (
                "slope of h_prev missing",
                "From h_prev to c_prev the way leads through tanh: its slope, "
                "1 - tanh(c_prev)**2, is missing.",
                ("dh_prev * (1 - np.tanh(c_prev) ** 2)", "dh_prev"),
            ),
            (
                "slope with c_prev itself",
                "The slope of tanh is 1 - tanh(c_prev)**2; you take 1 - c_prev**2.",
                ("np.tanh(c_prev) ** 2", "c_prev ** 2"),
            ),
            (
                "slope on the straight share",
                "You take the slope of tanh on the carousel as well; there is no tanh on it.",
                (
                    "dc * f + dh_prev * (1 - np.tanh(c_prev) ** 2)",
                    "(dc * f + dh_prev) * (1 - np.tanh(c_prev) ** 2)",
                ),
            ),
            (
                "slopes of the gates missing",
                "The slopes of the sigmoids are missing: i * (1 - i) and f * (1 - f).",
                ("g * i * (1 - i)", "g"),
                ("c_prev * f * (1 - f)", "c_prev"),
            ),
            (
                "slope of g missing",
                "The slope of the candidate is missing: 1 - g**2.",
                ("dc * i * (1 - g**2)", "dc * i"),
            ),
            (
                "forget gate with g",
                "f multiplies c_prev in the line of c, so it gets dc * c_prev; you take g.",
                ("dc * c_prev * f * (1 - f)", "dc * g * f * (1 - f)"),
            ),
            (
                "carried back with i",
                "You carry dc * i straight back; c_prev was multiplied with f.",
                ("return dc * f", "return dc * i"),
            ),
            (
                "blocks f, i",
                "Your blocks of i and f are swapped: U holds i, f, g.",
                ("[da_i, da_f,", "[da_f, da_i,"),
            ),
            (
                "U not transposed",
                "On the way back the product is with U.T, block by block; yours is with U's "
                "blocks as they are.",
                (
                    "np.concatenate([da_i, da_f, da_g], axis=1) @ U.T",
                    "sum(d @ u for d, u in zip([da_i, da_f, da_g], np.split(U, 3, axis=1)))",
                ),
            ),
        ),
    ),
]
