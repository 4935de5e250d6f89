"""The sentence that forgets: "I grew up in France ... I speak fluent ___".

Countries, their official languages and their English names come from Babel (BSD-3-Clause), which
ships the Unicode CLDR (Unicode licence). All other words are the course's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import numpy as np

from course_utils.tasks.task import Baseline, Batch, Labels, Task, check_whole, guess, one_hot

# One official language each, all different, and one-word names; a test asks Babel again.
TERRITORIES = ("FR", "DE", "IT", "ES", "PT", "GR", "PL", "HU", "SE", "DK", "JP", "VN")

OPENING = ["I", "grew", "up", "in"]
CLOSING = ["I", "speak", "fluent"]
# Words before the closing that make up any distance: filler sentences have five words.
LINKS = ("", "today", "even now", "after many years", "to this very day")
FILLERS = (
    ("my our", "mother father sister uncle neighbour", "loved painted sold repaired collected",
     "old small blue wooden", "boats clocks kites maps violins"),
    ("the", "summers winters mornings streets", "were", "often always never",
     "quiet warm cold crowded"),
    ("we", "walked played waited", "near behind beside", "the", "river harbour market school"),
)  # fmt: skip
SENTENCE = 5


@cache
def countries() -> dict[str, str]:
    """Countries and their languages in English: {"France": "French", ...}."""
    from babel import Locale
    from babel.languages import get_official_languages

    english = Locale("en")
    return {
        english.territories[code]: english.languages[get_official_languages(code)[0]]
        for code in TERRITORIES
    }


@cache
def vocabulary() -> tuple[str, ...]:
    """All words that the network can read; the countries come first."""
    groups = [group for sentence in FILLERS for group in sentence]
    words = " ".join([*OPENING, *CLOSING, *groups, *LINKS]).split()
    return tuple(dict.fromkeys([*countries(), *words]))


@cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Word numbers for drawing.

    Returns:
        The fillers' words (sentence, place, choice), the number of choices (sentence, place),
        the opening (4,), and for each link the sentence's last words (link, 7), -1 for none.
    """
    number = {word: i for i, word in enumerate(vocabulary())}
    groups = [[[number[w] for w in group.split()] for group in sentence] for sentence in FILLERS]
    counts = np.array([[len(group) for group in sentence] for sentence in groups])
    words = np.zeros((*counts.shape, counts.max()), int)
    for i, sentence in enumerate(groups):
        for j, group in enumerate(sentence):
            words[i, j, : len(group)] = group
    ends = np.full((len(LINKS), len(LINKS) - 1 + len(CLOSING)), -1)
    for i, link in enumerate(LINKS):
        tail = [number[w] for w in link.split() + CLOSING]
        ends[i, -len(tail) :] = tail
    return words, counts, np.array([number[w] for w in OPENING]), ends


