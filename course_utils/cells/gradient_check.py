"""Is a hand-written gradient right? Compare it with central differences, weight by weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.differences import Index, Slopes
from course_utils.cells.validate import generator, positive_int

DIGITS = 1e-3  # of an array's largest gradient: what a difference must resolve to judge it
FLOAT32 = 1e-10  # a loss in float64 is known to a smaller part of its size
LARGE = 1e3


@dataclass(frozen=True)
class Comparison:
    """One array: how far off it is, and both values at one element.

    The element is the worst one of a wrong array, and the largest of a right one, whose errors
    are rounding and differ from machine to machine. ``error`` is relative to the larger of the
    two values. ``unjudged`` says why the array cannot be judged, if so; ``exact`` is how well it
    could be, relative to its largest gradient.
    """

    name: str
    index: Index
    written: float
    measured: float
    error: float
    checked: int
    wrong: int
    unjudged: str
    exact: float
    moves: bool  # whether the loss depends on it

    def verdict(self, tolerance: float) -> str:
        if self.wrong:
            return f"WRONG, {self.wrong} of {self.checked}, relative error {self.error:.0e}"
        if self.unjudged:
            return f"cannot be judged: {self.unjudged}"
        to = f" to {self.exact:.0e}" if self.exact > tolerance else ""
        return f"ok{to}, all {self.checked} checked"


@dataclass(frozen=True)
class GradientReport:
    """A line for every array, and ``notes`` on what the check could not see.

    ``passed`` if every array could be judged and none is wrong.
    """

    comparisons: list[Comparison]
    tolerance: float
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not any(c.wrong or c.unjudged for c in self.comparisons)

    def __str__(self) -> str:
        width = max(len(c.name) for c in self.comparisons)
        lines = [f"{'':{width}}  at            by hand  by difference"]
        for c in self.comparisons:
            at = str(list(c.index))
            lines.append(
                f"{c.name:{width}}  {at:10} {_number(c.written)}     {_number(c.measured)}"
                f"  {c.verdict(self.tolerance)}"
            )
        return "\n".join([*lines, *self.notes])


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
    back. At most ``most`` elements of an array are tried, drawn with ``seed``.

    An element is wrong if its two values differ by more than ``tolerance`` times the larger of
    them and by more than the difference itself may be off. That is measured: the loss's rounding,
    about 2e-16 of its size, divided by the step, and the error of the step's width. An array whose
    largest gradient is not 1000 times that cannot be judged, nor can one at a kink, where any
    slope between those of both sides is a gradient.

    Raises:
        ValueError: if a gradient is missing or has another shape, or the loss is no single finite
            number or not the same each time.
        TypeError: if an array or the loss is not float64: in float32 the rounding of the loss
            drowns the difference.
    """
    if not step > 0:
        raise ValueError(f"step is {step!r}; it must be above 0.")
    if not arrays:
        raise ValueError("arrays is empty: there is nothing to check.")
    rng, most = generator(seed), positive_int(most, "most")
    for name, array in arrays.items():
        _check(name, array, gradients)
    chosen = {name: (array, _draw(array, most, rng)) for name, array in arrays.items()}
    slopes = Slopes(loss, step)
    slopes.listen(chosen, rng)
    comparisons = [
        _compare(name, slopes, array, np.asarray(gradients[name]), indices, tolerance)
        for name, (array, indices) in chosen.items()
    ]
    return GradientReport(comparisons, tolerance, _notes(slopes, comparisons))


def _check(name: str, array: Array, gradients: Mapping[str, Array]) -> None:
    dtype = getattr(array, "dtype", type(array).__name__)
    if not isinstance(array, np.ndarray) or dtype != np.float64:
        raise TypeError(f"{name} is {dtype}; a gradient check needs float64.")
    if array.size == 0 or not array.flags.writeable:
        has = "empty" if array.size == 0 else "read-only"
        raise ValueError(f"{name} is {has}; a gradient check moves its numbers.")
    if name not in gradients or np.shape(gradients[name]) != array.shape:
        has = np.shape(gradients[name]) if name in gradients else "nothing"
        raise ValueError(f"the gradient of {name} is {has}; it needs shape {array.shape}.")
    kind = np.asarray(gradients[name]).dtype
    if kind.kind not in "fiu" or np.ma.isMaskedArray(gradients[name]):
        has = "masked" if kind.kind in "fiu" else kind
        raise TypeError(f"the gradient of {name} is {has}; it needs real numbers.")


