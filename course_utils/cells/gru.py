"""The GRU in its two dialects: one state h, and gates that decide how much of it is replaced.

    z = σ(x W_z + h_prev U_z + b_z)                  update gate: z keeps the OLD state
    r = σ(x W_r + h_prev U_r + b_r)                  reset gate: how much of the past g sees

    g = tanh(x W_g + b_g + r * (h_prev U_g + b'_g))  reset_after=True, Keras's default
    g = tanh(x W_g + b_g + (r * h_prev) U_g)         reset_after=False, the paper of 2014

    h = z * h_prev + (1 - z) * g

Source: Cho et al. 2014. Chung et al. 2014 write 1 - z where Keras, PyTorch and ONNX write z.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

import numpy as np

from course_utils.cells.activations import Activation, Array, GateActivation
from course_utils.cells.tape import Cell, Gradient, Tape, Weights
from course_utils.cells.unroll import gates_first, sum_of_products


class _GatedUnit(Cell):
    """What both dialects share: z and r, and a candidate g whose input product stands apart.

    ``g`` (n, B) arrives as x W_g + b_g. ``slopes`` leaves in ``by_a`` and ``by_g`` what
    ``backward`` has to multiply with dh or with the gradient behind it.
    """

    gates = "zrg"

    def __init__(self, activation: Activation, recurrent_activation: Activation):
        self.tanh, self.sigma = activation, recurrent_activation
        self.activate = GateActivation((self.sigma, self.sigma))

    def begin(self, tape: Tape) -> None:
        x = tape.z[:-1, tape.units :]
        x = x if tape.masks is None else x * self._mask(tape)
        tape.W_g = self._candidate(tape.weights)
        tape.g = np.matmul(tape.W_g.T, x, out=tape.empty(tape.steps))

    def begin_backward(self, gradient: Gradient) -> None:
        gradient.g = gradient.empty(gradient.tape.steps)

    def input_gradient(self, gradient: Gradient) -> Array:
        tape = gradient.tape
        dx = np.matmul(tape.W_g[:-1], gradient.g)
        if tape.masks is not None:
            dx *= self._mask(tape)[:-1]
        return dx + super().input_gradient(gradient)

    def candidate_gradient(self, gradient: Gradient) -> Array:
        """The gradient of [W_g; b_g], (m + 1, n)."""
        tape = gradient.tape
        x = tape.z[:-1, tape.units :]
        x = x if tape.masks is None else x * self._mask(tape)
        return sum_of_products(x, gradient.g)

    def gate_values(self, tape: Tape) -> dict[str, Array]:
        return {"z": tape.gates[:, 0], "r": tape.gates[:, 1], "g": tape.g}

    @staticmethod
    def _candidate(weights: Weights) -> Array:
        """[W_g; b_g], (m + 1, n)."""
        bias = weights.bias if weights.bias.ndim == 1 else weights.bias[0]
        return np.concatenate((weights.kernel, bias[None]))[:, 2 * weights.units :]

    @staticmethod
    def _mask(tape: Tape) -> Array:
        return tape.masks[2, tape.units :]


def keep(z: Array, old: Array, new: Array, out: Array) -> None:
    """z * old + (1 - z) * new, as new + z * (old - new): two operations fewer."""
    np.subtract(old, new, out=out)
    out *= z
    out += new


class GRUCell(_GatedUnit):
    """reset_after=True: ``gates`` arrive as pre-activations of z, r and u = h_prev U_g + b'_g."""

    fused_gates = 3

    @property
    def prescale(self) -> tuple[float, ...]:
        return (*self.activate.prescale, 1.0)

    def forward(self, gates: Array, g: Array, h_prev: Array, h: Array) -> None:
        self.activate(gates[:2])
        z, r, u = gates
        g += r * u
        self.tanh(g, out=g)
        keep(z, h_prev, g, out=h)

    def slopes(self, z, r, u, g, h_prev, by_a, by_g) -> None:
        np.multiply(h_prev - g, self.sigma.slope(z), out=by_a[0])
        np.multiply(u, self.sigma.slope(r), out=by_a[1])
        by_a[2] = r
        np.multiply(1 - z, self.tanh.slope(g), out=by_g)

    def backward(self, dh, dg, da, z) -> Array:
        dg *= dh
        da[0] *= dh
        da[1:] *= dg
        return dh * z

    # What each step reads and writes

    def stack(self, weights: Weights) -> Array:
        n = weights.units
        stacked = np.concatenate(
            (weights.recurrent_kernel, weights.kernel, weights.bias.sum(axis=0)[None])
        )
        stacked[n:-1, 2 * n :] = 0
        stacked[-1, 2 * n :] = weights.bias[1, 2 * n :]
        return stacked

    def unstack(self, stacked: Array, gradient: Gradient) -> Weights:
        n, candidate = gradient.tape.units, self.candidate_gradient(gradient)
        kernel = np.concatenate((stacked[n:-1, : 2 * n], candidate[:-1]), axis=1)
        input_bias = np.concatenate((stacked[-1, : 2 * n], candidate[-1]))
        return Weights(kernel, stacked[:n], np.stack((input_bias, stacked[-1])))

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        return zip(tape.gates, tape.g, tape.h[:-1], tape.h[1:])

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        tape, dg, da = gradient.tape, gradient.g[steps], gradient.a[steps]
        z, r, u = gates_first(tape.gates[steps])
        self.slopes(z, r, u, tape.g[steps], tape.h[:-1][steps], gates_first(da), dg)
        return zip(gradient.h[1:][steps], dg, da, z)


