"""Dropout as Keras 3 does it: inverted, drawn anew for each call and sample, constant over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.cells.activations import Array
from course_utils.cells.tape import Noise
from course_utils.cells.validate import as_array


@dataclass(frozen=True)
class Dropout:
    """Rates of a layer's inputs and states, and the masks that follow from them."""

    inputs: float
    states: float
    gates: int
    units: int

    def masks(
        self,
        x: Array,
        rng: np.random.Generator,
        given: Array | None = None,
        given_recurrent: Array | None = None,
    ) -> tuple[Array | None, Noise | None]:
        """One mask of ``x`` for all gates, or the masks of every gate for inputs and states.

        Without recurrent dropout one mask (B, m) serves all gates. With it, Keras computes gate by
        gate and draws (G, B, m) and (G, B, n). Given masks stand for drawn ones.
        """
        batch, _, inputs = x.shape
        if self.states == 0 and given_recurrent is None:
            if self.inputs == 0 and given is None:
                return None, None
            return mask((batch, inputs), self.inputs, x, rng, given), None
        of_states = (self.gates, batch, self.units)
        return None, Noise(
            mask((self.gates, batch, inputs), self.inputs, x, rng, given),
            mask(of_states, self.states, x, rng, given_recurrent, "recurrent_dropout_mask"),
        )


def mask(
    shape: tuple[int, ...],
    rate: float,
    x: Array,
    rng: np.random.Generator,
    given: Array | None,
    name: str = "dropout_mask",
) -> Array:
    """``given``, or drawn: 0 with probability ``rate``, else 1 / (1 - rate), so the mean stays."""
    if given is not None:
        return as_array(given, name, shape, x.dtype).copy()
    return ((rng.random(shape) >= rate) / (1 - rate)).astype(x.dtype)
