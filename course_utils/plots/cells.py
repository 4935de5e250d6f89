"""The cells, drawn in one language.

A box with σ or tanh has weights of its own and the colour of its gate; a circle works element by
element; the thick line along the top is what remembers. Names and the order of products are those
of course_utils.cells: rows times matrices, and z keeps the old state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from course_utils.plots.pen import Pen, readable, tint
from course_utils.plots.style import ALIASES, CELLS, GATES, INK, SOFT, WIDTH, canvas, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.plots.pen import Point

LEFT, RIGHT = 0.95, WIDTH - 0.95  # the cell's walls
OUTSIDE = RIGHT + 0.42  # where what leaves the cell ends
READ = 6.2  # where the output is taken off
SIGMA, TANH = r"$\sigma$", r"$\tanh$"
EQUATIONS = {"SimpleRNN": 0.4, "LSTM": 1.02, "GRU": 0.86}  # inches that they take, at the bottom
MEMORY = 3.0  # points: the line that remembers
HALF = 0.2  # inches, half the height of a gate
RING = 0.15  # inches, the radius of an elementwise operation


@style()
def cell_diagram(name: str, *, reset_after: bool = True, equations: bool = True) -> Figure:
    """The inside of one cell, "SimpleRNN" ("RNN"), "LSTM" or "GRU", and below it its equations.

    equations: False leaves them out.
    reset_after: for the GRU, whether r multiplies h U_g (Keras 3) or h itself (Cho et al. 2014).

    Raises ValueError for another name.
    """
    key = ALIASES.get(name, name)
    if key not in CELLS:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(CELLS)}.")
    figure = _gru(reset_after) if key == "GRU" else {"SimpleRNN": _simple_rnn, "LSTM": _lstm}[key]()
    if not equations:
        (axes,), cut = figure.axes, EQUATIONS[key]
        for text in [text for text in axes.texts if text.get_position()[1] < cut]:
            text.remove()
        axes.set_ylim(bottom=cut)
        figure.set_size_inches(WIDTH, figure.get_figheight() - cut)
    return figure


def _simple_rnn() -> Figure:
    figure, pen, _ = _cell("SimpleRNN", 3.2, 2.85, 1.0)
    y, add, squash = 2.15, 3.1, 4.45
    _enters(pen, (0.42, y), "$h_{t-1}$")
    pen.line([(0.78, y), (add - RING, y)], arrow=True, width=2)
    _weights(pen, (1.95, y), "$U$")
    pen.text((add, 0.56), "$x_t$", 14)
    pen.line([(add, 0.74), (add, y - RING)], arrow=True, width=2)
    _weights(pen, (add, 1.42), "$W$")
    pen.text((3.78, 1.42), "$b$", 13)
    pen.line([(3.66, 1.5), (add + 0.11, y - 0.11)], arrow=True, width=1.5)
    pen.sign((add, y), "+")
    pen.line([(add + RING, y), (squash - 0.38, y)], arrow=True, width=2)
    pen.box((squash, y), TANH, CELLS["SimpleRNN"].color, 0.72, 0.46, fill=0.25, size=13)
    pen.line([(squash + 0.36, y), (OUTSIDE, y)], arrow=True, width=2)
    _leaves(pen, y, "$h_t$")
    pen.dot((READ, y))
    pen.line([(READ, y), (READ, 3.02)], arrow=True, width=2)
    pen.text((READ + 0.2, 3.02), "$y_t$", 13)
    pen.text((WIDTH / 2, 0.2), r"$h_t = \tanh(x_t W + h_{t-1} U + b)$", 13)
    return figure


def _lstm() -> Figure:
    figure, pen, inside = _cell("LSTM", 4.85, 4.45, 1.6)
    top, rail, gates, bus = 3.87, 3.08, 2.38, 1.9
    f, i, g, o, out = 1.75, 2.65, 3.55, 4.75, 5.7
    carousel = GATES["c"].color
    _enters(pen, (0.42, top), "$c_{t-1}$")
    pen.line([(0.75, top), (OUTSIDE, top)], carousel, MEMORY, arrow=True)
    _leaves(pen, top, "$c_t$")

    _enters(pen, (0.42, bus), "$h_{t-1}$")
    pen.line([(0.78, bus), (o, bus), (o, gates - HALF)], arrow=True)
    _from_below(pen, 1.28, bus)
    for x in (f, i, g):
        pen.dot((x, bus))
        pen.line([(x, bus), (x, gates - HALF)], arrow=True)
    for x, gate, squash in ((f, "f", SIGMA), (i, "i", SIGMA), (g, "g", TANH), (o, "o", SIGMA)):
        _gate(pen, (x, gates), gate, squash)

    _carry(pen, "f", [(f, gates + HALF), (f, top - RING)], (f - 0.2, rail))
    pen.sign((f, top), "x")
    _carry(pen, "i", [(i, gates + HALF), (i, rail), (g - RING, rail)], (i - 0.18, rail))
    _carry(pen, "g", [(g, gates + HALF), (g, rail - RING)], (g + 0.22, gates + 0.38))
    pen.sign((g, rail), "x")
    pen.line([(g, rail + RING), (g, top - RING)], arrow=True)
    pen.sign((g, top), "+")

    pen.dot((out, top), carousel)
    pen.line([(out, top), (out, rail + RING)], carousel, 2, arrow=True)
    pen.box((out, 3.54), TANH, INK, 0.56, 0.3, fill=0.0, size=10.5, edge=1.2)
    _carry(pen, "o", [(o, gates + HALF), (o, rail), (out - RING, rail)], (o - 0.2, rail))
    pen.sign((out, rail), "x")
    pen.line([(out, rail - RING), (out, bus), (OUTSIDE, bus)], width=2, arrow=True)
    _leaves(pen, bus, "$h_t$")
    pen.dot((READ, bus))
    pen.line([(READ, bus), (READ, 4.62)], width=2, arrow=True)
    pen.line([(READ - 0.12, top), (READ + 0.12, top)], carousel, MEMORY, halo=inside, layer=2.3)
    pen.text((READ + 0.2, 4.62), "$y_t$", 13)
    _equations(
        pen,
        [rf"${gate}_t = \sigma(x_t W_{gate} + h_{{t-1}} U_{gate} + b_{gate})$" for gate in "ifo"],
        [
            r"$g_t = \tanh(x_t W_g + h_{t-1} U_g + b_g)$",
            r"$c_t = f_t \odot c_{t-1} + i_t \odot g_t$",
            r"$h_t = o_t \odot \tanh(c_t)$",
        ],
    )
    return figure


def _gru(reset_after: bool) -> Figure:
    figure, pen, _ = _cell("GRU", 4.85, 4.45, 1.45)
    top, rail, lower, gates, h_bus, x_bus = 3.92, 3.42, 3.1, 2.6, 2.12, 1.78
    z, r, past, g, down = 1.85, 2.8, 3.7, 5.4, 1.3
    _enters(pen, (0.42, top), "$h_{t-1}$")
    pen.line([(0.78, top), (OUTSIDE, top)], INK, MEMORY, arrow=True)
    _leaves(pen, top, "$h_t$")
    pen.dot((READ, top))
    pen.line([(READ, top), (READ, 4.62)], width=2, arrow=True)
    pen.text((READ + 0.2, 4.62), "$y_t$", 13)

    pen.dot((down, top))
    pen.line([(down, top), (down, h_bus), (past, h_bus), (past, lower - RING)], arrow=True)
    pen.text((1.28, 1.04), "$x_t$", 14)
    pen.line([(1.28, 1.2), (1.28, x_bus), (g, x_bus), (g, gates - HALF)], arrow=True)
    for x in (z, r):
        pen.line([(x, x_bus), (x, gates - HALF)], arrow=True)
        pen.dot((x, x_bus))
        pen.dot((x, h_bus))
    _gate(pen, (z, gates), "z", SIGMA)
    _gate(pen, (r, gates), "r", SIGMA)
    _gate(pen, (g, gates), "g", TANH)

    _carry(pen, "z", [(z, gates + HALF), (z, top - RING)], (z - 0.2, 3.1))
    pen.sign((z, top), "x")
    pen.dot((z, rail), GATES["z"].color)
    pen.line([(z, rail), (g - RING, rail)], GATES["z"].color, 2, arrow=True)
    pen.disc((r, rail), "$1-$", GATES["z"].color, 0.19, size=10)
    pen.text((3.9, rail + 0.16), "$1-z_t$", 12, readable(GATES["z"].color))

    _carry(pen, "r", [(r, gates + HALF), (r, lower), (past - RING, lower)], (r + 0.3, lower - 0.17))
    pen.sign((past, lower), "x")
    turn = 4.2
    pen.line([(past + RING, lower), (turn, lower), (turn, gates), (g - 0.31, gates)], arrow=True)
    _weights(pen, (past, gates) if reset_after else (4.62, gates), "$U_g$", 0.42, 0.36, 12)
    _carry(pen, "g", [(g, gates + HALF), (g, rail - RING)], (g + 0.22, 3.08))
    pen.sign((g, rail), "x")
    pen.line([(g, rail + RING), (g, top - RING)], arrow=True)
    pen.sign((g, top), "+")
    candidate = (
        r"$g_t = \tanh(x_t W_g + b_g + r_t \odot (h_{t-1} U_g + b^\prime_g))$"
        if reset_after
        else r"$g_t = \tanh(x_t W_g + b_g + (r_t \odot h_{t-1})\, U_g)$"
    )
    _equations(
        pen,
        [rf"${gate}_t = \sigma(x_t W_{gate} + h_{{t-1}} U_{gate} + b_{gate})$" for gate in "zr"],
        [candidate, r"$h_t = z_t \odot h_{t-1} + (1-z_t) \odot g_t$"],
    )
    return figure


def _cell(
    name: str, height: float, top: float, bottom: float
) -> tuple[Figure, Pen, tuple[float, float, float]]:
    """A page with the cell's walls on it; returns the colour of its inside too."""
    figure, axes = canvas(WIDTH, height)
    pen, color = Pen(axes), CELLS[name].color
    middle = ((LEFT + RIGHT) / 2, (top + bottom) / 2)
    size = (RIGHT - LEFT, top - bottom)
    pen.box(middle, "", color, *size, fill=0.07, layer=1, radius=0.16)
    pen.text((LEFT + 0.14, top - 0.2), CELLS[name].label, 10, color, ha="left", fontweight="bold")
    return figure, pen, tint(color, 0.07)


