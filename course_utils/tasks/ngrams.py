"""What counting letters can do: the baselines that a network on names has to beat.

A count of how often a letter follows the letters before it, smoothed by the counts with one letter
less (MacKay and Peto 1995): p(x | a b) = (n(a b x) + s p(x | b)) / (n(a b) + s).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

END = -1  # behind the last letter stands the end of the name, the last symbol of the tables


@dataclass(frozen=True, eq=False)
class LetterCounts:
    """Probabilities of the next letter, for each group of names (a country).

    Attributes:
        table: (groups, symbols, ..., symbols), the last axis is the next letter; there is an axis
            more for each letter that is looked back at. The last symbol is the end of a name, and
            stands before its first letter too.
    """

    table: np.ndarray

    @property
    def order(self) -> int:
        """Letters that are looked at, the next one included: 3 for trigrams."""
        return self.table.ndim - 1

    @classmethod
    def fit(
        cls,
        letters: np.ndarray,
        groups: np.ndarray,
        *,
        order: int,
        symbols: int,
        smoothing: float = 10.0,
        shared: float = 10.0,
    ) -> LetterCounts:
        """Count names.

        Args:
            letters: (B, T) numbers of letters below `symbols` - 1; -1 behind the end.
            groups: (B,) number of each name's group.
            order: letters to look at, the next one included, from 1.
            symbols: letters and the end.
            smoothing: s, how many counted letters the shorter context is worth.
            shared: the same for all groups together, to which each group's own counts are added.
        """
        together = _smoothed(letters, np.zeros_like(groups), order, symbols, smoothing)
        own = np.zeros((groups.max() + 1, *together.shape[1:]), np.float32)
        _count(own, letters, groups, order, symbols)
        total = own.sum(axis=-1, keepdims=True)
        return cls((own + shared * together) / (total + shared))

    def log_likelihood(self, letters: np.ndarray, groups: np.ndarray) -> np.ndarray:
        """ln of the probability of each name (B, T) with its end, in its group: (B,) nats."""
        at, context, following = _places(letters, self.order, self.table.shape[-1])
        found = np.log(self.table[(np.asarray(groups)[at], *context, following)])
        return np.bincount(at, found, minlength=len(letters))

    def classify(self, letters: np.ndarray, share: np.ndarray) -> np.ndarray:
        """The most probable group (B,), by Bayes' rule, if a group has the share (groups,)."""
        each = [
            self.log_likelihood(letters, np.full(len(letters), group))
            for group in range(len(self.table))
        ]
        return (np.stack(each, axis=1) + np.log(share)).argmax(axis=1)


def perplexity(log_likelihood: np.ndarray, letters: np.ndarray) -> float:
    """exp of the mean surprise a symbol, the end of each name included: the number of equally
    likely letters that would surprise as much."""
    return float(np.exp(-np.sum(log_likelihood) / (np.sum(letters >= 0) + len(letters))))


def _smoothed(
    letters: np.ndarray, groups: np.ndarray, order: int, symbols: int, smoothing: float
) -> np.ndarray:
    """Table of `order`, each order smoothed by the one below, the lowest by equal shares."""
    table = np.full((1, symbols), 1 / symbols, np.float32)
    for k in range(1, order + 1):
        counts = np.zeros((1, *(symbols,) * k), np.float32)
        _count(counts, letters, groups, k, symbols)
        shorter = table if k == 1 else table[:, None]  # the farthest letter does not matter
        total = counts.sum(axis=-1, keepdims=True)
        table = (counts + smoothing * shorter) / (total + smoothing)
    return table


def _count(
    counts: np.ndarray, letters: np.ndarray, groups: np.ndarray, order: int, symbols: int
) -> None:
    at, context, following = _places(letters, order, symbols)
    np.add.at(counts, (groups[at], *context, following), 1)


def _places(
    letters: np.ndarray, order: int, symbols: int
) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """For every letter and end: the row it stands in, the order - 1 symbols before it, itself."""
    letters, end = np.asarray(letters), symbols - 1
    ended = np.pad(letters, ((0, 0), (order - 1, 1)), constant_values=-1)
    ended[ended < 0] = end
    lengths = (letters >= 0).sum(axis=1)
    at, step = np.nonzero(np.arange(letters.shape[1] + 1) <= lengths[:, None])
    context = [ended[at, step + back] for back in range(order - 1)]
    return at, context, ended[at, step + order - 1]
