"""Lesson 04: one step of an LSTM, backwards."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def lstm_step_backward(
    dh: Array, dc: Array, i: Array, f: Array, g: Array, o: Array, c_prev: Array, c: Array
):
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    da_i, da_f, da_g, da_o = di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)
    dc_prev = dc * f
    return np.concatenate([da_i, da_f, da_g, da_o], axis=1), dc_prev


def draw(rng, k):
    B, _, _, n = sizes(rng)
    i, f, o = rng.uniform(0.1, 0.9, (3, B, n))
    g = rng.uniform(-0.9, 0.9, (B, n))
    c_prev = rng.normal(0, 1.2, (B, n))
    dh, dc = rng.normal(size=(2, B, n))
    return dh, dc, i, f, g, o, c_prev, f * c_prev + i * g


PROBLEMS = [
    Problem(
        name="lstm_step_backward",
        lesson="04",
        title="One step of an LSTM, backwards",
        task="The gradients da (B, 4n) of the sums inside the gates, blocks in the order i, f, g, "
        "o, and dc_prev (B, n), given dh and dc, the values of the gates i, f, g, o, and c_prev "
        "and c (all (B, n)).",
        reference=lstm_step_backward,
        draw=draw,
        outputs="da[B,4n] dc_prev[B,n]",
        look="dc_prev",
        points=4,
        minutes=20,
        hints=(
            "Read the forward step from its last line to its first: h = o * tanh(c), then c = f * "
            "c_prev + i * g, then the gates.",
            "c is read twice: by h, through tanh and o, and by the next step, from which dc "
            "comes. Add both. Then each factor of a product gets dc times the other.",
            "dc = dc + dh * o * (1 - np.tanh(c)**2); dc_prev = dc * f; sigmoid has the slope s * "
            "(1 - s), tanh the slope 1 - g**2.",
        ),
        misconceptions=slips(
            lstm_step_backward,
            (
                "dc from the next step lost",
                "The dc that comes from the next step is lost: add to it what comes through h.",
                ("dc = dc + dh", "dc = dh"),
            ),
            (
                "path through h missing",
                "c is also read by h: what comes back through h, dh * o * (1 - tanh(c)**2), is "
                "missing in dc.",
                ("dc = dc + dh * o * (1 - np.tanh(c) ** 2)", "dc = dc"),
            ),
            (
                "output gate missing on the way back",
                "From h to c the way leads through the output gate: o is missing.",
                ("dh * o * (1 - np.tanh", "dh * (1 - np.tanh"),
            ),
            (
                "slope of tanh(c) missing",
                "From h to c the way leads through tanh: its slope 1 - tanh(c)**2 is missing.",
                ("dh * o * (1 - np.tanh(c) ** 2)", "dh * o"),
            ),
            (
                "slope with c itself",
                "The slope of tanh is 1 - tanh(c)**2; you take 1 - c**2.",
                ("(1 - np.tanh(c) ** 2)", "(1 - c ** 2)"),
            ),
            (
                "do without tanh",
                "h is o * tanh(c), so o gets dh * tanh(c); you take dh * c.",
                ("do = dh * np.tanh(c)", "do = dh * c"),
            ),
            (
                "di and dg swapped",
                "In i * g each gets the other: di = dc * g and dg = dc * i.",
                (
                    "di, df, dg = dc * g, dc * c_prev, dc * i",
                    "di, df, dg = dc * i, dc * c_prev, dc * g",
                ),
            ),
            (
                "df with the new c",
                "f is multiplied with c_prev, so df = dc * c_prev; you take the new c.",
                ("dc * c_prev", "dc * c"),
            ),
            (
                "slopes of the gates missing",
                "The slopes of the sigmoids are missing: s * (1 - s) for i, f and o.",
                ("di * i * (1 - i), df * f * (1 - f)", "di, df"),
                ("do * o * (1 - o)", "do"),
            ),
            (
                "slope of tanh for the gates",
                "For i, f and o you take the slope of tanh; they are sigmoids, with the slope s * "
                "(1 - s).",
                ("di * i * (1 - i), df * f * (1 - f)", "di * (1 - i**2), df * (1 - f**2)"),
                ("do * o * (1 - o)", "do * (1 - o**2)"),
            ),
            (
                "slope of a sigmoid for g",
                "g comes from tanh: its slope is 1 - g**2.",
                ("dg * (1 - g**2)", "dg * g * (1 - g)"),
            ),
            (
                "slope of g missing",
                "The slope of the candidate is missing: 1 - g**2.",
                ("dg * (1 - g**2)", "dg"),
            ),
            (
                "dc_prev without f",
                "From c to c_prev the way leads through the forget gate: dc_prev = dc * f.",
                ("dc_prev = dc * f", "dc_prev = dc"),
            ),
            (
                "dc_prev with i",
                "You carry back dc * i; c_prev was multiplied with f.",
                ("dc_prev = dc * f", "dc_prev = dc * i"),
            ),
            (
                "blocks f, i",
                "Your blocks of f and i are swapped: da holds i, f, g, o.",
                ("[da_i, da_f,", "[da_f, da_i,"),
            ),
            (
                "blocks o, g",
                "Your blocks of g and o are swapped: da holds i, f, g, o.",
                ("da_g, da_o]", "da_o, da_g]"),
            ),
        ),
    ),
]
