"""A recurrent network unrolled in time, and the gradient that comes back through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.pen import Pen, tint
from course_utils.plots.style import (
    ALIASES,
    CELLS,
    CLUE,
    FAINT,
    INK,
    SOFT,
    WIDTH,
    canvas,
    cell_style,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 9  # columns that fit a page with their letters
BOX, GAP = 0.56, 0.56  # inches: the side of a cell, and the arrow to the next, where there is room
EDGE = 0.82  # inches left free on either side, for h_0


@style()
def unrolled(
    T: int,
    *,
    words: Sequence[str] | None = None,
    cell: str = "SimpleRNN",
    outputs: str = "last",
    path: tuple[int, int] | None = None,
    answer: str | None = None,
) -> Figure:
    """The network as T copies of one cell, h_0 on the left, an input below each copy.

    words: T words (or symbols) that are the inputs, written below them.
    outputs: which copies are read out: "last", "all" or "none"; answer: a word above the last.
    path: (from, to), steps from 1 to T: the way that what is read at `from` goes to be used at
        `to`, drawn bold.
    If T is above 9, steps in the middle are left out, but not the first of `path`.

    Raises ValueError for a number of words that is not T, or a path outside the sequence.
    """
    _check(T, words, cell, outputs)
    if path is not None and not 1 <= path[0] <= path[1] <= T:
        raise ValueError(f"path is {path}; it needs two steps from 1 to {T}, in order.")
    color = CELLS[ALIASES.get(cell, cell)].color
    columns = _columns(T, path[0] if path else None)
    stage = _Stage(columns, words, outputs != "none", answer)
    pen = stage.pen
    first, last = path or (T + 1, 0)
    reached = 0
    for place, step in enumerate(columns):
        x = stage.x(place)
        before, reached = reached, step or reached + 1
        _state_arrow(stage, place, step, first <= before and reached <= last)
        if step is None:
            carried = first <= before and reached <= last
            pen.text((x, stage.middle), "· · ·", size=13, color=CLUE if carried else SOFT)
            if words is not None:
                pen.text((x, stage.words), "…", size=11, color=SOFT)
            continue
        _column(stage, place, step, color, step == first, words)
        if outputs == "all" or (outputs == "last" and step == T):
            _output(stage, place, step, step == last, answer if step == T else None)
    _end_arrow(stage)
    return stage.figure


@style()
def gradient_flow(
    norms: Sequence[float] | np.ndarray,
    *,
    words: Sequence[str] | None = None,
    cell: str = "SimpleRNN",
    decades: float = 6.0,
) -> Figure:
    """The gradient of the last output's loss on its way back: the wider, the more is left.

    norms: (T,) norms of dL/dh_t, first step first. They are drawn, and written, relative to the
        last, on a logarithmic scale over `decades` powers of ten; what is smaller is dotted.
    If T is above 9, nine steps spread over the sequence are drawn.

    Raises ValueError for norms that are not T finite numbers, none negative, the last positive.
    """
    values = np.asarray(norms, float)
    if values.ndim != 1 or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("norms must be a row of finite numbers, none below zero.")
    T = len(values)
    _check(T, words, cell, "last")
    if not values[-1] > 0:
        raise ValueError(
            "norms[-1] is 0: the last step has no gradient to compare the others with."
        )
    color = CELLS[ALIASES.get(cell, cell)].color
    columns = [int(k) for k in np.unique(np.round(np.linspace(1, T, min(T, MOST))))]
    stage = _Stage(columns, words, True, None, below=0.34)
    relative = values / values[-1]
    for place, step in enumerate(columns):
        _column(stage, place, step, color, False, words, faint=True)
        stage.pen.text(
            (stage.x(place), stage.note), _relative(relative[step - 1]), size=9, color=CLUE
        )
        if place:
            _back_arrow(stage, place, relative[columns[place - 1] - 1], decades)
    label = r"$\Vert\partial L/\partial h_t\Vert$"
    stage.pen.text((0.06, stage.note), label, 9.5, CLUE, ha="left")
    x = stage.x(len(columns) - 1)
    stage.pen.block_arrow((x, stage.top - 0.2), (x, stage.middle + stage.box / 2 + 0.03), CLUE, 14)
    stage.pen.disc((x, stage.top), "$L$", CLUE, 0.2, fill=0.12, size=12)
    return stage.figure


class _Stage:
    """Where the columns stand."""

    def __init__(
        self,
        columns: Sequence[int | None],
        words: Sequence[str] | None,
        outputs: bool,
        answer: str | None,
        below: float = 0.0,
    ):
        self.columns = columns
        room = (WIDTH - 2 * EDGE) / max(len(columns) - 0.5, 1)
        self.step = min(BOX + GAP, room)
        self.box = min(BOX, 0.58 * room)
        self.radius = min(0.2, 0.44 * self.box)
        self.note = 0.2
        self.words = below + 0.2
        floor = below + (0.34 if words is not None else 0.1)
        self.input = floor + 0.24
        self.middle = self.input + 0.86
        self.top = self.middle + 0.82
        height = (self.top + 0.3 if outputs else self.middle + self.box / 2 + 0.14) + (
            0.2 if answer is not None else 0
        )
        self.figure, axes = canvas(WIDTH, height)
        self.pen = Pen(axes)

    def size(self, points: float) -> float:
        """Of letters in a cell or an input."""
        return points * (0.55 + 0.45 * self.box / BOX)

    def x(self, place: float) -> float:
        return WIDTH / 2 + (place - (len(self.columns) - 1) / 2) * self.step


def _check(T: int, words: Sequence[str] | None, cell: str, outputs: str) -> None:
    cell_style(cell)
    if T < 1:
        raise ValueError(f"T is {T}; a sequence has at least 1 step.")
    if words is not None and len(words) != T:
        raise ValueError(f"words has {len(words)} entries; it needs T = {T}.")
    if outputs not in ("last", "all", "none"):
        raise ValueError(f'outputs is {outputs!r}; it must be "last", "all" or "none".')


def _columns(T: int, keep: int | None = None) -> list[int | None]:
    """The steps that are drawn, None for what is left out; `keep` is always among them."""
    if T <= MOST:
        return list(range(1, T + 1))
    half = MOST // 2
    if keep is None or keep <= half or keep > T - half:
        return [*range(1, half + 1), None, *range(T - half + 1, T + 1)]
    return [1, 2, 3, None, keep, None, T - 2, T - 1, T]


def _column(
    stage: _Stage,
    place: int,
    step: int,
    color: str,
    enters: bool,
    words: Sequence[str] | None,
    faint: bool = False,
) -> None:
    pen, x = stage.pen, stage.x(place)
    stroke = CLUE if enters else (FAINT if faint else INK)
    bottom = stage.middle - stage.box / 2
    pen.line(
        [(x, stage.input + stage.radius), (x, bottom - 0.02)],
        stroke,
        3.2 if enters else 1.5,
        arrow=True,
    )
    pen.disc(
        (x, stage.input),
        f"$x_{{{step}}}$",
        CLUE if enters else SOFT,
        stage.radius,
        fill=0.15 if enters else 0.0,
        size=stage.size(11.5),
        edge=2.2 if enters else 1.2,
    )
    pen.box(
        (x, stage.middle),
        f"$h_{{{step}}}$",
        color,
        stage.box,
        stage.box,
        fill=0.16,
        size=stage.size(13),
    )
    if words is not None:
        weight = {"fontweight": "bold"} if enters else {}
        pen.text((x, stage.words), words[step - 1], 9.5, CLUE if enters else INK, **weight)


def _state_arrow(stage: _Stage, place: int, step: int | None, bold: bool) -> None:
    """From the state before (h_0 on the left edge) into this one."""
    gap = 0.24 if step is None else stage.box / 2
    before = stage.columns[place - 1] if place else step
    left = stage.x(place) - stage.step + (0.24 if before is None else stage.box / 2)
    if not place:
        left = stage.x(place) - stage.box / 2 - 0.36
        stage.pen.text((left - 0.15, stage.middle), "$h_0$", 12, SOFT)
    path = [(left, stage.middle), (stage.x(place) - gap - 0.02, stage.middle)]
    stage.pen.line(path, CLUE if bold else INK, 3.2 if bold else 1.5, arrow=True)


def _end_arrow(stage: _Stage) -> None:
    start = stage.x(len(stage.columns) - 1) + stage.box / 2
    stage.pen.line([(start, stage.middle), (start + 0.36, stage.middle)], FAINT, 1.5, arrow=True)


def _output(stage: _Stage, place: int, step: int, bold: bool, answer: str | None) -> None:
    pen, x = stage.pen, stage.x(place)
    color = CLUE if bold else INK
    start, end = stage.middle + stage.box / 2, stage.top - 0.2
    pen.line([(x, start), (x, end)], color, 3.2 if bold else 1.5, arrow=True)
    pen.text((x, stage.top), f"$y_{{{step}}}$", 13, color)
    if answer is not None:
        pen.text((x, stage.top + 0.26), answer, 9.5, color, fontweight="bold")


def _back_arrow(stage: _Stage, place: int, left: float, decades: float) -> None:
    """Between two states, as wide as the gradient that arrives at the left one."""
    share = 1 + np.log10(left) / decades if left > 0 else -1.0
    gap = stage.box / 2 + 0.03
    path = [(stage.x(place) - gap, stage.middle), (stage.x(place - 1) + gap, stage.middle)]
    if share <= 0:
        stage.pen.line(path, tint(CLUE, 0.45), 1.1, linestyle=(0, (1, 2.4)))
        return
    share = min(share, 1.35)  # a gradient that grows: wider, up to where it still fits
    stage.pen.block_arrow(*path, tint(CLUE, min(1, 0.3 + 0.7 * share)), 1 + 13 * share)


def _relative(value: float) -> str:
    if value == 0:
        return "0"
    if 0.01 <= value < 100:
        return f"{value:.2g}"
    digit, exponent = f"{value:.0e}".split("e")
    return f"{digit}·$\\mathregular{{10^{{{int(exponent)}}}}}$"
