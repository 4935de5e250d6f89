"""Cells compared over several tasks and seeds: who solves what, how fast, and how surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    ALIASES,
    CELLS,
    FAINT,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    Mark,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Share = tuple[float, float, float]  # value, low and high end of its interval
OPENED = (0, (3, 1.2))
STARTS = {"chrono": "chrono initialisation", "IRNN": "IRNN: ReLU and the identity"}
SPREAD = 1.075  # equal runs stand side by side
TOP = 1.35  # of a panel, in losses of an answer that knows nothing
CROSS = {"marker": "X", "ms": 6.5, "mec": PAPER, "mew": 0.6}
BEYOND = 10 * TOP  # what counts for a loss that is no number any more


@style()
def success_and_steps(
    tasks: Mapping[str, Mapping[str, tuple[Share, Sequence[float]]]], budget: float
) -> Figure:
    """For each task and network: the share of runs that solved it, and the steps they needed.

    tasks: title -> network -> (share with its interval, steps of each run; infinity if unsolved).
        A network's name begins with its cell type; one with a start of its own ("LSTM, chrono") is
        filled, others are rings.
    budget: steps that every run had.

    Raises ValueError if there is no task, or if a name begins with no cell type.
    """
    if not tasks:
        raise ValueError("tasks is empty; it needs at least one.")
    rows = sum(map(len, tasks.values()))
    fig, (left, right) = new_figure(
        WIDTH, 0.9 + 0.2 * rows + 0.16 * len(tasks), ncols=2, sharey=True, width_ratios=(1, 1.25)
    )
    y, ticks = 0.0, []
    for place, (title, networks) in enumerate(tasks.items()):
        top = y
        for name, (share, steps) in networks.items():
            _row(left, right, y, name, share, np.asarray(steps, float), budget)
            ticks.append((y, name))
            y += 1
        if place:
            for ax in (left, right):
                ax.axhline(top - 0.9, color=FAINT, lw=0.8, zorder=0)
        left.annotate(
            title,
            (0, (top + y - 1) / 2),
            (-84, 0),
            xycoords=left.get_yaxis_transform(),
            textcoords="offset points",
            ha="right",
            va="center",
            weight="bold",
            fontsize=9.5,
            annotation_clip=False,
        )
        y += 0.8
    left.set_yticks([at for at, _ in ticks], [name for _, name in ticks], fontsize=9)
    for label, (_, name) in zip(left.get_yticklabels(), ticks, strict=True):
        label.set_color(_mark(name).color)
    left.set_ylim(y - 0.9, -0.9)
    left.set(xlim=(-0.04, 1.04), xticks=(0, 0.25, 0.5, 0.75, 1))
    left.set_xticklabels(("0", "", "½", "", "1"))
    left.set_title("share of runs that solve it", fontsize=10)
    right.set(xscale="log", xlim=(80, budget * 1.95))
    at = [step for step in (100, 200, 500, 1000, 2000) if step <= budget]
    right.set_xticks([*at, budget * 1.55], [*(f"{step:,}" for step in at), "never"])
    right.axvline(budget * 1.2, color=SOFT, lw=0.8, ls=(0, (2, 2)))
    right.set_title("training steps until then, each run", fontsize=10)
    for ax in (left, right):
        ax.grid(axis="x", zorder=0.5)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    return fig


@style()
def loss_grid(
    tasks: Mapping[str, Mapping[str, Sequence[np.ndarray]]], every: int, budget: int
) -> Figure:
    """Small multiples: a row for each task, a column for each cell, bands over the runs.

    tasks: title -> network -> runs, each its losses (S,) relative to the baseline, one each `every`
        steps. Names are as in `success_and_steps`: other starts of a cell share its panel, dashed.
        A run that ends before `budget` keeps its last value; a dot marks its end. One that
        diverged, with NaN or infinity at its end, has a cross there and is off the axes from then.

    Raises ValueError if there is no task, or if a name begins with no cell type.
    """
    if not tasks:
        raise ValueError("tasks is empty; it needs at least one.")
    cells = list(dict.fromkeys(_cell(name) for networks in tasks.values() for name in networks))
    fig, axes = new_figure(
        WIDTH,
        0.8 + 1.2 * len(tasks),
        nrows=len(tasks),
        ncols=len(cells),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for row, (title, networks) in zip(axes, tasks.items(), strict=True):
        row[0].set_ylabel(title, fontsize=9, weight="bold")
        for name, runs in networks.items():
            _band(row[cells.index(_cell(name))], name, runs, every, budget)
    for ax in axes.flat:
        ax.axhline(1, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        ax.set(ylim=(0, TOP), xlim=(0, budget), yticks=(0, 0.5, 1))
        ax.set_xticks(np.linspace(0, budget, 4).round(-2))
        ax.grid(axis="y")
    for ax, cell in zip(axes[0], cells, strict=True):
        ax.set_title(CELLS[cell].label, color=CELLS[cell].color)
    for ax in axes[-1]:
        ax.set_xlabel("training steps")
    axes[0, -1].annotate(
        "knows nothing", (budget, 1), (-2, -11), textcoords="offset points",
        ha="right", fontsize=9, color=SOFT,
    )  # fmt: skip
    every_run = [run for networks in tasks.values() for runs in networks.values() for run in runs]
    diverged = any(not np.isfinite(run).all() for run in every_run)
    _name_lines(fig, [name for networks in tasks.values() for name in networks], diverged)
    return fig


@style()
def longer_sequences(
    networks: Mapping[str, np.ndarray], lengths: Sequence[int], baseline: float, solved: float
) -> Figure:
    """The loss on sequences longer than those trained on: a line for each run, logarithmic.

    networks: name -> (runs, lengths) losses; the first of `lengths` is the trained one.

    Raises ValueError if there is no network, or if losses do not fit the lengths.
    """
    if not networks:
        raise ValueError("networks is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 2.9, ncols=len(networks), sharey=True, squeeze=False)
    x = np.arange(len(lengths))
    for ax, (name, losses) in zip(axes[0], networks.items(), strict=True):
        losses, mark = np.atleast_2d(losses), _mark(name)
        if losses.shape[1:] != x.shape:
            raise ValueError(
                f"networks[{name!r}] has shape {losses.shape}; it needs {len(x)} columns."
            )
        face = mark.color if _opened(name) else PAPER
        for run in losses:
            ax.plot(x, run, color=mark.color, lw=1, alpha=0.6)
            ax.plot(x, run, mark.marker, color=mark.color, mfc=face, mew=1.2, ms=5, clip_on=False)
        ax.axhline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
        ax.axhspan(1e-3, solved, color="#EAF4EF", lw=0, zorder=0)
        ax.set_title(
            name.replace(", ", ",\n") if "," in name else f"{name}\n",
            fontsize=9.5,
            color=mark.color,
        )
        ax.set(yscale="log", xlim=(-0.35, len(x) - 0.65), xlabel="length")
        ax.set_xticks(x, map(str, lengths))
        ax.grid(axis="y")
    first, note = axes[0, 0], {"textcoords": "offset points", "fontsize": 8, "color": SOFT}
    first.set(ylabel="loss (MSE)", ylim=(2e-3, 12))
    first.set_yticks((0.01, 0.1, 1, 10), ("0.01", "0.1", "1", "10"))
    first.annotate("knows nothing", (-0.3, baseline), (0, 4), **note)
    first.annotate("solved", (-0.3, solved), (0, -11), **note)
    return fig


def _row(
    left: Axes,
    right: Axes,
    y: float,
    name: str,
    share: Share,
    steps: np.ndarray,
    budget: float,
) -> None:
    mark = _mark(name)
    face = mark.color if _opened(name) else PAPER
    edge = {"mew": 0} if _opened(name) else {"mew": 1.2}
    dot = {"marker": mark.marker, "color": mark.color, "mfc": face, "ls": "none", **edge}
    size = 3.9 if not _opened(name) else 3.5 if mark.marker == "s" else 4.8  # side by side, apart
    value, low, high = share
    left.plot((low, high), (y, y), color=mark.color, lw=2, alpha=0.45, zorder=2)
    left.plot(value, y, ms=7.5 if _opened(name) else 6.3, zorder=3, clip_on=False, **dot)
    shown = np.sort(np.where(np.isfinite(steps), steps, budget * 1.55))
    for at, count in zip(*np.unique(shown, return_counts=True), strict=True):
        beside = at * SPREAD ** (np.arange(count) - (count - 1) / 2)
        right.plot(
            beside,
            np.full(count, y),
            ms=size,
            zorder=3,
            clip_on=False,
            **dot,
        )
    if len(shown) > 1:
        right.plot(shown[[0, -1]], (y, y), color=FAINT, lw=1, zorder=1)


def _band(ax: Axes, name: str, runs: Sequence[np.ndarray], every: int, budget: int) -> None:
    color, opened = _mark(name).color, _opened(name)
    x = np.arange(0, budget + 1, every)
    full = np.array([_to_the_end(np.asarray(run, float), len(x)) for run in runs])
    ax.fill_between(x, full.min(axis=0), full.max(axis=0), color=color, alpha=0.16, lw=0)
    line = {"ls": OPENED, "lw": 1.4} if opened else {"ls": "-", "lw": 1.8}
    ax.plot(x, np.median(full, axis=0), color=color, **line)
    for run in runs:
        known = _known(run)
        if len(known) < len(run):
            last = min(known[-1], TOP) if len(known) else TOP
            ax.plot(x[max(len(known) - 1, 0)], last, color=color, clip_on=False, zorder=4, **CROSS)
        elif len(run) < len(x):
            face = color if opened else PAPER
            ax.plot(x[len(run) - 1], run[-1], "o", ms=3.6, color=color, mfc=face, zorder=3)


def _known(run: np.ndarray) -> np.ndarray:
    """The losses of a run as long as they are numbers."""
    finite = np.isfinite(run)
    return run if finite.all() else run[: np.argmin(finite)]


def _to_the_end(run: np.ndarray, length: int) -> np.ndarray:
    known = _known(run)
    rest = BEYOND if len(known) < len(run) else run[-1]
    return np.r_[known, np.full(length - len(known), rest)]


def _name_lines(fig: Figure, networks: Sequence[str], diverged: bool) -> None:
    from matplotlib.lines import Line2D

    lines = [Line2D([], [], color=INK, marker="o", ms=4, mfc=PAPER, lw=1.8)]
    names = ["Keras's defaults"]
    starts = dict.fromkeys(name.partition(", ")[2] for name in networks if _opened(name))
    if starts:
        lines.append(Line2D([], [], color=INK, marker="o", ms=4, lw=1.4, ls=OPENED))
        names.append(", ".join(STARTS.get(start, start) for start in starts))
    names[-1] += " (dots: a run has solved its task)"
    if diverged:  # below the first name
        lines.insert(1, Line2D([], [], color=INK, ls="none", **CROSS))
        names.insert(1, "a run has diverged")
    fig.legend(lines, names, loc="outside upper center", ncols=2, handlelength=3)


def _cell(name: str) -> str:
    first = name.replace(",", " ").split()[0] if name.strip() else ""
    cell = ALIASES.get(first, first)
    if cell not in CELLS:
        raise ValueError(f"name is {name!r}; it must begin with one of {', '.join(CELLS)}.")
    return cell


def _mark(name: str) -> Mark:
    return CELLS[_cell(name)]


def _opened(name: str) -> bool:
    return "," in name
