"""The LSTM, forward and backward, and the gate that decides how long it remembers.

A gradient rides 90 steps back along c, for four biases of the forget gate. Shapes:
x (B, T, m), h and c (B, n), W (m, 4n), U (n, 4n), b (4n,); the blocks are i, f, g, o.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step(x, h_prev, c_prev, W, U, b):
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    return o * np.tanh(c), c, (i, f, g, o, c_prev, c)


def step_back(dh, dc, i, f, g, o, c_prev, c):
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)  # c has two readers: h and the next step
    di, df, dg, do = dc * g, dc * c_prev, dc * i, dh * np.tanh(c)
    da = di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)
    return np.concatenate(da, axis=1), dc * f  # along c there is no matrix, only f


def forward(x, W, U, b):
    h, c, kept = [np.zeros((len(x), len(U)))], 0, []
    for t in range(x.shape[1]):
        h_t, c, gates = step(x[:, t], h[t], c, W, U, b)
        h, kept = [*h, h_t], [*kept, gates]
    return h, kept


def backward(x, h, kept, dh, U):
    dW, dU, db, dc, along_c = 0, 0, 0, 0, []
    for t in reversed(range(x.shape[1])):
        da, dc = step_back(dh, dc, *kept[t])
        dW, dU, db = dW + x[:, t].T @ da, dU + h[t].T @ da, db + da.sum(axis=0)
        dh = da @ U.T
        along_c.append(np.linalg.norm(dc))
    return (dW, dU, db), along_c


if __name__ == "__main__":
    rng, (B, T, m, n) = np.random.default_rng(0), (2, 91, 3, 5)
    x = 0.1 * rng.normal(size=(B, T, m))
    weights = [0.2 * rng.normal(size=size) for size in ((m, 4 * n), (n, 4 * n), 4 * n)]
    for bias in (0, 1, 2, 5):
        weights[2][n : 2 * n] = bias
        h, kept = forward(x, *weights)
        gradients, along_c = backward(x, h, kept, np.ones((B, n)), weights[1])
        left = f"{along_c[-1] / along_c[0]:.0e}"
        print(f"forget bias {bias}: f = {sigmoid(bias):.2f}, left of dc {left}")
    nudge = [1e-7 * rng.normal(size=w.shape) for w in weights]
    moved = np.sum(forward(x, *[w + d for w, d in zip(weights, nudge)])[0][-1] - h[-1])
    foretold = sum(np.sum(dw * d) for dw, d in zip(gradients, nudge))
    print(f"All weights nudged: the loss moves by {moved:.2e}, foretold {foretold:.2e}")
