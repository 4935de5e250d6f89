"""Initial weights: what Keras draws, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import course_utils.cells
from course_utils.cells.initializers import INITIALIZERS

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}


def test_glorot_limit_counts_the_columns_of_all_gates(cells):
    for cell, gates in GATES.items():
        layer = getattr(cells, cell)(50, seed=0)
        layer.build(30)
        limit = np.sqrt(6 / (30 + gates * 50))
        assert 0.99 * limit < np.abs(layer.weights["kernel"]).max() <= limit


def test_fused_recurrent_matrix_is_orthogonal_but_no_gate_of_it(cells):
    for cell, gates in GATES.items():
        layer = getattr(cells, cell)(16, seed=0, dtype="float64")
        layer.build(3)
        U = layer.weights["recurrent_kernel"]
        np.testing.assert_allclose(U @ U.T, np.eye(16), atol=1e-12)
        if gates > 1:
            values = np.linalg.svd(layer.gate_weights(layer.gates[0])["recurrent_kernel"])[1]
            assert values.min() < 0.3 and values.max() < 0.98


@settings(derandomize=True, database=None, deadline=None, max_examples=50)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_orthogonal_has_orthonormal_rows_or_columns(rows, columns, seed):
    q = INITIALIZERS["orthogonal"]((rows, columns), np.random.default_rng(seed))
    product = q @ q.T if rows <= columns else q.T @ q
    np.testing.assert_allclose(product, np.eye(min(rows, columns)), atol=1e-12)


def test_orthogonal_prefers_no_direction(cells):
    """Without the sign correction, the diagonal of a 2 x 2 matrix would lean to one side."""
    draw = cells.initializers.INITIALIZERS["orthogonal"]
    rng = np.random.default_rng(0)
    first = [draw((2, 2), rng)[0, 0] for _ in range(2000)]
    assert abs(np.mean(first)) < 0.06


def test_forget_bias_is_one_and_all_else_as_asked(cells):
    for unit_forget_bias, initializer, rest in ((True, "zeros", 0), (False, "zeros", 0)):
        layer = cells.LSTM(4, unit_forget_bias=unit_forget_bias, bias_initializer=initializer)
        layer.build(2)
        i, f, g, o = layer.weights["bias"].reshape(4, 4)
        assert (f == unit_forget_bias).all()
        assert all((gate == rest).all() for gate in (i, g, o))
    layer = cells.LSTM(4, bias_initializer="ones")
    layer.build(2)
    assert (layer.weights["bias"] == 1).all()  # set to one, not raised by one


def test_chrono_ranges_and_signs(cells):
    T, plain = 200, {"recurrent_initializer": "zeros"}  # an orthogonal matrix of this size is slow
    lstm = cells.LSTM(500, bias_initializer=cells.Chrono(T), **plain, seed=0)
    lstm.build(1)
    i, f, g, o = lstm.weights["bias"].reshape(4, 500)
    assert np.array_equal(i, -f) and not g.any() and not o.any()
    gru = cells.GRU(500, bias_initializer=cells.Chrono(T), **plain, seed=0)
    gru.build(1)
    (z, r, g), recurrent = gru.weights["bias"][0].reshape(3, 500), gru.weights["bias"][1]
    assert not r.any() and not g.any() and not recurrent.any()
    for keeps in (f, z):
        assert 0 <= keeps.min() < 0.5 < np.log(T - 1) - 0.1 < keeps.max() <= np.log(T - 1)
        assert abs(np.exp(keeps).mean() - T / 2) < 10  # uniform times, not uniform biases
    before = cells.GRU(500, bias_initializer=cells.Chrono(T), **plain, reset_after=False, seed=0)
    before.build(1)
    z, r, g = before.weights["bias"].reshape(3, 500)
    assert z.min() >= 0 and z.max() > 5 and not r.any() and not g.any()


def test_identity_normal_and_functions(cells):
    layer = cells.SimpleRNN(
        5,
        recurrent_initializer="identity",
        kernel_initializer=cells.RandomNormal(0.01),
        bias_initializer=lambda shape, rng: np.full(shape, 7.0),
        seed=0,
    )
    layer.build(400)
    assert np.array_equal(layer.weights["recurrent_kernel"], np.eye(5))
    assert abs(layer.weights["kernel"].std() - 0.01) < 0.001
    assert (layer.weights["bias"] == 7).all()


def test_a_seed_decides_the_weights(cells):
    def drawn(seed):
        layer = cells.GRU(4, seed=seed)
        layer.build(3)
        return layer.get_weights()[1]

    assert np.array_equal(drawn(1), drawn(1))
    assert not np.array_equal(drawn(1), drawn(2))
    assert not np.array_equal(drawn(None), drawn(None))


def test_parameters_are_counted_as_keras_counts_them(cells):
    expected = {"SimpleRNN": 12352, "LSTM": 49408, "GRU": 37248}
    for cell, count in expected.items():
        layer = getattr(cells, cell)(64)
        assert layer.count_params() == 0
        layer.build(128)
        assert layer.count_params() == count
    before = cells.GRU(64, reset_after=False)
    before.build(128)
    assert before.count_params() == 37056


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda c: c.Chrono(2), "max_lag is 2; chrono initialisation needs at least 3"),
        (lambda c: c.Chrono(2.5), "max_lag is 2.5; it must be a whole number"),
        (
            lambda c: c.LSTM(2, kernel_initializer=c.Chrono(9)),
            r"kernel_initializer is Chrono\(max_lag=9\); it must be a function or one of: ",
        ),
        (
            lambda c: c.SimpleRNN(2, bias_initializer=c.Chrono(9)).build(1),
            "Chrono sets the bias of a gate that keeps a memory; SimpleRNN has none",
        ),
        (
            lambda c: c.LSTM(2, kernel_initializer="golrot"),
            "kernel_initializer is 'golrot'; it must be a function or one of: glorot_uniform",
        ),
    ],
)
def test_impossible_initialisers_are_said(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(course_utils.cells)
