"""Losses: each returns the mean over what is scored, and its gradient.

`weights` says how much each answer counts, for tasks that ask at some steps only: (B, T) for an
answer at every step, (B,) for one answer a sequence, None if all count alike. A loss is
`sum(weights * loss of each) / sum(weights)`, so steps of weight 0 change nothing.
"""

from __future__ import annotations

import numpy as np


def softmax_cross_entropy(
    logits: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Mean of `-log softmax(logits)[target]` in nats, and its gradient.

    Args:
        logits: (..., k), one number for each of k classes.
        targets: (...), the right class as an integer from 0 to k - 1.
        weights: (...) or None.

    Returns:
        The loss, and its gradient with the shape of `logits`: `share * (softmax - onehot)`.

    Raises:
        ValueError: if shapes disagree, a target is no class, or nothing is scored.
    """
    targets = _classes(logits, targets)
    rows, right = logits.reshape(-1, logits.shape[-1]), targets.ravel()
    share = _share(weights, targets.shape, logits.dtype)
    at_right = np.arange(len(rows)), right

    shifted = rows - rows.max(axis=1, keepdims=True)  # the largest is 0: exp cannot overflow
    softmax = np.exp(shifted)
    total = softmax.sum(axis=1)
    losses = np.log(total) - shifted[at_right]

    gradient = softmax / total[:, None]
    gradient[at_right] -= 1
    gradient *= share[:, None]
    return float(losses @ share), gradient.reshape(logits.shape)


def mean_squared_error(
    values: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None
) -> tuple[float, np.ndarray]:
    """Mean of `(value - target)**2` over the k values of an answer and over the scored answers.

    Args:
        values: (..., k).
        targets: (..., k), exactly the shape of `values`.
        weights: (...) or None.

    Returns:
        The loss, and its gradient with the shape of `values`.

    Raises:
        ValueError: if shapes disagree or nothing is scored.
    """
    targets = np.asarray(targets, values.dtype)
    if targets.shape != values.shape:
        raise ValueError(f"targets have shape {targets.shape}; the outputs have {values.shape}.")
    share = _share(weights, values.shape[:-1], values.dtype)[:, None] / values.shape[-1]
    error = (values - targets).reshape(-1, values.shape[-1])
    weighted = share * error
    return float(np.vdot(weighted, error)), (2 * weighted).reshape(values.shape)


def accuracy(logits: np.ndarray, targets: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Share of scored answers whose largest logit is the right class; arguments as above."""
    targets = _classes(logits, targets)
    correct = (logits.argmax(axis=-1) == targets).ravel()
    return float(correct @ _share(weights, targets.shape, logits.dtype))


def _classes(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    targets, count = np.asarray(targets), logits.shape[-1]
    if targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"targets have shape {targets.shape}; the logits {logits.shape} need one class for "
            f"each answer, so shape {logits.shape[:-1]}."
        )
    if targets.dtype.kind not in "iu":
        raise ValueError(f"targets have dtype {targets.dtype}; classes are integers.")
    if targets.size and not 0 <= targets.min() <= targets.max() < count:
        raise ValueError(
            f"targets lie between {targets.min()} and {targets.max()}; with {count} outputs the "
            f"classes are 0 to {count - 1}."
        )
    return targets


def _share(weights: np.ndarray | None, shape: tuple[int, ...], dtype) -> np.ndarray:
    """The part of each answer in the mean, flattened; the parts add up to 1."""
    if weights is None:
        count = int(np.prod(shape))
        return np.full(count, 1 / count, dtype)
    weights = np.asarray(weights, dtype)
    if weights.shape != shape:
        raise ValueError(f"weights have shape {weights.shape}; one for each answer is {shape}.")
    total = weights.sum()
    if not total > 0:
        raise ValueError("weights add up to 0: no answer in this batch is scored.")
    return weights.ravel() / total
