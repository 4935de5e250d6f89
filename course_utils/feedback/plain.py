"""Answers as data. They may come from code that nobody trusts: sizes are bounded before anything is
converted, and nothing but numbers, texts and their plain containers is ever looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from course_utils.feedback.verdict import Failure
from course_utils.language import to_translate, translated

NUMBERS = 1_000_000  # no answer of the course comes near
DEPTH = 8
TEXT = 2_000  # characters
DEEP, MANY = to_translate("is nested too deeply"), to_translate("holds too many numbers")
KINDS = {
    "c": to_translate("complex numbers"),
    "O": to_translate("objects"),
    "U": to_translate("texts"),
    "S": to_translate("bytes"),
}
NO_NUMBERS = to_translate("no numbers")
ENDS = (".", "!", "?", "…", "。", "！", "？")
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
        raise TooMuch(translated(DEEP))
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
        raise Unreadable(
            translated("is a function, not its value: are the brackets of a call missing?")
        )
    if hasattr(value, "detach"):
        value = value.detach()  # a PyTorch tensor that carries gradients
    if hasattr(value, "__array__"):
        made = np.array(value)
        if made.dtype.kind in "biufc" and made.size <= NUMBERS:
            return made
        if made.dtype.kind in "biufc":
            raise TooMuch(translated(MANY))
        raise Unreadable(translated("is no array of numbers"))
    raise Unreadable(translated("is {what}", what=a(type(value).__name__)))


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
        raise TooMuch(translated(MANY))


def as_numbers(value: Any) -> np.ndarray:
    """A float64 array of a number, an array or nested lists of numbers.

    Raises Unreadable if it is none, has uneven rows, or is too large.
    """
    if type(value) is np.ndarray or isinstance(value, np.generic):
        if value.dtype.kind == "c" and value.size and not np.any(value.imag):
            value = value.real
        if value.dtype.kind == "c" and value.size == 1:
            raise Unreadable(translated("is a complex number: np.abs gives its size"))
        if value.dtype.kind not in "biuf":
            what = translated(KINDS.get(value.dtype.kind, NO_NUMBERS))
            raise Unreadable(translated("holds {what}, not numbers", what=what))
        if value.size > NUMBERS:
            raise TooMuch(translated(MANY))
        return np.asarray(value, np.float64)
    _walk(value, [0], 0)
    try:
        return np.array(value, np.float64)
    except (ValueError, TypeError, OverflowError):
        raise Unreadable(
            translated("has rows of different lengths, or numbers beyond all bounds")
        ) from None


def _walk(value: Any, count: list[int], depth: int) -> None:
    if depth > DEPTH:
        raise TooMuch(translated(DEEP))
    if type(value) in (list, tuple):
        count[0] += len(value)
        if count[0] > NUMBERS:
            raise TooMuch(translated(MANY))
        for one in value:
            _walk(one, count, depth + 1)
    elif type(value) is np.ndarray or isinstance(value, np.generic):
        count[0] += as_numbers(value).size
        if count[0] > NUMBERS:
            raise TooMuch(translated(MANY))
    elif type(value) is Failure:
        if depth == 0:
            raise Unreadable(value.text)
        raise Unreadable(translated("holds something that {why}", why=value.text))
    elif type(value) not in (bool, int, float):
        if type(value) is str and SUM.fullmatch(value.strip()):
            raise Unreadable(
                translated("is a text; write {value} without quotes", value=value.strip())
            )
        what = describe(value)
        is_it = translated("is {what}", what=what)
        raise Unreadable(is_it if depth == 0 else translated("holds {what}", what=what))


def as_text(value: Any) -> str:
    """A text without blanks at its ends. Raises Unreadable if it is none."""
    if type(value) is Failure:
        raise Unreadable(value.text)
    if type(value) is not str:
        raise Unreadable(translated("is {what}, not a text", what=describe(value)))
    if len(value) > TEXT:
        raise Unreadable(translated("is a text of extreme length"))
    return value.strip()


def as_texts(value: Any) -> tuple[str, ...]:
    """Texts in a list or tuple. Raises Unreadable if it is none."""
    if type(value) not in (list, tuple) or len(value) > 1000:
        raise Unreadable(translated("is {what}, not a list of texts", what=describe(value)))
    return tuple(as_text(one) for one in value)


def describe(value: Any) -> str:
    """A few words that say what a value is: "an array of shape (2, 3)", "None", "a list of 3"."""
    if value is None or value is ...:
        return "None" if value is None else "..."
    if type(value) is np.ndarray:
        shaped = translated("an array of shape {shape}", shape=value.shape)
        return shaped if value.ndim else translated("a number")
    if type(value) in (list, tuple, dict):
        return translated("a {kind} of {count}", kind=type(value).__name__, count=len(value))
    if type(value) in (int, float, bool):
        return translated("a number") if type(value) is not bool else f"{value}"
    return translated("a text") if type(value) is str else a(clean(type(value).__name__, 40))


def clean(text: Any, longest: int = 600) -> str:
    """A text fit to be shown: printable, and not without end."""
    text = str(text)[: 4 * longest]
    text = "".join(one if one.isprintable() or one == "\n" else "?" for one in text).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def ended(sentence: str) -> str:
    """The sentence with a full stop, if nothing else ends it."""
    return sentence if sentence[-1:] in ENDS else translated("{sentence}.", sentence=sentence)


def a(word: str) -> str:
    """The word with its article."""
    if word[:1].lower() in "aeiou":
        return translated("an {word}", word=word)
    return translated("a {word}", word=word)


def listed(things: Iterable[object]) -> str:
    """ "i, f and g"."""
    words = [str(thing) for thing in things]
    if len(words) < 2:
        return "".join(words)
    return translated("{some} and {last}", some=translated(", ").join(words[:-1]), last=words[-1])
