"""The mathematics of the course: SimpleRNN, LSTM and GRU, forward and backward, in NumPy alone."""

from course_utils.cells.initializers import Chrono, RandomNormal
from course_utils.cells.layers import GRU, LSTM, Gradients, SimpleRNN

__all__ = ["GRU", "LSTM", "Chrono", "Gradients", "RandomNormal", "SimpleRNN"]
