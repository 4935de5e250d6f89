"""Gradient against lag: what is left of a loss after it has gone back k steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from course_utils.cells.layers import Layer

AVERAGES: dict[str, Callable] = {"mean": np.mean, "median": np.median}


class LagCurve(NamedTuple):
    """`norms[k]` is the norm of the gradient that arrives `lags[k]` steps before the end."""

    lags: np.ndarray  # (T,) 0, 1, ..., T - 1
    norms: np.ndarray  # (T,) float64


def gradient_against_lag(
    layer: Layer,
    x: np.ndarray,
    path: Literal["h", "c"] = "h",
    *,
    average: Literal["mean", "median"] = "mean",
    seed: int = 0,
) -> LagCurve:
    """Norm of dL/dh (or dL/dc) at each step, for a loss that sees only the last h.

    The loss is L = u . h_T with a random unit vector u for each sequence, so that the curve of
    path "h" begins with exactly 1 at lag 0. At lag k stands the norm over the units of dL/dh_{T-k},
    by all paths from there to the end, averaged over the batch. Path "c" (LSTM) follows dL/dc_{T-k}
    in the same way; it begins below 1, because c_T reaches the loss only through the output gate.

    A mean follows the few sequences with the largest gradients, a median the typical one. What is
    too small for the layer's dtype (1e-38 in float32) is 0; dtype="float64" sees down to 1e-308.

    Args:
        layer: at initialisation or trained; it is run on `x`.
        x: (B, T, m).
        path: "h", or "c" for an LSTM.
        average: how norms are put together over the batch.
        seed: draws u.

    Raises:
        ValueError: if the layer has no such path, or `average` is unknown.
    """
    if path not in layer.state_names:
        raise ValueError(
            f"path is {path!r}; {layer.name} has only {' and '.join(layer.state_names)}."
        )
    if average not in AVERAGES:
        raise ValueError(f"average is {average!r}; it must be 'mean' or 'median'.")
    layer(x)
    upstream = np.random.default_rng(seed).normal(size=(len(x), layer.units))
    upstream /= np.linalg.norm(upstream, axis=1, keepdims=True)
    arriving = layer.backward(None, upstream).states[path].astype(np.float64)
    norms = AVERAGES[average](np.linalg.norm(arriving, axis=2), axis=0)
    norms[norms < np.finfo(layer.dtype).tiny] = 0
    return LagCurve(np.arange(len(norms)), norms[::-1])


def decay_per_step(curve: LagCurve, first: int = 0, last: int | None = None) -> float:
    """The factor by which the gradient changes in one step: below 1 it vanishes, above 1 explodes.

    It is exp of the slope of log(norm) against lag, fitted by least squares over the lags from
    `first` to `last` (both included; None is the end of the curve).

    Raises:
        ValueError: if fewer than two norms above 0 are left to fit.
    """
    lags, norms = (part[first : None if last is None else last + 1] for part in curve)
    alive = norms > 0
    if alive.sum() < 2:
        raise ValueError(
            f"decay_per_step needs at least 2 norms above 0 between lags {first} and "
            f"{'the end' if last is None else last}; there are {alive.sum()}."
        )
    slope, _ = np.polyfit(lags[alive], np.log(norms[alive]), 1)
    return float(np.exp(slope))
