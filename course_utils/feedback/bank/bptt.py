"""Lesson 02: backpropagation through time."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, gaps, sizes, states, weights
from course_utils.feedback.problem import Problem, slips


def rnn_step_backward(dh: Array, x: Array, h_prev: Array, h: Array, W: Array, U: Array):
    da = dh * (1 - h**2)
    dx = da @ W.T
    dh_prev = da @ U.T
    dW = x.T @ da
    dU = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dW, dU, db


def bptt(dy: Array, x: Array, mask: Array, h: Array, W: Array, U: Array):
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t]
        dh = dh + dy[:, t]
        read = mask[:, t, None]
        held = np.where(read, 0, dh)
        da = np.where(read, dh, 0) * (1 - h[:, t + 1] ** 2)
        dW = dW + x[:, t].T @ da
        dU = dU + h_prev.T @ da
        db = db + da.sum(axis=0)
        dx[:, t] = da @ W.T
        dh = da @ U.T + held
    return dx, dW, dU, db, dh


def draw_step(rng, k):
    B, _, m, n = sizes(rng)
    W, U, b = weights(rng, m, n, 1)
    x, h_prev = rng.normal(size=(B, m)), states(rng, B, n)
    return rng.normal(size=(B, n)), x, h_prev, np.tanh(x @ W + h_prev @ U + b), W, U


def draw_sequence(rng, k):
    B, T, m, n = sizes(rng)
    W, U, _ = weights(rng, m, n, 1)
    mask, h = gaps(rng, B, T), states(rng, B, T + 1, n)
    for t in range(T):
        h[:, t + 1] = np.where(mask[:, t, None], h[:, t + 1], h[:, t])
    return rng.normal(size=(B, T, n)), rng.normal(size=(B, T, m)), mask, h, W, U


ALL_USES = "every step uses the same weights, so their gradients are the sums over all steps."

PROBLEMS = [
    Problem(
        name="rnn_step_backward",
        lesson="02",
        title="One step back",
        task="The gradients dx, dh_prev, dW, dU, db of one step h = tanh(x @ W + h_prev @ U + b), "
        "given dh (B, n) and x (B, m), h_prev and h (B, n), W, U.",
        reference=rnn_step_backward,
        draw=draw_step,
        outputs="dx[B,m] dh_prev[B,n] dW[m,n] dU[n,n] db[n]",
        points=3,
        minutes=12,
        hints=(
            "First go back through tanh: from dh to da, the gradient of the sum inside.",
            "The slope of tanh is 1 - h**2. Then each factor of a product gets da times the other "
            "factor, turned so that the shapes fit.",
            "da = dh * (1 - h**2); dx = da @ W.T, dh_prev = da @ U.T; dW = x.T @ da, dU = "
            "h_prev.T @ da; db is the sum of da over the batch.",
        ),
        misconceptions=slips(
            rnn_step_backward,
            (
                "slope of tanh missing",
                "The slope of tanh is missing: da = dh * (1 - h**2).",
                ("dh * (1 - h**2)", "dh"),
            ),
            (
                "slope at the old state",
                "You take the slope of tanh at h_prev; it belongs to the state that tanh made, h.",
                ("(1 - h**2)", "(1 - h_prev**2)"),
            ),
            (
                "tanh taken twice",
                "You take 1 - tanh(h)**2, but h is tanh of the sum already: the slope is 1 - h**2.",
                ("h**2", "np.tanh(h)**2"),
            ),
            (
                "slope of the sigmoid",
                "h * (1 - h) is the slope of a sigmoid; that of tanh is 1 - h**2.",
                ("(1 - h**2)", "h * (1 - h)"),
            ),
            (
                "square missing in the slope",
                "The slope of tanh is 1 - h**2, not 1 - h.",
                ("h**2", "h"),
            ),
            (
                "U not transposed",
                "On the way back U is transposed: dh_prev = da @ U.T.",
                ("da @ U.T", "da @ U"),
            ),
            (
                "dU with the new state",
                "dU needs the state that was multiplied with U, h_prev; you take h.",
                ("h_prev.T @ da", "h.T @ da"),
            ),
            (
                "dU transposed",
                "dU is transposed: dU = h_prev.T @ da.",
                ("h_prev.T @ da", "da.T @ h_prev"),
            ),
            (
                "db is a mean",
                "db is the sum over the batch, not the mean.",
                ("da.sum(axis=0)", "da.mean(axis=0)"),
            ),
            (
                "db not summed",
                "db needs one number for each unit: sum da over the batch.",
                ("da.sum(axis=0)", "da"),
            ),
            (
                "weights averaged over the batch",
                "dW and dU are sums over the batch; you divide by its size.",
                ("x.T @ da", "x.T @ da / len(x)"),
                ("h_prev.T @ da", "h_prev.T @ da / len(x)"),
            ),
            (
                "weights from dh",
                "dW and dU are built from dh; they need da, behind the slope of tanh.",
                ("x.T @ da", "x.T @ dh"),
                ("h_prev.T @ da", "h_prev.T @ dh"),
            ),
        ),
    ),
    Problem(
        name="bptt",
        uses=("rnn_step_backward",),
        lesson="02",
        title="Backpropagation through time, with gaps",
        task="The gradients dx, dW, dU, db, dh0 of a whole sequence, given dy (B, T, n), what the "
        "loss wants of every state directly, x (B, T, m), mask (B, T), W, U, and the states h "
        "(B, T + 1, n) as in the lesson: h[:, 0] is the first state, h[:, t + 1] the one after "
        "step t. Where mask is False the sequence made no step: h[:, t + 1] is h[:, t].",
        reference=bptt,
        draw=draw_sequence,
        outputs="dx[B,T,m] dW[m,n] dU[n,n] db[n] dh0[B,n]",
        points=4,
        minutes=20,
        hints=(
            "It is the step back of the exercise before, in a loop from the last to the first.",
            "A state has two readers: the output, which wants dy[:, t], and the next step, whose "
            "wish comes back as dh. Add them. Where nothing was read, the state before is the "
            "state after, so it gets all of dh, and nothing else gets any.",
            "dh = dh + dy[:, t]; read = mask[:, t, None]; held = np.where(read, 0, dh); da = "
            "np.where(read, dh, 0) * (1 - h[:, t + 1]**2); add to dW, dU and db; then dh = da @ "
            "U.T + held for the step before. The state before step t is h[:, t].",
        ),
        misconceptions=slips(
            bptt,
            (
                "mask ignored",
                "mask has no part in it: where it is False there was no step, and dh goes to the "
                "state before as it is.",
                ("np.where(read, 0, dh)", "0"),
                ("np.where(read, dh, 0)", "dh"),
            ),
            (
                "gradient lost in a gap",
                "In a gap your gradient ends; the state before is the same state, so dh goes on to "
                "it as it is.",
                (" + held", ""),
            ),
            (
                "gradient twice in a gap",
                "In a gap dh goes on as it is, and also through the step that was not made.",
                ("np.where(read, dh, 0)", "dh"),
            ),
            (
                "straight on at every step",
                "dh goes straight on to the state before at every step; it does so only in a gap.",
                ("np.where(read, 0, dh)", "dh"),
            ),
            (
                "dh not accumulated",
                "What comes back from the next step is lost: dh has to be added to dy[:, t].",
                ("dh = dh + dy[:, t]", "dh = dy[:, t]"),
            ),
            (
                "only the last dy",
                "Only the dy of the last step goes in; each state has its own dy[:, t].",
                ("dh = dh + dy[:, t]", "dh = dh + dy[:, t] * (t == x.shape[1] - 1)"),
            ),
            (
                "dy of the last step everywhere",
                "You add dy[:, -1] at every step; step t has its own dy[:, t].",
                ("dy[:, t]", "dy[:, -1]"),
            ),
            (
                "weights of one step only",
                "Your dW, dU and db hold the first step only: " + ALL_USES,
                ("dW + x[:, t]", "x[:, t]"),
                ("dU + h_prev", "h_prev"),
                ("db + da", "da"),
            ),
            (
                "weights averaged over time",
                "You average over the steps: " + ALL_USES,
                (
                    "return dx, dW, dU, db,",
                    "T = x.shape[1]\n    return dx, dW / T, dU / T, db / T,",
                ),
            ),
            (
                "dU with the state of the same step",
                "dU needs the state before the step, h[:, t]; you take h[:, t + 1], the one "
                "after it.",
                ("h_prev.T @ da", "h[:, t + 1].T @ da"),
            ),
            (
                "slope of the step before",
                "You take the slope of tanh at the state before the step; it belongs to the one "
                "after it, h[:, t + 1].",
                ("h[:, t + 1] ** 2", "h_prev ** 2"),
            ),
            (
                "slope of tanh missing",
                "The slope of tanh is missing: da = dh * (1 - h[:, t + 1]**2).",
                (" * (1 - h[:, t + 1] ** 2)", ""),
            ),
            (
                "h0 taken for zero",
                "At the first step the state before is h[:, 0], not zero.",
                ("h_prev = h[:, t]", "h_prev = h[:, t] * (t > 0)"),
            ),
            (
                "h read as if it began after step 0",
                "In this task h has the first state in front: h[:, t] is the state before step t, "
                "h[:, t + 1] the one after it.",
                ("h_prev = h[:, t]", "h_prev = h[:, t - 1] if t > 0 else 0 * h[:, 0]"),
                ("h[:, t + 1] ** 2", "h[:, t] ** 2"),
            ),
            (
                "loop runs forwards",
                "Your loop runs from the first step to the last; the gradient comes from the end.",
                ("reversed(range(x.shape[1]))", "range(x.shape[1])"),
            ),
            (
                "U not transposed",
                "On the way back U is transposed: dh = da @ U.T.",
                ("da @ U.T", "da @ U"),
            ),
            (
                "only one step back",
                "Your gradient goes back one step and no further: dh has to be carried through "
                "all of them.",
                (
                    "dh = da @ U.T",
                    "dh = (np.where(read, dy[:, t], 0) * (1 - h[:, t + 1] ** 2)) @ U.T",
                ),
            ),
        ),
    ),
]
