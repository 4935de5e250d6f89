"""Lesson 06: the GRU in every dialect."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, counts, sigmoid, sizes, states, weights
from course_utils.feedback.problem import Problem, slips


def gru_step(x: Array, h_prev: Array, W: Array, U: Array, b: Array):
    x_z, x_r, x_g = np.split(x @ W + b[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h_prev @ U + b[1], 3, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    g = np.tanh(x_g + r * h_g)
    return z * h_prev + (1 - z) * g


def gru_params(m: int, n: int):
    return 3 * (m * n + n * n + 2 * n)


def draw_step(rng, k):
    B, _, m, n = sizes(rng)
    W, U, _b = weights(rng, m, n, 3)
    return rng.normal(size=(B, m)), states(rng, B, n), W, U, rng.normal(0, 0.7, (2, 3 * n))


ORDER = "the blocks stand in the order z, r, g."

PROBLEMS = [
    Problem(
        name="gru_step",
        lesson="06",
        title="One step of Keras's GRU",
        task="The new state h (B, n) from x (B, m), h_prev (B, n), W (m, 3n), U (n, 3n) and "
        "b (2, 3n), row 0 for the input and row 1 for the state; blocks z, r, g; reset_after=True, "
        "and z keeps the old state.",
        reference=gru_step,
        draw=draw_step,
        outputs="h[B,n]",
        points=3,
        minutes=12,
        hints=(
            "Go through the four questions: which order, reset before or after, who keeps, which "
            "bias goes with what? One of the four needs no change.",
            "z stands before r in both splits. In g, r multiplies the block of the state, its bias "
            "included.",
            "g = np.tanh(x_g + r * h_g) and h = z * h_prev + (1 - z) * g.",
        ),
        misconceptions=slips(
            gru_step,
            (
                "as handed out",
                "Order, reset and z are those of the other dialect: not mended yet.",
                ("x_z, x_r, x_g =", "x_r, x_z, x_g ="),
                ("h_z, h_r, h_g =", "h_r, h_z, h_g ="),
                ("r * h_g)", "(r * h_prev) @ U[:, 2 * U.shape[0] :] + b[1, 2 * U.shape[0] :])"),
                ("z * h_prev + (1 - z) * g", "(1 - z) * h_prev + z * g"),
            ),
            (
                "z and 1 - z swapped",
                "Your z replaces the old state; here, as in Keras, it keeps it: z * h_prev + (1 - "
                "z) * g.",
                ("z * h_prev + (1 - z) * g", "(1 - z) * h_prev + z * g"),
            ),
            (
                "PyTorch order",
                "You read the blocks in the order r, z, g, which is PyTorch's: here " + ORDER,
                ("x_z, x_r, x_g =", "x_r, x_z, x_g ="),
                ("h_z, h_r, h_g =", "h_r, h_z, h_g ="),
            ),
            (
                "U transposed",
                "Each block of U is transposed: the state stands left of its weights, h_prev @ U.",
                ("h_prev @ U +", "h_prev @ np.hstack([one.T for one in np.split(U, 3, axis=1)]) +"),
            ),
            (
                "reset before",
                "You reset h_prev before the product with U_g, as in the paper of 2014; "
                "reset_after=True multiplies r with the product.",
                ("r * h_g)", "(r * h_prev) @ U[:, 2 * U.shape[0] :] + b[1, 2 * U.shape[0] :])"),
            ),
            (
                "recurrent bias outside the reset",
                "The second bias of g belongs to the state, so r multiplies it too.",
                ("r * h_g)", "r * (h_g - b[1, 2 * len(U) :]) + b[1, 2 * len(U) :])"),
            ),
            (
                "reset on everything",
                "Your r also multiplies the input of g; it resets the state only.",
                ("x_g + r * h_g", "r * (x_g + h_g)"),
            ),
            ("no reset gate", "The reset gate r is missing in g.", ("r * h_g", "h_g")),
            (
                "1 - r",
                "You reset with 1 - r; r itself says how much of the past g sees.",
                ("r * h_g", "(1 - r) * h_g"),
            ),
            ("z for r", "You reset with z; that is the work of r.", ("r * h_g", "z * h_g")),
            ("second bias missing", "The second bias, b[1], is missing.", ("U + b[1]", "U")),
            ("first bias missing", "The first bias, b[0], is missing.", ("W + b[0]", "W")),
            (
                "biases swapped",
                "The two biases are swapped: row 0 belongs to the input, row 1 to the state.",
                ("b[0]", "b[1 ]"),
                ("U + b[1]", "U + b[0]"),
            ),
            (
                "sigmoid for the candidate",
                "Your candidate g goes through a sigmoid; it needs tanh.",
                ("np.tanh(x_g", "sigmoid(x_g"),
            ),
            (
                "tanh for the gates",
                "Your gates z and r go through tanh; a gate is a share between 0 and 1 and needs "
                "the sigmoid.",
                (
                    "sigmoid(x_z + h_z), sigmoid(x_r + h_r)",
                    "np.tanh(x_z + h_z), np.tanh(x_r + h_r)",
                ),
            ),
            (
                "old state lost",
                "The old state has no direct part in your h: z * h_prev is missing.",
                ("z * h_prev + ", ""),
            ),
            (
                "candidate not weighted",
                "You add all of g; it has to be weighted with 1 - z.",
                ("(1 - z) * g", "g"),
            ),
            (
                "tanh of the mixture",
                "You take tanh of the mixture; it belongs to g alone.",
                ("np.tanh(x_g + r * h_g)", "x_g + r * h_g"),
                ("z * h_prev + (1 - z) * g", "np.tanh(z * h_prev + (1 - z) * g)"),
            ),
        ),
    ),
    Problem(
        name="gru_params",
        lesson="06",
        title="How many weights has Keras's GRU?",
        task="The number of weights of keras.layers.GRU with m inputs and n units, at its "
        "defaults.",
        reference=gru_params,
        draw=counts,
        outputs="count",
        points=1,
        minutes=3,
        hints=(
            "Three blocks. What does Keras have twice in each of them?",
            "With reset_after=True there is a bias for the input and one for the state.",
            "3 * (m * n + n * n + 2 * n).",
        ),
        misconceptions=slips(
            gru_params,
            (
                "one bias",
                "That is the GRU of 2014; Keras's default, reset_after=True, has a second bias: 3 "
                "n more.",
                ("2 * n)", "n)"),
            ),
            ("bias missing", "The biases are missing, 2 * 3 n of them.", (" + 2 * n)", ")")),
            (
                "four blocks",
                "You count four blocks; that is an LSTM. A GRU has three.",
                ("3 *", "4 *"),
            ),
            ("two blocks", "You count two blocks; the candidate needs one too.", ("3 *", "2 *")),
            (
                "second bias for g only",
                "You give the second bias to g only. It would be enough, but Keras has it in all "
                "three blocks.",
                ("3 * (m * n + n * n + 2 * n)", "3 * (m * n + n * n + n) + n"),
            ),
            ("Dense(3n)", "The recurrent weights, n times 3 n, are missing.", (" + n * n", "")),
            (
                "LSTM",
                "That is Keras's LSTM: four blocks with one bias each.",
                ("3 * (m * n + n * n + 2 * n)", "4 * (m * n + n * n + n)"),
            ),
            (
                "inputs among themselves",
                "You count m * m weights; it is the units that are connected among themselves, n "
                "* n.",
                ("n * n", "m * m"),
            ),
        ),
    ),
]
