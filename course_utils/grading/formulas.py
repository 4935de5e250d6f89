"""Formulas of a teacher's text as drawings inside the page: no script and no network is needed."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

EM = 100  # units of a drawing: matplotlib draws paths at this size
FORMULA = re.compile(
    r"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$\w])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$(?!\w)",
    re.DOTALL,
)
MOVE, CLOSE = 1, 79
LETTERS = {MOVE: "M", 2: "L", 3: "Q", 4: "C", CLOSE: "Z"}  # SVG's, for matplotlib.path's codes


def set_aside(text: str) -> tuple[str, list[str]]:
    """The text with a mark in the place of each formula, and the drawings that belong there."""
    drawings: list[str] = []

    def aside(match: re.Match) -> str:
        if match["code"]:
            return match[0]
        drawings.append(drawing(match["display"] or match["inline"], bool(match["display"])))
        return f"\ue000{len(drawings) - 1}\ue001"

    return FORMULA.sub(aside, text), drawings


def put_back(page: str, drawings: list[str]) -> str:
    """The page with the drawings in the places of their marks."""
    return re.sub("\ue000(\\d+)\ue001", lambda match: drawings[int(match[1])], page)


@lru_cache(maxsize=1000)
def drawing(tex: str, display: bool) -> str:
    """A formula as SVG, or as text if it has more of TeX than can be drawn here."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    tex = " ".join(tex.split())
    font = FontProperties(size=EM, math_fontfamily="stix")
    try:
        width, height, depth = text_to_path.get_text_width_height_descent(f"${tex}$", font, True)
        vertices, codes = text_to_path.get_text_path(font, f"${tex}$", ismath=True)
    except ValueError:
        return f"<code>{escape(tex)}</code>"
    label, place = escape(tex, quote=True), " display" if display else ""
    return (
        f'<svg class="formula{place}" role="img" aria-label="{label}" '
        f'viewBox="0 {depth - height:.0f} {width:.0f} {height:.0f}" '
        f'style="width:{width / EM:.2f}em;height:{height / EM:.2f}em;'
        f'vertical-align:{-depth / EM:.2f}em"><path d="{_path(vertices, codes)}"/></svg>'
    )


def _path(vertices, codes) -> str:
    """Points and codes in the letters and numbers of an SVG path, whose y points down."""
    parts, last = [], None
    for (x, y), code in zip(vertices, codes):
        letter = LETTERS[int(code)] if code != last or code == MOVE else ""
        parts.append(letter if code == CLOSE else f"{letter}{x:.1f} {-y:.1f}")
        last = code
    return " ".join(parts)
