"""A layer's surface: weights, states, dropout, traces, and the cells as plain functions."""

from __future__ import annotations

from itertools import product

import numpy as np

from tests.cells.loops import keras_loop

KINDS = [
    ("SimpleRNN", {}),
    ("LSTM", {}),
    ("GRU", {}),
    ("GRU", {"reset_after": False}),
]


def built(cells, cell, options, m=3, n=4, seed=0, **more):
    """A float64 layer whose weights, biases too, are random."""
    rng = np.random.default_rng(seed)
    layer = getattr(cells, cell)(n, dtype="float64", **options, **more)
    layer.build(m)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


def inputs(layer, B=2, T=5, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(B, T, layer.input_size))
    return x, [rng.normal(size=(B, layer.units)) for _ in layer.state_names]


def test_trace_equals_a_plain_loop(cells):
    for cell, options in KINDS:
        layer = built(cells, cell, options, return_sequences=True)
        x, states = inputs(layer)
        y = layer(x, states)
        expected = keras_loop(cell, layer.get_weights(), x, *states, **options)
        trace = layer.trace()
        assert set(trace) == set(expected) == {*layer.gates, *layer.state_names}
        for name, values in expected.items():
            np.testing.assert_allclose(trace[name], values, rtol=1e-12, err_msg=f"{cell} {name}")
        np.testing.assert_array_equal(y, trace["h"])


def test_trace_stands_in_the_order_of_processing(cells):
    for cell, options in KINDS:
        back = built(cells, cell, options, go_backwards=True)
        x, states = inputs(back)
        back(x, states)
        expected = keras_loop(cell, back.get_weights(), x[:, ::-1], *states, **options)
        np.testing.assert_allclose(back.trace()["h"], expected["h"], rtol=1e-12)


def test_gradients_behind_masked_steps_and_dropout(cells):
    rng = np.random.default_rng(4)
    for (cell, options), by_gate in product(KINDS, (False, True)):
        layer = built(cells, cell, options, return_sequences=True)
        x, states = inputs(layer)
        (B, T, m), n, G = x.shape, layer.units, len(layer.gates)
        sizes = {"dropout_mask": (G, B, m), "recurrent_dropout_mask": (G, B, n)}
        drops = sizes if by_gate else {"dropout_mask": (B, m)}
        call = {name: rng.choice([0, 1.5], size) for name, size in drops.items()}
        call |= {"mask": rng.random((B, T)) < 0.7, "training": True}
        dy = rng.normal(size=(B, T, n))

        def loss(layer=layer, x=x, states=states, call=call, dy=dy):
            return np.sum(layer(x, states, **call) * dy)

        loss()
        found = layer.backward(dy)
        arrays = {"x": x} | layer.weights | dict(enumerate(states))
        gradients = {"x": found.x} | found.weights | dict(enumerate(found.initial_state))
        assert cells.check_gradients(loss, arrays, gradients).passed, cell


def test_a_layer_shows_its_size(cells):
    assert repr(cells.LSTM(4)) == "LSTM(units=4, not built)"
    assert repr(built(cells, "LSTM", {})) == "LSTM(units=4, kernel (3, 16))"


def test_slopes_are_those_of_the_activations(cells):
    a, step = np.array([-9, -3.5, -1.2, -0.1, 0.4, 2.5, 3.5, 9]), 1e-6
    for name, activation in cells.activations.ACTIVATIONS.items():
        measured = (activation(a + step) - activation(a - step)) / (2 * step)
        slope = activation.slope(activation(a))
        np.testing.assert_allclose(slope, measured, rtol=1e-8, atol=1e-8, err_msg=name)


