"""What comes of an answer: why there is none, or what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """In place of an answer: why there is none, as a sentence for the learner.

    ``kind`` is for programs: not_filled, not_a_function, arguments, exception, name (one that
    is not defined), time, nothing, type, size; or changed, if there is an ``answer`` but the
    function changed its inputs.
    """

    kind: str
    text: str
    answer: Any = None


@dataclass(frozen=True)
class Verdict:
    """``score`` 0..1 is the share of outputs that are right; ``message`` is for the learner.

    ``attempted`` is False if the answer is still as it was handed out; ``right`` names the outputs
    that are right.
    """

    score: float
    correct: bool
    message: str
    misconception: str | None = None
    attempted: bool = True
    right: tuple[str, ...] = ()
