"""What training needs of a task, a batch and a layer; any object that has it will do."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Batch(Protocol):
    """B sequences of T steps with their targets. An optional `mask` (B, T) goes to the layer."""

    inputs: np.ndarray  # (B, T, m)
    targets: np.ndarray  # classes (B,) or (B, T); for mse values (B, k) or (B, T, k)
    weights: np.ndarray | None  # (B, T) or (B,): how much each answer counts


class Task(Protocol):
    """A source of batches, and what its answers look like."""

    input_size: int
    output_size: int
    loss: str  # "cross_entropy" or "mse"
    every_step: bool  # an answer at each step, or one at the end

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch: ...


class Gradients(Protocol):
    """What `Layer.backward` returns, as far as training uses it."""

    weights: dict[str, np.ndarray]


class Layer(Protocol):
    """A recurrent layer of `course_utils.cells`, or anything with this surface."""

    name: str
    units: int
    dtype: np.dtype | str
    return_sequences: bool
    weights: dict[str, np.ndarray]
    input_size: int | None  # None until built

    def build(self, input_size: int) -> None: ...

    def __call__(self, x: np.ndarray, *, mask=None, training: bool = False) -> np.ndarray: ...

    def backward(self, dy: np.ndarray) -> Gradients: ...
