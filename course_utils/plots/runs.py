"""Trainings side by side, every run a line of its own: what seeds do is seen, not averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    SOFT,
    WIDTH,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Run = tuple[Sequence[float], Sequence[float]]


@style()
def training_panels(
    panels: Mapping[str, Sequence[Run]],
    *,
    baseline: float | None = None,
    baseline_label: str = "baseline",
    ylabel: str = "loss",
    limits: tuple[float, float] | None = None,
    log: bool = False,
    height: float = 2.7,
) -> Figure:
    """One panel for each network, on common axes, and in it one line for each run.

    panels: title -> runs, each (steps (S,), values (S,)); runs may differ in length, and a dot
        marks where each ends. A title that begins with a cell type takes its colour.
    baseline: what knowing nothing achieves, as a dotted line, named in the first panel.

    Raises ValueError if there is no panel, or if steps and values of a run differ in length.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, height, ncols=len(panels), sharex=True, sharey=True)
    for place, (ax, (title, runs)) in enumerate(
        zip(np.atleast_1d(axes), panels.items(), strict=True)
    ):
        color = curve_style(title, place)["color"]
        for steps, values in runs:
            if len(steps) != len(values):
                raise ValueError(
                    f"a run of {title!r} has {len(values)} values for {len(steps)} steps."
                )
            ax.plot(steps, values, color=color, lw=1.3, alpha=0.75)
            ax.plot(steps[-1], values[-1], "o", ms=4, color=color, clip_on=False, zorder=3)
        if baseline is not None:
            ax.axhline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("training steps")
        ax.grid(axis="y")
        ax.margins(x=0.03)
    first = np.atleast_1d(axes)[0]
    first.set_ylabel(ylabel)
    if log:
        first.set_yscale("log")
    if limits:
        first.set_ylim(limits)
    if baseline is not None:
        right, up = first.get_xlim()[1], {"textcoords": "offset points", "fontsize": 9}
        first.annotate(baseline_label, (right, baseline), (-2, 8), color=SOFT, ha="right", **up)
    return fig
