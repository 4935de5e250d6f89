"""The GRU in two dialects, and the way back through time in Keras's.

In the paper of 2014 r acts before U_g, in Keras after it, with one more bias. z keeps.
Shapes: x (B, T, m), h (B, n), W (m, 3n), U (n, 3n), b (3n,) or (2, 3n); z, r, g.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step_of_2014(x, h_prev, W, U, b):
    z, r, _ = np.split(sigmoid(x @ W + h_prev @ U + b), 3, axis=1)
    _, _, g = np.split(np.tanh(x @ W + (r * h_prev) @ U + b), 3, axis=1)
    return z * h_prev + (1 - z) * g


def step(x, h_prev, W, U, b):
    x_z, x_r, x_g = np.split(x @ W + b[0], 3, axis=1)
    s_z, s_r, s_g = np.split(h_prev @ U + b[1], 3, axis=1)
    z, r = sigmoid(x_z + s_z), sigmoid(x_r + s_r)
    g = np.tanh(x_g + r * s_g)
    return z * h_prev + (1 - z) * g, (z, r, g, s_g)


def step_back(dh, x, h_prev, U, z, r, g, s_g):
    da_z = dh * (h_prev - g) * z * (1 - z)
    da_g = dh * (1 - z) * (1 - g**2)
    da_r = da_g * s_g * r * (1 - r)
    da, ds = (np.concatenate([da_z, da_r, da_g * k], axis=1) for k in (1, r))
    db = np.array([da.sum(axis=0), ds.sum(axis=0)])
    return dh * z + ds @ U.T, (x.T @ da, h_prev.T @ ds, db)  # z keeps a gradient, too


def through_time(x, W, U, b):
    h, kept, total = [np.zeros((len(x), len(U)))], [], (0, 0, 0)
    for t in range(x.shape[1]):
        h_t, gates = step(x[:, t], h[t], W, U, b)
        h, kept = [*h, h_t], [*kept, gates]
    dh = np.ones_like(h_t)  # the loss: the last states, added up
    for t in reversed(range(x.shape[1])):
        dh, shares = step_back(dh, x[:, t], h[t], U, *kept[t])
        total = [one + share for one, share in zip(total, shares)]
    return h_t, total


if __name__ == "__main__":
    rng, (B, T, m, n) = np.random.default_rng(0), (2, 4, 3, 5)
    sizes = (B, T, m), (m, 3 * n), (n, 3 * n), (2, 3 * n)
    x, W, U, b = (rng.normal(size=size) for size in sizes)
    print(f"{W.size + U.size + b[0].size} weights, in Keras {W.size + U.size + b.size}")
    h, gradients = through_time(x, W, U, b)
    gap = step_of_2014(x[:, 0], h, W, U, b[0]) - step(x[:, 0], h, W, U, [b[0], 0])[0]
    print(f"The same weights in both: states differ by up to {np.abs(gap).max():.2f}")
    nudge = [1e-7 * rng.normal(size=w.shape) for w in (W, U, b)]
    moved = np.sum(through_time(x, W + nudge[0], U + nudge[1], b + nudge[2])[0] - h)
    foretold = sum(np.sum(dw * d) for dw, d in zip(gradients, nudge))
    print(f"All weights nudged: the loss moves by {moved:.2e}, foretold {foretold:.2e}")
