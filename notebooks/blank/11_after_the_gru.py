"""A diagonal state-space layer, trained: all steps at once by a scan.

h = a h_prev + B x and y = C h, without tanh: so two steps in a row are one step of the
same kind, and T steps take about 2 log2(T) rounds. So does the way back.
Shapes: x (T, batch) numbers, h (T, batch, n), theta and a (n,), B (2S, n), C (n, S).
"""

import numpy as np

S, T, n = 8, 101, 32  # symbols, steps, units


def recall(rng, steps, count):
    x = rng.integers(S, 2 * S, size=(steps, count))
    x[0] -= S  # the symbol that is asked for; those after it mean nothing
    return x


def scan(a, b):
    if len(b) == 1:
        return b
    h = b.copy()
    h[1::2] = scan(a * a, b[1::2] + a * b[: len(b) - 1 : 2])  # two steps are one
    h[2::2] += a * h[1:-1:2]
    return h


def forward(x, theta, B, C):
    h = scan(np.exp(-np.exp(theta)), B[x])  # so a stays between 0 and 1
    p = np.exp(h[-1] @ C)
    return h, p / p.sum(axis=1, keepdims=True)


def backward(x, h, p, theta, B, C):
    error, a = (p - np.eye(S)[x[0]]) / len(p), np.exp(-np.exp(theta))
    dh, dB = 0 * h, 0 * B
    dh[-1] = error @ C.T
    dh = scan(a, dh[::-1])[::-1]  # the same recurrence, from the other end
    np.add.at(dB, x, dh)
    da = np.sum(dh[1:] * h[:-1], axis=(0, 1))
    return -da * a * np.exp(theta), dB, h[-1].T @ error


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    B, C = rng.normal(size=(2 * S, n)) / 4, rng.normal(size=(n, S)) / n**0.5
    weights, v = [-rng.uniform(0, 6, n), B, C], [0, 0, 0]  # memories of 1 to 400 steps
    for _ in range(500):
        x = recall(rng, T, 32)
        down = backward(x, *forward(x, *weights), *weights)
        v = [0.9 * mean + 0.1 * d**2 for mean, d in zip(v, down)]  # RMSprop
        weights = [w - 0.01 * d / u**0.5 for w, d, u in zip(weights, down, v)]
    for steps in (T, 2 * T):
        x = recall(rng, steps, 1000)
        h, p = forward(x, *weights)
        print(f"{steps} steps: right {np.mean(p.argmax(axis=1) == x[0]):4.0%}")
    by_loop = 0
    for b in weights[1][x]:
        by_loop = np.exp(-np.exp(weights[0])) * by_loop + b
    print("The scan gives what the loop gives:", np.allclose(h[-1], by_loop))
