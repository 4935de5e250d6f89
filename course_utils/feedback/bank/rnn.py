"""Lesson 01: a recurrent network from scratch."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Problem, slip


def rnn_step(x: Array, h_prev: Array, W: Array, U: Array, b: Array) -> Array:
    return np.tanh(x @ W + h_prev @ U + b)


def draw_step(rng):
    B, _, m, n = sizes(rng)
    return rng.normal(size=(B, m)), rng.normal(0, 0.5, (B, n)), *weights(rng, m, n, 1)


PROBLEMS = [
    Problem(
        name="rnn_step",
        lesson="01",
        title="One step of a recurrent network",
        task="The new state (B, n) from the input x (B, m), the old state h_prev (B, n) and the "
        "weights W (m, n), U (n, n), b (n,).",
        reference=rnn_step,
        draw=draw_step,
        outputs="h[B,n]",
        hints=(
            "Three things are added up: one from the input, one from the old state, one from "
            "neither.",
            "The input comes through W and the old state through U, both by a matrix product (@).",
            "h is tanh of x @ W + h_prev @ U + b.",
        ),
        misconceptions=(
            slip(
                rnn_step,
                "tanh missing",
                "tanh is missing: this is the sum that goes into it.",
                ("np.tanh(x @ W + h_prev @ U + b)", "x @ W + h_prev @ U + b"),
            ),
            slip(
                rnn_step,
                "state ignored",
                "The old state h_prev has no part in it: without h_prev @ U nothing is remembered.",
                (" + h_prev @ U", ""),
            ),
            slip(
                rnn_step,
                "bias missing",
                "The bias b is missing.",
                (" + b)", ")"),
            ),
            slip(
                rnn_step,
                "bias inside the product",
                "The bias is added to h_prev before the product with U; it belongs behind it.",
                ("h_prev @ U + b", "(h_prev + b) @ U"),
            ),
            slip(
                rnn_step,
                "U transposed",
                "U is transposed: in this course, as in Keras, a state stands left of its weights, "
                "h_prev @ U.",
                ("h_prev @ U", "h_prev @ U.T"),
            ),
            slip(
                rnn_step,
                "tanh of the parts",
                "tanh is taken of the parts; first add everything up, then take tanh of the sum.",
                ("np.tanh(x @ W + h_prev @ U + b)", "np.tanh(x @ W) + np.tanh(h_prev @ U + b)"),
            ),
            slip(
                rnn_step,
                "sigmoid for tanh",
                "That is a sigmoid, with values from 0 to 1; the state needs tanh, from -1 to 1.",
                ("np.tanh(x @ W + h_prev @ U + b)", "1 / (1 + np.exp(-(x @ W + h_prev @ U + b)))"),
            ),
        ),
        minutes=3,
    ),
]
