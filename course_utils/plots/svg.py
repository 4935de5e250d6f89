"""A pen that writes SVG: the same strokes as the other pens, with names for a script to move.

Colours are CSS variables (--cp-f, --cp-ink ...), so that a page's theme decides. Formulas are
outlines in the font of the figures: they look the same in every browser, and load no font.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.anatomy import (
    GATE,
    PAGE,
    RING,
    SQUARE,
    WALLS,
    Point,
    draw_cell,
)
from course_utils.plots.pen import rounded
from course_utils.plots.style import CELLS

if TYPE_CHECKING:
    from matplotlib.path import Path

SCALE = 100  # SVG units to a unit of the page
POINT = 100 / 72  # SVG units to a point
HEAD = (13.0, 5.6)  # length and half width of an arrow's head
SMALLEST = 13.5  # points of a formula: on a slide two cells side by side can still be read


def cell_svg(name: str, units: int = 6) -> str:
    """The drawing of one cell as an <svg> element whose moving parts carry `data-key`."""
    pen = SvgPen(name, units)
    draw_cell(pen, name)
    return pen.svg()


class SvgPen:
    """Draws what plots.anatomy tells it. `units` squares stand for a state."""

    def __init__(self, cell: str, units: int = 6):
        self.cell = cell  # makes ids that differ between cells on one page
        self.units = units
        self.layers: dict[str, list[str]] = {k: [] for k in ("wall", "wire", "flow", "box", "text")}

    def svg(self) -> str:
        width, height = (SCALE * side for side in PAGE)
        body = "".join(f"<g>{''.join(parts)}</g>" for parts in self.layers.values())
        return (
            f'<svg class="cell" viewBox="0 0 {width:g} {height:g}" data-cell="{self.cell}" '
            f'aria-hidden="true" focusable="false">{body}</svg>'
        )

    def wall(self, name: str) -> None:
        left, bottom, right, top = WALLS
        x, y = _at((left, top))
        box = f'x="{x:g}" y="{y:g}" width="{SCALE * (right - left):g}"'
        high = f'height="{SCALE * (top - bottom):g}" rx="16"'
        color = f'fill="{_var(name)}" stroke="{_var(name)}"'
        self._add("wall", f'<rect class="wall" {box} {high} {color}/>')
        text = CELLS[name].label
        self._add("text", _text((left + 0.14, top - 0.16), text, "name", _var(name)))

    def wire(
        self,
        key: str,
        points: Sequence[Point],
        stage: int,
        color: str = "ink",
        width: float = 1.6,
        arrow: bool = True,
    ) -> None:
        ends = [np.multiply(SCALE, (x, PAGE[1] - y)) for x, y in points]
        name = f'data-key="{key}" data-stage="{stage}"'
        heads = ""
        shaft = list(ends)
        if arrow:
            heads = _head(ends[-2], ends[-1], "head", _var(color), 1 + 0.12 * (width - 1.6))
            shaft[-1] = ends[-1] - 0.8 * HEAD[0] * _unit(ends[-1] - ends[-2])
        line = _d(rounded(shaft, radius=11))
        self._add(
            "wire",
            f'<g class="wire" {name}><path class="shaft" d="{line}" stroke="{_var(color)}" '
            f'stroke-width="{width * POINT:.2f}"/>{heads}</g>',
        )
        self._add(
            "flow",
            f'<g class="flow" {name}><path class="ribbon" d="{_d(rounded(ends, radius=11))}"/>'
            f"{_head(ends[1], ends[0], 'back', _var('flow'), 1)}</g>",
        )

    def gate(self, key: str, at: Point, squash: str) -> None:
        x, y = _at(at)
        w, h = SCALE * GATE[0], SCALE * GATE[1]
        place = f'x="{x - w / 2:g}" y="{y - h / 2:g}" width="{w:g}" height="{h:g}" rx="7"'
        color = _var(key)
        clip = f"cp-{self.cell}-{key}"
        self._add(
            "box",
            f'<g class="gate" data-key="{key}"><clipPath id="{clip}"><rect {place}/></clipPath>'
            f'<rect class="paper" {place}/><g clip-path="url(#{clip})">'
            f'<rect class="level" data-low="{y + h / 2:g}" data-height="{h:g}" '
            f'x="{x - w / 2:g}" y="{y:g}" width="{w:g}" height="{h / 2:g}" fill="{color}"/></g>'
            f'<rect class="edge" {place} stroke="{color}"/></g>',
        )
        self._add("text", _text((at[0], at[1] + 0.145), squash, "squash"))
        self._add("text", _text((at[0], at[1] - 0.06), "", "value", key=key))

    def valve(self, key: str, at: Point) -> None:
        x, y = _at(at)
        r = SCALE * RING
        clip = f"cp-{self.cell}-{key}-valve"
        color = _var("z" if key == "1-z" else key)
        lids = "".join(
            f'<rect class="lid {side}" x="{x - r:g}" y="{y - r if side == "upper" else y:g}" '
            f'width="{2 * r:g}" height="{r:g}" fill="{color}" data-edge="{y + sign * r:g}"/>'
            for side, sign in (("upper", -1), ("lower", 1))
        )
        self._add(
            "box",
            f'<g class="valve" data-key="{key}" data-radius="{r:g}">'
            f'<clipPath id="{clip}"><circle cx="{x:g}" cy="{y:g}" r="{r:g}"/></clipPath>'
            f'<circle class="paper" cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
            f'<g clip-path="url(#{clip})">{lids}</g>'
            f'<circle class="ring" cx="{x:g}" cy="{y:g}" r="{r:g}"/>{_cross(x, y, 0.42 * r)}</g>',
        )

    def plus(self, at: Point) -> None:
        x, y = _at(at)
        r = SCALE * RING
        self._add(
            "box",
            f'<circle class="paper" cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
            f'<circle class="ring" cx="{x:g}" cy="{y:g}" r="{r:g}"/>'
            f'<path class="sign" d="M{x - 0.55 * r:.1f} {y:g}h{1.1 * r:.1f}'
            f'M{x:g} {y - 0.55 * r:.1f}v{1.1 * r:.1f}"/>',
        )

    def block(self, at: Point, text: str, color: str, width: float, height: float) -> None:
        x, y = _at((at[0] - width / 2, at[1] + height / 2))
        place = f'x="{x:g}" y="{y:g}" width="{SCALE * width:g}" height="{SCALE * height:g}" rx="6"'
        tone = _var(color)
        self._add(
            "box",
            f'<rect class="paper" {place}/><rect class="block" {place} fill="{tone}" '
            f'stroke="{tone}"/>',
        )
        self.label(at, text, "ink", 13 if height > 0.3 else 10)

    def disc(self, at: Point, text: str, color: str) -> None:
        x, y = _at(at)
        self._add("box", f'<circle class="paper" cx="{x:g}" cy="{y:g}" r="16"/>')
        self._add(
            "box", f'<circle class="disc" cx="{x:g}" cy="{y:g}" r="16" stroke="{_var(color)}"/>'
        )
        self.label(at, text, "ink", 10)

    def dot(self, at: Point, color: str = "ink") -> None:
        x, y = _at(at)
        self._add(
            "wire", f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="3.6" fill="{_var(color)}"/>'
        )

    def label(self, at: Point, text: str, color: str = "ink", size: float = 14) -> None:
        x, y = _at(at)
        self._add(
            "text",
            f'<path class="maths" transform="translate({x:g} {y:g})" '
            f'fill="{_var(f"{color}-text")}" '
            f'd="{_outline(text, max(size, SMALLEST) * POINT)}"/>',
        )

    def states(self, key: str, at: Point, gradient: Point) -> None:
        side = SCALE * SQUARE
        x, y = _at(at)
        top = y - side * self.units / 2
        size = f'width="{side:g}" height="{side:g}"'
        squares = "".join(
            f'<rect x="{x - side / 2:g}" y="{top + k * side:g}" {size}/>' for k in range(self.units)
        )
        frame = f'x="{x - side / 2:g}" y="{top:g}" width="{side:g}" height="{side * self.units:g}"'
        self._add(
            "box",
            f'<g class="states" data-key="{key}">{squares}<rect class="frame" {frame} rx="2"/></g>',
        )
        self._add("text", _text(gradient, "", "norm", key=key))

    def token(self, at: Point) -> None:
        self._add("text", _text(at, "", "token"))

    def _add(self, layer: str, element: str) -> None:
        self.layers[layer].append(element)


def _at(point: Point) -> tuple[float, float]:
    return round(SCALE * point[0], 2), round(SCALE * (PAGE[1] - point[1]), 2)


def _var(name: str) -> str:
    return f"var(--cp-{name})"


def _text(at: Point, text: str, kind: str, color: str | None = None, key: str = "") -> str:
    x, y = _at(at)
    fill = f' fill="{color}"' if color else ""
    name = f' data-key="{key}"' if key else ""
    return f'<text class="{kind}" x="{x:g}" y="{y:g}"{fill}{name}>{escape(text)}</text>'


def _cross(x: float, y: float, reach: float) -> str:
    lines = f"M{x - reach:.1f} {y - reach:.1f}L{x + reach:.1f} {y + reach:.1f}"
    lines += f"M{x - reach:.1f} {y + reach:.1f}L{x + reach:.1f} {y - reach:.1f}"
    return f'<path class="sign" d="{lines}"/>'


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.hypot(*vector)


def _head(start: np.ndarray, tip: np.ndarray, kind: str, color: str, size: float) -> str:
    """A triangle from `start` to its tip at `tip`, about which a script may scale it."""
    angle = np.degrees(np.arctan2(*(tip - start)[::-1]))
    length, half = size * HEAD[0], size * HEAD[1]
    return (
        f'<g transform="translate({tip[0]:g} {tip[1]:g}) rotate({angle:g})">'
        f'<path class="{kind}" d="M0 0L{-length:.1f} {half:.1f}V{-half:.1f}Z" fill="{color}"/></g>'
    )


def _d(path: Path) -> str:
    """SVG path data of a matplotlib path."""
    letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
    parts = []
    for points, code in path.iter_segments(simplify=False, curves=True):
        if code == 79:
            parts.append("Z")
        else:
            parts.append(letters[code] + " ".join(f"{v:.1f}".removesuffix(".0") for v in points))
    return "".join(parts).replace(" -", "-")


@cache
def _outline(text: str, size: float) -> str:
    """A formula as path data, its middle at the origin."""
    from matplotlib import rc_context
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    with rc_context({"mathtext.fontset": "cm", "font.family": ["DejaVu Sans"]}):
        glyphs = TextPath((0, 0), text, size=size)
    box = glyphs.get_extents()
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    vertices = (glyphs.vertices - middle) * (1, -1)
    return _d(Path(vertices, glyphs.codes))


__all__ = ["SvgPen", "cell_svg"]
