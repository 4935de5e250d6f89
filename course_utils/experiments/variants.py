"""LSTMs with one thing taken away or added: the eight variants of Greff et al. 2015.

    without input gate          i = 1
    without forget gate         f = 1, the cell of 1997
    without output gate         o = 1
    without input activation    g = x W_g + h_prev U_g + b_g
    without output activation   h = o * c
    coupled                     f = 1 - i
    with peepholes              i, f see c_prev and o sees c, each through a weight of its own
    with full gate recurrence   i, f, o see all of i_prev, f_prev, o_prev

Greff's reference has peepholes and his variant NP has none; our reference is Keras's cell, which
has none, so NP is read off the comparison with the one that has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat

import numpy as np

from course_utils.cells import LSTM
from course_utils.cells.activations import Activation, Array, GateActivation, get_activation
from course_utils.cells.lstm import LSTMCell
from course_utils.cells.tape import Gradient, Tape, Weights
from course_utils.cells.unroll import flat, sum_of_products

LINEAR, TANH = get_activation("linear"), get_activation("tanh")


class OpenGateCell(LSTMCell):
    """One gate is always 1. Its slope y (1 - y) is then 0, so its weights stay as they are."""

    def __init__(self, tanh: Activation, sigma: Activation, gate: str):
        super().__init__(tanh, sigma)
        self.open = self.gates.index(gate)
        self.activate_all, self.activate = self.activate, self.activate_and_open

    def activate_and_open(self, gates: Array) -> None:
        self.activate_all(gates)
        gates[self.open] = 1


class CoupledCell(LSTMCell):
    """f = 1 - i: what is written replaces what was kept, as in the GRU."""

    def __init__(self, tanh: Activation, sigma: Activation):
        super().__init__(tanh, sigma)
        self.activate_all, self.activate = self.activate, self.activate_and_couple

    def activate_and_couple(self, gates: Array) -> None:
        self.activate_all(gates)
        np.subtract(1, gates[0], out=gates[1])

    def slopes(self, i, f, g, o, c_prev, tanh_c, by_a) -> Array:
        h_by_c = super().slopes(i, f, g, o, c_prev, tanh_c, by_a)
        np.multiply(g - c_prev, self.sigma.slope(i), out=by_a[0])
        by_a[1] = 0
        return h_by_c


class ActivationsCell(LSTMCell):
    """An activation of its own for the candidate, and another for the output."""

    def __init__(self, tanh: Activation, sigma: Activation, candidate=TANH, output=TANH):
        super().__init__(output, sigma)
        self.candidate = candidate
        self.activate = GateActivation((sigma, sigma, candidate, sigma))
        self.prescale = self.activate.prescale

    def slopes(self, i, f, g, o, c_prev, tanh_c, by_a) -> Array:
        h_by_c = super().slopes(i, f, g, o, c_prev, tanh_c, by_a)
        np.multiply(i, self.candidate.slope(g), out=by_a[2])
        return h_by_c


class PeepholeCell(LSTMCell):
    """Gates that see the memory (Gers & Schmidhuber 2000): a_i += p_i c_prev, a_o += p_o c.

    The weights p_i, p_f, (unused), p_o stand in a second row of the bias, (2, 4n).
    """

    def __init__(self, tanh: Activation, sigma: Activation):
        super().__init__(tanh, sigma)
        self.activate_ifg = GateActivation((sigma, sigma, tanh))
        self.activate_o = GateActivation((sigma,))

    def forward(self, gates, c_prev, c, tanh_c, h, p) -> None:
        i, f, g, o = gates
        gates[:2] += p[:2] * c_prev
        self.activate_ifg(gates[:3])
        np.multiply(f, c_prev, out=c)
        c += i * g
        o += p[3] * c
        self.activate_o(gates[3:])
        self.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=h)

    def backward(self, dh, dc, dc_prev, da, f, h_by_c, p) -> None:
        da[3] *= dh
        dc += dh * h_by_c + da[3] * p[3]
        da[:3] *= dc
        np.multiply(dc, f, out=dc_prev)
        dc_prev += da[0] * p[0] + da[1] * p[1]

    def stack(self, weights: Weights) -> Array:
        return super().stack(Weights(weights.kernel, weights.recurrent_kernel, weights.bias[0]))

    def unstack(self, stacked: Array, gradient: Gradient) -> Weights:
        weights, c = super().unstack(stacked, gradient), gradient.tape.c
        seen = np.stack((c[:-1], c[:-1], np.zeros_like(c[:-1]), c[1:]), axis=1)
        dp = np.sum(gradient.a * seen, axis=(0, 3)).ravel()
        return Weights(weights.kernel, weights.recurrent_kernel, np.stack((weights.bias, dp)))

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        p = self.peepholes(tape) * self.prescale[:, None, None].astype(tape.dtype)
        return ((*step, p) for step in super().forward_steps(tape))

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        each = super().backward_steps(gradient, steps)
        return ((*step, p) for step, p in zip(each, repeat(self.peepholes(gradient.tape))))

    @staticmethod
    def peepholes(tape: Tape) -> Array:
        return tape.weights.bias[1].reshape(4, -1, 1)


class FullGateRecurrenceCell(LSTMCell):
    """Gates that see the gates of the step before (FGR; the cell of 1997 had it):
    a += [i_prev; f_prev; o_prev] R, with zeros before the first step.

    R (3n, 4n) stands below the bias, (1 + 3n, 4n); its columns of g do nothing.
    """

    seeing = (0, 1, 3)

    def forward(self, gates, c_prev, c, tanh_c, h, before, r) -> None:
        a = gates.reshape(-1, gates.shape[-1])
        a += r.T @ before.reshape(-1, before.shape[-1])
        super().forward(gates, c_prev, c, tanh_c, h)
        before[:] = gates[self.seeing, :]

    def backward(self, dh, dc, dc_prev, da, f, h_by_c, slope, dgates, r) -> None:
        super().backward(dh, dc, dc_prev, da, f, h_by_c)
        da[self.seeing, :] += slope * dgates
        dgates[:] = (r @ da.reshape(-1, da.shape[-1])).reshape(dgates.shape)

    def stack(self, weights: Weights) -> Array:
        return super().stack(Weights(weights.kernel, weights.recurrent_kernel, weights.bias[0]))

    def unstack(self, stacked: Array, gradient: Gradient) -> Weights:
        weights, tape = super().unstack(stacked, gradient), gradient.tape
        before = flat(tape.gates[:-1, self.seeing])
        dr = sum_of_products(before, flat(gradient.a[1:])) if len(before) else 0 * self.r(tape)
        dr[:, 2 * tape.units : 3 * tape.units] = 0
        return Weights(weights.kernel, weights.recurrent_kernel, np.vstack((weights.bias, dr)))

    def begin(self, tape: Tape) -> None:
        if tape.keep is not None:
            raise ValueError("mask: an LSTM with full gate recurrence takes none; leave it out.")
        super().begin(tape)

    def begin_backward(self, gradient: Gradient) -> None:
        gradient.gates = np.zeros_like(gradient.tape.gates[0, self.seeing])
        gradient.carried.append(gradient.gates)

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        r = self.r(tape) * np.repeat(self.prescale, tape.units).astype(tape.dtype)
        before = np.zeros_like(tape.gates[0, self.seeing])
        return ((*step, before, r) for step in super().forward_steps(tape))

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        each = super().backward_steps(gradient, steps)
        slopes, r = self.sigma.slope(gradient.tape.gates[steps, self.seeing]), self.r(gradient.tape)
        return ((*step, slope, gradient.gates, r) for step, slope in zip(each, slopes))

    @staticmethod
    def r(tape: Tape) -> Array:
        r = tape.weights.bias[1:].copy()
        r[:, 2 * tape.units : 3 * tape.units] = 0
        return r


class Variant(LSTM):
    """An LSTM whose equations are those of another cell; Keras's options and initial values.

    Args:
        cell: makes the cell from its two activations.
        unused: gates whose weights do nothing; they are not counted.
        rows: how many rows the bias has, for n units; those beyond the first start at zero, and
            their columns of g do nothing.
    """

    def __init__(
        self,
        units: int,
        *,
        cell: Callable[[Activation, Activation], LSTMCell],
        unused: int = 0,
        rows: Callable[[int], int] = lambda units: 1,
        **options,
    ):
        super().__init__(units, **options)
        self._cell = cell(self.activation, self.recurrent_activation)
        self.unused, self.rows = unused, rows(units)

    def count_params(self) -> int:
        idle = self.units * (self.rows - 1)
        return super().count_params() * (4 - self.unused) // 4 - idle

    def _bias_shape(self) -> tuple[int, ...]:
        return (4 * self.units,) if self.rows == 1 else (self.rows, 4 * self.units)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        bias = super()._draw_bias(shape[-1:])
        return bias if len(shape) == 1 else np.vstack((bias, np.zeros((shape[0] - 1, len(bias)))))


def _open(gate: str) -> partial[Variant]:
    return partial(Variant, cell=partial(OpenGateCell, gate=gate), unused=1)


VARIANTS = {
    "LSTM without input gate": _open("i"),
    "LSTM without forget gate": _open("f"),
    "LSTM without output gate": _open("o"),
    "LSTM without input activation": partial(
        Variant, cell=partial(ActivationsCell, candidate=LINEAR)
    ),
    "LSTM without output activation": partial(
        Variant, cell=partial(ActivationsCell, output=LINEAR)
    ),
    "LSTM, coupled gates": partial(Variant, cell=CoupledCell, unused=1),
    "LSTM with peepholes": partial(Variant, cell=PeepholeCell, rows=lambda units: 2),
    "LSTM with full gate recurrence": partial(
        Variant, cell=FullGateRecurrenceCell, rows=lambda units: 1 + 3 * units
    ),
}
