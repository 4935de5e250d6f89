"""Numbers too small to matter, set to zero before they slow everything down.

A gradient that vanishes does not stop at zero. Below the smallest normal number (1e-38 in float32)
it goes on through the denormal ones, which have fewer and fewer digits, and for which some
processors take many times as long. TensorFlow takes all of them for zero. NumPy cannot, so the
passes through time look from time to time, and take for zero what comes close to them.

Source: Goldberg 1991, "What every computer scientist should know about floating-point arithmetic",
on denormalized numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.cells.activations import Array

SELDOM, OFTEN = 32, 8  # steps until the next look: all is well, something comes near the floor

# Below the floor (1e-31 in float32, 1e-292 in float64) a number is taken for zero. One above it,
# times anything above the rounding error of 1, is still normal; added to a number of common size,
# it changes no digit. Below NEAR (1e-19, 1e-154) a number is watched.
LIMITS = [np.finfo(dtype) for dtype in (np.float32, np.float64)]
FLOOR = {limit.dtype: float(limit.tiny / limit.eps) for limit in LIMITS}
NEAR = {limit.dtype: float(limit.tiny) ** 0.5 for limit in LIMITS}


def clear(array: Array) -> None:
    """Set to zero, in place, what is below the floor."""
    size = np.abs(array)
    floor = FLOOR.get(size.dtype, 0)
    if array.ndim and array.size and smallest(size) < floor:
        np.copyto(array, 0, where=size < floor)


def look_at(states: Sequence[Array]) -> int:
    """Clear a step's states, or gradients, if need be; after how many steps to look again?

    The first of them, h, tells: whatever fades in c fades in h, too.
    """
    h = states[0]
    size = np.abs(h)  # real also where h is complex
    near = NEAR[size.dtype]
    if smallest(size) >= near:
        return SELDOM
    for state in states:
        clear(state)
    return OFTEN if h[size < near].any() else SELDOM


def smallest(size: Array) -> float:
    """``size.min()``, several times faster for a small array."""
    return size.item(size.argmin())
