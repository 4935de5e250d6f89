"""Lesson 06: one step back through a GRU whose z replaces."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Problem, slips


def gru_back_replacing(
    dh: Array, h_prev: Array, U: Array, z: Array, r: Array, g: Array, s_g: Array
):
    da_z = dh * (g - h_prev) * z * (1 - z)
    da_g = dh * z * (1 - g**2)
    da_r = da_g * s_g * r * (1 - r)
    ds = np.concatenate([da_z, da_r, da_g * r], axis=1)
    return dh * (1 - z) + ds @ U.T


def draw(rng, k):
    B, _, m, n = sizes(rng)
    _, U, _ = weights(rng, m, n, 3)
    z, r = rng.uniform(0.1, 0.9, (2, B, n))
    h_prev, g = rng.uniform(-0.9, 0.9, (2, B, n))
    dh, s_g = rng.normal(size=(2, B, n))
    return dh, h_prev, U, z, r, g, s_g


PROBLEMS = [
    Problem(
        name="gru_back_replacing",
        lesson="06",
        title="One step back through a GRU whose z replaces",
        task="The gradient dh_prev (B, n) of the old state, given dh, h_prev, the gates z, r, g, "
        "and s_g = h_prev @ U_g + b'_g (all (B, n)) and U (n, 3n), blocks z, r, g. Here z "
        "replaces: h = (1 - z) * h_prev + z * g, and g = tanh(x W_g + b_g + r * s_g).",
        reference=gru_back_replacing,
        draw=draw,
        outputs="dh_prev[B,n]",
        points=3,
        minutes=12,
        hints=(
            "Four ways lead from h back to h_prev: straight, and through z, r and g. Write down "
            "what h is first; it differs from the lesson's in one line.",
            "z gets dh * (g - h_prev), g gets dh * z. Each goes on through its slope: z * (1 - z) "
            "and 1 - g**2. r is read by g alone, as a factor of s_g.",
            "With da_z, da_r, da_g for the gradients of the three sums: dh_prev = dh * (1 - z) + "
            "np.concatenate([da_z, da_r, da_g * r], axis=1) @ U.T.",
        ),
        misconceptions=slips(
            gru_back_replacing,
            (
                "z keeps",
                "That is the way back where z keeps; here it replaces: h = (1 - z) * h_prev "
                "+ z * g.",
                ("(g - h_prev)", "(h_prev - g)"),
                ("dh * z * (1 - g**2)", "dh * (1 - z) * (1 - g**2)"),
                ("dh * (1 - z) + ds", "dh * z + ds"),
            ),
            (
                "straight share with z",
                "h_prev stands in h with the factor 1 - z, so its straight share is dh * (1 - z).",
                ("dh * (1 - z) + ds", "dh * z + ds"),
            ),
            (
                "straight share lost",
                "The straight share is missing: dh * (1 - z), which meets no matrix.",
                ("dh * (1 - z) + ds @ U.T", "ds @ U.T"),
            ),
            (
                "sign of the share through z",
                "More z brings more of g and less of h_prev, so z gets dh * (g - h_prev).",
                ("(g - h_prev)", "(h_prev - g)"),
            ),
            (
                "candidate with 1 - z",
                "g stands in h with the factor z; you take 1 - z.",
                ("dh * z * (1 - g**2)", "dh * (1 - z) * (1 - g**2)"),
            ),
            (
                "r missing on the way back",
                "r multiplies the product s_g, so what goes back to s_g is the gradient of the sum "
                "inside g, times r.",
                ("da_g * r]", "da_g]"),
            ),
            (
                "reset before",
                "You put r behind the matrix, as for reset_after=False; here r multiplies the "
                "product s_g, so the gradient of the sum inside g, times r, goes through U's "
                "block of g.",
                ("ds = np.concatenate([da_z, da_r, da_g * r], axis=1)", "n = len(U)"),
                (
                    "ds @ U.T",
                    "np.concatenate([da_z, da_r], axis=1) @ U[:, : 2 * n].T "
                    "+ r * (da_g @ U[:, 2 * n :].T)",
                ),
            ),
            (
                "h_prev for s_g",
                "r multiplies s_g, so r gets the gradient of the sum inside g, times s_g; you take "
                "h_prev.",
                ("da_g * s_g", "da_g * h_prev"),
            ),
            (
                "slopes of the gates missing",
                "The slopes of the sigmoids are missing: z * (1 - z) and r * (1 - r).",
                ("(g - h_prev) * z * (1 - z)", "(g - h_prev)"),
                ("s_g * r * (1 - r)", "s_g"),
            ),
            (
                "slope of g missing",
                "The slope of the candidate is missing: 1 - g**2.",
                ("dh * z * (1 - g**2)", "dh * z"),
            ),
            (
                "U not transposed",
                "On the way back the product is with U.T, block by block; yours is with U's "
                "blocks as they are.",
                (
                    "ds @ U.T",
                    "sum(d @ b for d, b in zip(np.split(ds, 3, axis=1), np.split(U, 3, axis=1)))",
                ),
            ),
            (
                "PyTorch order",
                "Your blocks are r, z, g, PyTorch's order; here they are z, r, g.",
                ("[da_z, da_r,", "[da_r, da_z,"),
            ),
        ),
    ),
]
