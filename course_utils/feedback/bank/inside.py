"""Lesson 05: a unit that is held while the network reads."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sigmoid, sizes, weights
from course_utils.feedback.problem import Problem, slips


def clamp_unit(x: Array, W: Array, U: Array, b: Array, unit: int, value: float):
    n = len(U)
    h, c, states = np.zeros((len(x), n)), np.zeros((len(x), n)), []
    for t in range(x.shape[1]):
        a_i, a_f, a_g, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
        c[:, unit] = value
        h = sigmoid(a_o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def draw_clamp(rng, k):
    B, T, m, n = sizes(rng)
    value = round(float(rng.uniform(1.2, 2)), 2)
    return rng.normal(size=(B, T, m)), *weights(rng, m, n, 4), int(rng.integers(1, n - 1)), value


PROBLEMS = [
    Problem(
        name="clamp_unit",
        lesson="05",
        title="Hold a unit while the network reads",
        task="The states h (B, T, n) of an LSTM that reads x (B, T, m) from zeros, while the given "
        "unit of c is held at the given value: at each step c is computed, then the unit is set, "
        "and h is read off this c. W, U, b have the blocks i, f, g, o.",
        reference=clamp_unit,
        draw=draw_clamp,
        outputs="h[B,T,n]",
        points=3,
        minutes=12,
        hints=(
            "Write the loop of the LSTM first, from h and c of zeros. Then add one line.",
            "The line stands between c and h: h, and all later steps, have to see the held value.",
            "c = f * c + i * g; c[:, unit] = value; h = o * np.tanh(c).",
        ),
        misconceptions=slips(
            clamp_unit,
            (
                "held after the run",
                "You change the recorded h after the run: by then the other units have read the "
                "unit as it was. Set c inside the loop.",
                ("        c[:, unit] = value\n", ""),
                (
                    "    return np.stack(states, axis=1)",
                    "    states = np.stack(states, axis=1)\n"
                    "    states[:, :, unit] = value\n"
                    "    return states",
                ),
            ),
            (
                "h held",
                "You hold h; the unit of c is asked for, and h is read off it.",
                ("        c[:, unit] = value\n", ""),
                (
                    "        states.append(h)",
                    "        h[:, unit] = value\n        states.append(h)",
                ),
            ),
            (
                "held after h",
                "You set c after h was read off it; h has to see the held value.",
                ("        c[:, unit] = value\n", ""),
                (
                    "        states.append(h)",
                    "        c[:, unit] = value\n        states.append(h)",
                ),
            ),
            (
                "not held",
                "Nothing is held: after c is computed, c[:, unit] = value.",
                ("        c[:, unit] = value\n", ""),
            ),
            (
                "a sequence held",
                "You hold a sequence of the batch, not a unit: units are the last axis.",
                ("c[:, unit] = value", "c[unit % len(c)] = value"),
            ),
            (
                "counted from one",
                "You hold the unit before: Python counts from 0.",
                ("c[:, unit] = value", "c[:, unit - 1] = value"),
            ),
            (
                "added",
                "You add the value; it replaces what the unit had.",
                ("c[:, unit] = value", "c[:, unit] += value"),
            ),
            (
                "all others held",
                "All other units have the value now, and this one not.",
                ("c[:, unit] = value", "c[:, np.arange(n) != unit] = value"),
            ),
            (
                "held at the last step",
                "You hold the unit at the last step only.",
                (
                    "        c[:, unit] = value",
                    "        if t == x.shape[1] - 1:\n            c[:, unit] = value",
                ),
            ),
            (
                "held at the start",
                "You set the unit before the first step only; it has to be set at every step.",
                (
                    "        c[:, unit] = value",
                    "        if t == 0:\n            c[:, unit] = value",
                ),
            ),
        ),
    ),
]
