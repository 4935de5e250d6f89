"""From an answer to its outputs: named arrays and texts, to be compared with the right ones."""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.feedback.exercise import Exercise, Misconception
from course_utils.feedback.plain import (
    TooMuch,
    Unreadable,
    as_numbers,
    as_text,
    as_texts,
    clean,
    describe,
    listed,
)
from course_utils.language import to_translate, translated

Leaf = np.ndarray | str | tuple[str, ...]
Reading = dict[str, Leaf | Unreadable]  # one for each question
WORDS = [
    to_translate("no"),
    to_translate("one"),
    to_translate("two"),
    to_translate("three"),
    to_translate("four"),
    to_translate("five"),
    to_translate("six"),
    to_translate("seven"),
    to_translate("eight"),
    to_translate("nine"),
    to_translate("ten"),
]
RIGHT_ONE = [
    to_translate(" The first is right: return {name} alone."),
    to_translate(" The second is right: return {name} alone."),
    to_translate(" The third is right: return {name} alone."),
    to_translate(" The fourth is right: return {name} alone."),
    to_translate(" The fifth is right: return {name} alone."),
]


def expected(problem: Exercise, questions: list[tuple]) -> list[Reading]:
    """What the reference answers."""
    return [_trusted(problem, problem.reference, question) for question in questions]


def mistaken(problem: Exercise, mistake: Misconception, questions) -> list[Reading] | None:
    """What the misconception answers; None if it cannot answer these questions at all."""
    made = [mistaken_one(problem, mistake, question) for question in questions]
    return None if None in made else made


