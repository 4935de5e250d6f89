"""Steps until solved: against the learning rate, and as the share of runs solved so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import PAPER, SOFT, WIDTH, curve_style, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Steps = Mapping[float, Sequence[float]]  # learning rate -> steps of each run, infinity if unsolved
Curve = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # steps, share, low, high
ASIDE = 1.05  # cells stand side by side at a rate: a twentieth to the left, to the right
NEVER = 1.45  # where unsolved runs stand, in budgets
MARKERS = {"SimpleRNN": "o", "RNN": "o", "LSTM": "s", "GRU": "^"}
TICKS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
EVEN_TICKS = (10, 30, 100, 300, 1000, 3000)  # 500 and 1,000 would touch where panels are narrow


@style()
def steps_against_rate(
    panels: Mapping[str, Mapping[str, Steps]], budget: float | Mapping[str, float]
) -> Figure:
    """One panel for each task, in it one line for each network: steps until solved at each rate.

    A mark is a run, the line joins the medians, a bar goes from the fastest run to the slowest. A
    run that is not solved stands above the dotted line, at "never"; so does a median of such runs.

    Args:
        panels: title -> network -> rate -> steps of each run; infinity or NaN if unsolved. A
            network whose name begins with a cell type takes its colour and marker.
        budget: steps that every run had, or those of each title.

    Raises:
        ValueError: if there is no panel, or a network without a rate.
    """
    fig, shown = _grid(panels)
    for ax, (title, networks) in zip(shown, panels.items(), strict=True):
        limit = budget[title] if isinstance(budget, Mapping) else budget
        _panel(ax, title, networks, float(limit))
    _name(fig, shown, "steps until solved", "learning rate")
    return fig


def _grid(panels: Mapping[str, object], **shared: bool) -> tuple[Figure, list[Axes]]:
    """A figure with as many axes as there are panels, two or three side by side."""
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    columns = _columns(len(panels))
    rows = -(-len(panels) // columns)
    size = (WIDTH if columns > 1 else 0.72 * WIDTH), 0.5 + 2.45 * rows
    fig, axes = new_figure(*size, nrows=rows, ncols=columns, squeeze=False, **shared)
    for ax in axes.flat[len(panels) :]:
        ax.set_axis_off()
    return fig, list(axes.flat[: len(panels)])


def _columns(panels: int) -> int:
    return 2 if panels == 4 else min(3, panels)


def _name(fig: Figure, shown: Sequence[Axes], up: str, along: str) -> None:
    """Name the axes at the left and at the bottom, and the networks above all panels."""
    for place, ax in enumerate(shown):
        if place % _columns(len(shown)) == 0:
            ax.set_ylabel(up)
        if place + _columns(len(shown)) >= len(shown):
            ax.set_xlabel(along)
    handles, names = shown[0].get_legend_handles_labels()
    fig.legend(handles, names, loc="outside upper center", ncols=len(names), handlelength=3)


def _panel(ax: Axes, title: str, networks: Mapping[str, Steps], budget: float) -> None:
    never, lowest = budget * NEVER, budget
    rates = sorted({rate for steps in networks.values() for rate in steps})
    for place, (name, steps) in enumerate(networks.items()):
        if not steps:
            raise ValueError(f"{name!r} of {title!r} has no rate; it needs at least one.")
        look = curve_style(name, place)
        aside = ASIDE ** (place - (len(networks) - 1) / 2)
        marker = MARKERS.get(name.replace(",", " ").split()[0], "D")
        x = np.array(sorted(steps))
        runs = [_placed(steps[rate], never) for rate in x]
        for at, some in zip(x * aside, runs, strict=True):
            ax.plot([at, at], [some.min(), some.max()], color=look["color"], lw=1, alpha=0.5)
            dots = {"ls": "none", "ms": 4, "mec": PAPER, "mew": 0.4, "alpha": 0.7, "clip_on": False}
            ax.plot(np.full(len(some), at), some, marker, color=look["color"], **dots)
            lowest = min(lowest, some.min())
        middle = [np.median(some) for some in runs]
        ax.plot(x * aside, middle, lw=1.8, marker=marker, ms=6.5, mec=PAPER, **look)
    ax.axhline(budget * 1.13, color=SOFT, lw=0.8, ls=(0, (2, 2)), zorder=0.5)
    ax.set(xscale="log", yscale="log", ylim=(lowest / 1.3, budget * 1.75))
    ticks = [t for t in TICKS if lowest / 1.3 <= t <= budget]
    ax.set_yticks([*ticks, never], [*(f"{t:,}" for t in ticks), "never"])
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates], fontsize=9, rotation=45)
    ax.minorticks_off()
    ax.grid(axis="y")
    ax.set_title(title, fontsize=10)


def _placed(steps: Sequence[float], never: float) -> np.ndarray:
    values = np.asarray(steps, float)
    return np.where(np.isfinite(values), values, never)


@style()
def shares_solved(
    panels: Mapping[str, Mapping[str, Curve]], budget: float | Mapping[str, float]
) -> Figure:
    """One panel for each task, in it one line for each network: the share solved against steps.

    Args:
        panels: title -> network -> (steps (k,) where the share rises, share (k,), low (k,), high
            (k,) of its interval), as `statistics.share_solved` gives them.
        budget: steps that every run had, or those of each title.

    Raises:
        ValueError: if there is no panel.
    """
    fig, shown = _grid(panels, sharey=True)
    for ax, (title, networks) in zip(shown, panels.items(), strict=True):
        end = float(budget[title] if isinstance(budget, Mapping) else budget)
        first = end
        for place, (name, (steps, *heights)) in enumerate(networks.items()):
            look = curve_style(name, place)
            x = np.r_[1, steps, end]
            share, low, high = (np.r_[0, rise, rise[-1:] if len(rise) else 0] for rise in heights)
            ax.fill_between(x, low, high, step="post", color=look["color"], alpha=0.14, lw=0)
            ax.step(x, share, where="post", lw=2, **look)
            first = min([first, *steps])
        ax.set(xscale="log", xlim=(first / 1.5, end), ylim=(-0.03, 1.03))
        ticks = [t for t in EVEN_TICKS if first / 1.5 <= t <= end]
        ax.set_xticks(ticks, [f"{t:,}" for t in ticks], fontsize=9)
        ax.set_yticks((0, 0.5, 1), ("0", "½", "1"))
        ax.minorticks_off()
        ax.grid(axis="y")
        ax.set_title(title, fontsize=10)
    _name(fig, shown, "share of runs solved", "training steps")
    return fig
