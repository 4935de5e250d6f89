"""Gradient against lag where theory gives the curve."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.measure import LagCurve, decay_per_step, gradient_against_lag

LAGS = np.arange(30)


def inputs(batch=4, steps=30, width=3, seed=0):
    return np.random.default_rng(seed).normal(size=(batch, steps, width))


def logit(p):
    return np.log(p / (1 - p))


@pytest.mark.parametrize("factor", [0.5, 0.9, 1.0, 1.1])
@pytest.mark.parametrize("average", ["mean", "median"])
def test_a_linear_orthogonal_rnn_decays_by_its_factor(factor, average):
    layer = SimpleRNN(6, activation="linear", seed=0, dtype="float64")
    layer.build(3)
    layer.weights["recurrent_kernel"] *= factor
    curve = gradient_against_lag(layer, inputs(), average=average)
    np.testing.assert_array_equal(curve.lags, LAGS)
    np.testing.assert_allclose(curve.norms, factor**LAGS, rtol=1e-12)
    assert decay_per_step(curve) == pytest.approx(factor, rel=1e-12)


def test_one_tanh_unit_by_hand():
    """h = tanh(w h_prev + x): each step multiplies by w (1 - h**2)."""
    layer = SimpleRNN(1, dtype="float64")
    layer.set_weights([np.ones((1, 1)), np.full((1, 1), 0.8), np.zeros(1)])
    x, h, slopes = np.array([0.3, -1.0, 0.5, 2.0]), 0.0, []
    for value in x:
        h = np.tanh(0.8 * h + value)
        slopes.append(0.8 * (1 - h**2))
    curve = gradient_against_lag(layer, x[None, :, None])
    np.testing.assert_allclose(curve.norms, [1, *np.cumprod(slopes[:0:-1])], rtol=1e-12)


@pytest.mark.parametrize("forget", [0.2, 0.8, 0.97])
def test_the_carousel_of_an_lstm_decays_by_its_forget_gate(forget):
    """Without recurrent weights the gates see only x, and c is the only way back."""
    layer = LSTM(5, seed=0, dtype="float64")
    layer.build(3)
    layer.weights["recurrent_kernel"][:] = 0
    layer.gate_weights("f")["kernel"][:] = 0
    layer.gate_weights("f")["bias"][:] = logit(forget)
    x = inputs()
    by_c = gradient_against_lag(layer, x, "c")
    np.testing.assert_allclose(by_c.norms, by_c.norms[0] * forget**LAGS, rtol=1e-10)
    trace, rng = layer.trace(), np.random.default_rng(0)
    upstream = rng.normal(size=(4, 5))
    upstream /= np.linalg.norm(upstream, axis=1, keepdims=True)
    first = upstream * trace["o"][:, -1] * (1 - np.tanh(trace["c"][:, -1]) ** 2)
    assert by_c.norms[0] == pytest.approx(np.linalg.norm(first, axis=1).mean())
    np.testing.assert_array_equal(gradient_against_lag(layer, x, "h").norms, LAGS == 0)


def test_a_gru_without_recurrent_weights_decays_by_z():
    layer = GRU(5, seed=0, dtype="float64")
    layer.build(3)
    layer.weights["recurrent_kernel"][:] = 0
    layer.gate_weights("z")["kernel"][:] = 0
    layer.gate_weights("z")["bias"][0] = logit(0.9)
    np.testing.assert_allclose(gradient_against_lag(layer, inputs()).norms, 0.9**LAGS, rtol=1e-10)


def test_mean_and_median_over_the_batch():
    """Two of three sequences saturate the RNN and lose the gradient; one is silent and keeps it."""
    layer = SimpleRNN(4, seed=0, dtype="float64")
    x = np.zeros((3, 30, 3))
    x[1:] = 50 * inputs(batch=2)
    np.testing.assert_allclose(gradient_against_lag(layer, x, average="mean").norms[5:], 1 / 3)
    assert (gradient_against_lag(layer, x, average="median").norms[5:] < 1e-6).all()


@pytest.mark.parametrize("cell", [SimpleRNN, LSTM, GRU])
def test_the_curve_does_not_depend_on_what_the_layer_returns(cell):
    plain, other = (
        cell(4, seed=0, return_sequences=both, return_state=both) for both in (False, True)
    )
    one, two = (gradient_against_lag(layer, inputs()) for layer in (plain, other))
    np.testing.assert_array_equal(one.norms, two.norms)
    assert one.norms[0] == pytest.approx(1, rel=1e-6)
    other_seed = gradient_against_lag(plain, inputs(), seed=1)
    assert (other_seed.norms[1:] != one.norms[1:]).all()


def test_what_float32_cannot_hold_is_zero_and_is_not_fitted():
    layer = SimpleRNN(6, activation="linear", seed=0)
    layer.build(3)
    layer.weights["recurrent_kernel"] *= 0.01
    curve = gradient_against_lag(layer, inputs())
    assert (curve.norms[:19] > 0).all()
    assert not curve.norms[19:].any()
    assert decay_per_step(curve) == pytest.approx(0.01, rel=1e-4)


def test_decay_is_fitted_between_the_lags_asked_for():
    curve = LagCurve(np.arange(20), np.r_[0.5 ** np.arange(10), 0.5**9 * 0.9 ** np.arange(1, 11)])
    assert decay_per_step(curve, last=9) == pytest.approx(0.5)
    assert decay_per_step(curve, first=9) == pytest.approx(0.9)
    assert 0.5 < decay_per_step(curve) < 0.9
    assert decay_per_step(curve, 4, 5) == pytest.approx(0.5)


def test_mistakes_are_named():
    with pytest.raises(ValueError, match="path is 'c'; GRU has only h"):
        gradient_against_lag(GRU(2), inputs(), "c")
    with pytest.raises(ValueError, match="'mean' or 'median'"):
        gradient_against_lag(GRU(2), inputs(), average="mode")
    with pytest.raises(ValueError, match="between lags 1 and the end; there are 0"):
        decay_per_step(LagCurve(np.arange(3), np.array([1.0, 0, 0])), first=1)
