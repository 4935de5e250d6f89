"""Parity: have there been an even or an odd number of ones?

The smallest task in which every step changes the state, and no step can be left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot


@dataclass(frozen=True)
class Parity(Task):
    """At each step: is the number of ones so far even or odd?

    Inputs (B, length, 2) one-hot, bits 0 and 1, equally likely. Targets (B, length): class 0 for
    even, 1 for odd.

    Args:
        length: steps T of a sequence, from 1.
    """

    every_step = True

    length: int = 20

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=1)

    @property
    def labels(self) -> Labels:
        return Labels(("0", "1"), ("even", "odd"))

    @property
    def baseline(self) -> Baseline:
        return guess(2, "parities")

    def _describe(self) -> str:
        return (
            f"A stream of {self.length} bits. After each one the network must say whether the "
            "number of ones so far is even or odd."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., 1] == 1

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        bits = rng.integers(2, size=(batch_size, self.length))
        return Batch(one_hot(bits, 2), bits.cumsum(axis=1) % 2)
