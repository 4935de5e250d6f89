"""A cell of your own as a layer that trains like any other: two functions, and shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

Array = np.ndarray


class OwnGradients(NamedTuple):
    """What `OwnLayer.backward` returns: a gradient for each of the weights."""

    weights: dict[str, Array]


class OwnLayer:
    """A layer made of two functions, for `SequenceModel` and `train`.

        def forward(x, W, b):              # x (B, T, m), then the weights by name
            return h, (x, h)               # h (B, T, n), and whatever backward needs

        def backward(dh, x, h, W, b):      # dh like h, what forward kept, the weights again
            return {"W": dW, "b": db}

        layer = OwnLayer(forward, backward, {"W": ("m", "n"), "b": ("n",)}, units=8)

    Args:
        forward, backward: as above. A cell that answers at the last step only may return h of
            shape (B, 1, n).
        shapes: of the weights by name; a size is a number, "m", "n", or a multiple such as "2n".
            Matrices are drawn by Glorot and Bengio's rule, vectors start at zero.
        units: n.
        return_sequences: give the outputs of all steps (B, T, n), not the last one (B, n).
        seed: draws the weights.
        dtype: "float32" or "float64".
        name: what a progress bar calls the layer; None takes the name of `forward`.
    """

    def __init__(
        self,
        forward: Callable[..., tuple[Array, tuple]],
        backward: Callable[..., dict[str, Array]],
        shapes: Mapping[str, tuple[int | str, ...]],
        units: int,
        *,
        return_sequences: bool = False,
        seed: int | None = None,
        dtype: str = "float32",
        name: str | None = None,
    ):
        self.forward, self._back, self.shapes = forward, backward, dict(shapes)
        self.units, self.return_sequences = units, return_sequences
        self.dtype, self.name = np.dtype(dtype), name or forward.__name__
        self.weights: dict[str, Array] = {}
        self.input_size: int | None = None
        self._rng = np.random.default_rng(seed)
        self._last: tuple[tuple[int, ...], tuple] | None = None

    def build(self, input_size: int) -> None:
        """Draw the weights for inputs of `input_size`; a layer that has some keeps them."""
        if self.weights:
            return
        self.input_size = input_size
        for name, sizes in self.shapes.items():
            self.weights[name] = self._draw([self._size(size) for size in sizes])

    def count_params(self) -> int:
        """How many numbers the weights hold; 0 before the layer is built."""
        return sum(weight.size for weight in self.weights.values())

    def __call__(self, x: Array, *, mask: Array | None = None, training: bool = False) -> Array:
        """Outputs over `x` (B, T, m). Raises ValueError for a mask: own cells have none."""
        if mask is not None:
            raise ValueError("a layer of your own takes no mask; give sequences of one length.")
        x = np.asarray(x, self.dtype)
        self.build(x.shape[2])
        h, kept = self.forward(x, **self.weights)
        self._last = h.shape, kept
        return h if self.return_sequences else h[:, -1]

    def backward(self, dy: Array) -> OwnGradients:
        """Gradients of the weights, given that of the outputs of the last call."""
        if self._last is None:
            raise RuntimeError(f"{self.name}.backward needs a forward pass first.")
        shape, kept = self._last
        dh = np.zeros(shape, self.dtype)
        dh[:, slice(None) if self.return_sequences else -1] = dy
        return OwnGradients(self._back(dh, *kept, **self.weights))

    def _size(self, size: int | str) -> int:
        if isinstance(size, int):
            return size
        times, letter = size[:-1], size[-1:]
        if letter not in ("m", "n") or not (times.isdigit() or not times):
            raise ValueError(f'a size is {size!r}; it must be a number, "m", "n", or like "2n".')
        return int(times or 1) * (self.input_size if letter == "m" else self.units)

    def _draw(self, shape: list[int]) -> Array:
        if len(shape) == 1:
            return np.zeros(shape, self.dtype)
        limit = np.sqrt(6 / (shape[0] + shape[-1]))
        return self._rng.uniform(-limit, limit, shape).astype(self.dtype)
