"""Bad input gets one sentence: the argument, what it is, what it needs to be."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN, lstm

x = np.zeros((2, 5, 3))


def layer(cell=LSTM, **options):
    made = cell(4, seed=0, **options)
    made.build(3)
    return made


def after_call(cell=LSTM, **options):
    made = layer(cell, **options)
    made(x)
    return made


def with_nan(array, index):
    array = array.copy()
    array[index] = np.nan
    return array


class Sparse:
    """Like SciPy's sparse arrays: NumPy makes one object of it, not its numbers."""

    shape = (2, 5, 3)


VALUE_ERRORS = {
    "units 0": (lambda: LSTM(0), "units is 0; it must be a whole number above 0."),
    "units 2.5": (lambda: LSTM(2.5), "units is 2.5; it must be a whole number above 0."),
    "units True": (lambda: LSTM(True), "units is True; it must be a whole number above 0."),
    "units text": (lambda: GRU("3"), "units is '3'; it must be a whole number above 0."),
    "input size": (lambda: GRU(3).build(0), "input_size is 0; it must be a whole number above 0."),
    "activation": (
        lambda: LSTM(2, activation="tahn"),
        "activation is 'tahn'; it must be None, an Activation or one of: celu, elu,"
        " exponential, hard_shrink, hard_sigmoid, hard_tanh, leaky_relu, linear, log_sigmoid, relu,"
        " relu6, selu, sigmoid, soft_shrink, softplus, softsign, sparse_plus, sparse_sigmoid,"
        " squareplus, tanh.",
    ),
    "recurrent activation": (
        lambda: GRU(2, recurrent_activation="gate"),
        "recurrent_activation is 'gate'; it must be None, an Activation or one of: celu,"
        " elu, exponential, hard_shrink, hard_sigmoid, hard_tanh, leaky_relu, linear, log_sigmoid,"
        " relu, relu6, selu, sigmoid, soft_shrink, softplus, softsign, sparse_plus,"
        " sparse_sigmoid, squareplus, tanh.",
    ),
    "dropout": (
        lambda: LSTM(2, dropout=1.0),
        "dropout is 1.0; it must be a number from 0 up to, but not including, 1.",
    ),
    "recurrent dropout": (
        lambda: LSTM(2, recurrent_dropout=-0.1),
        "recurrent_dropout is -0.1; it must be a number from 0 up to, but not including, 1.",
    ),
    "dtype": (
        lambda: LSTM(2, dtype="float16"),
        "dtype is 'float16'; it must be 'float32' or 'float64'.",
    ),
    "two axes": (lambda: layer()(x[0]), "x has shape (5, 3); it needs (batch, steps, 3)."),
    "other width": (
        lambda: layer()(x[..., :2]),
        "x has shape (2, 5, 2); it needs (batch, steps, 3).",
    ),
    "not built": (lambda: LSTM(4)(x[0]), "x has shape (5, 3); it needs (batch, steps, inputs)."),
    "T = 0": (
        lambda: layer()(x[:, :0]),
        "x has shape (2, 0, 3); it needs (batch, steps, 3), with no size 0.",
    ),
    "B = 0": (
        lambda: layer()(x[:0]),
        "x has shape (0, 5, 3); it needs (batch, steps, 3), with no size 0.",
    ),
    "NaN": (
        lambda: layer()(with_nan(x, (1, 2, 0))),
        "x[1, 2, 0] is nan; every value must be finite.",
    ),
    "infinite": (
        lambda: layer()(np.full((1, 1, 3), -np.inf)),
        "x[0, 0, 0] is -inf; every value must be finite.",
    ),
    "mask": (
        lambda: layer()(x, mask=np.ones((2, 4))),
        "mask has shape (2, 4); it needs (2, 5).",
    ),
    "mask of lengths": (
        lambda: layer()(x, mask=np.tile([0, 1, 2, 1, 0], (2, 1))),
        "mask holds values other than 0 and 1; True means use this step.",
    ),
    "mask of weights": (
        lambda: layer()(x, mask=np.full((2, 5), 0.5)),
        "mask holds values other than 0 and 1; True means use this step.",
    ),
    "one state of two": (
        lambda: layer()(x, np.zeros((2, 4))),
        "initial_state holds 1 arrays; LSTM needs 2: h, c.",
    ),
    "two states of one": (
        lambda: layer(GRU)(x, [np.zeros((2, 4))] * 2),
        "initial_state holds 2 arrays; GRU needs 1: h.",
    ),
    "state of another size": (
        lambda: layer()(x, [np.zeros((2, 4)), np.zeros((2, 3))]),
        "initial_state c has shape (2, 3); it needs (2, 4).",
    ),
    "state of another batch": (
        lambda: layer(SimpleRNN)(x, np.zeros((3, 4))),
        "initial_state h has shape (3, 4); it needs (2, 4).",
    ),
    "NaN in a state": (
        lambda: layer(GRU)(x, with_nan(np.zeros((2, 4)), (0, 3))),
        "initial_state h[0, 3] is nan; every value must be finite.",
    ),
    "dropout mask": (
        lambda: layer(dropout=0.5)(x, training=True, dropout_mask=np.ones((2, 5))),
        "dropout_mask has shape (2, 5); it needs (2, 3).",
    ),
    "recurrent dropout mask": (
        lambda: layer(GRU)(x, training=True, recurrent_dropout_mask=np.ones((2, 4))),
        "recurrent_dropout_mask has shape (2, 4); it needs (3, 2, 4).",
    ),
    "kept state, other batch": (
        lambda: after_call(GRU, stateful=True)(x[:1]),
        "x has a batch of 1, but the kept state belongs to a batch of 2: call reset_state() first"
        " or keep the batch size.",
    ),
    "dy": (
        lambda: after_call().backward(np.zeros((2, 5, 4))),
        "dy has shape (2, 5, 4); it needs (2, 4).",
    ),
    "dy of a sequence": (
        lambda: after_call(return_sequences=True).backward(np.zeros((2, 4))),
        "dy has shape (2, 4); it needs (2, 5, 4).",
    ),
    "NaN in dy": (
        lambda: after_call().backward(with_nan(np.zeros((2, 4)), (1, 1))),
        "dy[1, 1] is nan; every value must be finite.",
    ),
    "state gradient": (
        lambda: after_call().backward(None, np.zeros((2, 4)), np.zeros((2, 5))),
        "state gradient c has shape (2, 5); it needs (2, 4).",
    ),
    "too many state gradients": (
        lambda: after_call(GRU).backward(None, np.zeros((2, 4)), np.zeros((2, 4))),
        "backward got 2 state gradients; GRU has 1: h.",
    ),
    "too few weights": (
        lambda: layer().set_weights([np.zeros((3, 16))]),
        "set_weights got 1 arrays; it needs 3: kernel, recurrent_kernel, bias.",
    ),
    "kernel": (
        lambda: layer().set_weights([np.zeros((3, 12)), np.zeros((4, 16)), np.zeros(16)]),
        "kernel has shape (3, 12); it needs (3, 16).",
    ),
    "kernel, not built": (
        lambda: LSTM(4).set_weights([np.zeros((3, 12)), np.zeros((4, 16)), np.zeros(16)]),
        "kernel has shape (3, 12); it needs (inputs, 16).",
    ),
    "bias of the other dialect": (
        lambda: layer(GRU).set_weights([np.zeros((3, 12)), np.zeros((4, 12)), np.zeros(12)]),
        "bias has shape (12,); it needs (2, 12).",
    ),
    "seed below 0": (
        lambda: LSTM(2, seed=-1),
        "seed is -1; it must be None or a whole number, 0 or above.",
    ),
    "seed of a fraction": (
        lambda: GRU(2, seed=0.5),
        "seed is 0.5; it must be None or a whole number, 0 or above.",
    ),
    "no such gate": (
        lambda: layer(GRU).gate_weights("f"),
        "GRU has no gate 'f'; it has z, r, g.",
    ),
    "plain function": (
        lambda: lstm(x, np.zeros((3, 16)), np.zeros((4, 12))),
        "recurrent_kernel has shape (4, 12); it needs (4, 16).",
    ),
}
NUMBERS = "must be an array of numbers of shape"
OTHER_ERRORS = {
    "masked": (
        TypeError,
        lambda: layer()(np.ma.masked_greater(x, 5)),
        f"x {NUMBERS} (batch, steps, 3); it is masked: fill the gaps with .filled(0), and say with"
        " the layer's mask=... which steps count.",
    ),
    "list of masked": (TypeError, lambda: layer()([np.ma.array(r) for r in x]), "it is masked"),
    "one value masked": (
        TypeError,
        lambda: layer()([[[np.ma.masked, 1.0, 2.0]]]),
        "it is masked",
    ),
    "dates": (TypeError, lambda: layer()(x.astype("datetime64[s]")), "it holds dates."),
    "spans": (TypeError, lambda: layer()(x.astype("timedelta64[s]")), "it holds spans of time."),
    "texts": (TypeError, lambda: layer()(x.astype(str)), "it holds texts."),
    "list of texts": (TypeError, lambda: layer()([[["1", "2", "3"]]]), "it holds texts."),
    "bytes": (TypeError, lambda: layer()(x.astype("S3")), "it holds bytes."),
    "complex": (TypeError, lambda: layer()(x * 1j), "it holds complex numbers."),
    "list of complex": (TypeError, lambda: layer()([[[1j, 2, 3]]]), "it holds complex numbers."),
    "records": (TypeError, lambda: layer()(np.zeros((2, 5, 3), "f8,i4")), "it holds records."),
    "objects": (TypeError, lambda: layer()(np.full((2, 5, 3), "1", object)), "it holds a str."),
    "gaps": (TypeError, lambda: layer()(np.full((2, 5, 3), None)), "it holds a NoneType."),
    "nothing": (TypeError, lambda: layer()(None), "it holds a NoneType."),
    "sparse": (TypeError, lambda: layer()(Sparse()), "it holds a Sparse."),
    "complex state": (
        TypeError,
        lambda: layer(GRU)(x, np.zeros((2, 4), complex)),
        f"initial_state h {NUMBERS} (2, 4); it holds complex numbers.",
    ),
    "texts in a mask": (TypeError, lambda: layer()(x, mask=np.full((2, 5), "1")), "mask must be"),
    "masked mask": (
        TypeError,
        lambda: layer()(x, mask=np.ma.masked_less(np.ones((2, 5)), 2)),
        "mask must be",
    ),
    "complex weights": (
        TypeError,
        lambda: layer().set_weights([w * (1 + 1j) for w in layer().get_weights()]),
        f"kernel {NUMBERS} (3, 16); it holds complex numbers.",
    ),
    "complex dy": (TypeError, lambda: after_call().backward(np.zeros((2, 4), complex)), "dy must"),
    "text": (TypeError, lambda: layer()("abc"), "x must be an array of numbers of shape (batch"),
    "ragged": (TypeError, lambda: layer()([[1, 2], [3]]), "x must be an array of numbers of sha"),
    "unknown option": (TypeError, lambda: SimpleRNN(2, reset_after=True), "reset_after"),
    "backward first": (
        RuntimeError,
        lambda: layer().backward(np.zeros((2, 4))),
        "LSTM.backward needs a forward pass first: call the layer on x.",
    ),
    "trace first": (
        RuntimeError,
        lambda: layer(GRU).trace(),
        "GRU.trace needs a forward pass first: call the layer on x.",
    ),
    "gates first": (
        RuntimeError,
        lambda: GRU(2).gate_weights("z"),
        "GRU.gate_weights needs weights: call build(input_size) first.",
    ),
}


