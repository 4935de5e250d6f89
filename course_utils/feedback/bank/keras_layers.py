"""Lesson 08: Keras, argument by argument. The answers are data; the references need no Keras."""

from __future__ import annotations

import numpy as np

from course_utils.cells import lstm, simple_rnn
from course_utils.feedback.bank.draws import Array, counts, sizes, weights
from course_utils.feedback.problem import Problem, slips


def keras_lstm_count(m: int, n: int, use_bias: bool):
    return 4 * (m * n + n * n + (n if use_bias else 0))


def keras_forget_bias(n: int):
    b = np.zeros(4 * n)
    b[n : 2 * n] = 1
    return b


def keras_return_state(x: Array, W: Array, U: Array, b: Array):
    y, (h, c) = lstm(x, W, U, b)  # noqa: RUF059 (a mistake below returns y)
    return h, c


def keras_go_backwards(x: Array, W: Array, U: Array, b: Array):
    y, _states = simple_rnn(x[:, ::-1], W, U, b)
    return y[:, ::-1]


def keras_stateful(first: Array, second: Array, W: Array, U: Array, b: Array):
    x = np.concatenate([first, second], axis=1)
    y, _states = simple_rnn(x, W, U, b)
    return y[:, -1]


def draw_count(rng, k):
    return *counts(rng, k), k != 1


def draw_rnn(rng, k):
    B, T, m, n = sizes(rng)
    return rng.normal(size=(B, T, m)), *weights(rng, m, n, 1)


def draw_lstm(rng, k):
    B, T, m, n = sizes(rng)
    return rng.normal(size=(B, T, m)), *weights(rng, m, n, 4)


def draw_halves(rng, k):
    B, T, m, n = sizes(rng)
    return (rng.normal(size=(B, T, m)), rng.normal(size=(B, T + k, m)),
            *weights(rng, m, n, 1))  # fmt: skip


ORDER = "Keras's order is i, f, g, o (it calls g c)."

PROBLEMS = [
    Problem(
        name="keras_lstm_count",
        lesson="08",
        title="Let Keras count",
        task="What count_params() says of a keras.layers.LSTM with n units after it has been built "
        "for m inputs, with or without a bias.",
        kind="keras",
        reference=keras_lstm_count,
        draw=draw_count,
        outputs="count",
        points=1,
        minutes=5,
        hints=(
            "A layer has no weights before it knows how many inputs there are.",
            "layer.build((None, None, m)), then layer.count_params().",
            "keras.layers.LSTM(n, use_bias=use_bias), build it, return its count_params().",
        ),
        misconceptions=slips(
            keras_lstm_count,
            (
                "use_bias ignored",
                "use_bias has no effect: hand it on to the layer.",
                ("n if use_bias else 0", "n"),
            ),
            (
                "never a bias",
                "Your layer never has a bias: hand use_bias on to the layer.",
                ("n if use_bias else 0", "0"),
            ),
            (
                "GRU",
                "That is the count of a GRU.",
                ("4 * (m * n + n * n + (n if", "3 * (m * n + n * n + (2 * n if"),
            ),
            ("SimpleRNN", "That is the count of a SimpleRNN.", ("4 *", "1 *")),
            (
                "Dense(4n)",
                "That is the count of Dense(4 * n): the recurrent weights are missing.",
                (" + n * n", ""),
            ),
            (
                "m and n swapped",
                "That is a layer with m units and n inputs; it is the other way round.",
                ("n * n", "m * m"),
                ("(n if", "(m if"),
            ),
            (
                "both directions",
                "That is twice the count: is it wrapped in Bidirectional?",
                ("4 *", "8 *"),
            ),
        ),
    ),
    Problem(
        name="keras_forget_bias",
        lesson="08",
        title="The bias at the start",
        task="The bias (4n,) of a fresh keras.layers.LSTM with n units, at its defaults.",
        kind="keras",
        reference=keras_forget_bias,
        draw=lambda rng, k: (int(rng.integers(2, 9)),),
        outputs="b[4n]",
        points=1,
        minutes=4,
        hints=(
            "Build the layer for any number of inputs and look at get_weights()[2].",
            "unit_forget_bias=True is the default.",
            "Zeros, but ones in the second block, from n to 2 n.",
        ),
        misconceptions=slips(
            keras_forget_bias,
            (
                "all zeros",
                "All zeros is the start without unit_forget_bias; its default is True.",
                ("b[n : 2 * n] = 1", "pass"),
            ),
            ("all ones", "The ones are for the forget gate alone.", ("b[n : 2 * n]", "b[:]")),
            (
                "ones in the first block",
                "Your ones stand in the block of the input gate; " + ORDER,
                ("b[n : 2 * n]", "b[:n]"),
            ),
            (
                "ones in the third block",
                "Your ones stand in the block of the candidate; " + ORDER,
                ("b[n : 2 * n]", "b[2 * n : 3 * n]"),
            ),
            (
                "ones in the last block",
                "Your ones stand in the block of the output gate; " + ORDER,
                ("b[n : 2 * n]", "b[3 * n :]"),
            ),
            (
                "minus one",
                "The sign is turned: +1 opens the forget gate.",
                ("b[n : 2 * n] = 1", "b[n : 2 * n] = -1"),
            ),
        ),
    ),
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
        name="keras_go_backwards",
        lesson="08",
        title="Backwards, in the order of the input",
        task="The states (B, T, n) of a SimpleRNN with the weights W, U, b that reads x from its "
        "end to its beginning, put in the order of the input: h[:, t] belongs to x[:, t].",
        kind="keras",
        reference=keras_go_backwards,
        draw=draw_rnn,
        outputs="h[B,T,n]",
        points=1,
        minutes=6,
        hints=(
            "go_backwards=True reads backwards. In which order do its outputs come?",
            "The outputs come in the order of reading: the first one belongs to x[:, -1].",
            "Turn the outputs round at the end: h[:, ::-1].",
        ),
        misconceptions=slips(
            keras_go_backwards,
            (
                "outputs not turned back",
                "Your outputs stand in the order of reading: h[:, 0] belongs to x[:, -1]. Turn "
                "them round.",
                ("y[:, ::-1]", "y"),
            ),
            (
                "not backwards",
                "Your layer reads forwards.",
                ("x[:, ::-1]", "x"),
                ("y[:, ::-1]", "y"),
            ),
            (
                "only the outputs turned",
                "Your layer reads forwards, and its outputs are turned round.",
                ("x[:, ::-1]", "x"),
            ),
            (
                "batch turned",
                "You turn the batch round instead of the time: the second axis is time.",
                ("y[:, ::-1]", "y[::-1]"),
            ),
            (
                "only the last state",
                "That is the last state alone: set return_sequences=True.",
                ("return y[:, ::-1]", "return y[:, -1]"),
            ),
            (
                "units turned",
                "You turn the units round instead of the time: the second axis is time.",
                ("y[:, ::-1]", "y[..., ::-1]"),
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
