"""Embedded Reber strings, one by one and as a stream without end.

The grammar is Reber's, 1967; embedded in a longer one it is experiment 1 of Hochreiter and
Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997. The stream is that of Gers,
Schmidhuber and Cummins, "Learning to Forget", Neural Computation 12(10), 2000.

An embedded string is  B o B...E o E  with o = T or P: the inner Reber string says nothing about o,
which must come back at the end. The grammar is one Markov chain, so what the best predictors of
several kinds reach is computed exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar, NamedTuple

import numpy as np

from course_utils.tasks.task import (
    Baseline,
    Batch,
    Labels,
    Task,
    check_whole,
    one_hot,
    read_only,
)

SYMBOLS = "BTPSXVE"
B, T, P, S, X, V, E = range(7)
# Node -> (symbol, next node), each of two with probability 1/2. The inner string ends at node 6.
INNER = (
    ((T, 1), (P, 2)),
    ((S, 1), (X, 3)),
    ((T, 2), (V, 4)),
    ((X, 2), (S, 5)),
    ((P, 3), (V, 5)),
    ((E, 6), (E, 6)),
)


class Grammar(NamedTuple):
    """The embedded grammar over n states, a state being all that decides what may come next.

    Attributes:
        symbol: (n, 2), the symbols of a state's two arrows, equal if there is only one.
        after: (n, 2), the states they lead to; the end leads back to the start, state 0.
        legal: (n, 7) bool, the symbols that may come.
        critical: (n,) bool, states in which only the outer T or P is right.
    """

    symbol: np.ndarray
    after: np.ndarray
    legal: np.ndarray
    critical: np.ndarray


@cache
def grammar() -> Grammar:
    """Start, choice of the outer symbol, twice (B, six inner nodes, outer symbol), end."""
    rows: list[tuple[tuple[int, int], ...]] = [((B, 1),), ((T, 2), (P, 10))]
    for outer in (T, P):
        inner = len(rows) + 1
        rows.append(((B, inner),))
        rows += [tuple((s, inner + to) for s, to in node) for node in INNER]
        rows.append(((outer, 18),))
    rows.append(((E, 0),))
    pairs = np.array([row if len(row) == 2 else row * 2 for row in rows])
    symbol, after = pairs[..., 0], pairs[..., 1]
    critical = np.zeros(len(rows), bool)
    critical[[9, 17]] = True
    tables = symbol, after, one_hot(symbol, 7).any(axis=1), critical
    return Grammar(*map(read_only, tables))


@dataclass(frozen=True, eq=False)
class ReberBatch(Batch):
    """A batch that knows which answers are right.

    Attributes:
        legal: (B, T, 7) bool, the symbols that the grammar allows next.
        critical: (B, T) bool, the steps at which the outer symbol must be remembered.
    """

    legal: np.ndarray = field(kw_only=True)
    critical: np.ndarray = field(kw_only=True)

    def right(self, logits: np.ndarray) -> np.ndarray:
        """Scored steps whose k legal successors are the k highest of the 7 logits (B, T, 7).

        A single guess cannot always be right, as there are often two legal successors.

        Returns:
            (B, T) bool.
        """
        lowest_legal = np.where(self.legal, logits, np.inf).min(axis=-1)
        highest_other = np.where(self.legal, -np.inf, logits).max(axis=-1)
        return (lowest_legal > highest_other) & self.legal.any(axis=-1)


class _Reber(Task):
    every_step: ClassVar[bool] = True

    @property
    def labels(self) -> Labels:
        return Labels(tuple(SYMBOLS), tuple(SYMBOLS))

    @property
    def baseline(self) -> Baseline:
        why = "The best predictor that sees the current symbol only, from how often pairs occur."
        return _reached(self._transitions().sum(axis=1), why)

    @property
    def forgetful(self) -> Baseline:
        """What a network reaches that knows the grammar and forgets the outer symbol."""
        counts = self._transitions().sum(axis=0)
        outer = counts.copy()
        outer[2:10] += counts[10:18]
        why = "The best predictor that knows the grammar and not which outer symbol came."
        return _reached(np.concatenate([outer[:10], outer[18:]]), why)

    @property
    def best(self) -> Baseline:
        """What a perfect network reaches: it cannot know which of two legal symbols comes."""
        why = "Two legal successors are equally likely: knowing all else, ln 2 nats at such a step."
        return _reached(self._transitions().sum(axis=0), why)

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        outer_begin = inputs[..., B] > 0  # an inner B follows T or P, an outer one does not
        outer_begin[:, 1:] &= ~inputs[:, :-1, [T, P]].any(axis=-1)
        clues = np.zeros_like(outer_begin)
        clues[:, 1:] = outer_begin[:, :-1] & inputs[:, 1:, [T, P]].any(axis=-1)
        return clues

    def strings(self, batch: Batch) -> list[str]:
        """What is read, as text: one string for each sequence, without padding."""
        steps = batch.inputs.any(axis=-1).sum(axis=1)
        symbols = batch.inputs.argmax(axis=-1)
        return ["".join(SYMBOLS[i] for i in row[:n]) for row, n in zip(symbols, steps, strict=True)]

    def _transitions(self) -> np.ndarray:
        """Expected number of scored steps: (symbol read, state it led to, symbol that follows)."""
        raise NotImplementedError


def _moves() -> np.ndarray:
    """Probability of each move: (n states, 7 symbols, n states they lead to)."""
    symbol, after, *_ = grammar()
    moves = np.zeros((len(symbol), 7, len(symbol)))
    np.add.at(moves, (np.arange(len(symbol))[:, None], symbol, after), 0.5)
    return moves


def _reached(counts: np.ndarray, why: str) -> Baseline:
    """The best predictor that sees a context: (contexts, 7) counts of what follows it."""
    share = counts / counts.sum(axis=1, keepdims=True).clip(min=1e-300)
    loss = -np.sum(counts * np.log(share, where=counts > 0, out=np.zeros_like(counts)))
    accuracy = counts.max(axis=1).sum() / counts.sum()
    return Baseline(float(loss / counts.sum()), float(accuracy), why)


@dataclass(frozen=True)
class EmbeddedReber(_Reber):
    """Name the next symbol, at each step of an embedded Reber string.

    Inputs (B, T, 7) one-hot, targets (B, T) classes; T is the longest string's length less one,
    so it differs from batch to batch. Shorter strings are followed by zeros of weight 0.
    """

    def _describe(self) -> str:
        return (
            "A Reber string between two equal letters, as in BP BTXSE PE. At each letter the "
            "network must name the next; where the grammar allows two, either is right. The second "
            "letter decides the last but one, and nothing in between tells it."
        )

    def _draw(self, batch_size: int, rng: np.random.Generator) -> ReberBatch:
        symbol, after, legal, critical = grammar()
        symbols, states = [], [np.zeros(batch_size, int)]
        while not symbols or states[-1].any():
            arrow = rng.integers(2, size=batch_size)
            ended = (states[-1] == 0) & bool(symbols)
            symbols.append(np.where(ended, -1, symbol[states[-1], arrow]))
            states.append(np.where(ended, 0, after[states[-1], arrow]))
        stream, state = np.stack(symbols, axis=1), np.stack(states[1:-1], axis=1)
        scored = stream[:, 1:] >= 0
        return ReberBatch(
            one_hot(stream[:, :-1], 7) * scored[..., None],
            np.where(scored, stream[:, 1:], 0),
            scored.astype(np.float32),
            legal=legal[state] & scored[..., None],
            critical=critical[state] & scored,
        )

    def _transitions(self) -> np.ndarray:
        moves = _moves()
        inside = moves.sum(axis=1)
        inside[:, 0] = 0  # the end leads nowhere
        visits = np.linalg.inv(np.eye(len(inside)) - inside)[0]
        arrivals = np.einsum("i,iaj->aj", visits, moves)
        arrivals[:, 0] = 0
        return np.einsum("aj,jbk->ajb", arrivals, moves)


@dataclass(frozen=True)
class ContinualReber(_Reber):
    """Name the next symbol in a stream of embedded Reber strings, with no sign where one ends.

    Inputs (B, length, 7) one-hot, targets (B, length) classes. A stream starts with a string and
    stops anywhere; all steps are scored.

    Args:
        length: steps T of a stream, from 1.
    """

    length: int = 100

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=1)

    def _describe(self) -> str:
        return (
            f"Embedded Reber strings follow each other for {self.length} letters without a break. "
            "At each letter the network must name the next. It must remember the outer letter of a "
            "string until that ends, and forget it then."
        )

    def _draw(self, batch_size: int, rng: np.random.Generator) -> ReberBatch:
        symbol, after, legal, critical = grammar()
        arrows = rng.integers(2, size=(self.length + 1, batch_size))
        states = np.zeros((self.length + 2, batch_size), int)
        for t, arrow in enumerate(arrows):
            states[t + 1] = after[states[t], arrow]
        stream = symbol[states[:-1], arrows].T
        state = states[1:-1].T
        return ReberBatch(
            one_hot(stream[:, :-1], 7),
            stream[:, 1:],
            None,
            legal=legal[state],
            critical=critical[state],
        )

    def _transitions(self) -> np.ndarray:
        moves = _moves()
        at, visits = np.eye(len(moves))[0], 0
        for _ in range(self.length):
            visits, at = visits + at, at @ moves.sum(axis=1)
        return np.einsum("i,iaj,jbk->ajb", visits, moves, moves)
