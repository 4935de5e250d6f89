"""A linear recurrence for all steps at once: h_t = a_t h_{t-1} + b_t.

Two steps in a row are one step of the same kind, with the factors a_2 a_1 and a_2 b_1 + b_2. So
every second state follows from half as many steps, and the states between from their neighbours:
about 2 log2(T) rounds, in each of which all steps could be computed at the same moment. The work is
three times that of the loop, or less. Nothing is divided, and no logarithm is taken.

Sources: Blelloch 1990, "Prefix sums and their applications"; Martin & Cundy 2018, "Parallelizing
linear recurrent neural nets over sequence length".
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.faint import OFTEN, SELDOM, clear, look_at

Solver = Callable[[Array, Array], Array]


def scan(a: Array, b: Array, stride: int = 1) -> Array:
    """All states h (T, ...) of h_t = a_t h_{t-1} + b_t, from h = 0; ``a`` and ``b`` (T, ...).

    ``stride`` is how many steps one step here stands for. Where these are many, what is too small
    to matter is taken for zero, see ``faint``.
    """
    if len(a) == 1:
        return b.copy()
    h = np.empty_like(b)
    first, second = slice(0, len(a) - 1, 2), slice(1, None, 2)
    factor = a[second] * a[first]
    if stride >= 2 * OFTEN:
        clear(factor)
    h[second] = scan(factor, a[second] * b[first] + b[second], 2 * stride)
    h[0] = b[0]
    h[2::2] = a[2::2] * h[1:-1:2] + b[2::2]
    if stride >= 2 * OFTEN:
        clear(h)
    return h


def loop(a: Array, b: Array) -> Array:
    """The same, step by step."""
    h, look = b.copy(), SELDOM
    for t in range(1, len(a)):
        h[t] += a[t] * h[t - 1]
        if t == look:
            look = t + look_at([h[t]])
    return h


def backward(a: Array, dh: Array, solver: Solver = scan) -> Array:
    """Whole gradients of the states (T, ...), given those that come from outside, ``dh``.

    Backwards it is the same recurrence: dh_t += a_{t+1} dh_{t+1}. The gradient of b is the result,
    that of a the result times h_{t-1}.
    """
    later = np.concatenate((a[1:], np.zeros_like(a[:1])))
    return solver(later[::-1], dh[::-1])[::-1]


SOLVERS: dict[str, Solver] = {"scan": scan, "loop": loop}
