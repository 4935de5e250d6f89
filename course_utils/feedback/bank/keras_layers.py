"""Lesson 08: Keras, argument by argument. The answers are data; the references need no Keras."""

from __future__ import annotations

import numpy as np

from course_utils.cells import gru, lstm, simple_rnn
from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Problem, slips


def keras_reset_after(x: Array, W: Array, U: Array, b: Array):
    today = b.ndim == 2
    y, _states = gru(x, W, U, b, reset_after=today)
    return y[:, -1]


def keras_return_state(x: Array, W: Array, U: Array, b: Array):
    y, (h, c) = lstm(x, W, U, b)  # noqa: RUF059 (a mistake below returns y)
    return h, c


def keras_stateful(first: Array, second: Array, W: Array, U: Array, b: Array):
    x = np.concatenate([first, second], axis=1)
    y, _states = simple_rnn(x, W, U, b)
    return y[:, -1]


def draw_gru(rng, k):
    B, T, m, n = sizes(rng)
    W, U, b = weights(rng, m, n, 3)
    return rng.normal(size=(B, T, m)), W, U, b if k == 1 else rng.normal(0, 0.7, (2, 3 * n))


def draw_lstm(rng, k):
    B, T, m, n = sizes(rng)
    return rng.normal(size=(B, T, m)), *weights(rng, m, n, 4)


def draw_halves(rng, k):
    B, T, m, n = sizes(rng)
    return (rng.normal(size=(B, T, m)), rng.normal(size=(B, T + k, m)),
            *weights(rng, m, n, 1))  # fmt: skip


