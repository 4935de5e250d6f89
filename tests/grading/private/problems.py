"""A teacher's own problem: everyone gets the gates of an LSTM in another order."""

import numpy as np

from course_utils.feedback.problem import Problem
from course_utils.grading.variants import Varied


def split_gates(order: str) -> Problem:
    def reference(a):
        blocks = dict(zip(order, np.split(a, 4, axis=-1)))
        return tuple(blocks[gate] for gate in "ifgo")

    return Problem(
        "split_gates",
        "04",
        "Gates in a row",
        f"The blocks of `a` stand in the order {order}. Return i, f, g and o.",
        reference,
        lambda rng, k: (rng.normal(size=(2, 4 * (k + 1))),),
        "i[B,n] f[B,n] g[B,n] o[B,n]",
        ("Each block has a quarter of the columns.", "np.split cuts.", "np.split(a, 4, axis=-1)"),
        (),
    )


PROBLEMS = [Varied("split_gates", split_gates, {"order": ("ifgo", "iofg", "figo", "ogif")})]
