"""Optimisers: first steps by hand, state that follows the weights. Keras is in test_keras.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.training import SGD, Adam, Parameters, clip_by_global_norm


def test_sgd_with_momentum_by_hand():
    w, sgd = np.array([1.0]), SGD(0.1, momentum=0.5)
    for expected in (0.8, 0.5, 0.15):  # steps 0.2, 0.2 + 0.1, 0.2 + 0.15
        sgd.update(w, np.array([2.0]))
        np.testing.assert_allclose(w, expected)


@given(st.floats(1e-3, 1e3), st.floats(1e-4, 1))
def test_the_first_step_of_adam_has_the_length_of_its_learning_rate(gradient, rate):
    w = np.zeros(2)
    Adam(rate).update(w, np.array([gradient, -gradient]))
    np.testing.assert_allclose(w, [-rate, rate], rtol=0.01)


def test_adam_by_hand():
    adam, w = Adam(0.1, beta_1=0.5, beta_2=0.75), np.array([0.0])
    adam.update(w, np.array([2.0]))  # m = 1, v = 1, corrected: 2 and 4
    np.testing.assert_allclose(w, -0.1, rtol=1e-6)
    adam.update(w, np.array([0.0]))  # m = 0.5, v = 0.75, corrected: 2/3 and 12/7
    np.testing.assert_allclose(w, -0.1 - 0.1 * (2 / 3) / np.sqrt(12 / 7), rtol=1e-6)


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9), Adam(0.1)])
def test_state_belongs_to_the_weights(optimizer):
    """One optimiser used for two models must not carry momentum from one to the other."""
    first, second, gradient = np.zeros(3), np.zeros(3), np.ones(3)
    optimizer.update(first, gradient)
    optimizer.update(first, -3 * gradient)
    optimizer.update(second, gradient)
    np.testing.assert_allclose(second, -0.1, rtol=1e-5)


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9), Adam(0.1)])
def test_parameters_change_in_place_and_stay_float32(optimizer):
    weights = Parameters({"a": np.zeros((2, 2), "float32"), "b": np.zeros(1, "float32")})
    gradients = Parameters({"a": np.ones((2, 2), "float32"), "b": -np.ones(1, "float32")})
    for _ in range(2):
        optimizer.update(weights, gradients)
    assert weights.vector.dtype == np.float32
    assert (weights["a"] < 0).all()
    assert (weights["b"] > 0).all()
    assert (gradients.vector == [1, 1, 1, 1, -1]).all()


def test_clip_shortens_all_gradients_together():
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    assert clip_by_global_norm(gradients, 10.0) == pytest.approx(5)
    np.testing.assert_allclose(gradients["a"], [3, 0])
    assert clip_by_global_norm(gradients, None) == pytest.approx(5)
    assert clip_by_global_norm(gradients, 1.0) == pytest.approx(5)
    np.testing.assert_allclose(gradients["a"], [0.6, 0])
    np.testing.assert_allclose(gradients["b"], [[0.8]])


def test_clip_takes_parameters_and_arrays():
    for gradients in (np.array([3.0, 4.0]), Parameters({"a": np.array([3.0, 4.0])})):
        assert clip_by_global_norm(gradients, 2.5) == pytest.approx(5)
        vector = getattr(gradients, "vector", gradients)
        np.testing.assert_allclose(vector, [1.5, 2])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Adam(0), "learning_rate is 0; it must be a finite number above 0"),
        (lambda: SGD(float("nan")), "learning_rate is nan"),
        (lambda: SGD(0.1, momentum=1), "momentum is 1; it must be at least 0 and below 1"),
        (lambda: Adam(beta_2=-0.1), "beta_2"),
        (lambda: clip_by_global_norm(np.ones(2), 0), "limit is 0"),
        (lambda: SGD().update(np.ones(2), np.ones(3)), r"shape \(3,\); the weights .* \(2,\)"),
    ],
)
def test_mistakes_are_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_repr():
    assert repr(Adam(1e-3)) == "Adam(learning_rate=0.001)"
    assert repr(SGD(0.1, 0.9)) == "SGD(learning_rate=0.1, momentum=0.9)"
