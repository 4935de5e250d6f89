"""From an answer to its outputs: named arrays and texts, to be compared with the right ones."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course_utils.feedback.plain import (
    Unreadable,
    as_numbers,
    as_text,
    as_texts,
    clean,
    describe,
)
from course_utils.feedback.problem import Misconception, Problem

Leaf = np.ndarray | str | tuple[str, ...]
Reading = dict[str, Leaf | Unreadable]  # one for each question


def expected(problem: Problem, questions: list[tuple]) -> list[Reading]:
    """What the reference answers."""
    return [_trusted(problem, problem.reference, question) for question in questions]


def mistaken(problem: Problem, mistake: Misconception, questions) -> list[Reading] | None:
    """What the misconception answers; None if it cannot answer these questions at all."""
    made = [mistaken_one(problem, mistake, question) for question in questions]
    return None if None in made else made


def mistaken_one(problem: Problem, mistake: Misconception, question: tuple) -> Reading | None:
    """What the misconception answers to one question; None if it cannot."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _trusted(problem, mistake.answer, question)
    except Exception:  # e.g. transposed weights whose shapes do not fit these inputs
        return None


def _trusted(problem: Problem, answer: Callable, question: tuple) -> Reading:
    value = answer(*copy.deepcopy(question))
    return {name: leaf(one, None) for name, one in named(problem, value).items()}


def named(problem: Problem, value: Any) -> dict[str, Any]:
    """The outputs of an answer by name.

    Raises Unreadable, with a whole sentence, if their number or names are not what is asked for.
    """
    outputs = [output.name for output in problem.output_list]
    if len(outputs) == 1:
        if type(value) is tuple and len(value) == 1:
            raise Unreadable(
                f"Your answer is a tuple that holds one thing: is there a comma too many after "
                f"{outputs[0]} in the last line?"
            )
        if type(value) is dict and list(value) == outputs:
            return value
        return {outputs[0]: value}
    if type(value) is dict:
        return _by_name(outputs, value)
    is_sequence = type(value) in (list, tuple) or (type(value) is np.ndarray and value.ndim > 0)
    if not is_sequence or len(value) != len(outputs):
        raise Unreadable(
            f"Your answer is {describe(value)}; it has to be {len(outputs)} things: "
            f"{', '.join(outputs)}."
        )
    return dict(zip(outputs, value))


def _by_name(outputs: list[str], value: dict) -> dict[str, Any]:
    missing = [name for name in outputs if name not in value]
    if missing:
        has = listed([clean(name, 30) for name in list(value)[:12]]) or "nothing"
        raise Unreadable(f"Your dict has no {listed(missing)}; it has {has}.")
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


def read(problem: Problem, answer: Any, right: Reading) -> Reading:
    """The outputs of a learner's answer; an Unreadable in place of one that is none.

    Raises Unreadable if the answer as a whole is not what is asked for.
    """
    made: Reading = {}
    for name, value in named(problem, answer).items():
        try:
            made[name] = leaf(value, right[name])
        except Unreadable as why:
            made[name] = why
    return made


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


def listed(things: Iterable[object]) -> str:
    """ "i, f and g"."""
    words = [str(thing) for thing in things]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
