"""Figures of what came after the GRU: rounds of a scan, eigenvalues as memories, attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.pen import Pen, tint
from course_utils.plots.samples import flow
from course_utils.plots.style import (
    CELLS,
    CLUE,
    FAINT,
    INK,
    ORDER,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

UP, DOWN = ORDER[0], ORDER[1]  # rounds that pair steps, and rounds that fill in


@style()
def scan_rounds(steps: int = 8) -> Figure:
    """A parallel scan over `steps` steps, a power of two: its rounds down and up again.

    Raises ValueError if it is none from 2 to 16.
    """
    if steps not in (2, 4, 8, 16):
        raise ValueError(f"steps is {steps}; it must be 2, 4, 8 or 16.")
    depth = steps.bit_length() - 1
    rows = 2 * depth  # the steps themselves, and a row for each round
    fig, axes = canvas(WIDTH, 0.62 * rows + 0.67)
    pen = Pen(axes)
    left, right, top = 2.1, WIDTH - 0.45, 0.62 * rows + 0.17
    xs, ys = np.linspace(left, right, steps), top - 0.62 * np.arange(rows)
    known = {t: 0 for t in range(steps)}  # the row of each step's newest node

    def join(row: int, inputs: Sequence[int], at: int, color: str) -> None:
        for t in inputs:
            start, end = (xs[t], ys[known[t]]), (xs[at], ys[row])
            axes.plot(*zip(start, end), color=color, lw=1.6, zorder=2)
        known[at] = row

    for t in range(steps):
        axes.text(xs[t], top + 0.3, f"$a_{{{t + 1}}}, b_{{{t + 1}}}$", ha="center", va="center")
    for level in range(depth):
        gap = 2**level
        nodes = range(2 * gap - 1, steps, 2 * gap)
        for at in nodes:
            join(level + 1, (at - gap, at), at, UP)
        _label(axes, ys[level + 1], f"round {level + 1}: join pairs", UP)
        for at in nodes:
            _node(axes, xs[at], ys[level + 1], UP)
    for level in reversed(range(depth - 1)):
        gap, row = 2**level, 2 * depth - 1 - level
        nodes = range(3 * gap - 1, steps, 2 * gap)
        for at in nodes:
            join(row, (at - gap, at), at, DOWN)
        _label(axes, ys[row], f"round {row}: fill in between", DOWN)
        for at in nodes:
            _node(axes, xs[at], ys[row], DOWN)
    bottom = ys[-1] - 0.42
    for t in range(steps):
        _node(axes, xs[t], ys[0], INK)
        pen.line([(xs[t], ys[known[t]] - 0.09), (xs[t], bottom + 0.1)], color=FAINT, width=1.0,
                 layer=1)  # fmt: skip
        axes.text(xs[t], bottom - 0.06, f"$h_{{{t + 1}}}$", ha="center", va="center", fontsize=11)
    _label(axes, ys[0], "the steps", INK)
    return fig


def _node(axes: Axes, x: float, y: float, color: str) -> None:
    axes.plot([x], [y], "o", ms=9, color=color, mec=PAPER, mew=1.2, zorder=4)


def _label(axes: Axes, y: float, text: str, color: str) -> None:
    axes.text(0.12, y, text, color=color, va="center", fontsize=9.5)


@style()
def scan_speed(lengths: Sequence[int], speedups: Mapping[str, np.ndarray]) -> Figure:
    """How many times faster a scan is than a loop, against the length; 1 is a line.

    speedups: name -> (lengths,) or (runs, lengths); of several runs the median and the range.

    Raises ValueError if a name has other lengths.
    """
    fig, axes = new_figure(WIDTH, 3.0)
    for k, (name, values) in enumerate(speedups.items()):
        runs = np.atleast_2d(np.asarray(values, float))
        if runs.shape[1] != len(lengths):
            raise ValueError(f"{name} has {runs.shape[1]} values for {len(lengths)} lengths.")
        look = {**curve_style(name, k), "marker": "os^"[k % 3]}
        axes.fill_between(lengths, runs.min(0), runs.max(0), color=look["color"], alpha=0.16, lw=0)
        axes.plot(lengths, np.median(runs, axis=0), **look)
    axes.axhline(1, color=SOFT, lw=1, ls=(0, (2, 2)))
    axes.text(1.012, 1, "equally fast", color=SOFT, fontsize=9, va="center",
              transform=axes.get_yaxis_transform())  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="steps $T$", ylabel="loop's time / scan's time")
    axes.set_xticks(lengths, [f"{length:,}" for length in lengths])
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if axes.get_ylim()[0] <= t]
    axes.set_yticks([t for t in ticks if t <= axes.get_ylim()[1]])
    axes.yaxis.set_major_formatter("{x:g}")
    axes.minorticks_off()
    axes.grid(axis="y")
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), borderaxespad=0)
    return fig


@style()
def eigenvalue_memories(eigenvalues: Sequence[complex], steps: int = 40) -> Figure:
    """Factors a in the unit circle, and beside them what each remembers of one click.

    eigenvalues: up to six numbers of modulus 1 at most; the real part of a to the power k is drawn.

    Raises ValueError for none, too many, or one outside the circle.
    """
    values = np.asarray(eigenvalues, complex)
    if not 1 <= len(values) <= len(ORDER) or (np.abs(values) > 1 + 1e-9).any():
        raise ValueError(f"eigenvalues must be 1 to {len(ORDER)} numbers of modulus 1 at most.")
    fig, panels = new_figure(WIDTH, 0.7 + 0.62 * max(4, len(values)), nrows=len(values), ncols=2,
                             width_ratios=(1, 1.5), squeeze=False)  # fmt: skip
    grid = panels[0, 0].get_gridspec()
    for axes in panels[:, 0]:
        axes.remove()
    plane = fig.add_subplot(grid[:, 0])
    angle = np.linspace(0, 2 * np.pi, 241)
    plane.fill(np.cos(angle), np.sin(angle), color="#F5F5F5", lw=0)
    plane.plot(np.cos(angle), np.sin(angle), color=SOFT, lw=1.2)
    plane.axhline(0, color=FAINT, lw=0.8)
    plane.axvline(0, color=FAINT, lw=0.8)
    plane.set(aspect="equal", xlim=(-1.15, 1.15), ylim=(-1.15, 1.15), xticks=(-1, 0, 1))
    plane.set(yticks=(-1, 0, 1), xlabel=r"$\mathrm{Re}\,a$", ylabel=r"$\mathrm{Im}\,a$")
    k = np.arange(steps)
    for value, axes, color, marker in zip(values, panels[:, 1], ORDER, "osD^vP"):
        plane.plot([value.real], [value.imag], marker, color=color, ms=8, mec=PAPER, zorder=4,
                   clip_on=False)  # fmt: skip
        memory = (value**k).real
        axes.axhline(0, color=FAINT, lw=0.8)
        axes.vlines(k, 0, memory, color=color, lw=1.2)
        axes.plot(k, memory, marker, color=color, ms=3.5)
        axes.set(ylim=(-1.25, 1.25), yticks=(), xlim=(-1, steps))
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(axis="x", length=0, labelbottom=axes is panels[-1, 1])
    panels[-1, 1].set_xlabel("steps after the click")
    return fig


@style()
def attention_words(sentences: Sequence[tuple[Sequence[str], np.ndarray, str]]) -> Figure:
    """Sentences as running text: the darker a word, the more the last one attends to it.

    sentences: (words, weights (words,), answer) of each; the weight of the heaviest is written.

    Raises ValueError if there is none, or weights are not one for each word.
    """
    if not sentences:
        raise ValueError("sentences is empty; it needs at least one.")
    line, gap, size = 0.29, 0.3, 10.5
    flows = []
    for words, weights, answer in sentences:
        if len(words) != len(weights):
            raise ValueError(f"weights has {len(weights)} values for {len(words)} words.")
        flows.append(flow([*words, answer], {int(np.argmax(weights)), len(words)}, size))
    tall = sum(line * lines for _, lines in flows) + gap * len(flows)
    fig, axes = canvas(WIDTH, tall)
    y = tall - 0.5 * gap
    for (words, weights, _), (places, lines) in zip(sentences, flows):
        for k, (word, x, row, width) in enumerate(places):
            middle = y - line * (row + 0.5)
            blank = k == len(words)
            share = 0 if blank else float(weights[k])
            if blank or share >= 0.01:
                _shade(axes, x, middle, width, tint(CLUE, share), CLUE if blank else PAPER)
            look = {"weight": "bold", "color": CLUE} if blank else {}
            if share > 0.45:
                look = {"weight": "bold", "color": PAPER}
            axes.text(
                x, middle, word, va="center_baseline", fontsize=size, **({"color": INK} | look)
            )
        y -= line * lines + gap
    return fig


def _shade(axes: Axes, x: float, y: float, width: float, face: object, edge: object) -> None:
    from matplotlib.patches import FancyBboxPatch

    box = (x - 0.045, y - 0.115), width + 0.09, 0.23
    look = {"boxstyle": "round,pad=0,rounding_size=0.05", "facecolor": face, "edgecolor": edge}
    axes.add_patch(FancyBboxPatch(*box, **look, linewidth=1.2))


@style()
def answers_by_start(rows: Mapping[str, Mapping[str, tuple[int, int]]]) -> Figure:
    """How many runs solved each task: rows of tasks, columns of networks, filled and empty dots.

    rows: task -> network -> (solved, runs); a network that begins with a cell type has its colour.

    Raises ValueError if there is no task.
    """
    if not rows:
        raise ValueError("rows is empty; it needs at least one task.")
    networks = list(dict.fromkeys(name for row in rows.values() for name in row))
    tall = 0.72 + 0.34 * len(rows)
    fig, axes = canvas(WIDTH, tall)
    column = (WIDTH - 2.3) / len(networks)
    for k, name in enumerate(networks):
        color = _network_color(name, k)
        axes.text(2.1 + k * column, tall - 0.28, name, weight="bold", color=color, va="center")
    for n, (task, row) in enumerate(rows.items()):
        y = tall - 0.68 - 0.34 * n
        axes.plot([0.15, WIDTH - 0.15], [y + 0.17] * 2, color=FAINT, lw=0.7)
        axes.text(0.15, y, task, va="center")
        for name, (solved, runs) in row.items():
            k = networks.index(name)
            color = _network_color(name, k)
            for run in range(runs):
                face = color if run < solved else PAPER
                axes.plot([2.16 + k * column + 0.17 * run], [y], "o", ms=8, mfc=face, mec=color)
            text = f"{solved} of {runs}"
            axes.text(2.16 + k * column + 0.17 * runs + 0.05, y, text, va="center", color=SOFT,
                      fontsize=9)  # fmt: skip
    return fig


def _network_color(name: str, position: int) -> str:
    cell = name.replace(",", " ").split()[0]
    return CELLS[cell].color if cell in CELLS else (CLUE, ORDER[3], ORDER[4])[position % 3]
