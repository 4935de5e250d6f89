"""flow(): what it says is what the real cells did, wire by wire."""

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.measure.flow import flow

X = np.random.default_rng(5).normal(size=(7, 3))
CELLS = {"SimpleRNN": SimpleRNN, "LSTM": LSTM, "GRU": GRU}


def made(name: str) -> object:
    layer = CELLS[name](9, seed=2, dtype="float64")
    layer.build(3)
    for weight in layer.weights.values():
        weight += np.random.default_rng(1).normal(size=weight.shape, scale=0.3)
    return layer


@pytest.mark.parametrize("name", CELLS)
def test_states_and_gates_are_those_of_the_trace(name: str) -> None:
    layer = made(name)
    seen = flow(layer, X, units=4)
    layer(X[None])
    trace = layer.trace()
    memory = "c" if name == "LSTM" else "h"
    size = np.abs(trace[memory][0]).mean(axis=0)
    assert set(seen["units"]) == set(np.argsort(size)[-4:])
    for key, values in seen["states"].items():
        np.testing.assert_array_equal(values, trace[key][0][:, seen["units"]])
    for key, values in seen["gates"].items():
        np.testing.assert_allclose(values, np.abs(trace[key][0]).mean(axis=1))
    assert set(seen["gates"]) == {"SimpleRNN": set(), "LSTM": set("ifgo"), "GRU": set("zrg")}[name]


@pytest.mark.parametrize("name", CELLS)
def test_the_loss_is_a_unit_at_the_last_h_and_wires_hang_together(name: str) -> None:
    gradient = flow(made(name), X)["gradient"]
    assert gradient["h"][-1] == pytest.approx(1)
    np.testing.assert_allclose(gradient["h_prev"][1:], gradient["h"][:-1])
    assert all(values.shape == (7,) for values in gradient.values())


WIRES = [("LSTM", "f"), ("LSTM", "i"), ("LSTM", "g"), ("LSTM", "o"), ("LSTM", "out")]
WIRES += [("GRU", "z"), ("GRU", "g"), ("GRU", "r"), ("GRU", "rest"), ("SimpleRNN", "a")]
WIRES += [("LSTM", f"to_{gate}") for gate in "figo"] + [("GRU", f"to_{gate}") for gate in "zrg"]
WIRES += [("GRU", "u")]


@pytest.mark.parametrize(("name", "wire"), WIRES)
def test_the_gradient_of_a_wire_is_the_slope_of_the_loss(name: str, wire: str) -> None:
    """At the last step, moving what a wire carries moves the loss by as much as flow says."""
    layer = made(name)
    gradient = flow(layer, X)["gradient"][wire][-1]
    layer(X[None])
    trace = {key: values[0] for key, values in layer.trace().items()}
    u = np.random.default_rng(0).normal(size=9)
    u /= np.linalg.norm(u)
    slope = np.zeros(9)
    for k in range(9):
        move = np.zeros(9)
        move[k] = 1e-6
        slope[k] = (
            u @ last_h(layer, trace, wire, move) - u @ last_h(layer, trace, wire, -move)
        ) / 2e-6
    assert gradient == pytest.approx(np.linalg.norm(slope), rel=1e-6)


def last_h(layer: object, trace: dict, wire: str, move: np.ndarray) -> np.ndarray:
    """The last h, written out anew from the gates of `trace`, with `move` added to one wire."""
    now = {key: values[-1] + (move if key == wire else 0) for key, values in trace.items()}
    gate = wire.removeprefix("to_")
    if gate != wire:  # the sum that enters a gate
        value = now[gate]
        now[gate] = (
            np.tanh(np.arctanh(value) + move)
            if gate == "g"
            else 1 / (1 + np.exp(-(np.log(value / (1 - value)) + move)))
        )
    if layer.name == "SimpleRNN":
        return np.tanh(np.arctanh(trace["h"][-1]) + move)
    if layer.name == "LSTM":
        c = now["f"] * trace["c"][-2] + now["i"] * now["g"] + (move if wire == "out" else 0)
        return now["o"] * np.tanh(c)
    h = trace["h"][-2]
    if wire in ("r", "to_r", "u"):
        weights = layer.gate_weights("g")
        before = X[-1] @ weights["kernel"] + weights["bias"][0]
        past = h @ weights["recurrent_kernel"] + weights["bias"][1] + (move if wire == "u" else 0)
        before += now["r"] * past
        now["g"] = np.tanh(before)
    rest = 1 - now["z"] + (move if wire == "rest" else 0)
    return now["z"] * h + rest * now["g"]


def test_gates_of_one_unit() -> None:
    layer = made("LSTM")
    seen = flow(layer, X, unit=3)["gates"]
    layer(X[None])
    for key, values in seen.items():
        np.testing.assert_allclose(values, np.abs(layer.trace()[key][0][:, 3]))
    with pytest.raises(ValueError, match="unit is 9"):
        flow(layer, X, unit=9)


def test_in_a_gru_all_ways_back_meet_in_h_prev() -> None:
    """What is not carried by z goes through the gates: the whole less the kept part."""
    layer = made("GRU")
    gradient = flow(layer, X)["gradient"]
    assert (gradient["past"] <= gradient["h_prev"] + gradient["h"] + 1e-12).all()
    assert (gradient["past"] > 0).all()


def test_mistakes_are_named() -> None:
    layer = made("GRU")
    with pytest.raises(ValueError, match="one sequence"):
        flow(layer, X[None])
    with pytest.raises(ValueError, match="units is 10"):
        flow(layer, X, units=10)
