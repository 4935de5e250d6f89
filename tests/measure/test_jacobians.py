"""Jacobians against central differences of the forward pass, and against theory."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.measure import (
    gradient_against_lag,
    jacobian,
    jacobians,
    product_singular_values,
)

CELLS = [SimpleRNN, LSTM, GRU]
N, M, T = 4, 3, 5


def make(cell, **options):
    layer = cell(N, return_state=True, seed=0, dtype="float64", **options)
    layer.build(M)
    rng = np.random.default_rng(1)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


def final_state(layer, x, state):
    """The state after x (T, M) from `state` (S,), as one vector."""
    parts = [part[None] for part in np.split(state, len(layer.state_names))]
    return np.concatenate(layer(x[None], initial_state=parts)[1:], axis=1)[0]


def differences(layer, x, state, shift=1e-6):
    columns = []
    for direction in np.eye(len(state)):
        sides = [final_state(layer, x, state + s * direction) for s in (shift, -shift)]
        columns.append((sides[0] - sides[1]) / (2 * shift))
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("cell", CELLS)
def test_one_step(cell):
    layer, rng = make(cell), np.random.default_rng(2)
    x, state = rng.normal(size=M), rng.normal(size=N * len(layer.state_names))
    ours = jacobian(layer, x, np.split(state, len(layer.state_names)))
    np.testing.assert_allclose(ours, differences(layer, x[None], state), atol=1e-8)


@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_the_product_of_all_steps_is_the_derivative_of_the_whole(cell, go_backwards):
    layer = make(cell, go_backwards=go_backwards)
    x = np.random.default_rng(3).normal(size=(T, M))
    steps = jacobians(layer, x)
    start = np.zeros(N * len(layer.state_names))
    whole = differences(layer, x, start)
    product = np.linalg.multi_dot(steps[::-1])
    np.testing.assert_allclose(product, whole, atol=1e-8)
    values = product_singular_values(steps)
    assert values.shape == (T, len(start))
    np.testing.assert_allclose(values[-1], np.linalg.svd(whole, compute_uv=False), atol=1e-8)
    np.testing.assert_allclose(values[0], np.linalg.svd(steps[-1], compute_uv=False))
    np.testing.assert_allclose(values[1], np.linalg.svd(steps[-1] @ steps[-2], compute_uv=False))


@pytest.mark.parametrize("cell", CELLS)
def test_the_largest_singular_value_bounds_the_gradient(cell):
    layer = make(cell)
    x = np.random.default_rng(4).normal(size=(30, M))
    bound = product_singular_values(jacobians(layer, x))[:, 0]
    norms = gradient_against_lag(layer, x[None]).norms
    assert (norms[1:] <= bound[:-1] * (1 + 1e-9)).all()


def test_a_linear_rnn_has_its_recurrent_kernel_as_jacobian():
    layer = make(SimpleRNN, activation="linear")
    kernel = layer.weights["recurrent_kernel"]
    np.testing.assert_allclose(
        jacobian(layer, np.ones(M), [np.ones(N)]), kernel.T, rtol=1e-12
    )  # h = h_prev @ U: rows of h, so the transpose
    orthogonal, _ = np.linalg.qr(kernel)
    layer.weights["recurrent_kernel"][:] = 0.9 * orthogonal
    values = product_singular_values(jacobians(layer, np.ones((T, M))))
    np.testing.assert_allclose(values, 0.9 ** np.arange(1, T + 1)[:, None] * np.ones(N), rtol=1e-12)


def test_an_lstm_without_recurrent_weights_passes_c_through_f():
    layer = make(LSTM)
    layer.weights["recurrent_kernel"][:] = 0
    step = jacobian(layer, np.ones(M), [np.ones(N), np.ones(N)])
    f = layer.trace()["f"][0, 0]
    np.testing.assert_allclose(step[N:, N:], np.diag(f), atol=1e-15)
    assert not step[:, :N].any()