def test_state_gradients_are_the_whole_gradient_of_each_step(cells):
    """Cut after step t: what arrives there is the gradient of the rest's initial state.

    To it comes dy_t and, for the LSTM's c, what comes through h_t = o tanh(c).
    """
    for cell, options in KINDS:
        whole = built(cells, cell, options, return_sequences=True)
        x, states = inputs(whole, T=4)
        rng = np.random.default_rng(2)
        y = whole(x, states)
        dy = rng.normal(size=y.shape)
        ends = [rng.normal(size=s.shape) for s in states]
        arriving = whole.backward(dy, *ends).states
        trace = whole.trace()
        for t in (1, 2, 3):
            rest = built(cells, cell, options, return_sequences=True)
            start = [trace[name][:, t - 1] for name in rest.state_names]
            rest(x[:, t:], start)
            expected = rest.backward(dy[:, t:], *ends).initial_state
            expected[0] = expected[0] + dy[:, t - 1]
            if cell == "LSTM":
                o, c = trace["o"][:, t - 1], trace["c"][:, t - 1]
                expected[1] = expected[1] + expected[0] * o * (1 - np.tanh(c) ** 2)
            for name, gradient in zip(rest.state_names, expected, strict=True):
                np.testing.assert_allclose(arriving[name][:, t - 1], gradient, rtol=1e-10)


def test_stateful_continues_where_the_last_call_ended(cells):
    for cell, options in KINDS:
        whole = built(cells, cell, options, return_sequences=True)
        parts = built(cells, cell, options, return_sequences=True, stateful=True)
        for batch in (1, 2):
            x, _ = inputs(whole, B=batch, T=6)
            y = whole(x)
            pieces = [parts(x[:, :2]), parts(x[:, 2:3]), parts(x[:, 3:])]
            np.testing.assert_allclose(np.concatenate(pieces, axis=1), y, rtol=1e-12)
            parts.reset_state()
            np.testing.assert_allclose(parts(x[:, :2]), y[:, :2], rtol=1e-12)
            parts.reset_state()


def test_an_initial_state_overrides_the_kept_one_and_is_followed_by_its_result(cells):
    for cell, options in KINDS:
        plain = built(cells, cell, options)
        kept = built(cells, cell, options, stateful=True)
        x, states = inputs(plain)
        kept(x)
        np.testing.assert_array_equal(kept(x, states), plain(x, states))
        longer = np.concatenate((x, x), axis=1)
        np.testing.assert_allclose(kept(x), plain(longer, states), rtol=1e-12)


def test_a_kept_state_is_the_layers_own(cells):
    """Changing what a call returned, or was given, changes no later call."""
    for cell, options in KINDS:
        one, two = (built(cells, cell, options, stateful=True, return_state=True) for _ in range(2))
        x, states = inputs(one)
        for layer in (one, two):
            given = [s.copy() for s in states]
            returned = layer(x, given)
            if layer is one:
                for array in (*returned, *given):
                    array[:] = 99
        np.testing.assert_array_equal(one(x)[0], two(x)[0])


def test_without_stateful_calls_are_independent(cells):
    for cell, options in KINDS:
        layer = built(cells, cell, options)
        x, _ = inputs(layer)
        np.testing.assert_array_equal(layer(x), layer(x))
        assert layer.state is None


def test_weights_go_out_as_copies_and_come_in_by_value(cells):
    for cell, options in KINDS:
        layer = built(cells, cell, options)
        x, _ = inputs(layer)
        y = layer(x)
        out = layer.get_weights()
        same = built(cells, cell, options, seed=9)
        same.set_weights(out)
        for w in out:
            w[:] = 0
        np.testing.assert_array_equal(layer(x), y)
        np.testing.assert_array_equal(same(x), y)
        fresh = getattr(cells, cell)(4, dtype="float64", **options)
        fresh.set_weights(layer.get_weights())  # builds it
        np.testing.assert_array_equal(fresh(x), y)


def test_set_weights_writes_into_the_arrays_that_optimisers_hold(cells):
    layer = built(cells, "LSTM", {})
    held = dict(layer.weights)
    layer.set_weights([w + 1 for w in layer.get_weights()])
    assert all(layer.weights[name] is held[name] for name in held)


