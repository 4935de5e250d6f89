"""The mathematics of the course: SimpleRNN, LSTM and GRU, forward and backward, in NumPy alone."""

from course_utils.cells.functional import (
    gru,
    gru_gradients,
    lstm,
    lstm_gradients,
    simple_rnn,
    simple_rnn_gradients,
)
from course_utils.cells.gradient_check import GradientReport, check_gradients
from course_utils.cells.gradients import Gradients
from course_utils.cells.initializers import Chrono, RandomNormal
from course_utils.cells.layers import GRU, LSTM, Layer, SimpleRNN

__all__ = [
    "GRU",
    "LSTM",
    "Chrono",
    "GradientReport",
    "Gradients",
    "Layer",
    "RandomNormal",
    "SimpleRNN",
    "check_gradients",
    "gru",
    "gru_gradients",
    "lstm",
    "lstm_gradients",
    "simple_rnn",
    "simple_rnn_gradients",
]
