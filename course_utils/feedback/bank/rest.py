"""Lesson 03: cells at rest, the forget bias of one and the slope of another."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.problem import Problem, slips


def forget_bias_for(lag: int, left: float):
    f = left ** (1 / lag) - 1 / 8
    return np.log(f / (1 - f))


def latch_slope(u: float):
    h = 1.0
    for _ in range(1000):
        h = np.tanh(u * h)
    return u * (1 - h**2)


def draw_reach(rng, k):
    return int(rng.integers(20, 120)), float(10 ** -rng.uniform(0.5, 4))


def draw_weight(rng, k):
    return (float(rng.uniform(1.2, 2.5)),)


PROBLEMS = [
    Problem(
        name="forget_bias_for",
        lesson="03",
        title="A forget bias for a lag",
        task="The forget bias with which, by the formula of the lesson for an LSTM at rest, the "
        "share left of a gradient is left at lag lag.",
        reference=forget_bias_for,
        draw=draw_reach,
        outputs="bias",
        points=2,
        minutes=10,
        hints=(
            "Two steps: which spectral radius is needed, and which bias gives it?",
            "The radius is the lag-th root of left. An LSTM at rest has sigmoid(bias) + 1/8.",
            "f = left ** (1 / lag) - 1/8, and the inverse of the sigmoid: log(f / (1 - f)).",
        ),
        misconceptions=slips(
            forget_bias_for,
            (
                "the eighth forgotten",
                "The recurrent weights give 1/8 as well: the gate needs only the rest.",
                (" - 1 / 8", ""),
            ),
            (
                "the eighth added",
                "The 1/8 is there already: the gate needs that much less.",
                (" - 1 / 8", " + 1 / 8"),
            ),
            (
                "the gate's value",
                "That is how far the gate has to be open; the task asks for its bias.",
                ("np.log(f / (1 - f))", "f"),
            ),
            (
                "sigmoid, not its inverse",
                "You take the sigmoid of the gate's value; going back to the bias takes its "
                "inverse.",
                ("np.log(f / (1 - f))", "1 / (1 + np.exp(-f))"),
            ),
            (
                "sign",
                "Upside down in the logarithm: that bias closes the gate as far as it should open.",
                ("f / (1 - f)", "(1 - f) / f"),
            ),
            (
                "shared evenly",
                "That shares the loss out evenly, as a sum. Each step multiplies what is there, so "
                "the steps share it as a product.",
                ("left ** (1 / lag)", "(1 - (1 - left) / lag)"),
            ),
            (
                "the edge for ever",
                "That is the bias that puts the edge on the circle; here the share left may fade.",
                ("left ** (1 / lag)", "left ** 0"),
            ),
        ),
    ),
    Problem(
        name="latch_slope",
        lesson="03",
        title="What a memory costs",
        task="One unit h = tanh(u * h_prev) with u above 1, no input. The slope of the new state "
        "against the old one at its upper place of rest: the factor for the gradient, each step.",
        reference=latch_slope,
        draw=draw_weight,
        outputs="slope",
        points=2,
        minutes=8,
        hints=(
            "Where does it rest? Let it run from h = 1 until nothing changes any more.",
            "At rest, h = tanh(u * h). The slope of tanh(u * h) against h has two factors.",
            "u * (1 - h**2), with the h that a few hundred steps have led to.",
        ),
        misconceptions=slips(
            latch_slope,
            (
                "slope in the middle",
                "That is the slope at 0, where the unit does not stay: noise pushes it away from "
                "there.",
                ("h = 1.0", "h = 0.0"),
            ),
            (
                "u missing",
                "The slope of tanh alone; the state is multiplied with u before.",
                ("u * (1 - h**2)", "1 - h**2"),
            ),
            (
                "the state, not the slope",
                "That is where it rests; the task asks for the slope there.",
                ("u * (1 - h**2)", "h"),
            ),
            (
                "only one step",
                "After one step it is not at rest yet: let it run on.",
                ("range(1000)", "range(1)"),
            ),
            (
                "slope at h = 1",
                "You take the slope at h = 1, before it has come to rest.",
                ("range(1000)", "range(0)"),
            ),
            (
                "tanh taken twice",
                "You take 1 - tanh(u * h)**2 at the tanh of the place of rest, or tanh of h again: "
                "h is what tanh made, the slope is u * (1 - h**2).",
                ("h**2", "np.tanh(h) ** 2"),
            ),
        ),
    ),
]
