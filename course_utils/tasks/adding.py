"""The adding problem: add two marked numbers among many that do not matter.

Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997, experiment 4.
Here in the form of Le, Jaitly and Hinton, arXiv:1504.00941, 2015: numbers from [0, 1] and their
plain sum; and with one mark in each half, as in Arjovsky, Shah and Bengio, arXiv:1511.06464, 2016.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole


@dataclass(frozen=True)
class Adding(Task):
    """Inputs (B, length, 2): a number from U[0, 1), and a mark that is 1 at two steps, else 0.

    One step of the first half is marked and one of the second. Targets (B, 1): the sum of the two
    marked numbers.

    Args:
        length: steps T of a sequence, from 2.
    """

    length: int = 100
    loss: ClassVar[str] = "mse"

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=2)

    @property
    def labels(self) -> Labels:
        return Labels(("number", "mark"), ("sum",))

    @property
    def baseline(self) -> Baseline:
        why = "Always saying 1, the mean, leaves the variance of the sum: 1/12 + 1/12 = 1/6."
        return Baseline(1 / 6, None, why)

    def _describe(self) -> str:
        return (
            f"{self.length} random numbers between 0 and 1 pass by, two of them marked: one in "
            "the first half, one in the second. At the end the network must say the sum of the two."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., 1] == 1

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        inputs = np.zeros((batch_size, self.length, 2), np.float32)
        inputs[..., 0] = rng.random((batch_size, self.length), dtype=np.float32)
        half = self.length // 2
        rows = np.arange(batch_size)
        first = rng.integers(half, size=batch_size)
        second = rng.integers(half, self.length, size=batch_size)
        inputs[rows, first, 1] = inputs[rows, second, 1] = 1
        return Batch(inputs, inputs[rows, first, :1] + inputs[rows, second, :1])
