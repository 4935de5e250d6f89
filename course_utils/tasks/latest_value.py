"""The latest value: keys come again with new values, and the last one counts.

`ManyKeys` asks for the one value that a key came with. Here a key may come several times, as a
variable is set anew in a program, so a memory has to replace what it holds under this key and keep
the rest: "selective" in the sense of Gu and Dao, "Mamba", 2023.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot


@dataclass(frozen=True)
class LatestValue(Task):
    """`shown` pairs of a key and a value, keys drawn with repetition; then one is asked for.

    Inputs (B, shown + 1, keys * values + keys) one-hot: a symbol for each pair, and one for each
    question. Targets (B,) are the values that came last with the key asked for; each key that was
    shown is asked for equally often, however long ago it came.

    Args:
        shown: how many pairs are shown, at least 1.
        keys, values: how many there are, 2 to 26 and from 2.
    """

    shown: int = 16
    keys: int = 8
    values: int = 4

    def __post_init__(self) -> None:
        check_whole("shown", self.shown, least=1)
        check_whole("keys", self.keys, least=2, most=26)
        check_whole("values", self.values, least=2)

    @property
    def length(self) -> int:
        """Steps T of a sequence."""
        return self.shown + 1

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
            f"{self.shown} pairs of one of {self.keys} keys and one of {self.values} values are "
            "shown; keys come again. Then comes a key alone: which value came with it last?"
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        symbols = np.asarray(inputs).argmax(axis=-1)
        asked = symbols[..., -1:] - self.keys * self.values
        same = symbols // self.values == asked
        later = np.cumsum(same[..., ::-1], axis=-1)[..., ::-1]  # how often from here on
        return same & (later == 1)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        keys = rng.integers(self.keys, size=(batch_size, self.shown))
        values = rng.integers(self.values, size=keys.shape)
        was_shown = (keys[..., None] == np.arange(self.keys)).any(axis=1)
        asked = np.where(was_shown, rng.random(was_shown.shape), -1).argmax(axis=1)
        last = self.shown - 1 - (keys == asked[:, None])[:, ::-1].argmax(axis=1)
        symbols = np.c_[keys * self.values + values, self.keys * self.values + asked]
        return Batch(one_hot(symbols, self.input_size), values[np.arange(batch_size), last])
