"""All the arrays of a model as one vector, and the vector as named arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np


class Parameters(dict[str, np.ndarray]):
    """Named arrays that are views into one flat vector.

    `parameters["layer/kernel"]` has the shape that the mathematics wants; `parameters.vector` is
    the same memory in one piece. An optimiser changes all weights with one operation on the
    vector: faster for small networks than array by array, and never half done.
    """

    vector: np.ndarray

    def __init__(self, arrays: Mapping[str, np.ndarray]):
        """Copy `arrays` (name -> array, all of one dtype) into one new vector."""
        self.vector = np.concatenate([array.ravel() for array in arrays.values()])
        start = 0
        for name, array in arrays.items():
            stop = start + array.size
            self[name] = self.vector[start:stop].reshape(array.shape)
            start = stop

    def __reduce__(self) -> tuple:
        """A deep copy is one vector with views again."""
        return Parameters, (dict(self),)
