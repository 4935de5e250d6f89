"""Activations by Keras's names: values and slopes are Keras's, in every layer and at every gate."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from course_utils import cells
from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.cells.activations import ACTIVATIONS, WITHOUT, Activation, get_activation
from tests.cells.configurations import Call, Configuration, by_cells, by_keras, differences

GRID = np.concatenate((np.linspace(-9, 9, 721), [-1e-7, 1e-7, -30.0, 30.0]))
CORNERS = {  # where Keras's slope is that of either side; the output does not tell which
    "hard_tanh": (-1, 1),
    "hard_sigmoid": (-3, 3),
    "relu6": (6,),
    "sparse_sigmoid": (-1, 1),
    "sparse_plus": (-1, 1),
    "hard_shrink": (-0.5, 0.5),
    "soft_shrink": (-0.5, 0.5),
    "celu": (0,),  # Keras adds the slopes of both halves there, which makes 2
}
FULL = {"return_sequences": True, "return_state": True}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_slopes_are_those_of_keras(name):
    from course_utils.keras_bridge import keras, tf

    corners = np.array(CORNERS.get(name, ()), float)
    a = GRID[~np.isin(GRID, corners)]
    x = tf.constant(a)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = keras.activations.get(name)(x)
    slopes = tape.gradient(y, x).numpy()
    ours = ACTIVATIONS[name](a)
    np.testing.assert_allclose(ours, y.numpy(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(ACTIVATIONS[name].slope(ours), slopes, rtol=1e-10, atol=1e-12)
    assert 0 in a or name == "celu"


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_layers_with_them_are_those_of_keras(name):
    steps = 1 if name == "exponential" else 4  # e to the power of e to the power of e ...
    calls = (Call(steps, "some", "one each"), Call(steps, None, "one each"))
    for cell in ("SimpleRNN", "LSTM", "GRU"):
        roles = [{"activation": name}]
        if cell != "SimpleRNN":
            roles.append({"recurrent_activation": name})
        for seed, role in enumerate(roles):
            one = Configuration(cell, 2, 3, 2, FULL | role, calls, seed)
            expected = by_keras(one)
            assert all(np.isfinite(a).all() for r in expected for a in r.arrays.values())
            assert not differences(by_cells(cells, one), expected, 1e-10)


def test_every_activation_of_keras_is_there_or_says_why_not():
    from course_utils.keras_bridge import keras

    functions = inspect.getmembers(keras.activations, inspect.isfunction)
    names = {name for name, _ in functions} - {"get", "serialize", "deserialize"}
    assert names - set(ACTIVATIONS) - set(WITHOUT) == set()
    assert len(names) > 20 and set(ACTIVATIONS) <= names


@pytest.mark.parametrize("name", WITHOUT)
def test_what_has_no_slope_of_its_output_says_why(name):
    for make in (lambda: SimpleRNN(2, activation=name), lambda: LSTM(2, activation=name)):
        with pytest.raises(ValueError, match=f"^activation is '{name}': .* Activation\\(name, "):
            make()
    with pytest.raises(ValueError, match=f"^recurrent_activation is '{name}': "):
        GRU(2, recurrent_activation=name)


def test_two_inputs_share_an_output_of_what_is_refused():
    """The reason that is given is true: equal outputs, different slopes."""
    from course_utils.keras_bridge import keras

    a = np.linspace(-2.99, 0, 20_001)
    for name in ("silu", "gelu", "mish", "hard_silu"):
        y = np.asarray(keras.activations.get(name)(a))
        low = y.argmin()
        assert 0 < low < len(a) - 1
        left, right = y[:low][::-1], y[low:]
        assert (np.diff(left) >= 0).all() and (np.diff(right) >= 0).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_is_finite_for_a_state_that_is_no_output(name):
    """A masked step keeps the state that was given, whatever that is."""
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isfinite(ACTIVATIONS[name].slope(np.linspace(-1e6, 1e6, 1001))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_stays_float32(name):
    a = np.linspace(-3, 3, 13, dtype="float32")
    y = ACTIVATIONS[name](a)
    assert y.dtype == ACTIVATIONS[name].slope(y).dtype == np.float32


def test_what_is_no_name_is_said():
    for strange in (["tanh"], 3, np.tanh, {"class_name": "relu"}):
        with pytest.raises(ValueError, match="it must be None, an Activation or one of: celu, elu"):
            get_activation(strange)
    assert get_activation(None).name == "linear"
    own = Activation("own", np.tanh, lambda y: 1 - y * y)
    assert get_activation(own) is own