class GRUResetBeforeCell(_GatedUnit):
    """reset_after=False: ``gates`` arrive as pre-activations of z and r."""

    fused_gates = 2

    @property
    def prescale(self) -> tuple[float, ...]:
        return tuple(self.activate.prescale)

    def forward(self, gates, g, h_prev, h, reset_h, U_g, mask) -> None:
        self.activate(gates)
        z, r = gates
        reset_h[:] = r * h_prev * mask
        g += U_g.T @ reset_h
        self.tanh(g, out=g)
        keep(z, h_prev, g, out=h)

    def slopes(self, z, r, g, h_prev, mask, by_a, by_g) -> Array:
        np.multiply(h_prev - g, self.sigma.slope(z), out=by_a[0])
        np.multiply(h_prev * mask, self.sigma.slope(r), out=by_a[1])
        np.multiply(1 - z, self.tanh.slope(g), out=by_g)
        return r * mask

    def backward(self, dh, dg, da, z, reset_by_h_prev, U_g) -> Array:
        dg *= dh
        dreset = U_g @ dg
        da[0] *= dh
        da[1] *= dreset
        return dh * z + dreset * reset_by_h_prev

    # What each step reads and writes

    def begin(self, tape: Tape) -> None:
        super().begin(tape)
        tape.reset_h = tape.empty(tape.steps)
        tape.U_g = tape.weights.recurrent_kernel[:, 2 * tape.units :].copy()
        tape.mask_g = tape.dtype.type(1) if tape.masks is None else tape.masks[2, : tape.units]

    def stack(self, weights: Weights) -> Array:
        return super().stack(weights)[:, : 2 * weights.units].copy()

    def unstack(self, stacked: Array, gradient: Gradient) -> Weights:
        tape, candidate = gradient.tape, self.candidate_gradient(gradient)
        n = tape.units
        recurrent = sum_of_products(tape.reset_h, gradient.g)
        return Weights(
            np.concatenate((stacked[n:-1], candidate[:-1]), axis=1),
            np.concatenate((stacked[:n], recurrent), axis=1),
            np.concatenate((stacked[-1], candidate[-1])),
        )

    def forward_steps(self, tape: Tape) -> Iterator[tuple]:
        constants = repeat(tape.U_g), repeat(tape.mask_g)
        return zip(tape.gates, tape.g, tape.h[:-1], tape.h[1:], tape.reset_h, *constants)

    def backward_steps(self, gradient: Gradient, steps: slice) -> Iterator[tuple]:
        tape, dg, da = gradient.tape, gradient.g[steps], gradient.a[steps]
        z, r = gates_first(tape.gates[steps])
        h_prev, by_a = tape.h[:-1][steps], gates_first(da)
        by_h_prev = self.slopes(z, r, tape.g[steps], h_prev, tape.mask_g, by_a, dg)
        return zip(gradient.h[1:][steps], dg, da, z, by_h_prev, repeat(tape.U_g))
