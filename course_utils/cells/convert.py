"""Weights between Keras, PyTorch and ONNX, as functions on arrays; neither package is needed.

Keras    kernel (m, Gn), recurrent_kernel (n, Gn), bias (Gn,) or, GRU with reset_after, (2, 3n)
PyTorch  weight_ih (Gn, m), weight_hh (Gn, n), bias_ih (Gn,), bias_hh (Gn,)
ONNX     W (1, Gn, m), R (1, Gn, n), B (1, 2Gn) = [input bias, recurrent bias]

Order of the gates: LSTM i f g o in Keras and PyTorch, i o f g in ONNX; GRU z r g in Keras and ONNX,
r z g in PyTorch. In all three, the GRU's z keeps the old state.

Sources: the documentation of torch.nn.RNN, LSTM and GRU, and of ONNX's operators of these names.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course_utils.cells import foreign
from course_utils.cells.activations import Array
from course_utils.cells.validate import as_array

KERAS_ORDER = {"SimpleRNN": "h", "LSTM": "ifgo", "GRU": "zrg"}
TORCH_ORDER = {"SimpleRNN": "h", "LSTM": "ifgo", "GRU": "rzg"}
ONNX_ORDER = {"SimpleRNN": "h", "LSTM": "iofg", "GRU": "zrg"}


def to_torch(cell: str, weights: list[Array]) -> dict[str, Array]:
    """Keras's [kernel, recurrent_kernel(, bias)] as parameters of nn.RNN, nn.LSTM or nn.GRU.

    Raises ValueError naming the array whose shape does not fit, and for a GRU with
    reset_after=False and a bias: PyTorch has no such cell.
    """
    kernel, recurrent, input_bias, recurrent_bias = _parts(cell, weights)
    if cell == "GRU" and len(weights) == 3 and np.ndim(weights[2]) == 1:
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


def from_torch(
    cell: str, parameters: Mapping[str, Array], prefix: str | None = None
) -> list[Array]:
    """The parameters of one nn.RNN, nn.LSTM or nn.GRU of one layer as Keras's weights.

    Args:
        cell: "SimpleRNN", "LSTM" or "GRU".
        parameters: by PyTorch's names, arrays or tensors: a ``state_dict()``.
        prefix: where the cell stands in the model, such as "encoder.lstm"; what stands elsewhere
            is left out. Without it, every entry must be of one cell, wherever that is.

    The two biases of RNN and LSTM act only through their sum, so they become one.

    Raises ValueError naming the entry that is missing, of another shape, or of something that one
    layer of Keras has not: a second layer, a second direction, a projection.
    """
    order = TORCH_ORDER[_known(cell)], KERAS_ORDER[cell]
    found = foreign.torch_entries(cell, parameters, prefix)
    gates = len(KERAS_ORDER[cell])
    recurrent = foreign.recurrent(found, "weight_hh_l0", cell, gates)
    rows = len(recurrent)
    kernel = as_array(found["weight_ih_l0"], "weight_ih_l0", (rows, "inputs"), None)
    weights = [_reorder(array, *order).T for array in (kernel, recurrent)]
    if "bias_ih_l0" not in found:
        return weights
    names = "bias_ih_l0", "bias_hh_l0"
    biases = [_reorder(as_array(found[name], name, (rows,), None), *order) for name in names]
    return [*weights, np.stack(biases) if cell == "GRU" else sum(biases)]


def to_onnx(cell: str, weights: list[Array]) -> dict[str, Array]:
    """Keras's weights as W, R, B of the ONNX operators RNN, LSTM, GRU.

    A GRU bias of shape (2, 3n) belongs to linear_before_reset=1, one of (3n,) to 0, which is
    ONNX's default.

    Raises ValueError naming the array whose shape does not fit.
    """
    kernel, recurrent, input_bias, recurrent_bias = _parts(cell, weights)
    order = KERAS_ORDER[cell], ONNX_ORDER[cell]
    named = {"W": _reorder(kernel.T, *order)[None], "R": _reorder(recurrent.T, *order)[None]}
    if input_bias is not None:
        biases = [_reorder(bias, *order) for bias in (input_bias, recurrent_bias)]
        named["B"] = np.concatenate(biases)[None]
    return named


def from_onnx(
    cell: str,
    parameters: Mapping[str, Array],
    linear_before_reset: bool | None = None,
    **attributes: object,
) -> list[Array]:
    """W, R, B of an ONNX RNN, LSTM or GRU of one direction in Keras's layout and order.

    Args:
        cell: "SimpleRNN", "LSTM" or "GRU".
        parameters: W, R and, if there is one, B.
        linear_before_reset: the operator's attribute, for a GRU only, which needs it: an operator
            that does not show it has 0. The layer's reset_after has to be the same.
        attributes: the operator's other attributes, if you want to know whether a layer has them.

    Raises ValueError naming the entry or attribute that is missing, of another shape, or of
    something that a layer has not: peepholes, a second direction, clipping.
    """
    order = ONNX_ORDER[_known(cell)], KERAS_ORDER[cell]
    if cell == "GRU" and linear_before_reset not in (0, 1):
        raise ValueError(
            "linear_before_reset must be given for a GRU: 1 if the operator says so, 0 if it does"
            " not show it, as that is ONNX's default."
        )
    found = foreign.onnx_entries(parameters)
    gates = len(KERAS_ORDER[cell])
    recurrent = foreign.recurrent(found, "R", cell, gates)
    rows, units = recurrent.shape
    foreign.check_attributes(cell, units, attributes)
    kernel = as_array(found["W"], "W", (1, rows, "inputs"), None)[0]
    weights = [_reorder(array, *order).T for array in (kernel, recurrent)]
    if "B" not in found:
        return weights
    bias = as_array(found["B"], "B", (1, 2 * rows), None)[0]
    biases = [_reorder(half, *order) for half in np.split(bias, 2)]
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
    recurrent = as_array(weights[1], "recurrent_kernel", ("n", "columns"), None)
    columns = gates * len(recurrent)
    if recurrent.shape[1] != columns:
        raise ValueError(
            f"recurrent_kernel has shape {recurrent.shape}; for {cell} it needs (n, {gates} n)."
        )
    kernel = as_array(weights[0], "kernel", ("inputs", columns), None)
    if len(weights) == 2:
        return kernel, recurrent, None, None
    two_rows = cell == "GRU" and np.ndim(weights[2]) == 2
    bias = as_array(weights[2], "bias", (2, columns) if two_rows else (columns,), None)
    return kernel, recurrent, *(bias if two_rows else (bias, np.zeros_like(bias)))


def _reorder(array: Array, source: str, target: str) -> Array:
    """Reorder the gates along the first axis."""
    blocks = np.split(array, len(source))
    return np.concatenate([blocks[source.index(gate)] for gate in target])
