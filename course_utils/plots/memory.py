"""A memory over time: gates set by hand, a state that grows, and what c carries back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.panels import DIAL
from course_utils.plots.pen import readable
from course_utils.plots.style import (
    INK,
    OTHERS,
    SOFT,
    WIDTH,
    curve_style,
    gate_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style()
def gate_panels(panels: Mapping[str, Mapping[str, np.ndarray]], *, height: float = 1.25) -> Figure:
    """Gates and states of a unit in panels one below the other, on a common scale.

    panels: title -> letter of the gate or state -> (T,), drawn as stairs: a value for each step.

    Raises ValueError if there is no panel, or for an unknown letter.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(
        WIDTH, height * len(panels) + 0.4, nrows=len(panels), sharex=True, squeeze=False
    )
    for ax, (title, traces) in zip(axes[:, 0], panels.items(), strict=True):
        for name, values in traces.items():
            edges = np.arange(len(values) + 1) + 0.5
            ax.stairs(values, edges, baseline=None, lw=2, **_solid(name))
        ax.set_title(title, fontsize=10)
        ax.set(ylim=(-0.12, 1.12), yticks=(0, 1), ylabel="value")
        ax.grid(axis="y")
        ax.margins(x=0.01)
        ax.legend(loc="upper left", bbox_to_anchor=(1.005, 1.05), borderaxespad=0, labelcolor=INK)
    axes[-1, 0].set_xlabel("step $t$")
    return fig


def _solid(name: str) -> dict[str, object]:
    return {**gate_style(name), "linestyle": "-"}


@style()
def memory_growth(
    curves: Mapping[str, np.ndarray],
    *,
    proportional: str | None = None,
    xlabel: str = "letters read",
    ylabel: str = "mean size of $c$",
) -> Figure:
    """The size of a memory against the steps read, both logarithmic, a line for each run.

    curves: name -> (runs, T), the sizes after steps 1 to T; each name has a colour.
    proportional: the name beside whose first run growth in proportion to the steps is drawn, as
        a dotted line of slope 1.

    Raises ValueError if `proportional` is none of the names.
    """
    if proportional is not None and proportional not in curves:
        raise ValueError(f"proportional is {proportional!r}; it must be one of {list(curves)}.")
    fig, ax = new_figure(WIDTH, 3.4)
    for place, (name, runs) in enumerate(curves.items()):
        keywords = curve_style(name, place) | {"color": OTHERS[2 - 2 * (place % 2)]}
        for k, run in enumerate(np.atleast_2d(runs)):
            keywords["label"] = None if k else name
            ax.plot(np.arange(1, len(run) + 1), run, lw=1.4, **keywords)
    if proportional is not None:
        run = np.atleast_2d(curves[proportional])[0]
        steps = np.array([len(run) / 30, len(run)])
        line = 2 * run[-1] * steps / len(run)
        ax.plot(steps, line, color=SOFT, ls=(0, (1.2, 1.2)), lw=1.6, label="in proportion")
    ax.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    ax.grid(axis="y")
    ax.margins(x=0.01)
    ax.legend(loc="upper left", labelcolor=INK)
    return fig


@style()
def carried_along(
    curves: Mapping[str, np.ndarray], alone: Mapping[str, np.ndarray], *, floor: float
) -> Figure:
    """What is left of a gradient along c, by all ways (lines) and on the carousel alone (dashed).

    curves: name -> (runs, L), relative to lag 0: median and range, the name at the line's end.
    alone: the same names -> (L,). What is smaller than `floor` leaves the figure at the bottom.

    Raises ValueError if the names are not the same.
    """
    if list(curves) != list(alone):
        raise ValueError(f"curves has {list(curves)}, alone has {list(alone)}.")
    fig, ax = new_figure(WIDTH, 3.6)
    for place, (name, runs) in enumerate(curves.items()):
        color, lags = DIAL[place % len(DIAL)], np.arange(np.shape(runs)[1])
        middle = np.median(runs, axis=0)
        ax.fill_between(lags, np.min(runs, axis=0), np.max(runs, axis=0), color=color, alpha=0.16)
        ax.plot(lags, middle, color=color)
        ax.plot(
            lags, np.where(alone[name] < floor, np.nan, alone[name]), color=color, ls="--", lw=1
        )
        label = {"textcoords": "offset points", "va": "center", "fontsize": 9.5}
        ax.annotate(name, (lags[-1], middle[-1]), (5, 0), color=readable(color), **label)
    for text, dash in (("measured: all ways", "-"), ("the carousel alone, $f^k$", "--")):
        ax.plot([], [], color=INK, ls=dash, label=text)
    ax.set(yscale="log", xlim=(0, lags[-1]), ylim=(floor, 10))
    ax.set(xlabel="lag, steps back in time", ylabel="gradient along $c$, relative to lag 0")
    ax.grid(axis="y")
    ax.legend(loc="lower left", labelcolor=INK)
    return fig
