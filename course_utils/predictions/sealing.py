"""Which choice is right, written so that a glance at the cell does not tell."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

LETTERS = 8


def seal(question: str, choices: Sequence[str], right: int) -> str:
    """The seal of a prediction whose choice number `right`, from 1, came true.

    Raises ValueError if there is no such choice, fewer than two, or one of them twice.
    """
    if len(choices) < 2 or len(set(choices)) != len(choices):
        raise ValueError(f"choices is {list(choices)}; it needs at least two different ones.")
    if right not in range(1, len(choices) + 1):
        raise ValueError(f"right is {right!r}; it must be a number from 1 to {len(choices)}.")
    text = f"{question}\n{choices[right - 1]}"
    return hashlib.sha256(text.encode()).hexdigest()[:LETTERS]


def opened(question: str, choices: Sequence[str], sealed: str) -> int:
    """The number of the right choice, from 0.

    Raises ValueError if the seal belongs to another question or other choices.
    """
    for place in range(len(choices)):
        if seal(question, choices, place + 1) == sealed:
            return place
    raise ValueError("This seal is of another question or of other choices: build the lesson anew.")
