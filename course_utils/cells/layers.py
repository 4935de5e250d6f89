"""Keras-shaped layers: every option that changes the numbers, wrapped around the plain unrolled cell.

Behaviour follows Keras 3 (names, defaults, weight layout, order of outputs); where it differs, the docstring says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from course_utils.cells import unroll
from course_utils.cells.activations import Activation, Array, get_activation
from course_utils.cells.gru import GRUCell, GRUResetBeforeCell
from course_utils.cells.initializers import Chrono, Initializer, get_initializer
from course_utils.cells.lstm import LSTMCell
from course_utils.cells.pool import Pool
from course_utils.cells.simple_rnn import SimpleRNNCell
from course_utils.cells.tape import Gradient, Noise, Tape, Weights
from course_utils.cells.validate import as_array, as_mask, fraction, positive_int, shape_text


@dataclass(frozen=True)
class Gradients:
    """What ``layer.backward`` returns: gradients in the shapes of the things they belong to."""

    weights: dict[str, Array]
    initial_state: list[Array]
    _call: _Call
    _gradient: Gradient

    @cached_property
    def x(self) -> Array:
        """dL/dx, (B, T, m)."""
        tape = self._gradient.tape
        dx = tape.cell.input_gradient(self._gradient).transpose(2, 0, 1)
        return self._call.in_order(
            dx if self._call.drop_x is None else dx * self._call.drop_x[:, None]
        )

    @property
    def states(self) -> dict[str, Array]:
        """The whole gradient that arrives at h (and c) after each step, (B, T, n), in processing order."""
        names = self._gradient.tape.cell.states
        return {k: g[1:].transpose(2, 0, 1).copy() for k, g in zip(names, self._gradient.states)}


@dataclass
class _Call:
    """What one call of a layer leaves for its backward pass."""

    tape: Tape
    shown: Array | None  # (B, T): which steps show their state; None means all
    drop_x: Array | None  # (B, m)
    flip: bool

    def in_order(self, array: Array) -> Array:
        return array[:, ::-1] if self.flip else array


class Layer:
    """A recurrent layer over arrays (B, T, m). Use SimpleRNN, LSTM or GRU.

    Arguments are Keras's. Two differ: ``seed`` seeds the weights as well as dropout (None draws anew each time), and
    ``bias_initializer`` also takes ``Chrono(max_lag)``.
    """

    name: str
    gates: str
    state_names: tuple[str, ...] = ("h",)

    def __init__(
        self,
        units: int,
        *,
        activation: str | Activation | None = "tanh",
        use_bias: bool = True,
        kernel_initializer: str | Initializer = "glorot_uniform",
        recurrent_initializer: str | Initializer = "orthogonal",
        bias_initializer: str | Initializer | Chrono = "zeros",
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        zero_output_for_mask: bool = False,
        seed: int | None = None,
        dtype: str = "float32",
    ):
        self.units = positive_int(units, "units")
        self.activation = get_activation(activation)
        self.use_bias = use_bias
        self.kernel_initializer = get_initializer(kernel_initializer, "kernel_initializer")
        self.recurrent_initializer = get_initializer(recurrent_initializer, "recurrent_initializer")
        self.bias_initializer = get_initializer(bias_initializer, "bias_initializer")
        self.dropout = fraction(dropout, "dropout")
        self.recurrent_dropout = fraction(recurrent_dropout, "recurrent_dropout")
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.zero_output_for_mask = zero_output_for_mask
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"dtype is {dtype!r}; it must be 'float32' or 'float64'.")
        self.weights: dict[str, Array] = {}
        self.state: list[Array] | None = None
        self._rng = np.random.default_rng(seed)
        self._pool = Pool()
        self._last: _Call | None = None

    # Weights

    @property
    def input_size(self) -> int | None:
        return self.weights["kernel"].shape[0] if self.weights else None

    def build(self, input_size: int) -> None:
        """Draw the weights for inputs of ``input_size`` features; a layer already built keeps its weights."""
        if self.weights:
            return
        shapes = self.weight_shapes(positive_int(input_size, "input_size"))
        drawn = {
            "kernel": self.kernel_initializer(shapes["kernel"], self._rng),
            "recurrent_kernel": self.recurrent_initializer(shapes["recurrent_kernel"], self._rng),
        }
        if self.use_bias:
            drawn["bias"] = self._draw_bias(shapes["bias"])
        self.weights = {
            name: np.ascontiguousarray(value, self.dtype) for name, value in drawn.items()
        }

    def weight_shapes(self, input_size: int) -> dict[str, tuple[int, ...]]:
        columns = len(self.gates) * self.units
        shapes = {"kernel": (input_size, columns), "recurrent_kernel": (self.units, columns)}
        if self.use_bias:
            shapes["bias"] = self._bias_shape()
        return shapes

    def _bias_shape(self) -> tuple[int, ...]:
        return (len(self.gates) * self.units,)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        if isinstance(self.bias_initializer, Chrono):
            return self.bias_initializer.bias(self.gates, shape, self._rng)
        return self.bias_initializer(shape, self._rng)

    def count_params(self) -> int:
        return sum(weight.size for weight in self.weights.values())

    def get_weights(self) -> list[Array]:
        """Copies of kernel, recurrent_kernel and bias, in the layout and order of ``keras_layer.get_weights()``."""
        return [weight.copy() for weight in self.weights.values()]

    def set_weights(self, weights: list[Array]) -> None:
        """Take weights in Keras's layout and order; builds the layer if need be.

        Raises ValueError naming the weight whose shape does not fit.
        """
        names = ("kernel", "recurrent_kernel", "bias")[: 2 + self.use_bias]
        if len(weights) != len(names):
            raise ValueError(
                f"set_weights got {len(weights)} arrays; it needs {len(names)}: {', '.join(names)}."
            )
        if not self.weights:
            self.build(
                as_array(
                    weights[0], "kernel", ("inputs", len(self.gates) * self.units), self.dtype
                ).shape[0]
            )
        new = [
            as_array(w, name, self.weights[name].shape, self.dtype)
            for w, name in zip(weights, names)
        ]
        for name, value in zip(names, new):
            self.weights[name][...] = value

    def gate_weights(self, gate: str) -> dict[str, Array]:
        """Views of one gate's columns: writing into them changes the layer.

        Raises ValueError if the cell has no such gate.
        """
        if len(gate) != 1 or gate not in self.gates:
            raise ValueError(f"{self.name} has no gate {gate!r}; it has {', '.join(self.gates)}.")
        self._require_built("gate_weights")
        start = self.gates.index(gate) * self.units
        return {
            name: weight[..., start : start + self.units] for name, weight in self.weights.items()
        }

    # Forward

    def __call__(
        self,
        x: Array,
        initial_state: Array | list[Array] | None = None,
        mask: Array | None = None,
        training: bool = False,
        dropout_mask: Array | None = None,
        recurrent_dropout_mask: Array | None = None,
    ) -> Array | tuple[Array, ...]:
        """Run over ``x`` (B, T, m).

        Dropout acts only when ``training``. Its masks are drawn, or given ready-scaled: (B, m) for the inputs, and,
        once ``recurrent_dropout`` is above 0, one per gate for both: (G, B, m) and (G, B, n).

        Returns the last output (B, n), or all of them (B, T, n) with ``return_sequences``; with ``return_state`` a
        tuple of that and the final states. With ``go_backwards``, outputs stand in the order of processing.
        """
        x = as_array(x, "x", ("batch", "steps", self.input_size or "inputs"), self.dtype)
        self.build(x.shape[2])
        batch, steps, _ = x.shape
        keep = None if mask is None else as_mask(mask, batch, steps)
        initial = self._initial_state(initial_state, batch)
        if self.go_backwards:
            x = x[:, ::-1]
            keep = None if keep is None else keep[:, ::-1]
        drop_x, noise = self._dropout(x, training, dropout_mask, recurrent_dropout_mask)
        if drop_x is not None:
            x = x * drop_x[:, None]
        self._last = None  # its memory is free for this call
        tape = unroll.forward(self._cell, self._cell_weights(), x, initial, keep, noise, self._pool)
        self._last = _Call(tape, self._shown(keep), drop_x, self.go_backwards)
        final = [np.ascontiguousarray(state[-1].T) for state in tape.states]
        if self.stateful:
            self.state = final
        output = self._output(tape, final[0])
        return (output, *(state.copy() for state in final)) if self.return_state else output

    def reset_state(self) -> None:
        """Forget the state kept by ``stateful=True``."""
        self.state = None

    def _initial_state(self, given: Array | list[Array | None] | None, batch: int) -> list[Array]:
        if given is None and self.stateful and self.state is not None:
            if len(self.state[0]) != batch:
                raise ValueError(
                    f"x has a batch of {batch}, but the kept state belongs to a batch of {len(self.state[0])};"
                    " call reset_state() first or keep the batch size."
                )
            return self.state
        if given is None:
            given = [None] * len(self.state_names)
        states = list(given) if isinstance(given, (list, tuple)) else [given]
        if len(states) != len(self.state_names):
            raise ValueError(
                f"initial_state holds {len(states)} arrays; {self.name} needs {len(self.state_names)}:"
                f" {', '.join(self.state_names)}."
            )
        zero = np.zeros((1, self.units), self.dtype)
        named = zip(states, self.state_names)
        return [
            zero if s is None else self._state_array(s, f"initial_state {n}", batch)
            for s, n in named
        ]

    def _state_array(self, state: Array, name: str, batch: int) -> Array:
        rows = 1 if np.ndim(state) == 2 and np.shape(state)[0] == 1 else batch
        return as_array(state, name, (rows, self.units), self.dtype)

    def _dropout(
        self, x: Array, training: bool, mask: Array | None, recurrent_mask: Array | None
    ) -> tuple[Array | None, Noise | None]:
        per_gate = self.recurrent_dropout > 0 or recurrent_mask is not None
        wanted = self.dropout > 0 or mask is not None or per_gate
        if not training or not wanted:
            return None, None
        (batch, _, inputs), gates = x.shape, len(self.gates)
        if not per_gate:
            return self._drop_mask(mask, "dropout_mask", (batch, inputs), self.dropout), None
        return None, Noise(
            self._drop_mask(mask, "dropout_mask", (gates, batch, inputs), self.dropout),
            self._drop_mask(
                recurrent_mask,
                "recurrent_dropout_mask",
                (gates, batch, self.units),
                self.recurrent_dropout,
            ),
        )

    def _drop_mask(
        self, given: Array | None, name: str, shape: tuple[int, ...], rate: float
    ) -> Array:
        """Given or drawn; drawn ones are 0 with probability ``rate`` and 1 / (1 - rate) otherwise."""
        if given is not None:
            return as_array(given, name, shape, self.dtype)
        return ((self._rng.random(shape) >= rate) / (1 - rate)).astype(self.dtype)

    def _shown(self, keep: Array | None) -> Array | None:
        """Masked steps show the last output, which starts as zeros; or zeros with ``zero_output_for_mask``."""
        if keep is None:
            return None
        return keep if self.zero_output_for_mask else np.logical_or.accumulate(keep, axis=1)

    def _output(self, tape: Tape, last: Array) -> Array:
        shown = self._last.shown
        if not self.return_sequences:
            return last.copy() if shown is None else last * shown[:, -1:]
        sequence = np.ascontiguousarray(tape.h[1:].transpose(2, 0, 1))
        return sequence if shown is None else sequence * shown[..., None]

    # Backward

    def backward(self, dy: Array | None = None, *final: Array | None) -> Gradients:
        """Gradients of a loss, given those with respect to the output ``dy`` and, if need be, the final states.

        ``dy`` has the shape of the output, ``final`` are arrays (B, n) for h (and c); None means zero. Belongs to the
        last call. Raises RuntimeError if there was none.
        """
        if self._last is None:
            raise RuntimeError(
                f"{self.name}.backward needs a forward pass first: call the layer on x."
            )
        tape, shown = self._last.tape, self._last.shown
        if len(final) > len(self.state_names):
            raise ValueError(
                f"backward got {len(final)} state gradients; {self.name} has {len(self.state_names)}."
            )
        zero = np.zeros((tape.batch, self.units), self.dtype)
        end = [
            zero if d is None else self._state_array(d, "state gradient", tape.batch) for d in final
        ]
        end += [zero] * (len(self.state_names) - len(end))
        every = None
        if dy is not None and self.return_sequences:
            dy = as_array(dy, "dy", (tape.batch, tape.steps, self.units), self.dtype)
            dy = dy if shown is None else dy * shown[..., None]
            every = np.ascontiguousarray(dy.transpose(1, 2, 0))
        elif dy is not None:
            dy = as_array(dy, "dy", (tape.batch, self.units), self.dtype)
            end[0] = end[0] + (dy if shown is None else dy * shown[:, -1:])
        gradient, weights = unroll.backward(tape, every, [d.T for d in end])
        initial = [np.ascontiguousarray(state[0].T) for state in gradient.states]
        named = {
            "kernel": weights.kernel,
            "recurrent_kernel": weights.recurrent_kernel,
            "bias": weights.bias,
        }
        return Gradients(
            {name: named[name] for name in self.weights}, initial, self._last, gradient
        )

    def trace(self) -> dict[str, Array]:
        """Gates and states of the last call, each (B, T, n), in processing order."""
        if self._last is None:
            raise RuntimeError(
                f"{self.name}.trace needs a forward pass first: call the layer on x."
            )
        tape = self._last.tape
        arrays = tape.cell.gate_values(tape) | dict(
            zip(tape.cell.states, (s[1:] for s in tape.states))
        )
        return {name: array.transpose(2, 0, 1).copy() for name, array in arrays.items()}

    # Helpers

    _cell: unroll.Cell

    def _cell_weights(self) -> Weights:
        bias = self.weights["bias"] if self.use_bias else np.zeros(self._bias_shape(), self.dtype)
        return Weights(self.weights["kernel"], self.weights["recurrent_kernel"], bias)

    def _require_built(self, method: str) -> None:
        if not self.weights:
            raise RuntimeError(f"{self.name}.{method} needs weights: call build(input_size) first.")

    def __repr__(self) -> str:
        size = (
            "not built"
            if not self.weights
            else f"kernel {shape_text(self.weights['kernel'].shape)}"
        )
        return f"{self.name}(units={self.units}, {size})"


class SimpleRNN(Layer):
    """h = tanh(x W + h_prev U + b), like ``keras.layers.SimpleRNN``."""

    name = "SimpleRNN"
    gates = "h"

    def __init__(self, units: int, **options):
        super().__init__(units, **options)
        self._cell = SimpleRNNCell(self.activation)


class _Gated(Layer):
    def __init__(
        self, units: int, *, recurrent_activation: str | Activation | None = "sigmoid", **options
    ):
        super().__init__(units, **options)
        self.recurrent_activation = get_activation(recurrent_activation, "recurrent_activation")


class LSTM(_Gated):
    """Cell state c and output h, like ``keras.layers.LSTM``: gates in the order i, f, g, o."""

    name = "LSTM"
    gates = "ifgo"
    state_names = ("h", "c")

    def __init__(self, units: int, *, unit_forget_bias: bool = True, **options):
        super().__init__(units, **options)
        self.unit_forget_bias = unit_forget_bias
        self._cell = LSTMCell(self.activation, self.recurrent_activation)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        bias = super()._draw_bias(shape)
        if self.unit_forget_bias and not isinstance(self.bias_initializer, Chrono):
            bias[self.units : 2 * self.units] = 1
        return bias


class GRU(_Gated):
    """One state h, like ``keras.layers.GRU``: gates in the order z, r, g, and z keeps the old state."""

    name = "GRU"
    gates = "zrg"

    def __init__(self, units: int, *, reset_after: bool = True, **options):
        super().__init__(units, **options)
        self.reset_after = reset_after
        cell = GRUCell if reset_after else GRUResetBeforeCell
        self._cell = cell(self.activation, self.recurrent_activation)

    def _bias_shape(self) -> tuple[int, ...]:
        columns = 3 * self.units
        return (2, columns) if self.reset_after else (columns,)
