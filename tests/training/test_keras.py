"""Optimisers, clipping and losses against Keras on random sequences of gradients."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.training import (
    SGD,
    Adam,
    clip_by_global_norm,
    mean_squared_error,
    softmax_cross_entropy,
)

# Keras keeps rates and betas in float32. These are exact there, so that float64 can be compared;
# its defaults (0.9, 0.999, 1e-7) are compared as far as float32 goes.
RATE, EPSILON = 2.0**-7, 2.0**-23
BETAS = {"beta_1": 0.875, "beta_2": 1 - 2.0**-10, "epsilon": EPSILON}
SHAPES = [(3, 4), (4,), (2, 2)]
PAIRS = {
    "SGD": (lambda k: k.SGD(RATE), lambda: SGD(RATE), 1e-12),
    "momentum": (lambda k: k.SGD(RATE, 0.875), lambda: SGD(RATE, 0.875), 1e-12),
    "Adam": (lambda k: k.Adam(RATE, **BETAS), lambda: Adam(RATE, **BETAS), 1e-12),
    "large epsilon": (
        lambda k: k.Adam(RATE, **(BETAS | {"epsilon": 0.5})),
        lambda: Adam(RATE, **(BETAS | {"epsilon": 0.5})),
        1e-12,
    ),
    "SGD at its defaults": (lambda k: k.SGD(), lambda: SGD(), 1e-6),
    "Adam at its defaults": (lambda k: k.Adam(), lambda: Adam(), 1e-6),
}


@pytest.fixture(scope="module")
def keras():
    from course_utils.keras_bridge import keras  # five seconds: not before a test needs it

    return keras


def random_arrays(rng, scale=1.0):
    return [scale * rng.normal(size=shape) for shape in SHAPES]


@pytest.mark.parametrize("limit", [None, 1.0])
@pytest.mark.parametrize("name", PAIRS)
def test_optimizers_walk_the_same_path(keras, name, limit):
    make_theirs, make_ours, tolerance = PAIRS[name]
    theirs, ours = make_theirs(keras.optimizers), make_ours()
    theirs.global_clipnorm = limit
    rng = np.random.default_rng(7)
    start = random_arrays(rng)
    variables = [keras.Variable(a, dtype="float64") for a in start]
    weights = np.concatenate([a.ravel() for a in start])
    for step in range(20):
        arrays = random_arrays(rng, scale=0.05 if step % 2 else 3)  # clipped every other time
        arrays[1][:] = 0 if step < 5 else arrays[1]  # epsilon shows where v is still 0
        theirs.apply_gradients(
            [(keras.ops.convert_to_tensor(a), v) for a, v in zip(arrays, variables, strict=True)]
        )
        gradients = np.concatenate([a.ravel() for a in arrays])
        clip_by_global_norm(gradients, limit)
        ours.update(weights, gradients)
        expected = np.concatenate([np.ravel(v.numpy()) for v in variables])
        np.testing.assert_allclose(weights, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("weighted", [False, True])
def test_losses(keras, weighted):
    rng = np.random.default_rng(3)
    outputs, classes = rng.normal(size=(5, 6, 4)), rng.integers(4, size=(5, 6))
    values = rng.normal(size=outputs.shape)
    weights = rng.integers(0, 2, (5, 6)).astype(float) if weighted else None
    how = {"reduction": "mean_with_sample_weight", "dtype": "float64"}
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True, **how)
    expected = float(entropy(classes, outputs, sample_weight=weights))
    assert softmax_cross_entropy(outputs, classes, weights)[0] == pytest.approx(expected, rel=1e-12)
    squares = keras.losses.MeanSquaredError(**how)
    expected = float(squares(values, outputs, sample_weight=weights))
    assert mean_squared_error(outputs, values, weights)[0] == pytest.approx(expected, rel=1e-12)
