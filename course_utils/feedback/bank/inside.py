"""Lesson 05: time scales, and a clamped unit."""

from __future__ import annotations

import numpy as np  # noqa: F401  the mistakes below use it

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def time_scale(gate: Array):
    return 1 / (1 - gate)


def clamp_unit(h: Array, unit: int, value: float):
    clamped = h.copy()
    clamped[:, :, unit] = value
    return clamped


def draw_gate(rng, k):
    B, T, _, n = sizes(rng)
    return (rng.uniform(0.3, 0.97, (B, T, n)),)


def draw_clamp(rng, k):
    B, T, _, n = sizes(rng)
    value = round(float(rng.uniform(1.2, 2)), 2)
    return rng.normal(size=(B, T, n)), int(rng.integers(1, min(B, T, n - 1))), value


PROBLEMS = [
    Problem(
        name="time_scale",
        lesson="05",
        title="How long a gate keeps a memory",
        task="The time scale in steps of each value of a gate that keeps, for an array of any "
        "shape: after that many steps about a third of a memory is left.",
        reference=time_scale,
        draw=draw_gate,
        outputs="steps[B,T,n]",
        points=1,
        minutes=3,
        hints=(
            "A gate of 0.5 has 2 steps, one of 0.9 has 10, one of 0.99 has 100.",
            "What is lost in a step is 1 - gate.",
            "1 / (1 - gate).",
        ),
        misconceptions=slips(
            time_scale,
            (
                "upside down",
                "1 / gate grows when the gate closes; what counts is the share that is lost, 1 - "
                "gate.",
                ("1 / (1 - gate)", "1 / gate"),
            ),
            (
                "what is lost",
                "That is the share that is lost in a step; the time scale is its inverse, 1 / (1 "
                "- gate).",
                ("1 / (1 - gate)", "1 - gate"),
            ),
            (
                "half-life",
                "That is the half-life; the time scale of the course leaves about a third: 1 / (1 "
                "- gate).",
                ("1 / (1 - gate)", "np.log(0.5) / np.log(gate)"),
            ),
            (
                "exponential",
                "-1 / ln(gate) is the exact time to 1/e; the course uses 1 / (1 - gate), which is "
                "near it for gates near 1.",
                ("1 / (1 - gate)", "-1 / np.log(gate)"),
            ),
            (
                "mean gate",
                "You average the gate first; each value has its own time scale.",
                ("1 / (1 - gate)", "1 / (1 - gate.mean()) + 0 * gate"),
            ),
        ),
    ),
    Problem(
        name="clamp_unit",
        lesson="05",
        title="Clamp a unit",
        task="A copy of the states h (B, T, n) in which the given unit has the given value, in all "
        "sequences and at all steps.",
        reference=clamp_unit,
        draw=draw_clamp,
        outputs="clamped[B,T,n]",
        points=1,
        minutes=4,
        hints=(
            "Make a copy first: the caller still needs h.",
            "Units are the last axis.",
            "clamped[:, :, unit] = value",
        ),
        misconceptions=slips(
            clamp_unit,
            (
                "a step clamped",
                "You clamp a step, not a unit: units are the last axis.",
                ("[:, :, unit]", "[:, unit]"),
            ),
            (
                "a sequence clamped",
                "You clamp a sequence of the batch, not a unit: units are the last axis.",
                ("[:, :, unit]", "[unit]"),
            ),
            (
                "only the last step",
                "You clamp the unit at the last step only.",
                ("[:, :, unit]", "[:, -1, unit]"),
            ),
            (
                "only the first step",
                "You clamp the unit at the first step only.",
                ("[:, :, unit]", "[:, 0, unit]"),
            ),
            (
                "counted from one",
                "You clamp the unit before: Python counts from 0.",
                ("[:, :, unit]", "[:, :, unit - 1]"),
            ),
            (
                "added",
                "You add the value; it replaces what the unit had.",
                ("clamped[:, :, unit] = value", "clamped[:, :, unit] += value"),
            ),
            (
                "all others clamped",
                "All other units have the value now, and this one not.",
                (
                    "clamped[:, :, unit] = value",
                    "clamped[:] = value\n    clamped[:, :, unit] = h[:, :, unit]",
                ),
            ),
            (
                "all units up to it",
                "You clamp all units up to this one.",
                ("[:, :, unit]", "[:, :, :unit + 1]"),
            ),
        ),
    ),
]
