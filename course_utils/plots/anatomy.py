"""Where everything stands inside a cell: one geometry for figures, films and the player.

The three cells share one page, so that side by side their memory runs along one line. A pen draws
what it is told; what moves has a key, the letter of the equations: wire "f" carries a forget gate.

A wire's `stage` says when it speaks within a step: 0 what arrives, 1 into the gates, 2 out of
the gates, 3 what is written, 4 what leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

Point = tuple[float, float]

PAGE = (5.2, 4.1)  # width and height
WALLS = (0.8, 0.8, 4.4, 3.7)  # left, bottom, right, top
LEFT, RIGHT = 0.3, 4.9  # where states stand
IN, OUT = 0.43, 4.72  # where their wires begin and end
RAIL, BUS, ROW = 3.1, 1.22, 1.85  # heights: what remembers, h of an LSTM, the gates
ENTRY = 1.04  # where x comes in
RING = 0.17
GATE = (0.6, 0.54)  # width and height
SQUARE = 0.15  # side of a unit's square
MEMORY = 3.0  # points


class Drawing(Protocol):
    """What a pen must know. `key` names what moves; colours are names of things ("f", "ink")."""

    def wall(self, name: str) -> None: ...
    def wire(
        self,
        key: str,
        points: Sequence[Point],
        stage: int,
        color: str = "ink",
        width: float = 1.6,
        arrow: bool = True,
    ) -> None: ...
    def gate(self, key: str, at: Point, squash: str) -> None: ...
    def valve(self, key: str, at: Point) -> None: ...
    def plus(self, at: Point) -> None: ...
    def block(self, at: Point, text: str, color: str, width: float, height: float) -> None: ...
    def disc(self, at: Point, text: str, color: str) -> None: ...
    def dot(self, at: Point, color: str = "ink") -> None: ...
    def label(self, at: Point, text: str, color: str = "ink", size: float = 14) -> None: ...
    def states(self, key: str, at: Point, gradient: Point) -> None: ...
    def token(self, at: Point) -> None: ...


def draw_cell(pen: Drawing, name: str) -> None:
    """Draw "SimpleRNN", "LSTM" or "GRU" (reset after) on a page of PAGE.

    Raises ValueError for another name.
    """
    if name not in _CELLS:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(_CELLS)}.")
    pen.wall(name)
    _CELLS[name](pen)


def _simple_rnn(pen: Drawing) -> None:
    u, add, squash = 1.5, 2.45, 3.45
    pen.wire("h_prev", [(IN, RAIL), (u - 0.21, RAIL)], 0, width=MEMORY)
    pen.wire("a", [(u + 0.21, RAIL), (add - RING, RAIL)], 1, width=MEMORY)
    pen.wire("x", [(add, 0.5), (add, ROW - 0.21)], 0)
    pen.wire("x_in", [(add, ROW + 0.21), (add, RAIL - RING)], 1)
    pen.wire("sum", [(add + RING, RAIL), (squash - 0.33, RAIL)], 2, width=MEMORY)
    pen.wire("h", [(squash + 0.33, RAIL), (OUT, RAIL)], 4, width=MEMORY)
    pen.block((u, RAIL), "$U$", "soft", 0.42, 0.42)
    pen.block((add, ROW), "$W$", "soft", 0.42, 0.42)
    pen.plus((add, RAIL))
    pen.block((squash, RAIL), r"$\tanh$", "SimpleRNN", 0.66, 0.46)
    _ends(pen, "h", RAIL)
    pen.token((add, 0.2))


def _lstm(pen: Drawing) -> None:
    f, i, g, o, out = 1.5, 2.2, 2.9, 3.6, 4.12
    top = ROW + GATE[1] / 2
    write, read = 2.56, 2.46
    pen.wire("c_prev", [(IN, RAIL), (f - RING, RAIL)], 0, "c", MEMORY)
    pen.wire("c_kept", [(f + RING, RAIL), (g - RING, RAIL)], 3, "c", MEMORY)
    pen.wire("c", [(g + RING, RAIL), (OUT, RAIL)], 4, "c", MEMORY)
    foot = ROW - GATE[1] / 2
    pen.wire("h_prev", [(IN, BUS), (o, BUS)], 0, arrow=False)
    pen.wire("x", [(ENTRY, 0.5), (ENTRY, BUS)], 0, arrow=False)
    pen.dot((ENTRY, BUS))
    for x, key in ((f, "f"), (i, "i"), (g, "g"), (o, "o")):
        pen.wire(f"to_{key}", [(x, BUS), (x, foot)], 1)
        if key != "o":
            pen.dot((x, BUS))
    pen.wire("f", [(f, top), (f, RAIL - RING)], 2, "f", 2)
    pen.wire("i", [(i, top), (i, write), (g - RING, write)], 2, "i", 2)
    pen.wire("g", [(g, top), (g, write - RING)], 2, "g", 2)
    pen.wire("write", [(g, write + RING), (g, RAIL - RING)], 3)
    pen.wire("o", [(o, top), (o, read), (out - RING, read)], 2, "o", 2)
    pen.wire("out", [(out, RAIL), (out, read + RING)], 4, "c", 2)
    pen.wire("h", [(out, read - RING), (out, BUS), (OUT, BUS)], 4)
    pen.dot((out, RAIL), "c")
    pen.block((out, 2.85), r"$\tanh$", "ink", 0.42, 0.22)
    for x, key, squash in ((f, "f", "σ"), (i, "i", "σ"), (g, "g", "tanh"), (o, "o", "σ")):
        pen.gate(key, (x, ROW), squash)
    pen.valve("f", (f, RAIL))
    pen.valve("i", (g, write))
    pen.valve("o", (out, read))
    pen.plus((g, RAIL))
    pen.label((f - 0.2, 2.5), "$f_t$", "f")
    pen.label((i - 0.18, 2.44), "$i_t$", "i")
    pen.label((g + 0.2, 2.26), "$g_t$", "g")
    pen.label((o - 0.2, 2.36), "$o_t$", "o")
    _ends(pen, "c", RAIL)
    _ends(pen, "h", BUS)
    pen.token((ENTRY, 0.2))


def _gru(pen: Drawing) -> None:
    z, r, past, g = 1.66, 2.42, 3.02, 3.85
    h_bus, x_bus, reset, share = 1.38, 1.06, 2.28, 2.64
    top, foot = ROW + GATE[1] / 2, ROW - GATE[1] / 2
    pen.wire("h_prev", [(IN, RAIL), (z - RING, RAIL)], 0, width=MEMORY)
    pen.wire("h_kept", [(z + RING, RAIL), (g - RING, RAIL)], 3, width=MEMORY)
    pen.wire("h", [(g + RING, RAIL), (OUT, RAIL)], 4, width=MEMORY)
    down = [(ENTRY, RAIL), (ENTRY, h_bus), (past, h_bus), (past, ROW - 0.19)]
    pen.wire("past", down, 0)
    pen.dot((ENTRY, RAIL))
    pen.wire("x", [(ENTRY, 0.5), (ENTRY, x_bus), (g, x_bus), (g, foot)], 0)
    for x, key in ((z, "z"), (r, "r")):
        pen.wire(f"to_{key}", [(x, x_bus), (x, foot)], 1)
        pen.dot((x, x_bus))
        pen.dot((x, h_bus))
    pen.wire("z", [(z, top), (z, RAIL - RING)], 2, "z", 2)
    pen.wire("r", [(r, top), (r, reset), (past - RING, reset)], 2, "r", 2)
    pen.wire("u", [(past, ROW + 0.19), (past, reset - RING)], 1)
    turn = 3.36
    path = [(past + RING, reset), (turn, reset), (turn, ROW), (g - GATE[0] / 2, ROW)]
    pen.wire("to_g", path, 2)
    pen.wire("rest", [(z, share), (g - RING, share)], 3, "z", 2)
    pen.dot((z, share), "z")
    pen.wire("g", [(g, top), (g, share - RING)], 3, "g", 2)
    pen.wire("write", [(g, share + RING), (g, RAIL - RING)], 3)
    pen.block((past, ROW), "$U_g$", "soft", 0.42, 0.38)
    pen.disc((r, share), "$1-$", "z")
    for x, key, squash in ((z, "z", "σ"), (r, "r", "σ"), (g, "g", "tanh")):
        pen.gate(key, (x, ROW), squash)
    pen.valve("z", (z, RAIL))
    pen.valve("r", (past, reset))
    pen.valve("1-z", (g, share))
    pen.plus((g, RAIL))
    pen.label((z - 0.2, 2.5), "$z_t$", "z")
    pen.label((r - 0.19, 2.32), "$r_t$", "r")
    pen.label((g + 0.22, 2.3), "$g_t$", "g")
    pen.label((3.2, share + 0.17), "$1-z_t$", "z", 12)
    _ends(pen, "h", RAIL)
    pen.token((ENTRY, 0.2))


def _ends(pen: Drawing, state: str, height: float) -> None:
    """The state that comes and the state that goes, their names above, their gradients below."""
    above, below = height + 0.62, height - 0.6
    for key, x, name in ((f"{state}_prev", LEFT, "t-1"), (state, RIGHT, "t")):
        pen.states(key, (x, height), (x, below))
        pen.label((x, above), f"${state}_{{{name}}}$", size=15)


_CELLS = {"SimpleRNN": _simple_rnn, "LSTM": _lstm, "GRU": _gru}

# Wires whose gradient is that of another: an addition hands it on unchanged.
SAME_GRADIENT = {
    "SimpleRNN": {"sum": "a"},
    "LSTM": {"c_kept": "c", "write": "c"},
    "GRU": {"h_kept": "h", "write": "h"},
}
