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


def test_errors_are_relative_to_the_gradient_itself(cells):
    w = np.array([1.0, 2.0])
    for size, off, passes in (
        (1000, 5e-4, True),
        (1000, 2e-3, False),
        (0.1, 0.9e-7, True),
        (0.1, 1.2e-7, False),
        (1e-7, 0.9e-13, True),
        (1e-7, 2e-13, False),
    ):

        def loss(size=size):
            return size * w.sum()

        report = cells.check_gradients(loss, {"w": w}, {"w": np.array([size, size + off])})
        assert report.passed == passes, (size, off)
        if not passes:
            assert report.comparisons[0].error == pytest.approx(off / size, rel=0.3)


def test_a_tiny_gradient_of_a_tiny_loss_is_judged(cells):
    w = np.arange(1.0, 13.0)

    def loss():
        return 1e-7 * float((w**2).sum())

    right = 2e-7 * w
    assert cells.check_gradients(loss, {"w": w}, {"w": right}).passed
    for wrong in (-right, 0 * right, 1.001 * right):
        found = cells.check_gradients(loss, {"w": w}, {"w": wrong}).comparisons[0]
        assert found.wrong == 12


def vanished(cells, gradient_of_h0):
    """A network that has forgotten h0 after 60 steps, and a gradient of it."""
    rng = np.random.default_rng(0)
    x, W, U = rng.normal(size=(2, 60, 3)), rng.normal(size=(3, 4)), 0.3 * rng.normal(size=(4, 4))
    h0 = rng.normal(size=(2, 4))

    def loss():
        return cells.simple_rnn(x, W, U, None, h0)[0][:, -1].sum()

    dy = np.zeros((2, 60, 4))
    dy[:, -1] = 1
    by_hand = cells.simple_rnn_gradients(x, W, U, None, h0, dy=dy)
    assert 0 < np.abs(by_hand["h0"]).max() < 1e-11
    arrays = {"x": x, "W": W, "U": U, "h0": h0}
    return cells.check_gradients(loss, arrays, by_hand | {"h0": gradient_of_h0(by_hand["h0"])})


def test_what_has_vanished_is_never_called_right(cells):
    for spoil in (lambda g: g, lambda g: -g, lambda g: 0 * g):
        report = vanished(cells, spoil)
        by_name = {c.name: c for c in report.comparisons}
        assert not report.passed and not any(c.wrong for c in report.comparisons)
        assert [name for name, c in by_name.items() if c.unjudged] == ["h0"]
        assert "h0" in str(report) and "cannot be judged" in str(report)
        assert "known to about" in report.notes[0] and "over a step of 1e-05" in report.notes[0]


def test_garbage_in_place_of_what_has_vanished_is_found(cells):
    report = vanished(cells, lambda g: g + 5e-7)
    assert [c.name for c in report.comparisons if c.wrong] == ["h0"]
    assert report.comparisons[-1].wrong == 8


def test_garbage_beside_large_gradients_of_the_same_array_is_found(cells):
    rng = np.random.default_rng(0)
    x, W, U = rng.normal(size=(1, 40, 2)), rng.normal(size=(2, 3)), 0.3 * rng.normal(size=(3, 3))

    def loss():
        return cells.simple_rnn(x, W, U)[0][:, -1].sum()

    dy = np.zeros((1, 40, 3))
    dy[:, -1] = 1
    gradient = cells.simple_rnn_gradients(x, W, U, dy=dy)["x"]
    assert cells.check_gradients(loss, {"x": x}, {"x": gradient}).passed
    gradient = gradient.copy()
    gradient[0, 3, 1] = 5e-7
    found = cells.check_gradients(loss, {"x": x}, {"x": gradient}).comparisons[0]
    assert (found.wrong, found.index) == (1, (0, 3, 1))
    assert "5.000e-07" in str(cells.check_gradients(loss, {"x": x}, {"x": gradient}))


def quadratic(cells, change, gradient=lambda w: 2 * w, **keywords):
    w = np.linspace(0.5, 1.6, 12)
    return cells.check_gradients(lambda: change(w), {"w": w}, {"w": gradient(w)}, **keywords)


def test_an_offset_of_the_loss_is_named(cells):
    report = quadratic(cells, lambda w: float((w**2).sum()) + 1e9)
    assert not report.passed and not report.comparisons[0].wrong
    assert "The loss is 1e+09" in str(report)
    assert "Leave out what does not depend on the arrays." in str(report)
    report = quadratic(cells, lambda w: float((w**2).sum()) + 1e9, lambda w: -2 * w)
    assert report.comparisons[0].wrong == 12
    report = quadratic(cells, lambda w: float((w**2).sum()) + 1e5)
    assert report.passed and "ok to " in str(report)


def test_a_part_in_float32_is_named(cells):
    def loss(w):
        return float(np.sum(w.astype("float32") ** 2, dtype="float32"))

    report = quadratic(cells, loss)
    assert not report.passed and not report.comparisons[0].wrong
    assert "Is a part of it computed in float32?" in str(report)
    assert quadratic(cells, loss, lambda w: -2 * w).comparisons[0].wrong == 12
    with pytest.raises(TypeError, match="loss is float32; a gradient check needs float64 all the"):
        quadratic(cells, lambda w: np.float32(w.sum()))


