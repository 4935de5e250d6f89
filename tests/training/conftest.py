"""A recurrent layer and tasks small enough to check by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest


class TinyRNN:
    """A plain tanh RNN with the surface of a layer, written apart from the package."""

    name = "TinyRNN"

    def __init__(self, units, return_sequences=False, seed=0, dtype="float64"):
        self.units, self.return_sequences, self.dtype = units, return_sequences, dtype
        self.seed, self.weights, self.input_size = seed, {}, None

    def build(self, input_size):
        rng, n = np.random.default_rng(self.seed), self.units
        self.input_size = input_size
        self.weights = {
            "kernel": (0.5 * rng.normal(size=(input_size, n))).astype(self.dtype),
            "recurrent_kernel": (0.5 * rng.normal(size=(n, n))).astype(self.dtype),
            "bias": (0.1 * rng.normal(size=n)).astype(self.dtype),
        }

    def __call__(self, x, *, mask=None, training=False):
        if not self.weights:
            self.build(x.shape[-1])
        W, U, b = self.weights.values()
        self.x = x = np.asarray(x, self.dtype)
        self.h = np.zeros((x.shape[0], x.shape[1] + 1, self.units), self.dtype)
        for t in range(x.shape[1]):
            self.h[:, t + 1] = np.tanh(x[:, t] @ W + self.h[:, t] @ U + b)
        return self.h[:, 1:] if self.return_sequences else self.h[:, -1]

    def backward(self, dy):
        W, U, b = self.weights.values()
        steps = self.x.shape[1]
        dh, dW, dU, db = np.zeros_like(self.h[:, 0]), 0 * W, 0 * U, 0 * b
        for t in reversed(range(steps)):
            if self.return_sequences:
                dh = dh + dy[:, t]
            elif t == steps - 1:
                dh = dy
            da = dh * (1 - self.h[:, t + 1] ** 2)
            dW, dU, db = dW + self.x[:, t].T @ da, dU + self.h[:, t].T @ da, db + da.sum(0)
            dh = da @ U.T
        return SimpleNamespace(weights={"kernel": dW, "recurrent_kernel": dU, "bias": db})


class SignTask:
    """Is the first input above zero? Solved within a few dozen steps."""

    input_size, output_size, loss, every_step = 1, 2, "cross_entropy", False

    def sample(self, batch_size, rng):
        x = rng.uniform(-1, 1, (batch_size, 3, 1)).astype("float32")
        return SimpleNamespace(inputs=x, targets=(x[:, 0, 0] > 0).astype(int), weights=None)


class SumTask:
    """The sum of two inputs, as a value."""

    input_size, output_size, loss, every_step = 2, 1, "mse", False

    def sample(self, batch_size, rng):
        x = rng.uniform(-1, 1, (batch_size, 2, 2)).astype("float32")
        return SimpleNamespace(inputs=x, targets=x[:, :, 0].sum(1, keepdims=True), weights=None)


@pytest.fixture
def sign_task():
    return SignTask()


@pytest.fixture
def sum_task():
    return SumTask()


@pytest.fixture
def tiny_rnn():
    return TinyRNN
