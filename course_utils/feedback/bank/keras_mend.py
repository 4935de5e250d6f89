"""Lesson 09: Keras in practice: a network that reads its padding."""

from __future__ import annotations

import numpy as np

from course_utils.cells import lstm
from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.bank.keras_practice import keras_padding_mask
from course_utils.feedback.problem import Problem, slips


def mend_keras_padding(x: Array, lengths: Array, W: Array, U: Array, b: Array):
    last = [lstm(x[k : k + 1, :length], W, U, b)[1][0] for k, length in enumerate(lengths)]
    return np.concatenate(last)


def draw_quiet(rng, k):
    """Padded with zeros; each sequence has a real step of zeros too, its last one or one before."""
    B, T, m, n = sizes(rng)
    T = T + 3
    lengths = rng.permutation([T, *rng.integers(3, T - 1, B - 1)])
    x = rng.normal(size=(B, T, m)) * keras_padding_mask(lengths, T)[:, :, None]
    x[np.arange(B), lengths - 1 - np.arange(B) % 2] = 0
    return x, lengths, *weights(rng, m, n, 4)


PROBLEMS = [
    Problem(
        name="mend_keras_padding",
        lesson="09",
        title="Find the bug: a step of zeros",
        task="The last state h (B, n) of a keras.layers.LSTM with the weights W, U, b for "
        "sequences x (B, T, m) of the given lengths (B,), padded with zeros at their ends. A real "
        "step may be zero in all its numbers.",
        reference=mend_keras_padding,
        draw=draw_quiet,
        outputs="h[B,n]",
        kind="keras",
        points=2,
        minutes=8,
        hints=(
            "Print the mask of a sequence in which one hour in the middle is zero. Which steps "
            "does the layer skip?",
            "Masking looks at the values and cannot know why a step is zero. Who knows where a "
            "sequence ends?",
            "mask = np.arange(x.shape[1]) < lengths[:, None], as in task 1; then layer(x, "
            "mask=mask).",
        ),
        misconceptions=slips(
            mend_keras_padding,
            (
                "as handed out",
                "A real step of zeros is skipped as if it were padding: not mended yet. Masking "
                "goes by the values; only the lengths say where a sequence ends.",
                ("x[k : k + 1, :length]", "x[k : k + 1, x[k].any(axis=1)]"),
            ),
            (
                "no mask",
                "The layer reads the padding as well: without a mask it goes on to the last step "
                "of the batch.",
                (", :length]", "]"),
            ),
            (
                "one step too few",
                "The last real step is skipped: step t is real while t < length.",
                (":length]", ": length - 1]"),
            ),
            (
                "one step too many",
                "One step of padding is read: steps count from 0, so it is t < length, not t <= "
                "length.",
                (":length]", ": length + 1]"),
            ),
            (
                "cut to the shortest",
                "You cut all sequences to the shortest; each has its own end.",
                (":length]", ": lengths.min()]"),
            ),
            (
                "padding at the start",
                "Your mask is for padding at the start; here it is at the ends.",
                (":length]", "-length:]"),
            ),
            ("c for h", "That is the memory c; the state h is asked for.", ("[1][0]", "[1][1]")),
            (
                "zeros at the ends only",
                "You look for the last step that is not zero; but the last real step may be zero "
                "as well.",
                (":length]", ": np.flatnonzero(x[k].any(axis=1)).max() + 1]"),
            ),
        ),
    ),
]