def _gate(pen: Pen, at: Point, gate: str, squash: str) -> None:
    width = 0.46 if squash == SIGMA else 0.62
    pen.box(at, squash, GATES[gate].color, width, 2 * HALF, fill=0.25, size=12.5)


def _weights(
    pen: Pen, at: Point, text: str, width: float = 0.46, height: float = 0.4, size: float = 13
) -> None:
    pen.box(at, text, SOFT, width, height, fill=0.0, size=size)


def _carry(pen: Pen, gate: str, points: list[Point], letter: Point) -> None:
    """What a gate says, on its way, with its letter beside it."""
    pen.line(points, GATES[gate].color, 2, arrow=True)
    pen.text(letter, f"${gate}_t$", 13, readable(GATES[gate].color))


def _enters(pen: Pen, at: Point, text: str) -> None:
    pen.text(at, text, 14)


def _leaves(pen: Pen, y: float, text: str) -> None:
    pen.text((OUTSIDE + 0.22, y), text, 14)


def _from_below(pen: Pen, x: float, bus: float) -> None:
    pen.text((x, 1.19), "$x_t$", 14)
    pen.line([(x, 1.36), (x, bus)])
    pen.dot((x, bus))


def _equations(pen: Pen, left: list[str], right: list[str]) -> None:
    for lines, x in ((left, LEFT), (right, 3.95)):
        for row, text in enumerate(lines):
            pen.text((x, 0.2 + 0.3 * (len(lines) - 1 - row)), text, 11.5, ha="left")
