"""One step of a plain network backwards: the slope of every link, and a state with two readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course_utils.plots.pen import Pen
from course_utils.plots.style import CELLS, CLUE, FAINT, INK, SOFT, WIDTH, canvas, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Point = tuple[float, float]


@style()
def one_step_back(numbers: dict[str, float]) -> Figure:
    """The links of one step, forward in grey, and on each the slope by which the way back goes.

    numbers: the gradients "h", "a", "x", "h_prev" that arrive, written where they arrive.

    Raises KeyError if one of them is missing.
    """
    fig, axes = canvas(WIDTH, 2.75)
    pen = Pen(axes)
    color = CELLS["SimpleRNN"].color
    x, before, a, h, loss = (0.75, 0.75), (0.75, 2.05), (2.9, 1.4), (4.85, 1.4), (6.75, 1.4)
    pen.disc(x, "$x_3$", SOFT, 0.24, size=12)
    pen.box(before, "$h_2$", color, 0.62, 0.5, fill=0.16)
    pen.box(a, "$a_3$", INK, 0.62, 0.5, fill=0.04)
    pen.box(h, "$h_3$", color, 0.62, 0.5, fill=0.16)
    pen.disc(loss, "$L$", CLUE, 0.24, fill=0.12, size=13)
    links = (
        (loss, h, r"$\times\,(h_3 - \mathrm{target})$"),
        (h, a, r"$\times\,(1 - h_3^2)$"),
        (a, before, r"$\times\,u$"),
        (a, x, r"$\times\,w$"),
    )
    for start, end, slope in links:
        _pair(pen, start, end, slope)
    for name, at, where in (
        ("h", "dh_3", (h[0], h[1] - 0.46)),
        ("a", "da_3", (a[0], a[1] - 0.46)),
        ("h_prev", "dh_2", (before[0] + 0.05, before[1] + 0.42)),
        ("x", "dx_3", (x[0] + 0.05, x[1] - 0.42)),
    ):
        pen.text(where, f"${at} = {numbers[name]:.2f}$".replace("-", "{-}"), 10.5, CLUE)
    pen.text((3.6, 2.5), "forward", 10, SOFT)
    pen.text((4.6, 2.5), "back: times the slope of the link", 10, CLUE, ha="left")
    return fig


@style()
def two_readers() -> Figure:
    """A state is read by the loss, by its output, and by the next step: two gradients meet."""
    fig, axes = canvas(WIDTH, 2.75)
    pen = Pen(axes)
    color = CELLS["SimpleRNN"].color
    state, after, out = (2.6, 0.85), (5.6, 0.85), (2.6, 2.2)
    pen.box(state, "$h_t$", color, 0.8, 0.62, fill=0.16, size=14)
    pen.box(after, "$h_{t+1}$", color, 0.8, 0.62, fill=0.16, size=14)
    pen.disc(out, "$L$", CLUE, 0.25, fill=0.12, size=13)
    _pair(pen, out, state, "")
    _pair(pen, after, state, "")
    pen.text((out[0] - 0.2, 1.55), "$dy_t$: what the loss wants of $h_t$", 11, CLUE, ha="right")
    pen.text((3.3, 0.3), r"$da_{t+1}\,U^\top$: what the next step wants", 11, CLUE, ha="left")
    pen.line([(1.9, 0.74), (1.25, 0.74)], CLUE, 2.4, arrow=True)
    pen.text((1.1, 0.35), r"$dh_t = dy_t + da_{t+1}\,U^\top$", 12, CLUE)
    return fig


def _pair(pen: Pen, later: Point, earlier: Point, slope: str) -> None:
    """Forward from `earlier` to `later` in grey, and beside it back, in the colour of gradients."""
    dx, dy = later[0] - earlier[0], later[1] - earlier[1]
    length = (dx**2 + dy**2) ** 0.5
    along, across = (dx / length, dy / length), (-dy / length, dx / length)

    def at(place: Point, sign: float, shift: float) -> Point:
        return tuple(place[k] + sign * 0.42 * along[k] + shift * across[k] for k in (0, 1))

    pen.line([at(earlier, 1, 0.08), at(later, -1, 0.08)], FAINT, 1.6, arrow=True)
    pen.line([at(later, -1, -0.08), at(earlier, 1, -0.08)], CLUE, 2.2, arrow=True)
    middle = [(earlier[k] + later[k]) / 2 - 0.3 * across[k] for k in (0, 1)]
    pen.text(tuple(middle), slope, 11, CLUE)
