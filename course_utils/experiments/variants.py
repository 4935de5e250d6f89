"""LSTMs with one thing taken away or added: seven of the eight variants of Greff et al. 2015.

    without input gate          i = 1
    without forget gate         f = 1, the cell of 1997
    without output gate         o = 1
    without input activation    g = x W_g + h_prev U_g + b_g
    without output activation   h = o * c
    coupled                     f = 1 - i
    with peepholes              i, f see c_prev and o sees c, each through a weight of its own

Greff's reference has peepholes and his variant NP has none; our reference is Keras's cell, which
has none, so NP is read off the comparison with the last one. The eighth, FGR, in which all gates
see all gates of the step before, is not done: it needs three more recurrent states.
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


class Variant(LSTM):
    """An LSTM whose equations are those of another cell; Keras's options and initial values.

    Args:
        cell: makes the cell from its two activations.
        unused: gates whose weights do nothing; they are not counted.
        peepholes: whether the bias has the second row of `PeepholeCell`, which starts at zero.
    """

    def __init__(
        self,
        units: int,
        *,
        cell: Callable[[Activation, Activation], LSTMCell],
        unused: int = 0,
        peepholes: bool = False,
        **options,
    ):
        super().__init__(units, **options)
        self._cell = cell(self.activation, self.recurrent_activation)
        self.unused, self.peepholes = unused, peepholes

    def count_params(self) -> int:
        idle_peepholes = self.units if self.peepholes else 0
        return super().count_params() * (4 - self.unused) // 4 - idle_peepholes

    def _bias_shape(self) -> tuple[int, ...]:
        return (2, 4 * self.units) if self.peepholes else (4 * self.units,)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        bias = super()._draw_bias(shape[-1:])
        return np.stack((bias, np.zeros_like(bias))) if self.peepholes else bias


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
    "LSTM with peepholes": partial(Variant, cell=PeepholeCell, peepholes=True),
}
