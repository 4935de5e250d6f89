"""The read-out: from the state of a recurrent layer to the answer."""

from __future__ import annotations

import numpy as np


class Dense:
    """A linear map `y = h @ kernel + bias`, the same one at every step.

    Args:
        input_size: width n of `h`.
        output_size: width k of `y`.
        seed: draws the kernel (n, k) uniformly from [-a, a], a = sqrt(6 / (n + k))
            (Glorot & Bengio 2010, Keras's default); the bias (k,) starts at zero.
        dtype: of the weights.
    """

    def __init__(
        self, input_size: int, output_size: int, seed: int | list[int] | None = 0, dtype="float32"
    ):
        limit = np.sqrt(6 / (input_size + output_size))
        kernel = np.random.default_rng(seed).uniform(-limit, limit, (input_size, output_size))
        self.weights = {"kernel": kernel.astype(dtype), "bias": np.zeros(output_size, dtype)}

    def __call__(self, h: np.ndarray) -> np.ndarray:
        """Map `h` (..., n) to `y` (..., k)."""
        self._h = h
        rows = h.reshape(-1, h.shape[-1]) @ self.weights["kernel"]
        rows += self.weights["bias"]
        return rows.reshape(*h.shape[:-1], -1)

    def backward(self, dy: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Gradients of the last call: dh (..., n) and those of the weights, given dy (..., k)."""
        h, rows = self._h.reshape(-1, self._h.shape[-1]), dy.reshape(-1, dy.shape[-1])
        dh = (rows @ self.weights["kernel"].T).reshape(self._h.shape)
        return dh, {"kernel": h.T @ rows, "bias": rows.sum(axis=0)}
