"""Boxes, lines and letters of the course's drawings; one unit is one inch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

Point = tuple[float, float]
CORNER = 0.11  # radius of a line's turns


def tint(color: str, amount: float) -> tuple[float, float, float]:
    """`color` mixed with paper: amount 0 is paper, 1 the colour itself."""
    from matplotlib.colors import to_rgb

    paper = np.array(to_rgb(PAPER))
    return tuple(paper + amount * (np.array(to_rgb(color)) - paper))


def readable(color: str) -> tuple[float, float, float]:
    """`color`, dark enough for letters on paper."""
    from matplotlib.colors import to_rgb

    return tuple(0.68 * part for part in to_rgb(color))


class Pen:
    """Draws on bare axes (style.canvas). Later strokes lie over earlier ones of the same layer."""

    def __init__(self, axes: Axes):
        self.axes = axes

    def line(
        self,
        points: Sequence[Point],
        color: str = INK,
        width: float = 1.6,
        arrow: bool = False,
        halo: object = None,
        alpha: float = 1.0,
        linestyle: object = "-",
        layer: float = 2,
    ) -> None:
        """A line through `points` with round turns; `halo`, a colour, lifts it over others."""
        from matplotlib.patches import FancyArrowPatch, PathPatch

        path = rounded(points)
        if halo is not None:
            under = {"fill": False, "edgecolor": halo, "linewidth": width + 5, "zorder": layer}
            self.axes.add_patch(PathPatch(path, capstyle="butt", **under))
        head = f"-|>,head_length={4.6 + 0.8 * width:.2f},head_width={1.3 + 0.75 * width:.2f}"
        self.axes.add_patch(
            FancyArrowPatch(
                path=path,
                arrowstyle=head if arrow else "-",
                mutation_scale=1,
                color=color,
                linewidth=width,
                linestyle=linestyle,
                alpha=alpha,
                capstyle="butt",
                joinstyle="miter",
                shrinkA=0,
                shrinkB=0,
                zorder=layer + 0.1,
            )
        )

    def block_arrow(self, start: Point, end: Point, color: object, points: float) -> None:
        """A straight arrow whose shaft is `points` wide and whose head always has one length."""
        from matplotlib.patches import Polygon

        along = np.subtract(end, start)
        length = np.hypot(*along)
        along, across = along / length, np.array((-along[1], along[0])) / length
        half = points / 72 / 2
        head = min(0.13, 0.6 * length)
        neck = np.asarray(end) - head * along
        side = [np.add(start, half * across), neck + half * across]
        tip = [neck + (half + 0.05) * across, np.asarray(end), neck - (half + 0.05) * across]
        other = [neck - half * across, np.subtract(start, half * across)]
        self.axes.add_patch(
            Polygon([*side, *tip, *other], facecolor=color, edgecolor="none", zorder=3)
        )

    def box(
        self,
        center: Point,
        text: str = "",
        color: str = INK,
        width: float = 0.62,
        height: float = 0.42,
        fill: float = 0.18,
        size: float = 12,
        edge: float = 1.5,
        layer: float = 4,
        radius: float = 0.07,
        ink: str = INK,
    ) -> None:
        """A box with round corners, filled with a tint of its edge's colour."""
        from matplotlib.patches import FancyBboxPatch

        corner = (center[0] - width / 2, center[1] - height / 2)
        self.axes.add_patch(
            FancyBboxPatch(
                corner,
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={radius}",
                facecolor=tint(color, fill),
                edgecolor=color,
                linewidth=edge,
                zorder=layer,
            )
        )
        self.text(center, text, size=size, color=ink)

    def disc(
        self,
        center: Point,
        text: str = "",
        color: str = INK,
        radius: float = 0.17,
        fill: float = 0.0,
        size: float = 13,
        edge: float = 1.5,
    ) -> None:
        """A circle: an elementwise operation, or an input."""
        from matplotlib.patches import Circle

        face = tint(color, fill)
        self.axes.add_patch(
            Circle(center, radius, facecolor=face, edgecolor=color, linewidth=edge, zorder=4)
        )
        self.text(center, text, size=size)

    def sign(self, center: Point, kind: str, color: str = INK, radius: float = 0.15) -> None:
        """An elementwise product ("x") or sum ("+") in a circle."""
        self.disc(center, "", color, radius)
        x, y = center
        reach = radius * (0.5 if kind == "x" else 0.6)
        turn = ((1, 1), (1, -1)) if kind == "x" else ((1, 0), (0, 1))
        for dx, dy in turn:
            xs, ys = (x - reach * dx, x + reach * dx), (y - reach * dy, y + reach * dy)
            self.axes.plot(xs, ys, color=INK, lw=1.6, zorder=5, solid_capstyle="round")

    def dot(self, center: Point, color: str = INK) -> None:
        """Where a line divides."""
        self.axes.plot(*center, "o", color=color, ms=5, mew=0, zorder=3)

    def text(
        self, at: Point, text: str, size: float = 11, color: str = INK, **options: object
    ) -> None:
        options = {"ha": "center", "va": "center", "zorder": 6, **options}
        self.axes.text(*at, text, fontsize=size, color=color, **options)


def rounded(points: Sequence[Point], radius: float = CORNER) -> Path:
    """The path through `points`, its turns rounded."""
    from matplotlib.path import Path

    corners = np.asarray(points, float)
    vertices, codes = [corners[0]], [Path.MOVETO]
    for before, at, after in zip(corners[:-2], corners[1:-1], corners[2:], strict=True):
        back, on = before - at, after - at
        turn = min(radius, np.hypot(*back) / 2, np.hypot(*on) / 2)
        vertices += [at + turn * back / np.hypot(*back), at, at + turn * on / np.hypot(*on)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, corners[-1]], [*codes, Path.LINETO])
