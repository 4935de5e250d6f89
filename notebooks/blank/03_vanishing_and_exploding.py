"""How much of a gradient arrives 100 steps back, and what foretells it.

One step back multiplies a gradient by a Jacobian, 100 steps by the product of 100 of
them. At rest they are all the same, and the largest eigenvalue, the spectral radius,
foretells what the product does.

Shapes: x (T, m), h (T, n), one sequence; a gradient is a row, so it goes dh @ J.
"""

import numpy as np


def states(x, W, U):
    h = [np.zeros(len(U))]
    for x_t in x:
        h.append(np.tanh(x_t @ W + h[-1] @ U))
    return np.array(h[1:])


def jacobian(h, U):
    """How a gradient of h becomes one of h_prev: first the slope of tanh, then U."""
    return np.diag(1 - h**2) @ U.T


def left(x, W, U, dh):
    """The length of a gradient dh of the last state after each step back: (T,)."""
    lengths = [np.linalg.norm(dh)]
    for h in states(x, W, U)[:0:-1]:  # from the last state to the second
        dh = dh @ jacobian(h, U)
        lengths.append(np.linalg.norm(dh))
    return np.array(lengths)


def radius(J):
    return np.abs(np.linalg.eigvals(J)).max()


def lstm_at_rest(forget_bias, U_g):
    """The Jacobian of c at rest: f keeps, i and o stand at 1/2, and g sees h = o c."""
    f = 1 / (1 + np.exp(-forget_bias))
    return f * np.eye(len(U_g)) + 0.5 * 0.5 * U_g.T


if __name__ == "__main__":
    rng, m, n, T = np.random.default_rng(0), 2, 32, 101
    orthogonal = np.linalg.qr(rng.normal(size=(n, n)))[0]
    limit = (6 / (m + n)) ** 0.5  # W as Keras draws it
    W, x = rng.uniform(-limit, limit, size=(m, n)), rng.normal(size=(T, m))
    dh = np.ones(n) / n**0.5  # a gradient of length 1
    print("A plain RNN, 100 steps back. Radius: foretold, at rest, inputs of size 1")
    for scale in (0.5, 0.9, 1.0, 1.1, 1.5):
        U = scale * orthogonal
        rest, busy = left(0 * x, W, U, dh)[-1], left(x, W, U, dh)[-1]
        print(f"{scale:.1f}: {radius(U) ** 100:.0e}  {rest:.0e}  {busy:.0e}")
    print("An LSTM at rest, 100 steps back. Forget bias: radius, foretold, along c")
    U_g = np.linalg.qr(rng.normal(size=(4 * n, n)))[0][2 * n : 3 * n].T  # of 4 blocks
    for bias in (0, 1, 2):
        J = lstm_at_rest(bias, U_g)
        along = np.linalg.norm(dh @ np.linalg.matrix_power(J, 100))
        print(f"{bias}: {radius(J):.2f}  {radius(J) ** 100:.0e}  {along:.0e}")
