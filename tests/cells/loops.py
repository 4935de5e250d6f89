"""The cells once more, as plain loops over one sample's steps, written from the documentation.

Keras: docs of SimpleRNN, LSTM, GRU. PyTorch: docs of torch.nn.RNN, LSTM, GRU. ONNX: operators RNN,
LSTM, GRU. Nothing here comes from course_utils.
"""

from __future__ import annotations

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def keras_loop(cell, weights, x, h, c=None, reset_after=True):
    """Gates and states by name, each (B, T, n), for kernel, recurrent_kernel and bias of Keras."""
    W, U, b = weights
    n, seen = len(U), []
    for t in range(x.shape[1]):
        if cell == "SimpleRNN":
            h = np.tanh(x[:, t] @ W + b + h @ U)
            step = {"h": h}
        elif cell == "LSTM":
            a = x[:, t] @ W + h @ U + b
            i, f, g, o = (a[:, k * n : (k + 1) * n] for k in range(4))
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            c = f * c + i * g
            h = o * np.tanh(c)
            step = {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}
        else:
            b_in, b_rec = b if reset_after else (b, np.zeros_like(b))
            p, q = x[:, t] @ W + b_in, h @ U + b_rec
            z, r = sigmoid(p[:, :n] + q[:, :n]), sigmoid(p[:, n : 2 * n] + q[:, n : 2 * n])
            past = r * q[:, 2 * n :] if reset_after else (r * h) @ U[:, 2 * n :]
            g = np.tanh(p[:, 2 * n :] + past)
            h = z * h + (1 - z) * g
            step = {"z": z, "r": r, "g": g, "h": h}
        seen.append(step)
    return {name: np.stack([step[name] for step in seen], axis=1) for name in seen[0]}


def torch_loop(cell, p, x, h, c=None):
    """All h (B, T, n) for the parameters of torch.nn.RNN, LSTM or GRU, by PyTorch's names."""
    w_ih, w_hh = p["weight_ih_l0"], p["weight_hh_l0"]
    b_ih, b_hh = (p.get(f"bias_{k}_l0", np.zeros(len(w_ih))) for k in ("ih", "hh"))
    hs = []
    for t in range(x.shape[1]):
        a, s = x[:, t] @ w_ih.T + b_ih, h @ w_hh.T + b_hh
        if cell == "SimpleRNN":
            h = np.tanh(a + s)
        elif cell == "LSTM":
            i, f, g, o = np.split(a + s, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        else:
            (a_r, a_z, a_n), (s_r, s_z, s_n) = np.split(a, 3, axis=1), np.split(s, 3, axis=1)
            r, z = sigmoid(a_r + s_r), sigmoid(a_z + s_z)
            n = np.tanh(a_n + r * s_n)
            h = (1 - z) * n + z * h
        hs.append(h)
    return np.stack(hs, axis=1)


def onnx_loop(cell, p, x, h, c=None, linear_before_reset=1):
    """All h (B, T, n) for W, R, B of the ONNX operators RNN, LSTM or GRU, forward direction."""
    W, R = p["W"][0], p["R"][0]
    Wb, Rb = np.split(p["B"][0], 2) if "B" in p else (np.zeros(len(W)), np.zeros(len(W)))
    hs = []
    for t in range(x.shape[1]):
        xt = x[:, t]
        if cell == "SimpleRNN":
            h = np.tanh(xt @ W.T + h @ R.T + Wb + Rb)
        elif cell == "LSTM":
            i, o, f, k = np.split(xt @ W.T + h @ R.T + Wb + Rb, 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(k)
            h = sigmoid(o) * np.tanh(c)
        else:
            (Wz, Wr, Wh), (Rz, Rr, Rh) = np.split(W, 3), np.split(R, 3)
            (Wbz, Wbr, Wbh), (Rbz, Rbr, Rbh) = np.split(Wb, 3), np.split(Rb, 3)
            z = sigmoid(xt @ Wz.T + h @ Rz.T + Wbz + Rbz)
            r = sigmoid(xt @ Wr.T + h @ Rr.T + Wbr + Rbr)
            if linear_before_reset:
                k = np.tanh(xt @ Wh.T + r * (h @ Rh.T + Rbh) + Wbh)
            else:
                k = np.tanh(xt @ Wh.T + (r * h) @ Rh.T + Rbh + Wbh)
            h = (1 - z) * k + z * h
        hs.append(h)
    return np.stack(hs, axis=1)
