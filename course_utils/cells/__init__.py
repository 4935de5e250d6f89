"""The mathematics of the course: the cells, forward and backward, in NumPy alone."""

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
from course_utils.cells.minimal import MinGRU, MinLSTM

__all__ = [
    "GRU",
    "LSTM",
    "Chrono",
    "GradientReport",
    "Gradients",
    "Layer",
    "MinGRU",
    "MinLSTM",
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