@pytest.mark.parametrize("case", VALUE_ERRORS)
def test_wrong_values(case):
    call, sentence = VALUE_ERRORS[case]
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == sentence


@pytest.mark.parametrize("case", OTHER_ERRORS)
def test_other_mistakes(case):
    kind, call, sentence = OTHER_ERRORS[case]
    with pytest.raises(kind) as error:
        call()
    assert sentence in str(error.value)


def test_a_refused_call_leaves_the_layer_as_it_was():
    made = after_call(stateful=True)
    before, state = made.trace(), [s.copy() for s in made.state]
    for bad in (x[:, :0], with_nan(x, (0, 0, 0)), x[:1]):
        with pytest.raises(ValueError):
            made(bad)
    assert all(np.array_equal(made.trace()[k], before[k]) for k in before)
    assert all(np.array_equal(a, b) for a, b in zip(made.state, state, strict=True))
    weights = made.get_weights()
    with pytest.raises(ValueError):
        made.set_weights([np.ones((3, 16)), np.ones((4, 16)), np.ones(15)])
    assert all(np.array_equal(a, b) for a, b in zip(made.get_weights(), weights, strict=True))


def test_a_refused_call_builds_nothing():
    fresh = LSTM(4)
    for bad in (x[:, :0], with_nan(x, (0, 0, 0))):
        with pytest.raises(ValueError):
            fresh(bad)
    with pytest.raises(ValueError):
        fresh(x, mask=np.ones((2, 4)))
    assert not fresh.weights or fresh.input_size == 3


@pytest.mark.filterwarnings("error")
def test_numbers_of_any_kind_are_taken():
    made = layer()
    for dtype in ("float32", "float64", "int8", "uint64", bool, object):
        np.testing.assert_array_equal(made(np.ones((2, 5, 3)).astype(dtype)), made(x + 1))
    np.testing.assert_array_equal(made(np.ones((2, 5, 3)).tolist()), made(x + 1))
