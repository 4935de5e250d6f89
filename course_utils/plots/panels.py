"""Several panels in one figure: gradients against the lag, and the spectra that predict them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.curves import _runs, _same_length, _styles
from course_utils.plots.pen import readable
from course_utils.plots.style import (
    ALIASES,
    CELLS,
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
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKERS = "osD^v"
DIAL = ("#0072B2", "#56B4E9", "#222222", "#E69F00", "#D55E00")  # of a dial: low, middle, high
DISC = "#F5F5F5"


@style()
def lag_panels(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    *,
    predicted: Mapping[str, np.ndarray] | None = None,
    limits: tuple[float, float] = (1e-12, 10.0),
    dial: str | None = None,
) -> Figure:
    """Gradients against the lag, one panel beside the other, on one logarithmic scale.

    panels: title -> name -> norms (L,) or (runs, L); of several runs the median and the range are
        drawn. A name has one style in all panels. Names that begin with a cell type take its
        colour, others those of a dial, from low to high, if there is one.
    predicted: name -> (L,), drawn in every panel as rings of the curve's colour.
    dial: what the names are values of ("radius"): then each stands where its curve leaves the
        axes, and there is no legend.

    Raises ValueError if there is no panel, or if curves differ in length.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    names = {name: 0 for curves in panels.values() for name in curves}
    styles = _dial_or_cells(list(names)) if dial else _styles(names)
    fig, axes = new_figure(WIDTH, 3.5, ncols=len(panels), sharey=True, squeeze=False)
    for ax, (title, curves) in zip(axes[0], panels.items(), strict=True):
        _lag_axes(ax, curves, styles, predicted or {}, limits)
        ax.set_title(title, fontsize=10)
        if dial:
            _label_ends(ax, curves, styles, limits, dial)
    axes[0, 0].set_ylabel("gradient, relative to lag 0")
    if predicted:
        _name_rings(axes[0, 0])
    if not dial:
        fullest = max(axes[0], key=lambda ax: len(ax.get_legend_handles_labels()[0]))
        fig.legend(
            *fullest.get_legend_handles_labels(),
            loc="outside upper center",
            ncols=len(names),
            handlelength=2.4,
            columnspacing=1.6,
            labelcolor=INK,
        )
    return fig


@style()
def spectrum_and_lags(
    eigenvalues: Mapping[str, np.ndarray],
    curves: Mapping[str, np.ndarray],
    *,
    dial: str = "",
    predicted: Mapping[str, np.ndarray] | None = None,
    limits: tuple[float, float] = (1e-12, 10.0),
    window: tuple[float, float] | None = None,
) -> Figure:
    """Left the eigenvalues in the complex plane, right the gradient against the lag.

    eigenvalues: name -> (n,); curves: the same names -> norms (L,) or (runs, L), labelled where
        they leave the figure. predicted: name -> (L,), drawn as rings.
    dial: what the names are values of, written before each.
    window: real parts from .. to .., to look closer at eigenvalues that lie near one another.

    Raises ValueError if the names are not the same, or if curves differ in length.
    """
    if list(eigenvalues) != list(curves):
        raise ValueError(f"eigenvalues has {list(eigenvalues)}, curves has {list(curves)}.")
    styles = _dial_or_cells(list(curves))
    fig, (plane, lags) = new_figure(WIDTH, 3.5, ncols=2, width_ratios=(1, 1.15))
    sets = {name: np.asarray(values, complex) for name, values in eigenvalues.items()}
    _plane_axes(plane, sets, styles)
    if window is not None:
        half = (window[1] - window[0]) / 2
        plane.set(xlim=window, ylim=(-half, half))
    _lag_axes(lags, curves, styles, predicted or {}, limits)
    lags.set_ylabel("gradient, relative to lag 0")
    _label_ends(lags, curves, styles, limits, dial)
    if predicted:
        _name_rings(lags)
    return fig


