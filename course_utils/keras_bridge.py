"""Keras and TensorFlow, imported quietly. The only module of the course that imports them.

    from course_utils.keras_bridge import keras, keras_twin, values_and_gradients

    twin = keras_twin(layer)                                  # the same cell, computed by Keras
    reference = values_and_gradients(twin, x, dy)             # what both should give

Importing it takes about five seconds. If OMP_NUM_THREADS is set, TensorFlow uses as many threads.
The comparisons need TensorFlow's gradients: where KERAS_BACKEND or keras.json names another
backend, a warning says that it is not used here.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils import CourseError

__all__ = ["Reference", "keras", "keras_twin", "quiet", "tf", "values_and_gradients"]


NEEDED = "tensorflow"


class OtherBackend(CourseError, ImportError):
    """Keras already runs on another backend in this Python, and a backend cannot be changed."""


class TensorFlowMissing(CourseError, ImportError):
    """TensorFlow or Keras cannot be imported; everything that is NumPy alone still works."""


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what native code writes to file descriptor 2, TensorFlow's log above all."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def chosen_backend() -> str:
    """The backend that `import keras` alone would take: KERAS_BACKEND, or what keras.json says."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    try:
        stored = json.loads((home / "keras.json").read_text(encoding="utf-8")).get("backend")
    except (OSError, ValueError, AttributeError, RuntimeError):
        stored = None
    return os.environ.get("KERAS_BACKEND") or stored or NEEDED


@contextmanager
def on_tensorflow() -> Iterator[None]:
    """Import Keras on TensorFlow inside; say so where another backend was chosen, and keep that."""
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != NEEDED:
        raise OtherBackend(
            f"Keras runs on {sys.modules['keras'].backend.backend()} here, and this part of the"
            " course needs TensorFlow's gradients: restart with KERAS_BACKEND=tensorflow."
        )
    before, chosen = os.environ.get("KERAS_BACKEND"), chosen_backend()
    if chosen != NEEDED:
        warnings.warn(
            f"{chosen} is chosen as Keras's backend; this part of the course needs TensorFlow's"
            " gradients and uses TensorFlow.",
            stacklevel=2,
        )
    os.environ["KERAS_BACKEND"] = NEEDED
    try:
        yield
    finally:
        if before is None:
            del os.environ["KERAS_BACKEND"]
        else:
            os.environ["KERAS_BACKEND"] = before


def _load() -> tuple[Any, Any]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        if "OMP_NUM_THREADS" in os.environ:
            os.environ.setdefault(name, os.environ["OMP_NUM_THREADS"])
    try:
        with on_tensorflow(), quiet():
            import keras
            import tensorflow as tf

            tf.linalg.matmul([[1.0]], [[1.0]])  # the first operation logs as well
    except OtherBackend:
        raise
    except ImportError as error:
        raise TensorFlowMissing(
            f"Keras with TensorFlow cannot be imported ({error}): run `course doctor`, or"
            " `make setup` to install what is missing."
        ) from error
    return keras, tf


keras, tf = _load()


@dataclass(frozen=True)
class Reference:
    """What a Keras layer gives: values, and gradients in the shapes of what they belong to."""

    outputs: list[np.ndarray]  # y, and the final states if the layer returns them
    x: np.ndarray
    weights: dict[str, np.ndarray]
    initial_state: list[np.ndarray]


def keras_twin(layer, batch_size: int | None = None, **overrides):
    """A built Keras layer with the configuration and the weights of ``layer``.

    ``overrides`` replace or add arguments of the Keras layer. A stateful layer needs
    ``batch_size``, as Keras makes room for states when it is built; kept states come along.

    Raises ValueError if ``layer`` is not built, or is stateful and ``batch_size`` is missing.
    """
    if not layer.weights:
        raise ValueError(f"{layer.name} has no weights yet: call build(input_size) first.")
    if layer.stateful and batch_size is None:
        raise ValueError(f"{layer.name} is stateful: keras_twin needs batch_size.")
    same = (
        "use_bias unit_forget_bias reset_after dropout recurrent_dropout return_sequences"
        " return_state go_backwards stateful zero_output_for_mask"
    )
    arguments = {name: getattr(layer, name) for name in same.split() if hasattr(layer, name)}
    for name in ("activation", "recurrent_activation"):
        if hasattr(layer, name):
            arguments[name] = getattr(layer, name).name
    arguments |= {"dtype": layer.dtype.name} | overrides
    twin = getattr(keras.layers, layer.name)(layer.units, **arguments)
    twin.build((batch_size, None, layer.input_size))
    twin.set_weights(layer.get_weights())
    for variable, state in zip(twin.states or [], layer.state or []):
        variable.assign(state)
    return twin


def values_and_gradients(
    twin,
    x: np.ndarray,
    dy: np.ndarray | None = None,
    *final: np.ndarray | None,
    initial_state: Sequence[np.ndarray] | None = None,
    mask: np.ndarray | None = None,
    training: bool = False,
) -> Reference:
    """Outputs of a Keras layer over ``x`` (B, T, m), and gradients of x, weights, initial states.

    Args:
        dy: gradient of some loss with respect to the output, in its shape; None means zero.
        final: the same for each final state (B, n), as far as the layer returns them.
        initial_state: list of h (and c), (B, n) or (1, n); gradients have the shapes given.
    """
    dtype = twin.compute_dtype
    x = tf.constant(x, dtype)
    start = [tf.constant(state, dtype) for state in initial_state or []]
    with tf.GradientTape() as tape:
        for tensor in (x, *start):
            tape.watch(tensor)
        mask = None if mask is None else tf.constant(np.asarray(mask, bool))
        outputs = twin(x, initial_state=start or None, mask=mask, training=training)
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        terms = [
            tf.reduce_sum(value * tf.constant(upstream, dtype))
            for value, upstream in zip(outputs, (dy, *final))
            if upstream is not None
        ]
        loss = tf.add_n(terms) if terms else tf.reduce_sum(outputs[0]) * 0
    variables = [weight.value for weight in twin.trainable_weights]
    dx, dweights, dstart = tape.gradient(
        loss, (x, variables, start), unconnected_gradients=tf.UnconnectedGradients.ZERO
    )
    return Reference(
        [value.numpy() for value in outputs],
        dx.numpy(),
        {weight.name: d.numpy() for weight, d in zip(twin.trainable_weights, dweights)},
        [d.numpy() for d in dstart],
    )
