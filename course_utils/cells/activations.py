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
    """A function applied to every element, and its slope dy/da as a function of the output y.

    The slope must be finite for any number: at a masked step it is asked of a state that was given.
    """

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


def softplus(a: Array) -> Array:
    """ln(1 + exp(a)) without overflow; -softplus(-a) is ln sigmoid(a)."""
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def elu(a: Array) -> Array:
    """a, or exp(a) - 1 below 0 (Clevert et al. 2016)."""
    return np.where(a < 0, np.expm1(np.minimum(a, 0)), a)


def sparse_plus(a: Array) -> Array:
    """0 up to -1, a from 1 on, and a parabola between them."""
    return np.where(a < 1, np.clip(a + 1, 0, 2) ** 2 / 4, a)


def piece(low: float, high: float, slope: float) -> Callable[[Array], Array]:
    """The slope of a straight piece between two outputs, and 0 elsewhere."""
    return lambda y: np.where((y > low) & (y < high), slope, 0).astype(y.dtype)


LEAK = float(np.float32(0.2))  # Keras's default, as TensorFlow holds it
SIX, SHRINK = 6, 0.5  # Keras's defaults
SELU, SELU_FLOOR = 1.0507009873554805, 1.7580993408473766  # Klambauer et al. 2017: λ and λα

ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("tanh", np.tanh, lambda y: 1 - y * y),
        Activation("sigmoid", sigmoid, lambda y: y * (1 - y)),
        Activation("linear", lambda a: a, np.ones_like),
        Activation("exponential", np.exp, lambda y: y),
        Activation("softplus", softplus, lambda y: -np.expm1(-np.maximum(y, 0))),
        Activation("log_sigmoid", lambda a: -softplus(-a), lambda y: -np.expm1(np.minimum(y, 0))),
        Activation("softsign", lambda a: a / (1 + np.abs(a)), lambda y: (1 - np.abs(y)) ** 2),
        Activation(
            "squareplus", lambda a: (a + np.sqrt(a * a + 4)) / 2, lambda y: y * y / (y * y + 1)
        ),
        # below 0 another function than above
        Activation("relu", lambda a: np.maximum(a, 0), lambda y: (y > 0).astype(y.dtype)),
        Activation(
            "leaky_relu",
            lambda a: np.where(a > 0, a, LEAK * a),
            lambda y: np.where(y > 0, 1, LEAK).astype(y.dtype),
        ),
        Activation("elu", elu, lambda y: np.minimum(y, 0) + 1),
        Activation("celu", elu, lambda y: np.minimum(y, 0) + 1),
        Activation(
            "selu",
            lambda a: np.where(a < 0, SELU_FLOOR * np.expm1(np.minimum(a, 0)), SELU * a),
            lambda y: np.where(y < 0, y + SELU_FLOOR, SELU).astype(y.dtype),
        ),
        # straight pieces
        Activation("relu6", lambda a: np.clip(a, 0, SIX), piece(0, SIX, 1)),
        Activation("hard_tanh", lambda a: np.clip(a, -1, 1), piece(-1, 1, 1)),
        Activation("hard_sigmoid", lambda a: np.clip(a / 6 + 0.5, 0, 1), piece(0, 1, 1 / 6)),
        Activation("sparse_sigmoid", lambda a: np.clip(a / 2 + 0.5, 0, 1), piece(0, 1, 1 / 2)),
        Activation("sparse_plus", sparse_plus, lambda y: np.sqrt(np.clip(y, 0, 1))),
        Activation(
            "hard_shrink",
            lambda a: np.where(np.abs(a) > SHRINK, a, 0).astype(a.dtype),
            lambda y: (y != 0).astype(y.dtype),
        ),
        Activation(
            "soft_shrink",
            lambda a: a - np.clip(a, -SHRINK, SHRINK),
            lambda y: (y != 0).astype(y.dtype),
        ),
    )
}

_TWICE = "it falls and rises, so that one output belongs to two inputs with different slopes"
_ROW = "it is no function of each element alone"
WITHOUT = {
    **dict.fromkeys(("silu", "swish", "gelu", "mish", "hard_silu", "hard_swish"), _TWICE),
    **dict.fromkeys(("softmax", "log_softmax", "sparsemax", "glu"), _ROW),
    "tanh_shrink": "no formula gives its slope from its output",
    "threshold": "it needs numbers of its own",
}  # why the layers cannot have them by name


def get_activation(activation: str | Activation | None, argument: str = "activation") -> Activation:
    """Look an activation up by its Keras name; ``None`` is linear, as in Keras.

    Raises ValueError naming ``argument`` if the name is unknown, or is that of a function whose
    slope does not follow from its output.
    """
    if isinstance(activation, Activation):
        return activation
    name = "linear" if activation is None else activation
    if isinstance(name, str) and name in ACTIVATIONS:
        return ACTIVATIONS[name]
    if isinstance(name, str) and name in WITHOUT:
        raise ValueError(
            f"{argument} is {name!r}: {WITHOUT[name]}, and the backward pass knows the output"
            " alone. It takes any Activation(name, function, slope) with the slope as a function of"
            " the output."
        )
    known = ", ".join(sorted(ACTIVATIONS))
    raise ValueError(
        f"{argument} is {activation!r}; it must be None, an Activation or one of: {known}."
    )


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
