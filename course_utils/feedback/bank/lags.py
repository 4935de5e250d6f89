"""Lesson 03: decay, spectra, and an orthogonal start."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slips


def decay_per_step(norms: Array):
    lag = len(norms) - 1
    return (norms[-1] / norms[0]) ** (1 / lag)


def orthogonal_init(A: Array):
    Q, R = np.linalg.qr(A)
    return Q * np.sign(np.diag(R))


def spectral_radius(U: Array):
    return np.abs(np.linalg.eigvals(U)).max()


def draw_norms(rng, k):
    lag, factor = int(rng.integers(5, 12)), rng.uniform(0.5, 0.95) * (1.6 if k == 1 else 1)
    return (rng.uniform(0.2, 0.8) * factor ** np.arange(lag + 1),)


def draw_square(rng, k):
    while True:
        A = rng.normal(size=(4, 4))
        signs = np.sign(np.diag(np.linalg.qr(A)[1]))
        if len(set(signs)) == 2:
            return (A,)


def draw_spectrum(rng, k):
    while True:
        U = rng.normal(size=(4 + k, 4 + k))
        values = np.linalg.eigvals(U)
        largest = values[np.abs(values).argmax()]
        if k == 0 and -values.real.min() < 1.05 * values.real.max():
            continue
        if abs(largest.imag) > 0.3 and np.abs(values).max() > 1.05 * np.abs(values.real).max():
            return (U,)


PROBLEMS = [
    Problem(
        name="decay_per_step",
        lesson="03",
        title="The factor per step",
        task="norms holds the norm of a gradient at lags 0, 1, 2, ... The factor by which it "
        "changes from one lag to the next, if it is the same each time: below 1 it vanishes.",
        reference=decay_per_step,
        draw=draw_norms,
        outputs="factor",
        points=1,
        minutes=5,
        hints=(
            "From the first norm to the last one multiplies by the same factor again and again. "
            "How often?",
            "norms[-1] = norms[0] * factor ** (number of steps between them).",
            "There is one step less than there are norms: take the root with the exponent 1 / "
            "(len(norms) - 1).",
        ),
        misconceptions=slips(
            decay_per_step,
            (
                "one step too many",
                "len(norms) norms have one step less between them: the lag of the last one is "
                "len(norms) - 1.",
                ("len(norms) - 1", "len(norms)"),
            ),
            (
                "root missing",
                "That is the factor of all steps together; take its root for one step.",
                (" ** (1 / lag)", ""),
            ),
            (
                "divided instead of a root",
                "You divide the whole factor by the number of steps; factors multiply, so it "
                "takes a root.",
                (" ** (1 / lag)", " / lag"),
            ),
            (
                "start taken for 1",
                "The norm at lag 0 is not 1: divide by norms[0].",
                ("(norms[-1] / norms[0])", "norms[-1]"),
            ),
            (
                "upside down",
                "It is upside down: from lag to lag, away from the end, so norms[-1] / norms[0].",
                ("norms[-1] / norms[0]", "norms[0] / norms[-1]"),
            ),
            (
                "difference per step",
                "That is what is lost in a step, a difference; a factor is asked for.",
                ("(norms[-1] / norms[0]) ** (1 / lag)", "(norms[-1] - norms[0]) / lag"),
            ),
            (
                "logarithm",
                "That is the logarithm of the factor: take exp of it.",
                ("(norms[-1] / norms[0]) ** (1 / lag)", "np.log(norms[-1] / norms[0]) / lag"),
            ),
        ),
    ),
    Problem(
        name="orthogonal_init",
        lesson="03",
        title="An orthogonal matrix from a random one",
        task="The orthogonal matrix Q of the decomposition A = Q R in which R has a positive "
        "diagonal. A is square and random.",
        reference=orthogonal_init,
        draw=draw_square,
        outputs="Q[n,n]",
        points=2,
        minutes=8,
        hints=(
            "NumPy has the decomposition: np.linalg.qr.",
            "The diagonal of R may come out negative. If column k of Q and row k of R both change "
            "their sign, the product stays.",
            "Multiply the columns of Q with np.sign(np.diag(R)).",
        ),
        misconceptions=slips(
            orthogonal_init,
            (
                "sign not corrected",
                "That is NumPy's Q, whose R has negative numbers on its diagonal: turn the sign "
                "of those columns.",
                (" * np.sign(np.diag(R))", ""),
            ),
            (
                "signs on the rows",
                "The signs belong to the columns of Q, not to its rows.",
                ("np.sign(np.diag(R))", "np.sign(np.diag(R))[:, None]"),
            ),
            (
                "all signs turned",
                "You turn the sign of every column; only those with a negative number on R's "
                "diagonal change.",
                ("np.sign(np.diag(R))", "-1"),
            ),
            ("R returned", "That is R; Q is the orthogonal one.", ("Q * np.sign(np.diag(R))", "R")),
            (
                "transposed",
                "That is Q transposed.",
                ("Q * np.sign(np.diag(R))", "(Q * np.sign(np.diag(R))).T"),
            ),
            (
                "columns of length 1",
                "You divide the columns by their lengths; they do not stand at right angles yet.",
                ("Q * np.sign(np.diag(R))", "A / np.linalg.norm(A, axis=0)"),
            ),
            (
                "diagonal not only its sign",
                "You multiply with the diagonal of R itself; only its sign is needed.",
                ("np.sign(np.diag(R))", "np.diag(R)"),
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
