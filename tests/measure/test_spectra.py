"""Spectra of matrices whose spectrum is known, and of the kernels that Keras's rules draw."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.measure import recurrent_spectra, spectrum


def test_a_scaled_rotation():
    found = spectrum(2 * np.array([[0.6, -0.8], [0.8, 0.6]]))
    np.testing.assert_allclose(sorted(found.eigenvalues, key=np.imag), [1.2 - 1.6j, 1.2 + 1.6j])
    np.testing.assert_allclose(found.singular_values, [2, 2])
    assert found.radius == pytest.approx(2)
    assert found.norm == pytest.approx(2)


def test_eigenvalues_and_singular_values_may_disagree():
    """Such a matrix stretches at first and shrinks in the end."""
    found = spectrum(np.array([[0.25, 10], [0, -0.5]]))
    np.testing.assert_allclose(found.eigenvalues, [-0.5, 0.25])
    assert found.radius == pytest.approx(0.5)
    assert found.norm > 10
    assert np.prod(found.singular_values) == pytest.approx(0.125)
    assert found.singular_values[0] > found.singular_values[1]


@pytest.mark.parametrize(("cell", "gates"), [(SimpleRNN, "h"), (LSTM, "ifgo"), (GRU, "zrg")])
def test_each_gate_has_its_own_block(cell, gates):
    layer = cell(3, seed=0)
    layer.build(2)
    blocks = [np.diag([k, 2 * k, 3 * k]) for k in range(1, len(gates) + 1)]
    layer.weights["recurrent_kernel"][:] = np.concatenate(blocks, axis=1)
    spectra = recurrent_spectra(layer)
    assert "".join(spectra) == gates
    assert [s.radius for s in spectra.values()] == pytest.approx([3, 6, 9, 12][: len(gates)])


def test_orthogonal_is_orthogonal_in_the_plain_rnn_only():
    plain, gated = SimpleRNN(64, seed=0), LSTM(64, seed=0)
    for layer in (plain, gated):
        layer.build(8)
    np.testing.assert_allclose(recurrent_spectra(plain)["h"].singular_values, 1, rtol=1e-5)
    values = np.array([s.singular_values for s in recurrent_spectra(gated).values()])
    assert 0.8 < values.max() < 0.95
    assert values.min() < 0.02
    assert (values**2).sum() == pytest.approx(64, rel=1e-5)  # the fused rows have length 1
