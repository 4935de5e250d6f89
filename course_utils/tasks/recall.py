"""Recall: which symbol came first?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Recall(Task):
    """The symbol at t=0 is asked for after `lag` distractors.

    Inputs (B, lag + 1, symbols + distractors) one-hot; targets (B,) classes. Distractors come from
    an alphabet of their own, so nothing but time stands between the network and the answer.

    Args:
        lag: distractors between the symbol and the answer, from 1.
        symbols: how many symbols there are to remember, 2 to 26.
        distractors: how many different distractors there are, from 1.
    """

    lag: int = 50
    symbols: int = 8
    distractors: int = 8

    def __post_init__(self) -> None:
        check_whole("lag", self.lag, least=1)
        check_whole("symbols", self.symbols, least=2, most=len(SYMBOLS))
        check_whole("distractors", self.distractors, least=1)

    @property
    def length(self) -> int:
        """Steps T of a sequence."""
        return self.lag + 1

    @property
    def labels(self) -> Labels:
        symbols = tuple(SYMBOLS[: self.symbols])
        return Labels(symbols + tuple(f"·{i + 1}" for i in range(self.distractors)), symbols)

    @property
    def baseline(self) -> Baseline:
        return guess(self.symbols, "symbols")

    def _describe(self) -> str:
        return (
            f"One of {self.symbols} symbols is shown at the first step. {self.lag} distractors "
            "follow, which mean nothing. At the end the network must say which symbol came first."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., : self.symbols].any(axis=-1)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        size = (batch_size, self.length)
        stream = rng.integers(self.symbols, self.symbols + self.distractors, size)
        stream[:, 0] = targets = rng.integers(self.symbols, size=batch_size)
        return Batch(one_hot(stream, self.input_size), targets)