def mistaken_one(problem: Exercise, mistake: Misconception, question: tuple) -> Reading | None:
    """What the misconception answers to one question; None if it cannot."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _trusted(problem, mistake.answer, question)
    except Exception:  # e.g. transposed weights whose shapes do not fit these inputs
        return None


def _trusted(problem: Exercise, answer: Callable, question: tuple) -> Reading:
    value = answer(*copy.deepcopy(question))
    return {name: leaf(one, None) for name, one in named(problem, value).items()}


def named(problem: Exercise, value: Any) -> dict[str, Any]:
    """The outputs of an answer by name.

    Raises Unreadable, with a whole sentence, if their number or names are not what is asked for.
    """
    outputs = [output.name for output in problem.output_list]
    if len(outputs) == 1:
        return _single(outputs[0], value)
    if type(value) is dict:
        return _by_name(outputs, value)
    is_sequence = type(value) in (list, tuple) or (type(value) is np.ndarray and value.ndim > 0)
    if is_sequence and len(value) == len(outputs):
        return dict(zip(outputs, value))
    if type(value) in (list, tuple) and len(value) > 1:
        raise Unreadable(_too_many(outputs, value))
    raise Unreadable(
        translated(
            "Your answer is {what}; it has to be {count} things: {names}.",
            what=describe(value),
            count=len(outputs),
            names=", ".join(outputs),
        )
    )


def _single(name: str, value: Any) -> dict[str, Any]:
    if type(value) is tuple and len(value) == 1:
        raise Unreadable(
            translated(
                "Your answer is a tuple that holds one thing: is there a comma too many after "
                "{name} in the last line?",
                name=name,
            )
        )
    if type(value) is dict and value:
        if list(value) == [name]:
            return value
        has = listed([clean(one, 30) for one in list(value)[:12]])
        raise Unreadable(
            translated(
                "Your answer is a dict with {keys}; {name} alone is asked for.", keys=has, name=name
            )
        )
    return {name: value}


def _too_many(outputs: list[str], value: Any) -> str:
    """Other things come back than are asked for, in number."""
    asked = translated("one is asked for: {name}", name=outputs[0])
    if len(outputs) > 1:
        count, names = _count(len(outputs)), listed(outputs)
        asked = translated("{count} are asked for: {names}", count=count, names=names)
    count = _count(len(value)).capitalize()
    return translated("{count} things come back, {asked}.", count=count, asked=asked)


def _count(number: int) -> str:
    return translated(WORDS[number]) if number < len(WORDS) else str(number)


def several(value: Any, numbers: Leaf | Unreadable, like: Leaf) -> bool:
    """Whether a value is several things in place of one, as after `return h, cache`.

    A list or tuple that makes an array of the right shape is one thing, and so are plain numbers
    in a row, and arrays of one shape in a list.
    """
    if type(value) not in (list, tuple) or len(value) < 2 or not isinstance(like, np.ndarray):
        return False
    if isinstance(numbers, np.ndarray) and numbers.shape == like.shape:
        return False
    plain = all(type(one) in (bool, int, float) or np.shape(one) == () for one in value)
    if type(value) is list:
        return any(type(one) is np.ndarray and one.shape == like.shape for one in value)
    return not plain or like.ndim == 0


def _by_name(outputs: list[str], value: dict) -> dict[str, Any]:
    short = {f"d{name}": one for name, one in value.items()}  # lesson 02 writes "W" for dW
    if "dh_prev" in outputs and "dh0" in short:
        short["dh_prev"] = short["dh0"]  # of a single step, what stands before it is h0
    if set(outputs) <= set(short) and not set(outputs) & set(value):
        value = short
    missing = [name for name in outputs if name not in value]
    if missing:
        has = listed([clean(name, 30) for name in list(value)[:12]]) or translated("nothing")
        raise Unreadable(
            translated("Your dict has no {names}; it has {keys}.", names=listed(missing), keys=has)
        )
    return {name: value[name] for name in outputs}


def leaf(value: Any, like: Leaf | None) -> Leaf:
    """One output, read as what it should be. Raises Unreadable."""
    if like is None:
        like = value if isinstance(value, str) else ""
        if type(value) in (list, tuple) and value and all(isinstance(v, str) for v in value):
            return as_texts(value)
        return as_text(value) if isinstance(value, str) else as_numbers(value)
    if isinstance(like, str):
        return as_text(value)
    if isinstance(like, tuple):
        return as_texts(value)
    numbers = as_numbers(value)
    if like.ndim == 0 and numbers.size == 1:
        return numbers.reshape(())
    return numbers


def read(problem: Exercise, answer: Any, right: Reading) -> Reading:
    """The outputs of a learner's answer; an Unreadable in place of one that is none.

    Raises Unreadable if the answer as a whole is not what is asked for.
    """
    made: Reading = {}
    for name, value in named(problem, answer).items():
        try:
            made[name] = leaf(value, right[name])
        except TooMuch as why:
            made[name] = why
            continue
        except Unreadable as why:
            made[name] = why
        if len(right) == 1 and several(value, made[name], right[name]):
            raise Unreadable(_too_many([name], value) + _which_is_right(problem, value, right))
    return made


def _which_is_right(problem: Exercise, value: Any, right: Reading) -> str:
    """A word on which of several things is what is asked for, if one is."""
    ((name, good),) = right.items()
    for said, one in zip(RIGHT_ONE, value):
        with contextlib.suppress(Unreadable):
            if same(leaf(one, good), good, problem.tolerance):
                return translated(said, name=name)
    return ""


def same(one: Leaf | Unreadable, right: Leaf, tolerance: float) -> bool:
    """Whether an output is right: same shape, and no number off by more than is allowed."""
    if isinstance(right, np.ndarray):
        if not isinstance(one, np.ndarray) or one.shape != right.shape:
            return False
        return bool(np.all(distance(one, right) <= allowed(right, tolerance)))
    return type(one) is type(right) and one == right


def distance(one: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The absolute difference; infinite where only one is NaN or infinite."""
    with np.errstate(all="ignore"):
        difference = np.abs(one - right)
    agree = (one == right) | (np.isnan(one) & np.isnan(right))
    return np.where(agree, 0.0, np.where(np.isnan(difference), np.inf, difference))


def allowed(right: np.ndarray, tolerance: float) -> float:
    """How far off a number may be: the tolerance times the largest number of the right output.

    Where whole numbers are right, as of counts, the nearest other one never passes.
    """
    allowance = tolerance * scale(right)
    return min(allowance, 0.25) if np.all(right == np.round(right)) else allowance


def scale(right: np.ndarray) -> float:
    finite = right[np.isfinite(right)]
    return max(float(np.abs(finite).max(initial=0.0)), 1e-3)


def all_same(ones: list[Reading], rights: list[Reading], tolerance: float, names=None) -> bool:
    """Whether all outputs (or those of the given names) agree, for all questions."""
    return all(
        same(one[name], right[name], tolerance)
        for one, right in zip(ones, rights)
        for name in (names or right)
    )
