"""A recurrent layer with a read-out and a loss: the thing that is trained."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from course_utils.training.heads import Dense
from course_utils.training.interfaces import Batch, Layer, Task
from course_utils.training.losses import accuracy, mean_squared_error, softmax_cross_entropy
from course_utils.training.parameters import Parameters

LOSSES = {"cross_entropy": softmax_cross_entropy, "mse": mean_squared_error}


class Metrics(NamedTuple):
    """Loss and, for classes, accuracy (None for mse) over a batch."""

    loss: float
    accuracy: float | None


class SequenceModel:
    """`layer`, then a dense head, then a loss.

    Args:
        layer: a recurrent layer; its `return_sequences` must equal `every_step`.
        output_size: classes, or values of an answer.
        loss: "cross_entropy" (targets are integers) or "mse" (targets are values).
        every_step: answer at every step (True) or once, after the last step (False).
        seed: draws the head's weights. The layer's own seed draws those of the layer; the same
            number for both draws different numbers.

    Raises:
        ValueError: if layer, loss and `every_step` do not fit together.
    """

    def __init__(
        self,
        layer: Layer,
        output_size: int,
        loss: str = "cross_entropy",
        every_step: bool = False,
        seed: int | None = 0,
    ):
        if loss not in LOSSES:
            raise ValueError(f"loss is {loss!r}; it must be one of {', '.join(LOSSES)}.")
        if layer.return_sequences != every_step:
            raise ValueError(
                f"every_step is {every_step} but the layer has return_sequences="
                f"{layer.return_sequences}; make the layer with return_sequences={every_step}."
            )
        if getattr(layer, "return_state", False):
            raise ValueError("the layer has return_state=True; a model needs only its output.")
        self.layer = layer
        self.output_size = output_size
        self.loss = loss
        self.every_step = every_step
        self.head = Dense(layer.units, output_size, _of_the_head(seed), layer.dtype)
        self._weights: Parameters | None = None

    @classmethod
    def for_task(cls, layer: Layer, task: Task, seed: int | None = 0) -> SequenceModel:
        """A model whose output and loss fit `task`."""
        return cls(layer, task.output_size, task.loss, task.every_step, seed)

    def build(self, input_size: int) -> None:
        """Draw the layer's weights for inputs (B, T, input_size), unless it has them already."""
        if not self.layer.weights:
            self.layer.build(input_size)

    @property
    def weights(self) -> Parameters:
        """All weights by name ("layer/kernel", ..., "head/bias"): change them in place.

        The layer and the head compute with these very arrays.
        """
        if not self.layer.weights:
            raise ValueError("the model has no weights yet; call build(input_size) or train it.")
        owners = {"layer": self.layer.weights, "head": self.head.weights}
        if self._weights is None:
            self._weights = Parameters(
                {f"{owner}/{key}": a for owner, own in owners.items() for key, a in own.items()}
            )
        for name, view in self._weights.items():
            owner, key = name.split("/")
            if owners[owner][key] is not view:  # first use, or someone put a new array there
                view[...] = owners[owner][key]
                owners[owner][key] = view
        return self._weights

    def predict(self, x: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """Logits or values for x (B, T, m): (B, k), or (B, T, k) if the model answers every step.

        `mask` (B, T) is True where a step counts.
        """
        return self._forward(x, mask, training=False)

    def probabilities(self, x: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """What the model believes: the softmax of the logits, shaped like them.

        Raises ValueError for a model that answers with values (loss "mse").
        """
        if self.loss != "cross_entropy":
            raise ValueError(f"the model has loss {self.loss!r}; only classes have probabilities.")
        logits = self.predict(x, mask)
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def evaluate(self, batch: Batch) -> Metrics:
        """Loss and accuracy over `batch`, without dropout."""
        outputs = self.predict(batch.inputs, getattr(batch, "mask", None))
        loss, _ = LOSSES[self.loss](outputs, batch.targets, batch.weights)
        if self.loss == "mse":
            return Metrics(loss, None)
        return Metrics(loss, accuracy(outputs, batch.targets, batch.weights))

    def loss_and_gradients(self, batch: Batch) -> tuple[float, Parameters]:
        """The mean loss over `batch` and its gradient for every array of `weights`.

        Once numbers overflow, the gradients are NaN: there is nothing left to send back.
        """
        outputs = self._forward(batch.inputs, getattr(batch, "mask", None), training=True)
        loss, doutputs = LOSSES[self.loss](outputs, batch.targets, batch.weights)
        dh, head = self.head.backward(doutputs)
        if not np.isfinite(dh).all():
            return loss, Parameters({k: np.full_like(a, np.nan) for k, a in self.weights.items()})
        layer = self.layer.backward(dh).weights
        named = {f"layer/{key}": layer[key] for key in self.layer.weights}
        return loss, Parameters(named | {f"head/{key}": head[key] for key in self.head.weights})

    def _forward(self, x: np.ndarray, mask: np.ndarray | None, training: bool) -> np.ndarray:
        return self.head(self.layer(x, mask=mask, training=training))

    def __repr__(self) -> str:
        layer = f"{self.layer.name}({self.layer.units})"
        every = ", every_step=True" if self.every_step else ""
        return f"SequenceModel({layer}, {self.output_size}, {self.loss!r}{every})"


def _of_the_head(seed: int | None) -> list[int] | None:
    """A stream apart from the layer's: drawn from one, the head would favour the first inputs."""
    return None if seed is None else [*b"head", seed]
