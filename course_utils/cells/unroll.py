"""A cell unrolled over time: forward through the steps, then back through the same steps.

The cells hold only elementwise equations. The matrix products stand here, once for every cell: with
h_prev, x and 1 stacked in one column z, the pre-activations of a step are one product with
[U; W; b].

Source: Werbos 1990, "Backpropagation through time: what it does and how to do it".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.faint import SELDOM, look_at
from course_utils.cells.pool import Pool
from course_utils.cells.tape import (
    Cell,
    Gradient,
    Noise,
    Tape,
    Weights,
    back_through,
    by_gate,
    flat,
)

PRODUCT_COLUMNS = 512  # wide enough for a fast product, narrow enough for the cache


def forward(
    cell: Cell,
    weights: Weights,
    x: Array,
    initial: list[Array],
    keep: Array | None = None,
    noise: Noise | None = None,
    pool: Pool | None = None,
) -> Tape:
    """Run ``cell`` over ``x`` (B, T, m) from ``initial`` states (B, n) or (1, n).

    Where ``keep`` (B, T) is false, the states stay as they are.
    """
    tape = Tape(cell, weights, x, keep, noise, pool or Pool())
    cell.begin(tape)
    for state, start in zip(tape.states, initial):
        state[0] = start.T
    multiply, look = product_with_z(tape), SELDOM
    for t, (z, a, step) in enumerate(zip(tape.z, flat(tape.gates), cell.forward_steps(tape))):
        if t == look:
            look = t + look_at([state[t] for state in tape.states])
        multiply(z, a)
        cell.forward(*step)
        if keep is not None:
            for state in tape.states:
                np.copyto(state[t + 1], state[t], where=~tape.keep[t])
    return tape


def backward(tape: Tape, dh: Array | None, final: list[Array]) -> tuple[Gradient, Weights]:
    """Go back through ``tape``, given dL/dh of every step (T, n, B) and of the final states (n, B).

    Returns the gradients along the way and those of the weights.
    """
    cell, gradient = tape.cell, Gradient(tape)
    cell.begin_backward(gradient)
    for state, last in zip(gradient.states, final):
        state[-1] = last
    if dh is not None:
        gradient.h[-1] += dh[-1]
    back_to_h, look = back_through(tape, slice(0, tape.units)), tape.steps - SELDOM
    for t, step, da, dh_prev in steps_back(gradient):
        if t == look:
            arrived = [*(state[t + 1] for state in gradient.states), *gradient.carried]
            look = t - look_at(arrived)
            if dh is None and not any(np.count_nonzero(each) for each in arrived):
                gradient.end_before(t + 1)
                break
        held = None if tape.keep is None else hold(gradient.states, t, tape.keep[t])
        carry = cell.backward(*step)
        back_to_h(da, dh_prev)
        if carry is not None:
            dh_prev += carry
        if held is not None:
            release(gradient.states, t, held)
        if dh is not None and t > 0:
            dh_prev += dh[t - 1]
    return gradient, cell.unstack(weight_gradient(gradient), gradient)


def steps_back(gradient: Gradient) -> Iterator[tuple[int, tuple, Array, Array]]:
    """t, the arguments of ``backward``, and where the gradients of a and h_prev go: T - 1 to 0."""
    tape = gradient.tape
    for steps in tape.stretches():
        each = zip(
            range(steps.start, steps.stop),
            tape.cell.backward_steps(gradient, steps),
            flat(gradient.a[steps]),
            gradient.h[steps],
        )
        yield from reversed(list(each))


def hold(states: list[Array], t: int, keep: Array) -> list[Array]:
    """Take the gradient of masked samples aside: it passes a masked step unchanged."""
    held = [state[t + 1] * ~keep for state in states]
    for state in states:
        state[t + 1] *= keep
    return held


def release(states: list[Array], t: int, held: list[Array]) -> None:
    """Put it back, and hand it on to the step before."""
    for state, unchanged in zip(states, held):
        state[t] += unchanged
        state[t + 1] += unchanged


def product_with_z(tape: Tape) -> Callable[[Array, Array], object]:
    """The function (z, a) that writes a = [U; W; b]' z, as the gates' activation wants it."""
    scale = np.repeat(tape.cell.prescale, tape.units).astype(tape.dtype)
    scaled = tape.stacked * scale
    if tape.masks is None:
        return partial(np.dot, np.ascontiguousarray(scaled.T))
    gates = by_gate(scaled, tape).transpose(0, 2, 1)
    masks = tape.masks[: len(gates)]
    return lambda z, a: np.copyto(a, np.matmul(gates, z * masks).reshape(a.shape))


def weight_gradient(gradient: Gradient) -> Array:
    """The gradient of [U; W; b]: the sum of z da' over all steps and samples."""
    tape, n = gradient.tape, gradient.tape.units
    z, da = tape.z[:-1], flat(gradient.a)
    if tape.masks is None:
        return sum_of_products(z, da)
    by_gate = np.split(da, da.shape[1] // n, axis=1)
    return np.concatenate(
        [sum_of_products(z * mask, d) for mask, d in zip(tape.masks, by_gate)], axis=1
    )


def sum_of_products(left: Array, right: Array) -> Array:
    """(T, p, B), (T, q, B) -> (p, q), summed over steps and batch, in a few large products."""
    steps = max(1, PRODUCT_COLUMNS // left.shape[2])
    starts = range(0, len(left), steps)
    return sum(
        side_by_side(left[k : k + steps]) @ side_by_side(right[k : k + steps]).T for k in starts
    )


def gates_first(array: Array) -> Array:
    """(T, G, n, B) -> (G, T, n, B), a view."""
    return np.moveaxis(array, 1, 0)


def side_by_side(array: Array) -> Array:
    """(T, features, B) -> (features, T B)."""
    return array.transpose(1, 0, 2).reshape(array.shape[1], -1)
