"""Checks of what a user passes in: one sentence with the argument, what it is, what it must be."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import numpy as np

Array = np.ndarray
KINDS = {
    "c": "complex numbers",
    "M": "dates",
    "m": "spans of time",
    "U": "texts",
    "S": "bytes",
    "V": "records",
    "T": "texts",
}


def shape_text(shape: Sequence[int | str]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def as_array(
    value: object, name: str, shape: Sequence[int | str], dtype: np.dtype | str | None
) -> Array:
    """``value`` as a finite array of ``dtype`` and ``shape``; names in it stand for sizes above 0.

    Without a ``dtype`` the array keeps its own.

    Raises TypeError for what is no array of real numbers, ValueError for a wrong shape or a value
    that is not finite.
    """
    array = as_numbers(value, name, shape)
    array = array if dtype is None else array.astype(dtype, copy=False)
    fits = array.ndim == len(shape) and all(
        size > 0 if isinstance(want, str) else size == want
        for size, want in zip(array.shape, shape)
    )
    if not fits:
        raise ValueError(
            f"{name} has shape {shape_text(array.shape)}; it needs {shape_text(shape)}"
            + (", with no size 0." if 0 in array.shape else ".")
        )
    check_finite(array, name)
    return array


def as_numbers(value: object, name: str, shape: Sequence[int | str]) -> Array:
    """``value`` as an array of real numbers, of any shape; ``shape`` is for the sentence.

    Raises TypeError for anything that NumPy would turn into numbers by leaving something out: the
    mask of an array, an imaginary part, a date, the type of a text.
    """
    needed = f"{name} must be an array of numbers of shape {shape_text(shape)}"
    if _masked(value):
        raise TypeError(
            f"{needed}; it is masked: fill the gaps with .filled(0), and say with the layer's"
            " mask=... which steps count."
        )
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        raise TypeError(f"{needed}.") from None
    if array.dtype.kind in KINDS:
        raise TypeError(f"{needed}; it holds {KINDS[array.dtype.kind]}.")
    if array.dtype.kind == "O":
        strange = [one for one in array.flat if not isinstance(one, Real | np.bool_)]
        if strange:
            raise TypeError(f"{needed}; it holds {_a(type(strange[0]).__name__)}.")
        array = array.astype(np.float64)
    return array


def _masked(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(_masked(one) for one in value)
    return isinstance(value, np.ma.MaskedArray)


def _a(word: str) -> str:
    return f"an {word}" if word[:1].lower() in "aeiou" else f"a {word}"


def check_finite(array: Array, name: str) -> None:
    """Raises ValueError naming the first NaN or infinite element."""
    if np.isfinite(array.sum()) or np.isfinite(array).all():
        return
    index = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
    raise ValueError(f"{name}{list(index)} is {array[index]}; every value must be finite.")


def as_mask(value: object, batch: int, steps: int) -> Array:
    """A mask as booleans (B, T); True means use. Integers 0 and 1 are accepted, as in Keras.

    Raises TypeError for what is no array of numbers, ValueError for another shape, and for values
    other than 0 and 1.
    """
    mask = as_numbers(value, "mask", (batch, steps))
    if mask.shape != (batch, steps):
        raise ValueError(
            f"mask has shape {shape_text(mask.shape)}; it needs {shape_text((batch, steps))}."
        )
    if mask.dtype != bool and not np.isin(mask, (0, 1)).all():
        raise ValueError("mask holds values other than 0 and 1; True means use this step.")
    return mask.astype(bool)


def positive_int(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} is {value!r}; it must be a whole number above 0.")
    return int(value)


def generator(seed: object, name: str = "seed") -> np.random.Generator:
    """Random numbers from ``seed``; None draws anew each time.

    Raises ValueError for anything but None and whole numbers from 0 on.
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if seed is not None and not (whole and seed >= 0):
        raise ValueError(f"{name} is {seed!r}; it must be None or a whole number, 0 or above.")
    return np.random.default_rng(seed)


def fraction(value: object, name: str) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float, np.floating))
        or not 0 <= value < 1
    ):
        raise ValueError(
            f"{name} is {value!r}; it must be a number from 0 up to, but not including, 1."
        )
    return float(value)
