"""What the player can show: input sequences, run through real cells with real weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from course_utils.cells import GRU, LSTM, Chrono, SimpleRNN
from course_utils.cells.layers import Layer
from course_utils.measure.flow import Flow, flow
from course_utils.player.words import ABOUT, CLICK, MEAN, NOISE, SEQUENCES, SILENCE, UNIT, WEIGHTS
from course_utils.tasks import FranceSentence

CELLS = {"SimpleRNN": SimpleRNN, "LSTM": LSTM, "GRU": GRU}
UNITS = 32
CHANNELS = 8  # of the click sequences: the click, and seven others that are silent or noisy
DISTANCE = 24  # words between the country and the blank


@dataclass(frozen=True)
class Scene:
    """One sequence through some cells: all that is shown of it.

    tokens: a name for each step; bars: for sequences without words, the height of each input, 0
    to 1; clues: the steps (from 1) of what is worth remembering; flows: by cell; apart: by cell,
    the difference that another clue makes to the memory of each unit, (T, n); whose: whose gates
    are shown, in words.
    """

    sequence: str
    weights: str
    title: str
    tokens: tuple[str, ...]
    clues: tuple[int, ...]
    flows: Mapping[str, Flow] = field(repr=False)
    apart: Mapping[str, np.ndarray] = field(repr=False)
    whose: str = MEAN
    bars: tuple[float, ...] = ()
    about: str = ""

    @property
    def steps(self) -> int:
        return len(self.tokens)

    def left(self, cell: str) -> np.ndarray:
        """How large the difference is after each step, (T,), relative to just after the clue."""
        sizes = np.linalg.norm(self.apart[cell], axis=1)
        return sizes / sizes[self.clues[-1] - 1]


@cache
def scenes() -> tuple[Scene, ...]:
    """Every sequence with every choice of weights, 32 units, seed 0."""
    return tuple(_scene(sequence, weights) for sequence in SEQUENCES for weights in WEIGHTS)


def scene(
    layers: Mapping[str, Layer] | Sequence[Layer],
    x: np.ndarray,
    tokens: Sequence[str],
    *,
    other: np.ndarray | None = None,
    unit: int | None = None,
    clues: Sequence[int] = (1,),
    title: str = "",
    sequence: str = "yours",
    weights: str = "yours",
) -> Scene:
    """A scene from layers of your own, trained or not.

    Args:
        layers: one of each cell at most.
        x: (T, m), the sequence; `tokens`: T words for it.
        other: (T, m), the same with another clue, to tell what is left of it; None for x without
            its clues (zeros).
        unit: whose gates are shown; None for the mean over all units.
        clues: the steps, from 1, that are worth remembering.
        title: whose weights these are, a few words.
        sequence, weights: names, where a player shows several scenes.

    Raises:
        ValueError: if tokens do not fit x, or two layers are of one kind.
    """
    members = list(layers.values()) if isinstance(layers, Mapping) else list(layers)
    by_name = {layer.name: layer for layer in members}
    if len(by_name) != len(members) or not members:
        raise ValueError("layers must hold at least one layer, and one of each cell at most.")
    x = np.asarray(x)
    if x.ndim != 2 or len(x) != len(tokens):
        raise ValueError(
            f"x has shape {x.shape}; it must be (T, inputs), with T = {len(tokens)} tokens."
        )
    if other is None:
        other = x.copy()
        other[np.asarray(clues) - 1] = 0
    return Scene(
        sequence,
        weights,
        title,
        tuple(tokens),
        tuple(clues),
        {name: flow(layer, x, unit=unit) for name, layer in by_name.items()},
        {name: difference(layer, x, other) for name, layer in by_name.items()},
        *([] if unit is None else [UNIT.format(number=unit)]),
    )


def build_layer(cell: str, weights: str, steps: int, seed: int = 0) -> Layer:
    """An untrained layer of 32 units: "default" as Keras draws it, "chrono" opened for `steps`.

    A SimpleRNN has no gate to open: it is the same in both.
    """
    opened = weights == "chrono" and cell != "SimpleRNN"
    options = {"bias_initializer": Chrono(steps)} if opened else {}
    return CELLS[cell](UNITS, seed=seed, **options)


def difference(layer: Layer, x: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What another sequence makes of the memory of each unit, step by step, (T, n)."""
    key = "c" if layer.name == "LSTM" else "h"
    layer(x[None])
    one = layer.trace()[key][0].astype(np.float64)
    layer(other[None])
    return one - layer.trace()[key][0]


def _scene(sequence: str, weights: str) -> Scene:
    x, other, tokens, clues, bars = sequence_of(sequence)
    layers = {name: build_layer(name, weights, len(x)) for name in CELLS}
    return Scene(
        sequence,
        weights,
        WEIGHTS[weights],
        tokens,
        clues,
        {name: flow(layer, x) for name, layer in layers.items()},
        {name: difference(layer, x, other) for name, layer in layers.items()},
        bars=bars,
        about=ABOUT[sequence],
    )


def sequence_of(
    name: str,
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...], tuple[int, ...], tuple[float, ...]]:
    """x (T, m), the same with another clue, tokens, the clues' steps, and heights to draw."""
    if name == "sentence":
        return _sentence()
    steps = 40 if name == "noise" else 30
    clues = (1, 16) if name == "clicks" else (1,)
    x = np.zeros((steps, CHANNELS), np.float32)
    if name == "noise":
        x[1:, 1:] = np.random.default_rng(0).normal(size=(steps - 1, CHANNELS - 1))
    other = x.copy()
    for step in clues:
        x[step - 1, 0] = 1
        other[step - 1, 0] = -1
    loud = np.abs(x[:, 1:]).mean(axis=1)
    bars = np.where(x[:, 0] > 0, 1, 0.45 * loud)
    idle = NOISE if name == "noise" else SILENCE
    tokens = tuple(CLICK if x[k, 0] else idle for k in range(steps))
    return x, other, tokens, clues, tuple(float(bar) for bar in bars)


def _sentence() -> tuple:
    task = FranceSentence(distance=DISTANCE)
    rng = np.random.default_rng(3)
    clue = len(task.words(task.sample(1, rng).inputs[0])) - DISTANCE
    words = task.words(task.sample(1, rng).inputs[0])
    words[clue - 1] = "France"
    elsewhere = [*words]
    elsewhere[clue - 1] = "Germany"
    return task.encode(words)[0], task.encode(elsewhere)[0], tuple(words), (clue,), ()
