"""Lesson 02: a gradient checked, and one clipped."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slips


def gradient_check(w: Array, x: Array, e: float):
    def loss(w):
        return np.sum(np.tanh(x @ w) ** 2)

    slopes = np.zeros_like(w)
    for k in range(len(w)):
        up, down = w.copy(), w.copy()
        up[k] += e
        down[k] -= e
        slopes[k] = (loss(up) - loss(down)) / (2 * e)
    return slopes


def clip_by_global_norm(dW: Array, dU: Array, db: Array, limit: float):
    norm = np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))
    factor = min(1, limit / norm)
    return dW * factor, dU * factor, db * factor


def draw_check(rng, k):
    n = int(rng.integers(3, 6))
    return rng.normal(size=n), rng.normal(size=(4, n)), round(rng.uniform(0.1, 0.3), 2)


def draw_gradients(rng, k):
    m, n = (int(one) for one in rng.permutation(4)[:2] + 2)
    dW, dU, db = (rng.normal(size=shape) for shape in ((m, n), (n, n), (n,)))
    norm = clip_norm(dW, dU, db)
    return dW, dU, db, round(float(norm * (rng.uniform(0.12, 0.2), 1.4)[k % 2]), 2)


def clip_norm(*arrays: Array) -> float:
    return np.sqrt(sum(np.sum(one**2) for one in arrays))


PROBLEMS = [
    Problem(
        name="gradient_check",
        lesson="02",
        title="A gradient by nudging",
        task="The gradient of the loss np.sum(np.tanh(x @ w)**2) with respect to each w[k], "
        "measured by nudging w[k] up and down by e, both sides.",
        reference=gradient_check,
        draw=draw_check,
        outputs="slopes[n]",
        tolerance=1e-3,  # in float32 the difference of two losses is rounded by up to 7e-5
        points=2,
        minutes=8,
        hints=(
            "Nudge one weight at a time and leave all others as they are.",
            "Compute the loss with w[k] + e and with w[k] - e. How far apart are the two weights?",
            "(loss(up) - loss(down)) / (2 * e), with fresh copies of w for each k.",
        ),
        misconceptions=slips(
            gradient_check,
            (
                "one side only",
                "You nudge to one side only; from both sides the bend of the curve cancels.",
                ("down[k] -= e", "pass"),
                ("(2 * e)", "e"),
            ),
            (
                "divided by e",
                "The two weights are 2 e apart, not e: your slopes are twice too steep.",
                ("(2 * e)", "e"),
            ),
            (
                "2 missing in brackets",
                "/ 2 * e divides by 2 and multiplies with e: write / (2 * e).",
                ("/ (2 * e)", "/ 2 * e"),
            ),
            (
                "not divided",
                "This is the difference of the two losses; divide it by the distance 2 * e.",
                (" / (2 * e)", ""),
            ),
            (
                "sign",
                "The difference is the wrong way round: the loss above minus the loss below.",
                ("loss(up) - loss(down)", "loss(down) - loss(up)"),
            ),
            (
                "nudges not taken back",
                "Your nudges pile up: each weight has to be put back before the next one is "
                "nudged.",
                (
                    "up, down = w.copy(), w.copy()",
                    "up, down = (up, down) if k else (w.copy(), w.copy())",
                ),
            ),
            (
                "all weights at once",
                "You nudge all weights at once; each one needs a nudge of its own.",
                ("up[k] += e", "up += e"),
                ("down[k] -= e", "down -= e"),
            ),
            (
                "chain rule",
                "That is the exact gradient, by the chain rule or with an e of your own; the task "
                "asks for what nudging with this e gives.",
                (
                    "slopes[k] = (loss(up) - loss(down)) / (2 * e)",
                    "slopes[k] = np.sum(2 * np.tanh(x @ w) * (1 - np.tanh(x @ w) ** 2) * x[:, k])",
                ),
            ),
        ),
    ),
    Problem(
        name="clip_by_global_norm",
        lesson="02",
        title="Clipping by the global norm",
        task="dW, dU, db, shortened together so that their common norm is at most limit, and left "
        "as they are if it is not above it. Return new arrays.",
        reference=clip_by_global_norm,
        draw=draw_gradients,
        draws=4,
        outputs="dW[m,n] dU[n,n] db[n]",
        points=2,
        minutes=8,
        hints=(
            "Think of all numbers of the three arrays as one long vector. It keeps its direction.",
            "The norm is the root of the sum of all squares, over all three arrays.",
            "Multiply all three with min(1, limit / norm).",
        ),
        misconceptions=slips(
            clip_by_global_norm,
            (
                "each number clipped",
                "You clip each number by itself, which turns the gradient in another direction; "
                "shorten all of them by the same factor.",
                (
                    "return dW * factor, dU * factor, db * factor",
                    "return tuple(np.clip(one, -limit, limit) for one in (dW, dU, db))",
                ),
            ),
            (
                "each array by its own norm",
                "Each array is clipped by its own norm; all three share one norm and one factor.",
                (
                    "return dW * factor, dU * factor, db * factor",
                    "return tuple(one * min(1, limit / np.linalg.norm(one)) "
                    "for one in (dW, dU, db))",
                ),
            ),
            (
                "short gradients stretched",
                "A gradient that is short enough is stretched to the limit; it stays as it is.",
                ("min(1, limit / norm)", "limit / norm"),
            ),
            ("never clipped", "Nothing is ever shortened.", ("min(1, limit / norm)", "1")),
            (
                "factor upside down",
                "The factor is upside down: limit / norm shortens.",
                ("min(1, limit / norm)", "max(1, norm / limit)"),
            ),
            (
                "root missing",
                "You compare the sum of squares with the limit; take its root first.",
                (
                    "np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
                    "np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2)",
                ),
            ),
            (
                "norms added up",
                "You add up the three norms; the common norm is the root of the sum of all "
                "squares.",
                (
                    "np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
                    "np.sqrt(np.sum(dW**2)) + np.sqrt(np.sum(dU**2)) + np.sqrt(np.sum(db**2))",
                ),
            ),
            (
                "bias left out of the norm",
                "db has no part in your norm; all three arrays count.",
                (" + np.sum(db**2)", ""),
            ),
            (
                "always to norm 1",
                "You divide by the norm, so that the result always has norm 1; the limit is asked "
                "for.",
                ("min(1, limit / norm)", "1 / norm"),
            ),
            (
                "largest number for the norm",
                "You compare the largest number with the limit; the norm is the root of the sum "
                "of all squares.",
                (
                    "np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
                    "max(np.abs(one).max() for one in (dW, dU, db))",
                ),
            ),
        ),
    ),
]
