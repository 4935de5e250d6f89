"""Backpropagation through time: by hand, checked by nudging, and cut into windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.pen import Pen, readable, tint
from course_utils.plots.style import (
    CELLS,
    CLUE,
    FAINT,
    INK,
    SOFT,
    WIDTH,
    canvas,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BOX, STEP = 0.74, 1.9  # inches: the side of a state, and from one state to the next
MOST = 4  # columns that fit a page with their numbers


@style()
def backward_by_hand(
    x: Sequence[float],
    h: Sequence[float],
    loss: float,
    dh: Sequence[float],
    *,
    dx: Sequence[float] | None = None,
    votes: Sequence[float] | None = None,
) -> Figure:
    """A network of one unit, unrolled, with every number of the backward pass at its arrow.

    x, h: (T,) inputs and states, T at most 4; loss at the end; dh: (T,) its gradient at each state.
    dx: (T,) what arrives at the inputs; or votes: (T,) what each use of w adds to its gradient.

    Raises ValueError for rows of different lengths, or both of dx and votes.
    """
    if dx is not None and votes is not None:
        raise ValueError("give dx or votes, not both: each has its own figure.")
    rows = {"x": x, "h": h, "dh": dh, "dx": dx, "votes": votes}
    T = len(x)
    for name, row in rows.items():
        if not 1 <= T <= MOST or (row is not None and len(row) != T):
            raise ValueError(f"{name} must have as many numbers as x, from 1 to {MOST}.")
    floor = 0.75 if votes is not None else 0.15
    middle = floor + (2.0 if votes is not None else 1.75)
    fig, axes = canvas(WIDTH, middle + 1.62)
    pen = Pen(axes)
    places = [WIDTH / 2 + (t - (T - 1) / 2) * STEP for t in range(T)]
    drawn = [row for row in (dh, dx, votes) if row is not None]
    widest = max(abs(value) for row in drawn for value in row)
    top = middle + 1.28
    _arrow(pen, (places[-1], top - 0.22), (places[-1], middle + BOX / 2), dh[-1], widest)
    _number(pen, (places[-1] + 0.14, middle + 0.7), f"dh_{{{T}}}", dh[-1], "left")
    pen.disc((places[-1], top), "$L$", CLUE, 0.22, fill=0.12, size=13)
    pen.text((places[-1] + 0.32, top), f"$= {_digits(loss)}$", 11.5, INK, ha="left")
    for t, place in enumerate(places):
        _state(pen, (place, middle), t, h[t])
        if t:
            left, right = places[t - 1] + BOX / 2 + 0.03, place - BOX / 2 - 0.03
            pen.line([(left, middle + 0.2), (right, middle + 0.2)], FAINT, 1.5, arrow=True)
            _arrow(pen, (right, middle - 0.12), (left, middle - 0.12), dh[t - 1], widest)
            _number(pen, ((left + right) / 2, middle - 0.42), f"dh_{{{t}}}", dh[t - 1])
        if votes is not None:
            _vote(pen, place, middle, floor, t, votes[t], widest)
        else:
            _input(pen, (place, floor + 0.5), t, x[t])
            if dx is not None:
                _arrow(pen, (place, middle - BOX / 2), (place, floor + 0.72), dx[t], widest)
                at = (place + 0.14, floor + 0.92)
                _number(pen, at, f"dx_{{{t + 1}}}", dx[t], "left")
    if votes is not None:
        _sum(pen, places, floor, votes)
    return fig


@style()
def windows(T: int, k: int) -> Figure:
    """Truncated backpropagation: T states in windows of k. States cross the cuts, gradients do not.

    Raises ValueError unless T is a multiple of k, at most 12.
    """
    if not (1 <= k <= T <= 12 and T % k == 0):
        raise ValueError(f"T is {T} and k is {k}; T must be a multiple of k, at most 12.")
    color = CELLS["SimpleRNN"].color
    fig, axes = canvas(WIDTH, 2.32)
    pen = Pen(axes)
    step = (WIDTH - 1.0) / T
    side, middle = min(0.42, 0.6 * step), 1.14
    places = [0.6 + step * (t + 0.4) for t in range(T)]
    for t, place in enumerate(places):
        left = place - step + side / 2 + 0.02 if t else place - side / 2 - 0.3
        pen.line([(left, middle), (place - side / 2 - 0.02, middle)], INK, 1.5, arrow=True)
        pen.box((place, middle), f"$h_{{{t + 1}}}$", color, side, side, fill=0.16, size=11)
        pen.line([(place, 0.62), (place, middle - side / 2 - 0.02)], FAINT, 1.5, arrow=True)
        pen.text((place, 0.48), f"$x_{{{t + 1}}}$", 10.5, SOFT)
        if t % k:
            right, back, low = place - 0.06, places[t - 1] + 0.06, middle + side / 2
            over = low + 0.3
            path = [(right, low + 0.03), (right, over), (back, over), (back, low + 0.04)]
            pen.line(path, CLUE, 2.2, arrow=True)
        elif t:
            cut = place - step / 2
            pen.line([(cut, 0.3), (cut, 1.9)], CLUE, 1.4, linestyle=(0, (3, 2.2)))
    for start in range(0, T, k):
        center = (places[start] + places[start + k - 1]) / 2
        pen.text((center, 0.16), f"window {start // k + 1}", 10, INK)
    legend = 0.6 + step * 0.4 - side / 2
    pen.text((legend, 2.12), "state: goes on", 10, INK, ha="left")
    pen.text((WIDTH - 0.3, 2.12), "gradient: stops at the cut", 10, CLUE, ha="right")
    return fig


@style()
def nudge_errors(
    nudges: Sequence[float] | np.ndarray,
    errors: Mapping[str, np.ndarray],
    *,
    mark: float | None = None,
    title: str | None = None,
) -> Figure:
    """How far a gradient by nudging is off, for every size of the nudge, both logarithmic.

    nudges: (N,); errors: name -> (N,), not negative; zeros, too small for a float, leave a gap.
    mark: a nudge that is marked by a line.

    Raises ValueError for another number of errors than nudges.
    """
    fig, axes = new_figure(WIDTH, 3.5)
    x = np.asarray(nudges, float)
    for position, (name, values) in enumerate(errors.items()):
        row = np.asarray(values, float)
        if row.shape != x.shape:
            raise ValueError(f"errors[{name!r}] has shape {row.shape}; it needs {x.shape}.")
        keywords = curve_style(name, position)
        axes.plot(x, np.where(row > 0, row, np.nan), **keywords)
        axes.annotate(
            name, (x[-1], row[-1]), (7, 0), textcoords="offset points", va="center",
            fontsize=9, color=readable(keywords["color"]),
        )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="size of the nudge", ylabel="error of the gradient")
    low, high = axes.get_ylim()
    for at, words in ((0.03, "too small:\nrounding"), (0.62, "too large:\nthe curve bends")):
        axes.text(
            at, 0.96 if at > 0.5 else 0.06, words, transform=axes.transAxes,
            va="top" if at > 0.5 else "bottom", fontsize=9, color=SOFT,
        )  # fmt: skip
    axes.set_ylim(low, high)
    if mark is not None:
        axes.axvline(mark, color=CLUE, lw=1.2, ls=(0, (4, 3)), zorder=1)
    axes.grid(axis="y")
    if title:
        axes.set_title(title)
    return fig


@style()
def accuracy_against_distance(
    distances: Sequence[int],
    curves: Mapping[str, np.ndarray],
    *,
    window: int | None = None,
    chance: float | None = None,
    title: str | None = None,
) -> Figure:
    """What is learnt, for each distance: every run a point, a line through the medians.

    curves: name -> (distances, runs); window: as far as the gradient reaches, drawn as an edge.

    Raises ValueError for curves that have not one row for each distance.
    """
    fig, axes = new_figure(WIDTH, 3.3)
    x = np.asarray(distances, float)
    if window is not None:
        axes.axvspan(x[0] - 1.5, window, color=tint(CLUE, 0.1), lw=0, zorder=0)
        axes.text(x[0] - 1.3, 0.03, "inside the window", fontsize=9, color=CLUE)
    for position, (name, values) in enumerate(curves.items()):
        runs = np.asarray(values, float)
        if runs.ndim != 2 or len(runs) != len(x):
            raise ValueError(f"curves[{name!r}] has shape {runs.shape}; it needs ({len(x)}, runs).")
        keywords = curve_style(name, position)
        axes.plot(x, np.median(runs, axis=1), **keywords)
        axes.plot(x, runs, "o", color=keywords["color"], ms=4, alpha=0.55, mew=0)
    if chance is not None:
        axes.axhline(chance, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1, label="guessing")
    axes.set(xlabel="words between the clue and the question", ylabel="accuracy", xticks=x)
    axes.set(ylim=(0, 1.04), xlim=(x[0] - 1.5, x[-1] + 1.5))
    axes.grid(axis="y")
    axes.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), handlelength=2.6, borderaxespad=0)
    if title:
        axes.set_title(title)
    return fig


def _digits(value: float, digits: int = 2) -> str:
    """For a formula: the minus belongs to the number, and 0 has none."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "{-}")


