"""Jacobians of one step, and their products over many: the chain rule of a recurrent network.

The state is h, or h and c side by side for an LSTM: S = n or 2n numbers. A Jacobian (S, S) holds
d state_t[i] / d state_{t-1}[j] at row i, column j. It is taken from the cell's own backward pass.
"""

from __future__ import annotations

import numpy as np

from course_utils.cells.layers import Layer


def jacobian(layer: Layer, x: np.ndarray, state: list[np.ndarray]) -> np.ndarray:
    """The Jacobian of one step from `state`, (S, S).

    Args:
        layer: any cell.
        x: (m,), the input of the step.
        state: [h] or [h, c], each (n,).
    """
    state = [np.asarray(part)[None] for part in state]
    return _of_steps(layer, np.asarray(x)[None], state)[0]


def jacobians(layer: Layer, x: np.ndarray) -> np.ndarray:
    """The Jacobians of all steps along one sequence x (T, m) that starts from zeros, (T, S, S)."""
    x = np.asarray(x)
    layer(x[None])
    trace, zeros = layer.trace(), np.zeros((1, layer.units))
    before = [np.concatenate([zeros, trace[name][0, :-1]]) for name in layer.state_names]
    return _of_steps(layer, x[::-1] if layer.go_backwards else x, before)


def _of_steps(layer: Layer, x: np.ndarray, states: list[np.ndarray]) -> np.ndarray:
    """Jacobians (T, S, S) of T separate steps with inputs (T, m) from states of (T, n) each.

    All at once: a batch of T * S one-step sequences, each asking for one row.
    """
    rows = len(states) * layer.units
    copies = [np.repeat(state, rows, axis=0) for state in states]
    layer(np.repeat(x, rows, axis=0)[:, None], initial_state=copies)
    ask = np.tile(np.eye(rows), (len(x), 1))
    answer = layer.backward(None, *np.split(ask, len(states), axis=1)).initial_state
    return np.concatenate(answer, axis=1).astype(np.float64).reshape(len(x), rows, rows)


def product_singular_values(steps: np.ndarray) -> np.ndarray:
    """Singular values of the product of the last k Jacobians J_T ... J_{T-k+1}, for k = 1 ... T.

    The largest one bounds what is left of any gradient after k steps. Values below about 1e-16 of
    the largest are rounding errors.

    Args:
        steps: (T, S, S), in order of time, as from `jacobians`.

    Returns:
        (T, S), each row in falling order; row k - 1 belongs to k steps.
    """
    product, products = np.eye(steps.shape[1]), []
    for step in steps[::-1]:
        product = product @ step
        products.append(product)
    return np.linalg.svd(np.array(products), compute_uv=False)
