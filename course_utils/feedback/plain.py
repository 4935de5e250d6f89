"""Answers as data. They may come from code that nobody trusts: sizes are bounded before anything is
converted, and nothing but numbers, texts and their plain containers is ever looked at."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from course_utils.feedback.verdict import Failure

NUMBERS = 1_000_000  # no answer of the course comes near
DEPTH = 8
TEXT = 2_000  # characters
# What a learner put into quotes: a number, "1/12", or a few numbers such as "(1, 5, 0)".
SUM = re.compile(r"[\d.]{1,20}(?: ?[-+*/] ?[\d.]{1,20})?|\(?\d{1,9}(?: ?, ?\d{1,9}){1,9}\)?")


class Unreadable(Exception):
    """Why a value is no answer, as the end of a sentence: "is a dict, not an array"."""


class TooMuch(Unreadable):
    """The value is too large, or nested too deeply: nothing of it is looked at."""


def to_plain(value: Any, depth: int = 0) -> Any:
    """A learner's result as plain data: arrays copied, tensors and scalars turned into arrays.

    For the side that runs the learner's code. Raises Unreadable for anything else.
    """
    if depth > DEPTH:
        raise TooMuch("is nested too deeply")
    if value is None or value is ... or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Fraction | Decimal):
        return float(value)
    if isinstance(value, complex):
        return np.array(value)
    if isinstance(value, dict):
        check_length(value)
        return {str(key): _inside(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        check_length(value)
        made = [_inside(one, depth + 1) for one in value]
        return tuple(made) if isinstance(value, tuple) else made
    if callable(value) and not hasattr(value, "__array__"):
        raise Unreadable("is a function, not its value: are the brackets of a call missing?")
    if hasattr(value, "detach"):
        value = value.detach()  # a PyTorch tensor that carries gradients
    if hasattr(value, "__array__"):
        made = np.array(value)
        if made.dtype.kind in "biufc" and made.size <= NUMBERS:
            return made
        if made.dtype.kind in "biufc":
            raise TooMuch("holds too many numbers")
        raise Unreadable("is no array of numbers")
    raise Unreadable(f"is {a(type(value).__name__)}")


def _inside(value: Any, depth: int) -> Any:
    """`to_plain`, with a Failure in the place of what is no data: the rest may be some."""
    try:
        return to_plain(value, depth)
    except TooMuch:
        raise
    except Unreadable as why:
        if depth > 1:
            raise
        return Failure("type", str(why))


def check_length(container) -> None:
    if len(container) > NUMBERS:
        raise TooMuch("holds too many numbers")


def as_numbers(value: Any) -> np.ndarray:
    """A float64 array of a number, an array or nested lists of numbers.

    Raises Unreadable if it is none, has uneven rows, or is too large.
    """
    if type(value) is np.ndarray or isinstance(value, np.generic):
        if value.dtype.kind == "c" and value.size and not np.any(value.imag):
            value = value.real
        if value.dtype.kind == "c" and value.size == 1:
            raise Unreadable("is a complex number: np.abs gives its size")
        if value.dtype.kind not in "biuf":
            kinds = {"c": "complex numbers", "O": "objects", "U": "texts", "S": "bytes"}
            raise Unreadable(f"holds {kinds.get(value.dtype.kind, 'no numbers')}, not numbers")
        if value.size > NUMBERS:
            raise TooMuch("holds too many numbers")
        return np.asarray(value, np.float64)
    _walk(value, [0], 0)
    try:
        return np.array(value, np.float64)
    except (ValueError, TypeError, OverflowError):
        raise Unreadable("has rows of different lengths, or numbers beyond all bounds") from None


def _walk(value: Any, count: list[int], depth: int) -> None:
    if depth > DEPTH:
        raise TooMuch("is nested too deeply")
    if type(value) in (list, tuple):
        count[0] += len(value)
        if count[0] > NUMBERS:
            raise TooMuch("holds too many numbers")
        for one in value:
            _walk(one, count, depth + 1)
    elif type(value) is np.ndarray or isinstance(value, np.generic):
        count[0] += as_numbers(value).size
        if count[0] > NUMBERS:
            raise TooMuch("holds too many numbers")
    elif type(value) is Failure:
        raise Unreadable(value.text if depth == 0 else f"holds something that {value.text}")
    elif type(value) not in (bool, int, float):
        if type(value) is str and SUM.fullmatch(value.strip()):
            raise Unreadable(f"is a text; write {value.strip()} without quotes")
        raise Unreadable(f"is {describe(value)}" if depth == 0 else f"holds {describe(value)}")


def as_text(value: Any) -> str:
    """A text without blanks at its ends. Raises Unreadable if it is none."""
    if type(value) is Failure:
        raise Unreadable(value.text)
    if type(value) is not str:
        raise Unreadable(f"is {describe(value)}, not a text")
    if len(value) > TEXT:
        raise Unreadable("is a text of extreme length")
    return value.strip()


def as_texts(value: Any) -> tuple[str, ...]:
    """Texts in a list or tuple. Raises Unreadable if it is none."""
    if type(value) not in (list, tuple) or len(value) > 1000:
        raise Unreadable(f"is {describe(value)}, not a list of texts")
    return tuple(as_text(one) for one in value)


def describe(value: Any) -> str:
    """A few words that say what a value is: "an array of shape (2, 3)", "None", "a list of 3"."""
    if value is None or value is ...:
        return "None" if value is None else "..."
    if type(value) is np.ndarray:
        return f"an array of shape {value.shape}" if value.ndim else "a number"
    if type(value) in (list, tuple, dict):
        return f"a {type(value).__name__} of {len(value)}"
    if type(value) in (int, float, bool):
        return "a number" if type(value) is not bool else f"{value}"
    return "a text" if type(value) is str else a(clean(type(value).__name__, 40))


def clean(text: Any, longest: int = 600) -> str:
    """A text fit to be shown: printable, and not without end."""
    text = str(text)[: 4 * longest]
    text = "".join(one if one.isprintable() or one == "\n" else "?" for one in text).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def ended(sentence: str) -> str:
    """The sentence with a full stop, if nothing else ends it."""
    return sentence if sentence[-1:] in (".", "!", "?", "…") else f"{sentence}."


def a(word: str) -> str:
    """The word with its article."""
    return f"an {word}" if word[:1].lower() in "aeiou" else f"a {word}"
