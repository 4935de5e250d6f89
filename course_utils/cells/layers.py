"""The layers of the course: three cells behind one surface, Keras's."""

from __future__ import annotations

import numpy as np

from course_utils.cells.activations import Activation, Array, get_activation
from course_utils.cells.gru import GRUCell, GRUResetBeforeCell
from course_utils.cells.initializers import Chrono
from course_utils.cells.layer import Layer
from course_utils.cells.lstm import LSTMCell
from course_utils.cells.simple_rnn import SimpleRNNCell

__all__ = ["GRU", "LSTM", "Layer", "SimpleRNN"]


class SimpleRNN(Layer):
    """h = tanh(x W + h_prev U + b), like ``keras.layers.SimpleRNN``; options as in ``Layer``."""

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
    """A state h and a memory c, like ``keras.layers.LSTM``: gates in the order i, f, g, o.

    Options as in ``Layer``, and:
        recurrent_activation: of the gates i, f, o.
        unit_forget_bias: start with a forget bias of 1, whatever ``bias_initializer`` draws for it
            (but not if that is ``Chrono``).
    """

    name = "LSTM"
    gates = "ifgo"
    state_names = ("h", "c")

    def __init__(self, units: int, *, unit_forget_bias: bool = True, **options):
        super().__init__(units, **options)
        self.unit_forget_bias = unit_forget_bias
        self._cell = LSTMCell(self.activation, self.recurrent_activation)

    def _draw_bias(self, shape: tuple[int, ...]) -> Array:
        bias = np.array(super()._draw_bias(shape))
        if self.unit_forget_bias and not isinstance(self.bias_initializer, Chrono):
            bias[self.units : 2 * self.units] = 1
        return bias


class GRU(_Gated):
    """One state h, like ``keras.layers.GRU``: gates in the order z, r, g; z keeps the old state.

    Options as in ``Layer``, and:
        recurrent_activation: of the gates z, r.
        reset_after: True resets after the matrix product and has a second bias, False before it.
    """

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
