"""Lesson 02: backpropagation through time."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes, states, weights
from course_utils.feedback.problem import Problem, slips


def rnn_step_backward(dh: Array, x: Array, h_prev: Array, h: Array, W: Array, U: Array):
    da = dh * (1 - h**2)
    dx = da @ W.T
    dh_prev = da @ U.T
    dW = x.T @ da
    dU = h_prev.T @ da
    db = da.sum(axis=0)
    return dx, dh_prev, dW, dU, db


def bptt(dy: Array, x: Array, h0: Array, h: Array, W: Array, U: Array):
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        h_prev = h[:, t - 1] if t > 0 else h0
        dh = dh + dy[:, t]
        da = dh * (1 - h[:, t] ** 2)
        dW = dW + x[:, t].T @ da
        dU = dU + h_prev.T @ da
        db = db + da.sum(axis=0)
        dx[:, t] = da @ W.T
        dh = da @ U.T
    return dx, dW, dU, db, dh


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


def draw_step(rng, k):
    B, _, m, n = sizes(rng)
    W, U, b = weights(rng, m, n, 1)
    x, h_prev = rng.normal(size=(B, m)), states(rng, B, n)
    return rng.normal(size=(B, n)), x, h_prev, np.tanh(x @ W + h_prev @ U + b), W, U


def draw_sequence(rng, k):
    B, T, m, n = sizes(rng)
    W, U, _ = weights(rng, m, n, 1)
    return (rng.normal(size=(B, T, n)), rng.normal(size=(B, T, m)), states(rng, B, n),
            states(rng, B, T, n), W, U)  # fmt: skip


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


ALL_USES = ("every step uses the same weights, so their gradients are the sums over all steps.")

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
            "da = dh * (1 - h**2); dx = da @ W.T, dh_prev = da @ U.T; dW = x.T @ da, "
            "dU = h_prev.T @ da; db is the sum of da over the batch.",
        ),
        misconceptions=slips(
            rnn_step_backward,
            ("slope of tanh missing", "The slope of tanh is missing: da = dh * (1 - h**2).",
             ("dh * (1 - h**2)", "dh")),
            ("slope at the old state", "You take the slope of tanh at h_prev; it belongs to the "
             "state that tanh made, h.", ("(1 - h**2)", "(1 - h_prev**2)")),
            ("tanh taken twice", "You take 1 - tanh(h)**2, but h is tanh of the sum already: the "
             "slope is 1 - h**2.", ("h**2", "np.tanh(h)**2")),
            ("slope of the sigmoid", "h * (1 - h) is the slope of a sigmoid; that of tanh is "
             "1 - h**2.", ("(1 - h**2)", "h * (1 - h)")),
            ("square missing in the slope", "The slope of tanh is 1 - h**2, not 1 - h.",
             ("h**2", "h")),
            ("U not transposed", "On the way back U is transposed: dh_prev = da @ U.T.",
             ("da @ U.T", "da @ U")),
            ("dU with the new state", "dU needs the state that was multiplied with U, h_prev; you "
             "take h.", ("h_prev.T @ da", "h.T @ da")),
            ("dU transposed", "dU is transposed: dU = h_prev.T @ da.",
             ("h_prev.T @ da", "da.T @ h_prev")),
            ("db is a mean", "db is the sum over the batch, not the mean.",
             ("da.sum(axis=0)", "da.mean(axis=0)")),
            ("db not summed", "db needs one number for each unit: sum da over the batch.",
             ("da.sum(axis=0)", "da")),
            ("weights averaged over the batch", "dW and dU are sums over the batch; you divide by "
             "its size.", ("x.T @ da", "x.T @ da / len(x)"),
             ("h_prev.T @ da", "h_prev.T @ da / len(x)")),
            ("weights from dh", "dW and dU are built from dh; they need da, behind the slope of "
             "tanh.", ("x.T @ da", "x.T @ dh"), ("h_prev.T @ da", "h_prev.T @ dh")),
        ),
    ),
    Problem(
        name="bptt",
        lesson="02",
        title="Backpropagation through time",
        task="The gradients dx, dW, dU, db, dh0 of a whole sequence, given dy (B, T, n), what the "
        "loss wants of every state directly, x (B, T, m), the first state h0 (B, n), the states h "
        "(B, T, n) after each step, W and U.",
        reference=bptt,
        draw=draw_sequence,
        outputs="dx[B,T,m] dW[m,n] dU[n,n] db[n] dh0[B,n]",
        points=4,
        minutes=20,
        hints=(
            "It is the step back of the exercise before, in a loop from the last to the first.",
            "A state has two readers: the output, which wants dy[:, t], and the next step, whose "
            "wish comes back as dh. Add them.",
            "dh = dh + dy[:, t]; da = dh * (1 - h[:, t]**2); add to dW, dU and db; then "
            "dh = da @ U.T for the step before. The state before step 0 is h0.",
        ),
        misconceptions=slips(
            bptt,
            ("dh not accumulated", "What comes back from the next step is lost: dh has to be added "
             "to dy[:, t].", ("dh = dh + dy[:, t]", "dh = dy[:, t]")),
            ("only the last dy", "Only the dy of the last step goes in; each state has its own "
             "dy[:, t].",
             ("dh = dh + dy[:, t]", "dh = dh + dy[:, t] * (t == x.shape[1] - 1)")),
            ("dy of the last step everywhere", "You add dy[:, -1] at every step; step t has its "
             "own dy[:, t].", ("dy[:, t]", "dy[:, -1]")),
            ("weights of one step only", "Your dW, dU and db hold the first step only: " + ALL_USES,
             ("dW + x[:, t]", "x[:, t]"), ("dU + h_prev", "h_prev"), ("db + da", "da")),
            ("weights averaged over time", "You average over the steps: " + ALL_USES,
             ("return dx, dW, dU, db,",
              "T = x.shape[1]\n    return dx, dW / T, dU / T, db / T,")),
            ("dU with the state of the same step", "dU needs the state before the step; you take "
             "h[:, t], the one after it.", ("h_prev.T @ da", "h[:, t].T @ da")),
            ("slope of the step before", "You take the slope of tanh at the state of the step "
             "before; it belongs to h[:, t].", ("h[:, t] ** 2", "h_prev ** 2")),
            ("slope of tanh missing", "The slope of tanh is missing: da = dh * (1 - h[:, t]**2).",
             (" * (1 - h[:, t] ** 2)", "")),
            ("h0 taken for zero", "At the first step the state before is h0, not zero.",
             ("else h0", "else 0 * h0")),
            ("wrap-around at the first step", "At the first step h[:, t - 1] is h[:, -1], the last "
             "state of all; the state before it is h0.", ("h[:, t - 1] if t > 0 else h0",
             "h[:, t - 1]")),
            ("loop runs forwards", "Your loop runs from the first step to the last; the gradient "
             "comes from the end.", ("reversed(range(x.shape[1]))", "range(x.shape[1])")),
            ("U not transposed", "On the way back U is transposed: dh = da @ U.T.",
             ("da @ U.T", "da @ U")),
            ("only one step back", "Your gradient goes back one step and no further: dh has to be "
             "carried through all of them.", ("dh = da @ U.T", "dh = (dy[:, t] * "
             "(1 - h[:, t] ** 2)) @ U.T")),
        ),
    ),
    Problem(
        name="gradient_check",
        lesson="02",
        title="A gradient by nudging",
        task="The gradient of the loss np.sum(np.tanh(x @ w)**2) with respect to each w[k], "
        "measured by nudging w[k] up and down by e, both sides.",
        reference=gradient_check,
        draw=draw_check,
        outputs="slopes[n]",
        points=2,
        minutes=8,
        hints=(
            "Nudge one weight at a time and leave all others as they are.",
            "Compute the loss with w[k] + e and with w[k] - e. How far apart are the two weights?",
            "(loss(up) - loss(down)) / (2 * e), with fresh copies of w for each k.",
        ),
        misconceptions=slips(
            gradient_check,
            ("one side only", "You nudge to one side only; from both sides the bend of the curve "
             "cancels.", ("down[k] -= e", "pass"), ("(2 * e)", "e")),
            ("divided by e", "The two weights are 2 e apart, not e: your slopes are twice too "
             "steep.", ("(2 * e)", "e")),
            ("2 missing in brackets", "/ 2 * e divides by 2 and multiplies with e: write "
             "/ (2 * e).", ("/ (2 * e)", "/ 2 * e")),
            ("not divided", "This is the difference of the two losses; divide it by the distance "
             "2 * e.", (" / (2 * e)", "")),
            ("sign", "The difference is the wrong way round: the loss above minus the loss "
             "below.", ("loss(up) - loss(down)", "loss(down) - loss(up)")),
            ("nudges not taken back", "Your nudges pile up: each weight has to be put back before "
             "the next one is nudged.",
             ("up, down = w.copy(), w.copy()",
              "up, down = (up, down) if k else (w.copy(), w.copy())")),
            ("all weights at once", "You nudge all weights at once; each one needs a nudge of its "
             "own.", ("up[k] += e", "up += e"), ("down[k] -= e", "down -= e")),
            ("chain rule", "That is the exact gradient, by the chain rule; here the way by "
             "nudging, with this e, is asked for.",
             ("slopes[k] = (loss(up) - loss(down)) / (2 * e)",
              "slopes[k] = np.sum(2 * np.tanh(x @ w) * (1 - np.tanh(x @ w) ** 2) * x[:, k])")),
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
            ("each number clipped", "You clip each number by itself, which turns the gradient in "
             "another direction; shorten all of them by the same factor.",
             ("return dW * factor, dU * factor, db * factor",
              "return tuple(np.clip(one, -limit, limit) for one in (dW, dU, db))")),
            ("each array by its own norm", "Each array is clipped by its own norm; all three share "
             "one norm and one factor.",
             ("return dW * factor, dU * factor, db * factor",
              "return tuple(one * min(1, limit / np.linalg.norm(one)) for one in (dW, dU, db))")),
            ("short gradients stretched", "A gradient that is short enough is stretched to the "
             "limit; it stays as it is.", ("min(1, limit / norm)", "limit / norm")),
            ("never clipped", "Nothing is ever shortened.", ("min(1, limit / norm)", "1")),
            ("factor upside down", "The factor is upside down: limit / norm shortens.",
             ("min(1, limit / norm)", "max(1, norm / limit)")),
            ("root missing", "You compare the sum of squares with the limit; take its root first.",
             ("np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
              "np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2)")),
            ("norms added up", "You add up the three norms; the common norm is the root of the sum "
             "of all squares.", ("np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
              "np.sqrt(np.sum(dW**2)) + np.sqrt(np.sum(dU**2)) + np.sqrt(np.sum(db**2))")),
            ("bias left out of the norm", "db has no part in your norm; all three arrays count.",
             (" + np.sum(db**2)", "")),
            ("always to norm 1", "You divide by the norm, so that the result always has norm 1; "
             "the limit is asked for.", ("min(1, limit / norm)", "1 / norm")),
            ("largest number for the norm", "You compare the largest number with the limit; the "
             "norm is the root of the sum of all squares.",
             ("np.sqrt(np.sum(dW**2) + np.sum(dU**2) + np.sum(db**2))",
              "max(np.abs(one).max() for one in (dW, dU, db))")),
        ),
    ),
]
