"""Activations, each with its slope as a function of its own output.

The output is what the backward pass has at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """A function applied to every element, and its slope dy/da as a function of the output y."""

    name: str
    function: Callable[[Array], Array]
    slope: Callable[[Array], Array]

    def __call__(self, a: Array, out: Array | None = None) -> Array:
        """The function of ``a``, written into ``out`` if given, which may be ``a``."""
        if isinstance(self.function, np.ufunc):
            return self.function(a, out=out)
        if out is None:
            return self.function(a)
        out[...] = self.function(a)
        return out


def sigmoid(a: Array) -> Array:
    """1 / (1 + exp(-a)), written with tanh: no overflow, and NumPy's tanh is vectorised."""
    return 0.5 * np.tanh(0.5 * a) + 0.5


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("tanh", np.tanh, lambda y: 1 - y * y),
        Activation("sigmoid", sigmoid, lambda y: y * (1 - y)),
        Activation(
            "hard_sigmoid",
            lambda a: np.clip(a / 6 + 0.5, 0, 1),
            lambda y: np.where((y > 0) & (y < 1), 1 / 6, 0).astype(y.dtype),
        ),
        Activation("relu", lambda a: np.maximum(a, 0), lambda y: (y > 0).astype(y.dtype)),
        Activation("softsign", lambda a: a / (1 + np.abs(a)), lambda y: (1 - np.abs(y)) ** 2),
        Activation("linear", lambda a: a, np.ones_like),
    )
}


def get_activation(activation: str | Activation | None, argument: str = "activation") -> Activation:
    """Look an activation up by its Keras name; ``None`` is linear, as in Keras.

    Raises ValueError naming ``argument`` if the name is unknown.
    """
    if isinstance(activation, Activation):
        return activation
    name = "linear" if activation is None else activation
    if name not in ACTIVATIONS:
        known = ", ".join(sorted(ACTIVATIONS))
        raise ValueError(f"{argument} is {activation!r}; it must be None or one of: {known}.")
    return ACTIVATIONS[name]


class GateActivation:
    """The activations of gates stacked along the first axis, applied in place.

    Since sigmoid(a) = tanh(a/2)/2 + 1/2, one call of tanh serves sigmoid and tanh gates alike, if
    the sigmoid rows arrive already halved: ``prescale`` (one factor a gate) is folded into the
    weights once.
    """

    def __init__(self, activations: Sequence[Activation]):
        self.activations = tuple(activations)
        tanh, sigma = ACTIVATIONS["tanh"], ACTIVATIONS["sigmoid"]
        self.one_tanh = all(a in (tanh, sigma) for a in self.activations)
        self.only_tanh = all(a == tanh for a in self.activations)
        halves = [0.5 if self.one_tanh and a == sigma else 1.0 for a in self.activations]
        self.prescale = np.array(halves)
        self.scale = self.shift = np.empty(0)

    def __call__(self, gates: Array) -> None:
        """Turn pre-activations ``gates`` (gates, units, batch) into gate values, in place."""
        if self.one_tanh:
            np.tanh(gates, out=gates)
            if not self.only_tanh:
                if self.scale.shape != gates.shape or self.scale.dtype != gates.dtype:
                    self._spread(gates)
                gates *= self.scale
                gates += self.shift
        else:
            for activation, gate in zip(self.activations, gates):
                gate[:] = activation(gate)

    def _spread(self, gates: Array) -> None:
        """Full arrays cost less in each step than spreading one factor a gate over them."""
        self.scale = np.empty_like(gates)
        self.scale[:] = self.prescale[:, None, None]
        self.shift = 1 - self.scale