PROBLEMS = [
    Problem(
        name="keras_return_state",
        lesson="08",
        title="Both states of an LSTM",
        task="The last h and the last c, each (B, n), of a keras.layers.LSTM with the weights W, "
        "U, b, as NumPy arrays.",
        kind="keras",
        reference=keras_return_state,
        draw=draw_lstm,
        outputs="h[B,n] c[B,n]",
        points=1,
        minutes=6,
        hints=(
            "One argument makes the layer return its states as well.",
            "With return_state=True an LSTM returns three things: y, h, c, in this order.",
            "y, h, c = layer(x); without return_sequences y is h.",
        ),
        misconceptions=slips(
            keras_return_state,
            (
                "h and c swapped",
                "Your h and c are swapped: the layer returns y, h, c.",
                ("return h, c", "return c, h"),
            ),
            (
                "y and h for h and c",
                "You return y and h; without return_sequences they are the same thing. c is the "
                "third.",
                ("return h, c", "return h, h"),
            ),
            (
                "c twice",
                "You return c twice; the second of y, h, c is h.",
                ("return h, c", "return c, c"),
            ),
            (
                "tanh of c",
                "You return tanh(c); c itself is asked for.",
                ("return h, c", "return h, np.tanh(c)"),
            ),
            (
                "sequence for h",
                "Your h holds all steps: that is y with return_sequences=True.",
                ("return h, c", "return y, c"),
            ),
            (
                "first state",
                "That is the h after the first step.",
                ("return h, c", "return y[:, 0], c"),
            ),
            (
                "input and forget gates swapped",
                "The blocks of i and f have been exchanged on the way; hand the weights on as "
                "they are.",
                (
                    "lstm(x, W, U, b)",
                    "lstm(x, *(np.concatenate([np.split(w, 4, axis=-1)[k] for k in (1, 0, 2, 3)], "
                    "axis=-1) for w in (W, U, b)))",
                ),
            ),
        ),
    ),
    Problem(
        name="keras_reset_after",
        lesson="08",
        title="A GRU of 2019 and one of today",
        task="The last state (B, n) of the GRU that the weights W, U, b come from: b is (2, 3n) if "
        "it was made with reset_after=True, and (3n,) if with reset_after=False.",
        kind="keras",
        reference=keras_reset_after,
        draw=draw_gru,
        outputs="h[B,n]",
        points=1,
        minutes=6,
        hints=(
            "set_weights refuses a bias of the wrong shape. Which argument decides the shape?",
            "With reset_after=True a GRU has two biases, one for x and one for the state: a bias "
            "of two axes.",
            "keras.layers.GRU(n, reset_after=b.ndim == 2), then build and set_weights.",
        ),
        misconceptions=slips(
            keras_reset_after,
            (
                "always reset after",
                "An old bias of one axis was given a second one of zeros: those weights come from "
                "reset_after=False.",
                (
                    "y, _states = gru(x, W, U, b, reset_after=today)",
                    "y, _states = gru(x, W, U, b if today else np.stack([b, 0 * b]), "
                    "reset_after=True)",
                ),
            ),
            (
                "biases added",
                "The two biases were added for a GRU with reset_after=False: in the candidate the "
                "second one stands behind the reset gate.",
                (
                    "gru(x, W, U, b, reset_after=today)",
                    "gru(x, W, U, b.reshape(-1, W.shape[1]).sum(axis=0), reset_after=False)",
                ),
            ),
            (
                "second bias dropped",
                "The second bias was dropped: it belongs to the state.",
                (
                    "gru(x, W, U, b, reset_after=today)",
                    "gru(x, W, U, b[0] if today else b, reset_after=False)",
                ),
            ),
            (
                "biases exchanged",
                "The two biases are exchanged: row 0 is for x, row 1 for the state.",
                ("gru(x, W, U, b,", "gru(x, W, U, b[::-1] if today else b,"),
            ),
            (
                "all states",
                "Those are the states of all steps; the last one is asked for.",
                ("y[:, -1]", "y"),
            ),
            (
                "first state",
                "That is the state after the first step.",
                ("y[:, -1]", "y[:, 0]"),
            ),
        ),
    ),
    Problem(
        name="keras_stateful",
        lesson="08",
        title="A sequence in two pieces",
        task="The last state (B, n) of a SimpleRNN with the weights W, U, b that reads first and "
        "then second, (B, T, m) each, as two pieces of one sequence.",
        kind="keras",
        reference=keras_stateful,
        draw=draw_halves,
        outputs="h[B,n]",
        points=2,
        minutes=8,
        hints=(
            "A layer forgets between two calls, unless it is told not to.",
            "Either stateful=True, or hand the last state of the first call to the second one.",
            "layer(second, initial_state=layer(first)).",
        ),
        misconceptions=slips(
            keras_stateful,
            (
                "state lost between the pieces",
                "The state of the first piece is lost: the second call starts at zero.",
                ("[first, second]", "[second]"),
            ),
            (
                "only the first piece",
                "That is the state after the first piece.",
                ("[first, second]", "[first]"),
            ),
            (
                "first piece twice",
                "The first piece is read twice. A stateful layer goes on from every call, also "
                "from one that only built it: reset_state() comes before the first piece.",
                ("[first, second]", "[first, first, second]"),
            ),
            (
                "built by a call on zeros",
                "The layer has read zeros before the first piece: a call that only built it moved "
                "its state. reset_state() comes before the first piece.",
                ("[first, second]", "[0 * first, first, second]"),
            ),
            (
                "pieces swapped",
                "You read the second piece first.",
                ("[first, second]", "[second, first]"),
            ),
            (
                "second piece twice",
                "You read the second piece twice.",
                ("[first, second]", "[second, second]"),
            ),
            (
                "all states",
                "Those are the states of all steps; the last one is asked for.",
                ("y[:, -1]", "y"),
            ),
            (
                "states added",
                "You add the last states of two separate readings; the second reading has to "
                "start from the state of the first.",
                (
                    "return y[:, -1]",
                    "return simple_rnn(first, W, U, b)[0][:, -1] + simple_rnn(second, W, U, "
                    "b)[0][:, -1]",
                ),
            ),
        ),
    ),
]
