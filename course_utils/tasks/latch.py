"""The latch: keep one bit while noise goes by.

Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient descent is difficult",
IEEE Transactions on Neural Networks 5(2), 1994, section II. There the bit drives the first few
steps with a learnt signal; here it is one clean step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import (
    Baseline,
    Batch,
    Labels,
    Task,
    check_not_negative,
    check_whole,
    guess,
)


@dataclass(frozen=True)
class Latch(Task):
    """Inputs (B, length, 1): -1 or +1 at t=0, then Gaussian noise. Targets (B,): class 0 or 1.

    Args:
        length: steps T of a sequence, from 2.
        noise: standard deviation of the noise, from 0.
    """

    length: int = 50
    noise: float = 0.2

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=2)
        check_not_negative("noise", self.noise)

    @property
    def labels(self) -> Labels:
        return Labels(("signal",), ("-1", "+1"))

    @property
    def baseline(self) -> Baseline:
        return guess(2, "bits")

    def _describe(self) -> str:
        return (
            f"The first input is -1 or +1. {self.length - 1} steps of noise follow, with standard "
            f"deviation {self.noise:g}. At the end the network must say which it was."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        clues = np.zeros(inputs.shape[:-1], bool)
        clues[..., 0] = True
        return clues

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        bits = rng.integers(2, size=batch_size)
        noise = rng.standard_normal((batch_size, self.length, 1), dtype=np.float32)
        inputs = np.float32(self.noise) * noise
        inputs[:, 0, 0] = 2 * bits - 1
        return Batch(inputs, bits)
