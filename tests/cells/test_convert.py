"""Weights in PyTorch's and ONNX's layouts: their documented equations give the same outputs."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.cells import convert
from tests.cells.loops import onnx_loop, torch_loop

CELLS = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
sizes = st.integers(1, 5)


def example(cells, cell, reset_after=True, m=3, n=4, seed=0):
    """A layer with random weights, an input and the outputs that belong to it."""
    rng = np.random.default_rng(seed)
    options = {"reset_after": reset_after} if cell == "GRU" else {}
    layer = getattr(cells, cell)(n, return_sequences=True, dtype="float64", **options)
    layer.build(m)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    x, states = rng.normal(size=(2, 5, m)), [rng.normal(size=(2, n)) for _ in layer.state_names]
    return layer.get_weights(), x, states, layer(x, states)


def test_pytorch_equations_give_the_same_outputs(cells):
    for cell in CELLS:
        weights, x, states, y = example(cells, cell)
        parameters = cells.convert.to_torch(cell, weights)
        np.testing.assert_allclose(torch_loop(cell, parameters, x, *states), y, rtol=1e-12)


def test_onnx_equations_give_the_same_outputs(cells):
    for cell in CELLS:
        weights, x, states, y = example(cells, cell)
        parameters = cells.convert.to_onnx(cell, weights)
        np.testing.assert_allclose(onnx_loop(cell, parameters, x, *states), y, rtol=1e-12)


def test_onnx_without_linear_before_reset_is_reset_after_false(cells):
    weights, x, states, y = example(cells, "GRU", reset_after=False)
    parameters = cells.convert.to_onnx("GRU", weights)
    outputs = onnx_loop("GRU", parameters, x, *states, linear_before_reset=0)
    np.testing.assert_allclose(outputs, y, rtol=1e-12)
    back = cells.convert.from_onnx("GRU", parameters, linear_before_reset=False)
    for one, other in zip(back, weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_trained_elsewhere_run_here(cells):
    """From random parameters of the other side, not only back from our own."""
    rng = np.random.default_rng(1)
    m, n = 3, 4
    for cell, gates in CELLS.items():
        there = {"weight_ih_l0": (gates * n, m), "weight_hh_l0": (gates * n, n)}
        there |= {"bias_ih_l0": (gates * n,), "bias_hh_l0": (gates * n,)}
        torch = {name: rng.normal(size=shape) for name, shape in there.items()}
        onnx = {"W": (1, gates * n, m), "R": (1, gates * n, n), "B": (1, 2 * gates * n)}
        onnx = {name: rng.normal(size=shape) for name, shape in onnx.items()}
        layer = getattr(cells, cell)(n, return_sequences=True, dtype="float64")
        x = rng.normal(size=(2, 5, m))
        states = [rng.normal(size=(2, n)) for _ in layer.state_names]
        for weights, y in (
            (cells.convert.from_torch(cell, torch), torch_loop(cell, torch, x, *states)),
            (cells.convert.from_onnx(cell, onnx, True), onnx_loop(cell, onnx, x, *states)),
        ):
            layer.set_weights(weights)
            np.testing.assert_allclose(layer(x, states), y, rtol=1e-12)


@settings(derandomize=True, database=None, deadline=None)
@given(st.sampled_from(list(CELLS)), sizes, sizes, st.booleans(), st.booleans(), st.data())
def test_there_and_back_changes_nothing(cell, m, n, use_bias, double, data):
    columns = CELLS[cell] * n
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    weights = [rng.normal(size=(m, columns)), rng.normal(size=(n, columns))]
    double = double and cell == "GRU"
    if use_bias:
        weights.append(rng.normal(size=(2, columns) if double else columns))
    back = [convert.from_onnx(cell, convert.to_onnx(cell, weights), double)]
    if cell != "GRU" or double or not use_bias:
        back.append(convert.from_torch(cell, convert.to_torch(cell, weights)))
    for one in back:
        assert [w.shape for w in one] == [w.shape for w in weights]
        assert all(np.array_equal(a, b) for a, b in zip(one, weights, strict=True))


def test_shapes_are_those_of_the_other_side():
    weights = [np.zeros((3, 12)), np.zeros((4, 12)), np.zeros((2, 12))]
    torch, onnx = convert.to_torch("GRU", weights), convert.to_onnx("GRU", weights)
    assert [torch[f"{k}_l0"].shape for k in ("weight_ih", "weight_hh")] == [(12, 3), (12, 4)]
    assert [torch[f"{k}_l0"].shape for k in ("bias_ih", "bias_hh")] == [(12,), (12,)]
    assert [onnx[k].shape for k in "WRB"] == [(1, 12, 3), (1, 12, 4), (1, 24)]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: convert.to_torch("Elman", []), "cell is 'Elman'; it must be one of"),
        (lambda: convert.from_torch("Elman", {}), "cell is 'Elman'; it must be one of"),
        (lambda: convert.to_torch("LSTM", [np.zeros((2, 4))]), "weights holds 1 arrays; it needs"),
        (
            lambda: convert.to_onnx("GRU", [np.zeros((2, 12)), np.zeros((3, 12))]),
            r"recurrent_kernel has shape \(3, 12\); for GRU it needs \(n, 3 n\)",
        ),
        (
            lambda: convert.to_torch("GRU", [np.zeros((2, 9)), np.zeros((3, 9)), np.zeros(9)]),
            r"its bias needs shape \(2, 3n\), this one has \(3n,\)",
        ),
    ],
)
def test_what_cannot_be_converted_is_said(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


z = np.zeros
TORCH = {"weight_ih_l0": z((16, 3)), "weight_hh_l0": z((16, 4))}
TORCH |= {"bias_ih_l0": z(16), "bias_hh_l0": z(16)}
ONNX = {"W": z((1, 16, 3)), "R": z((1, 16, 4)), "B": z((1, 32))}


def placed(prefix):
    return {prefix + name: array for name, array in TORCH.items()}


def without(entries, name):
    return {key: array for key, array in entries.items() if key != name}


FROM_TORCH = {
    "projection": (TORCH | {"weight_hr_l0": z((2, 4))}, "weight_hr_l0 is a projection (proj_size)"),
    "projected states": (
        TORCH | {"weight_hh_l0": z((16, 2))},
        "weight_hh_l0 has shape (16, 2); for LSTM it needs (4 n, n).",
    ),
    "second direction": (
        TORCH | {"weight_ih_l0_reverse": z((16, 3))},
        "weight_ih_l0_reverse is of a second direction",
    ),
    "second layer": (TORCH | {"weight_ih_l1": z((16, 4))}, "weight_ih_l1 is of layer 1: convert"),
    "eleventh layer": (placed("") | {"bias_hh_l10": z(16)}, "bias_hh_l10 is of layer 10: convert"),
    "two cells": (
        placed("a.") | placed("b."),
        "parameters holds several cells (a.weight_ih_l0, b.weight_ih_l0): say which one is meant,"
        " such as prefix='a'.",
    ),
    "a linear layer": (
        placed("lstm.") | {"linear.weight": z((1, 4))},
        "parameters holds linear.weight, which is no entry of a recurrent layer",
    ),
    "an LSTMCell": ({"weight_ih": z((16, 3))}, "parameters holds weight_ih, which is no entry"),
    "nothing": ({}, "parameters has no weight_ih_l0; PyTorch's LSTM has one."),
    "no recurrent weights": (
        without(placed("lstm."), "lstm.weight_hh_l0"),
        "parameters has no lstm.weight_hh_l0; PyTorch's LSTM has one.",
    ),
    "half a bias": (without(TORCH, "bias_hh_l0"), "parameters has no bias_hh_l0; PyTorch's LSTM"),
    "other half": (without(TORCH, "bias_ih_l0"), "parameters has no bias_ih_l0; PyTorch's LSTM"),
    "a GRU": (
        {"weight_ih_l0": z((12, 3)), "weight_hh_l0": z((12, 4))},
        "weight_hh_l0 has shape (12, 4); for LSTM it needs (4 n, n).",
    ),
    "kernel of another width": (
        TORCH | {"weight_ih_l0": z((12, 3))},
        "weight_ih_l0 has shape (12, 3); it needs (16, inputs).",
    ),
    "bias of another width": (
        TORCH | {"bias_hh_l0": z(12)},
        "bias_hh_l0 has shape (12,); it needs (16,).",
    ),
    "kernel with three axes": (
        TORCH | {"weight_ih_l0": z((1, 16, 3))},
        "weight_ih_l0 has shape (1, 16, 3); it needs (16, inputs).",
    ),
}
FROM_ONNX = {
    "peepholes": (ONNX | {"P": np.ones((1, 12))}, "P holds peepholes, which no LSTM of Keras has."),
    "two directions": (
        {"W": z((2, 16, 3)), "R": z((2, 16, 4)), "B": z((2, 32))},
        "W has shape (2, 16, 3), those of two directions: convert each by itself",
    ),
    "two directions in R": (ONNX | {"R": z((2, 16, 4))}, "R has shape (2, 16, 4), those of two"),
    "no direction": (ONNX | {"R": z((16, 4))}, "R has shape (16, 4); it needs (1, rows, n)."),
    "flat W": (ONNX | {"W": z((16, 3))}, "W has shape (16, 3); it needs (1, 16, inputs)."),
    "no R": (without(ONNX, "R"), "parameters has no R; every operator has W and R."),
    "a state": (ONNX | {"initial_h": z((1, 2, 4))}, "parameters holds initial_h, which is no wei"),
    "a GRU": (
        {"W": z((1, 12, 3)), "R": z((1, 12, 4))},
        "R has shape (1, 12, 4); for LSTM it needs (1, 4 n, n).",
    ),
    "W of another width": (ONNX | {"W": z((1, 12, 3))}, "W has shape (1, 12, 3); it needs (1, 16"),
    "half a bias": (ONNX | {"B": z((1, 16))}, "B has shape (1, 16); it needs (1, 32)."),
    "flat bias": (ONNX | {"B": z(32)}, "B has shape (32,); it needs (1, 32)."),
}


def test_what_pytorch_has_and_keras_has_not_is_named(cells):
    for case, (parameters, sentence) in FROM_TORCH.items():
        with pytest.raises(ValueError) as error:
            cells.convert.from_torch("LSTM", parameters)
        assert str(error.value).startswith(sentence), case


def test_what_onnx_has_and_keras_has_not_is_named(cells):
    for case, (parameters, sentence) in FROM_ONNX.items():
        with pytest.raises(ValueError) as error:
            cells.convert.from_onnx("LSTM", parameters)
        assert str(error.value).startswith(sentence), case


def test_one_cell_is_taken_from_anywhere_in_a_model(cells):
    rng = np.random.default_rng(0)
    plain = {name: rng.normal(size=array.shape) for name, array in TORCH.items()}
    expected = cells.convert.from_torch("LSTM", plain)
    here = {f"net.lstm.{name}": array for name, array in plain.items()}
    others = {"net.fc.weight": z((1, 4)), "net.gru.weight_hh_l0": z((12, 4)), "scale": z(())}
    for found in (
        cells.convert.from_torch("LSTM", here),
        cells.convert.from_torch("LSTM", here | others, prefix="net.lstm"),
        cells.convert.from_torch("LSTM", here | others, prefix="net.lstm."),
        cells.convert.from_torch("LSTM", plain | {"fc.weight": z((1, 4))}, prefix=""),
    ):
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="prefix is 'lstm'; no entry of parameters begins with"):
        cells.convert.from_torch("LSTM", here, prefix="lstm")
    with pytest.raises(ValueError, match=r"parameters holds net\.fc\.weight, which is no entry"):
        cells.convert.from_torch("LSTM", here | others, prefix="net")


def test_a_gru_of_onnx_says_linear_before_reset(cells):
    gru = {"W": z((1, 12, 3)), "R": z((1, 12, 4)), "B": z((1, 24))}
    for entries in (gru, without(gru, "B")):
        for missing in ({}, {"linear_before_reset": None}):
            with pytest.raises(ValueError, match="0 if it does not show it, as that is ONNX's def"):
                cells.convert.from_onnx("GRU", entries, **missing)
    assert cells.convert.from_onnx("GRU", gru, linear_before_reset=0)[2].shape == (12,)
    assert cells.convert.from_onnx("GRU", gru, linear_before_reset=1)[2].shape == (2, 12)


def test_absent_inputs_of_an_operator_are_no_entries():
    plain = convert.from_onnx("LSTM", ONNX)
    for extra in ({"P": None}, {"P": z((1, 12))}, {"initial_h": None}):
        found = convert.from_onnx("LSTM", ONNX | extra)
        assert [w.shape for w in found] == [w.shape for w in plain]
    assert len(convert.from_onnx("LSTM", ONNX | {"B": None})) == 2


def test_attributes_that_change_the_equations_are_named(cells):
    usual = {"hidden_size": 4, "direction": b"forward", "layout": 1, "input_forget": 0}
    usual["activations"] = ["Sigmoid", b"Tanh", "Tanh"]
    cells.convert.from_onnx("LSTM", ONNX, **usual)
    for name, value, sentence in (
        ("direction", "reverse", "direction is 'reverse': leave it out, and give the layer go_ba"),
        ("direction", "bidirectional", "direction is 'bidirectional'; it must be 'forward'"),
        ("clip", 3.0, "clip is 3.0; no layer has it"),
        ("input_forget", 1, "input_forget is 1; it must be 0"),
        ("hidden_size", 5, "hidden_size is 5; it must be 4"),
        ("activations", ["Relu"], "activations is .'Relu'.; it must be .'Sigmoid', 'Tanh', 'Tanh'"),
    ):
        with pytest.raises(ValueError, match=sentence):
            cells.convert.from_onnx("LSTM", ONNX, **{name: value})


@pytest.mark.parametrize("to", [convert.to_torch, convert.to_onnx])
def test_our_own_weights_must_fit_as_well(to):
    kernel, recurrent, bias = z((3, 16)), z((4, 16)), z(16)
    for weights, sentence in (
        ([z((3, 12)), recurrent, bias], r"kernel has shape \(3, 12\); it needs \(inputs, 16\)"),
        ([kernel, z(16), bias], r"recurrent_kernel has shape \(16,\); it needs \(n, columns\)"),
        ([kernel, recurrent, z(12)], r"bias has shape \(12,\); it needs \(16,\)"),
        ([kernel, recurrent, z((2, 16))], r"bias has shape \(2, 16\); it needs \(16,\)"),
        ([kernel, recurrent, z((1, 16))], r"bias has shape \(1, 16\); it needs \(16,\)"),
    ):
        with pytest.raises(ValueError, match=sentence):
            to("LSTM", weights)
    with pytest.raises(ValueError, match=r"bias has shape \(3, 9\); it needs \(2, 9\)"):
        to("GRU", [z((2, 9)), z((3, 9)), z((3, 9))])


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
def test_pytorch_itself_gives_the_same_outputs(cells):
    import torch

    for cell in CELLS:
        weights, x, states, y = example(cells, cell)
        module = getattr(torch.nn, cell.removeprefix("Simple"))(3, 4, batch_first=True).double()
        parameters = cells.convert.to_torch(cell, weights)
        module.load_state_dict({k: torch.tensor(v) for k, v in parameters.items()})
        first = [torch.tensor(s)[None] for s in states]
        outputs, _ = module(torch.tensor(x), tuple(first) if cell == "LSTM" else first[0])
        np.testing.assert_allclose(outputs.detach().numpy(), y, rtol=1e-12)


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
def test_a_model_of_pytorch_itself_is_read_or_refused():
    import torch

    class Model(torch.nn.Module):
        def __init__(self, **options):
            super().__init__()
            self.lstm = torch.nn.LSTM(3, 4, batch_first=True, **options)
            self.linear = torch.nn.Linear(4, 1)

    model = Model()
    weights = convert.from_torch("LSTM", dict(model.named_parameters()), prefix="lstm")
    state = convert.from_torch("LSTM", model.lstm.state_dict())
    assert all(np.array_equal(a, b) for a, b in zip(weights, state, strict=True))
    for entries, sentence in (
        (model.state_dict(), "linear.weight, which is no entry"),
        (Model(num_layers=2).lstm.state_dict(), "weight_ih_l1 is of layer 1"),
        (Model(bidirectional=True).lstm.state_dict(), "weight_ih_l0_reverse is of a second"),
        (Model(proj_size=2).lstm.state_dict(), "weight_hr_l0 is a projection"),
        (torch.nn.GRU(3, 4).state_dict(), r"weight_hh_l0 has shape \(12, 4\); for LSTM it"),
    ):
        with pytest.raises(ValueError, match=sentence):
            convert.from_torch("LSTM", entries)


@pytest.mark.skipif(not importlib.util.find_spec("onnxruntime"), reason="ONNX is not installed")
@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU", "GRU, reset after"])
def test_onnxruntime_itself_gives_the_same_outputs(cells, cell):
    import onnx
    import onnxruntime

    kind, after = cell.split(",")[0], "after" in cell
    weights, x, states, y = example(cells, kind, reset_after=after)
    parameters = convert.to_onnx(kind, weights)
    inputs = {"X": x.swapaxes(0, 1), **parameters, "h": states[0][None]}
    names = ["X", "W", "R", "B", "", "h"]
    if kind == "LSTM":
        inputs["c"] = states[1][None]
        names.append("c")
    attributes = {"linear_before_reset": 1} if after else {}
    node = onnx.helper.make_node(
        kind.removeprefix("Simple"), names, ["Y"], hidden_size=4, **attributes
    )
    graph = onnx.helper.make_graph(
        [node],
        "cell",
        [onnx.helper.make_tensor_value_info(k, 1, a.shape) for k, a in inputs.items()],
        [onnx.helper.make_tensor_value_info("Y", 1, None)],
    )
    opsets = [onnx.helper.make_opsetid("", 14)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    given_inputs = {name: array.astype("float32") for name, array in inputs.items()}
    (outputs,) = session.run(None, given_inputs)
    np.testing.assert_allclose(outputs[:, 0].swapaxes(0, 1), y, rtol=1e-5, atol=1e-5)
    back = convert.from_onnx(kind, parameters, *([after] if kind == "GRU" else []))
    assert [w.shape for w in back] == [w.shape for w in weights]
