"""Lesson 11: after the GRU: joined steps, minGRU, exponential gates, attention."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sigmoid, sizes, states
from course_utils.feedback.problem import Problem, slips


def join_steps(a1: Array, b1: Array, a2: Array, b2: Array) -> tuple[Array, Array]:
    a = a2 * a1
    b = a2 * b1 + b2
    return a, b


def draw_two_steps(rng, k):
    B, _, _, n = sizes(rng)
    return (
        *rng.uniform(0.1, 0.95, (1, B, n)),
        *rng.normal(size=(1, B, n)),
        *rng.uniform(0.1, 0.95, (1, B, n)),
        *rng.normal(size=(1, B, n)),
    )


JOIN = (
    ("order turned", "You let step 2 act first and step 1 after it. h_1 = a1 h_0 + b1 is what step "
     "2 multiplies with a2.", ("a2 * b1 + b2", "a1 * b2 + b1")),
    ("b1 not multiplied", "b1 is in h_1 already when step 2 multiplies h_1 with a2: it becomes "
     "a2 * b1.", ("a2 * b1 + b2", "b1 + b2")),
    ("b1 multiplied with a1", "a1 acts on h_0 alone, before b1 is added; what b1 meets is a2.",
     ("a2 * b1 + b2", "a1 * b1 + b2")),
    ("both multiplied with a2", "b2 is added after the multiplication with a2, so it stays as it "
     "is.", ("a2 * b1 + b2", "a2 * (b1 + b2)")),
    ("b1 multiplied twice", "b1 is not multiplied with a1: it is added after a1 has acted on h_0.",
     ("a2 * b1 + b2", "a2 * a1 * b1 + b2")),
    ("b1 lost", "b1 is lost: what step 1 added is still there after step 2, times a2.",
     ("a2 * b1 + b2", "b2")),
    ("factors added", "You add the factors; one acts after the other, so they multiply.",
     ("a2 * a1", "a2 + a1")),
    ("only the last factor", "h_0 has met both factors: the joined one is a2 * a1.",
     ("a2 * a1", "a2")),
    ("only the first factor", "h_0 has met both factors: the joined one is a2 * a1.",
     ("a2 * a1", "a1")),
    ("mean of the factors", "You take the geometric mean of the factors; both act in full.",
     ("a2 * a1", "np.sqrt(a2 * a1)")),
)  # fmt: skip


def min_gru(x: Array, h0: Array, W: Array, b: Array) -> Array:
    a_z, g = np.split(x @ W + b, 2, axis=2)
    z, h, states = sigmoid(a_z), h0, []
    for t in range(x.shape[1]):
        h = z[:, t] * h + (1 - z[:, t]) * g[:, t]
        states.append(h)
    return np.stack(states, axis=1)


def draw_min_gru(rng, k):
    B, T, m, n = sizes(rng)
    W, b = rng.normal(0, 0.7, (m, 2 * n)), rng.normal(0, 0.7, 2 * n)
    return rng.normal(size=(B, T, m)), states(rng, B, n), W, b


MIN_GRU = (
    ("z and 1 - z swapped", "Your z and 1 - z are swapped: here z keeps the old state, as in "
     "Keras. (In the paper of 2024 it replaces.)",
     ("sigmoid(a_z)", "1 - sigmoid(a_z)")),
    ("blocks swapped", "Your blocks are swapped: the first n columns of W are for z, the others "
     "for g.", ("a_z, g =", "g, a_z =")),
    ("tanh for the candidate", "Your candidate goes through tanh; a minGRU's does not.",
     ("* g[:, t]", "* np.tanh(g[:, t])")),
    ("sigmoid for the candidate", "Your candidate goes through the sigmoid; only z does.",
     ("* g[:, t]", "* sigmoid(g[:, t])")),
    ("no sigmoid", "Your z is not squashed: a gate needs the sigmoid.",
     ("sigmoid(a_z)", "a_z")),
    ("tanh for the gate", "Your z goes through tanh; a gate is a share between 0 and 1 and needs "
     "the sigmoid.", ("sigmoid(a_z)", "np.tanh(a_z)")),
    ("candidate not shared", "You write all of g; it gets what z leaves, 1 - z.",
     ("(1 - z[:, t]) * ", "")),
    ("old state not shared", "You keep all of the old state; z says how much of it stays.",
     ("z[:, t] * h +", "h +")),
    ("starts at zero", "Your state starts at zero; it starts at h0, and the first step keeps "
     "z times h0.", (", h0, []", ", 0 * h0, []")),
    ("h0 without its gate", "You add h0 to the first state as it is. The first step multiplies it "
     "with its z, like every step. In `scan`, where time comes first: b[0] += z[0] * h0.",
     ("z[:, t] * h +", "(z[:, t] if t else 1) * h +")),
    ("h0 without its gates", "You compute the states from zero and add h0 to each. What is left of "
     "h0 after a step is z times it.",
     (", h0, []", ", 0 * h0, []"), ("np.stack(states, axis=1)",
      "np.stack(states, axis=1) + h0[:, None]")),
    ("not carried", "Every step starts from h0; the state has to be carried from step to step.",
     ("z[:, t] * h +", "z[:, t] * h0 +")),
    ("bias missing", "The bias b is missing.", (" + b,", ",")),
    ("one step late", "Your states are one step late: keep h after the step, not before it.",
     ("        states.append(h)\n", ""),
     ("        h = z", "        states.append(h)\n        h = z")),
    ("only the last state", "You return the last state alone; the states of all steps are asked "
     "for.", ("np.stack(states, axis=1)", "h")),
    ("time first", "Time stands first in your states; the order of the axes is batch, time, units: "
     "np.stack(states, axis=1).", ("states, axis=1", "states, axis=0")),
    ("backwards", "Your loop runs from the last step to the first.",
     ("range(x.shape[1])", "reversed(range(x.shape[1]))")),
)  # fmt: skip


def exponential_gate(a_i: Array, log_f: Array, g: Array) -> Array:
    c, s, m = np.zeros_like(g[:, 0]), np.zeros_like(g[:, 0]), np.full_like(g[:, 0], -np.inf)
    states = []
    for t in range(g.shape[1]):
        m_old, m = m, np.maximum(log_f[:, t] + m, a_i[:, t])
        f, i = np.exp(log_f[:, t] + m_old - m), np.exp(a_i[:, t] - m)
        c, s = f * c + i * g[:, t], f * s + i
        states.append(c / s)
    return np.stack(states, axis=1)


def draw_exponents(rng, k):
    B, T, _, n = sizes(rng)
    a_i = rng.normal(0, 1.5, (B, T, n))
    if k == 1:
        a_i = a_i + 1000 * np.arange(T)[:, None]
    if k == 2:
        a_i = a_i - 1000
    return a_i, -rng.exponential(0.7, (B, T, n)) - 0.05, rng.normal(size=(B, T, n))


SHIFTED = "np.exp(log_f[:, t] + m_old - m), np.exp(a_i[:, t] - m)"
LARGEST = "np.maximum(log_f[:, t] + m, a_i[:, t])"
EXPONENTIAL = (
    ("no stabiliser", "Without m the exponential overflows, and infinity divided by infinity is no "
     "number: subtract m in both exponents.",
     ("np.full_like(g[:, 0], -np.inf)", "0"), (LARGEST, "0")),
    ("exponents clipped", "You cut the exponents off where exp would overflow. Beyond that all "
     "weights are the same, and it is those that matter: subtract the largest so far.",
     (SHIFTED, "np.exp(log_f[:, t]), np.exp(np.clip(a_i[:, t], -700, 700))")),
    ("m starts at 0", "Your m starts at 0, so where all exponents are far below 0, i and s become "
     "0. Before the first step there is no largest exponent: start m at -np.inf.",
     ("np.full_like(g[:, 0], -np.inf)", "np.zeros_like(g[:, 0])")),
    ("c not rescaled", "When m grows, c and s were divided by the old m: f needs the factor "
     "np.exp(old m - new m).", ("log_f[:, t] + m_old - m", "log_f[:, t]")),
    ("f rescaled the wrong way", "Your f is rescaled the wrong way round: it is old m - new m, "
     "which is what makes it smaller.", ("log_f[:, t] + m_old - m", "log_f[:, t] + m - m_old")),
    ("i not shifted", "Your i is not divided by exp(m); f is. Both need the same m.",
     ("np.exp(a_i[:, t] - m)", "np.exp(a_i[:, t])")),
    ("log of f not undone", "You multiply with the logarithm of f; f itself is its exponential.",
     ("np.exp(log_f[:, t] + m_old - m),", "log_f[:, t] * np.exp(m_old - m),")),
    ("f forgotten", "Your f keeps everything: log_f is missing.",
     (SHIFTED, "np.exp(m_old - m), np.exp(a_i[:, t] - m)"), (LARGEST, "np.maximum(m, a_i[:, t])")),
    ("sigmoid for i", "Your input gate is a sigmoid; here it is an exponential.",
     (SHIFTED, "np.exp(log_f[:, t]), sigmoid(a_i[:, t])")),
    ("not divided", "You return c; it has to be divided by the sum of the weights s.",
     ("states.append(c / s)", "states.append(c)")),
    ("s forgets nothing", "Your s adds up all weights and forgets none; it fades with f, as c "
     "does.", ("f * s + i", "np.exp(m_old - m) * s + i")),
    ("s is the last weight", "Your s is the last weight alone; it is the sum of all that are "
     "left.", ("f * s + i", "i")),
    ("one m for all steps", "You subtract the largest exponent of the whole sequence. Long before "
     "it i and s become 0, and 0 / 0 is no number: m is the largest so far.",
     (LARGEST, "a_i.max(axis=1)")),
    ("gates swapped", "You take a_i for the forget gate and log_f for the input gate.",
     (SHIFTED, "np.exp(a_i[:, t] + m_old - m), np.exp(log_f[:, t] - m)"),
     (LARGEST, "np.maximum(a_i[:, t] + m, log_f[:, t])")),
    ("last value only", "Your result is the last g: c is not carried from step to step.",
     ("f * c + i * g[:, t], f * s + i", "i * g[:, t], i")),
    ("plain mean", "That is the mean of all g so far, all with the same weight; each has its own.",
     (SHIFTED, "1, 1")),
)  # fmt: skip


def attention_read(q: Array, keys: Array, values: Array) -> Array:
    scores = np.einsum("bn,btn->bt", q, keys) / np.sqrt(q.shape[1])
    w = np.exp(scores - scores.max(axis=1, keepdims=True))
    w = w / w.sum(axis=1, keepdims=True)
    return np.einsum("bt,btk->bk", w, values)


def draw_words(rng, k):
    B, T, v, n = sizes(rng)
    q = rng.normal(size=(B, n)) * (20_000 if k == 2 else 1)
    return q, rng.normal(size=(B, T, n)), rng.normal(size=(B, T, v))


ROOT = " / np.sqrt(q.shape[1])"
LARGEST_SCORE = " - scores.max(axis=1, keepdims=True)"
NORMALISED = "w / w.sum(axis=1, keepdims=True)"
ATTENTION = (
    ("not divided by the root", "Your scores are not divided by the root of n; without it the "
     "softmax of long vectors is all but hard.", (ROOT, "")),
    ("divided by n", "You divide by n; it is the root of n.", (ROOT, " / q.shape[1]")),
    ("multiplied with the root", "You multiply with the root of n instead of dividing by it.",
     (ROOT, " * np.sqrt(q.shape[1])")),
    ("root of the number of steps", "You divide by the root of the number of steps; n is the "
     "length of a key.", (ROOT, " / np.sqrt(keys.shape[1])")),
    ("overflow", "With large scores exp overflows: subtract the largest score of each row first, "
     "which changes nothing else.", (LARGEST_SCORE, "")),
    ("one largest for all", "You subtract the largest score of the whole batch. In a row far below "
     "it all exponentials become 0, and 0 / 0 is no number: take the largest of each row, axis=1, "
     "keepdims=True.", (LARGEST_SCORE, " - scores.max()")),
    ("softmax over the batch", "Your weights sum to 1 over the batch; each sequence has its own: "
     "over the steps, axis=1.",
     (LARGEST_SCORE, " - scores.max(axis=0, keepdims=True)"),
     (NORMALISED, "w / w.sum(axis=0, keepdims=True)")),
    ("one sum for all", "You divide by the sum over the whole batch; each sequence has its own "
     "sum: axis=1, keepdims=True.", (LARGEST_SCORE, " - scores.max()"),
     (NORMALISED, "w / w.sum()")),
    ("not divided by the sum", "Your weights are not divided by their sum: they have to sum to 1.",
     (NORMALISED, "w")),
    ("no softmax", "You weight with the scores themselves; they go through a softmax first.",
     (NORMALISED, "scores")),
    ("scores divided by their sum", "You divide the scores by their sum; a softmax takes np.exp "
     "of them first.", (NORMALISED, "scores / scores.sum(axis=1, keepdims=True)")),
    ("sigmoid for softmax", "You weight with the sigmoid of the scores; a softmax shares 1 out "
     "among the steps.", (NORMALISED, "sigmoid(scores)")),
    ("only the best", "You take the value with the highest score alone; a softmax mixes.",
     (NORMALISED, "w == w.max(axis=1, keepdims=True)")),
    ("equal weights", "You take the plain mean of the values; the weights come from the scores.",
     (NORMALISED, "np.full_like(w, 1 / w.shape[1])")),
    ("the least like", "Your scores have the wrong sign: the key that is least like the question "
     "gets most weight.", ("np.einsum(\"bn,btn->bt\", q", "np.einsum(\"bn,btn->bt\", -q")),
    ("keys read", "You read the keys; their weights are for the values.",
     ("w, values)", "w, keys)")),
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="join_steps",
        lesson="11",
        title="Two steps in one",
        task="The factor a and the term b, each (B, n), of the single step h_2 = a h_0 + b that "
        "does what h_1 = a1 h_0 + b1 and h_2 = a2 h_1 + b2 do one after the other.",
        reference=join_steps,
        draw=draw_two_steps,
        outputs="a[B,n] b[B,n]",
        points=1,
        minutes=4,
        hints=(
            "Put h_1 from the first equation into the second. Which terms have h_0 in them?",
            "a2 (a1 h_0 + b1) + b2: multiply out.",
            "a = a2 * a1, b = a2 * b1 + b2.",
        ),
        misconceptions=slips(join_steps, *JOIN),
    ),
    Problem(
        name="min_gru",
        lesson="11",
        title="A minGRU that starts somewhere",
        task="The states (B, T, n) of a minGRU that starts at h0 (B, n) and reads x (B, T, m), "
        "with W (m, 2n) and b (2n,) in the blocks z, g; z keeps.",
        reference=min_gru,
        draw=draw_min_gru,
        outputs="h[B,T,n]",
        points=3,
        minutes=12,
        hints=(
            "Gates and candidates of all steps come from one product; only the mixing needs the "
            "state before.",
            "z = sigmoid of the first n columns of x @ W + b, g the others as they are. With a "
            "loop, start at h0. With scan, put h0 into the first step's b.",
            "h = z[:, t] * h + (1 - z[:, t]) * g[:, t]; or b[0] += z[0] * h0 before the scan.",
        ),
        misconceptions=slips(min_gru, *MIN_GRU),
    ),
    Problem(
        name="exponential_gate",
        lesson="11",
        title="An exponential gate that does not overflow",
        task="The states h = c / s (B, T, n) of c = f c + i g and s = f s + i, both from zero, "
        "with i = exp(a_i) and f = exp(log_f). The exponents a_i lie between -1000 and 5000.",
        reference=exponential_gate,
        draw=draw_exponents,
        outputs="h[B,T,n]",
        points=3,
        minutes=15,
        hints=(
            "c and s may both be divided by the same number without harm. Which number keeps all "
            "exponents at 0 or below?",
            "Carry m, the largest exponent that is still in c: the new m is the larger of "
            "log_f + old m and a_i. Keep c and s divided by exp(m).",
            "f = np.exp(log_f + old m - new m) and i = np.exp(a_i - new m), with m = -np.inf "
            "before the first step.",
        ),
        misconceptions=slips(exponential_gate, *EXPONENTIAL),
    ),
    Problem(
        name="attention_read",
        lesson="11",
        title="One look back",
        task="What a question q (B, n) reads, (B, k), from keys (B, T, n) and values (B, T, k): "
        "their mean, weighted by the softmax over the steps of q · key / root of n.",
        reference=attention_read,
        draw=draw_words,
        outputs="y[B,k]",
        points=2,
        minutes=8,
        hints=(
            "Three lines: a score for each step, weights that sum to 1, a weighted mean.",
            "scores (B, T) = (q[:, None] * keys).sum(axis=2) / root of n. Before exp, subtract "
            "the largest of each row.",
            "w = exp(scores - largest); w = w / w.sum(axis=1, keepdims=True); (w[:, :, None] * "
            "values).sum(axis=1).",
        ),
        misconceptions=slips(attention_read, *ATTENTION),
    ),
]
