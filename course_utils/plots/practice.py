"""Layers put together: a mask on its way through a stack, both directions, shapes of problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from course_utils.plots.pen import Pen, tint
from course_utils.plots.style import (
    CELLS,
    CLUE,
    FAINT,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

USED, MISTAKEN = CELLS["LSTM"].color, CELLS["SimpleRNN"].color
SIDE, ROW = 0.3, 0.78  # inches: a square of a mask, and from one layer to the next
MOST_STEPS, MOST_WORDS = 9, 7


@style()
def mask_journey(
    words: Sequence[str], real: int, stacks: Mapping[str, Sequence[tuple[str, bool, str]]]
) -> Figure:
    """What each layer of one or two stacks takes for a word: a row of squares for a layer.

    words: T words, of which the first `real` are words and the others padding.
    stacks: title -> layers from the bottom up, each (name, whether the mask comes out of it, a
        note beside it). The layers behind the first that gives none read padding as words.

    Raises ValueError for more than two stacks, words that do not fit, or `real` outside 1 to T.
    """
    T = len(words)
    if not 1 <= len(stacks) <= 2 or not all(stacks.values()):
        raise ValueError("stacks must be one or two, each with at least one layer.")
    if not 1 <= T <= MOST_STEPS or not 1 <= real <= T:
        raise ValueError(f"words must be 1 to {MOST_STEPS}, and real from 1 to their number.")
    tall = max(map(len, stacks.values()))
    fig, axes = canvas(WIDTH, 1.0 + ROW * tall + 0.5)
    pen = Pen(axes)
    panel = WIDTH / len(stacks)
    for place, (title, layers) in enumerate(stacks.items()):
        _stack(pen, place * panel + 0.2, panel - 0.45, title, words, real, layers, tall)
    _mask_key(pen)
    return fig


def _stack(
    pen: Pen,
    left: float,
    width: float,
    title: str,
    words: Sequence[str],
    real: int,
    layers: Sequence[tuple[str, bool, str]],
    tall: int,
) -> None:
    gap = (width - 0.3) / len(words)
    places = [left + gap * (t + 0.5) for t in range(len(words))]
    rail = left + width - 0.08  # on which the mask travels
    pen.text((left, 1.0 + ROW * tall + 0.22), title, 11, ha="left", fontweight="bold")
    for t, (place, word) in enumerate(zip(places, words, strict=True)):
        pen.text((place, 0.62), word, 8.5, INK if t < real else SOFT)
    masked, floor = True, 1.0
    for k, (name, passes, note) in enumerate(layers):
        low = floor + ROW * k
        for t, place in enumerate(places):
            _square(pen, (place, low + 0.02), t < real, masked)
        pen.text((places[0] - SIDE / 2, low + 0.34), name, 9.5, ha="left")
        color = SOFT if masked and passes else MISTAKEN
        pen.text((places[-1] + SIDE / 2, low + 0.34), note, 8.5, color, ha="right")
        if masked and k + 1 < len(layers):
            top = low + (ROW if passes else 0.34)
            pen.line([(rail, low + 0.02), (rail, top)], CLUE, 2.4, arrow=passes)
            if not passes:
                _cross(pen, (rail, top + 0.05))
        masked = masked and passes


def _square(pen: Pen, at: tuple[float, float], word: bool, masked: bool) -> None:
    from matplotlib.patches import Rectangle

    corner = (at[0] - SIDE / 2, at[1] - SIDE / 2 + 0.02)
    if word:
        look = {"facecolor": tint(USED, 0.45), "edgecolor": USED, "linewidth": 1.2}
    elif masked:
        look = {"facecolor": PAPER, "edgecolor": SOFT, "linewidth": 0.9, "linestyle": (0, (2, 2))}
    else:
        look = {"facecolor": tint(MISTAKEN, 0.25), "edgecolor": MISTAKEN, "hatch": "////"}
    pen.axes.add_patch(Rectangle(corner, SIDE, SIDE, zorder=4, **look))


def _cross(pen: Pen, at: tuple[float, float], reach: float = 0.07) -> None:
    for turn in (1, -1):
        xs, ys = (at[0] - reach, at[0] + reach), (at[1] - turn * reach, at[1] + turn * reach)
        pen.axes.plot(xs, ys, color=CLUE, lw=2.4, zorder=6, solid_capstyle="round")


def _mask_key(pen: Pen) -> None:
    """What the squares mean, below them."""
    names = ((True, True, "a word, read"), (False, True, "padding, skipped"),
             (False, False, "padding, read as a word"))  # fmt: skip
    for place, (word, masked, name) in enumerate(names):
        x = 0.45 + 1.75 * place
        _square(pen, (x, 0.2), word, masked)
        pen.text((x + 0.24, 0.22), name, 9, SOFT, ha="left")
    x = 0.45 + 1.75 * 3 + 0.45
    pen.line([(x, 0.22), (x + 0.4, 0.22)], CLUE, 2.4, arrow=True)
    pen.text((x + 0.5, 0.22), "the mask", 9, SOFT, ha="left")


@style()
def both_ways(words: Sequence[str], at: int) -> Figure:
    """A bidirectional layer over `words`; bold, all that reaches its output at step `at`.

    Raises ValueError for more words than fit, or a step outside them.
    """
    T = len(words)
    if not 2 <= T <= MOST_WORDS or not 1 <= at <= T:
        raise ValueError(f"words must be 2 to {MOST_WORDS}, and at a step from 1 to their number.")
    fig, axes = canvas(WIDTH, 3.3)
    pen = Pen(axes)
    step = (WIDTH - 1.6) / T
    places = [1.3 + step * (t + 0.5) for t in range(T)]
    _row(pen, [x - LEAN for x in places], FORWARD, r"\rightarrow", lambda t: t <= at)
    _row(pen, [x + LEAN for x in places[::-1]], BACKWARD, r"\leftarrow", lambda t: t >= at)
    for t, (x, word) in enumerate(zip(places, words, strict=True), 1):
        pen.text((x, 0.2), word, 9.5, CLUE if t == at else INK)
        for lean, y, reaches in ((-LEAN, FORWARD, t <= at), (LEAN, BACKWARD, t >= at)):
            path = [(x + 0.5 * lean, 0.38), (x + lean, 0.6), (x + lean, y - CELL / 2 - 0.02)]
            _wire(pen, path, reaches)
            path = [(x + lean, y + CELL / 2), (x + lean, 2.72), (x + 0.45 * lean, 2.88)]
            _wire(pen, path, t == at)
        pen.text((x, 3.04), f"$y_{{{t}}}$", 13, CLUE if t == at else INK)
    for y, name in ((FORWARD, "forward"), (BACKWARD, "backward"), (3.04, "output")):
        pen.text((0.15, y), name, 9.5, SOFT, ha="left")
    return fig


LEAN, CELL, FORWARD, BACKWARD = 0.2, 0.38, 1.14, 2.06


def _row(pen: Pen, places: Sequence[float], y: float, arrow: str, reaches: object) -> None:
    """The cells of one direction, in the order in which they run."""
    ahead = 1 if arrow == r"\rightarrow" else -1
    count = len(places)
    for k, x in enumerate(places):
        t = k + 1 if ahead > 0 else count - k
        start = places[k - 1] + ahead * CELL / 2 if k else x - ahead * (CELL / 2 + 0.3)
        on = reaches(t)
        _wire(pen, [(start, y), (x - ahead * (CELL / 2 + 0.02), y)], on and k > 0, layer=1)
        name = f"$h^{{{arrow}}}_{{{t}}}$"
        pen.box((x, y), name, USED, CELL, CELL, fill=0.4 if on else 0.04, size=11)


def _wire(pen: Pen, path: list, on: bool, layer: float = 2) -> None:
    pen.line(path, CLUE if on else FAINT, 2.4 if on else 1.3, arrow=True, halo=PAPER, layer=layer)


@style()
def stream_batches(orders: Mapping[str, Sequence[Sequence[str]]]) -> Figure:
    """Windows of streams in batches, and the state that each row hands to the next batch.

    orders: title -> batches, each a list of windows such as "A1": stream A, window 1. An arrow is
        plain where the next window continues the stream, dashed where the state leaks elsewhere.

    Raises ValueError for more than two orders, or batches of different sizes.
    """
    sizes = {(len(batches), len(row)) for batches in orders.values() for row in batches}
    if len(sizes) != 1 or len(orders) > 2:
        raise ValueError("orders must be one or two, with batches of one size.")
    [(count, rows)] = sizes
    fig, axes = canvas(WIDTH, 0.85 + 0.62 * rows)
    pen = Pen(axes)
    panel = WIDTH / len(orders)
    step = (panel - 0.7) / count
    colors = (USED, "#009E73", "#E69F00", "#CC79A7")
    for place, (title, batches) in enumerate(orders.items()):
        left, top = place * panel + 0.2, 0.62 * rows + 0.12
        pen.text((left, top + 0.42), title, 11, ha="left", fontweight="bold")
        for k, batch in enumerate(batches):
            x = left + step * (k + 0.5)
            pen.text((x, 0.22), f"batch {k + 1}", 9, SOFT)
            for row, label in enumerate(batch):
                y = top - 0.62 * row - 0.05
                color = colors[(ord(label[0]) - ord("A")) % len(colors)]
                pen.box((x, y), label, color, 0.5, 0.4, fill=0.3, size=11)
                if k + 1 < count:
                    _hand_over(pen, x, y, step, follows(label, batches[k + 1][row]))
    return fig


def follows(label: str, later: str) -> bool:
    """Is window `later` the one that continues `label` in its stream?"""
    return label[0] == later[0] and int(later[1:]) == int(label[1:]) + 1


def _hand_over(pen: Pen, x: float, y: float, step: float, right: bool) -> None:
    path = [(x + 0.27, y), (x + step - 0.28, y)]
    if right:
        pen.line(path, INK, 1.8, arrow=True)
    else:
        neck = (path[1][0] - 0.1, y)  # the head is drawn by itself: dashes would fray it
        pen.line([path[0], neck], MISTAKEN, 1.8, linestyle=(0, (2, 1.5)))
        pen.line([neck, path[1]], MISTAKEN, 1.8, arrow=True)
