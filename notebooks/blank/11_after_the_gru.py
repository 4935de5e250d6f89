"""A diagonal state-space layer, trained: all steps at once by a scan.

h = a h_prev + x W and y = h V, without tanh: so two steps in a row are one step of the
same kind, and T steps take about 2 log2(T) rounds, forward and back. Shapes: x (T, B)
numbers of symbols, h (T, B, n), theta and a (n,), W (2 kinds, n), V (n, kinds).
"""

import numpy as np

kinds, T, n = 8, 101, 32  # kinds of symbols, steps, units


def recall(rng, steps, count):
    x = rng.integers(kinds, 2 * kinds, size=(steps, count))
    x[0] -= kinds  # the symbol that is asked for; those after it mean nothing
    return x


def scan(a, b):
    if len(b) == 1:
        return b
    h = b.copy()
    h[1::2] = scan(a * a, b[1::2] + a * b[: len(b) - 1 : 2])  # two steps are one
    h[2::2] += a * h[1:-1:2]
    return h


def forward(x, theta, W, V):
    h = scan(np.exp(-np.exp(theta)), W[x])  # so a stays between 0 and 1
    p = np.exp(h[-1] @ V)
    return h, p / p.sum(axis=1, keepdims=True)


def backward(x, h, p, theta, W, V):
    error, a = (p - np.eye(kinds)[x[0]]) / len(p), np.exp(-np.exp(theta))
    dh, dW = 0 * h, 0 * W
    dh[-1] = error @ V.T
    dh = scan(a, dh[::-1])[::-1]  # the same recurrence, from the other end
    np.add.at(dW, x, dh)  # adds also where a symbol comes twice
    da = np.sum(dh[1:] * h[:-1], axis=(0, 1))
    return -da * a * np.exp(theta), dW, h[-1].T @ error


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(2 * kinds, n)) / 4, rng.normal(size=(n, kinds)) / n**0.5
    weights, squares = [-rng.uniform(0, 6, n), W, V], [0] * 3
    for _ in range(500):
        x = recall(rng, T, 32)
        down = backward(x, *forward(x, *weights), *weights)
        squares = [0.9 * mean + 0.1 * d**2 for mean, d in zip(squares, down)]
        weights = [w - 0.01 * d / s**0.5 for w, d, s in zip(weights, down, squares)]
    for steps in (T, 2 * T):
        x = recall(rng, steps, 1000)
        h, p = forward(x, *weights)
        print(f"{steps} steps: right {np.mean(p.argmax(axis=1) == x[0]):4.0%}")
    by_loop = 0
    for b in weights[1][x]:
        by_loop = np.exp(-np.exp(weights[0])) * by_loop + b
    print("The scan gives what the loop gives:", np.allclose(h[-1], by_loop))
