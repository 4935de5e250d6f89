"""What a pass through time needs of a cell, and what it leaves behind: the tape going forward, the
gradients coming back.

Arrays are (steps, features, batch), so that every gate of a step is one contiguous block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.pool import Pool

CACHE_BYTES = 64 * 1024  # an array (steps, n, B) of the steps whose slopes are worked out at once


@dataclass(frozen=True)
class Weights:
    """A layer's weights, or their gradients, in Keras's layout: G gates of n columns side by side.

    ``kernel`` (m, Gn), ``recurrent_kernel`` (n, Gn), ``bias`` (Gn,), or (2, 3n) for the GRU with
    reset_after.
    """

    kernel: Array
    recurrent_kernel: Array
    bias: Array

    @property
    def units(self) -> int:
        return len(self.recurrent_kernel)


@dataclass(frozen=True)
class Noise:
    """Dropout masks for each gate: of the inputs (G, B, m) and of the states (G, B, n)."""

    inputs: Array
    states: Array

    def stacked(self) -> Array:
        """The masks of z = [h_prev; x; 1], (G, n + m + 1, B)."""
        ones = np.ones_like(self.inputs[..., :1])
        return np.concatenate((self.states, self.inputs, ones), axis=2).transpose(0, 2, 1)


class Cell:
    """What the unrolling needs of a cell. Subclasses write the elementwise equations of a step."""

    gates: str
    states: tuple[str, ...] = ("h",)
    fused_gates: int  # how many gates come out of the one product with z
    prescale: Iterable[float]  # one factor for each of them, see GateActivation

    forward: Callable[..., None]
    backward: Callable[..., Array | None]

    def stack(self, weights: Weights) -> Array:
        """[U; W; b], (n + m + 1, Gn), to be multiplied with z = [h_prev; x; 1]."""
        return np.concatenate((weights.recurrent_kernel, weights.kernel, weights.bias[None]))

    def unstack(self, stacked: Array, gradient: Gradient) -> Weights:
        """The gradient of [U; W; b], taken apart into the gradients of Keras's arrays."""
        n = gradient.tape.units
        return Weights(stacked[n:-1], stacked[:n], stacked[-1])

    def begin(self, tape: Tape) -> None:
        """Make room on the tape for what the steps leave behind."""

    def begin_backward(self, gradient: Gradient) -> None:
        """Make room for gradients other than those of states and pre-activations."""

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        """The arguments of ``forward``, step by step."""
        raise NotImplementedError

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        """The arguments of ``backward``, step by step; ``da`` holds slopes by then."""
        raise NotImplementedError

    def gate_values(self, tape: Tape) -> dict[str, Array]:
        """Every gate by name, (T, n, B)."""
        return {}

    def input_gradient(self, gradient: Gradient) -> Array:
        """dL/dx, (T, m, B)."""
        tape = gradient.tape
        dx = np.empty((tape.steps, tape.inputs, tape.batch), tape.dtype)
        back_to_x = back_through(tape, slice(tape.units, -1))
        for da, dx_t in zip(flat(gradient.a), dx):
            back_to_x(da, dx_t)
        return dx


class Tape:
    """The forward pass: inputs, states and gates of every step."""

    def __init__(
        self,
        cell: Cell,
        weights: Weights,
        x: Array,
        keep: Array | None,
        noise: Noise | None,
        pool: Pool,
    ):
        self.cell, self.weights, self.pool, self._loan = cell, weights, pool, pool.lend()
        self.batch, self.steps, self.inputs = x.shape
        self.units, self.dtype = weights.units, x.dtype
        self.keep = None if keep is None else np.ascontiguousarray(keep.T)[:, None, :]
        self.masks = None if noise is None else noise.stacked()
        self.z = self._loan.empty(
            (self.steps + 1, self.units + self.inputs + 1, self.batch), x.dtype
        )
        self.h = self.z[:, : self.units]
        self.z[:-1, self.units : -1] = x.transpose(1, 2, 0)
        self.z[:, -1] = 1
        self.c = self.empty(self.steps + 1) if "c" in cell.states else None
        self.stacked = cell.stack(weights)
        self.gates = self.empty(self.steps, cell.fused_gates)

    def empty(self, steps: int, *gates: int) -> Array:
        return self._loan.empty((steps, *gates, self.units, self.batch), self.dtype)

    @property
    def states(self) -> list[Array]:
        """h, and c where there is one: (T + 1, n, B), the initial state first."""
        return [self.h] if self.c is None else [self.h, self.c]

    def stretches(self) -> Iterator[slice]:
        """The steps in stretches that fit the processor's cache, the last one first."""
        length = max(1, CACHE_BYTES // self.h[0].nbytes)
        for stop in range(self.steps, 0, -length):
            yield slice(max(0, stop - length), stop)


class Gradient:
    """The backward pass: gradients of states (T + 1, n, B) and pre-activations (T, G, n, B)."""

    def __init__(self, tape: Tape):
        self.tape, self._loan = tape, tape.pool.lend()
        self.h = self.empty(tape.steps + 1)
        self.c = None if tape.c is None else self.empty(tape.steps + 1)
        self.a = self._loan.empty(tape.gates.shape, tape.dtype)
        self.g: Array | None = None  # of a candidate whose pre-activation is not in a, (T, n, B)
        self.carried: list[Array] = []  # what goes from step to step beside the states

    def empty(self, steps: int) -> Array:
        return self._loan.empty((steps, self.tape.units, self.tape.batch), self.tape.dtype)

    @property
    def states(self) -> list[Array]:
        return [self.h] if self.c is None else [self.h, self.c]

    def end_before(self, stop: int) -> None:
        """Nothing is left to go back: all that comes before step ``stop`` has no gradient."""
        for array in (*self.states, self.a, self.g):
            if array is not None:
                array[:stop] = 0


def flat(gates: Array) -> Array:
    """(T, G, n, B) -> (T, Gn, B), a view."""
    return gates.reshape(len(gates), -1, gates.shape[-1])


def by_gate(rows: Array, tape: Tape) -> Array:
    """(r, Gn) -> (G, r, n)."""
    return rows.reshape(len(rows), -1, tape.units).transpose(1, 0, 2)


def back_through(tape: Tape, part: slice) -> Callable[..., Array]:
    """The function (da, dz) that writes the gradient of one part of z, h_prev or x, into dz."""
    rows = tape.stacked[part]
    if tape.masks is None:
        return partial(np.dot, rows)
    gates = by_gate(rows, tape)
    masks = tape.masks[: len(gates), part]
    shape = len(gates), tape.units, tape.batch
    return lambda da, dz: np.sum(np.matmul(gates, da.reshape(shape)) * masks, axis=0, out=dz)