@dataclass(frozen=True)
class FranceSentence(Task):
    """Which language? It depends on a country, `distance` words back.

    Inputs (B, length, words) one-hot; targets (B,) languages. The last word is always "fluent".
    Where the distance varies, each sentence draws its own, and other sentences stand before a
    short one, as if the reader had opened the book somewhere: all have the same length.

    Args:
        distance: words between the country and the blank, from 3 ("I speak fluent"); a number, or
            a range (low, high), both included.
        length: words of a whole sequence; None for just enough, high + 5.
    """

    distance: int | tuple[int, int] = (3, 40)
    length: int | None = None

    def __post_init__(self) -> None:
        pair = self.distance if isinstance(self.distance, tuple | list) else (self.distance,) * 2
        if len(pair) != 2:
            raise ValueError(f"distance is {self.distance!r}; it must be a number or (low, high).")
        low, high = pair
        check_whole("distance", low, least=len(CLOSING))
        check_whole("distance", high, least=len(CLOSING))
        if low > high:
            raise ValueError(f"distance is {self.distance!r}; low must not be above high.")
        least = high + len(OPENING) + 1
        if self.length is None:
            object.__setattr__(self, "length", least)
        check_whole("length", self.length, least=least)
        object.__setattr__(self, "distance", low if low == high else (low, high))

    @property
    def distance_range(self) -> tuple[int, int]:
        """The shortest and the longest distance."""
        return self.distance if isinstance(self.distance, tuple) else (self.distance,) * 2

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries, in the order of `answers`."""
        return tuple(countries())

    @property
    def answers(self) -> tuple[str, ...]:
        """The languages: answers[target] is the word in the blank."""
        return tuple(countries().values())

    @property
    def labels(self) -> Labels:
        return Labels(vocabulary(), self.answers)

    @property
    def baseline(self) -> Baseline:
        return guess(len(self.answers), "languages")

    def _describe(self) -> str:
        low, high = self.distance_range
        words = f"{low}" if low == high else f"{low} to {high}"
        return (
            f'"I grew up in France ... I speak fluent ___": the country stands {words} words '
            f"before the blank, {len(self.answers)} countries are possible, and nothing in between "
            "tells. The network must say the language."
        )

    def at(self, distance: int) -> FranceSentence:
        """The same sentences, of the same length, with this one distance."""
        return FranceSentence(distance, max(self.length, distance + len(OPENING) + 1))

    def sentence(self, country: str, distance: int, seed: int = 0) -> np.ndarray:
        """One text (1, length, words) with `country`, `distance` words before the blank.

        The other words are those of `seed`. While the length is the same, they stay when the
        distance grows: only the country moves through them.

        Raises:
            ValueError: if it is none of the countries.
        """
        if country not in self.countries:
            known = ", ".join(self.countries)
            raise ValueError(f"country is {country!r}; it must be one of {known}.")
        inputs = self.at(distance).sample(1, np.random.default_rng(seed)).inputs
        at = inputs.shape[1] - 1 - distance
        inputs[0, at] = one_hot(np.array(self.countries.index(country)), inputs.shape[2])
        return inputs

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., : len(self.countries)].any(axis=-1)

    def words(self, sample: np.ndarray) -> list[str]:
        """The words of one sample (T, words)."""
        return [vocabulary()[i] for i in np.asarray(sample).argmax(axis=-1)]

    def encode(self, words: str | Sequence[str]) -> np.ndarray:
        """Words, or a text, as one batch (1, T, words); capitals and punctuation do not matter.

        Raises:
            ValueError: if there is no word, or one outside the vocabulary.
        """
        parts = words.split() if isinstance(words, str) else words
        known = {word.lower(): i for i, word in enumerate(vocabulary())}
        plain = [word for part in parts if (word := re.sub(r"[^\w-]|_", "", part).lower())]
        if not plain:
            raise ValueError("words is empty; give at least one word of the vocabulary.")
        for word in plain:
            if word not in known:
                near = get_close_matches(word, known, n=1)
                hint = f"; did you mean {vocabulary()[known[near[0]]]!r}?" if near else ""
                raise ValueError(
                    f"{word!r} is not one of the {len(known)} words of this task"
                    f"{hint or ', see task.labels.inputs.'}"
                )
        return one_hot(np.array([[known[word] for word in plain]]), len(known))

    def text(self, sample: np.ndarray) -> str:
        """One sample (T, words) as English sentences that end in a blank."""
        last = {word for sentence in FILLERS for word in sentence[-1].split()} | set(countries())
        words = self.words(sample)
        start = not last.intersection(words[: SENTENCE - 1])  # else it starts inside a sentence
        text = [] if start else ["..."]
        for word in words:
            text.append(word[0].upper() + word[1:] if start else word)
            if start := word in last:
                text[-1] += "."
        return " ".join(text) + " ___"

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        words, counts, opening, ends = _tables()
        low, high = self.distance_range
        targets = rng.integers(len(self.answers), size=batch_size)
        distance = rng.integers(low, high + 1, size=batch_size)

        sentences = -(-self.length // SENTENCE)
        kind = rng.integers(len(FILLERS), size=(batch_size, sentences, 1))
        place = np.arange(SENTENCE)
        choice = rng.random((batch_size, sentences, SENTENCE)) * counts[kind, place]
        fillers = words[kind, place, choice.astype(int)].reshape(batch_size, -1)

        # Fillers start after the country, and end before the opening: read them round the corner.
        step = np.arange(self.length)
        at = (self.length - 1 - distance)[:, None]
        begin = np.where(step > at, at + 1, at - len(opening))
        stream = np.take_along_axis(fillers, (step - begin) % fillers.shape[1], axis=1)

        rows = np.arange(batch_size)[:, None]
        stream[rows, at - len(opening) + np.arange(len(opening))] = opening
        stream[rows, at] = targets[:, None]
        end = ends[(distance - len(CLOSING)) % SENTENCE]
        tail = min(end.shape[1], self.length)
        end = end[:, -tail:]
        stream[:, -tail:] = np.where(end >= 0, end, stream[:, -tail:])
        return Batch(one_hot(stream, len(vocabulary())), targets)
