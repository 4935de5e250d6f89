"""Slopes of a function by central differences, and what they are worth.

A difference has two errors. Rounding: the loss is known to a few units of its last digit, and that
is divided by the step. The step: what is measured is a mean slope over its width. The first is
seen in fourth differences of the loss, which leave nothing of a smooth function; the second by
measuring once more with twice the step.

Sources: Gill, Murray & Wright 1981, "Practical optimization", section 8.6; Moré & Wild 2011,
"Estimating computational noise", for the fourth differences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.cells.activations import Array

EPS = float(np.finfo(np.float64).eps)
FOURTH = np.array([1, -4, 6, -4, 1])  # of errors of size s it gives numbers of size s √70
DIRECTIONS, POINTS = 5, 7
Index = tuple[int, ...]


@dataclass
class Slopes:
    """The slopes of a loss along single elements of arrays, which are moved and put back.

    ``value`` is the loss where the arrays stand, ``rounding`` how far off it may be, and
    ``resolved`` what a difference cannot tell from 0.

    Raises ValueError or TypeError if the loss is not one finite number in float64, or is another
    number when asked again.
    """

    loss: Callable[[], float]
    step: float
    value: float = 0.0
    rounding: float = 0.0

    def __post_init__(self) -> None:
        self.value, again = self.ask(), self.ask()
        if self.value != again:
            raise ValueError(
                f"loss is {self.value:.6g}, and {again:.6g} when it is asked again: it must give"
                " the same each time. Does it draw random numbers, or keep a state?"
            )

    @property
    def resolved(self) -> float:
        return self.rounding / self.step

    def ask(self) -> float:
        """The loss, if it is one finite number in float64."""
        value = self.loss()
        kind = np.asarray(value).dtype
        if np.shape(value) != ():
            raise ValueError(
                f"loss has shape {np.shape(value)}; it must be a single number: add it up."
            )
        if kind.kind not in "fiu":
            raise TypeError(f"loss is {type(value).__name__}; it must be a single number.")
        if kind in (np.float16, np.float32):
            raise TypeError(f"loss is {kind}; a gradient check needs float64 all the way.")
        if not np.isfinite(value):
            raise ValueError(f"loss is {value}; it must be finite.")
        return float(value)

    def listen(self, chosen: Mapping[str, tuple[Array, list[Index]]], rng) -> None:
        """Find the loss's rounding from its values along a few random lines of seven points."""
        seen, largest = [], abs(self.value)
        for _ in range(DIRECTIONS):
            values = self._along(chosen, rng)
            seen.append(np.sqrt(np.mean(np.convolve(values, FOURTH, "valid") ** 2) / 70))
            largest = max(largest, *np.abs(values))
        self.rounding = 4 * float(np.median(seen)) + 2 * EPS * largest

    def _along(self, chosen: Mapping[str, tuple[Array, list[Index]]], rng) -> Array:
        kept = {name: array.copy() for name, (array, _) in chosen.items()}
        signs = {name: rng.choice((-1.0, 1.0), len(at)) for name, (_, at) in chosen.items()}
        length = np.sqrt(sum(map(len, signs.values())))
        values = [self.value]
        try:
            for k in range(1, POINTS):
                for name, (array, indices) in chosen.items():
                    at = tuple(np.transpose(indices))
                    array[at] = kept[name][at] + signs[name] * k * self.step / length
                values.append(self.ask())
        finally:
            for name, (array, _) in chosen.items():
                array[...] = kept[name]
        return np.array(values)

    def sides(self, array: Array, index: Index, times: int = 1) -> tuple[float, float]:
        """The slopes below and above an element, over ``times`` steps."""
        value, step = array[index], times * self.step
        try:
            array[index] = value + step
            above = self.ask()
            array[index] = value - step
            below = self.ask()
        finally:
            array[index] = value
        return (self.value - below) / step, (above - self.value) / step

    def width_error(self, array: Array, index: Index) -> tuple[float, bool]:
        """How far off the step's width puts a slope, and whether there is a kink.

        A smooth function bends twice as much over twice the step; a kink is the same over both.
        """
        near, far = self.sides(array, index), self.sides(array, index, 2)
        bend, wide = abs(near[1] - near[0]), abs(far[1] - far[0])
        kink = bend > 4 * self.resolved and wide < 1.75 * bend
        return abs(sum(far) - sum(near)), kink
