"""What PyTorch and ONNX call a cell's arrays, and what of it no layer of Keras has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.validate import as_array

TORCH_NAME = re.compile(
    r"(?P<place>.*\.|)(?P<array>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)"
    r"_l(?P<layer>\d+)(?P<back>_reverse|)"
)
TORCH_NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
ONNX_ACTIVATIONS = {"SimpleRNN": ["Tanh"], "LSTM": ["Sigmoid", "Tanh", "Tanh"]}
ONNX_ACTIVATIONS["GRU"] = ["Sigmoid", "Tanh"]


def torch_entries(
    cell: str, parameters: Mapping[str, Array], prefix: str | None
) -> dict[str, object]:
    """The entries of one cell, without its place in the model: tensors become arrays.

    Raises ValueError naming the entry that is missing, or that is of something else.
    """
    entries = dict(parameters)
    if prefix is not None:
        place = f"{prefix.removesuffix('.')}." if prefix else ""
        entries = {name: array for name, array in entries.items() if name.startswith(place)}
        if not entries:
            raise ValueError(f"prefix is {prefix!r}; no entry of parameters begins with {place!r}.")
        if not place:
            entries = {name: array for name, array in entries.items() if "." not in name}
    places = {}
    for name in entries:
        places.setdefault(_place(name, cell), name)
    if len(places) > 1:
        one, other = list(places.values())[:2]
        raise ValueError(
            f"parameters holds several cells ({one}, {other}): say which one is meant, such as"
            f" prefix={next(iter(places)).rstrip('.')!r}."
        )
    (place,) = places or ("",)
    missing = [name for name in TORCH_NAMES[:2] if place + name not in entries]
    biases = [name for name in TORCH_NAMES[2:] if place + name in entries]
    if len(biases) == 1:
        missing += [name for name in TORCH_NAMES[2:] if name not in biases]
    if missing:
        raise ValueError(f"parameters has no {place}{missing[0]}; PyTorch's {cell} has one.")
    return {name: _values(entries[place + name]) for name in (*TORCH_NAMES[:2], *biases)}


def _place(name: str, cell: str) -> str:
    """Where the cell of an entry stands in the model: "" or "encoder.lstm."."""
    match = TORCH_NAME.fullmatch(name)
    if match is None:
        raise ValueError(
            f"parameters holds {name}, which is no entry of a recurrent layer: leave it out, or say"
            " with prefix=... where the layer stands."
        )
    if match["array"] == "weight_hr":
        raise ValueError(f"{name} is a projection (proj_size), which no {cell} of Keras has.")
    if match["back"]:
        raise ValueError(
            f"{name} is of a second direction: convert each direction by itself, the second with"
            " _reverse cut off its names."
        )
    if match["layer"] != "0":
        raise ValueError(
            f"{name} is of layer {match['layer']}: convert each layer by itself, with names that"
            " end in _l0."
        )
    return match["place"]


def _values(value: object) -> object:
    """A tensor of PyTorch as an array, wherever it is and whether or not it needs a gradient."""
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def onnx_entries(parameters: Mapping[str, Array]) -> dict[str, object]:
    """W, R and maybe B. Raises ValueError naming the entry that is missing or is no weight."""
    found = {name: array for name, array in parameters.items() if array is not None}
    if "P" in found and np.any(found.pop("P")):
        raise ValueError("P holds peepholes, which no LSTM of Keras has.")
    for name in found:
        if name not in ("W", "R", "B"):
            raise ValueError(f"parameters holds {name}, which is no weight: pass W, R and B alone.")
    for name in ("W", "R"):
        if name not in found:
            raise ValueError(f"parameters has no {name}; every operator has W and R.")
        if np.ndim(found[name]) == 3 and len(found[name]) == 2:
            raise ValueError(
                f"{name} has shape {np.shape(found[name])}, those of two directions: convert each"
                f" by itself, as {name}[:1] and {name}[1:]."
            )
    return found


def recurrent(found: Mapping[str, object], name: str, cell: str, gates: int) -> Array:
    """The recurrent weights (Gn, n), whose shape says whether they are of this cell."""
    shape = (1, "rows", "n") if name == "R" else ("rows", "n")
    array = as_array(found[name], name, shape, None)
    rows, units = array.shape[-2:]
    if rows != gates * units:
        raise ValueError(
            f"{name} has shape {array.shape}; for {cell} it needs"
            f" {'(1, ' if name == 'R' else '('}{gates} n, n)."
        )
    return array[0] if name == "R" else array


def check_attributes(cell: str, units: int, attributes: Mapping[str, object]) -> None:
    """Raises ValueError naming the first attribute that changes what an operator computes."""
    usual = {
        "hidden_size": units,
        "direction": "forward",
        "input_forget": 0,
        "activations": ONNX_ACTIVATIONS[cell],
    }
    for name, value in attributes.items():
        value = _text(value)
        if name == "direction" and value == "reverse":
            raise ValueError(
                "direction is 'reverse': leave it out, and give the layer go_backwards=True, whose"
                " outputs stand in the order of processing."
            )
        same = name in usual and value == usual[name]
        if not same and name != "layout":
            needed = f"it must be {usual[name]!r}." if name in usual else "no layer has it."
            raise ValueError(f"{name} is {value!r}; {needed}")


def _text(value: object) -> object:
    """Texts of ONNX are bytes, and its lists of them may be no lists."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    many = isinstance(value, Sequence) and not isinstance(value, str)
    return [_text(one) for one in value] if many else value
