"""The best so far: which value came with the highest score?

After the nearest neighbour search of Beck et al., "xLSTM: extended long short-term memory", 2024,
section 4.1, with the similarity given as a number instead of being computed from two vectors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole

SCORE, VALUE = range(2)


@dataclass(frozen=True)
class BestSoFar(Task):
    """At each step come a score and a value; at the end the value of the highest score is asked.

    Inputs (B, length, 2), scores and values from U(0, 1), independent. Targets (B, 1). What is
    stored must be replaced each time that a higher score comes, and not otherwise.

    Args:
        length: steps T of a sequence, from 2.
    """

    loss = "mse"

    length: int = 20

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=2)

    @property
    def labels(self) -> Labels:
        return Labels(("score", "value"), ("value of the best",))

    @property
    def baseline(self) -> Baseline:
        return Baseline(
            1 / 12, None, "Always answering 1/2 costs the variance of U(0, 1), which is 1/12."
        )

    def _describe(self) -> str:
        return (
            f"At each of {self.length} steps come a score and a value. At the end the network must "
            "say the value that came with the highest score."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        scores = inputs[..., SCORE]
        return scores == scores.max(axis=-1, keepdims=True)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        inputs = rng.random((batch_size, self.length, 2), dtype=np.float32)
        best = inputs[..., SCORE].argmax(axis=1)
        return Batch(inputs, inputs[np.arange(batch_size), best, VALUE, None])
