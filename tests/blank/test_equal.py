"""What the programs compute is what the package computes: values, gradients, tasks."""

from pathlib import Path

import numpy as np
import pytest

from course_utils.cells import (
    GRU,
    LSTM,
    SimpleRNN,
    check_gradients,
    gru,
    gru_gradients,
    lstm,
    lstm_gradients,
    simple_rnn,
    simple_rnn_gradients,
)
from course_utils.cells import scan as scans
from course_utils.measure import jacobian
from course_utils.tasks.weather import measurements
from course_utils.training import softmax_cross_entropy
from tests.blank.programs import PROGRAMS, names, run_alone

B, T, m, n = 2, 5, 3, 4
ONE = 50.0  # a sigmoid of it is 1


def draw(*sizes, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=size) for size in sizes]


def same(one, other, tolerance=1e-10):
    np.testing.assert_allclose(one, other, rtol=0, atol=tolerance)


def one_hot(x, width):
    return np.eye(width)[x]


def check_reader(program, kind, gradients, blocks, words, classes, n, x):
    """A network that reads word numbers x (B, T) and answers at the end, as in 00 and 05."""
    W, U, b, V = draw((words, blocks * n), (n, blocks * n), (blocks * n,), (n, classes), seed=1)
    target, text = np.arange(len(x)) % classes, one_hot(x, words)
    out = program["forward"](x, W, U, b, V)
    h = kind(text, W, U, b)[0][:, -1]
    _, dlogits = softmax_cross_entropy(h @ V, target)
    same(np.exp(h @ V) / np.exp(h @ V).sum(axis=1, keepdims=True), out[-1 if len(out) == 2 else 2])
    found = program["backward"](target, *out, W, U, b, V)
    theirs = gradients(text, W, U, b, dh=dlogits @ V.T)
    for one, other in zip(found, [theirs["W"], theirs["U"], theirs["b"], h.T @ dlogits]):
        same(one, other)


def test_00_the_sentence() -> None:
    program = names("00")
    words, language = program["sentences"](7, np.random.default_rng(0), 6)
    assert words.shape == (6, 12) and (words[:, 4] == language).all()
    backward = program["backward"]
    program["backward"] = lambda target, *rest: backward(words, target, *rest)
    check_reader(
        program,
        simple_rnn,
        simple_rnn_gradients,
        1,
        len(program["WORDS"]),
        len(program["LANGUAGES"]),
        n,
        words,
    )


def test_01_the_loop() -> None:
    x, W, U, b = draw((B, T, m), (m, n), (n, n), n)
    same(names("01")["rnn"](x, W, U, b), simple_rnn(x, W, U, b)[0], 1e-12)


def test_02_through_time() -> None:
    program = names("02")
    x, W, U, b, h0, dy = draw((B, T, m), (m, n), (n, n), n, (B, n), (B, T, n))
    h = program["forward"](x, W, U, b, h0)
    same(h[:, 1:], simple_rnn(x, W, U, b, h0)[0], 1e-12)
    found = program["backward"](x, h, dy, W, U)
    for name, theirs in simple_rnn_gradients(x, W, U, b, h0, dy=dy).items():
        same(found[name], theirs)


def test_03_jacobians() -> None:
    program = names("03")
    x, W, U, dh = draw((T, m), (m, n), (n, n), n)
    layer = SimpleRNN(n, return_sequences=True, dtype="float64")
    layer.set_weights([W, U, np.zeros(n)])
    h = layer(x[None])[0]
    same(program["jacobian"](h[3], U), jacobian(layer, x[3], [h[2]]))
    dy = np.zeros((1, T, n))
    dy[0, -1] = dh
    layer(x[None])
    states = layer.backward(dy).states["h"][0]
    same(program["left"](x, W, U, dh), np.linalg.norm(states, axis=-1)[::-1])
    lstm_layer = LSTM(n, seed=0, dtype="float64")
    lstm_layer.build(m)
    U_g = lstm_layer.weights["recurrent_kernel"][:, 2 * n : 3 * n]
    whole = jacobian(lstm_layer, np.zeros(m), [np.zeros(n), np.zeros(n)])
    eigenvalues = np.linalg.eigvals(program["lstm_at_rest"](1, U_g))
    theirs = sorted(np.linalg.eigvals(whole), key=abs)[n:]  # h carries nothing on by itself
    same(np.sort(np.abs(eigenvalues)), np.abs(theirs), 1e-9)


