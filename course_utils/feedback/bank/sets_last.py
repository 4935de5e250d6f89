"""Lessons 10 and 11: gaps in a series, windows that leak, and a matrix that overwrites."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, sizes
from course_utils.feedback.problem import Problem, slips


def carried_on(x: Array, limit: int) -> tuple[Array, Array]:
    known = ~np.isnan(x)
    values, last, age = np.zeros(x.shape), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for t in range(len(x)):
        last = np.where(known[t], x[t], last)
        age = np.where(known[t], 0, age + 1)
        values[t] = np.where(age <= limit, last, 0)
    return values, known.astype(float)


def draw_gaps(rng, k):
    limit = int(rng.integers(2, 4))
    x = rng.normal(0, 1, (30, 3)) + rng.uniform(1, 3, 3)
    x[:2, 0] = x[5:7, 0] = x[11 : 12 + limit + 3, 0] = np.nan
    x[3 : 3 + limit + 1, 1] = x[20:21, 1] = x[22:23, 1] = x[24 : 24 + limit, 1] = np.nan
    x[0, 2] = x[9 : 9 + limit + 2, 2] = x[26:, 2] = np.nan
    return x, limit


KEPT = "np.where(age <= limit, last, 0)"
CARRIED = (
    ("no limit", "You carry a value on however old it is; after `limit` hours there is a 0.",
     (KEPT, "last")),
    ("one hour too long", "You carry a value on for one hour more than `limit`.",
     ("age <= limit", "age <= limit + 1")),
    ("one hour too short", "You carry a value on for one hour less than `limit`.",
     ("age <= limit", "(age < limit) | known[t]")),
    ("nothing carried", "You put 0 for every missing value; for `limit` hours the last one is "
     "carried on.", (KEPT, "np.where(known[t], last, 0)")),
    ("filled from the future", "You fill from behind: the next value, which nobody has measured "
     "yet. Go through the hours from the first to the last.",
     ("range(len(x))", "reversed(range(len(x)))")),
    ("drawn through the gap", "You draw a line from the value before a gap to the one behind it. "
     "In the gap nobody knows the one behind: that is a leak.",
     ("    return values", "    t = np.arange(len(x))\n    values = np.stack([np.interp(t, t[k], "
      "one[k]) for one, k in zip(x.T, known.T)], axis=1)\n    return values")),
    ("long gaps left out whole", "You carry nothing on in a gap that gets longer than `limit`. In "
     "its first hour nobody knows how long it will be: carry on, and stop after `limit` hours.",
     ("    return values", "    for j in range(x.shape[1]):\n        t = 0\n        while t < len("
      "x):\n            end = t\n            while end < len(x) and not known[end, j]:\n"
      "                end += 1\n            if end - t > limit:\n                values[t:end, j]"
      " = 0\n            t = end + 1\n    return values")),
    ("hours counted in all", "You count all missing hours so far; after a measured one the count "
     "begins anew.", ("np.where(known[t], 0, age + 1)", "age + ~known[t]"),
     ("age <= limit", "known[t] | (age <= limit)")),
    ("columns together", "You let a gap of one column age them all; each column has its own gaps.",
     ("np.where(known[t], 0, age + 1)", "np.where(known[t], 0, np.max(age) + 1)")),
    ("start filled backwards", "Before the first value of a column you put that value. Nobody "
     "knows it yet: 0.", ("    return values", "    for j in range(x.shape[1]):\n        first = "
      "known[:, j].argmax()\n        values[:first, j] = x[first, j]\n    return values")),
    ("known turned", "Your `known` is turned: 1 where a value was measured, 0 where not.",
     ("known.astype(float)", "(~known).astype(float)")),
    ("carried counts as known", "Your `known` is 1 where a value was carried on, too; the network "
     "is to be told which ones were measured.",
     ("    return", "    known = known | (values != 0)\n    return")),
)  # fmt: skip


def leaked_share(train: Array, test: Array, size: int) -> float:
    apart = np.abs(test[:, None] - train[None, :])
    return float(np.mean(apart.min(axis=1) < size))


def draw_starts(rng, k):
    size = int(rng.integers(5, 9))
    train = int(rng.integers(50, 90)) + 3 * size * np.arange(7)
    apart = {size - 1: 1, 2: 4, 0: 1, 1 - size: 2, -1: 2, size: 2, size + size // 2: 1}
    near = np.repeat(list(apart), list(apart.values()))
    test = np.r_[train[rng.integers(1, 6, len(near))] + near, 500 + rng.integers(0, 300, 5)]
    return rng.permutation(train), rng.permutation(test), size


LEAKED = (
    ("touching counts", "You count windows that only touch: one ends and the next begins, and no "
     "hour is in both.", ("< size", "<= size")),
    ("one hour shared missed", "You miss windows that share a single hour.",
     ("< size", "< size - 1")),
    ("same start only", "You count only test windows that start where a training window does; one "
     "hour later nearly all hours are still the same.", ("< size", "== 0")),
    ("only later ones", "You look only at test windows that start behind a training window; those "
     "that start before it and run into it leak, too.",
     ("np.abs(test[:, None] - train[None, :])",
      "np.where(test[:, None] >= train, test[:, None] - train, size)")),
    ("only earlier ones", "You look only at test windows that start before a training window; "
     "those behind it leak, too.",
     ("np.abs(test[:, None] - train[None, :])",
      "np.where(test[:, None] <= train, train - test[:, None], size)")),
    ("share of the training windows", "That is the share of *training* windows; of the test "
     "windows is asked for.", ("axis=1", "axis=0")),
    ("share of all pairs", "You count pairs of windows. A test window leaks if it shares an hour "
     "with *some* training window.", ("apart.min(axis=1)", "apart")),
    ("whole number", "You count the windows; divide by the number of test windows.",
     ("np.mean(", "np.sum(")),
    ("between first and last", "You count every test window that lies between the first and the "
     "last training window. In between there may be room.",
     ("apart.min(axis=1) < size", "(test > train.min() - size) & (test < train.max() + size)")),
    ("the clean ones", "That is the share of the windows that do *not* leak.",
     ("< size", ">= size")),
)  # fmt: skip


def matrix_read(q: Array, keys: Array, values: Array) -> Array:
    S = np.zeros((len(q), q.shape[1], values.shape[2]))
    for t in range(keys.shape[1]):
        k, v = keys[:, t], values[:, t]
        old = np.einsum("bn,bnk->bk", k, S)
        S = S + k[:, :, None] * (v - old)[:, None, :]
    return np.einsum("bn,bnk->bk", q, S)


def draw_pairs(rng, k):
    B, T, v, n = sizes(rng)
    keys = rng.normal(size=(B, T + 2, n))
    keys[:, -1] = keys[:, 0] + 0.3 * keys[:, 1]
    keys = keys / np.linalg.norm(keys, axis=2, keepdims=True)
    return rng.normal(size=(B, n)), keys, rng.normal(size=(B, T + 2, v)) + 0.5


MATRIX = (
    ("nothing taken out", "You add the new value and leave the old one under the same key: what is "
     "read is their sum. Write the value minus what S holds under the key.", ("(v - old)", "v")),
    ("only taken out", "You take the old value out and never write the new one: value minus "
     "old value.",
     ("(v - old)", "(-old)")),
    ("added, not taken out", "You add what is there under the key; it has to be taken out: "
     "value minus old value.", ("v - old", "v + old")),
    ("memory not carried", "Each pair wipes the whole matrix; only what stands under its own key "
     "goes: S = S + ...", ("S = S + k", "S = k")),
    ("old read with the question", "You read the old value with q; what is to be overwritten "
     "stands under k.", ("np.einsum(\"bn,bnk->bk\", k, S)", "np.einsum(\"bn,bnk->bk\", q, S)")),
    ("all old values taken out", "You take the sum of all of S out, not what k reads.",
     ("np.einsum(\"bn,bnk->bk\", k, S)", "S.sum(axis=1)")),
    ("last pair missing", "The last pair is missing: the loop ends one step early.",
     ("range(keys.shape[1])", "range(keys.shape[1] - 1)")),
    ("backwards", "You write the pairs from the last to the first, so the first one wins.",
     ("range(keys.shape[1])", "reversed(range(keys.shape[1]))")),
    ("mean of the pairs", "You divide by the number of pairs; a matrix that overwrites needs no "
     "mean.", ("return np.einsum(\"bn,bnk->bk\", q, S)",
               "return np.einsum(\"bn,bnk->bk\", q, S) / keys.shape[1]")),
    ("a head", "That is a softmax over all steps: a head. It keeps all pairs; here there is one "
     "matrix, and each pair changes it.",
     ("return np.einsum(\"bn,bnk->bk\", q, S)",
      "w = np.exp(np.einsum(\"bn,btn->bt\", q, keys) / np.sqrt(q.shape[1]))\n"
      "    return np.einsum(\"bt,btk->bk\", w / w.sum(axis=1, keepdims=True), values)")),
)  # fmt: skip

PROBLEMS = [
    Problem(
        name="carried_on",
        lesson="10",
        title="Gaps, filled from the past",
        task="The series x (T, K) without NaN: a missing value is the last measured one of its "
        "column, for at most `limit` hours, and 0 after that and before the first; and `known` "
        "(T, K), 1 where a value was measured and 0 elsewhere.",
        reference=carried_on,
        draw=draw_gaps,
        outputs="values[T,K] known[T,K]",
        points=3,
        minutes=12,
        hints=(
            "Go through the hours as they come. What do you have to remember of each column? Two "
            "things.",
            "The last measured value, and how many hours ago that was. A measured hour sets the "
            "second to 0.",
            "last = np.where(known[t], x[t], last), age = np.where(known[t], 0, age + 1), and the "
            "value is last where age <= limit, else 0. Both begin with zeros.",
        ),
        misconceptions=slips(carried_on, *CARRIED),
    ),
    Problem(
        name="leaked_share",
        lesson="10",
        title="A leak, measured",
        task="The share of the test windows that have at least one hour in common with some "
        "training window, from the first hours `train` and `test` of windows of `size` hours.",
        reference=leaked_share,
        draw=draw_starts,
        outputs="share[]",
        points=2,
        minutes=8,
        hints=(
            "A window that starts at s has the hours s to s + size - 1. How far apart may two "
            "starts be?",
            "Less than `size`, in either direction. np.abs(test[:, None] - train) has all "
            "distances.",
            "np.mean(np.abs(test[:, None] - train).min(axis=1) < size)",
        ),
        misconceptions=slips(leaked_share, *LEAKED),
    ),
    Problem(
        name="matrix_read",
        lesson="11",
        title="A matrix that overwrites",
        task="What a question q (B, n) reads, (B, k), from a matrix S that begins with zeros: for "
        "each key (B, T, n), of length 1, what S holds under it is taken out, and its value "
        "(B, T, k) is written; then y = q S.",
        reference=matrix_read,
        draw=draw_pairs,
        outputs="y[B,k]",
        points=2,
        minutes=12,
        hints=(
            "S holds under a key what key @ S reads. After the step key @ S has to be the value.",
            "Add the outer product of the key with what is missing: the value minus what key @ S "
            "reads.",
            "With key, value = keys[:, t], values[:, t], and old = (key[:, :, None] * S)"
            ".sum(axis=1): "
            "S = S + key[:, :, None] * (value - old)[:, None, :].",
        ),
        misconceptions=slips(matrix_read, *MATRIX),
    ),
]
