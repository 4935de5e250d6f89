"""Figures of a forecast: windows on a series with a gap, and errors beside a baseline's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    CELLS,
    CLUE,
    FAINT,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

READ, ASKED, LOST = CELLS["LSTM"].color, CLUE, CELLS["SimpleRNN"].color


@style()
def cut_windows(values: np.ndarray, past: int, ahead: int, starts: Sequence[int]) -> Figure:
    """A series with a gap, and below it windows: what is read, what is asked for, which are lost.

    values: (H,) with NaN where nothing was measured; starts: first hours of the windows.

    Raises ValueError for a window that does not fit.
    """
    values = np.asarray(values, float)
    if not len(starts) or min(starts) < 0 or max(starts) + past + ahead > len(values):
        raise ValueError(f"starts must leave {past + ahead} of {len(values)} hours each.")
    fig, (top, bottom) = new_figure(
        WIDTH,
        1.9 + 0.34 * len(starts),
        nrows=2,
        sharex=True,
        height_ratios=(1.5, 0.36 * len(starts)),
    )
    top.plot(values, color=INK, lw=1.4)
    for hour in np.flatnonzero(np.isnan(values)):
        for ax in (top, bottom):
            ax.axvspan(hour - 0.5, hour + 0.5, color=LOST, alpha=0.25, lw=0)
    top.set_ylabel("°C")
    for row, start in enumerate(starts):
        lost = np.isnan(values[start : start + past + ahead]).any()
        for left, wide, color in ((start, past, READ), (start + past, ahead, ASKED)):
            face = PAPER if lost else color
            look = {"edgecolor": color, "facecolor": face, "alpha": 0.5 if lost else 0.8}
            bottom.barh(row, wide, left=left - 0.5, height=0.55, lw=1, **look)
        word = "lost" if lost else "whole"
        bottom.text(start + past + ahead + 0.5, row, word, va="center", fontsize=9, color=INK)
    for x, text, color in ((starts[0], "read", READ), (starts[0] + past, "to be forecast", ASKED)):
        bottom.text(x, -0.75, text, color=color, fontsize=9.5, va="center")
    bottom.set(ylim=(len(starts) - 0.4, -1.1), yticks=[], xlabel="hour", xlim=(0, len(values) + 6))
    bottom.spines["left"].set_visible(False)
    return fig


@style()
def error_minus(
    errors: Mapping[str, np.ndarray],
    baseline: str,
    band: tuple[np.ndarray, np.ndarray] | None = None,
    *,
    unit: str = "°C",
) -> Figure:
    """Mean error by hours ahead, minus that of one baseline: below 0 is better than it.

    errors: name -> (24,) or (runs, 24), all runs drawn; band: name's two ends (24,) of what other
    test days would give, for the last name.

    Raises ValueError if the baseline is none of the names.
    """
    if baseline not in errors:
        raise ValueError(f"baseline is {baseline!r}; it must be one of {', '.join(errors)}.")
    zero = np.atleast_2d(errors[baseline])[0]
    fig, ax = new_figure(WIDTH, 3.3)
    at = np.arange(1, len(zero) + 1)
    others = [name for name in errors if name != baseline]
    for place, name in enumerate(others):
        runs = np.atleast_2d(errors[name]) - zero
        keywords = curve_style(name, place)
        for run in runs:
            ax.plot(at, run, **keywords)
            keywords = {**keywords, "label": None}
    if band is not None:
        color = curve_style(others[-1], len(others) - 1)["color"]
        ax.fill_between(at, *band, color=color, alpha=0.15, lw=0)
    ax.axhline(0, color=INK, lw=1.2)
    ax.text(24.2, 0, baseline, fontsize=9, va="center", color=INK)
    ax.set(xlabel="hours ahead", ylabel=f"error minus that of the {baseline}, {unit}", xlim=(1, 24))
    ax.set_xticks((1, 6, 12, 18, 24))
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), borderaxespad=0)
    return fig


@style()
def learning_curves(panels: Mapping[str, Mapping[str, Sequence[float]]], ylabel: str) -> Figure:
    """Training and validation, epoch by epoch: a panel for each network, a ring at its best epoch.

    panels: title -> {"training": (E,), "validation": (E,)}; "best" (one epoch from 1) is ringed.

    Raises ValueError if there is no panel.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 2.9, ncols=len(panels), squeeze=False, sharey=True)
    for ax, (title, curves) in zip(axes[0], panels.items(), strict=True):
        for name, color, dash in (("training", SOFT, (0, (4, 2))), ("validation", READ, "-")):
            values = np.asarray(curves[name], float)
            ax.plot(np.arange(1, len(values) + 1), values, color=color, linestyle=dash, lw=1.8,
                    label=name)  # fmt: skip
        best = int(curves["best"])
        ax.plot(best, curves["validation"][best - 1], "o", ms=10, mfc="none", mec=INK, mew=1.3)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel("epoch")
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.grid(axis="y")
    axes[0, 0].set_ylabel(ylabel)
    axes[0, -1].legend(loc="best")
    return fig


@style()
def belief_and_units(
    names: Sequence[str],
    beliefs: Sequence[Mapping[str, np.ndarray]],
    gates: Sequence[Mapping[str, np.ndarray]],
) -> Figure:
    """For each name, letter by letter: what is believed, and below it how far single units keep.

    beliefs: country -> (T,); gates: unit -> (T,) update gate, 1 keeps and 0 replaces.

    Raises ValueError if there is not one of each for each name.
    """
    if not len(names) == len(beliefs) == len(gates) > 0:
        raise ValueError("names, beliefs and gates must be equally many, at least one.")
    fig, axes = new_figure(
        WIDTH, 4.6, nrows=2, ncols=len(names), squeeze=False, sharey="row", height_ratios=(1.2, 1)
    )
    for k, (name, believed, gate) in enumerate(zip(names, beliefs, gates, strict=True)):
        top, bottom = axes[:, k]
        at = np.arange(len(name))
        for ax, curves, first in ((top, believed, 0), (bottom, gate, 3)):
            for place, (label, values) in enumerate(curves.items()):
                look = curve_style(label, first + place)
                ax.plot(at, values, marker="os^D"[place % 4], ms=4, **look)
            ax.set(ylim=(-0.03, 1.03), xlim=(-0.5, len(name) - 0.5))
            ax.set_xticks(at, list(name), fontsize=10)
            ax.grid(axis="y", color=FAINT)
        top.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, columnspacing=1)
    handles, labels = axes[1, 0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=len(labels), fontsize=9)
    axes[0, 0].set_ylabel("belief, if it ended here")
    axes[1, 0].set_ylabel("update gate: 1 keeps")
    return fig
