"""Lesson 06: weights from PyTorch to Keras."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def torch_to_keras_gru(w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array):
    def keras_order(w):
        r, z, g = np.split(w, 3)
        return np.concatenate([z, r, g])

    W, U = keras_order(w_ih).T, keras_order(w_hh).T
    b = np.stack([keras_order(b_ih), keras_order(b_hh)])
    return W, U, b


def torch_to_keras_lstm(w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array):
    W, U = w_ih.T, w_hh.T
    b = b_ih + b_hh
    return W, U, b


def parameters(rng, gates):
    _, _, m, n = sizes(rng)
    shapes = (gates * n, m), (gates * n, n), (gates * n,), (gates * n,)
    return tuple(rng.normal(size=shape) for shape in shapes)


PROBLEMS = [
    Problem(
        name="torch_to_keras_gru",
        lesson="06",
        title="A GRU from PyTorch to Keras",
        task="Keras's kernel W (m, 3n), recurrent_kernel U (n, 3n) and bias b (2, 3n) from "
        "PyTorch's w_ih (3n, m), w_hh (3n, n), b_ih and b_hh (3n,).",
        reference=torch_to_keras_gru,
        draw=lambda rng, k: parameters(rng, 3),
        outputs="W[m,3n] U[n,3n] b[2,3n]",
        points=2,
        minutes=10,
        hints=(
            "Two things differ: the layout and the order of the blocks. In both, z keeps.",
            "PyTorch has the blocks r, z, n one below the other; Keras has z, r, g side by side.",
            "Split each array into 3 blocks, put them together as z, r, g, transpose the "
            "matrices, and stack the two biases.",
        ),
        misconceptions=slips(
            torch_to_keras_gru,
            (
                "order not changed",
                "The blocks are still in PyTorch's order, r, z, n; Keras has z, r, g.",
                ("[z, r, g]", "[r, z, g]"),
            ),
            (
                "not transposed",
                "The matrices are not transposed: Keras has the inputs first.",
                (
                    "W, U = keras_order(w_ih).T, keras_order(w_hh).T",
                    "W, U = keras_order(w_ih), keras_order(w_hh)",
                ),
            ),
            (
                "reshaped for transposed",
                "You reshape the matrices; that gives the right shape and mixes up the numbers. "
                "Transpose them.",
                ("keras_order(w_ih).T", "keras_order(w_ih).reshape(w_ih.shape[::-1])"),
                ("keras_order(w_hh).T", "keras_order(w_hh).reshape(w_hh.shape[::-1])"),
            ),
            (
                "biases added up",
                "You add up the two biases; in the GRU they do different things: keep them as two "
                "rows.",
                (
                    "np.stack([keras_order(b_ih), keras_order(b_hh)])",
                    "keras_order(b_ih) + keras_order(b_hh)",
                ),
            ),
            (
                "biases swapped",
                "The rows of the bias are swapped: row 0 belongs to the input, b_ih.",
                (
                    "[keras_order(b_ih), keras_order(b_hh)]",
                    "[keras_order(b_hh), keras_order(b_ih)]",
                ),
            ),
            (
                "order of the biases not changed",
                "The blocks of the biases are still in PyTorch's order.",
                ("[keras_order(b_ih), keras_order(b_hh)]", "[b_ih, b_hh]"),
            ),
            (
                "order of the matrices not changed",
                "The blocks of the matrices are still in PyTorch's order.",
                ("keras_order(w_ih).T, keras_order(w_hh).T", "w_ih.T, w_hh.T"),
            ),
            (
                "sign of z turned",
                "You turn the sign of z; PyTorch's z keeps the old state just as Keras's does.",
                ("[z, r, g]", "[-z, r, g]"),
            ),
            ("g first", "You put g first; Keras has z, r, g.", ("[z, r, g]", "[g, z, r]")),
        ),
    ),
    Problem(
        name="torch_to_keras_lstm",
        lesson="06",
        title="An LSTM from PyTorch to Keras",
        task="Keras's kernel W (m, 4n), recurrent_kernel U (n, 4n) and bias b (4n,) from PyTorch's "
        "w_ih (4n, m), w_hh (4n, n), b_ih and b_hh (4n,).",
        reference=torch_to_keras_lstm,
        draw=lambda rng, k: parameters(rng, 4),
        outputs="W[m,4n] U[n,4n] b[4n]",
        points=1,
        minutes=5,
        hints=(
            "The LSTM is the easy one: compare the orders of the blocks first.",
            "Both have i, f, g, o. What is left is the layout, and PyTorch's second bias.",
            "Transpose the matrices and add up the biases.",
        ),
        misconceptions=slips(
            torch_to_keras_lstm,
            (
                "second bias dropped",
                "PyTorch's second bias b_hh is lost; both act through their sum.",
                ("b_ih + b_hh", "b_ih"),
            ),
            (
                "first bias dropped",
                "PyTorch's first bias b_ih is lost; both act through their sum.",
                ("b_ih + b_hh", "b_hh"),
            ),
            (
                "two rows of biases",
                "You keep two rows of biases, as the GRU has them; Keras's LSTM has one: their "
                "sum.",
                ("b_ih + b_hh", "np.stack([b_ih, b_hh])"),
            ),
            (
                "mean of the biases",
                "You take the mean of the two biases; they act through their sum.",
                ("b_ih + b_hh", "(b_ih + b_hh) / 2"),
            ),
            (
                "not transposed",
                "The matrices are not transposed: Keras has the inputs first.",
                ("w_ih.T, w_hh.T", "w_ih, w_hh"),
            ),
            (
                "reshaped for transposed",
                "You reshape the matrices; that gives the right shape and mixes up the numbers. "
                "Transpose them.",
                (
                    "w_ih.T, w_hh.T",
                    "w_ih.reshape(w_ih.shape[::-1]), w_hh.reshape(w_hh.shape[::-1])",
                ),
            ),
            (
                "order changed",
                "You change the order of the blocks; PyTorch and Keras agree on i, f, g, o.",
                (
                    "return W, U, b",
                    "order = [0, 1, 3, 2]\n    W, U, b = (np.concatenate([np.split(w, 4, "
                    "axis=-1)[k] for k in order], axis=-1) for w in (W, U, b))\n    return W, U, b",
                ),
            ),
            (
                "order i, o, f, g",
                "You bring the blocks into ONNX's order, i, o, f, g; Keras has i, f, g, o, as "
                "PyTorch does.",
                (
                    "return W, U, b",
                    "order = [0, 3, 1, 2]\n    W, U, b = (np.concatenate([np.split(w, 4, "
                    "axis=-1)[k] for k in order], axis=-1) for w in (W, U, b))\n    return W, U, b",
                ),
            ),
        ),
    ),
]
