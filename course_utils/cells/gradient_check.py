"""Is a hand-written gradient right? Compare it with central differences, weight by weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from course_utils.cells.activations import Array


@dataclass(frozen=True)
class Comparison:
    """One array: how far off it is, and both values at one element.

    The element is the worst one of a wrong array, and the largest of a right one, whose errors
    are rounding and differ from machine to machine.
    """

    name: str
    index: tuple[int, ...]
    written: float
    measured: float
    error: float
    checked: int
    wrong: int


@dataclass(frozen=True)
class GradientReport:
    """A line for every array; ``passed`` if no element is off by more than ``tolerance``."""

    comparisons: list[Comparison]
    tolerance: float

    @property
    def passed(self) -> bool:
        return all(c.error <= self.tolerance for c in self.comparisons)

    def __str__(self) -> str:
        width = max(len(c.name) for c in self.comparisons)
        lines = [f"{'':{width}}  at            by hand  by difference"]
        for c in self.comparisons:
            verdict = f"ok, all {c.checked} checked"
            if c.wrong:
                verdict = f"WRONG, {c.wrong} of {c.checked}, relative error {c.error:.0e}"
            at = str(list(c.index))
            lines.append(
                f"{c.name:{width}}  {at:10} {c.written:10.6f}     {c.measured:10.6f}  {verdict}"
            )
        return "\n".join(lines)


def check_gradients(
    loss: Callable[[], float],
    arrays: Mapping[str, Array],
    gradients: Mapping[str, Array],
    *,
    step: float = 1e-5,
    tolerance: float = 1e-6,
    most: int = 200,
    seed: int = 0,
) -> GradientReport:
    """Compare ``gradients`` with (loss(w + step) - loss(w - step)) / (2 step), element by element.

    ``loss`` takes nothing and reads ``arrays``, which are float64 and are moved in place and put
    back. At most ``most`` elements of an array are tried, drawn with ``seed``. The error of an
    element is its difference divided by the largest gradient of its array, or by 1 if that is
    smaller.

    Raises ValueError if a gradient is missing or has another shape, TypeError if an array is not
    float64: in float32 the rounding of the loss drowns the difference.
    """
    rng = np.random.default_rng(seed)
    comparisons = []
    for name, array in arrays.items():
        if array.dtype != np.float64:
            raise TypeError(f"{name} is {array.dtype}; a gradient check needs float64.")
        if name not in gradients or np.shape(gradients[name]) != array.shape:
            has = np.shape(gradients[name]) if name in gradients else "nothing"
            raise ValueError(f"the gradient of {name} is {has}; it needs shape {array.shape}.")
        gradient = np.asarray(gradients[name])
        flat = rng.permutation(array.size)[:most]
        indices = [tuple(int(k) for k in np.unravel_index(i, array.shape)) for i in flat]
        measured = np.array([_slope(loss, array, index, step) for index in indices])
        written = np.array([gradient[index] for index in indices])
        scale = max(1.0, np.abs(measured).max(), np.abs(written).max())
        errors = np.abs(measured - written) / scale
        errors[np.isnan(errors)] = np.inf
        wrong = int(np.sum(errors > tolerance))
        shown = int((errors if wrong else np.abs(written).round(8)).argmax())
        values = float(written[shown]), float(measured[shown]), float(errors.max())
        comparisons.append(Comparison(name, indices[shown], *values, len(indices), wrong))
    return GradientReport(comparisons, tolerance)


def _slope(loss: Callable[[], float], array: Array, index: tuple[int, ...], step: float) -> float:
    value = array[index]
    try:
        array[index] = value + step
        above = loss()
        array[index] = value - step
        return (above - loss()) / (2 * step)
    finally:
        array[index] = value
