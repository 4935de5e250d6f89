"""What a learner reads: where an answer is wrong, by how much, and what its error looks like."""

from __future__ import annotations

import inspect

import numpy as np

from course_utils.feedback.exercise import Exercise, Output
from course_utils.feedback.plain import Unreadable, clean, ended
from course_utils.feedback.reading import Leaf, Reading, allowed, distance, listed, same, scale
from course_utils.feedback.recognition import Found

AXES = {"B": "batch", "T": "steps", "m": "inputs", "n": "units"}


def right(problem: Exercise, questions: list[tuple]) -> str:
    """The good news, with what was looked at."""
    names = listed([output.name for output in problem.output_list])
    if problem.kind == "value":
        return "Right."
    return f"Right: {names} on {len(questions)} random inputs."


NUMBERS = {1: "One thing", 2: "Two things", 3: "Three things"}


def known(found: Found, wrong: list[Output]) -> str:
    """What the recognised mistakes are; "" if none is known."""
    count, said = len(found.mistakes), " ".join(one.message for one in found.mistakes)
    if not found.mistakes:
        return ""
    if found.unexplained:
        explained = listed([one.name for one in wrong if one not in found.unexplained])
        rest = listed([one.name for one in found.unexplained])
        cause = "may be wrong for the same reason, or for another"
        return f"{NUMBERS[count]} first: {said} That explains {explained}; {rest} {cause}. "
    return f"{said} " if count == 1 else f"{NUMBERS[count]} at once. {said} "


def where(problem: Exercise, wrong: list[Output], readings, rights, first=(), questions=()) -> str:
    """Which outputs are wrong, and where the first wrong number of one of them stands.

    That is the first of ``first``, if there are any, else the first that is wrong. What was asked
    is told where it is a few numbers.
    """
    spoken = [*first, *wrong][0]
    number = next(
        k
        for k, (one, good) in enumerate(zip(readings, rights))
        if not same(one[spoken.name], good[spoken.name], problem.tolerance)
    )
    text = _where(problem, spoken, readings[number][spoken.name], rights[number][spoken.name])
    if questions and (asked := _asked(problem, questions[number])):
        text = f"{text.removesuffix('.')}, for {asked}."
    good = [output.name for output in problem.output_list if output not in wrong]
    if good:
        text += f" {listed(good)} {'is' if len(good) == 1 else 'are'} right."
    elif len(wrong) > 1:
        text += f" {listed([one.name for one in wrong if one != spoken])}: wrong too."
    return text


def _asked(problem: Exercise, question: tuple) -> str:
    """The arguments by name, such as "m = 3 and n = 5"; "" if one is more than a number."""
    plain = all(isinstance(one, int | float) for one in question)
    if not plain or not question or problem.kind == "value":
        return ""
    names = inspect.signature(problem.reference).parameters
    return listed([f"{name} = {one:g}" for name, one in zip(names, question)])


def _where(problem: Exercise, output: Output, one: Leaf | Unreadable, good: Leaf) -> str:
    name = output.name
    if isinstance(one, Unreadable):
        return f"{name} {ended(clean(one))}"
    if not isinstance(good, np.ndarray):
        return f"{name} is {_texts(one, good)}."
    if one.shape != good.shape:
        return f"{_wrong_shape(output, one, good)}{_turned(one, good, problem.tolerance)}"
    return _numbers(problem, output, one, good)


def _wrong_shape(output: Output, one: np.ndarray, good: np.ndarray) -> str:
    name, axes = output.name, output.axes or ()
    if good.ndim == 0:
        return f"{name} has shape {_shape(one.shape)}; it has to be a single number."
    if one.ndim == good.ndim == len(axes) == 1 and len(axes[0]) > 2:  # a word, as "windows"
        return f"{name} has {len(one)} {axes[0]}; it needs {len(good)}."
    meaning = ""
    if axes and len(axes) == good.ndim:
        words = [AXES[axis] for axis in axes if axis in AXES]
        meaning = f", that is ({', '.join(axes)})"
        meaning += f", {listed(words)}" if len(words) == len(axes) else ""
    return f"{name} has shape {_shape(one.shape)}; it needs {_shape(good.shape)}{meaning}."


def _turned(one: np.ndarray, good: np.ndarray, tolerance: float) -> str:
    is_turned = one.ndim > 1 and one.T.shape == good.shape and same(one.T, good, tolerance)
    return " It is right but for being transposed." if is_turned else ""


def _numbers(problem: Exercise, output: Output, one: np.ndarray, good: np.ndarray) -> str:
    name, off = output.name, distance(one, good)
    bad = off > allowed(good, problem.tolerance)
    axes = output.axes or ()
    if problem.kind == "value":  # with the right number on the screen there is no task left
        wrong = "" if good.ndim == 0 else f": {int(bad.sum())} of its {bad.size} numbers are wrong"
        return f"{name} is not right{wrong}."
    if good.ndim == 0:
        return f"{name} {_pair(one, good)}."
    time = axes.index("T") if "T" in axes and good.ndim == len(axes) else None
    index, prefix = _first(bad, time), ""
    if time is not None:
        by_step = bad.any(axis=tuple(k for k in range(bad.ndim) if k != time))
        prefix = _steps(by_step)
    spot = f"{name}[{', '.join(str(k) for k in index)}]"
    text = f"{prefix}{spot} {_pair(one[index], good[index])}"
    if not np.isfinite(one[index]):
        return f"{text}. Look for an overflow in exp, a division by 0 or a log of 0."
    if bad.sum() > 1:
        count = "all" if bad.all() else f"{bad.sum()} of {bad.size}"
        text += f" ({count} numbers of {name} are off, by up to {number(off.max())})"
    return text + "."