def test_a_gates_weights_are_views_of_its_own_columns(cells):
    layer = built(cells, "GRU", {})
    before = layer.get_weights()
    view = layer.gate_weights("r")
    assert [view[k].shape for k in view] == [(3, 4), (4, 4), (2, 4)]
    view["kernel"][:] = 5
    kernel = layer.weights["kernel"]
    assert (kernel[:, 4:8] == 5).all()
    np.testing.assert_array_equal(kernel[:, :4], before[0][:, :4])
    np.testing.assert_array_equal(kernel[:, 8:], before[0][:, 8:])


def test_gates_are_called_by_what_they_do(cells):
    """A wide open bias of a gate shows in the trace under the same name."""
    for cell in ("LSTM", "GRU"):
        for gate in getattr(cells, cell).gates:
            layer = built(cells, cell, {})
            layer.gate_weights(gate)["bias"][:] = 30
            layer(inputs(layer)[0])
            trace = layer.trace()
            open_gates = [k for k in layer.gates if trace[k].min() > 0.99]
            assert open_gates == [gate]


def test_drawn_dropout_masks_of_inputs(cells):
    """Inverted: 0, or scaled so that the mean stays; one mask for all gates."""
    for cell, options in KINDS:
        layer = getattr(cells, cell)(1, dropout=0.25, seed=0, dtype="float64", **options)
        drop_x, noise = seen_masks(layer, np.ones((20_000, 2, 1)))
        assert noise is None and drop_x.shape == (20_000, 1)
        assert set(np.unique(drop_x)) == {0, 1 / 0.75}
        assert abs((drop_x == 0).mean() - 0.25) < 0.015 and abs(drop_x.mean() - 1) < 0.02


def test_drawn_dropout_masks_of_states(cells):
    for cell, options in KINDS:
        layer = getattr(cells, cell)(2, dropout=0.5, recurrent_dropout=0.25, seed=0, **options)
        B, gates = 8000, len(layer.gates)
        drop_x, noise = seen_masks(layer, np.ones((B, 2, 1)))
        assert drop_x is None
        assert noise.inputs.shape == (gates, B, 1) and noise.states.shape == (gates, B, 2)
        for masks, rate in ((noise.inputs, 0.5), (noise.states, 0.25)):
            assert set(np.unique(masks)) == {0, np.float32(1 / (1 - rate))}
            assert abs((masks == 0).mean() - rate) < 0.015
            if gates > 1:  # each gate has its own
                differ = (masks[0] != masks[1]).mean()
                assert abs(differ - 2 * rate * (1 - rate)) < 0.02


def seen_masks(layer, x):
    layer(x, training=True)
    call = layer._last
    noise = call.tape.masks
    if noise is None:
        return call.drop_x, None
    n = layer.units

    class Seen:
        inputs, states = noise[:, n:-1].transpose(0, 2, 1), noise[:, :n].transpose(0, 2, 1)

    return call.drop_x, Seen


def test_dropout_is_constant_over_time_and_new_in_each_call(cells):
    for cell, options in KINDS:
        layer = built(cells, cell, options, m=1, n=1, dropout=0.5, recurrent_dropout=0.5)
        layer(np.ones((64, 4, 1)), training=True)
        masks = layer._last.tape.masks
        assert masks.shape == (len(layer.gates), 3, 64)  # no axis of time
        layer(np.ones((64, 4, 1)), training=True)
        assert not np.array_equal(layer._last.tape.masks, masks)


def test_dropout_rests_outside_training(cells):
    for cell, options in KINDS:
        plain = built(cells, cell, options)
        dropping = built(cells, cell, options, dropout=0.5, recurrent_dropout=0.5)
        x, _ = inputs(plain)
        np.testing.assert_array_equal(plain(x), dropping(x))
        assert np.abs(plain(x) - dropping(x, training=True)).max() > 0.01


