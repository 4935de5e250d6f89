"""Gates and states of one unit over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import GATES, INK, WIDTH, gate_style, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FITS = 30  # steps whose labels can stand side by side


@style()
def gate_traces(
    traces: Mapping[str, np.ndarray],
    *,
    steps: Sequence[str] | None = None,
    title: str | None = None,
) -> Figure:
    """What the gates and states of a unit do: name of the gate (i, f, g, o, c, h, z, r) -> (T,).

    Each has its own colour, line and marker; steps are T labels, e.g. words.

    Raises ValueError for an unknown gate, or lengths that differ.
    """
    if not traces:
        raise ValueError("traces is empty; it needs at least one gate.")
    fig, axes = new_figure(WIDTH, 3.0)
    T = len(next(iter(traces.values())))
    for name, values in traces.items():
        keywords = gate_style(name)
        row = np.asarray(values, float)
        if row.shape != (T,):
            raise ValueError(f"traces[{name!r}] has shape {row.shape}; it needs {(T,)}.")
        few = {"marker": GATES[name].marker} if T <= FITS else {}
        axes.plot(np.arange(1, T + 1), row, **keywords, **few)
    if steps is not None:
        if len(steps) != T:
            raise ValueError(f"steps has {len(steps)} labels; it needs {T}.")
        every = range(0, T, -(-T // FITS))
        turned = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
        long = max(map(len, steps)) * T > 75
        axes.set_xticks(
            [k + 1 for k in every], [steps[k] for k in every], **(turned if long else {})
        )
    else:
        axes.set_xlabel("step $t$")
    axes.grid(axis="y")
    axes.set_ylabel("value")
    axes.margins(x=0.02)
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), borderaxespad=0, labelcolor=INK)
    if title:
        axes.set_title(title)
    return fig