def _first(bad: np.ndarray, time: int | None) -> tuple[int, ...]:
    """The index of the first wrong number: the earliest step first."""
    spots = np.argwhere(bad)
    if time is not None:
        spots = spots[spots[:, time] == spots[:, time].min()]
    return tuple(int(k) for k in spots[0])


def _steps(by_step: np.ndarray) -> str:
    steps = [int(t) + 1 for t in np.flatnonzero(by_step)]
    if len(steps) == len(by_step):
        return "From the first step on: "
    if len(steps) == 1:
        return f"Only step {steps[0]} of {len(by_step)} is wrong: "
    if steps == list(range(steps[0], len(by_step) + 1)):
        return f"Right until step {steps[0] - 1} of {len(by_step)}, wrong from step {steps[0]} on: "
    return f"Wrong at steps {listed(steps)} of {len(by_step)}: "


def pattern(problem: Exercise, wrong: list[Output], readings: list[Reading], rights) -> str:
    """A sentence about the shape of the error, for mistakes that nobody has described yet."""
    if problem.kind == "value":
        return ""
    names = [output.name for output in wrong]
    if len(names) == 2:
        swapped = [{names[0]: one[names[1]], names[1]: one[names[0]]} for one in readings]
        if all(
            same(one[name], good[name], problem.tolerance)
            for one, good in zip(swapped, rights)
            for name in names
        ):
            return f" You return {names[1]} where {names[0]} belongs, and the other way round."
    pairs = [(one[names[0]], good[names[0]]) for one, good in zip(readings, rights)]
    if not all(
        isinstance(one, np.ndarray)
        and isinstance(good, np.ndarray)
        and one.shape == good.shape
        and np.isfinite(one).all()
        for one, good in pairs
    ):
        return ""
    return _shape_of_error(names[0], wrong[0].axes or (), pairs, problem.tolerance)


def _shape_of_error(name: str, axes: tuple[str, ...], pairs, tolerance: float) -> str:
    def fits(change) -> bool:
        return all(same(change(one), good, tolerance) for one, good in pairs)

    if fits(np.negative):
        return f" {name} has the wrong sign, otherwise it is right."
    if all(not one.any() for one, _ in pairs):
        return f" Your {name} is zero everywhere."
    if "T" in axes:
        time = axes.index("T")
        if fits(lambda one: np.flip(one, time)):
            return f" {name} is right but runs backwards in time."
    if fits(
        lambda one: one.swapaxes(0, 1) if one.ndim > 1 and len(set(one.shape[:2])) == 1 else 0 * one
    ):
        return f" {name} is right but for being transposed."
    if all(distance(one, good).max() < 0.01 * scale(good) for one, good in pairs):
        return " That is close: look for a small constant, or for rounding."
    factor = _factor(pairs)
    if factor and fits(lambda one: one / factor):
        return f" All of {name} is {number(factor)} times what it should be."
    return ""


def _factor(pairs) -> float | None:
    one, good = pairs[0]
    at = np.unravel_index(np.abs(good).argmax(), good.shape) if good.ndim else ()
    return float(one[at] / good[at]) if good[at] and one[at] else None


def number(value: float, digits: int = 3) -> str:
    """That many digits, or a whole number as it is."""
    value = float(value)
    if np.isfinite(value) and value == round(value) and abs(value) < 1e7:
        return f"{value:,.0f}" if value else "0"
    return f"{value:.{digits}g}"


def apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers, with three digits or as many as show by how much they differ, about."""
    one, other = float(one), float(other)
    off = abs(one - other)
    for digits in range(3, 18):
        shown = abs(float(f"{one:.{digits}g}") - float(f"{other:.{digits}g}"))
        if not np.isfinite(off) or (shown and abs(shown - off) <= off / 2):
            break
    return number(one, digits), number(other, digits)


def _pair(one: float, good: float) -> str:
    shown, right = apart(one, good)
    return f"is {shown}; it should be {right}"


def _shape(shape: tuple[int, ...]) -> str:
    return "() (a single number)" if not shape else str(tuple(int(k) for k in shape))


def _texts(one, good) -> str:
    """What a text (or several) is, and what it is not; from where they differ, if that is far."""
    shown, right = _text(one), _text(good)
    if shown == right and isinstance(one, str) and isinstance(good, str):
        start = next((k for k, (a, b) in enumerate(zip(one, good)) if a != b), len(good))
        shown, right = (f"{_text(text[start:])} from letter {start + 1} on" for text in (one, good))
    return f"{shown}, not {right}"


def _text(value) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(repr(clean(one, 40)) for one in value)})"
    return repr(clean(value, 80)) if isinstance(value, str) else "numbers"
