"""Temporal order: which of X and Y came, and in what order?

Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997,
experiment 6a, whose steps 10-20 and 50-60 of about 100 scale with the length here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot

START, END, X, Y, FIRST_DISTRACTOR = range(5)
DISTRACTORS = 4


@dataclass(frozen=True)
class TemporalOrder(Task):
    """Two steps hold X or Y, the others distractors; the class is XX, XY, YX or YY.

    Inputs (B, length, 8) one-hot: E at the start, B at the end (the paper's names), X, Y, and the
    distractors a to d. The first X or Y comes at a step from length/10 to length/5, the second
    from length/2 to 3 length/5. Targets (B,) classes.

    Args:
        length: steps T of a sequence, from 10; 100 to 110 in the paper.
    """

    length: int = 100

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=10)

    @property
    def labels(self) -> Labels:
        return Labels(("E", "B", "X", "Y", "a", "b", "c", "d"), ("XX", "XY", "YX", "YY"))

    @property
    def baseline(self) -> Baseline:
        return guess(4, "orders")

    def _describe(self) -> str:
        return (
            f"A stream of {self.length} letters holds an X or a Y early on and another one past "
            "the middle; all other letters are noise. At the end the network must say which two "
            "came, in their order: XX, XY, YX or YY."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., X : Y + 1].any(axis=-1)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        size, T, rows = (batch_size, self.length), self.length, np.arange(batch_size)
        stream = rng.integers(FIRST_DISTRACTOR, FIRST_DISTRACTOR + DISTRACTORS, size)
        stream[:, 0], stream[:, -1] = START, END
        early = rng.integers(T // 10, T // 5 + 1, size=batch_size)
        late = rng.integers(T // 2, 3 * T // 5 + 1, size=batch_size)
        first, second = rng.integers(2, size=(2, batch_size))
        stream[rows, early] = X + first
        stream[rows, late] = X + second
        return Batch(one_hot(stream, self.input_size), 2 * first + second)
