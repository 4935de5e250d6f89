"""What gates do on data, and how long the memory behind them lasts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

GATES = "ifozr"  # values between 0 and 1; g is a candidate, h and c are states


class GateActivity(NamedTuple):
    """Over a batch, its steps and all units; per unit the arrays are (n,)."""

    mean: float | np.ndarray
    open: float | np.ndarray  # share of values above the upper threshold
    closed: float | np.ndarray  # share of values below the lower threshold


def gate_activity(
    trace: dict[str, np.ndarray],
    *,
    closed_below: float = 0.1,
    open_above: float = 0.9,
    per_unit: bool = False,
) -> dict[str, GateActivity]:
    """Mean of each gate and how often it is saturated, open or closed.

    The thresholds 0.1 and 0.9 are those of Karpathy, Johnson & Fei-Fei 2015.

    Args:
        trace: of a layer, name -> (B, T, n); what is no gate is passed over.
        closed_below, open_above: thresholds.
        per_unit: one number for each unit instead of one for all.
    """
    axes = (0, 1) if per_unit else None

    def mean(values: np.ndarray) -> float | np.ndarray:
        return np.mean(values, axis=axes) if per_unit else float(np.mean(values))

    return {
        name: GateActivity(mean(gate), mean(gate > open_above), mean(gate < closed_below))
        for name, gate in trace.items()
        if name in GATES
    }


def time_scale(gate: np.ndarray | float) -> np.ndarray | float:
    """Steps after which a memory has faded to 1/e: 1 / (1 - gate), for a gate that keeps.

    The gate is f of an LSTM or z of a GRU, where a memory shrinks as gate**steps; for values near
    1 this is exp(-steps / time_scale) (Tallec & Ollivier 2018). A gate of 1 never forgets: inf.

    Raises:
        ValueError: if a value is not between 0 and 1.
    """
    values = np.asarray(gate, np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("gate has values outside 0 to 1; time_scale takes values of f or z.")
    with np.errstate(divide="ignore"):
        steps = 1 / (1 - values)
    return float(steps) if np.ndim(steps) == 0 else steps
