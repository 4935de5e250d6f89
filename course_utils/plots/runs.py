"""Trainings side by side, every run a line of its own: what seeds do is seen, not averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    INK,
    PAPER,
    SOFT,
    WIDTH,
    curve_style,
    gate_style,
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


@style()
def gates_by_unit(panels: Mapping[str, tuple[np.ndarray, np.ndarray]], gate: str) -> Figure:
    """How far a gate of each unit is open, before training (rings) and after (dots).

    panels: title -> (before (n,), after (n,)), each sorted as it is to be drawn. gate: its letter.

    Raises ValueError for an unknown gate.
    """
    fig, axes = new_figure(WIDTH, 2.7, ncols=len(panels), sharey=True, squeeze=False)
    keywords = gate_style(gate)
    for ax, (title, (before, after)) in zip(axes[0], panels.items(), strict=True):
        rank = np.arange(1, len(after) + 1)
        ring = {"mfc": PAPER, "mec": SOFT, "mew": 1}
        ax.plot(rank, before, "o", ms=4, label="untrained", **ring)
        ax.plot(rank, after, "o", ms=4.5, color=keywords["color"], label="trained")
        ax.axhline(1, color=SOFT, lw=0.8, zorder=1)
        ax.set_title(title, fontsize=10)
        ax.set(xlabel="units, sorted", ylim=(0, 1.05), xticks=(1, len(after)))
        ax.grid(axis="y")
    axes[0, 0].set_ylabel(f"{keywords['label']}, mean")
    axes[0, 0].legend(loc="lower right", handlelength=1, labelcolor=INK)
    return fig