def _draw(array: Array, most: int, rng: np.random.Generator) -> list[Index]:
    flat = rng.permutation(array.size)[:most]
    return [tuple(int(k) for k in np.unravel_index(i, array.shape)) for i in flat]


def _compare(
    name: str, slopes: Slopes, array: Array, gradient: Array, indices: list[Index], tolerance: float
) -> Comparison:
    sides = np.array([slopes.sides(array, index) for index in indices])
    measured = sides.mean(axis=1)
    written = np.array([gradient[index] for index in indices], np.float64)
    own = np.fmax(np.abs(measured), np.abs(written))
    off = np.abs(measured - written)
    off[np.isnan(off)] = np.inf
    allowed = tolerance * own + slopes.resolved
    kinks, blur = 0, slopes.resolved
    for k in np.flatnonzero(off > allowed):
        width, kink = slopes.width_error(array, indices[k])
        slack = allowed[k] + width
        if kink and sides[k].min() - slack <= written[k] <= sides[k].max() + slack:
            kinks, off[k] = kinks + 1, 0
        elif off[k] <= slack:
            blur, off[k] = max(blur, width), 0
    wrong = off > allowed
    largest = own.max() or 1.0
    shown = int((off if wrong.any() else (np.abs(written) / largest).round(8)).argmax())
    unjudged = ""
    if kinks:
        unjudged = f"the loss has a kink at {kinks} of {len(indices)}"
    elif blur > DIGITS * own.max():
        wide = f"a step of {slopes.step:g} is too wide here"
        above = f"a difference tells only what is above {blur / DIGITS:.0e} here"
        unjudged = wide if blur > slopes.resolved else above
    return Comparison(
        name,
        indices[shown],
        float(written[shown]),
        float(measured[shown]),
        float(off[shown] / (own[shown] or 1.0)) if wrong.any() else 0.0,
        len(indices),
        int(wrong.sum()),
        unjudged,
        float(blur / largest),
        bool(measured.any()),
    )


def _notes(slopes: Slopes, comparisons: list[Comparison]) -> list[str]:
    """What to do about arrays that could not be judged, or that the loss does not know."""
    notes = []
    still = [c.name for c in comparisons if c.wrong and not c.moves]
    if still:
        notes.append(
            f"The loss stays the same whatever {' and '.join(still)} is: does it read this very"
            " array, or a copy?"
        )
    unjudged = [c for c in comparisons if c.unjudged and not c.wrong]
    if any("kink" in c.unjudged for c in unjudged):
        notes.append(
            "At a kink, as of relu at 0, any slope between those of its sides is a gradient: move"
            " the numbers a little and check again."
        )
    if any("above" in c.unjudged for c in unjudged):
        notes.append(_why_so_coarse(slopes))
    return notes


def _why_so_coarse(slopes: Slopes) -> str:
    size = abs(slopes.value)
    said = (
        f"The loss is {slopes.value:.3g}, known to about {slopes.rounding:.0e}; over a step of"
        f" {slopes.step:g} that is {slopes.resolved:.0e}."
    )
    if slopes.rounding > FLOAT32 * size:
        return f"{said} Is a part of it computed in float32?"
    if size > LARGE:
        return f"{said} Leave out what does not depend on the arrays."
    return f"{said} A larger loss of the same arrays, or a wider step, tells more."


def _number(value: float) -> str:
    small = 0 < abs(value) < 1e-3 or abs(value) >= 1e6
    return f"{value:10.3e}" if small else f"{value:10.6f}"
