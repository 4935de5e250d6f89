"""Lesson 09: Keras in practice: programs that run and are wrong. The references need no Keras."""

from __future__ import annotations

import numpy as np

from course_utils.cells import lstm
from course_utils.feedback.bank.draws import Array, sizes, weights
from course_utils.feedback.problem import Problem, slips


def mend_lost_mask(ids: Array, E: Array, D: Array, W: Array, U: Array, b: Array):
    last = []
    for row in ids:
        words = row[row > 0]
        h = E[words] + E[words] @ D
        last.append(lstm(h[None], W, U, b)[1][0][0])
    return np.array(last)


def mend_leaking_state(train: Array, new: Array, epochs: int):
    loss, val_loss, state = [], [], 0.0
    for _epoch in range(epochs):
        state = 0.0
        state = state + train.sum()
        loss.append(state**2)
        state = 0.0
        state = state + new.sum()
        val_loss.append(state**2)
    return np.array(loss), np.array(val_loss)


def mend_saved_cell(x: Array, W: Array, U: Array, leak: float):
    h = np.zeros((len(x), len(U)))
    for t in range(x.shape[1]):
        h = (1 - leak) * h + leak * np.tanh(x[:, t] @ W + h @ U)
    return h


def draw_words(rng, k):
    """Sentences of different lengths; a table in which the padding's vector is not zero."""
    B, T, m, n = sizes(rng)
    T = T + 2
    lengths = rng.permutation([T, 2, *rng.integers(2, T, B)])[:B]
    lengths[rng.integers(B)] = 2
    ids = rng.integers(1, 6, (B, T)) * (np.arange(T) < lengths[:, None])
    return ids, rng.normal(size=(6, m)), rng.normal(0, 0.7, (m, m)), *weights(rng, m, n, 4)


def draw_streams(rng, k):
    T, V = rng.permutation([3, 4, 5])[:2]
    return rng.uniform(0.2, 0.6, T), rng.uniform(0.6, 0.9, V), 2 + k


def draw_leaky(rng, k):
    B, T, m, n = sizes(rng)
    W, U, _b = weights(rng, m, n, 1)
    return rng.normal(size=(B, T, m)), W, U, float(rng.uniform(0.2, 0.7))


RESET_TRAINING = "        state = 0.0\n        state = state + train.sum()"
RESET_NEW = "        state = 0.0\n        state = state + new.sum()"