@style()
def spectra(
    panels: Mapping[str, np.ndarray | Mapping[str, np.ndarray]], *, cell: str | None = None
) -> Figure:
    """Eigenvalues in the complex plane, one panel beside the other, with the unit circle.

    panels: title -> (n,). The colour is that of `cell`, or of the cell type that the title begins
        with. The spectral radius stands below each.

    Raises ValueError if there is no panel.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 0.75 + 6.6 / len(panels), ncols=len(panels), squeeze=False)
    for place, (ax, (title, values)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        values = np.asarray(values, complex)
        keywords = curve_style(cell or title, place)
        _plane_axes(ax, {title: values}, {title: keywords}, reach=1.25)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel(f"radius {np.abs(values).max():.2f}", fontsize=9.5)
        ax.set_ylabel("")
        ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    axes[0, 0].set_ylabel(r"$\mathrm{Im}\,\lambda$")
    return fig


def _dial_or_cells(names: list[str]) -> dict[str, dict[str, object]]:
    """Colours of cell types, if one is named; else those of a dial whose middle is ink."""
    styles = _styles(dict.fromkeys(names))
    if any(name.replace(",", " ").split()[0] in {*CELLS, *ALIASES} for name in names):
        return styles
    places = np.linspace(0, len(DIAL) - 1, len(names)).round().astype(int)
    return {
        name: {**styles[name], "color": DIAL[k], "linestyle": "-"}
        for name, k in zip(names, places, strict=True)
    }


def _lag_axes(
    ax: Axes,
    curves: Mapping[str, np.ndarray],
    styles: Mapping[str, dict[str, object]],
    predicted: Mapping[str, np.ndarray],
    limits: tuple[float, float],
) -> None:
    low = limits[0]
    for name, values in curves.items():
        runs = np.maximum(_runs(name, values), low / 1e3)
        lags = np.arange(runs.shape[1])
        _same_length(name, runs, lags)
        if len(runs) > 1:
            ends = runs.min(axis=0), runs.max(axis=0)
            ax.fill_between(lags, *ends, color=styles[name]["color"], alpha=0.16, lw=0)
        ax.plot(lags, np.median(runs, axis=0), **styles[name])
        if name in predicted:
            every = max(1, len(lags) // 10)
            ring = {"marker": "o", "ms": 5, "mfc": PAPER, "mew": 1.2, "linestyle": "none"}
            color = styles[name]["color"]
            rings = np.where(predicted[name] < low, np.nan, predicted[name])
            ax.plot(lags[::every], rings[::every], color=color, zorder=2.5, **ring)
    ax.set_yscale("log")
    ax.set(xlim=(0, len(lags) - 1), ylim=limits, xlabel="lag, steps back in time")
    ax.grid(axis="y")


def _label_ends(
    ax: Axes,
    curves: Mapping[str, np.ndarray],
    styles: Mapping[str, dict[str, object]],
    limits: tuple[float, float],
    dial: str,
) -> None:
    """Each name where its curve leaves the axes: at the right, the top or the bottom."""
    low, high = limits
    for name, values in curves.items():
        middle = np.median(_runs(name, values), axis=0)
        inside = np.flatnonzero((middle >= low) & (middle <= high))
        last = int(inside[-1]) if len(inside) else 0
        color = readable(styles[name]["color"])
        if last >= len(middle) - 4:
            at, shift, how = (len(middle) - 1, middle[-1]), (5, 0), {"ha": "left", "va": "center"}
        elif middle[last + 1] > high:
            at, shift, how = (last, high), (4, -3), {"ha": "left", "va": "top"}
        else:
            at, shift, how = (last, low), (14, 4), {"ha": "left", "va": "bottom"}
        how |= {"textcoords": "offset points", "annotation_clip": False}
        ax.annotate(f"{dial} {name}".strip(), at, shift, color=color, fontsize=9.5, **how)


def _plane_axes(
    ax: Axes,
    sets: Mapping[str, np.ndarray],
    styles: Mapping[str, dict[str, object]],
    reach: float | None = None,
) -> None:
    angle = np.linspace(0, 2 * np.pi, 241)
    ax.fill(np.cos(angle), np.sin(angle), color=DISC, lw=0, zorder=0)
    ax.plot(np.cos(angle), np.sin(angle), color=SOFT, lw=1.2, zorder=1)
    ax.axhline(0, color=FAINT, lw=0.8, zorder=0.5)
    ax.axvline(0, color=FAINT, lw=0.8, zorder=0.5)
    for k, (name, values) in enumerate(sets.items()):
        ax.plot(
            values.real,
            values.imag,
            linestyle="none",
            marker=MARKERS[k % len(MARKERS)],
            color=styles[name]["color"],
            markersize=4.6,
            markeredgecolor=PAPER,
            markeredgewidth=0.5,
            zorder=3,
        )
    reach = reach or 1.12 * max(1.0, max(np.abs(values).max() for values in sets.values()))
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set(xlabel=r"$\mathrm{Re}\,\lambda$", ylabel=r"$\mathrm{Im}\,\lambda$")
    ax.locator_params(nbins=5)


def _name_rings(ax: Axes) -> None:
    from matplotlib.lines import Line2D

    ring = Line2D([], [], marker="o", ms=5, mfc=PAPER, mew=1.2, color=SOFT, linestyle="none")
    ax.legend([ring], ["prediction"], loc="upper left", handlelength=1.2, borderaxespad=0.2)
