"""Copy memory: repeat what was said, after a long pause.

Arjovsky, Shah and Bengio, "Unitary Evolution Recurrent Neural Networks", ICML 2016,
arXiv:1511.06464, section 5.1; after Hochreiter and Schmidhuber, 1997.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from course_utils.tasks.recall import SYMBOLS
from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, one_hot


@dataclass(frozen=True)
class CopyMemory(Task):
    """`items` symbols, a pause of `delay` steps of which the last is "go", then time to answer.

    Inputs (B, delay + 2 * items, symbols + 2) one-hot; targets (B, delay + 2 * items) classes:
    blank until the answer is due, then the symbols in their order. All steps are scored.

    Args:
        delay: the T of the paper, from 1.
        items: symbols to copy, from 1; 10 in the paper.
        symbols: different symbols, 2 to 26; 8 in the paper.
    """

    delay: int = 100
    items: int = 10
    symbols: int = 8
    every_step: ClassVar[bool] = True

    def __post_init__(self) -> None:
        check_whole("delay", self.delay, least=1)
        check_whole("items", self.items, least=1)
        check_whole("symbols", self.symbols, least=2, most=len(SYMBOLS))

    @property
    def length(self) -> int:
        """Steps of a sequence."""
        return self.delay + 2 * self.items

    @property
    def labels(self) -> Labels:
        names = (*SYMBOLS[: self.symbols], "blank", "go")
        return Labels(names, names[:-1])

    @property
    def baseline(self) -> Baseline:
        n, k, steps = self.items, self.symbols, self.length
        loss = n * math.log(k) / steps
        accuracy = (steps - n + n / k) / steps
        why = (
            f"Without memory: blank for {steps - n} steps, which is right, then {n} guesses among "
            f"{k} symbols: {n} ln {k} / {steps} nats a step."
        )
        return Baseline(loss, accuracy, why)

    def _describe(self) -> str:
        return (
            f"{self.items} symbols are shown, then nothing for {self.delay - 1} steps, then a sign "
            f"to go: now the network must repeat all {self.items} in their order, and say blank "
            "before."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., : self.symbols].any(axis=-1)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        blank, go = self.symbols, self.symbols + 1
        message = rng.integers(self.symbols, size=(batch_size, self.items))
        stream = np.full((batch_size, self.length), blank)
        stream[:, : self.items] = message
        stream[:, -self.items - 1] = go
        targets = np.full((batch_size, self.length), blank)
        targets[:, -self.items :] = message
        return Batch(one_hot(stream, self.input_size), targets)
