"""What all tasks share: a batch, a baseline, the names of channels, and checks of arguments."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Integral, Real
from typing import ClassVar, NamedTuple

import numpy as np

from course_utils.lines import wrapped


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences of T steps and what is to be said about them.

    Attributes:
        inputs: (B, T, m) float32.
        targets: classes (B,), or (B, T) if the task asks at every step; values (B, k) for mse.
        weights: (B, T) float32, how much each step counts; None if all count alike.
    """

    inputs: np.ndarray
    targets: np.ndarray
    weights: np.ndarray | None = None


class Baseline(NamedTuple):
    """What a simple predictor reaches, from theory: a network below it has learnt nothing more.

    Attributes:
        loss: cross-entropy in nats, or mean squared error.
        accuracy: share of right answers; None if the task is no classification.
        why: one sentence that derives both.
    """

    loss: float
    accuracy: float | None
    why: str


class Labels(NamedTuple):
    """Names for pictures: one for each input channel, one for each class or output value."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


class Task(ABC):
    """A seeded source of sequences. Subclasses are frozen dataclasses; the fields are dials."""

    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = False

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """Draw `batch_size` independent sequences; the generator's state decides all of them.

        Raises:
            TypeError: if `rng` is no generator (a bare seed, for example).
            ValueError: if `batch_size` is not a whole number from 1.
        """
        check_whole("batch_size", batch_size, least=1)
        if not isinstance(rng, np.random.Generator):
            raise TypeError(
                f"rng is {rng!r}; it must be a NumPy generator, such as np.random.default_rng(0)."
            )
        return self._draw(int(batch_size), rng)

    @property
    def input_size(self) -> int:
        """Number m of input channels."""
        return len(self.labels.inputs)

    @property
    def output_size(self) -> int:
        """Number of classes, or of values for mse."""
        return len(self.labels.outputs)

    @property
    def best(self) -> Baseline:
        """What a perfect network reaches."""
        accuracy = None if self.loss == "mse" else 1.0
        return Baseline(0.0, accuracy, "The sequence determines the answer.")

    @property
    @abstractmethod
    def labels(self) -> Labels:
        """Names of the input channels and of the classes."""

    @property
    @abstractmethod
    def baseline(self) -> Baseline:
        """What a predictor without memory reaches, from theory."""

    def describe(self) -> str:
        """The task in plain words, one paragraph in lines that fit the screen."""
        return wrapped(self._describe())

    @abstractmethod
    def _describe(self) -> str: ...

    @abstractmethod
    def clues(self, inputs: np.ndarray) -> np.ndarray:
        """The steps to be remembered: (B, T, m) inputs -> (B, T) bool."""

    @abstractmethod
    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch: ...


def guess(classes: int, what: str) -> Baseline:
    """The baseline of a network that can only guess one of `classes` equally likely answers."""
    why = f"All {classes} {what} are equally likely: guessing costs ln {classes} nats."
    return Baseline(math.log(classes), 1 / classes, why)


def one_hot(symbols: np.ndarray, size: int) -> np.ndarray:
    """(...) integers from 0 to size - 1 -> (..., size) float32, a single 1 in each vector."""
    return np.eye(size, dtype=np.float32)[symbols]


def read_only(array: np.ndarray) -> np.ndarray:
    """`array`, locked against changes: it is kept, and given to everyone who asks."""
    array.setflags(write=False)
    return array


def check_whole(name: str, value: object, *, least: int, most: int | None = None) -> None:
    """Raise ValueError unless `value` is a whole number from `least` to `most`."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        span = f"from {least}" + ("" if most is None else f" to {most}")
        raise ValueError(f"{name} is {value!r}; it must be a whole number {span}.")


def check_not_negative(name: str, value: object) -> None:
    """Raise ValueError unless `value` is a finite number from 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= value < math.inf:
        raise ValueError(f"{name} is {value!r}; it must be a finite number from 0.")
