"""Counting: as many b as there were a?

Gers and Schmidhuber, "LSTM recurrent networks learn simple context-free and context-sensitive
languages", IEEE Transactions on Neural Networks 12(6), 2001, and Weiss, Goldberg and Yahav, "On the
practical computational power of finite precision RNNs for language recognition", ACL 2018.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, one_hot

A, B = range(2)
AFTER = 3  # b's that follow once the counts are equal
WEIGHT = 5.0  # of the one step where they are: it is rare, and it is the point


@dataclass(frozen=True)
class Counting(Task):
    """A run of n a's, then b's: at each b, are there now as many b as a?

    Inputs (batch, 2 highest + 3, 2) one-hot, n drawn from 1 to `highest` for each sequence. Targets
    (batch, T): class 1 at the n-th b, else 0. Scored are the b's up to the third after it.

    Args:
        highest: the largest n, from 2.
    """

    every_step = True

    highest: int = 25

    def __post_init__(self) -> None:
        check_whole("highest", self.highest, least=2)

    @property
    def labels(self) -> Labels:
        return Labels(("a", "b"), ("no", "now"))

    @property
    def baseline(self) -> Baseline:
        scored = (self.highest - 1) / 2 + AFTER + WEIGHT
        now = WEIGHT / scored
        loss = -now * math.log(now) - (1 - now) * math.log(1 - now)
        why = f"A fixed guess: 'now' has the share {now:.2f} of what is scored."
        return Baseline(loss, max(now, 1 - now), why)

    def _describe(self) -> str:
        return (
            f"Between 1 and {self.highest} letters a are followed by letters b. At each b the "
            "network must say whether there have now been as many b as a."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., A] == 1

    def string(self, n: int) -> Batch:
        """The one sequence with n a's, of any length (T = 2 n + 3): a batch of 1."""
        check_whole("n", n, least=1)
        return self._strings(np.array([[n]]), 2 * n + AFTER)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        n = rng.integers(1, self.highest + 1, size=(batch_size, 1))
        return self._strings(n, 2 * self.highest + AFTER)

    def _strings(self, n: np.ndarray, length: int) -> Batch:
        t = np.arange(length)
        now = t == 2 * n - 1
        scored = (t >= n) & (t < 2 * n + AFTER)
        weights = np.where(now, WEIGHT, scored).astype(np.float32)
        return Batch(one_hot(np.where(t < n, A, B), 2), now.astype(int), weights)
