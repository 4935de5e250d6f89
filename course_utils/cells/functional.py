"""The cells as plain functions of arrays: values, and gradients given upstream gradients.

    y, (h, c) = lstm(x, W, U, b, h0, c0)
    gradients = lstm_gradients(x, W, U, b, h0, c0, dy=dy, dh=dh, dc=dc)

Shapes: x (B, T, m); W (m, Gn), U (n, Gn), b (Gn,) or None, GRU with reset_after (2, 3n); h0, c0
(B, n) or None for zeros; y (B, T, n), its gradient dy likewise, dh and dc (B, n) the gradients of
the final states, None for zeros; G = 1, 4, 3 gates. ``options`` are those of the layers and of
their call (activation, mask, go_backwards ...). float32 inputs are computed in float32, others in
float64.
"""

from __future__ import annotations

from course_utils.cells.activations import Array
from course_utils.cells.layers import GRU, LSTM, Layer, SimpleRNN

_CALL_OPTIONS = ("mask", "training", "dropout_mask", "recurrent_dropout_mask")


def simple_rnn(
    x: Array, W: Array, U: Array, b: Array | None = None, h0: Array | None = None, **options
):
    """Outputs (B, T, n) and the final state [h]."""
    return _forward(SimpleRNN, x, (W, U, b), [h0], options)[1]


def lstm(
    x: Array,
    W: Array,
    U: Array,
    b: Array | None = None,
    h0: Array | None = None,
    c0: Array | None = None,
    **options,
):
    """Outputs (B, T, n) and the final states [h, c]."""
    return _forward(LSTM, x, (W, U, b), [h0, c0], options)[1]


def gru(x: Array, W: Array, U: Array, b: Array | None = None, h0: Array | None = None, **options):
    """Outputs (B, T, n) and the final state [h]; ``reset_after`` defaults to True."""
    return _forward(GRU, x, (W, U, b), [h0], options)[1]


def simple_rnn_gradients(
    x: Array,
    W: Array,
    U: Array,
    b: Array | None = None,
    h0: Array | None = None,
    *,
    dy=None,
    dh=None,
    **options,
) -> dict[str, Array]:
    """Gradients of x, W, U, b, h0 by name, given dy and the gradient of the final state."""
    return _gradients(SimpleRNN, x, (W, U, b), {"h0": h0}, dy, (dh,), options)


def lstm_gradients(
    x: Array,
    W: Array,
    U: Array,
    b: Array | None = None,
    h0: Array | None = None,
    c0: Array | None = None,
    *,
    dy=None,
    dh=None,
    dc=None,
    **options,
) -> dict[str, Array]:
    """Gradients of x, W, U, b, h0, c0 by name, given dy and the gradients of the final states."""
    return _gradients(LSTM, x, (W, U, b), {"h0": h0, "c0": c0}, dy, (dh, dc), options)


def gru_gradients(
    x: Array,
    W: Array,
    U: Array,
    b: Array | None = None,
    h0: Array | None = None,
    *,
    dy=None,
    dh=None,
    **options,
) -> dict[str, Array]:
    """Gradients of x, W, U, b, h0 by name, given dy and the gradient of the final state."""
    return _gradients(GRU, x, (W, U, b), {"h0": h0}, dy, (dh,), options)


def _forward(
    kind: type[Layer], x, weights, states, options
) -> tuple[Layer, tuple[Array, list[Array]]]:
    W, U, b = weights
    call = {name: options.pop(name) for name in _CALL_OPTIONS if name in options}
    dtype = "float32" if getattr(x, "dtype", None) == "float32" else "float64"
    layer = kind(
        len(U),
        use_bias=b is not None,
        return_sequences=True,
        return_state=True,
        dtype=dtype,
        **options,
    )
    layer.set_weights([W, U] if b is None else [W, U, b])
    y, *final = layer(x, states, **call)
    return layer, (y, final)


def _gradients(kind: type[Layer], x, weights, states, dy, final, options) -> dict[str, Array]:
    layer, _ = _forward(kind, x, weights, list(states.values()), options)
    gradients = layer.backward(dy, *final)
    named = dict(zip(("W", "U", "b"), gradients.weights.values()))
    return {"x": gradients.x, **named, **dict(zip(states, gradients.initial_state))}