def _number(pen: Pen, at: tuple[float, float], name: str, value: float, ha: str = "center") -> None:
    pen.text(at, f"${name} = {_digits(value)}$", 11, CLUE, ha=ha)


def _arrow(pen: Pen, start: tuple, end: tuple, value: float, widest: float) -> None:
    share = abs(value) / widest if widest else 0.0
    pen.block_arrow(start, end, tint(CLUE, 0.35 + 0.65 * share), 1.2 + 11 * share)


def _state(pen: Pen, at: tuple[float, float], t: int, value: float) -> None:
    pen.box(at, "", CELLS["SimpleRNN"].color, BOX, BOX, fill=0.16)
    pen.text((at[0], at[1] + 0.14), f"$h_{{{t + 1}}}$", 13)
    pen.text((at[0], at[1] - 0.16), f"${_digits(value)}$", 10.5)


def _input(pen: Pen, at: tuple[float, float], t: int, value: float) -> None:
    pen.disc(at, f"$x_{{{t + 1}}}$", SOFT, 0.2, size=11.5, edge=1.2)
    pen.text((at[0], at[1] - 0.36), f"${value:g}$".replace("-", "{-}"), 10.5)


def _vote(
    pen: Pen, place: float, middle: float, floor: float, t: int, vote: float, widest: float
) -> None:
    """One use of w, between the state above and the line on which the votes are added up."""
    at = (place, floor + 0.72)
    _arrow(pen, (place, middle - BOX / 2), (place, at[1] + 0.19), vote, widest)
    pen.box(at, "$w$", CLUE, 0.36, 0.36, fill=0.1, size=12.5)
    pen.line([(place - 0.52, at[1]), (place - 0.2, at[1])], FAINT, 1.5, arrow=True)
    pen.text((place - 0.72, at[1]), f"$x_{{{t + 1}}}$", 11.5, SOFT)
    pen.line([(place, at[1] - 0.2), (place, floor + 0.08)], CLUE, 1.4, arrow=True)
    pen.text((place + 0.1, floor + 0.28), f"${_digits(vote, 3)}$", 11, CLUE, ha="left")


def _sum(pen: Pen, places: Sequence[float], floor: float, votes: Sequence[float]) -> None:
    pen.line([(places[0] - 0.25, floor + 0.03), (places[-1] + 0.25, floor + 0.03)], CLUE, 1.6)
    others = "".join(f" {'-' if vote < 0 else '+'} {abs(vote):.3f}" for vote in votes[1:])
    equation = f"$dw = {_digits(votes[0], 3)}{others} = {_digits(sum(votes), 3)}$"
    pen.text((float(np.mean(places)), floor - 0.3), equation, 13, CLUE)