def test_04_the_lstm() -> None:
    program = names("04")
    x, W, U, b, dh = draw((B, T, m), (m, 4 * n), (n, 4 * n), 4 * n, (B, n))
    h, kept = program["forward"](x, W, U, b)
    same(np.stack(h[1:], axis=1), lstm(x, W, U, b)[0])
    found, along_c = program["backward"](x, h, kept, dh, U)
    theirs = lstm_gradients(x, W, U, b, dh=dh)
    for name, one in zip("WUb", found):
        same(one, theirs[name])
    start = lstm_gradients(x, W, U, b, np.zeros((B, n)), np.zeros((B, n)), dh=dh)["c0"]
    same(along_c[-1], np.linalg.norm(start))


def test_05_inside() -> None:
    program = names("05")
    x = program["sequences"](np.random.default_rng(0), 6)
    assert (x[:, 0] < program["S"]).all() and (x[:, 1:] >= program["S"]).all()
    symbols = program["S"]
    check_reader(program, lstm, lstm_gradients, 4, 2 * symbols, symbols, program["n"], x)


def test_06_both_dialects() -> None:
    program = names("06")
    x, W, U, b, h0 = draw((B, T, m), (m, 3 * n), (n, 3 * n), (2, 3 * n), (B, n))
    paper = gru(x[:, :1], W, U, b[0], h0, reset_after=False)[0][:, 0]
    same(program["step_of_2014"](x[:, 0], h0, W, U, b[0]), paper)
    h, found = program["through_time"](x, W, U, b)
    same(h, gru(x, W, U, b)[0][:, -1])
    theirs = gru_gradients(x, W, U, b, dh=np.ones_like(h))
    for name, one in zip("WUb", found):
        same(one, theirs[name])


