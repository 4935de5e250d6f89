"""Figures of the first recurrent network: its loop folded and unrolled, tanh, and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.heatmap import state_colors
from course_utils.plots.pen import Pen
from course_utils.plots.style import (
    CELLS,
    CLUE,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RNN = CELLS["SimpleRNN"].color
BOX = 0.62  # inches, the side of a cell
RADIUS = 0.2


@style()
def folded_and_unrolled(inputs: Sequence[float], states: Sequence[float]) -> Figure:
    """A cell with its loop, and beside it one copy for each step, with inputs and states written.

    Raises ValueError if there is not one state for each input.
    """
    if len(inputs) != len(states):
        raise ValueError(f"states has {len(states)} values for {len(inputs)} inputs.")
    fig, axes = canvas(WIDTH, 2.3)
    pen = Pen(axes)
    floor, middle = 0.5, 1.3
    _copy(pen, 1.0, floor, middle, "$x$", "$h$", "$W$")
    right, top = 1.0 + BOX / 2, middle + BOX / 2 + 0.3
    loop = [(right, middle), (right + 0.34, middle), (right + 0.34, top), (0.35, top),
            (0.35, middle), (1.0 - BOX / 2 - 0.02, middle)]  # fmt: skip
    pen.line(loop, INK, 1.8, arrow=True)
    pen.text((1.0, top + 0.17), "$U$", 13)
    pen.text((2.1, middle), "=", 20, SOFT)
    start, gap = 3.6, (WIDTH - 0.75 - 3.6) / max(len(inputs) - 1, 1)
    pen.text((start - BOX / 2 - 0.62, middle), "0", 12, SOFT)
    for t, (x, h) in enumerate(zip(inputs, states)):
        at = start + t * gap
        _copy(pen, at, floor, middle, f"{x:g}", f"{h:.2f}", "$W$")
        before = at - BOX / 2 - 0.5 if t == 0 else at - gap + BOX / 2
        pen.line([(before, middle), (at - BOX / 2 - 0.02, middle)], INK, 1.8, arrow=True)
        pen.text(((before + at - BOX / 2) / 2 - 0.03, middle + 0.2), "$U$", 13)
        pen.text((at, 0.13), f"step {t + 1}", 9.5, SOFT)
    return fig


def _copy(pen: Pen, x: float, floor: float, middle: float, word: str, state: str, w: str) -> None:
    pen.line([(x, floor + RADIUS), (x, middle - BOX / 2 - 0.02)], INK, 1.8, arrow=True)
    pen.text((x + 0.2, (floor + RADIUS + middle - BOX / 2) / 2 - 0.02), w, 13)
    pen.disc((x, floor), word, SOFT, RADIUS, fill=0.0, size=11.5, edge=1.2)
    pen.box((x, middle), state, RNN, BOX, BOX, fill=0.16, size=13)


@style()
def tanh_and_slope(at: Sequence[float] = ()) -> Figure:
    """Left tanh(a), right its slope, 1 - tanh(a)²; dots stand at the places `at`."""
    fig, panels = new_figure(WIDTH, 2.5, ncols=2)
    a = np.linspace(-3.5, 3.5, 281)
    curves = {r"$\tanh(a)$": np.tanh, r"its slope, $1 - \tanh(a)^2$": lambda a: 1 - np.tanh(a) ** 2}
    for axes, (title, f) in zip(panels, curves.items()):
        axes.axvline(0, color=SOFT, lw=0.8, zorder=1)
        axes.axhline(0, color=SOFT, lw=0.8, zorder=1)
        axes.plot(a, f(a), color=RNN)
        for place in at:
            axes.plot(place, f(place), "o", color=INK, ms=5, zorder=3)
            axes.annotate(
                f"{f(place):.2f}", (place, f(place)), (6, 5 if axes is panels[1] else -5),
                textcoords="offset points", fontsize=9,
                va="bottom" if axes is panels[1] else "top",
            )  # fmt: skip
        axes.set(xlabel="$a$", xticks=range(-3, 4), xlim=(-3.5, 3.5))
        axes.set_title(title)
        axes.grid(axis="y")
    panels[0].set(ylabel="$h$", ylim=(-1.15, 1.15), yticks=(-1, -0.5, 0, 0.5, 1))
    panels[1].set(ylabel="slope", ylim=(-0.1, 1.15), yticks=(0, 0.5, 1))
    return fig


@style()
def echoes(states: Mapping[str, np.ndarray], click: int) -> Figure:
    """States (T, n) side by side, and below each the length of the state at every step.

    click: the step, from 1, at which something is heard; lengths are relative to it.

    Raises ValueError for states of different shapes.
    """
    shapes = {np.shape(one) for one in states.values()}
    if len(shapes) != 1:
        raise ValueError(f"states have shapes {sorted(shapes)}; they must have one.")
    ((T, n),) = shapes
    fig, panels = new_figure(
        WIDTH, 3.9, nrows=2, ncols=len(states), sharex=True, sharey="row", squeeze=False,
        height_ratios=(2.3, 1),
    )  # fmt: skip
    limit = max(float(np.abs(one).max()) for one in states.values())
    for column, (title, one) in enumerate(states.items()):
        above, below = panels[:, column]
        image = above.imshow(
            np.asarray(one).T, aspect="auto", cmap=state_colors(), vmin=-limit, vmax=limit,
            interpolation="nearest", extent=(0.5, T + 0.5, n + 0.5, 0.5),
        )  # fmt: skip
        above.set_title(title)
        above.tick_params(length=0)
        length = np.linalg.norm(one, axis=1)
        below.plot(np.arange(1, T + 1), length / length[click - 1], color=RNN)
        below.set(xlabel="step $t$", ylim=(0, 1.08), yticks=(0, 0.5, 1))
        below.grid(axis="y")
        below.axvline(click, color=CLUE, lw=1, ls=(0, (2, 2)), zorder=1)
    panels[0, 0].set(ylabel="unit", yticks=(1, n))
    panels[1, 0].set_ylabel("what is left")
    bar = fig.colorbar(image, ax=panels[0], pad=0.015, fraction=0.04)
    bar.set_ticks([-limit, 0, limit], labels=[f"−{limit:.1f}", "0", f"+{limit:.1f}"])
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0)
    return fig


@style()
def state_gap(curves: Mapping[str, np.ndarray], marks: Mapping[int, str]) -> Figure:
    """How far apart the states after two sequences are, step by step: (runs, T) for each name.

    marks: step, from 1 -> what stands there.
    """
    fig, axes = new_figure(WIDTH, 3.2)
    for position, (name, values) in enumerate(curves.items()):
        runs = np.atleast_2d(values)
        steps, look = np.arange(1, runs.shape[1] + 1), curve_style(name, position)
        axes.plot(steps, runs.T, color=look["color"], lw=1.1, alpha=0.55)
        middle = np.median(runs, axis=0)
        axes.plot(
            steps, middle, color=look["color"], linestyle=look["linestyle"], marker="o", ms=4,
            markeredgecolor=PAPER, markeredgewidth=0.6,
        )  # fmt: skip
        axes.annotate(
            name, (steps[-1], middle[-1]), (6, 0), textcoords="offset points", va="center",
            color=look["color"], fontsize=10, annotation_clip=False,
        )  # fmt: skip
    top = axes.get_ylim()[1]
    for step, text in marks.items():
        axes.axvline(step, color=CLUE, lw=1, ls=(0, (2, 2)), zorder=1)
        axes.text(step + 0.12, top, text, color=CLUE, fontsize=9, va="top")
    axes.set(
        xlabel="step of the sequence", ylabel="distance of the two states", ylim=(0, top),
        xlim=(1, steps[-1]), xticks=[1, *range(5, int(steps[-1]) + 1, 5)],
    )  # fmt: skip
    axes.grid(axis="y")
    return fig
