"""What the sentence of a claim says about the condition it was found with."""

from __future__ import annotations

import re

WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNT = rf"\d+|{'|'.join(WORDS)}"
SEEDS = re.compile(
    rf"\b({COUNT}) (?:of )?(?:seeds?\b|runs?\b|(?:[\w-]+ )?(?:RNN|LSTM|GRU|IRNN|minGRU)s\b)"
    r"|\bseed \d+\b",
    re.IGNORECASE,
)
CELL = re.compile(
    r"\b(?:RNN|LSTM|GRU|IRNN|\w*GRU|\w*LSTM)s?\b|\bgated (?:cell|network)s?\b|\bcells?\b"
)
SAID = {  # what a sentence about a cell must name, and how it is recognised
    "rate": re.compile(r"\brates?\b|\buntrained\b|\bbefore training\b", re.IGNORECASE),
    "start": re.compile(
        r"\bstart\w*\b|\bbegun\b|\bdefaults?\b|\bchrono\b|\binitial\w*\b|\bbias(?:es)?\b"
        r"|\borthogonal\b|\buntrained\b",
        re.IGNORECASE,
    ),
    "length": re.compile(
        r"\b(?:lengths?|lags?|distances?|delays?|gaps?)\b"
        r"|\d (?:words?|letters?|symbols?|numbers?|digits?|hours?|a's)\b|\bT ?= ?\d"
        r"|\b(?:Adding|Copy|Order|Recall|Sentence|Counting|Parity|Latch|Reber) \d",
        re.IGNORECASE,
    ),
}
MEASURED = re.compile(
    r"\bseeds?\b|\btrain(?:ed|ing|s)?\b|\baccurac\w+|\bon average\b|\bmedian\b|\bsolved?\b"
    r"|\bof \d+ runs\b",
    re.IGNORECASE,
)


def seeds_in(text: str) -> int | None:
    """How many seeds a sentence names: 3 of "(3 seeds)", 1 of "(seed 5)"; None if it names none."""
    found = SEEDS.search(text)
    if not found:
        return None
    number = (found.group(1) or "one").lower()
    return WORDS.index(number) + 1 if number in WORDS else int(number)


def left_unsaid(text: str, seeds: int) -> list[str]:
    """What a sentence about a cell does not say, and its condition had only one of.

    A sentence that names no cell, or says which rate, start and length it was found with and
    rests on several seeds or says that it does not, gives nothing.
    """
    if not CELL.search(text):
        return []
    unsaid = [name for name, said in SAID.items() if not said.search(text)]
    return unsaid + (["seeds"] if seeds < 2 and seeds_in(text) is None else [])


def sounds_measured(text: str) -> bool:
    """Whether a sentence speaks of seeds, training or what was reached: no identity does."""
    return bool(MEASURED.search(text))
