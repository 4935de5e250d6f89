"""Lesson 03: Jacobians and spectra."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array, states
from course_utils.feedback.problem import Problem, slips


def rnn_jacobian(h: Array, U: Array):
    J = np.eye(len(U))
    for state in h[:0:-1]:
        J = J @ (np.diag(1 - state**2) @ U.T)
    return J


def spectral_radius(U: Array):
    return np.abs(np.linalg.eigvals(U)).max()


def draw_states(rng, k):
    T, n = int(rng.integers(3, 6)), int(rng.integers(2, 4)) + (k == 1)
    n += n == T
    return states(rng, T, n), rng.normal(size=(n, n)) / np.sqrt(n)


def draw_spectrum(rng, k):
    while True:
        U = rng.normal(size=(4 + k, 4 + k))
        values = np.linalg.eigvals(U)
        largest = values[np.abs(values).argmax()]
        if k == 0 and -values.real.min() < 1.05 * values.real.max():
            continue
        if abs(values[values.real.argmax()].imag) < 0.1:
            continue  # np.linalg.eigvals(U).max() must come out complex, so that it is said
        if abs(largest.imag) > 0.3 and np.abs(values).max() > 1.05 * np.abs(values.real).max():
            return (U,)


PROBLEMS = [
    Problem(
        name="rnn_jacobian",
        lesson="03",
        title="All steps as one matrix",
        task="The matrix J (n, n) with dh_first = dh_last @ J: how a gradient of the last state of "
        "h (T, n) becomes one of the first. The steps were h[t] = tanh(... + h[t - 1] @ U).",
        reference=rnn_jacobian,
        draw=draw_states,
        outputs="J[n,n]",
        points=2,
        minutes=10,
        hints=(
            "One step back: first the slope of tanh, then U. How many steps lie between the first "
            "state and the last?",
            "For the step that made h[t]: np.diag(1 - h[t]**2) @ U.T. Start with np.eye(n), at the "
            "last state.",
            "J = J @ (np.diag(1 - h[t]**2) @ U.T) for t = T - 1, T - 2, ..., 1: h[0] is where the "
            "way back ends.",
        ),
        misconceptions=slips(
            rnn_jacobian,
            (
                "slopes missing",
                "The slopes of tanh are missing: np.diag(1 - h[t]**2) in front of U.T.",
                ("(np.diag(1 - state**2) @ U.T)", "U.T"),
            ),
            (
                "U not transposed",
                "On the way back U is transposed.",
                ("@ U.T", "@ U"),
            ),
            (
                "U before the slope",
                "You go through U first and through tanh after it. On the way back tanh comes "
                "first: np.diag(1 - h[t]**2) @ U.T.",
                ("np.diag(1 - state**2) @ U.T", "U.T @ np.diag(1 - state**2)"),
            ),
            (
                "order of time",
                "The factors stand in the order of time. A row dh_last meets the last step first.",
                ("J @ (np.diag(1 - state**2) @ U.T)", "(np.diag(1 - state**2) @ U.T) @ J"),
            ),
            (
                "one step too many",
                "The step that made h[0] is not on the way from the last state to the first.",
                ("h[:0:-1]", "h[::-1]"),
            ),
            (
                "states before the steps",
                "You take the slopes at the states before the steps. They belong to the states "
                "after them, which tanh made: from h[-1] down to h[1].",
                ("h[:0:-1]", "h[-2::-1]"),
            ),
            (
                "one step only",
                "That is the Jacobian of the last step alone; the way has T - 1 steps.",
                ("h[:0:-1]", "h[-1:]"),
            ),
        ),
    ),
    Problem(
        name="spectral_radius",
        lesson="03",
        title="The spectral radius",
        task="The spectral radius of the square matrix U: the largest absolute value of its "
        "eigenvalues.",
        reference=spectral_radius,
        draw=draw_spectrum,
        outputs="radius",
        points=1,
        minutes=4,
        hints=(
            "np.linalg.eigvals gives the eigenvalues. Some are complex.",
            "The size of a complex number is its absolute value, np.abs.",
            "np.abs(np.linalg.eigvals(U)).max()",
        ),
        misconceptions=slips(
            spectral_radius,
            (
                "largest singular value",
                "That is the largest singular value, the norm of U: what it can do in one step, "
                "not in many.",
                ("np.abs(np.linalg.eigvals(U)).max()", "np.linalg.norm(U, 2)"),
            ),
            (
                "real part",
                "You look at the real parts only; a complex eigenvalue counts with its absolute "
                "value.",
                ("np.abs(np.linalg.eigvals(U))", "np.linalg.eigvals(U).real"),
            ),
            (
                "absolute real part",
                "You drop the imaginary parts before taking the absolute value.",
                ("np.linalg.eigvals(U)", "np.linalg.eigvals(U).real"),
            ),
            ("smallest", "That is the smallest of them.", (".max()", ".min()")),
            (
                "mean",
                "That is the mean; the largest one decides what grows.",
                (".max()", ".mean()"),
            ),
            (
                "length of the matrix",
                "That is the root of the sum of all squares of U, which says little about what U "
                "does again and again.",
                ("np.abs(np.linalg.eigvals(U)).max()", "np.linalg.norm(U)"),
            ),
            (
                "largest entry",
                "That is the largest number in U; its eigenvalues are asked for.",
                ("np.abs(np.linalg.eigvals(U)).max()", "np.abs(U).max()"),
            ),
            (
                "eigenvalues of a symmetric matrix",
                "np.linalg.eigvalsh is for symmetric matrices; U is none: use eigvals.",
                ("eigvals(", "eigvalsh("),
            ),
        ),
    ),
]
