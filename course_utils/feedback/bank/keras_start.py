"""Lesson 08: how a layer starts and how dropout trains it. The references need no Keras."""

from __future__ import annotations

import numpy as np

from course_utils.cells import simple_rnn
from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Problem, slips


def keras_dropout_mask(x: Array, keep: Array, rate: float, W: Array, U: Array, b: Array):
    mask = keep / (1 - rate)
    dropped = x * mask[:, None, :]
    y, _states = simple_rnn(dropped, W, U, b)
    return y


def keras_forget_bias(n: int, start: float):
    b = np.zeros(4 * n)
    b[n : 2 * n] = start
    return b


def draw_dropped(rng, k):
    B, T, m, n = sizes(rng)
    keep = np.zeros((B, m), bool)
    while keep.all() or not keep.any() or (keep == keep[0]).all():
        keep = rng.random((B, m)) < 0.6
    rate = float(rng.uniform(0.3, 0.45))
    return rng.normal(size=(B, T, m)), keep.astype(float), rate, *weights(rng, m, n, 1)


ORDER = "Keras's order is i, f, g, o (it calls g c)."

PROBLEMS = [
    Problem(
        name="keras_dropout_mask",
        lesson="08",
        title="Dropout, with the dice thrown",
        task="The states (B, T, n) of a SimpleRNN with the weights W, U, b and dropout=rate in "
        "training, where keep (B, m) has 1 for the inputs that are kept and 0 for those that are "
        "dropped.",
        kind="keras",
        reference=keras_dropout_mask,
        draw=draw_dropped,
        outputs="h[B,T,n]",
        points=2,
        minutes=8,
        hints=(
            "Dropout works on the inputs, before W. Is the mask drawn anew at every step?",
            "One mask for all steps of a sequence. What is kept becomes larger, so that the sum is "
            "the same on average.",
            "x * (keep / (1 - rate))[:, None, :] goes into the layer.",
        ),
        misconceptions=slips(
            keras_dropout_mask,
            (
                "not made larger",
                "What is kept has to be divided by 1 - rate, as Keras does it.",
                ("keep / (1 - rate)", "keep"),
            ),
            (
                "multiplied by 1 - rate",
                "What is kept is divided by 1 - rate, not multiplied.",
                ("keep / (1 - rate)", "keep * (1 - rate)"),
            ),
            (
                "divided by the rate",
                "You divide by the rate; it is the share that is dropped, 1 - rate is kept.",
                ("/ (1 - rate)", "/ rate"),
            ),
            (
                "mask turned round",
                "Your mask is turned round: 1 means kept.",
                ("keep / (1", "(1 - keep) / (1"),
            ),
            (
                "nothing dropped",
                "Nothing is dropped: that is the layer outside training.",
                ("keep / (1 - rate)", "1 + 0 * keep"),
            ),
            (
                "one mask for the batch",
                "All sequences have the mask of the first; each has its own.",
                ("mask[:, None, :]", "mask[0]"),
            ),
            (
                "first step only",
                "Only the first step is dropped from: the mask holds for all steps of a sequence.",
                (
                    "x * mask[:, None, :]",
                    "np.concatenate([x[:, :1] * mask[:, None, :], x[:, 1:]], axis=1)",
                ),
            ),
            (
                "bias enlarged, too",
                "The bias is enlarged too: dropout is applied to x alone.",
                ("(dropped, W, U, b)", "(dropped, W, U, b / (1 - rate))"),
            ),
        ),
    ),
    Problem(
        name="keras_forget_bias",
        lesson="08",
        title="A gate that starts open",
        task="The bias (4n,) of a fresh keras.layers.LSTM of n units whose forget gates begin at "
        "start and all other biases at 0.",
        kind="keras",
        reference=keras_forget_bias,
        draw=lambda rng, k: (int(rng.integers(2, 9)), float(rng.uniform(2, 4))),
        outputs="b[4n]",
        points=1,
        minutes=6,
        hints=(
            "bias_initializer starts all four blocks alike, and unit_forget_bias writes over one "
            "of them.",
            "Build the layer, take get_weights(), change the block of f, and put them back with "
            "set_weights.",
            "Zeros, but start in the second block, from n to 2 n.",
        ),
        misconceptions=slips(
            keras_forget_bias,
            (
                "the default",
                "That is Keras's default: 1 for the forget gates. They are to begin at start.",
                ("= start", "= 1"),
            ),
            (
                "bias_initializer=Constant(start)",
                "That is bias_initializer=Constant(start): unit_forget_bias writes 1 over the "
                "forget gate, and the other three begin at start.",
                ("np.zeros(4 * n)", "np.full(4 * n, float(start))"),
                ("= start", "= 1"),
            ),
            (
                "all at start",
                "All four gates begin at start; it is for the forget gate alone.",
                ("b[n : 2 * n] = start", "b[:] = start"),
            ),
            (
                "all zeros",
                "All zeros is the start without unit_forget_bias; the forget gates begin at start.",
                ("b[n : 2 * n] = start", "pass"),
            ),
            (
                "start in the first block",
                "Your start stands in the block of the input gate; " + ORDER,
                ("b[n : 2 * n]", "b[:n]"),
            ),
            (
                "start in the third block",
                "Your start stands in the block of the candidate; " + ORDER,
                ("b[n : 2 * n]", "b[2 * n : 3 * n]"),
            ),
            (
                "start in the last block",
                "Your start stands in the block of the output gate; " + ORDER,
                ("b[n : 2 * n]", "b[3 * n :]"),
            ),
            (
                "start on top of 1",
                "Your start is added to Keras's 1; it stands in its place.",
                ("= start", "= start + 1"),
            ),
        ),
    ),
]
