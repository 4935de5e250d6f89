"""Lessons 04 and 05: the numbers of an LSTM: how many weights, and a bias for a lag."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import counts
from course_utils.feedback.problem import Problem, slips


def forget_bias_for_lag(lag: float):
    return np.log(lag - 1)


def lstm_params(m: int, n: int):
    return 4 * (m * n + n * n + n)


PROBLEMS = [
    Problem(
        name="forget_bias_for_lag",
        lesson="05",
        title="A forget bias for a lag",
        task="The forget bias b with which the gate f = sigmoid(b) has a time scale 1 / (1 - f) of "
        "exactly lag steps.",
        reference=forget_bias_for_lag,
        draw=lambda rng, k: (int(rng.integers(3, 100)),),
        outputs="bias",
        points=2,
        minutes=6,
        hints=(
            "First find the f for which 1 / (1 - f) = lag.",
            "f = 1 - 1 / lag. Which b has sigmoid(b) = f?",
            "The inverse of the sigmoid is ln(f / (1 - f)); with this f it is ln(lag - 1).",
        ),
        misconceptions=slips(
            forget_bias_for_lag,
            (
                "the gate itself",
                "That is the value of the gate; the bias is what the sigmoid turns into it.",
                ("np.log(lag - 1)", "1 - 1 / lag"),
            ),
            (
                "sign",
                "The sign is turned: this bias closes the gate.",
                ("np.log(lag - 1)", "-np.log(lag - 1)"),
            ),
            (
                "ln(lag)",
                "ln(lag) gives a time scale of lag + 1; f / (1 - f) is lag - 1.",
                ("np.log(lag - 1)", "np.log(lag)"),
            ),
            (
                "log of the gate",
                "That is the logarithm of f; the inverse of the sigmoid is ln(f / (1 - f)).",
                ("np.log(lag - 1)", "np.log(1 - 1 / lag)"),
            ),
            (
                "logarithm to base 10",
                "That is a logarithm to base 10; the sigmoid is made of e: np.log.",
                ("np.log(lag - 1)", "np.log10(lag - 1)"),
            ),
            (
                "lag - 1",
                "lag - 1 is f / (1 - f); take its logarithm.",
                ("np.log(lag - 1)", "lag - 1"),
            ),
            (
                "sigmoid of the gate",
                "You apply the sigmoid to f; its inverse is needed.",
                ("np.log(lag - 1)", "1 / (1 + np.exp(1 / lag - 1))"),
            ),
            (
                "inverse of tanh",
                "You invert tanh; a gate is a sigmoid.",
                ("np.log(lag - 1)", "np.arctanh(1 - 1 / lag)"),
            ),
        ),
    ),
    Problem(
        name="lstm_params",
        lesson="04",
        title="How many weights has an LSTM?",
        task="The number of weights of an LSTM with m inputs and n units, as Keras counts them.",
        reference=lstm_params,
        draw=counts,
        outputs="count",
        points=1,
        minutes=3,
        hints=(
            "How many blocks does an LSTM have, each with the weights of a plain recurrent "
            "network?",
            "A block has W (m, n), U (n, n) and b (n,). There are four.",
            "4 * (m * n + n * n + n).",
        ),
        misconceptions=slips(
            lstm_params,
            (
                "three blocks",
                "You count three blocks; the candidate needs one too: i, f, g, o.",
                ("4 *", "3 *"),
            ),
            (
                "one block",
                "That is a plain recurrent network; an LSTM has four such blocks.",
                ("4 *", "1 *"),
            ),
            ("bias missing", "The 4 n biases are missing.", (" + n)", ")")),
            (
                "biases of one block",
                "You count n biases; each of the four blocks has n of its own.",
                ("4 * (m * n + n * n + n)", "4 * (m * n + n * n) + n"),
            ),
            (
                "two biases",
                "You count two biases a block, as PyTorch has them; Keras has one.",
                ("+ n)", "+ 2 * n)"),
            ),
            (
                "Dense(4n)",
                "That is Dense(4 n) on the inputs: the recurrent weights, n times 4 n, are "
                "missing.",
                (" + n * n", ""),
            ),
            (
                "recurrent weights once",
                "You count n * n recurrent weights; each of the four blocks has its own.",
                ("4 * (m * n + n * n + n)", "4 * (m * n + n) + n * n"),
            ),
            (
                "inputs among themselves",
                "You count m * m weights; it is the units that are connected among themselves, n "
                "* n.",
                ("n * n", "m * m"),
            ),
            (
                "five blocks",
                "You count five blocks; c needs no weights of its own.",
                ("4 *", "5 *"),
            ),
        ),
    ),
]
