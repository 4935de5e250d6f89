"""Figures of real data: who is taken for whom, letters and gates, forecasts, invented names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.heatmap import _colors
from course_utils.plots.style import (
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

COUNTED = "#6B6B6B"  # of what is no network


@style()
def confusion(counts: np.ndarray, names: Sequence[str]) -> Figure:
    """counts (k, k): row the truth, column the answer. Shares of each row, in per cent.

    Raises ValueError if counts are not square or do not fit the names.
    """
    counts = np.asarray(counts)
    if counts.shape != (len(names),) * 2:
        raise ValueError(f"counts has shape {counts.shape}; it needs {(len(names),) * 2}.")
    places = counts.sum(axis=1)
    share = 100 * counts / np.maximum(places[:, None], 1)
    fig, ax = new_figure(WIDTH, 5.4)
    ax.imshow(share, cmap=_colors("gate"), vmin=0, vmax=100)
    for row, column in np.argwhere(share >= 1):
        value = share[row, column]
        color = PAPER if value > 45 else INK
        ax.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=9, color=color)
    ax.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(names)), [f"{n} ({k})" for n, k in zip(names, places, strict=True)])
    ax.set(xlabel="answer of the network", ylabel="the place lies in")
    ax.set_title("Of 100 places, how many are taken for one in ...")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return fig


@style()
def forecast_days(
    days: np.ndarray,
    truth: np.ndarray,
    forecasts: Mapping[str, Sequence[tuple[int, np.ndarray]]],
    xlabel: str = "day",
) -> Figure:
    """Measured temperature over some days, and forecasts that start now and then.

    days: (H,) time in days; truth: (H,); forecasts: name -> pairs (hour of now, values (24,)).

    Raises ValueError if there is no forecast.
    """
    if not forecasts:
        raise ValueError("forecasts is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 2.0 * len(forecasts) + 0.5, nrows=len(forecasts), sharex=True,
                           sharey=True, squeeze=False)  # fmt: skip
    for place, (name, starts) in enumerate(forecasts.items()):
        ax = axes[place, 0]
        ax.plot(days, truth, color=INK, lw=1.4, label="measured")
        keywords = curve_style(name, place)
        for now, values in starts:
            at = days[now] + np.arange(len(values) + 1) / 24
            ax.plot(at, np.r_[truth[now], values], **keywords)
            ax.plot(days[now], truth[now], "o", color=INK, ms=4.5, zorder=4)
            keywords = {**keywords, "label": None}
        ax.set(ylabel="°C", xlim=(days[0], days[-1]))
        ax.grid(axis="y")
        ax.legend(loc="lower right", bbox_to_anchor=(1, 0.97), ncols=2, borderaxespad=0)
    axes[-1, 0].set_xlabel(xlabel)
    return fig


@style()
def measured_bars(
    rows: Mapping[str, Sequence[float]], xlabel: str, digits: int = 2, span: float | None = None
) -> Figure:
    """A bar for each name at its median, a dot for each run; networks have their colour.

    span: half of what other test samples would give, a thin line at each bar's end.

    Raises ValueError if there is no row.
    """
    if not rows:
        raise ValueError("rows is empty; it needs at least one.")
    fig, ax = new_figure(WIDTH, 0.8 + 0.36 * len(rows))
    for place, (name, values) in enumerate(rows.items()):
        values = np.atleast_1d(np.asarray(values, float))
        network = name.split(",")[0] in ("RNN", "LSTM", "GRU")
        color = curve_style(name, place)["color"] if network else "#B5B5B5"
        middle = float(np.median(values))
        ax.barh(place, middle, color=color, height=0.62, alpha=0.85)
        if len(values) > 1:
            ax.plot(values, np.full(len(values), place), "o", color=INK, ms=3, mew=0)
        if span is not None:
            ax.plot([middle - span, middle + span], [place, place], color=INK, lw=0.9)
        text, end = f" {middle:.{digits}f}", max(middle + (span or 0), values.max())
        ax.text(end, place, text, va="center", fontsize=9, color=INK)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlabel=xlabel)
    ax.margins(x=0.1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    return fig


@style()
def invented_names(table: Mapping[str, Mapping[str, Sequence[str]]]) -> Figure:
    """Names in a table: a row for each country, a column for each temperature.

    table: column -> row -> names.

    Raises ValueError if there is no column.
    """
    if not table:
        raise ValueError("table is empty; it needs at least one column.")
    rows = list(next(iter(table.values())))
    most = max(len(names) for column in table.values() for names in column.values())
    tall = 0.2 * most + 0.14
    fig, ax = new_figure(WIDTH, 0.5 + tall * len(rows))
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(len(rows), -0.35))
    left = 0.13
    wide = (1 - left) / len(table)
    for k, (title, column) in enumerate(table.items()):
        ax.text(left + k * wide, -0.15, title, weight="bold", fontsize=10, va="center")
        for row, country in enumerate(rows):
            for line, name in enumerate(column[country]):
                down = row + (0.23 + 0.2 * line) / tall
                ax.text(left + k * wide, down, name, va="baseline", fontsize=9)
    for row, country in enumerate(rows):
        ax.axhline(row + 0.02, color=FAINT, lw=0.8)
        down = row + 0.23 / tall
        ax.text(0, down, country, va="baseline", fontsize=9.5, weight="bold", color=CLUE)
    ax.axhline(len(rows), color=SOFT, lw=0)
    return fig
