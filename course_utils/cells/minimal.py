"""minGRU and minLSTM: gates that see the input only, so that all steps can be computed at once.

Source: Feng, Tung, Ahmed, Bengio & Hajimirsadeghi 2024, "Were RNNs all we needed?". Their z
replaces; ours keeps, as everywhere in the course.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.cells.activations import Array, sigmoid, softplus
from course_utils.cells.initializers import Chrono, Initializer
from course_utils.cells.layer import Layer
from course_utils.cells.scan import SOLVERS, backward
from course_utils.cells.validate import as_array, as_mask

__all__ = ["MinGRU", "MinLSTM"]


@dataclass(frozen=True)
class MinimalGradients:
    """Gradients in the shapes of the things they belong to; ``states`` {"h": (B, T, n)}."""

    weights: dict[str, Array]
    initial_state: list[Array]
    x: Array
    states: dict[str, Array]


class Minimal(Layer):
    """h = z h_prev + (1 - z) g, where z and g depend on x alone. Use MinGRU or MinLSTM.

    Args:
        units: n, the width of the state.
        by: "scan" computes all steps at once, "loop" one after the other; the results are equal.
        use_bias, kernel_initializer, bias_initializer, return_sequences, return_state, seed, dtype:
            as in ``Layer``. There is no recurrent kernel.

    Raises:
        ValueError: naming the argument, what it is and what it must be.
    """

    def __init__(
        self,
        units: int,
        *,
        by: str = "scan",
        use_bias: bool = True,
        kernel_initializer: str | Initializer = "glorot_uniform",
        bias_initializer: str | Initializer | Chrono = "zeros",
        return_sequences: bool = False,
        return_state: bool = False,
        seed: int | None = None,
        dtype: str = "float32",
    ):
        super().__init__(
            units,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            return_sequences=return_sequences,
            return_state=return_state,
            seed=seed,
            dtype=dtype,
        )
        if by not in SOLVERS:
            raise ValueError(f"by is {by!r}; it must be one of: {', '.join(SOLVERS)}.")
        self.by = by

    # The equations

    def keep(self, gates: list[Array]) -> tuple[Array, list[Array]]:
        """z, and its gates as values, from the pre-activations of all gates but g."""
        raise NotImplementedError

    def keep_backward(self, dz: Array, z: Array, gates: list[Array]) -> list[Array]:
        """Gradients of those pre-activations, given that of z."""
        raise NotImplementedError

    # Weights: no recurrent kernel

    def weight_shapes(self, input_size: int) -> dict[str, tuple[int, ...]]:
        """kernel (m, Gn), bias (Gn,)."""
        shapes = super().weight_shapes(input_size)
        del shapes["recurrent_kernel"]
        return shapes

    # Forward and backward: arrays are (T, B, ...), so that a step is one contiguous block

    def __call__(
        self,
        x: Array,
        initial_state: Array | list[Array | None] | None = None,
        mask: Array | None = None,
        training: bool = False,
    ) -> Array | tuple[Array, ...]:
        """Run over ``x`` (B, T, m); arguments, results and errors as in ``Layer``."""
        x = as_array(x, "x", ("batch", "steps", self.input_size or "inputs"), self.dtype)
        self.build(x.shape[2])
        (start,) = self._initial_state(initial_state, len(x))
        steps = x.transpose(1, 0, 2)
        flat = np.ascontiguousarray(steps).reshape(-1, x.shape[2])
        a = flat @ self.weights["kernel"]
        if self.use_bias:
            a += self.weights["bias"]
        gates = np.split(a.reshape(*steps.shape[:2], -1), len(self.gates), axis=2)
        z, values = self.keep(gates[:-1])
        g, kept = gates[-1], z
        write = (1 - z) * g
        hold = None if mask is None else ~as_mask(mask, *x.shape[:2]).T[..., None]
        if hold is not None:
            kept, write = np.where(hold, 1, kept), np.where(hold, 0, write)
        write[0] += kept[0] * start
        h = SOLVERS[self.by](kept, write)
        rows = np.broadcast_to(start, h[0].shape)[None]
        self._last = flat, values, z, g, kept, hold, np.concatenate((rows, h)), len(start)
        y = h.transpose(1, 0, 2).copy() if self.return_sequences else h[-1].copy()
        return (y, h[-1].copy()) if self.return_state else y

    def backward(self, dy: Array | None = None, *final: Array | None) -> MinimalGradients:
        """Gradients of a loss, given those with respect to the outputs of the last call.

        Arguments and errors as in ``Layer``.
        """
        flat, values, z, g, kept, hold, h, rows = self._last_call("backward")
        dh = np.zeros_like(h[1:])
        if dy is not None and self.return_sequences:
            dh += as_array(dy, "dy", (h.shape[1], len(dh), self.units), self.dtype).swapaxes(0, 1)
        elif dy is not None:
            dh[-1] += as_array(dy, "dy", h.shape[1:], self.dtype)
        (end,) = self._final_gradients(final, h.shape[1])
        dh[-1] += end
        dh = backward(kept, dh, SOLVERS[self.by])
        dstart = kept[0] * dh[0]
        own = dh if hold is None else np.where(hold, 0, dh)
        dz, dg = own * (h[:-1] - g), own * (1 - z)
        da = np.concatenate((*self.keep_backward(dz, z, values), dg), axis=2)
        da = da.reshape(len(flat), -1)
        weights = {"kernel": flat.T @ da, "bias": da.sum(axis=0)}
        dx = (da @ self.weights["kernel"].T).reshape(*dh.shape[:2], -1).transpose(1, 0, 2)
        return MinimalGradients(
            {name: weights[name] for name in self.weights},
            [dstart.sum(axis=0, keepdims=True) if rows < len(dstart) else dstart],
            dx,
            {"h": dh.transpose(1, 0, 2).copy()},
        )

    def trace(self) -> dict[str, Array]:
        """Gates and states of the last call by name, each (B, T, n).

        Raises RuntimeError if there was no call.
        """
        _, values, z, g, _, _, h, _ = self._last_call("trace")
        named = dict(zip(self.gates, [*values, g])) | {"z": z, "h": h[1:]}
        return {name: array.transpose(1, 0, 2).copy() for name, array in named.items()}


class MinGRU(Minimal):
    """z = sigmoid(x W_z + b_z), g = x W_g + b_g, h = z h_prev + (1 - z) g."""

    name = "MinGRU"
    gates = "zg"

    def keep(self, gates: list[Array]) -> tuple[Array, list[Array]]:
        z = sigmoid(gates[0])
        return z, [z]

    def keep_backward(self, dz: Array, z: Array, gates: list[Array]) -> list[Array]:
        return [dz * z * (1 - z)]


class MinLSTM(Minimal):
    """i, f = sigmoid(x W + b), g = x W_g + b_g; z = f / (f + i), h = z h_prev + (1 - z) g."""

    name = "MinLSTM"
    gates = "ifg"

    def keep(self, gates: list[Array]) -> tuple[Array, list[Array]]:
        a_i, a_f = gates
        z = sigmoid(softplus(-a_i) - softplus(-a_f))  # f / (f + i), without dividing 0 by 0
        return z, [sigmoid(a_i), sigmoid(a_f)]

    def keep_backward(self, dz: Array, z: Array, gates: list[Array]) -> list[Array]:
        i, f = gates
        by_logit = dz * z * (1 - z)  # of log f - log i
        return [-by_logit * (1 - i), by_logit * (1 - f)]
