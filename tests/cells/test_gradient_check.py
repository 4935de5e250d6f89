"""The gradient check finds a planted bug, says where, and leaves everything as it was."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cells.test_layers import KINDS, built, inputs


def checked(cells, cell="LSTM", options=None, spoil=lambda gradients: None, **keywords):
    layer = built(cells, cell, options or {}, return_sequences=True, return_state=True)
    x, states = inputs(layer)
    rng = np.random.default_rng(5)
    y, *final = layer(x, states)
    upstream = [rng.normal(size=a.shape) for a in (y, *final)]

    def loss():
        return sum((a * d).sum() for a, d in zip(layer(x, states), upstream, strict=True))

    gradients = layer.backward(*upstream)
    arrays = layer.weights | {"x": x} | {f"{k}0": s for k, s in zip(layer.state_names, states)}
    named = gradients.weights | {"x": gradients.x}
    named |= {f"{k}0": d for k, d in zip(layer.state_names, gradients.initial_state)}
    spoil(named)
    return cells.check_gradients(loss, arrays, named, **keywords)


def test_every_gradient_passes(cells):
    for cell, options in KINDS:
        report = checked(cells, cell, options)
        assert report.passed, str(report)
        assert all(c.checked > 0 for c in report.comparisons)


def test_errors_are_relative_to_the_largest_gradient_of_an_array_but_to_1_at_least(cells):
    w = np.array([1.0, 2.0])
    for size, off, passes in ((1000, 5e-4, True), (1000, 2e-3, False), (0.1, 1.2e-6, False)):

        def loss(size=size):
            return size * w.sum()

        report = cells.check_gradients(loss, {"w": w}, {"w": np.array([size, size + off])})
        assert report.passed == passes
        assert report.comparisons[0].error == pytest.approx(off / max(size, 1), rel=0.01)


def test_one_wrong_element_is_found_and_named(cells):
    def spoil(gradients):
        gradients["recurrent_kernel"] = gradients["recurrent_kernel"].copy()
        gradients["recurrent_kernel"][2, 7] += 0.01

    report = checked(cells, spoil=spoil)
    assert not report.passed
    wrong = {c.name: c for c in report.comparisons if c.error > report.tolerance}
    assert list(wrong) == ["recurrent_kernel"]
    found = wrong["recurrent_kernel"]
    assert found.index == (2, 7)
    assert found.written - found.measured == pytest.approx(0.01, rel=1e-4)
    assert found.wrong == 1
    assert all(c.wrong == 0 for c in report.comparisons if c is not found)
    lines = str(report).splitlines()
    assert len(lines) == 1 + len(report.comparisons)
    line = next(line for line in lines if line.startswith("recurrent_kernel"))
    assert "[2, 7]" in line and "WRONG" in line and "relative error" in line
    assert sum("  ok" in line for line in lines) == len(report.comparisons) - 1


def test_a_right_array_shows_its_largest_gradient(cells):
    """Not its worst: that is rounding, and would be another one on another machine."""
    w = np.array([[1.0, 2.0], [-5.0, 3.0]])
    report = cells.check_gradients(lambda: float((w**2).sum()), {"w": w}, {"w": 2 * w})
    shown = report.comparisons[0]
    assert (shown.index, shown.written, shown.wrong) == ((1, 0), -10, 0)
    assert "[1, 0]" in str(report) and "ok, all 4 checked" in str(report)


def test_a_nan_is_wrong(cells):
    def spoil(gradients):
        gradients["bias"] = np.full_like(gradients["bias"], np.nan)

    assert not checked(cells, spoil=spoil).passed


def test_arrays_are_put_back_even_if_the_loss_breaks(cells):
    w = np.array([1.0, 2.0])

    def loss():
        if w[1] > 2:
            raise ZeroDivisionError
        return float(w.sum())

    with pytest.raises(ZeroDivisionError):
        cells.check_gradients(loss, {"w": w}, {"w": np.ones(2)})
    np.testing.assert_array_equal(w, [1, 2])
    assert cells.check_gradients(lambda: float(w.sum()), {"w": w}, {"w": np.ones(2)}).passed
    np.testing.assert_array_equal(w, [1, 2])


def test_large_arrays_are_sampled_with_the_seed(cells):
    w = np.arange(1000.0)
    seen = []
    for seed in (0, 0, 1):
        touched = set()

        def loss(touched=touched):
            touched.update(np.flatnonzero(w != np.arange(1000.0)))
            return float(w.sum())

        report = cells.check_gradients(loss, {"w": w}, {"w": np.ones(1000)}, most=20, seed=seed)
        assert report.comparisons[0].checked == len(touched) == 20
        seen.append(touched)
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize(
    ("arrays", "gradients", "error", "sentence"),
    [
        (np.zeros(2, "float32"), np.zeros(2), TypeError, "w is float32; a gradient check needs fl"),
        (np.zeros(2), np.zeros(3), ValueError, r"gradient of w is \(3,\); it needs shape \(2,\)"),
        (np.zeros(2), None, ValueError, r"gradient of w is nothing; it needs shape \(2,\)"),
    ],
)
def test_what_cannot_be_checked_is_said(cells, arrays, gradients, error, sentence):
    named = {} if gradients is None else {"w": gradients}
    with pytest.raises(error, match=sentence):
        cells.check_gradients(lambda: 0.0, {"w": arrays}, named)
