"""Lesson 09: Keras in practice: padding and masks."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def keras_padding_mask(lengths: Array, steps: int):
    return (np.arange(steps) < lengths[:, None]).astype(float)


def keras_masked_mean(y: Array, mask: Array):
    weights = mask[:, :, None]
    return (y * weights).sum(axis=1) / weights.sum(axis=1)


def keras_last_real_step(y: Array, lengths: Array):
    return y[np.arange(len(y)), lengths - 1]


def keras_masked_loss(losses: Array, mask: Array):
    return np.sum(losses * mask) / np.sum(mask)


def uneven(rng, B: int, T: int) -> Array:
    """Lengths from 1 to T, not all the same, none of them all padding."""
    return np.concatenate([[T, T - 1, T - 2], rng.integers(1, T, 2)])[:B].astype(int)


def draw_lengths(rng, k):
    T = int(rng.integers(6, 9))
    return rng.permutation(uneven(rng, 5, T)), T


def draw_masked(rng, k):
    B, T, _, n = sizes(rng)
    mask = keras_padding_mask(rng.permutation(uneven(rng, B, T)), T)
    return rng.normal(size=(B, T, n)), mask


def draw_last(rng, k):
    B, T, _, n = sizes(rng)
    lengths = rng.permutation(uneven(rng, B, T))
    while not 1 < lengths[0] < T:
        lengths = np.roll(lengths, 1)
    return rng.normal(size=(B, T, n)), lengths


def draw_losses(rng, k):
    y, mask = draw_masked(rng, k)
    return np.abs(y[:, :, 0]) + 0.1, mask


PROBLEMS = [
    Problem(
        name="keras_padding_mask",
        lesson="09",
        title="A mask for padding",
        task="The mask (B, T) for sequences of the given lengths (B,), padded at their ends to "
        "steps: 1 where there is a real step, 0 at padding.",
        reference=keras_padding_mask,
        draw=draw_lengths,
        outputs="mask[B,T]",
        points=1,
        minutes=5,
        hints=(
            "Compare the number of each step with the length of the sequence.",
            "np.arange(steps) numbers the steps from 0; lengths[:, None] makes a column.",
            "np.arange(steps) < lengths[:, None]",
        ),
        misconceptions=slips(
            keras_padding_mask,
            (
                "turned round",
                "Your mask is turned round: True means a real step.",
                ("np.arange(steps) < lengths[:, None]", "np.arange(steps) >= lengths[:, None]"),
            ),
            (
                "one step too many",
                "Your mask lets one padded step through: steps count from 0, so it is <, not <=.",
                ("<", "<="),
            ),
            (
                "one step too few",
                "The last real step is masked.",
                ("lengths[:, None]", "lengths[:, None] - 1"),
            ),
            (
                "padding at the start",
                "Your mask is for padding at the start; here it is at the end.",
                ("np.arange(steps) <", "np.arange(steps)[::-1] <"),
            ),
            (
                "time first",
                "Time stands first in your mask; it needs (B, T).",
                (".astype(float)", ".astype(float).T"),
            ),
            (
                "only the last step",
                "Your mask is 1 at the last real step only.",
                ("np.arange(steps) < lengths[:, None]", "np.arange(steps) == lengths[:, None] - 1"),
            ),
            (
                "all ones",
                "Your mask lets everything through.",
                ("lengths[:, None]", "steps + 0 * lengths[:, None]"),
            ),
        ),
    ),
    Problem(
        name="keras_masked_mean",
        lesson="09",
        title="A mean over real steps",
        task="The mean over time (B, n) of the outputs y (B, T, n) at real steps only; mask (B, T) "
        "is 1 at real steps and 0 at padding.",
        reference=keras_masked_mean,
        draw=draw_masked,
        outputs="mean[B,n]",
        points=2,
        minutes=6,
        hints=(
            "Padded steps must count neither above nor below the line.",
            "The mask needs a third axis to be multiplied with y: mask[:, :, None].",
            "Sum of y * mask over time, divided by the sum of the mask over time.",
        ),
        misconceptions=slips(
            keras_masked_mean,
            (
                "mask ignored",
                "The padding counts too: the mask has no part in it.",
                ("(y * weights).sum(axis=1) / weights.sum(axis=1)", "y.mean(axis=1)"),
            ),
            (
                "divided by T",
                "You divide by all T steps; divide by the number of real ones.",
                ("/ weights.sum(axis=1)", "/ y.shape[1]"),
            ),
            (
                "padding not set to zero",
                "You divide by the number of real steps, but the sum holds the padding too.",
                ("(y * weights)", "y"),
            ),
            (
                "mask turned round",
                "That is the mean over the padding and not over the real steps.",
                ("weights = mask[:, :, None]", "weights = 1 - mask[:, :, None]"),
            ),
            (
                "over the batch",
                "You average over the batch; time is the second axis.",
                (
                    "(y * weights).sum(axis=1) / weights.sum(axis=1)",
                    "(y * weights).sum(axis=0) / weights.sum(axis=0)",
                ),
            ),
            (
                "one divisor for all",
                "You divide by the number of real steps of the whole batch; each sequence has its "
                "own.",
                ("/ weights.sum(axis=1)", "/ weights.sum()"),
            ),
            (
                "not divided",
                "That is the sum; divide it by the number of real steps.",
                (" / weights.sum(axis=1)", ""),
            ),
            (
                "last step",
                "That is the last step, real or not.",
                ("return (y * weights).sum(axis=1) / weights.sum(axis=1)", "return y[:, -1]"),
            ),
        ),
    ),
    Problem(
        name="keras_last_real_step",
        lesson="09",
        title="The last real step",
        task="From the outputs y (B, T, n), the one at the last real step of each sequence, "
        "(B, n); lengths (B,) says how many steps are real, the padding comes behind them.",
        reference=keras_last_real_step,
        draw=draw_last,
        outputs="last[B,n]",
        points=1,
        minutes=5,
        hints=(
            "Each sequence ends at another step.",
            "A sequence of length 3 ends at step number 2, counted from 0.",
            "y[np.arange(len(y)), lengths - 1]",
        ),
        misconceptions=slips(
            keras_last_real_step,
            (
                "last step of all",
                "You take the last step, y[:, -1], which is padding in shorter sequences.",
                ("y[np.arange(len(y)), lengths - 1]", "y[:, -1]"),
            ),
            (
                "one step before",
                "You take the step before the last real one.",
                ("lengths - 1", "lengths - 2"),
            ),
            (
                "one step behind",
                "You take the step behind the last real one: steps count from 0.",
                ("lengths - 1", "lengths % y.shape[1]"),
            ),
            ("first step", "You take the first step.", ("lengths - 1", "0")),
            (
                "end of the first sequence",
                "You take the end of the first sequence for all.",
                ("lengths - 1", "lengths[0] - 1"),
            ),
            (
                "every pair",
                "You index all sequences with all lengths, which gives (B, B, n): pair them with "
                "np.arange(len(y)).",
                ("np.arange(len(y))", ":"),
            ),
        ),
    ),
    Problem(
        name="keras_masked_loss",
        lesson="09",
        title="A loss without padding",
        task="The mean loss over all real steps of a batch, one number, from the losses (B, T) and "
        "the mask (B, T), 1 at real steps and 0 at padding.",
        reference=keras_masked_loss,
        draw=draw_losses,
        outputs="loss",
        points=1,
        minutes=4,
        hints=(
            "Every real step of the batch counts the same.",
            "Padded steps must count neither in the sum nor in the number of steps.",
            "np.sum(losses * mask) / np.sum(mask)",
        ),
        misconceptions=slips(
            keras_masked_loss,
            (
                "mask ignored",
                "The padding counts too: the mask has no part in it.",
                ("np.sum(losses * mask) / np.sum(mask)", "np.mean(losses)"),
            ),
            (
                "divided by all steps",
                "You divide by all steps; divide by the number of real ones.",
                ("/ np.sum(mask)", "/ mask.size"),
            ),
            (
                "mean of the means",
                "You average each sequence first; then a short sequence counts as much as a long "
                "one, and its steps more.",
                (
                    "np.sum(losses * mask) / np.sum(mask)",
                    "np.mean(np.sum(losses * mask, axis=1) / np.sum(mask, axis=1))",
                ),
            ),
            (
                "not divided",
                "That is the sum; divide it by the number of real steps.",
                (" / np.sum(mask)", ""),
            ),
            (
                "divided by the batch",
                "You divide by the number of sequences; divide by the number of real steps.",
                ("/ np.sum(mask)", "/ len(mask)"),
            ),
            (
                "mask turned round",
                "That is the loss of the padding.",
                (
                    "np.sum(losses * mask) / np.sum(mask)",
                    "np.sum(losses * (1 - mask)) / np.sum(1 - mask)",
                ),
            ),
            ("padding in the sum", "The sum holds the padding too.", ("losses * mask", "losses")),
        ),
    ),
]