def test_plain_functions_equal_the_layers(cells):
    names = {"SimpleRNN": "simple_rnn", "LSTM": "lstm", "GRU": "gru"}
    for cell, options in KINDS:
        layer = built(cells, cell, options, return_sequences=True, return_state=True)
        x, states = inputs(layer)
        mask = np.array([[1, 1, 0, 1, 1], [0, 1, 1, 1, 0]])
        arguments = (x, *layer.get_weights(), *states)
        y, *final = layer(x, states, mask=mask)
        forward = getattr(cells, names[cell])
        outputs, ends = forward(*arguments, mask=mask, **options)
        np.testing.assert_array_equal(outputs, y)
        for one, other in zip(ends, final, strict=True):
            np.testing.assert_array_equal(one, other)
        rng = np.random.default_rng(3)
        dy, dends = rng.normal(size=y.shape), [rng.normal(size=s.shape) for s in final]
        expected = layer.backward(dy, *dends)
        named = dict(zip(("dh", "dc"), dends, strict=False))
        backward = getattr(cells, f"{names[cell]}_gradients")
        gradients = backward(*arguments, dy=dy, **named, mask=mask, **options)
        assert list(gradients) == ["x", "W", "U", "b", "h0", "c0"][: 4 + len(final)]
        pairs = [expected.x, *expected.weights.values(), *expected.initial_state]
        for one, other in zip(gradients.values(), pairs, strict=True):
            np.testing.assert_array_equal(one, other)


def test_plain_functions_do_without_bias_and_states(cells):
    rng = np.random.default_rng(0)
    x, W, U = rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 16)), rng.normal(size=(4, 16))
    y, (h, _) = cells.lstm(x, W, U)
    z = np.zeros
    np.testing.assert_array_equal(y, cells.lstm(x, W, U, z(16), z((2, 4)), z((2, 4)))[0])
    np.testing.assert_array_equal(y[:, -1], h)
    assert set(cells.lstm_gradients(x, W, U, dy=y)) == {"x", "W", "U", "h0", "c0"}
    assert cells.lstm(*(a.astype("float32") for a in (x, W, U)))[0].dtype == np.float32


def test_float32_stays_float32(cells):
    for cell, options in KINDS:
        for activation in ("tanh", "hard_sigmoid", "relu", "softsign", "linear"):
            layer = getattr(cells, cell)(3, activation=activation, return_state=True, **options)
            y, *final = layer(np.ones((2, 4, 2)))
            gradients = layer.backward(y, *final)
            arrays = [y, *final, gradients.x, *gradients.weights.values()]
            arrays += [*gradients.initial_state, *layer.trace().values()]
            assert {a.dtype for a in arrays} == {np.dtype("float32")}


def test_an_activation_of_ones_own(cells):
    """A function and its slope in terms of the output are all it takes."""
    cubed = cells.activations.Activation("swing", lambda a: np.sin(a), lambda y: np.sqrt(1 - y * y))
    layer = built(cells, "SimpleRNN", {}, activation=cubed)
    for w in layer.weights.values():
        w *= 0.1  # where the cosine is above zero
    x, _ = inputs(layer)

    def loss():
        return layer(x).sum()

    loss()
    gradients = layer.backward(np.ones((2, 4)))
    assert cells.check_gradients(loss, layer.weights, gradients.weights).passed


def test_an_activation_of_ones_own_is_known_by_what_it_does_not_by_its_name(cells):
    hard = cells.activations.ACTIVATIONS["hard_sigmoid"]
    alias = cells.activations.Activation("sigmoid", hard.function, hard.slope)
    for cell in ("LSTM", "GRU"):
        named = built(cells, cell, {}, recurrent_activation="hard_sigmoid")
        own = built(cells, cell, {}, recurrent_activation=alias)
        x, _ = inputs(named)
        np.testing.assert_array_equal(own(x), named(x))
