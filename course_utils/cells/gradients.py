"""What ``layer.backward`` returns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from course_utils.cells.activations import Array
from course_utils.cells.tape import Gradient, Tape


@dataclass
class Call:
    """What one call of a layer leaves for its backward pass."""

    tape: Tape
    shown: Array | None  # (B, T): which steps show their state; None means all
    drop_x: Array | None  # (B, m): the dropout mask of the inputs, if one serves all gates
    flip: bool
    initial_rows: list[int]  # of each initial state: B, or 1 if one row was given for all

    def in_order(self, array: Array) -> Array:
        return array[:, ::-1] if self.flip else array

    @staticmethod
    def as_given(gradient: Array, rows: int) -> Array:
        """One row given for the whole batch gathers the gradients of all samples."""
        return gradient if rows == len(gradient) else gradient.sum(axis=0, keepdims=True)


@dataclass(frozen=True)
class Gradients:
    """Gradients in the shapes of the things they belong to.

    ``weights`` is a dict like ``layer.weights``, ``initial_state`` a list [dh0] or [dh0, dc0],
    each (B, n), or (1, n) if one row was given for the whole batch. ``x`` and ``states`` are
    worked out when asked for: training needs neither.
    """

    weights: dict[str, Array]
    initial_state: list[Array]
    _call: Call
    _gradient: Gradient

    @cached_property
    def x(self) -> Array:
        """dL/dx, (B, T, m)."""
        tape = self._gradient.tape
        dx = tape.cell.input_gradient(self._gradient).transpose(2, 0, 1)
        drop_x = self._call.drop_x
        return self._call.in_order(dx if drop_x is None else dx * drop_x[:, None])

    @property
    def states(self) -> dict[str, Array]:
        """The whole gradient that arrives at h (and c) after each step, (B, T, n).

        In the order of processing, like the outputs.
        """
        names = self._gradient.tape.cell.states
        return {k: g[1:].transpose(2, 0, 1).copy() for k, g in zip(names, self._gradient.states)}
