"""Many keys: which value came with this key?

After the associative recall of Ba et al., "Using fast weights to attend to the recent past", 2016,
with each pair of key and value as one symbol, so that one layer is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot


@dataclass(frozen=True)
class ManyKeys(Task):
    """`pairs` keys are shown, each with a value, in any order; then one of them is asked for.

    Inputs (B, pairs + 1, keys * values + keys) one-hot: a symbol for each pair, and one for each
    question. Targets (B,) are the values, drawn independently.

    Args:
        pairs: how many different keys are shown, 1 to `keys`.
        keys, values: how many there are, 2 to 26 and from 2.
    """

    pairs: int = 8
    keys: int = 16
    values: int = 4

    def __post_init__(self) -> None:
        check_whole("keys", self.keys, least=2, most=26)
        check_whole("values", self.values, least=2)
        check_whole("pairs", self.pairs, least=1, most=self.keys)

    @property
    def length(self) -> int:
        """Steps T of a sequence."""
        return self.pairs + 1

    @property
    def labels(self) -> Labels:
        names = [chr(ord("A") + key) for key in range(self.keys)]
        values = tuple(str(value + 1) for value in range(self.values))
        shown = tuple(name + value for name in names for value in values)
        return Labels(shown + tuple(name + "?" for name in names), values)

    @property
    def baseline(self) -> Baseline:
        return guess(self.values, "values")

    def _describe(self) -> str:
        return (
            f"{self.pairs} of {self.keys} keys are shown, each with one of {self.values} values. "
            "Then comes one of these keys alone: which value came with it?"
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        symbols = np.asarray(inputs).argmax(axis=-1)
        asked = symbols[..., -1:] - self.keys * self.values
        return symbols // self.values == asked

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        every = np.broadcast_to(np.arange(self.keys), (batch_size, self.keys))
        keys = rng.permuted(every, axis=1)[:, : self.pairs]
        values = rng.integers(self.values, size=keys.shape)
        rows, place = np.arange(batch_size), rng.integers(self.pairs, size=batch_size)
        question = self.keys * self.values + keys[rows, place]
        symbols = np.concatenate([keys * self.values + values, question[:, None]], axis=1)
        return Batch(one_hot(symbols, self.input_size), values[rows, place])
