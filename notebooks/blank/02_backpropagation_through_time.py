"""Backpropagation through time, and the check that tells whether it is right.

`forward` is the loop of a plain RNN. `backward` is the same loop from its end to its
start. Nudging every number a little, up and down, gives the same gradients, slowly; and
it finds a mistake that fits every shape.

Shapes: x (B, T, m), h (B, T + 1, n) with the start in front, dy (B, T, n).
"""

import numpy as np


def forward(x, W, U, b, h0):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ W + h[t] @ U + b))
    return np.stack(h, axis=1)


def backward(x, h, dy, W, U):
    dx, dW, dU, db, dh = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(x.shape[1])):
        dh = dh + dy[:, t]  # a state has two readers: its output and the next step
        da = dh * (1 - h[:, t + 1] ** 2)
        dW += x[:, t].T @ da  # every step uses the same weights: the shares add up
        dU += h[:, t].T @ da
        db += da.sum(axis=0)
        dx[:, t] = da @ W.T
        dh = da @ U.T
    return {"x": dx, "W": dW, "U": dU, "b": db, "h0": dh}


def by_nudging(loss, array, nudge=1e-5):
    slopes = np.zeros_like(array)
    for k in np.ndindex(array.shape):
        kept = array[k]
        array[k] = kept + nudge
        up = loss()
        array[k] = kept - nudge
        slopes[k] = (up - loss()) / (2 * nudge)
        array[k] = kept
    return slopes


if __name__ == "__main__":
    rng = np.random.default_rng(1)
    B, T, m, n = 2, 4, 3, 6  # no two alike, nor like T + 1
    sizes = {"x": (B, T, m), "W": (m, n), "U": (n, n), "b": n, "h0": (B, n)}
    arrays = {name: rng.normal(size=size) for name, size in sizes.items()}
    dy = rng.normal(size=(B, T, n))  # the loss: each state times a number, added up
    h = forward(**arrays)
    found = backward(arrays["x"], h, dy, arrays["W"], arrays["U"])
    found["U, axes exchanged"] = found["U"].T  # NumPy says nothing: the shape fits
    for name, gradient in found.items():
        array = arrays[name.split(",")[0]]
        slopes = by_nudging(lambda: np.sum(dy * forward(**arrays)[:, 1:]), array)
        right = np.abs(gradient - slopes).max() < 1e-6 * np.abs(slopes).max()
        print(f"{name:18} {array.size:2} numbers  {'right' if right else 'WRONG'}")
