"""What fades is taken for zero before it is denormal, and nothing that counts is lost by that."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from course_utils.cells import faint
from course_utils.experiments.variants import VARIANTS
from course_utils.training import Adam
from tests.cells.test_layers import KINDS

MINIMAL = [(cell, {"by": by}) for cell in ("MinGRU", "MinLSTM") for by in ("scan", "loop")]
FEW = 1e-3  # a share: single numbers may slip through, as products of several small ones
NEVER = 10**9


def denormal(array):
    """The share of numbers below the smallest normal one that are not zero."""
    size = np.abs(array)
    return np.mean((size > 0) & (size < np.finfo(array.dtype).tiny))


def layer_of(cells, cell, options, n=16, **more):
    make = getattr(cells, cell, None) or VARIANTS[cell]
    return make(n, seed=0, **options, **more)


def backward(layer, T, B=4, upstream=None, mask=None):
    """Gradients of one call; the loss sees the last step alone if ``upstream`` names no others."""
    x = np.random.default_rng(0).normal(size=(B, T, 3))
    y = layer(x, mask=mask)
    dy = np.random.default_rng(1).normal(size=y.shape)
    if upstream is not None:
        dy[:, np.setdiff1d(np.arange(T), upstream)] = 0
    return layer.backward(dy)


def unwatched(cells, monkeypatch):
    """The passes as they would be if nobody looked."""
    unroll = sys.modules[f"{cells.__name__}.unroll"]
    monkeypatch.setattr(unroll, "SELDOM", NEVER)


def test_gradients_are_not_denormal(cells):
    for (cell, options), T in [(k, T) for k in KINDS + MINIMAL for T in (200, 500, 2000)]:
        gradients = backward(layer_of(cells, cell, options), T)
        arrays = {**gradients.weights, **gradients.states, "x": gradients.x}
        if hasattr(gradients, "_gradient"):
            arrays["a"] = gradients._gradient.a
        for name, array in arrays.items():
            assert denormal(array) < FEW, f"{cell} {options}, {T} steps: {name}"
            assert np.isfinite(array).all()


def test_states_that_fade_are_not_denormal(cells):
    """A first step, and then silence: without a bias, all states go to zero."""
    for cell, options in KINDS + MINIMAL:
        layer = layer_of(cells, cell, options)
        if cell == "SimpleRNN":
            layer.build(3)
            layer.weights["recurrent_kernel"] *= 0.7
        x = np.zeros((4, 2000, 3))
        x[:, 0] = 1
        layer(x)
        for name, array in layer.trace().items():
            assert denormal(array) < FEW, f"{cell} {options}: {name}"


def test_a_long_silence_ends(cells):
    """Gradients of two steps far from each other: the earlier one is not forgotten."""
    for cell, options in KINDS + MINIMAL:
        found = []
        for dtype in ("float32", "float64"):
            layer = layer_of(cells, cell, options, return_sequences=True, dtype=dtype)
            found.append(backward(layer, 900, upstream=[40, 899]))
        for name, exact in found[1].weights.items():
            scale = np.abs(exact).max()
            np.testing.assert_allclose(
                found[0].weights[name], exact, atol=3e-5 * scale, err_msg=f"{cell} {name}"
            )
        assert np.abs(found[0].states["h"][:, 30]).max() > 1e-12


def test_what_passes_masked_steps_is_not_forgotten(cells):
    mask = np.arange(400) < [[400], [3], [30], [200]]
    for cell, options in KINDS:
        one, other = (
            backward(layer_of(cells, cell, options, dtype=dtype), 400, mask=mask)
            for dtype in ("float32", "float64")
        )
        for name, exact in other.weights.items():
            scale = np.abs(exact).max()
            np.testing.assert_allclose(one.weights[name], exact, atol=3e-5 * scale)
        assert np.abs(one.x[1, :3]).max() > 1e-3  # the shortest sample's gradient arrives


def test_the_weights_gradients_keep_every_digit(cells, monkeypatch):
    """Watched or not: what is taken for zero is too small to change a sum."""
    for (cell, options), dtype in [(k, d) for k in KINDS for d in ("float32", "float64")]:
        watched = backward(layer_of(cells, cell, options, dtype=dtype), 300)
        with monkeypatch.context() as patch:
            unwatched(cells, patch)
            plain = backward(layer_of(cells, cell, options, dtype=dtype), 300)
        for name, gradient in plain.weights.items():
            np.testing.assert_array_equal(watched.weights[name], gradient, err_msg=cell)


def test_nobody_looking_would_be_noticed(cells, monkeypatch):
    """These tests can fail: in a GRU that nobody watches, a tenth is denormal at 200 steps."""
    unwatched(cells, monkeypatch)
    assert denormal(backward(layer_of(cells, "GRU", {}), 200).states["h"]) > 0.05


def test_a_vanished_gradient_ends_the_way_back(cells, monkeypatch):
    unroll, looks = sys.modules[f"{cells.__name__}.unroll"], []
    look_at = unroll.look_at
    monkeypatch.setattr(unroll, "look_at", lambda states: looks.append(1) or look_at(states))
    for cell, options in KINDS:
        layer = layer_of(cells, cell, options)
        x = np.ones((2, 5000, 3))
        layer(x)
        looks.clear()
        gradients = layer.backward(np.ones((2, layer.units)))
        assert len(looks) < 100, cell  # 5,000 steps take 156 looks or more
        assert not gradients.states["h"][:, :1000].any()
        assert not gradients.x[:, :1000].any()
        assert not gradients.initial_state[0].any()


def test_full_gate_recurrence_goes_back_through_gates_alone():
    """No U, and a memory that is forgotten at once: the states carry nothing, the gates do."""
    found = []
    for seldom in (8, NEVER):
        layer = layer_of(None, "LSTM with full gate recurrence", {}, n=4, dtype="float64")
        layer.build(3)
        layer.weights["recurrent_kernel"][:] = 0
        layer.weights["bias"][0, 4:8] = -1000
        layer.weights["bias"][1:] = np.random.default_rng(2).normal(size=(12, 16))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("course_utils.cells.unroll.SELDOM", seldom)
            found.append(backward(layer, 40).weights["kernel"])
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_only_what_is_below_the_floor_is_cleared(dtype):
    floor = faint.FLOOR[np.dtype(dtype)]
    given = np.array([1, -1e-9, 2 * floor, -2 * floor, floor / 2, -floor / 2, 0], dtype)
    array = given.copy()
    faint.clear(array)
    np.testing.assert_array_equal(array, [*given[:4], 0, 0, 0])


def test_how_soon_to_look_again():
    high, low, zero = (np.full((2, 3), v, np.float32) for v in (1e-3, 1e-25, 0))
    assert faint.look_at([high, low]) == faint.SELDOM
    assert faint.look_at([low, high]) == faint.OFTEN
    assert faint.look_at([zero, zero]) == faint.SELDOM
    gone = np.full((2, 3), 1e-35, np.float32)
    c = gone.copy()
    assert faint.look_at([gone, c]) == faint.SELDOM
    assert not gone.any() and not c.any()


def test_moments_of_a_gradient_that_stays_away():
    """One gradient, and then none: m fades within 1,000 updates. Small squares fade at once."""
    adam, w = Adam(0.01), np.array([0.5, 0.5, 0.5], np.float32)
    adam.update(w, np.array([1, 1e-20, 1e-3], np.float32))
    for _ in range(1500):
        adam.update(w, np.array([0, 1e-20, 1e-3], np.float32))
        _, m, v = adam._moments
        assert not denormal(m) and not denormal(v)
    assert m[0] == 0 and m[1] != 0 and v[0] != 0


@pytest.mark.parametrize("w", [np.array(0.5), np.empty(0)])
def test_a_single_number_and_none_are_trained_as_well(w):
    adam = Adam()
    for _ in range(3):
        adam.update(w, np.full_like(w, 1e-300))
    assert np.isfinite(w).all()
