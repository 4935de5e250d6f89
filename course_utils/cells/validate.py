"""Checks of what a user passes in: one sentence with the argument, what it is, what it must be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def shape_text(shape: Sequence[int | str]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def as_array(value: object, name: str, shape: Sequence[int | str], dtype: np.dtype | str) -> Array:
    """``value`` as a finite array of ``dtype`` and ``shape``; names in it stand for sizes above 0.

    Raises TypeError for what is no array of numbers, ValueError for a wrong shape or a value
    that is not finite.
    """
    try:
        array = np.asarray(value, dtype)
    except (TypeError, ValueError):
        raise TypeError(
            f"{name} must be an array of numbers of shape {shape_text(shape)}."
        ) from None
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


def check_finite(array: Array, name: str) -> None:
    """Raises ValueError naming the first NaN or infinite element."""
    if np.isfinite(array.sum()) or np.isfinite(array).all():
        return
    index = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
    raise ValueError(f"{name}{list(index)} is {array[index]}; every value must be finite.")


def as_mask(value: object, batch: int, steps: int) -> Array:
    """A mask as booleans (B, T); True means use. Integers 0 and 1 are accepted, as in Keras.

    Raises ValueError for another shape, and for values other than 0 and 1.
    """
    mask = np.asarray(value)
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
