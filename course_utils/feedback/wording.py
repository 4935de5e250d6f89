"""What a learner reads: where an answer is wrong, by how much, and what its error looks like."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import numpy as np

from course_utils.feedback.exercise import Exercise, Output
from course_utils.feedback.plain import Unreadable, clean, ended, listed
from course_utils.feedback.reading import Leaf, Reading, allowed, distance, same, scale
from course_utils.feedback.recognition import Found
from course_utils.language import to_translate, translated

AXES = {
    "B": to_translate("batch"),
    "T": to_translate("steps"),
    "m": to_translate("inputs"),
    "n": to_translate("units"),
}
FIRST = {
    1: to_translate("One thing first: {mistakes} That explains {explained}; {rest}"),
    2: to_translate("Two things first: {mistakes} That explains {explained}; {rest}"),
    3: to_translate("Three things first: {mistakes} That explains {explained}; {rest}"),
}
AT_ONCE = {
    2: to_translate("Two things at once. {mistakes} "),
    3: to_translate("Three things at once. {mistakes} "),
}


def right(problem: Exercise, questions: list[tuple]) -> str:
    """The good news, with what was looked at."""
    names = listed([output.name for output in problem.output_list])
    if problem.kind == "value":
        return translated("Right.")
    count = len(questions)
    return translated("Right: {names} on {count} random inputs.", names=names, count=count)


def known(found: Found, wrong: list[Output]) -> str:
    """What the recognised mistakes are; "" if none is known."""
    count, said = len(found.mistakes), sentences(one.message for one in found.mistakes)
    if not found.mistakes:
        return ""
    if found.unexplained:
        explained = listed([one.name for one in wrong if one not in found.unexplained])
        names = listed([one.name for one in found.unexplained])
        rest = translated("{names} may be wrong for the same reason, or for another. ", names=names)
        return translated(FIRST[count], mistakes=said, explained=explained, rest=rest)
    if count == 1:
        return translated("{sentence} ", sentence=said)
    return translated(AT_ONCE[count], mistakes=said)


def sentences(said: Iterable[str]) -> str:
    """Sentences of the bank one behind the other."""
    whole = ""
    for one in map(translated, said):
        whole = translated("{sentence} {next}", sentence=whole, next=one) if whole else one
    return whole


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
        sentence = text.removesuffix(".").removesuffix("。")
        text = translated("{sentence}, for {asked}.", sentence=sentence, asked=asked)
    good = [output.name for output in problem.output_list if output not in wrong]
    if good:
        names = listed(good)
        one = translated(" {names} is right.", names=names)
        text += one if len(good) == 1 else translated(" {names} are right.", names=names)
    elif len(wrong) > 1:
        names = listed([one.name for one in wrong if one != spoken])
        text += translated(" {names}: wrong too.", names=names)
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
        return translated("{name} {why}", name=name, why=ended(clean(one)))
    if not isinstance(good, np.ndarray):
        return translated("{name} is {what}.", name=name, what=_texts(one, good))
    if one.shape != good.shape:
        return f"{_wrong_shape(output, one, good)}{_turned(one, good, problem.tolerance)}"
    return _numbers(problem, output, one, good)


def _wrong_shape(output: Output, one: np.ndarray, good: np.ndarray) -> str:
    name, axes = output.name, output.axes or ()
    if good.ndim == 0:
        return translated(
            "{name} has shape {shape}; it has to be a single number.",
            name=name,
            shape=_shape(one.shape),
        )
    if one.ndim == good.ndim == len(axes) == 1 and len(axes[0]) > 2:  # a word, as "windows"
        return translated(
            "{name} has {count} {things}; it needs {right}.",
            name=name,
            count=len(one),
            things=translated(axes[0]),
            right=len(good),
        )
    meaning = ""
    if axes and len(axes) == good.ndim:
        words = [translated(AXES[axis]) for axis in axes if axis in AXES]
        meaning = translated(", that is ({axes})", axes=", ".join(axes))
        meaning += translated(", {words}", words=listed(words)) if len(words) == len(axes) else ""
    return translated(
        "{name} has shape {shape}; it needs {right}{meaning}.",
        name=name,
        shape=_shape(one.shape),
        right=_shape(good.shape),
        meaning=meaning,
    )


def _turned(one: np.ndarray, good: np.ndarray, tolerance: float) -> str:
    is_turned = one.ndim > 1 and one.T.shape == good.shape and same(one.T, good, tolerance)
    return translated(" It is right but for being transposed.") if is_turned else ""


def _numbers(problem: Exercise, output: Output, one: np.ndarray, good: np.ndarray) -> str:
    name, off = output.name, distance(one, good)
    bad = off > allowed(good, problem.tolerance)
    axes = output.axes or ()
    if problem.kind == "value":  # with the right number on the screen there is no task left
        if good.ndim == 0:
            return translated("The value of {name} is not right.", name=name)
        return translated(
            "{name} is not right: {count} of its {size} numbers are wrong.",
            name=name,
            count=int(bad.sum()),
            size=bad.size,
        )
    if good.ndim == 0:
        return translated("{sentence}.", sentence=_pair(name, one, good))
    time = axes.index("T") if "T" in axes and good.ndim == len(axes) else None
    index, prefix = _first(bad, time), ""
    if time is not None:
        by_step = bad.any(axis=tuple(k for k in range(bad.ndim) if k != time))
        prefix = _steps(by_step)
    spot = f"{name}[{', '.join(str(k) for k in index)}]"
    text = prefix + _pair(spot, one[index], good[index])
    if not np.isfinite(one[index]):
        return translated(
            "{sentence}. Look for an overflow in exp, a division by 0 or a log of 0.", sentence=text
        )
    if bad.sum() > 1:
        given = {"name": name, "most": number(off.max())}
        if bad.all():
            text += translated(" (all numbers of {name} are off, by up to {most})", **given)
        else:
            text += translated(
                " ({count} of {size} numbers of {name} are off, by up to {most})",
                count=bad.sum(),
                size=bad.size,
                **given,
            )
    return translated("{sentence}.", sentence=text)


def _first(bad: np.ndarray, time: int | None) -> tuple[int, ...]:
    """The index of the first wrong number: the earliest step first."""
    spots = np.argwhere(bad)
    if time is not None:
        spots = spots[spots[:, time] == spots[:, time].min()]
    return tuple(int(k) for k in spots[0])


def _steps(by_step: np.ndarray) -> str:
    steps, count = [int(t) + 1 for t in np.flatnonzero(by_step)], len(by_step)
    if len(steps) == count:
        return translated("From the first step on: ")
    if len(steps) == 1:
        return translated("Only step {step} of {count} is wrong: ", step=steps[0], count=count)
    if steps == list(range(steps[0], count + 1)):
        return translated(
            "Right until step {last} of {count}, wrong from step {first} on: ",
            last=steps[0] - 1,
            count=count,
            first=steps[0],
        )
    return translated("Wrong at steps {steps} of {count}: ", steps=listed(steps), count=count)


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
            return translated(
                " You return {other} where {one} belongs, and the other way round.",
                one=names[0],
                other=names[1],
            )
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
        return translated(" {name} has the wrong sign, otherwise it is right.", name=name)
    if all(not one.any() for one, _ in pairs):
        return translated(" Your {name} is zero everywhere.", name=name)
    if "T" in axes:
        time = axes.index("T")
        if fits(lambda one: np.flip(one, time)):
            return translated(" {name} is right but runs backwards in time.", name=name)
    if fits(
        lambda one: one.swapaxes(0, 1) if one.ndim > 1 and len(set(one.shape[:2])) == 1 else 0 * one
    ):
        return translated(" {name} is right but for being transposed.", name=name)
    if all(distance(one, good).max() < 0.01 * scale(good) for one, good in pairs):
        return translated(" That is close: look for a small constant, or for rounding.")
    factor = _factor(pairs)
    if factor and fits(lambda one: one / factor):
        return translated(
            " All of {name} is {factor} times what it should be.", name=name, factor=number(factor)
        )
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


def _pair(name: str, one: float, good: float) -> str:
    shown, right = apart(one, good)
    return translated(
        "{name} is {shown}; it should be {right}", name=name, shown=shown, right=right
    )


def _shape(shape: tuple[int, ...]) -> str:
    return translated("() (a single number)") if not shape else str(tuple(int(k) for k in shape))


def _texts(one, good) -> str:
    """What a text (or several) is, and what it is not; from where they differ, if that is far."""
    shown, right = _text(one), _text(good)
    if shown == right and isinstance(one, str) and isinstance(good, str):
        start = next((k for k, (a, b) in enumerate(zip(one, good)) if a != b), len(good))
        shown, right = (
            translated("{text} from letter {number} on", text=_text(text[start:]), number=start + 1)
            for text in (one, good)
        )
    return translated("{shown}, not {right}", shown=shown, right=right)


def _text(value) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(repr(clean(one, 40)) for one in value)})"
    return repr(clean(value, 80)) if isinstance(value, str) else translated("numbers")
