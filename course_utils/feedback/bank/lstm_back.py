"""Lesson 04: one step of an LSTM with coupled gates, backwards."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def coupled_step_backward(
    dh: Array, dc: Array, i: Array, g: Array, o: Array, c_prev: Array, c: Array
):
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, dg = dc * (g - c_prev), dc * i
    da_i, da_g, da_o = di * i * (1 - i), dg * (1 - g**2), do * o * (1 - o)
    dc_prev = dc * (1 - i)
    return np.concatenate([da_i, da_g, da_o], axis=1), dc_prev


def draw(rng, k):
    B, _, _, n = sizes(rng)
    i, o = rng.uniform(0.1, 0.9, (2, B, n))
    g = rng.uniform(-0.9, 0.9, (B, n))
    c_prev = rng.normal(0, 1.2, (B, n))
    dh, dc = rng.normal(size=(2, B, n))
    return dh, dc, i, g, o, c_prev, (1 - i) * c_prev + i * g


PROBLEMS = [
    Problem(
        name="coupled_step_backward",
        lesson="04",
        title="One step of an LSTM with coupled gates, backwards",
        task="The gradients da (B, 3n) of the sums inside the gates, blocks in the order i, g, o, "
        "and dc_prev (B, n), of the cell with f = 1 - i, given dh and dc, the values of i, g and "
        "o, and c_prev and c (all (B, n)).",
        reference=coupled_step_backward,
        draw=draw,
        outputs="da[B,3n] dc_prev[B,n]",
        look="dc_prev",
        points=5,
        minutes=20,
        hints=(
            "Read the forward step from its last line to its first: h = o * tanh(c), then "
            "c = (1 - i) * c_prev + i * g, then the gates.",
            "i stands in that line twice: it opens the way for g and shuts it for c_prev. What "
            "comes back from both is added.",
            "dc = dc + dh * o * (1 - np.tanh(c)**2); di = dc * (g - c_prev); "
            "dc_prev = dc * (1 - i); the slope of i is i * (1 - i), of o likewise, of g 1 - g**2.",
        ),
        misconceptions=slips(
            coupled_step_backward,
            (
                "i used once",
                "i stands in the step twice: with 1 - i for c_prev as well. You give it dc * g, "
                "as in the whole LSTM; c_prev is missing.",
                ("dc * (g - c_prev)", "dc * g"),
            ),
            (
                "c_prev added",
                "i takes away from c_prev, so its share has a minus: dc * (g - c_prev).",
                ("dc * (g - c_prev)", "dc * (g + c_prev)"),
            ),
            (
                "sign of di turned",
                "The sign of di is turned: a larger i brings more of g and less of c_prev.",
                ("dc * (g - c_prev)", "dc * (c_prev - g)"),
            ),
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
                "slope with tanh of the square",
                "The slope of tanh is 1 - tanh(c)**2; you take 1 - tanh(c**2).",
                ("(1 - np.tanh(c) ** 2)", "(1 - np.tanh(c ** 2))"),
            ),
            (
                "do without tanh",
                "h is o * tanh(c), so o gets dh * tanh(c); you take dh * c.",
                ("do = dh * np.tanh(c)", "do = dh * c"),
            ),
            (
                "slopes of the gates missing",
                "The slopes of the sigmoids are missing: i * (1 - i) and o * (1 - o).",
                ("di * i * (1 - i)", "di"),
                ("do * o * (1 - o)", "do"),
            ),
            (
                "slope of tanh for the gates",
                "For i and o you take the slope of tanh; they are sigmoids, with the slopes "
                "i * (1 - i) and o * (1 - o).",
                ("di * i * (1 - i)", "di * (1 - i**2)"),
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
                "dc_prev without the gate",
                "From c to c_prev the way leads through 1 - i: dc_prev = dc * (1 - i).",
                ("dc_prev = dc * (1 - i)", "dc_prev = dc"),
            ),
            (
                "dc_prev with i",
                "You carry back dc * i; c_prev was multiplied with 1 - i.",
                ("dc_prev = dc * (1 - i)", "dc_prev = dc * i"),
            ),
            (
                "blocks g, i",
                "Your blocks of i and g are swapped: da holds i, g, o.",
                ("[da_i, da_g,", "[da_g, da_i,"),
            ),
            (
                "blocks o, g",
                "Your blocks of g and o are swapped: da holds i, g, o.",
                ("da_g, da_o]", "da_o, da_g]"),
            ),
        ),
    ),
]
