"""What happened during a training run, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from course_utils.training.model import Metrics


@dataclass(repr=False)
class History:
    """The record of one run of `train`.

    Attributes:
        planned: steps asked for.
        solved_at: step at which `stop_when` was first true, else None.
        interrupted: whether the kernel was interrupted.
        diverged: whether the run stopped because a number was no longer finite.
        seconds: wall time of the run.
    """

    planned: int
    solved_at: int | None = None
    interrupted: bool = False
    diverged: bool = False
    seconds: float = 0.0
    _evaluations: list[tuple[int, Metrics]] = field(default_factory=list)
    _updates: list[tuple[float, float]] = field(default_factory=list)

    def add_evaluation(self, step: int, metrics: Metrics) -> None:
        """Note the metrics on held-out sequences before update `step`."""
        self._evaluations.append((step, metrics))

    def add_update(self, loss: float, norm: float) -> None:
        """Note the loss and the gradient's norm of one update."""
        self._updates.append((loss, norm))

    @property
    def steps(self) -> np.ndarray:
        """Steps at which the model was evaluated, (E,), beginning with 0: before training."""
        return np.array([step for step, _ in self._evaluations], dtype=int)

    @property
    def loss(self) -> np.ndarray:
        """Loss on the held-out batch at `steps`, (E,)."""
        return np.array([metrics.loss for _, metrics in self._evaluations], dtype=float)

    @property
    def accuracy(self) -> np.ndarray:
        """Accuracy on the held-out batch at `steps`, (E,); NaN for a task without classes."""
        return np.array([metrics.accuracy for _, metrics in self._evaluations], dtype=float)

    @property
    def batch_loss(self) -> np.ndarray:
        """Loss on the training batch of each update, (U,)."""
        return np.array([loss for loss, _ in self._updates], dtype=float)

    @property
    def gradient_norm(self) -> np.ndarray:
        """Global norm of the gradient of each update, before clipping, (U,)."""
        return np.array([norm for _, norm in self._updates], dtype=float)

    @property
    def updates(self) -> int:
        """Updates of the weights that were made."""
        return len(self._updates)

    def __repr__(self) -> str:
        """One line without any number that another computer would not reproduce."""
        if self.diverged:
            outcome = "diverged"
        elif self.interrupted:
            outcome = "interrupted"
        elif self.solved_at is not None:
            outcome = f"solved within {self.planned} steps"
        else:
            outcome = f"{self.planned} steps"
        return f"History({outcome})"
