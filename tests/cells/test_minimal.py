"""Scan against loop, minGRU and minLSTM against the GRU, differences and TensorFlow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.cells import GRU, Chrono, MinGRU, MinLSTM, check_gradients
from course_utils.cells.scan import backward, loop, scan

KINDS = (MinGRU, MinLSTM)
sizes = st.tuples(st.integers(1, 3), st.integers(1, 70), st.integers(1, 5))


def draw(size, seed):
    return np.random.default_rng(seed).normal(size=size)


@settings(deadline=None, max_examples=150)
@given(st.integers(1, 300), st.integers(0, 2**32))
def test_scan_is_the_loop(steps, seed):
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(-1.1, 1.0, (steps, 2, 3)), rng.normal(size=(steps, 2, 3))
    expected = loop(a, b)
    scale = max(1, np.abs(expected).max())
    assert np.abs(scan(a, b) - expected).max() <= 1e-10 * scale
    dh = rng.normal(size=b.shape)
    by_loop = backward(a, dh, loop)
    assert np.abs(backward(a, dh) - by_loop).max() <= 1e-10 * max(1, np.abs(by_loop).max())


def test_factors_may_be_complex_as_those_of_a_state_space_layer():
    rng = np.random.default_rng(0)
    a = rng.uniform(0, 1, (300, 2, 3)) * np.exp(1j * rng.uniform(0, 6, (300, 2, 3)))
    b = rng.normal(size=a.shape) + 0j
    assert np.abs(scan(a, b) - loop(a, b)).max() <= 1e-10


def test_the_loop_is_the_recurrence():
    a, b = np.array([9.0, 0.5, -1.0]), np.array([1.0, 2.0, 3.0])
    assert loop(a, b).tolist() == [1, 2.5, 0.5]


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=30)
@given(size=sizes, masked=st.booleans(), seed=st.integers(0, 2**32))
def test_layers_by_scan_and_by_loop(kind, size, masked, seed):
    x, (batch, steps, _) = draw(size, seed), size
    mask = np.random.default_rng(seed).random((batch, steps)) > 0.3 if masked else None
    options = {"dtype": "float64", "return_sequences": True, "bias_initializer": Chrono(50)}
    found = []
    for by in ("scan", "loop"):
        layer = kind(4, by=by, seed=1, **options)
        y = layer(x, draw((batch, 4), 1), mask=mask)
        g = layer.backward(draw(y.shape, 2))
        found.append([y, *g.weights.values(), g.x, g.initial_state[0], g.states["h"]])
    for one, other in zip(*found, strict=True):
        assert np.abs(one - other).max() <= 1e-10 * max(1, np.abs(other).max())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("masked", [False, True])
def test_gradients_against_differences(kind, masked):
    x, h0, dy = draw((3, 7, 5), 0), draw((3, 4), 1), draw((3, 7, 4), 2)
    mask = np.random.default_rng(3).random((3, 7)) > 0.3 if masked else None
    layer = kind(4, return_sequences=True, dtype="float64", seed=1)
    layer.build(5)
    layer.weights["bias"][:] = draw(layer.weights["bias"].shape, 4)

    def loss():
        return np.sum(layer(x, h0, mask=mask) * dy)

    loss()
    g = layer.backward(dy)
    arrays = {**layer.weights, "x": x, "h0": h0}
    given_back = {**g.weights, "x": g.x, "h0": g.initial_state[0]}
    assert check_gradients(loss, arrays, given_back).passed


def test_a_min_gru_is_a_gru_without_u_and_tanh():
    x, dy = draw((2, 9, 3), 0), draw((2, 4), 1)
    layer = MinGRU(4, dtype="float64", seed=0, bias_initializer=Chrono(9))
    y = layer(x)
    W, b = layer.get_weights()
    twin = GRU(4, activation=None, reset_after=False, dtype="float64")
    z, g = np.split(W, 2, axis=1)
    b_z, b_g = np.split(b, 2)
    twin.set_weights(
        [np.hstack([z, 0 * z, g]), np.zeros((4, 12)), np.concatenate([b_z, 0 * b_z, b_g])]
    )
    assert np.allclose(twin(x), y, rtol=0, atol=1e-12)
    theirs = np.delete(twin.backward(dy).weights["kernel"], range(4, 8), axis=1)
    assert np.allclose(theirs, layer.backward(dy).weights["kernel"], rtol=0, atol=1e-12)


def test_the_min_lstm_shares_one():
    layer = MinLSTM(3, dtype="float64", seed=0, return_sequences=True)
    layer(draw((2, 5, 4), 0))
    trace = layer.trace()
    assert np.allclose(trace["z"], trace["f"] / (trace["f"] + trace["i"]), rtol=0, atol=1e-15)


@pytest.mark.parametrize("a", [-200, -40, 40, 200])
def test_the_min_lstm_shares_one_where_its_gates_are_0_or_1_in_float32(a):
    layer = MinLSTM(1, seed=0)
    layer.build(1)
    layer.weights["kernel"][:] = 0
    layer.weights["bias"][:] = a, a + 1, 0
    layer(np.ones((1, 1, 1)))
    right = 1 / (1 + np.exp(-1)) if a < 0 else 0.5  # below 0, a sigmoid is exp(a)
    assert np.allclose(layer.trace()["z"], right, rtol=1e-5)
    assert all(np.isfinite(d).all() for d in layer.backward([[1.0]]).weights.values())


def test_a_masked_step_keeps_the_state():
    layer = MinGRU(3, return_sequences=True, seed=0)
    y = layer(draw((1, 4, 2), 0), mask=np.array([[1, 0, 0, 1]]))
    assert (y[0, 0] == y[0, 1]).all() and (y[0, 1] == y[0, 2]).all() and (y[0, 2] != y[0, 3]).all()


def run(layer):
    layer(np.zeros((1, 4, 2)))
    return layer


def built(layer):
    layer.build(2)
    return layer


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MinGRU(3, by="magic"), "by is 'magic'"),
        (lambda: MinGRU(3).set_weights([np.zeros((2, 6))]), "it needs 2: kernel, bias"),
        (lambda: run(MinGRU(3)).backward(None, None, None), "backward got 2 state gradients"),
        (lambda: built(MinGRU(3))(np.zeros((1, 4, 5))), r"x has shape \(1, 4, 5\); it needs"),
        (lambda: MinLSTM(3).set_weights([np.zeros((2, 6)), np.zeros(9)]), "kernel has shape"),
    ],
)
def test_messages(make, words):
    with pytest.raises(ValueError, match=words):
        make()
