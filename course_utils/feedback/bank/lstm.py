"""Lesson 04: the LSTM, gate by gate."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sigmoid, sizes, weights
from course_utils.feedback.problem import Problem, slip


def lstm_step(x: Array, h_prev: Array, c_prev: Array, W: Array, U: Array, b: Array):
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c


def draw_step(rng):
    B, _, m, n = sizes(rng)
    h, c = rng.normal(0, 0.5, (B, n)), rng.normal(0, 1, (B, n))
    return rng.normal(size=(B, m)), h, c, *weights(rng, m, n, 4)


BLOCKS = "W, U and b hold the blocks in the order i, f, g, o"

STEP_MISTAKES = (
    ("input and forget gates swapped", f"Your forget and input gates are swapped: {BLOCKS}.",
     ("a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o =")),
    ("candidate and output gate swapped", "Your candidate g and your output gate o stand in each "
     f"other's place: {BLOCKS}.", ("a_i, a_f, a_g, a_o =", "a_i, a_f, a_o, a_g =")),
    ("blocks i, o, f, g", f"That is ONNX's order of the blocks, i, o, f, g: here {BLOCKS}.",
     ("a_i, a_f, a_g, a_o =", "a_i, a_o, a_f, a_g =")),
    ("sigmoid for the candidate", "The candidate g goes through a sigmoid; it needs tanh, so that "
     "it can also take something away.", ("np.tanh(a_g)", "sigmoid(a_g)")),
    ("tanh for the gates", "The gates i, f, o go through tanh; a gate is a share between 0 and 1, "
     "so it needs the sigmoid.", ("sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)",
     "np.tanh(a_i), np.tanh(a_f), np.tanh(a_g), np.tanh(a_o)")),
    ("tanh for the output gate", "The output gate o goes through tanh; a gate needs the sigmoid.",
     ("sigmoid(a_o)", "np.tanh(a_o)")),
    ("h = o * c", "h is o * c: the tanh around c is missing.", ("o * np.tanh(c)", "o * c")),
    ("h shows the old c", "h is read off the old c_prev; it shows the new c.",
     ("np.tanh(c)", "np.tanh(c_prev)")),
    ("input gate 1 - f", "You write the candidate with 1 - f, as a GRU does; the LSTM has an input "
     "gate i for that.", ("+ i * g", "+ (1 - f) * g")),
    ("forget gate 1 - f", "You keep 1 - f of the old c; f itself says how much is kept.",
     ("f * c_prev", "(1 - f) * c_prev")),
    ("no forget gate", "The old c is kept whole: the forget gate f is missing. That is the LSTM of "
     "1997.", ("f * c_prev", "c_prev")),
    ("no input gate", "The candidate is written whole: the input gate i is missing.",
     ("i * g", "g")),
    ("no output gate", "The output gate o is missing: h shows all of tanh(c).",
     ("o * np.tanh(c)", "np.tanh(c)")),
    ("c not carried", "The old c_prev has no part in the new c: without f * c_prev nothing is "
     "carried on.", ("f * c_prev + ", "")),
    ("bias missing", "The bias b is missing.", (" + b,", ",")),
    ("state ignored", "The old h_prev has no part in the gates: h_prev @ U is missing.",
     (" + h_prev @ U", "")),
    ("tanh of c stored", "The tanh has ended up in c itself; c must stay free to grow, only h sees "
     "its tanh.", ("c = f * c_prev + i * g", "c = np.tanh(f * c_prev + i * g)"),
     ("o * np.tanh(c)", "o * c")),
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="lstm_step",
        lesson="04",
        title="One step of an LSTM",
        task="The new states h and c, each (B, n), from x (B, m), h_prev and c_prev (B, n), "
        "W (m, 4n), U (n, 4n) and b (4n,), whose blocks stand in the order i, f, g, o.",
        reference=lstm_step,
        draw=draw_step,
        outputs="h[B,n] c[B,n]",
        hints=(
            "All four gates come from one sum, x @ W + h_prev @ U + b, cut into four blocks of n "
            "columns.",
            "i, f and o go through the sigmoid and g through tanh. Then c keeps f of the old and "
            "takes i of the new.",
            "c = f * c_prev + i * g, and h = o * np.tanh(c).",
        ),
        misconceptions=tuple(slip(lstm_step, *one) for one in STEP_MISTAKES),
        points=3,
        minutes=12,
    ),
]
