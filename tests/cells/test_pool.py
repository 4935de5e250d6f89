"""Memory is used again, but never while somebody still holds what is in it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import course_utils.cells
from tests.cells.test_layers import KINDS, built

fixed = settings(derandomize=True, database=None, deadline=None)


class Run:
    """A call, its backward pass, and copies of all that came out.

    ``forgetful`` runs let go of the gradients' object, and with it of the memory behind it.
    """

    def __init__(self, layer, batch, steps, seed, forgetful):
        rng = np.random.default_rng(seed)
        self.x = rng.normal(size=(batch, steps, layer.input_size))
        y, *final = layer(self.x)
        gradients = layer.backward(y, *final)
        self.held = [y, *final, *gradients.weights.values(), *gradients.initial_state]
        self.held += layer.trace().values()
        self.copies = [array.copy() for array in self.held]
        self.gradients = None if forgetful else gradients

    def late(self):
        """What is worked out only when asked for."""
        if self.gradients is None:
            return []
        return [self.gradients.x, *self.gradients.states.values()]


def options_of(options):
    return options | {"return_sequences": True, "return_state": True}


def check_calls(cells, calls):
    """``calls`` of (kind, batch, steps) on a layer of each kind, one unit or three, interleaved."""
    sizes = [(1, 1), (3, 2)]
    make = {
        (k, s): built(cells, *KINDS[k][:1], options_of(KINDS[k][1]), m=m, n=n)
        for k in range(len(KINDS))
        for s, (n, m) in enumerate(sizes)
    }
    runs = []
    for seed, (kind, size, batch, steps) in enumerate(calls):
        runs.append(((kind, size), Run(make[kind, size], batch, steps, seed, seed % 2 > 0)))
    for (kind, size), run in runs:
        for array, copy in zip(run.held, run.copies, strict=True):
            np.testing.assert_array_equal(array, copy)
        n, m = sizes[size]
        alone = built(cells, KINDS[kind][0], options_of(KINDS[kind][1]), m=m, n=n)
        y, *final = alone(run.x)
        gradients = alone.backward(y, *final)
        expected = [gradients.x, *gradients.states.values()]
        for array, value in zip(run.late(), expected):
            np.testing.assert_array_equal(array, value)


@settings(fixed, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(KINDS) - 1),
            st.integers(0, 1),
            st.integers(1, 3),
            st.integers(1, 5),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_later_calls_change_nothing_that_earlier_ones_gave(calls):
    check_calls(course_utils.cells, calls)


def test_results_of_one_layer_outlive_its_next_calls(cells):
    for kind in range(len(KINDS)):
        for size in (0, 1):
            shapes = [(1, 1), (1, 4), (1, 1), (1, 1), (2, 3), (1, 4), (1, 1), (2, 5), (1, 4)]
            check_calls(cells, [(kind, size, batch, steps) for batch, steps in shapes])


def test_gradients_belong_to_the_weights_of_the_call(cells):
    """An optimiser changes weights in place before somebody asks for the input's gradient."""
    for cell, options in KINDS:
        for n in (1, 3):
            still, moved = (built(cells, cell, options_of(options), n=n) for _ in range(2))
            x = np.random.default_rng(0).normal(size=(2, 4, 3))
            results = []
            for layer in (still, moved):
                y, *final = layer(x)
                if layer is moved:
                    for w in layer.weights.values():
                        w += 1
                gradients = layer.backward(y, *final)
                if layer is moved:
                    for w in layer.weights.values():
                        w *= 2
                results.append([gradients.x, *gradients.weights.values()])
            for one, other in zip(*results, strict=True):
                np.testing.assert_array_equal(one, other)


def test_inputs_may_change_after_the_call(cells):
    for cell, options in KINDS:
        layers = [built(cells, cell, options_of(options)) for _ in range(2)]
        results = []
        for k, layer in enumerate(layers):
            rng = np.random.default_rng(0)
            x, mask = rng.normal(size=(2, 4, 3)), rng.random((2, 4)) > 0.3
            drop = np.array([[0.0, 2, 2], [2, 0, 2]])
            y, *final = layer(x, mask=mask, training=True, dropout_mask=drop)
            if k:
                x[:], mask[:], drop[:] = 9, False, 1
            gradients = layer.backward(y, *final)
            results.append([gradients.x, *gradients.weights.values()])
        for one, other in zip(*results, strict=True):
            np.testing.assert_array_equal(one, other)


def test_inputs_are_left_as_they_are(cells):
    for cell, options in KINDS:
        layer = built(cells, cell, options_of(options), dropout=0.5, recurrent_dropout=0.5)
        rng = np.random.default_rng(0)
        x, state = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4))
        states = [state.copy() for _ in layer.state_names]
        kept = [a.copy() for a in (x, *states)]
        y, *final = layer(x, states, training=True)
        dy = [rng.normal(size=a.shape) for a in (y, *final)]
        kept_dy = [d.copy() for d in dy]
        layer.backward(*dy)
        for array, copy in zip((x, *states, *dy), (*kept, *kept_dy), strict=True):
            np.testing.assert_array_equal(array, copy)


def test_memory_is_used_again(cells):
    layer = built(cells, "LSTM", {}, n=8)
    x = np.zeros((4, 50, 3))
    buffers = []  # held, so that no new one can stand in an old one's place
    for _ in range(10):
        layer(x)
        layer.backward(np.zeros((4, 8)))
        buffers.append(layer._last.tape.z.base)
    assert buffers[0].dtype == np.uint8 and len({id(b) for b in buffers}) <= 2


def test_growing_requests_leave_no_trail(cells):
    layer = built(cells, "GRU", {})
    for steps in range(1, 60):
        layer(np.zeros((2, steps, 3)))
        layer.backward(np.zeros((2, 4)))
    layer._last = None
    assert len(layer._pool._free) <= 12
