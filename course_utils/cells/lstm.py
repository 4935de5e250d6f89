"""The LSTM: a long-term memory c that changes by adding, and a state h that is read off it.

    i = σ(x W_i + h_prev U_i + b_i)        input gate: how much of the candidate is written
    f = σ(x W_f + h_prev U_f + b_f)        forget gate: how much of the old c is kept
    g = tanh(x W_g + h_prev U_g + b_g)     candidate (Keras calls it c)
    o = σ(x W_o + h_prev U_o + b_o)        output gate: how much of c is shown

    c = f * c_prev + i * g
    h = o * tanh(c)

Sources: Hochreiter & Schmidhuber 1997 (the cell); Gers, Schmidhuber & Cummins 2000 (f).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from course_utils.cells.activations import Activation, Array, GateActivation
from course_utils.cells.tape import Cell, Gradient, Tape
from course_utils.cells.unroll import gates_first


class LSTMCell(Cell):
    """Elementwise equations of one step, on arrays (n, B).

    ``gates`` (4, n, B) arrive as pre-activations a = x W + h_prev U + b. ``slopes`` leaves in
    ``by_a`` what ``backward`` has to multiply with dc or dh: dc/da for i, f, g and dh/da for o.
    """

    gates = "ifgo"
    states = ("h", "c")
    fused_gates = 4

    def __init__(self, activation: Activation, recurrent_activation: Activation):
        self.tanh, self.sigma = activation, recurrent_activation
        self.activate = GateActivation((self.sigma, self.sigma, self.tanh, self.sigma))
        self.prescale = self.activate.prescale

    def forward(self, gates: Array, c_prev: Array, c: Array, tanh_c: Array, h: Array) -> None:
        self.activate(gates)
        i, f, g, o = gates
        np.multiply(f, c_prev, out=c)
        c += i * g
        self.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=h)

    def slopes(self, i, f, g, o, c_prev, tanh_c, by_a) -> Array:
        np.multiply(g, self.sigma.slope(i), out=by_a[0])
        np.multiply(c_prev, self.sigma.slope(f), out=by_a[1])
        np.multiply(i, self.tanh.slope(g), out=by_a[2])
        np.multiply(tanh_c, self.sigma.slope(o), out=by_a[3])
        return o * self.tanh.slope(tanh_c)

    def backward(self, dh, dc, dc_prev, da, f, h_by_c) -> None:
        dc += dh * h_by_c
        da[:3] *= dc
        da[3] *= dh
        np.multiply(dc, f, out=dc_prev)

    # What each step reads and writes

    def begin(self, tape: Tape) -> None:
        tape.tanh_c = tape.empty(tape.steps)

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        return zip(tape.gates, tape.c[:-1], tape.c[1:], tape.tanh_c, tape.h[1:])

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        tape, da = gradient.tape, gradient.a[steps]
        i, f, g, o = gates_first(tape.gates[steps])
        h_by_c = self.slopes(i, f, g, o, tape.c[:-1][steps], tape.tanh_c[steps], gates_first(da))
        dh, dc, dc_prev = gradient.h[1:], gradient.c[1:], gradient.c[:-1]
        return zip(dh[steps], dc[steps], dc_prev[steps], da, f, h_by_c)

    def gate_values(self, tape: Tape) -> dict[str, Array]:
        return dict(zip(self.gates, np.moveaxis(tape.gates, 1, 0)))
