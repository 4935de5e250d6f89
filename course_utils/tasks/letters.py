"""Letter by letter: what comes next in the name of a place in this country?

The same names and the same parts as in `places`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.tasks.places import ALPHABET, COUNTRIES, LONGEST, letters, places
from course_utils.tasks.task import Baseline, Batch, Labels, Task, one_hot

END = len(ALPHABET)  # the class that ends a name
SYMBOLS = END + 1


@dataclass(frozen=True)
class NextLetter(Task):
    """Which letter follows? Inputs (B, 21, 41): the last letter (none at first) and the country.

    Targets (B, 21) are letters, at last the end of the name; `weights` are 0 behind it. `sample`
    draws from the training part.
    """

    loss = "cross_entropy"
    every_step = True

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries, in the order of the last input channels."""
        return tuple(COUNTRIES.values())

    @property
    def labels(self) -> Labels:
        return Labels((*ALPHABET, *self.countries), (*ALPHABET, "end"))

    @property
    def baseline(self) -> Baseline:
        """Each letter with its share in the training part, whatever stands before it."""
        targets, weights = self._answers(letters(places("train").names))
        share = np.bincount(targets[weights > 0], minlength=SYMBOLS) / weights.sum()
        known = share[share > 0]
        why = "Without a look at what stands before, the shares of the letters are best."
        return Baseline(float(-known @ np.log(known)), float(share.max()), why)

    @property
    def best(self) -> Baseline:
        """No network can know which name is meant."""
        return Baseline(0.0, 1.0, "A bound that cannot be reached: a name can go on in many ways.")

    def _describe(self) -> str:
        return (
            f"One of {len(self.countries)} countries and the first letters of a place there: which "
            "letter comes next, or does the name end?"
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return np.ones(np.asarray(inputs).shape[:2], bool)

    def part(self, part: str) -> Batch:
        """All names of "train", "validation" or "test" as one batch."""
        chosen = places(part)
        return self._batch(letters(chosen.names), chosen.countries)

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        chosen = places("train")
        rows = rng.integers(len(chosen.names), size=batch_size)
        return self._batch(letters([chosen.names[i] for i in rows]), chosen.countries[rows])

    def _batch(self, numbers: np.ndarray, countries: np.ndarray) -> Batch:
        before = np.pad(numbers, ((0, 0), (1, 0)), constant_values=-1)
        letter = one_hot(before, END) * (before >= 0)[..., None].astype(np.float32)
        country = one_hot(np.repeat(countries[:, None], LONGEST + 1, axis=1), len(COUNTRIES))
        return Batch(np.concatenate([letter, country], axis=-1), *self._answers(numbers))

    @staticmethod
    def _answers(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        targets = np.pad(numbers, ((0, 0), (0, 1)), constant_values=-1)
        lengths = (numbers >= 0).sum(axis=1, keepdims=True)
        weights = (np.arange(LONGEST + 1) <= lengths).astype(np.float32)
        return np.where(targets < 0, END, targets), weights


def invent(
    next_letter: Callable[[np.ndarray], np.ndarray],
    countries: Sequence[int],
    temperature: float,
    rng: np.random.Generator,
) -> list[str]:
    """Names of places that a network makes up, one for each of `countries`.

    Args:
        next_letter: takes the inputs so far (B, t, 41), gives logits for the next letter (B, 30).
        countries: (B,) numbers of countries.
        temperature: above 0; logits are divided by it. Low: what is most probable, again and
            again. High: anything.
        rng: draws the letters.

    Raises:
        ValueError: if temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"temperature is {temperature!r}; it must be above 0.")
    countries = np.asarray(countries)
    numbers = np.full((len(countries), LONGEST), -1)
    ended = np.zeros(len(countries), bool)
    for step in range(LONGEST):
        inputs = NextLetter()._batch(numbers, countries).inputs[:, : step + 1]
        logits = np.asarray(next_letter(inputs), float) / temperature
        share = np.exp(logits - logits.max(axis=1, keepdims=True))
        edges = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
        drawn = (rng.random((len(countries), 1)) > edges).sum(axis=1)
        ended |= drawn >= END
        numbers[~ended, step] = drawn[~ended]
    return ["".join(ALPHABET[k] for k in row if k >= 0) for row in numbers]
