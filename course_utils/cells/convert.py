"""Weights between Keras, PyTorch and ONNX, as functions on arrays; neither package is needed.

Keras    kernel (m, Gn), recurrent_kernel (n, Gn), bias (Gn,) or, GRU with reset_after, (2, 3n)
PyTorch  weight_ih (Gn, m), weight_hh (Gn, n), bias_ih (Gn,), bias_hh (Gn,)
ONNX     W (1, Gn, m), R (1, Gn, n), B (1, 2Gn) = [input bias, recurrent bias]

Order of the gates: LSTM i f g o in Keras and PyTorch, i o f g in ONNX; GRU z r g in Keras and ONNX,
r z g in PyTorch. In all three, the GRU's z keeps the old state.
"""

from __future__ import annotations

import numpy as np

from course_utils.cells.activations import Array

KERAS_ORDER = {"SimpleRNN": "h", "LSTM": "ifgo", "GRU": "zrg"}
TORCH_ORDER = {"SimpleRNN": "h", "LSTM": "ifgo", "GRU": "rzg"}
ONNX_ORDER = {"SimpleRNN": "h", "LSTM": "iofg", "GRU": "zrg"}


def to_torch(cell: str, weights: list[Array]) -> dict[str, Array]:
    """Keras's [kernel, recurrent_kernel(, bias)] as parameters of nn.RNN, nn.LSTM or nn.GRU.

    Raises ValueError for a GRU with reset_after=False and a bias: PyTorch has no such cell.
    """
    kernel, recurrent, input_bias, recurrent_bias = _parts(cell, weights)
    if cell == "GRU" and len(weights) == 3 and weights[2].ndim == 1:
        raise ValueError(
            "PyTorch's GRU is reset_after=True: its bias needs shape (2, 3n), this one has (3n,)."
        )
    named = {
        "weight_ih_l0": kernel.T,
        "weight_hh_l0": recurrent.T,
        "bias_ih_l0": input_bias,
        "bias_hh_l0": recurrent_bias,
    }
    kept = {name: array for name, array in named.items() if array is not None}
    return {
        name: _reorder(array, KERAS_ORDER[cell], TORCH_ORDER[cell]) for name, array in kept.items()
    }


def from_torch(cell: str, parameters: dict[str, Array]) -> list[Array]:
    """The parameters (names ending in _l0) of nn.RNN, nn.LSTM or nn.GRU as Keras's weights.

    The two biases of RNN and LSTM act only through their sum, so they become one.
    """
    order = TORCH_ORDER[_known(cell)], KERAS_ORDER[cell]
    array = {name: _reorder(np.asarray(value), *order) for name, value in parameters.items()}
    weights = [array["weight_ih_l0"].T, array["weight_hh_l0"].T]
    if "bias_ih_l0" not in array:
        return weights
    biases = array["bias_ih_l0"], array["bias_hh_l0"]
    return [*weights, np.stack(biases) if cell == "GRU" else sum(biases)]


def to_onnx(cell: str, weights: list[Array]) -> dict[str, Array]:
    """Keras's weights as W, R, B of the ONNX operators RNN, LSTM, GRU.

    A GRU bias of shape (2, 3n) belongs to linear_before_reset=1, one of (3n,) to 0.
    """
    kernel, recurrent, input_bias, recurrent_bias = _parts(cell, weights)
    order = KERAS_ORDER[cell], ONNX_ORDER[cell]
    named = {"W": _reorder(kernel.T, *order)[None], "R": _reorder(recurrent.T, *order)[None]}
    if input_bias is not None:
        biases = [_reorder(bias, *order) for bias in (input_bias, recurrent_bias)]
        named["B"] = np.concatenate(biases)[None]
    return named


def from_onnx(
    cell: str, parameters: dict[str, Array], linear_before_reset: bool = True
) -> list[Array]:
    """W, R, B of one direction of an ONNX RNN, LSTM or GRU in Keras's layout and order."""
    order = ONNX_ORDER[_known(cell)], KERAS_ORDER[cell]
    weights = [_reorder(np.asarray(parameters[name])[0], *order).T for name in ("W", "R")]
    if "B" not in parameters:
        return weights
    biases = [_reorder(bias, *order) for bias in np.split(np.asarray(parameters["B"])[0], 2)]
    separate = cell == "GRU" and linear_before_reset
    return [*weights, np.stack(biases) if separate else sum(biases)]


def _known(cell: str) -> str:
    if cell not in KERAS_ORDER:
        raise ValueError(f"cell is {cell!r}; it must be one of: {', '.join(KERAS_ORDER)}.")
    return cell


def _parts(cell: str, weights: list[Array]) -> tuple[Array, Array, Array | None, Array | None]:
    """kernel, recurrent kernel, input bias and recurrent bias; the latter two None without bias."""
    gates = len(KERAS_ORDER[_known(cell)])
    if len(weights) not in (2, 3):
        raise ValueError(
            f"weights holds {len(weights)} arrays; it needs kernel, recurrent_kernel, maybe bias."
        )
    kernel, recurrent = (np.asarray(weight) for weight in weights[:2])
    if recurrent.shape[1] != gates * len(recurrent):
        raise ValueError(
            f"recurrent_kernel has shape {recurrent.shape}; for {cell} it needs (n, {gates} n)."
        )
    if len(weights) == 2:
        return kernel, recurrent, None, None
    bias = np.asarray(weights[2])
    return kernel, recurrent, *(bias if bias.ndim == 2 else (bias, np.zeros_like(bias)))


def _reorder(array: Array, source: str, target: str) -> Array:
    """Reorder the gates along the first axis."""
    blocks = np.split(array, len(source))
    return np.concatenate([blocks[source.index(gate)] for gate in target])
