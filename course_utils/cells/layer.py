"""What all recurrent layers share: weights, options, and the way through a cell and back.

Behaviour follows Keras 3 (names, defaults, weight layout, order of outputs); where it differs, the
docstring says so.
"""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from course_utils.cells import unroll
from course_utils.cells.activations import Activation, Array, get_activation
from course_utils.cells.dropout import Dropout
from course_utils.cells.gradients import Call, Gradients
from course_utils.cells.initializers import Chrono, Initializer, get_initializer
from course_utils.cells.pool import Pool
from course_utils.cells.tape import Tape, Weights
from course_utils.cells.validate import (
    as_array,
    as_mask,
    fraction,
    generator,
    positive_int,
    shape_text,
)


class Layer:
    """A recurrent layer over arrays (B, T, m). Use SimpleRNN, LSTM or GRU.

    All arguments but ``units`` go by name. They are Keras's, with Keras's defaults.

    Args:
        units: n, the width of a state.
        activation: of the candidate, and of the LSTM's output: Keras's name of one whose slope
            follows from its output ("tanh", "relu", "elu", "softplus" ..., see ``ACTIVATIONS``),
            None for linear, or an ``Activation``.
        use_bias: False leaves the bias out.
        kernel_initializer, recurrent_initializer, bias_initializer: a name ("glorot_uniform",
            "orthogonal", "identity", "zeros", "ones") or a function (shape, rng) -> array. They
            draw the matrix of all gates at once. The bias also takes ``Chrono(max_lag)``.
        dropout, recurrent_dropout: rates from 0 up to, but not including, 1, for the inputs and for
            h_prev before its matrix product. They act only in calls with ``training=True``.
        return_sequences: give the outputs of all steps (B, T, n), not the last one (B, n).
        return_state: give (outputs, h) or, for the LSTM, (outputs, h, c).
        go_backwards: process the last step first; outputs stand in the order of processing.
        stateful: start each call from the final state of the last one.
        zero_output_for_mask: give zeros at masked steps, not the output before.
        seed: draws weights and dropout masks (Keras: masks only); None draws anew each time.
        dtype: "float32" or "float64".

    Raises:
        ValueError: naming the argument, what it is and what it must be.
    """

    name: str
    gates: str
    state_names: tuple[str, ...] = ("h",)
    _cell: unroll.Cell

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
        if not isinstance(bias_initializer, Chrono):
            bias_initializer = get_initializer(bias_initializer, "bias_initializer")
        self.bias_initializer = bias_initializer
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
        self._rng = generator(seed)
        self._pool = Pool()
        self._last: Call | None = None

    # Weights

    @property
    def input_size(self) -> int | None:
        """m, or None before the layer is built."""
        return self.weights["kernel"].shape[0] if self.weights else None

    def build(self, input_size: int) -> None:
        """Draw weights for inputs of ``input_size`` features; a layer that has some keeps them."""
        if self.weights:
            return
        shapes = self.weight_shapes(positive_int(input_size, "input_size"))
        drawn = {name: self._draw(name, shape) for name, shape in shapes.items()}
        self.weights = {k: np.array(w, self.dtype, order="C") for k, w in drawn.items()}

    def weight_shapes(self, input_size: int) -> dict[str, tuple[int, ...]]:
        """kernel (m, Gn), recurrent_kernel (n, Gn), bias (Gn,); GRU with reset_after: (2, 3n)."""
        columns = len(self.gates) * self.units
        shapes = {"kernel": (input_size, columns), "recurrent_kernel": (self.units, columns)}
        if self.use_bias:
            shapes["bias"] = self._bias_shape()
        return shapes

    def _bias_shape(self) -> tuple[int, ...]:
        return (len(self.gates) * self.units,)

    def _draw(self, name: str, shape: tuple[int, ...]) -> Array:
        if name == "bias":
            return self._draw_bias(shape)
        draw = self.kernel_initializer if name == "kernel" else self.recurrent_initializer
        return draw(shape, self._rng)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        if isinstance(self.bias_initializer, Chrono):
            return self.bias_initializer.bias(self.gates, shape, self._rng)
        return self.bias_initializer(shape, self._rng)

    def count_params(self) -> int:
        """How many numbers the weights hold; 0 before the layer is built."""
        return sum(weight.size for weight in self.weights.values())

    def get_weights(self) -> list[Array]:
        """Copies of kernel, recurrent_kernel and bias, as Keras's ``get_weights()`` gives them."""
        return [weight.copy() for weight in self.weights.values()]

    def set_weights(self, weights: list[Array]) -> None:
        """Take weights in Keras's layout and order; builds the layer if need be.

        Raises ValueError naming the weight whose shape does not fit; none is taken then.
        """
        names = list(self.weight_shapes(self.input_size or 1))
        if len(weights) != len(names):
            raise ValueError(
                f"set_weights got {len(weights)} arrays; it needs {len(names)}: {', '.join(names)}."
            )
        columns = len(self.gates) * self.units
        kernel = as_array(weights[0], "kernel", (self.input_size or "inputs", columns), self.dtype)
        shapes = self.weight_shapes(len(kernel))
        new = {k: as_array(w, k, shapes[k], self.dtype) for k, w in zip(names, weights)}
        self.build(len(kernel))
        for name, value in new.items():
            self.weights[name][...] = value

    def gate_weights(self, gate: str) -> dict[str, Array]:
        """Views of one gate's columns, by name: writing into them changes the layer.

        Raises ValueError if the cell has no such gate, RuntimeError if the layer is not built.
        """
        if len(gate) != 1 or gate not in self.gates:
            raise ValueError(f"{self.name} has no gate {gate!r}; it has {', '.join(self.gates)}.")
        if not self.weights:
            raise RuntimeError(
                f"{self.name}.gate_weights needs weights: call build(input_size) first."
            )
        start = self.gates.index(gate) * self.units
        return {k: weight[..., start : start + self.units] for k, weight in self.weights.items()}

    # Forward

    def __call__(
        self,
        x: Array,
        initial_state: Array | list[Array | None] | None = None,
        mask: Array | None = None,
        training: bool = False,
        dropout_mask: Array | None = None,
        recurrent_dropout_mask: Array | None = None,
    ) -> Array | tuple[Array, ...]:
        """Run over ``x`` and keep what the backward pass needs, until the next call.

        Args:
            x: (B, T, m), finite, with at least one sample, step and feature.
            initial_state: h, or [h, c] for the LSTM, each (B, n), (1, n) or None for zeros.
            mask: (B, T), True where a step counts; at other steps the states stay as they are.
            training: switches dropout on.
            dropout_mask, recurrent_dropout_mask: instead of drawn ones, ready-scaled: (B, m) for
                the inputs alone; with recurrent dropout (G, B, m) and (G, B, n), for each gate.

        Returns:
            The last output (B, n), or all of them (B, T, n) with ``return_sequences``; with
            ``return_state`` a tuple of that and the final states (B, n).

        Raises:
            ValueError: naming the array, the shape it has and the shape it needs, or its first
                value that is not finite.
        """
        x = as_array(x, "x", ("batch", "steps", self.input_size or "inputs"), self.dtype)
        self.build(x.shape[2])
        batch, steps, _ = x.shape
        keep = None if mask is None else as_mask(mask, batch, steps)
        initial = self._initial_state(initial_state, batch)
        drop_x, noise = None, None
        if training:
            dropout = Dropout(self.dropout, self.recurrent_dropout, len(self.gates), self.units)
            drop_x, noise = dropout.masks(x, self._rng, dropout_mask, recurrent_dropout_mask)
        if self.go_backwards:
            x = x[:, ::-1]
            keep = None if keep is None else keep[:, ::-1]
        if drop_x is not None:
            x = x * drop_x[:, None]
        self._last = None  # its memory is free for this call
        tape = unroll.forward(self._cell, self._cell_weights(), x, initial, keep, noise, self._pool)
        rows = [len(state) for state in initial]
        self._last = Call(tape, self._shown(keep), drop_x, self.go_backwards, rows)
        final = [state[-1].T.copy() for state in tape.states]
        if self.stateful:
            self.state = final
        output = self._output(tape, final[0])
        return (output, *(state.copy() for state in final)) if self.return_state else output

    def reset_state(self) -> None:
        """Forget the state that ``stateful=True`` kept."""
        self.state = None

    def _initial_state(self, given: Array | list[Array | None] | None, batch: int) -> list[Array]:
        if given is None and self.stateful and self.state is not None:
            if len(self.state[0]) != batch:
                raise ValueError(
                    f"x has a batch of {batch}, but the kept state belongs to a batch of"
                    f" {len(self.state[0])}: call reset_state() first or keep the batch size."
                )
            return self.state
        if given is None:
            given = [None] * len(self.state_names)
        states = list(given) if isinstance(given, (list, tuple)) else [given]
        if len(states) != len(self.state_names):
            raise ValueError(
                f"initial_state holds {len(states)} arrays; {self.name} needs"
                f" {len(self.state_names)}: {', '.join(self.state_names)}."
            )
        named = zip(states, self.state_names)
        return [self._state_array(state, f"initial_state {k}", batch) for state, k in named]

    def _state_array(self, state: Array | None, name: str, batch: int) -> Array:
        if state is None:
            return np.zeros((batch, self.units), self.dtype)
        rows = 1 if np.ndim(state) == 2 and len(state) == 1 else batch
        return as_array(state, name, (rows, self.units), self.dtype)

    def _shown(self, keep: Array | None) -> Array | None:
        """Masked steps show the output before them, which starts as zeros; or always zeros."""
        if keep is None:
            return None
        return keep if self.zero_output_for_mask else np.logical_or.accumulate(keep, axis=1)

    def _output(self, tape: Tape, last: Array) -> Array:
        shown = self._last.shown
        if not self.return_sequences:
            return last.copy() if shown is None else last * shown[:, -1:]
        sequence = tape.h[1:].transpose(2, 0, 1).copy()
        return sequence if shown is None else sequence * shown[..., None]

    def _cell_weights(self) -> Weights:
        bias = self.weights["bias"] if self.use_bias else np.zeros(self._bias_shape(), self.dtype)
        return Weights(self.weights["kernel"], self.weights["recurrent_kernel"], bias)

    # Backward

    def backward(self, dy: Array | None = None, *final: Array | None) -> Gradients:
        """Gradients of a loss, given those with respect to the outputs of the last call.

        Args:
            dy: dL/dy in the shape of the output, (B, n) or (B, T, n); None means zero.
            final: dL/dh (and dL/dc) of the final states, (B, n); None means zero.

        Raises:
            RuntimeError: if there was no call.
            ValueError: for a wrong shape or a value that is not finite.
        """
        call = self._last_call("backward")
        tape, shown = call.tape, call.shown
        end = self._final_gradients(final, tape.batch)
        every = None
        if dy is not None and self.return_sequences:
            dy = as_array(dy, "dy", (tape.batch, tape.steps, self.units), self.dtype)
            dy = dy if shown is None else dy * shown[..., None]
            every = np.ascontiguousarray(dy.transpose(1, 2, 0))
        elif dy is not None:
            dy = as_array(dy, "dy", (tape.batch, self.units), self.dtype)
            end[0] = end[0] + (dy if shown is None else dy * shown[:, -1:])
        gradient, of_weights = unroll.backward(tape, every, [d.T for d in end])
        initial = [state[0].T.copy() for state in gradient.states]
        return Gradients(
            {name: getattr(of_weights, name) for name in self.weights},
            [call.as_given(d, rows) for d, rows in zip(initial, call.initial_rows)],
            call,
            gradient,
        )

    def _final_gradients(self, given: tuple[Array | None, ...], batch: int) -> list[Array]:
        if len(given) > len(self.state_names):
            raise ValueError(
                f"backward got {len(given)} state gradients; {self.name} has"
                f" {len(self.state_names)}: {', '.join(self.state_names)}."
            )
        named = zip_longest(given, self.state_names)
        return [self._state_array(d, f"state gradient {k}", batch) for d, k in named]

    def trace(self) -> dict[str, Array]:
        """Gates and states of the last call by name, each (B, T, n), in the order of processing.

        Raises RuntimeError if there was no call.
        """
        tape = self._last_call("trace").tape
        states = dict(zip(tape.cell.states, (state[1:] for state in tape.states)))
        arrays = tape.cell.gate_values(tape) | states
        return {name: array.transpose(2, 0, 1).copy() for name, array in arrays.items()}

    def _last_call(self, method: str) -> Call:
        if self._last is None:
            raise RuntimeError(
                f"{self.name}.{method} needs a forward pass first: call the layer on x."
            )
        return self._last

    def __repr__(self) -> str:
        size = f"kernel {shape_text(self.weights['kernel'].shape)}" if self.weights else "not built"
        return f"{self.name}(units={self.units}, {size})"
