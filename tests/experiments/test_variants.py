"""The variants of Greff et al. 2015: gradients, and what each of them takes away."""

import numpy as np
import pytest

from course_utils.cells import LSTM, check_gradients
from course_utils.experiments import VARIANTS


def shaken(cell: str, units: int = 3, inputs: int = 2, **options):
    """A layer in which no weight is zero."""
    layer = VARIANTS[cell](units, seed=0, dtype="float64", return_sequences=True, **options)
    layer.build(inputs)
    rng = np.random.default_rng(1)
    for weight in layer.weights.values():
        weight += rng.normal(0, 0.5, weight.shape)
    return layer


@pytest.mark.parametrize("cell", VARIANTS)
@pytest.mark.parametrize("sigma", ["sigmoid", "hard_sigmoid"])
def test_gradients(cell: str, sigma: str) -> None:
    layer = shaken(cell, recurrent_activation=sigma)
    rng = np.random.default_rng(2)
    x, ask = rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 5, 3))
    layer(x)
    found = layer.backward(ask)
    report = check_gradients(
        lambda: float((layer(x) * ask).sum()),
        layer.weights | {"x": x},
        found.weights | {"x": found.x},
    )
    assert report.passed, str(report)


@pytest.mark.parametrize("cell", VARIANTS)
def test_equations(cell: str) -> None:
    """The trace of a variant obeys its equations, written out here once more."""
    layer = shaken(cell)
    x = np.random.default_rng(3).normal(size=(2, 4, 2))
    layer(x)
    trace = layer.trace()
    h = c = np.zeros((2, 3))
    bias = layer.weights["bias"]
    p = np.split(bias[1], 4) if len(bias) == 2 else [0] * 4
    seen = np.zeros((2, 9))
    for t in range(4):
        a = x[:, t] @ layer.weights["kernel"] + h @ layer.weights["recurrent_kernel"]
        a = a + np.atleast_2d(bias)[0]
        ai, af, ag, ao = np.split(a + seen @ bias[1:] if "recurrence" in cell else a, 4, axis=1)
        ag = a[:, 6:9]
        i, f, g = sigmoid(ai + p[0] * c), sigmoid(af + p[1] * c), np.tanh(ag)
        i = np.ones_like(i) if "input gate" in cell else i
        f = np.ones_like(f) if "forget gate" in cell else f
        f = 1 - i if "coupled" in cell else f
        g = ag if "input activation" in cell else g
        c = f * c + i * g
        o = np.ones_like(c) if "output gate" in cell else sigmoid(ao + p[3] * c)
        seen = np.hstack((i, f, o))
        h = o * (c if "output activation" in cell else np.tanh(c))
        for name, value in {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}.items():
            np.testing.assert_allclose(trace[name][:, t], value, atol=1e-12, err_msg=name)


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


@pytest.mark.parametrize("cell", VARIANTS)
def test_parameters_that_count(cell: str) -> None:
    layer, full = shaken(cell, 8, 3), LSTM(8)
    full.build(3)
    of_one_gate = full.count_params() // 4
    difference = layer.count_params() - full.count_params()
    more = {"LSTM with peepholes": 3 * 8, "LSTM with full gate recurrence": 9 * 8 * 8}
    assert difference == more.get(cell, -of_one_gate if "gate" in cell else 0)


@pytest.mark.parametrize("cell", ["LSTM with peepholes", "LSTM with full gate recurrence"])
def test_what_is_added_starts_closed(cell: str) -> None:
    """Before training it is Keras's LSTM."""
    x = np.random.default_rng(0).normal(size=(2, 6, 3))
    plain = LSTM(4, seed=5, dtype="float64")
    with_more = VARIANTS[cell](4, seed=5, dtype="float64")
    np.testing.assert_allclose(with_more(x), plain(x), atol=1e-14)
    assert (with_more.weights["bias"][0, 4:8] == 1).all()
