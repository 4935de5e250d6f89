"""A matplotlib pen for drawings that change: it remembers what it drew by key, and sets it anew.

It draws plots.anatomy as the SVG pen does; film frames and static figures of a moment come from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.anatomy import GATE, PAGE, RING, SQUARE, WALLS, Point
from course_utils.plots.pen import rounded, tint
from course_utils.plots.style import CELLS, CLUE, GATES, INK, PAPER, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = {"ink": INK, "soft": SOFT, **{k: m.color for k, m in {**CELLS, **GATES}.items()}}
NEGATIVE, POSITIVE = CELLS["LSTM"].color, CELLS["SimpleRNN"].color
NARROWEST, WIDEST = 0.8, 15.8  # points of the thinnest and of the widest gradient
HEAD = (0.13, 0.056)  # length and half width of an arrow's head
FADED = 0.25  # wires, while gradients run over them


class LivingPen:
    """Draws a cell with its page's lower left corner at `corner` of the axes."""

    def __init__(self, axes: Axes, corner: Point = (0.0, 0.0), units: int = 6):
        self.axes, self.corner, self.units = axes, np.asarray(corner, float), units
        self.wires, self.flows, self.levels, self.lids = {}, {}, {}, {}
        self.squares, self.numbers, self.norms = {}, {}, {}
        self.word = None

    # What plots.anatomy asks for

    def wall(self, name: str) -> None:
        left, bottom, right, top = WALLS
        self._round(
            (left, bottom),
            right - left,
            top - bottom,
            0.16,
            tint(COLORS[name], 0.07),
            COLORS[name],
            0,
        )
        self._words(
            (left + 0.14, top - 0.17),
            CELLS[name].label,
            12.5,
            COLORS[name],
            ha="left",
            fontweight="bold",
        )

    def wire(
        self,
        key: str,
        points: Sequence[Point],
        stage: int,
        color: str = "ink",
        width: float = 1.6,
        arrow: bool = True,
    ) -> None:
        ends = [self.corner + np.asarray(point) for point in points]
        shaft, parts = [*ends], []
        if arrow:
            parts.append(self._head(ends[-2], ends[-1], COLORS[color], 1 + 0.12 * (width - 1.6), 2))
            shaft[-1] = ends[-1] - 0.8 * HEAD[0] * _unit(ends[-1] - ends[-2])
        parts.append(self._path(shaft, COLORS[color], width, 2))
        self.wires[key] = parts
        self.flows[key] = (
            self._path(ends, CLUE, 1, 3),
            self._head(ends[1], ends[0], CLUE, 1, 3),
            ends,
        )

    def gate(self, key: str, at: Point, squash: str) -> None:
        from matplotlib.patches import Rectangle

        color = COLORS[key]
        w, h = GATE
        low = self.corner + np.subtract(at, (w / 2, h / 2))
        paper = self._round(np.subtract(at, (w / 2, h / 2)), w, h, 0.07, PAPER, "none", 4)
        level = self.axes.add_patch(Rectangle(low, w, 0, color=tint(color, 0.5), lw=0, zorder=4.1))
        level.set_clip_path(paper)
        self._round(np.subtract(at, (w / 2, h / 2)), w, h, 0.07, "none", color, 4.2, 1.5)
        self.levels[key] = level
        self._words((at[0], at[1] + 0.145), squash, 9, SOFT)
        self.numbers[key] = self._words((at[0], at[1] - 0.075), "", 12, INK, fontweight="bold")

    def valve(self, key: str, at: Point) -> None:
        from matplotlib.patches import Rectangle

        center = self.corner + np.asarray(at)
        paper = self._circle(at, RING, PAPER, INK, 4)
        tone = tint(COLORS["z" if key == "1-z" else key], 0.62)
        lids = []
        for _ in range(2):
            lid = self.axes.add_patch(
                Rectangle(center - RING, 2 * RING, 0, color=tone, lw=0, zorder=4.1)
            )
            lid.set_clip_path(paper)
            lids.append(lid)
        self._circle(at, RING, "none", INK, 4.2)
        reach = 0.42 * RING
        for sign in (-1, 1):
            self._stroke(center, (reach, sign * reach))
        self.lids.setdefault(key, []).append((center[1], lids))

    def plus(self, at: Point) -> None:
        self._circle(at, RING, PAPER, INK, 4)
        for reach in ((0.55 * RING, 0), (0, 0.55 * RING)):
            self._stroke(self.corner + np.asarray(at), reach)

    def block(self, at: Point, text: str, color: str, width: float, height: float) -> None:
        low = np.subtract(at, (width / 2, height / 2))
        self._round(low, width, height, 0.06, tint(COLORS[color], 0.16), COLORS[color], 4, 1.5)
        self._words(at, text, 13 if height > 0.3 else 10)

    def disc(self, at: Point, text: str, color: str) -> None:
        self._circle(at, 0.16, PAPER, COLORS[color], 4)
        self._words(at, text, 10)

    def dot(self, at: Point, color: str = "ink") -> None:
        self.wires.setdefault("dots", []).append(
            self._circle(at, 0.036, COLORS[color], "none", 2.5)
        )

    def label(self, at: Point, text: str, color: str = "ink", size: float = 14) -> None:
        from matplotlib.colors import to_rgb

        dark = 1 if color == "ink" else 0.74
        self._words(at, text, size, tuple(dark * part for part in to_rgb(COLORS[color])))

    def states(self, key: str, at: Point, gradient: Point) -> None:
        from matplotlib.patches import Rectangle

        x, y = self.corner + np.asarray(at)
        top = y + SQUARE * self.units / 2
        place = {"lw": 0.5, "ec": PAPER, "zorder": 4}
        self.squares[key] = [
            self.axes.add_patch(
                Rectangle((x - SQUARE / 2, top - (k + 1) * SQUARE), SQUARE, SQUARE, **place)
            )
            for k in range(self.units)
        ]
        low = np.subtract(at, (SQUARE / 2, SQUARE * self.units / 2))
        self._round(low, SQUARE, SQUARE * self.units, 0.02, "none", INK, 4.2, 1.2)
        self.norms[key] = self._words(gradient, "", 12, CLUE, fontweight="bold")

    def token(self, at: Point) -> None:
        self.word = self._words(at, "", 13, INK, fontweight="bold")

    # What changes

    def set_gates(self, values: Mapping[str, float]) -> None:
        """Fill levels, numbers and valves; values from 0 to 1."""
        for key, level in self.levels.items():
            level.set_height(GATE[1] * values[key])
            self.numbers[key].set_text(f"{values[key]:.2f}")
        for key, places in self.lids.items():
            value = 1 - values["z"] if key == "1-z" else values[key]
            for middle, (upper, lower) in places:
                closed = (1 - value) * RING
                for lid, edge in ((upper, middle + RING - closed), (lower, middle - RING)):
                    lid.set(y=edge, height=closed)

    def set_states(self, values: Mapping[str, Sequence[float]]) -> None:
        """Colours of the units' squares; values from -1 to 1."""
        for key, squares in self.squares.items():
            for square, value in zip(squares, values[key], strict=True):
                square.set_facecolor(diverging(value))

    def set_flows(self, shares: Mapping[str, float] | None, texts: Mapping[str, str]) -> None:
        """Gradients: `shares` (0 to 1 of the full width) by wire, None in the forward pass."""
        for parts in self.wires.values():
            for part in parts:
                part.set_alpha(1 if shares is None else FADED)
        for key, (ribbon, head, ends) in self.flows.items():
            share = None if shares is None else shares.get(key)
            for part in (ribbon, head):
                part.set_visible(share is not None)
            if share is None:
                continue
            ribbon.set_linewidth(NARROWEST + (WIDEST - NARROWEST) * share)
            ribbon.set_linestyle("-" if share > 0 else (0, (1, 3)))
            size = (0.85 + 0.65 * share, 0.85 + 2.05 * share)
            head.set_xy(_triangle(ends[1], ends[0], *size))
            color = tint(CLUE, 0.55 + 0.45 * share)
            ribbon.set_edgecolor(color)
            head.set_facecolor(color)
        for key, text in self.norms.items():
            text.set_text(texts.get(key, "") if shares is not None else "")

    def set_token(self, text: str) -> None:
        self.word.set_text(text)

    # Strokes

    def _path(self, ends: list[np.ndarray], color: str, width: float, layer: float) -> object:
        from matplotlib.patches import PathPatch

        look = {"fill": False, "edgecolor": color, "linewidth": width, "capstyle": "butt"}
        return self.axes.add_patch(PathPatch(rounded(ends), zorder=layer, **look))

    def _head(
        self, start: np.ndarray, tip: np.ndarray, color: str, size: float, layer: float
    ) -> object:
        from matplotlib.patches import Polygon

        look = {"facecolor": color, "edgecolor": "none", "zorder": layer + 0.1}
        return self.axes.add_patch(Polygon(_triangle(start, tip, size, size), **look))

    def _round(
        self, low: Point, width: float, height: float, radius: float,
        face: object, edge: object, layer: float, line: float = 1.5,
    ) -> object:  # fmt: skip
        from matplotlib.patches import FancyBboxPatch

        look = {"facecolor": face, "edgecolor": edge, "linewidth": line, "zorder": layer}
        shape = f"round,pad=0,rounding_size={radius}"
        return self.axes.add_patch(
            FancyBboxPatch(self.corner + np.asarray(low), width, height, boxstyle=shape, **look)
        )

    def _circle(self, at: Point, radius: float, face: object, edge: object, layer: float) -> object:
        from matplotlib.patches import Circle

        look = {"facecolor": face, "edgecolor": edge, "linewidth": 1.5, "zorder": layer}
        return self.axes.add_patch(Circle(self.corner + np.asarray(at), radius, **look))

    def _stroke(self, center: np.ndarray, reach: Point) -> None:
        (x0, y0), (x1, y1) = center - reach, center + reach
        self.axes.plot((x0, x1), (y0, y1), color=INK, lw=1.5, zorder=5, solid_capstyle="round")

    def _words(
        self, at: Point, text: str, size: float = 11, color: object = INK, **options: object
    ) -> object:
        options = {"ha": "center", "va": "center", "zorder": 6, **options}
        return self.axes.text(
            *(self.corner + np.asarray(at)), text, fontsize=size, color=color, **options
        )


def diverging(value: float) -> tuple[float, ...]:
    """The colour of a state: blue below zero, paper at zero, orange above; from -1 to 1."""
    return tint(NEGATIVE if value < 0 else POSITIVE, 0.04 + 0.96 * min(abs(value), 1))


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.hypot(*vector)


def _triangle(start: np.ndarray, tip: np.ndarray, long: float, wide: float) -> list[np.ndarray]:
    along = _unit(np.asarray(tip) - start)
    across = np.array((-along[1], along[0]))
    foot = tip - long * HEAD[0] * along
    return [tip, foot + wide * HEAD[1] * across, foot - wide * HEAD[1] * across]


__all__ = ["PAGE", "LivingPen", "diverging"]
