"""Initialisers, as Keras draws them: the fused matrix of all gates at once, not gate by gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.validate import positive_int

Initializer = Callable[[tuple[int, ...], np.random.Generator], Array]


def zeros(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.zeros(shape)


def ones(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return np.ones(shape)


def glorot_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """U(-a, a), a = sqrt(6 / (rows + columns)), columns of all gates (Glorot & Bengio 2010)."""
    limit = np.sqrt(6 / (shape[0] + shape[-1]))
    return rng.uniform(-limit, limit, shape)


def orthogonal(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Orthonormal rows of the fused matrix, U U' = I (Saxe et al. 2014).

    A single gate's block of it is not orthogonal.
    """
    rows, columns = shape
    q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diag(r))
    return q if rows >= columns else q.T


def identity(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Ones on the diagonal of the fused matrix (Le, Jaitly & Hinton 2015, for the ReLU RNN)."""
    return np.eye(*shape)


INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "ones": ones,
    "glorot_uniform": glorot_uniform,
    "orthogonal": orthogonal,
    "identity": identity,
}


@dataclass(frozen=True)
class RandomNormal:
    """N(0, stddev²) for every weight."""

    stddev: float = 0.05

    def __call__(self, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        return rng.normal(0, self.stddev, shape)


@dataclass(frozen=True)
class Chrono:
    """Bias initialiser for memories of up to ``max_lag`` steps (Tallec & Ollivier 2018).

    A gate of value f keeps a memory for about 1 / (1 - f) steps. Biases ln U(1, max_lag - 1) of the
    gate that keeps (the LSTM's forget gate, the GRU's z) spread these times from 2 to ``max_lag``;
    the LSTM's input gate gets the opposite bias. All other biases are zero, and
    ``unit_forget_bias`` has no say.
    """

    max_lag: int

    def __post_init__(self) -> None:
        if positive_int(self.max_lag, "max_lag") < 3:
            raise ValueError(f"max_lag is {self.max_lag}; chrono initialisation needs at least 3.")

    def bias(self, gates: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
        """A bias of ``shape`` for a cell whose gates stand in the order ``gates``.

        Raises ValueError for a cell with no gate that keeps.
        """
        keeper = next((gate for gate in "fz" if gate in gates), None)
        if keeper is None:
            raise ValueError(
                "Chrono sets the bias of a gate that keeps a memory; SimpleRNN has none."
            )
        units = shape[-1] // len(gates)
        bias = np.zeros(shape)
        by_gate = bias.reshape(-1, len(gates), units)[0]
        by_gate[gates.index(keeper)] = np.log(rng.uniform(1, self.max_lag - 1, units))
        if keeper == "f":
            by_gate[gates.index("i")] = -by_gate[gates.index("f")]
        return bias


def get_initializer(initializer: str | Initializer, argument: str) -> Initializer:
    """Look an initialiser up by its Keras name.

    Raises ValueError naming ``argument`` if the name is unknown.
    """
    if callable(initializer):
        return initializer
    if initializer not in INITIALIZERS:
        known = ", ".join(sorted(INITIALIZERS))
        raise ValueError(
            f"{argument} is {initializer!r}; it must be a function or one of: {known}."
        )
    return INITIALIZERS[initializer]
