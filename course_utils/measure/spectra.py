"""Spectra of the recurrent weights, gate by gate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.cells.layers import Layer


class Spectrum(NamedTuple):
    """What a square matrix does to lengths: at once (singular values), in the end (eigenvalues)."""

    eigenvalues: np.ndarray  # (n,) complex, the largest modulus first
    singular_values: np.ndarray  # (n,), falling

    @property
    def radius(self) -> float:
        """The spectral radius: the largest modulus of an eigenvalue."""
        return float(abs(self.eigenvalues[0]))

    @property
    def norm(self) -> float:
        """The largest singular value: the most that one step can stretch a vector."""
        return float(self.singular_values[0])


def spectrum(matrix: np.ndarray) -> Spectrum:
    """Eigenvalues and singular values of `matrix` (n, n), computed in float64."""
    matrix = np.asarray(matrix, np.float64)
    eigenvalues = np.linalg.eigvals(matrix).astype(complex)
    order = np.argsort(-abs(eigenvalues), kind="stable")
    return Spectrum(eigenvalues[order], np.linalg.svd(matrix, compute_uv=False))


def recurrent_spectra(layer: Layer) -> dict[str, Spectrum]:
    """The spectrum of each gate's own block (n, n) of the recurrent kernel, by the gate's letter.

    Keras draws the blocks of all gates as one orthogonal matrix (n, Gn). With one gate, as in
    SimpleRNN, the block is orthogonal; a block of an LSTM or GRU is not.
    """
    return {g: spectrum(layer.gate_weights(g)["recurrent_kernel"]) for g in layer.gates}
