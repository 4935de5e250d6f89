"""Accuracy against the distance of what must be remembered, a panel for each stage of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from course_utils.plots.pen import tint
from course_utils.plots.style import (
    ALIASES,
    CELLS,
    CLUE,
    PAPER,
    SOFT,
    WIDTH,
    curve_style,
    halo,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


COINCIDE = 0.08  # medians that differ by less at every distance lie on each other


class Stage(NamedTuple):
    """What is drawn in one panel.

    Attributes:
        title: what the networks were trained on.
        trained: the smallest and the largest distance in training.
        curves: network -> accuracies (distances,) or (runs, distances).
    """

    title: str
    trained: tuple[int, int]
    curves: Mapping[str, np.ndarray]


@style()
def distance_panels(
    distances: Sequence[int],
    stages: Sequence[Stage],
    *,
    chance: float | None = None,
    xlabel: str = "words between",
) -> Figure:
    """Side by side: every run a thin line, the median a thick one, distances of training shaded.

    Where medians of a panel lie on each other, their names are written there.

    Raises ValueError for a curve that has not one value for each distance.
    """
    fig, panels = new_figure(WIDTH, 3.5, ncols=len(stages), sharey=True, squeeze=False)
    x = np.asarray(distances, float)
    for axes, stage in zip(panels[0], stages):
        axes.axvspan(*stage.trained, color=tint(CLUE, 0.1), lw=0, zorder=0)
        if chance is not None:
            axes.axhline(chance, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        for position, (name, values) in enumerate(stage.curves.items()):
            _curve(axes, x, name, values, position)
        _name_those_that_coincide(axes, x, stage)
        axes.set(xlabel=xlabel, xlim=(0, x[-1] * 1.01), ylim=(0, 1.04))
        axes.set_title(stage.title)
        axes.grid(axis="y")
    if chance is not None:
        panels[0, 0].text(
            x[-1], chance - 0.02, "guessing", fontsize=9, color=SOFT, ha="right", va="top",
            path_effects=halo(),
        )  # fmt: skip
    panels[0, 0].set_ylabel("right answers")
    for axes, stage in zip(panels[0], stages):
        axes.text(
            np.mean(stage.trained), 0.5, "trained here", color=CLUE, fontsize=9, rotation=90,
            ha="center", va="center", path_effects=halo(),
        )  # fmt: skip
    lines = {line.get_label(): line for axes in panels[0] for line in axes.lines}
    lines = {label: line for label, line in lines.items() if not label.startswith("_")}
    fig.legend(
        lines.values(), lines.keys(), loc="outside lower center", ncols=len(lines), handlelength=3
    )
    return fig


def _curve(axes: Axes, x: np.ndarray, name: str, values: np.ndarray, position: int) -> None:
    runs = np.atleast_2d(np.asarray(values, float))
    if runs.shape[1] != len(x):
        raise ValueError(f"curves[{name!r}] has {runs.shape[1]} values for {len(x)} distances.")
    look = curve_style(name, position)
    mark = CELLS.get(ALIASES.get(name, name))
    label = mark.label if mark else name
    if len(runs) > 1:
        axes.plot(x, runs.T, color=look["color"], lw=1.1, alpha=0.55)
    axes.plot(
        x, np.median(runs, axis=0), color=look["color"], linestyle=look["linestyle"], label=label,
        marker=mark.marker if mark else None, markersize=5, markeredgecolor=PAPER,
        markeredgewidth=0.8,
    )  # fmt: skip


def _name_those_that_coincide(axes: Axes, x: np.ndarray, stage: Stage) -> None:
    """One curve hides under another: say that both are there."""
    middles = {name: np.median(np.atleast_2d(v), axis=0) for name, v in stage.curves.items()}
    for middle in middles.values():
        alike = [one for one, other in middles.items() if np.abs(other - middle).max() < COINCIDE]
        if len(alike) > 1:
            labels = [CELLS[one].label if one in CELLS else one for one in alike]
            axes.text(
                x[-1], middle[-1] - 0.03, " and ".join(labels), fontsize=9, ha="right", va="top",
                path_effects=halo(),
            )  # fmt: skip
            return