PROBLEMS = [
    Problem(
        name="mend_lost_mask",
        lesson="09",
        title="Find the bug: a sum that loses the mask",
        task="The last state (B, n) of an LSTM with the weights W, U, b that reads h + h D, where "
        "h are the rows of E that the ids (B, T) name; id 0 is padding, behind the words, and is "
        "skipped.",
        reference=mend_lost_mask,
        draw=draw_words,
        outputs="h[B,n]",
        kind="keras",
        points=2,
        minutes=8,
        hints=(
            "Append a column of zeros to ids: does the answer change? Then the mask did not "
            "arrive. At which line was it lost?",
            "The plus sign loses it. A layer can add, too; or ask the embedding for its mask and "
            "hand it to the LSTM.",
            "layers.Add()([h, dense(h)]) in place of h + dense(h).",
        ),
        misconceptions=slips(
            mend_lost_mask,
            (
                "as handed out",
                "It is not mended yet: the padding is read like words, for the mask is lost on the "
                "way to the LSTM.",
                ("row[row > 0]", "row"),
            ),
            (
                "no sum",
                "Your LSTM reads h D alone: the h of the residual sum is missing.",
                ("E[words] + E[words] @ D", "E[words] @ D"),
            ),
            (
                "no dense layer",
                "Your LSTM reads h alone: h D is missing.",
                ("E[words] + E[words] @ D", "E[words]"),
            ),
            (
                "h twice",
                "You add h twice; the second term is h D.",
                ("E[words] + E[words] @ D", "E[words] + E[words]"),
            ),
            (
                "first word skipped",
                "The first word of each sentence is skipped.",
                ("row[row > 0]", "row[row > 0][1:]"),
            ),
            (
                "last word skipped",
                "The last word of each sentence is skipped: step t is real while t < length.",
                ("row[row > 0]", "row[row > 0][:-1]"),
            ),
            ("c for h", "That is the memory c; the state h is asked for.", ("[1][0]", "[1][1]")),
        ),
    ),
    Problem(
        name="mend_leaking_state",
        lesson="09",
        title="Find the bug: a state that leaks",
        task="What fit reports, loss and val_loss, each (epochs,), for a stateful running sum that "
        "learns nothing: it reads train (T,) and its answer, the sum, should be 0; then new (V,) "
        "as validation data. Every epoch and every validation starts from a state of 0.",
        reference=mend_leaking_state,
        draw=draw_streams,
        outputs="loss[epochs] val_loss[epochs]",
        kind="keras",
        points=2,
        minutes=10,
        hints=(
            "Print loss for three epochs. Nothing is learnt, and yet it grows: what does the "
            "second epoch start from?",
            "A keras.callbacks.Callback has methods that fit calls at the beginning of each epoch "
            "and of each validation.",
            "on_epoch_begin(self, epoch, logs=None) and on_test_begin(self, logs=None), both with "
            "memory.reset_state(); then fit(..., callbacks=[Reset()]).",
        ),
        misconceptions=slips(
            mend_leaking_state,
            (
                "as handed out",
                "It is not mended yet: validation goes on from where training ended, and each "
                "epoch from where validation ended.",
                (RESET_TRAINING, RESET_TRAINING.replace("        state = 0.0\n", "", 1)),
                (RESET_NEW, RESET_NEW.replace("        state = 0.0\n", "", 1)),
            ),
            (
                "no reset before validation",
                "Validation still goes on from where training ended: reset in on_test_begin, too.",
                (RESET_NEW, RESET_NEW.replace("        state = 0.0\n", "", 1)),
            ),
            (
                "no reset before an epoch",
                "Each epoch still goes on from where validation ended: reset in on_epoch_begin, "
                "too.",
                (RESET_TRAINING, RESET_TRAINING.replace("        state = 0.0\n", "", 1)),
            ),
        ),
    ),
    Problem(
        name="mend_saved_cell",
        lesson="09",
        title="Find the bug: a cell that comes back changed",
        task="The last state (B, n) of the leaky cell, h = (1 - leak) h + leak tanh(x W + h U), "
        "after its layer went into a configuration and came back.",
        reference=mend_saved_cell,
        draw=draw_leaky,
        outputs="h[B,n]",
        kind="keras",
        points=2,
        minutes=8,
        hints=(
            "No error, and other numbers after loading: print again.cell.leak.",
            "get_config says what is kept, and from_config makes a cell of it. What it leaves out "
            "gets its default.",
            'Add "leak": self.leak to get_config. (Without a get_config Keras would have kept '
            "both.)",
        ),
        misconceptions=slips(
            mend_saved_cell,
            (
                "as handed out",
                "It is not mended yet: leak came back as 1, its default, for get_config does not "
                "keep it.",
                ("(1 - leak) * h + leak * np.tanh(", "1.0 * np.tanh("),
            ),
            (
                "leak the wrong way",
                "Your leak keeps the old state; here it is the share of the new one.",
                ("(1 - leak) * h + leak *", "leak * h + (1 - leak) *"),
            ),
            (
                "old state kept whole",
                "The old state is kept whole: its share is 1 - leak.",
                ("(1 - leak) * h", "h"),
            ),
            (
                "tanh of the mixture",
                "The leak stands outside tanh.",
                (
                    "(1 - leak) * h + leak * np.tanh(x[:, t] @ W + h @ U)",
                    "np.tanh((1 - leak) * h + leak * (x[:, t] @ W + h @ U))",
                ),
            ),
            (
                "first step only",
                "That is the state after the first step.",
                ("range(x.shape[1])", "range(1)"),
            ),
            (
                "all but the last step",
                "The last step is missing.",
                ("range(x.shape[1])", "range(x.shape[1] - 1)"),
            ),
        ),
    ),
]
