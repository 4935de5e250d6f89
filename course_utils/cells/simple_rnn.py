"""The plain recurrent network: one state h, rewritten at every step.

    h = tanh(x W + h_prev U + b)

Source: Elman 1990, "Finding structure in time".
"""

from __future__ import annotations

from collections.abc import Iterator

from course_utils.cells.activations import Activation, Array
from course_utils.cells.tape import Cell, Gradient, Tape


class SimpleRNNCell(Cell):
    """Elementwise equations of one step, on arrays (n, B).

    ``a`` is the pre-activation x W + h_prev U + b. ``slopes`` leaves dh/da where ``backward``
    turns it into the gradient of ``a``.
    """

    gates = "h"
    fused_gates = 1
    prescale = (1.0,)

    def __init__(self, activation: Activation):
        self.tanh = activation

    def forward(self, a: Array, h: Array) -> None:
        self.tanh(a, out=h)

    def slopes(self, h: Array, by_a: Array) -> None:
        by_a[:] = self.tanh.slope(h)

    def backward(self, dh: Array, da: Array) -> None:
        da *= dh

    # What each step reads and writes

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        return zip(tape.gates[:, 0], tape.h[1:])

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        da = gradient.a[steps, 0]
        self.slopes(gradient.tape.h[1:][steps], da)
        return zip(gradient.h[1:][steps], da)
