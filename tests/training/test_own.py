"""A layer of two functions: drawn, trained and told off like any other."""

import numpy as np
import pytest

from course_utils.cells import SimpleRNN, check_gradients
from course_utils.tasks import Recall
from course_utils.training import Adam, SequenceModel, train
from course_utils.training.own import OwnLayer


def forward(x, W, U, b):
    h = np.zeros((len(x), x.shape[1] + 1, len(U)), x.dtype)
    for t in range(x.shape[1]):
        h[:, t + 1] = np.tanh(x[:, t] @ W + h[:, t] @ U + b)
    return h[:, 1:], (x, h)


def backward(dh, x, h, W, U, b):
    dW, dU, db, carry = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b), 0
    for t in reversed(range(x.shape[1])):
        da = (dh[:, t] + carry) * (1 - h[:, t + 1] ** 2)
        dW, dU, db, carry = dW + x[:, t].T @ da, dU + h[:, t].T @ da, db + da.sum(0), da @ U.T
    return {"W": dW, "U": dU, "b": db}


SHAPES = {"W": ("m", "n"), "U": ("n", "n"), "b": ("n",)}


def own(**options) -> OwnLayer:
    return OwnLayer(forward, backward, SHAPES, units=4, seed=0, **options)


@pytest.mark.parametrize("return_sequences", [True, False])
def test_it_is_the_layer_whose_equations_it_has(return_sequences: bool) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 5, 3))
    layer = own(return_sequences=return_sequences, dtype="float64")
    plain = SimpleRNN(4, return_sequences=return_sequences, dtype="float64")
    y = layer(x)
    plain.build(3)
    plain.set_weights(list(layer.weights.values()))
    np.testing.assert_allclose(y, plain(x), atol=1e-14)
    dy = rng.normal(size=y.shape)
    for mine, theirs in zip(
        layer.backward(dy).weights.values(), plain.backward(dy).weights.values()
    ):
        np.testing.assert_allclose(mine, theirs, atol=1e-13)


def test_gradients() -> None:
    x = np.random.default_rng(1).normal(size=(2, 5, 3))
    layer = own(dtype="float64")
    dy = np.ones_like(layer(x))
    found = layer.backward(dy).weights
    report = check_gradients(lambda: float(layer(x).sum()), layer.weights, found)
    assert report.passed, str(report)


def test_it_trains() -> None:
    model = SequenceModel.for_task(
        OwnLayer(forward, backward, SHAPES, units=16, seed=0), Recall(3), 0
    )
    history = train(model, Recall(3), steps=300, optimizer=Adam(0.01), progress=False)
    assert history.loss[-1] < 0.3 * Recall(3).baseline.loss


def test_sizes_and_the_draw() -> None:
    layer = OwnLayer(forward, backward, {"A": ("m", "3n"), "B": (2,), "C": ("2m",)}, 4, seed=0)
    layer.build(5)
    assert {name: one.shape for name, one in layer.weights.items()} == {
        "A": (5, 12), "B": (2,), "C": (10,)
    }  # fmt: skip
    assert layer.count_params() == 72 and layer.name == "forward"
    limit = np.sqrt(6 / 17)
    assert 0.8 * limit < np.abs(layer.weights["A"]).max() <= limit
    assert not layer.weights["B"].any()
    before = layer.weights["A"].copy()
    layer.build(5)
    assert np.array_equal(before, layer.weights["A"])


@pytest.mark.parametrize(
    ("misuse", "sentence"),
    [
        (lambda: own()(np.zeros((1, 2, 3)), mask=np.ones((1, 2))), "takes no mask"),
        (lambda: own().backward(np.zeros((1, 4))), "needs a forward pass first"),
        (lambda: OwnLayer(forward, backward, {"W": ("k",)}, 4).build(3), "'k'; it must be"),
    ],
)
def test_misuse_gets_a_sentence(misuse, sentence: str) -> None:
    with pytest.raises((ValueError, RuntimeError), match=sentence):
        misuse()
