"""Inside a trained network: over a sentence, by unit, and what is left when a part is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.heatmap import _colors, _ends
from course_utils.plots.style import (
    CLUE,
    FAINT,
    GATES,
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

LEVELS = 25  # shades of a heat map: few enough to survive the palette of a small PNG
MOST_WORDS = 50  # that stand below a heat map; of more, every second one and so on


@style()
def sentence_heatmaps(
    panels: Mapping[str, np.ndarray],
    words: Sequence[str],
    *,
    kind: str = "state",
    limit: float | None = None,
    mark: Sequence[int] = (),
    height: float = 1.75,
) -> Figure:
    """Heat maps one below the other, a column for a word and a row for a unit, every word named.

    panels: title -> (T, n); words: T; kind and limit as in states_heatmap, common to all panels.
    mark: positions of words to be set in purple.

    Raises ValueError if there is no panel, or if one does not have a step for each word.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    T = len(words)
    for title, values in panels.items():
        if np.ndim(values) != 2 or len(values) != T:
            raise ValueError(f"panels[{title!r}] has shape {np.shape(values)}; it needs ({T}, n).")
    if limit is None:
        largest = max(float(np.abs(values).max()) for values in panels.values())
        limit = 1.0 if kind == "gate" else largest or 1.0
    low = 0.0 if kind == "gate" else -limit
    fig, axes = new_figure(
        WIDTH, height * len(panels) + 0.8, nrows=len(panels), sharex=True, squeeze=False
    )
    for ax, (title, values) in zip(axes[:, 0], panels.items(), strict=True):
        image = ax.imshow(
            np.asarray(values, float).T,
            aspect="auto",
            cmap=_colors(kind).resampled(LEVELS),
            vmin=low,
            vmax=limit,
            interpolation="nearest",
        )
        ax.set_title(title, fontsize=10)
        ax.set_ylabel("unit")
        ax.set_yticks([])
        ax.tick_params(length=0)
        ax.spines[:].set(visible=True, color=FAINT)
        for place in mark:
            for edge in (place - 0.5, place + 0.5):
                ax.axvline(edge, color=CLUE, lw=0.8)
    last = axes[-1, 0]
    every = 1 + (T - 1) // MOST_WORDS
    shown = [word if k % every == 0 or k in mark else "" for k, word in enumerate(words)]
    last.set_xticks(range(T), shown, rotation=90, fontsize=9)
    last.tick_params(axis="x", pad=3)
    for place in mark:
        label = last.get_xticklabels()[place]
        label.set(color=CLUE, fontweight="bold")
    bar = fig.colorbar(image, ax=axes[:, 0].tolist(), pad=0.015, aspect=14 * len(panels))
    middle = 0.5 * (low + limit)
    bar.set_ticks([low, middle, limit], labels=_ends(kind, low, middle, limit))
    bar.outline.set(color=FAINT, linewidth=0.8)
    bar.ax.tick_params(length=0)
    return fig


@style()
def dots_by_seed(
    rows: Mapping[str, tuple[str, Sequence[float]]],
    *,
    baseline: float | None = None,
    baseline_label: str = "guessing",
    xlabel: str = "share of right answers",
) -> Figure:
    """A row for each thing that was done to a network, a dot for each seed.

    rows: what was done -> (gate whose colour and marker it takes, or "", share for each seed).

    Raises ValueError if there is no row.
    """
    if not rows:
        raise ValueError("rows is empty; it needs at least one.")
    fig, ax = new_figure(WIDTH, 0.75 + 0.34 * len(rows))
    for place, (gate, shares) in enumerate(rows.values()):
        mark = GATES.get(gate)
        color, marker = (mark.color, mark.marker) if mark else (INK, "o")
        values = np.asarray(shares, float)
        ax.plot([values.min(), values.max()], [place, place], color=color, lw=1.6, alpha=0.45)
        height = place + np.linspace(-0.16, 0.16, len(values)) * (len(values) > 1)
        dots = {"ls": "none", "ms": 7, "mec": PAPER, "mew": 0.7, "clip_on": False, "zorder": 3}
        ax.plot(values, height, marker, color=color, **dots)
    if baseline is not None:
        ax.axvline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        ax.text(baseline + 0.01, -0.55, baseline_label, color=SOFT, fontsize=9, va="bottom")
    ax.set_yticks(range(len(rows)), list(rows), fontsize=9.5)
    ax.set(xlim=(0, 1.0), ylim=(len(rows) - 0.5, -0.6), xlabel=xlabel)
    ax.tick_params(axis="y", length=0, pad=10)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    return fig


@style()
def unit_traces(
    panels: Mapping[str, tuple[str, np.ndarray]],
    words: Sequence[str],
    *,
    mark: Sequence[int] = (),
    height: float = 1.45,
) -> Figure:
    """Gates of single units over a sentence: a thin line for each unit, a thick one for the mean.

    panels: title -> (letter of the gate, (T, n)); words: T; mark: positions of words in purple.

    Raises ValueError if there is no panel, or if one does not have a step for each word.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(
        WIDTH, height * len(panels) + 0.8, nrows=len(panels), sharex=True, squeeze=False
    )
    for ax, (title, (gate, values)) in zip(axes[:, 0], panels.items(), strict=True):
        if np.ndim(values) != 2 or len(values) != len(words):
            shape = np.shape(values)
            raise ValueError(f"panels[{title!r}] has shape {shape}; it needs ({len(words)}, n).")
        color = GATES[gate].color
        ax.plot(values, color=color, lw=0.7, alpha=0.45)
        ax.plot(np.mean(values, axis=1), color=INK, lw=2.2)
        ax.set_title(title, fontsize=10)
        ax.set(ylim=(-0.03, 1.03), yticks=(0, 0.5, 1), ylabel="open")
        ax.margins(x=0.01)
        ax.grid(axis="y")
        for place in mark:
            ax.axvline(place, color=CLUE, lw=1, zorder=1)
    last = axes[-1, 0]
    last.set_xticks(range(len(words)), words, rotation=90, fontsize=9)
    last.tick_params(axis="x", pad=3, length=0)
    for place in mark:
        last.get_xticklabels()[place].set(color=CLUE, fontweight="bold")
    return fig


@style()
def rank_panels(
    panels: Mapping[str, Sequence[np.ndarray]],
    *,
    baseline: float,
    baseline_label: str,
    ylabel: str,
) -> Figure:
    """A number of each unit, sorted, logarithmic: a panel for each title, a line for each seed.

    panels: title -> rows (n,), each sorted. A title that begins with a cell type takes its colour.
    baseline: what to compare with, as a dotted line, named in the first panel.

    Raises ValueError if there is no panel.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 2.9, ncols=len(panels), sharey=True, squeeze=False)
    for place, (ax, (title, rows)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        color = curve_style(title, place)["color"]
        for row in rows:
            ax.plot(np.arange(1, len(row) + 1), row, color=color, lw=1.2, alpha=0.8)
        ax.axhline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        ax.set_title(title, fontsize=9.5)
        ax.set(yscale="log", xlabel="units, sorted", xticks=(1, len(rows[0])))
        ax.grid(axis="y")
    axes[0, 0].set_ylabel(ylabel)
    label = {"textcoords": "offset points", "fontsize": 9, "color": SOFT}
    axes[0, 0].annotate(baseline_label, (1, baseline), (2, 4), **label)
    return fig