def gated(weights):
    """Weights z, g as those of a GRU z, r, g whose reset gate is open."""
    W, U, b = weights
    wide = [np.concatenate([w[:, :-half], 0 * w[:, :half], w[:, -half:]], axis=1)
            for w, half in ((W, W.shape[1] // 2), (U, U.shape[1] // 2))]  # fmt: skip
    half = len(b) // 2
    return [*wide, np.r_[b[:half], np.full(half, ONE), b[half:]]]


def trained_by_package(is_gated, n, rate, seed, program):
    """Steps to solve with the package's cells in the place of the program's loops."""
    S, T, B, most = (program[name] for name in ("S", "T", "B", "MOST"))
    rng, size = np.random.default_rng(seed), (1 + is_gated) * n
    W, V = rng.normal(size=(2 * S, size)), rng.normal(size=(n, S)) / n
    U, b = np.linalg.qr(rng.normal(size=(size, n)))[0].T, np.zeros(size)
    right = 0
    for step in range(most):
        x = rng.integers(S, 2 * S, size=(T, B))
        x[0] = rng.integers(S, size=B)
        make = (lambda: GRU(n, reset_after=False, dtype="float64")) if is_gated else None
        layer = make() if make else SimpleRNN(n, dtype="float64")
        layer.set_weights(gated((W, U, b)) if is_gated else [W, U, b])
        h = layer(one_hot(x.T, 2 * S))
        right = 0.9 * right + 0.1 * np.mean((h @ V).argmax(axis=1) == x[0])
        if right > 0.9:
            return step
        _, dlogits = softmax_cross_entropy(h @ V, x[0])
        down = list(layer.backward(dlogits @ V.T).weights.values())
        if is_gated:
            down = [np.delete(d, np.s_[n : 2 * n], axis=-1) for d in down]
        for w, d in zip((W, U, b, V), [*down, h.T @ dlogits]):
            w -= rate * d / max(1, np.linalg.norm(d))
    return most


@pytest.mark.parametrize("is_gated", [0, 1])
def test_07_a_fight_of_the_package_s_cells_ends_at_the_same_step(is_gated: int) -> None:
    program = names("07")
    ours = program["steps_to_solve"](is_gated, 20, 3 if is_gated else 1, 5)
    assert ours == trained_by_package(is_gated, 20, 3 if is_gated else 1, 5, program)
    assert 5 < ours < program["MOST"]


def test_07_chance() -> None:
    by_luck = names("07")["by_luck"]
    assert by_luck([1, 2], [3, 4]) == pytest.approx(2 / 6)  # of 6 deals the best and the worst
    assert by_luck([1, 1], [1, 1]) == 1


def test_08_the_network_is_an_lstm_with_a_read_out() -> None:
    program = names("08")
    model = program["network"]()
    x, on = program["machines"](3, seed=0)
    assert x.shape == on.shape == (3, 60, 1) and set(np.unique(on)) == {0, 1}
    W, U, b, V, c = model.get_weights()
    h = lstm(x.astype(float), W.astype(float), U.astype(float), b.astype(float))[0]
    same(1 / (1 + np.exp(-(h @ V + c))), model.predict(x, verbose=0), 1e-5)


def test_09_the_cell_is_a_gru_whose_reset_gate_is_open() -> None:
    from keras import layers

    (x,) = draw((B, T, m))
    own = layers.RNN(names("09")["GatedCell"](n, dtype="float64"), dtype="float64")
    own.build(x.shape)
    W, U, b = draw((m, 2 * n), (n, 2 * n), 2 * n)
    own.set_weights([W, U, b])
    same(own(x).numpy(), gru(x, *gated((W, U, b)), reset_after=False)[0][:, -1])


def test_10_the_file_and_its_windows() -> None:
    program = names("10")
    values = program["read"]()
    theirs = measurements().values[1, :, 0]  # Kennedy, the temperature
    same(np.nan_to_num(values, nan=-99), np.nan_to_num(theirs, nan=-99))
    hours = np.arange(80.0)
    table = np.stack([hours, -hours, 0 * hours, hours], axis=1)
    table[3] = np.nan
    x, y = program["windows"](table)
    assert x.shape == (5, 48, 3) and y.shape == (5, 24)  # those that begin after the gap
    same(x[0, :, :2], np.stack([hours[4:52], -hours[4:52]], axis=1))
    same(y[2], np.arange(1, 25))
    filled = np.where(np.arange(4) < 3, np.nan_to_num(table), table)
    assert len(program["windows"](filled)[0]) == 9  # what is read may be filled, ...
    filled[60, 3] = np.nan
    with pytest.raises(SystemExit, match="72 steps without a gap"):
        program["windows"](filled)  # ... what is asked for must be measured
    program["windows"].__globals__["PERIOD"] = 49  # more than is read
    with pytest.raises(SystemExit, match="PERIOD <= PAST"):
        program["windows"](table)


def test_10_a_period_ago_for_days_and_weeks(tmp_path: Path) -> None:
    """Two weeks asked of four: the second repeats the last week as well."""
    text = PROGRAMS["10"].read_text(encoding="utf-8").replace("epochs=20", "epochs=1")
    (program := tmp_path / "days.py").write_text(
        text.replace("= 48, 24, 24,", "= 28, 14, 7,"), encoding="utf-8"
    )
    (room := tmp_path / "room").mkdir()
    done = run_alone(program, room)
    off = {line[:12].strip(): line[12:].split()[2:4] for line in done.stdout.splitlines()[1:5]}
    assert done.returncode == 0 and off["as now"][1] == off["a period ago"][1], done.stderr[-999:]
    assert len(done.stdout.splitlines()[5].split()) == 2 + 14 + 1


def test_11_scan_and_gradients() -> None:
    program = names("11")
    for steps in (1, 2, 3, 7, 8, 33):
        a, b = np.random.default_rng(0).uniform(0, 1, n), draw((steps, B, n))[0]
        wide = np.broadcast_to(a, b.shape)
        same(program["scan"](a, b), scans.scan(wide, b), 1e-12)
    x = program["recall"](np.random.default_rng(0), T, 6)
    theta, W, V = draw(program["n"], (16, program["n"]), (program["n"], 8))
    arrays = {"theta": theta, "W": W, "V": V}

    def loss():
        p = program["forward"](x, *arrays.values())[1]
        return -np.log(p[np.arange(6), x[0]]).mean()

    found = program["backward"](x, *program["forward"](x, *arrays.values()), *arrays.values())
    assert check_gradients(loss, arrays, dict(zip(arrays, found))).passed
