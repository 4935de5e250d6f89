"""Curves: the gradient against the lag, and what a training did, over several seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import DASHES, INK, SOFT, WIDTH, curve_style, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style()
def lag_curves(
    curves: Mapping[str, np.ndarray],
    *,
    lags: Sequence[float] | None = None,
    floor: float = 1e-12,
    ylabel: str = "gradient, relative to lag 0",
    title: str | None = None,
) -> Figure:
    """Norms against the lag, logarithmic: a straight line is a constant factor per step.

    curves: name -> (L,) or (runs, L), all of one L; of several runs the median and the range are
        drawn. A name that begins with a cell type takes its colour. What is smaller than `floor`
        leaves the figure at the bottom.

    Raises ValueError for curves of different lengths or with values below zero.
    """
    fig, axes = new_figure(WIDTH, 3.6)
    styles = _styles(curves)
    x = None
    for name, values in curves.items():
        runs = _runs(name, values)
        if (runs < 0).any():
            raise ValueError(f"curves[{name!r}] has values below zero; it needs norms.")
        x = np.arange(runs.shape[1]) if lags is None else np.asarray(lags, float)
        _same_length(name, runs, x)
        with np.errstate(divide="ignore"):
            middle = np.median(runs, axis=0)
        _band(axes, x, runs, middle, styles[name], floor)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_ylim(max(low, floor), high)
    axes.set(xlabel="lag, steps back in time", ylabel=ylabel, xlim=(x[0], x[-1]))
    _finish(axes, title)
    return fig


@style()
def training_curves(
    curves: Mapping[str, tuple[Sequence[float], np.ndarray]],
    *,
    baseline: float | None = None,
    baseline_label: str = "baseline",
    xlabel: str = "training steps",
    ylabel: str = "loss",
    log: bool = False,
    title: str | None = None,
) -> Figure:
    """Loss or accuracy while training, or anything else that goes on in steps.

    curves: name -> (steps (S,), values (S,) or (seeds, S)); of several seeds the median and the
        range are drawn. A name that begins with a cell type takes its colour and line.
    baseline: what knowing nothing achieves, as a thin line.

    Raises ValueError if steps and values differ in length.
    """
    fig, axes = new_figure(WIDTH, 3.4)
    styles = _styles(curves)
    for name, (steps, values) in curves.items():
        runs = _runs(name, values)
        x = np.asarray(steps, float)
        _same_length(name, runs, x)
        middle = np.median(runs, axis=0)
        _band(axes, x, runs, middle, styles[name])
    if log:
        axes.set_yscale("log")
    axes.margins(x=0)
    if baseline is not None:
        axes.axhline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1, label=baseline_label)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    _finish(axes, title)
    return fig


def _styles(curves: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """One style for each name; curves of one cell type share its colour, not its line."""
    if not curves:
        raise ValueError("curves is empty; it needs at least one.")
    styles, used = {}, {}
    for position, name in enumerate(curves):
        keywords = curve_style(name, position)
        lines = used.setdefault(keywords["color"], [])
        if lines:
            keywords["linestyle"] = next((dash for dash in DASHES if dash not in lines), "-")
        lines.append(keywords["linestyle"])
        styles[name] = keywords
    return styles


def _runs(name: str, values: np.ndarray) -> np.ndarray:
    runs = np.atleast_2d(np.asarray(values, float))
    if runs.ndim != 2 or not runs.size:
        raise ValueError(
            f"curves[{name!r}] has shape {np.shape(values)}; it needs (L,) or (runs, L)."
        )
    return runs


def _same_length(name: str, runs: np.ndarray, x: np.ndarray) -> None:
    if runs.shape[1] != len(x):
        raise ValueError(f"curves[{name!r}] has {runs.shape[1]} values for {len(x)} places.")


def _band(
    axes: Axes,
    x: np.ndarray,
    runs: np.ndarray,
    middle: np.ndarray,
    keywords: dict[str, object],
    floor: float | None = None,
) -> None:
    low, high = runs.min(axis=0), runs.max(axis=0)
    if floor is not None:  # a logarithm needs something to draw
        low, high, middle = (np.maximum(values, floor / 1e3) for values in (low, high, middle))
    if len(runs) > 1:
        axes.fill_between(x, low, high, color=keywords["color"], alpha=0.16, lw=0)
    axes.plot(x, middle, **keywords)


def _finish(axes: Axes, title: str | None) -> None:
    axes.grid(axis="y")
    if title:
        axes.set_title(title)
    if len(axes.get_legend_handles_labels()[0]) > 1:
        axes.legend(
            loc="upper left",
            bbox_to_anchor=(1.005, 1.0),
            handlelength=2.6,
            borderaxespad=0,
            labelcolor=INK,
        )