def test_a_kink_is_named(cells):
    w = np.zeros(12)

    def loss():
        return float(np.maximum(w, 0).sum())

    for subgradient in (0.0, 1.0):
        report = cells.check_gradients(loss, {"w": w}, {"w": np.full(12, subgradient)})
        found = report.comparisons[0]
        assert not report.passed and not found.wrong
        assert found.unjudged == "the loss has a kink at 12 of 12"
        assert "At a kink, as of relu at 0" in str(report)
    for wrong in (-0.5, 1.5):
        assert cells.check_gradients(loss, {"w": w}, {"w": np.full(12, wrong)}).comparisons[0].wrong
    for near in (3e-6, -6e-6):
        w[:] = near
        report = cells.check_gradients(loss, {"w": w}, {"w": np.full(12, float(near > 0))})
        assert not report.passed and not report.comparisons[0].wrong
    w[:] = 1
    assert cells.check_gradients(loss, {"w": w}, {"w": np.ones(12)}).passed


def test_a_bend_is_no_kink(cells):
    """Where the gradient is 0 both sides differ as well."""
    w = np.zeros(3)
    report = cells.check_gradients(
        lambda: float((w**2).sum() + w.sum()), {"w": w}, {"w": np.ones(3)}
    )
    assert report.passed
    report = cells.check_gradients(lambda: float((w**2).sum()), {"w": w}, {"w": np.full(3, 1e-6)})
    assert report.comparisons[0].wrong == 3


def test_a_step_that_is_too_wide_or_too_narrow_accuses_nobody(cells):
    for step in (1e-1, 1e-14):
        report = quadratic(cells, lambda w: float(np.sum(w**9)), lambda w: 9 * w**8, step=step)
        assert not report.passed and not report.comparisons[0].wrong, step
        assert ("too wide here" if step > 1e-5 else "or a wider step, tells more") in str(report)
    assert quadratic(cells, lambda w: float(np.sum(w**9)), lambda w: 9 * w**8).passed


def test_a_loss_that_is_another_each_time_is_named(cells):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="when it is asked again: it must give the same each"):
        quadratic(cells, lambda w: float(w.sum() + rng.normal()))
    layer = cells.GRU(3, stateful=True, dtype="float64", seed=0)
    x = np.ones((2, 4, 2))
    layer(x)
    with pytest.raises(ValueError, match="Does it draw random numbers, or keep a state"):
        cells.check_gradients(lambda: layer(x).sum(), {"x": x}, {"x": x})


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (lambda w: w.sum(keepdims=True), ValueError, r"loss has shape \(1,\); it must be a single"),
        (
            lambda w: np.full((1, 1), w.sum()),
            ValueError,
            r"loss has shape \(1, 1\); it must be a si",
        ),
        (lambda w: w**2, ValueError, r"loss has shape \(12,\); it must be a single number: add it"),
        (lambda w: np.inf, ValueError, "loss is inf; it must be finite."),
        (lambda w: None, TypeError, "loss is NoneType; it must be a single number."),
        (lambda w: 1j * w.sum(), TypeError, "loss is complex; it must be a single number."),
    ],
)
def test_a_loss_that_is_no_number_is_named(cells, change, error, sentence):
    with pytest.raises(error, match=sentence):
        quadratic(cells, change)


def test_a_loss_that_knows_nothing_of_an_array_is_named(cells):
    report = quadratic(cells, lambda w: 3.0)
    assert report.comparisons[0].wrong == 12
    assert "The loss stays the same whatever w is: does it read this very array" in str(report)


def test_one_wrong_element_is_found_and_named(cells):
    def spoil(gradients):
        gradients["recurrent_kernel"] = gradients["recurrent_kernel"].copy()
        gradients["recurrent_kernel"][2, 7] += 0.01

    report = checked(cells, spoil=spoil)
    assert not report.passed
    wrong = {c.name: c for c in report.comparisons if c.wrong}
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
        ([0.0, 0.0], np.zeros(2), TypeError, "w is list; a gradient check needs float64"),
        (np.zeros(0), np.zeros(0), ValueError, "w is empty; a gradient check moves its numbers"),
        (np.broadcast_to(1.0, 2), np.zeros(2), ValueError, "w is read-only; a gradient check mo"),
        (np.zeros(2), np.zeros(2, complex), TypeError, "gradient of w is complex128; it needs re"),
        (np.zeros(2), np.ma.zeros(2), TypeError, "gradient of w is masked; it needs real numbers"),
    ],
)
def test_what_cannot_be_checked_is_said(cells, arrays, gradients, error, sentence):
    named = {} if gradients is None else {"w": gradients}
    with pytest.raises(error, match=sentence):
        cells.check_gradients(lambda: 0.0, {"w": arrays}, named)
