"""Lesson 09: Keras in practice: padding fit for a card, and both directions."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def keras_cudnn_batch(ids: Array):
    kept = ids[(ids > 0).any(axis=1)]
    fit = np.zeros_like(kept)
    for new, row in zip(fit, kept):
        words = row[row > 0]
        new[: len(words)] = words
    return fit


def keras_merge_mode(y: Array, mode: str):
    n = y.shape[2] // 2
    forward, backward = y[:, -1, :n], y[:, 0, n:]
    if mode == "sum":
        return forward + backward
    if mode == "ave":
        return (forward + backward) / 2
    return forward * backward


def draw_left_padded(rng, k):
    """Zeros in front; one row is nothing but padding, and the words of a row are all different."""
    B, T, lengths = 5, 7, rng.permutation([0, 7, 2, 3, 5])
    words = np.array([rng.permutation(9)[:T] + 1 for _ in range(B)])
    return (words * (np.arange(T) >= T - lengths[:, None]),)


def draw_both_ways(rng, k):
    B, T, _m, n = sizes(rng)
    return rng.normal(size=(B, T, 2 * n)), ("sum", "ave", "mul")[k]


PROBLEMS = [
    Problem(
        name="keras_cudnn_batch",
        lesson="09",
        title="A batch made fit for a card",
        task="The ids (B, T), padded with zeros in front, as cuDNN can read them: the same words "
        "in the same order, the zeros behind them, still T wide; rows of nothing but padding are "
        "left out, the other rows keep their order.",
        reference=keras_cudnn_batch,
        draw=draw_left_padded,
        outputs="fit[rows,T]",
        points=2,
        minutes=8,
        hints=(
            "Row by row: which words are there? They go to the front of a row of zeros.",
            "kept = ids[(ids > 0).any(axis=1)] leaves out the empty rows; row[row > 0] are the "
            "words of a row.",
            "fit = np.zeros_like(kept), and for each row: new[: len(words)] = words. Or "
            'pad_sequences([row[row > 0] for row in kept], T, padding="post").',
        ),
        misconceptions=slips(
            keras_cudnn_batch,
            (
                "empty row left in",
                "A row of nothing but padding is still there: cuDNN cannot read it.",
                ("ids[(ids > 0).any(axis=1)]", "ids"),
            ),
            (
                "rows turned round",
                "The zeros are behind now, but the words stand in reverse order: you turned the "
                "rows round.",
                ("= words", "= words[::-1]"),
            ),
            (
                "zeros still in front",
                "The zeros still stand in front of the words.",
                ("new[: len(words)] = words", "new[len(new) - len(words) :] = words"),
            ),
            (
                "last word lost",
                "The last word of each row is missing.",
                ("new[: len(words)] = words", "new[: len(words) - 1] = words[:-1]"),
            ),
            (
                "first word lost",
                "The first word of each row is missing.",
                ("words = row[row > 0]", "words = row[row > 0][1:]"),
            ),
            (
                "sorted",
                "The words of each row are sorted; their order is the sentence.",
                ("words = row[row > 0]", "words = np.sort(row[row > 0])"),
            ),
        ),
    ),
    Problem(
        name="keras_merge_mode",
        lesson="09",
        title="The summary of both directions",
        task="What Bidirectional(layer, merge_mode=mode) gives (B, n), made of y (B, T, 2n), which "
        'the same layer gives with return_sequences=True and merge_mode="concat"; mode is "sum", '
        '"ave" or "mul".',
        reference=keras_merge_mode,
        draw=draw_both_ways,
        outputs="summary[B,n]",
        points=2,
        minutes=8,
        hints=(
            "At which step has the forward half read everything, and at which the backward half?",
            "forward = y[:, -1, :n]; the backward half begins at the end, so it has read all at "
            "step 0.",
            'backward = y[:, 0, n:]; then + for "sum", half of it for "ave", * for "mul".',
        ),
        misconceptions=slips(
            keras_merge_mode,
            (
                "last step of both",
                "At the last step the backward half has read one step: it is done at step 0.",
                ("y[:, 0, n:]", "y[:, -1, n:]"),
            ),
            (
                "first step of both",
                "At step 0 the forward half has read one step: it is done at the last.",
                ("y[:, -1, :n]", "y[:, 0, :n]"),
            ),
            (
                "halves exchanged",
                "Your halves are exchanged: forward stands in the first n columns.",
                ("y[:, -1, :n]", "y[:, -1, n:]"),
                ("y[:, 0, n:]", "y[:, 0, :n]"),
            ),
            (
                "sum for ave",
                'For "ave" you return the sum: it is half of it.',
                ("(forward + backward) / 2", "forward + backward"),
            ),
            (
                "ave for sum",
                'For "sum" you return half of it.',
                (
                    'if mode == "sum":\n        return forward + backward',
                    'if mode == "sum":\n        return 0.5 * (forward + backward)',
                ),
            ),
            (
                "mean over time",
                "You average over the steps; the summary is one step of each half.",
                ("y[:, -1, :n]", "y[:, :, :n].mean(axis=1)"),
                ("y[:, 0, n:]", "y[:, :, n:].mean(axis=1)"),
            ),
            (
                "sum whatever the mode",
                "You add the halves in every mode.",
                (
                    'if mode == "ave":\n        return (forward + backward) / 2\n'
                    "    return forward * backward",
                    "return forward + backward",
                ),
            ),
            (
                "side by side",
                'Side by side is "concat"; here the halves are added, averaged or multiplied.',
                (
                    "n = y.shape[2] // 2\n",
                    "n = y.shape[2] // 2\n    if mode: return np.hstack([y[:, -1, :n], "
                    "y[:, 0, n:]])\n",
                ),
            ),
        ),
    ),
]
