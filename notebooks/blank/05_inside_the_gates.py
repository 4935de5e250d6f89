"""Where a trained LSTM keeps what it must remember: probe it, then reach in.

A symbol, 20 others that mean nothing, a question. Which units of c know it half-way (a
probe)? And if h or c of another sequence is put in there (a patch)? Blocks i, f, g, o.
"""

import numpy as np

S, LAG, n = 8, 20, 24  # symbols, steps between, units


def sequences(rng, B):
    first, others = rng.integers(S, size=(B, 1)), rng.integers(S, 2 * S, size=(B, LAG))
    return np.concatenate([first, others], axis=1)


def forward(x, W, U, b, V, h=0, c=0):
    h, kept = h + np.zeros((len(x), n)), []
    for x_t in x.T:
        a_i, a_f, a_g, a_o = np.split(W[x_t] + h @ U + b, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-a)) for a in (a_i, a_f, a_o))
        h_prev, c_prev, g = h, c, np.tanh(a_g)
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        kept.append((x_t, h_prev, c_prev, c, i, f, g, o))
    p = np.exp(h @ V)
    return h, c, p / p.sum(axis=1, keepdims=True), kept


def backward(symbol, h, c, p, kept, W, U, b, V):
    error = (p - np.eye(S)[symbol]) / len(p)
    dW, dU, db, dV, dh, dc = 0 * W, 0, 0, h.T @ error, error @ V.T, 0
    for x_t, h_prev, c_prev, c, i, f, g, o in reversed(kept):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        da = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
        da = np.concatenate([*da, dh * np.tanh(c) * o * (1 - o)], axis=1)
        np.add.at(dW, x_t, da)
        dU, db, dh, dc = dU + h_prev.T @ da, db + da.sum(axis=0), da @ U.T, dc * f
    return dW, dU, db, dV


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    a_f = np.log(rng.uniform(1, LAG, size=n))  # open for 2 to 20 steps: chrono
    W, U = rng.normal(size=(2 * S, 4 * n)), rng.normal(size=(n, 4 * n)) / 10
    weights = [W, U, np.r_[-a_f, a_f, np.zeros(2 * n)], rng.normal(size=(n, S)) / 5]
    for _ in range(300):
        x = sequences(rng, 32)
        down = backward(x[:, 0], *forward(x, *weights), *weights)
        weights = [w - d / max(0.3, np.linalg.norm(d)) for w, d in zip(weights, down)]
    x = sequences(rng, 1000)
    h, c, *_ = forward(x[:, :10], *weights)
    means = np.stack([c[:500][x[:500, 0] == k].mean(axis=0) for k in range(S)])
    nearest = np.abs(c[500:, None] - means).argmin(axis=1)  # by each unit alone
    knows = np.mean(nearest == x[500:, :1], axis=0) > 0.3
    print(f"{knows.sum()} of {n} units of c know the symbol (guessing: 12%)")
    for name, state in {"h": (h[::-1], c), "c": (h, c[::-1])}.items():
        said = forward(x[:, 10:], *weights, *state)[2].argmax(axis=1)
        own, other = np.mean(said == x[:, 0]), np.mean(said == x[::-1, 0])
        print(f"Another {name}: own symbol {own:4.0%}, the other's {other:4.0%}")
