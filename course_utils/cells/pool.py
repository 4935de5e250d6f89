"""Memory that is used again: fresh pages from the system cost more than a small network's sums."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray


class Pool:
    """Buffers that went back to the pool serve the next request they are large enough for."""

    def __init__(self) -> None:
        self._free: list[Array] = []

    def lend(self) -> Loan:
        """A loan, to be kept for as long as its arrays are in use."""
        return Loan(self)

    def take(self, size: int) -> Array:
        """At least ``size`` bytes, with whatever was in them."""
        fitting = [k for k, buffer in enumerate(self._free) if buffer.nbytes >= size]
        if fitting:
            return self._free.pop(min(fitting, key=lambda k: self._free[k].nbytes))
        if self._free:
            self._free.pop()  # so that growing requests do not leave a trail of small buffers
        return np.empty(size, np.uint8)

    def give_back(self, buffers: list[Array]) -> None:
        """Take buffers that nobody uses any more."""
        self._free.extend(buffers)


class Loan:
    """Arrays that belong together; once nobody holds the loan, their memory goes back."""

    def __init__(self, pool: Pool):
        self._pool, self._buffers = pool, []

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> Array:
        """An array with whatever was in its memory."""
        size = math.prod(shape) * dtype.itemsize
        self._buffers.append(self._pool.take(size))
        return self._buffers[-1][:size].view(dtype).reshape(shape)

    def __del__(self) -> None:
        self._pool.give_back(self._buffers)
