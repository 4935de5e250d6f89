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
            (cells.convert.from_onnx(cell, onnx), onnx_loop(cell, onnx, x, *states)),
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
    back = [convert.from_onnx(cell, convert.to_onnx(cell, weights), linear_before_reset=double)]
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
