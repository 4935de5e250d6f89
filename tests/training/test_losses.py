"""Losses against values worked out by hand, and their gradients against central differences."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.training import accuracy, mean_squared_error, softmax_cross_entropy


def test_cross_entropy_of_equal_logits_is_log_of_the_classes():
    loss, gradient = softmax_cross_entropy(np.zeros((1, 4)), np.array([2]))
    assert loss == pytest.approx(log(4))
    np.testing.assert_allclose(gradient, [[0.25, 0.25, -0.75, 0.25]])


def test_cross_entropy_by_hand():
    logits = np.log([[1.0, 3.0], [4.0, 1.0]])  # softmax: 1/4, 3/4 and 4/5, 1/5
    loss, gradient = softmax_cross_entropy(logits, np.array([1, 1]))
    assert loss == pytest.approx((-log(3 / 4) - log(1 / 5)) / 2)
    np.testing.assert_allclose(gradient, [[1 / 8, -1 / 8], [4 / 10, -4 / 10]])


def test_cross_entropy_of_huge_logits_is_finite():
    loss, gradient = softmax_cross_entropy(
        np.array([[1000.0, 0.0], [-1000.0, 0.0]], "float32"), np.array([1, 1])
    )
    assert loss == pytest.approx(500)
    np.testing.assert_allclose(gradient, [[0.5, -0.5], [0, 0]])


def test_mean_squared_error_by_hand():
    loss, gradient = mean_squared_error(np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones((2, 2)))
    assert loss == pytest.approx((0 + 1 + 4 + 9) / 4)
    np.testing.assert_allclose(gradient, [[0, 0.5], [1, 1.5]])


def test_weights_say_which_steps_count():
    values, targets = np.array([[[3.0], [9.0]], [[1.0], [9.0]]]), np.zeros((2, 2, 1))
    loss, gradient = mean_squared_error(values, targets, np.array([[1, 0], [3, 0]]))
    assert loss == pytest.approx((1 * 9 + 3 * 1) / 4)
    np.testing.assert_allclose(gradient[..., 0], [[6 / 4, 0], [6 / 4, 0]])


def test_unscored_steps_change_nothing():
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(3, 4, 5)), rng.integers(5, size=(3, 4))
    weights = np.zeros((3, 4))
    weights[:, -1] = 1
    loss, gradient = softmax_cross_entropy(logits, targets, weights)
    alone, gradient_alone = softmax_cross_entropy(logits[:, -1], targets[:, -1])
    assert loss == pytest.approx(alone)
    np.testing.assert_allclose(gradient[:, -1], gradient_alone)
    assert not gradient[:, :-1].any()
    last_only = accuracy(logits[:, -1], targets[:, -1])
    assert accuracy(logits, targets, weights) == pytest.approx(last_only)


def test_accuracy_by_hand():
    logits = np.array([[0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [5.0, 1.0]])
    assert accuracy(logits, np.array([1, 0, 0, 0])) == pytest.approx(3 / 4)
    assert accuracy(logits, np.array([1, 0, 0, 0]), np.array([1, 0, 1, 0])) == pytest.approx(1 / 2)


@given(
    kind=st.sampled_from(["cross_entropy", "mse"]),
    shape=st.sampled_from([(3,), (2, 4), (1, 1)]),
    classes=st.integers(1, 5),
    weighted=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_gradients_equal_central_differences(kind, shape, classes, weighted, seed):
    rng = np.random.default_rng(seed)
    outputs = rng.normal(size=(*shape, classes))
    weights = rng.uniform(0.1, 2, shape) if weighted else None
    if kind == "mse":
        function, targets = mean_squared_error, rng.normal(size=outputs.shape)
    else:
        function, targets = softmax_cross_entropy, rng.integers(classes, size=shape)
    _, gradient = function(outputs, targets, weights)
    for index in np.ndindex(outputs.shape):
        sides = []
        for shift in (1e-5, -1e-5):
            moved = outputs.copy()
            moved[index] += shift
            sides.append(function(moved, targets, weights)[0])
        assert gradient[index] == pytest.approx((sides[0] - sides[1]) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("loss", [softmax_cross_entropy, mean_squared_error])
def test_dtype_and_shape_are_those_of_the_outputs(loss):
    outputs = np.ones((2, 3, 4), "float32")
    targets = outputs if loss is mean_squared_error else np.zeros((2, 3), int)
    value, gradient = loss(outputs, targets, np.ones((2, 3)))
    assert type(value) is float
    assert gradient.dtype == np.float32
    assert gradient.shape == outputs.shape


@pytest.mark.parametrize(
    ("loss", "outputs", "targets", "weights", "words"),
    [
        (softmax_cross_entropy, (2, 3), np.zeros((2, 1), int), None, r"need.*shape \(2,\)"),
        (softmax_cross_entropy, (2, 3), np.zeros(2), None, "classes are integers"),
        (softmax_cross_entropy, (2, 3), np.array([0, 3]), None, "classes are 0 to 2"),
        (softmax_cross_entropy, (2, 3), np.array([0, -1]), None, "classes are 0 to 2"),
        (softmax_cross_entropy, (2, 3), np.array([0, 1]), np.zeros(2), "no answer .* is scored"),
        (softmax_cross_entropy, (2, 3), np.array([0, 1]), np.ones((2, 1)), r"is \(2,\)"),
        (mean_squared_error, (2, 1), np.zeros(2), None, r"the outputs have \(2, 1\)"),
    ],
)
def test_mistakes_are_named(loss, outputs, targets, weights, words):
    with pytest.raises(ValueError, match=words):
        loss(np.zeros(outputs), targets, weights)
