"""Who may import whom in course_utils: the table, and the picture of it in docs/maintaining.md.

python -m tests.setup.arrows        # draws the picture again
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "images" / "parts.svg"
DELIVERY = ROOT / "course_utils" / "delivery"

# What each part may import of the course. `course_utils` itself (CourseError, __version__) is
# free to all but the parts that import nothing. A new part needs a line here. The parts of
# course_utils/delivery bring the course to people, and nothing of the course imports one of them.
ARROWS = {
    "files": set(),
    "place": set(),
    "lines": set(),
    "prose": set(),
    "remarks": set(),
    "language": {"place", "prose"},
    "scripts": {"language", "prose"},
    "translating": {"claims", "language", "laying", "prose", "remarks"},
    "cells": set(),
    "tasks": {"lines"},
    "plots": {"language"},
    "statistics": set(),
    "claims": {"language", "lines", "statistics"},
    "interpreter": set(),
    "distributions": set(),
    "start": {"cli", "interpreter"},
    "kernel": {"distributions"},
    "kernels": {"interpreter"},
    "parallel": {"interpreter"},
    "npm": set(),
    "targets": {"interpreter", "place"},
    "keras_bridge": {"cells"},
    "training": {"cells", "lines"},
    "measure": {"cells"},
    "feedback": {"cells", "files", "language", "lines", "workbook"},
    "experiments": {
        "claims",
        "cells",
        "tasks",
        "training",
        "measure",
        "parallel",
        "files",
        "interpreter",
        "statistics",
    },
    "player": {"cells", "language", "tasks", "plots", "measure", "training"},
    "embed": set(),
    "dial": {"embed", "language", "plots", "scripts", "training"},
    "predictions": {"embed", "language", "scripts"},
    "grading": {
        "distributions",
        "feedback",
        "files",
        "interpreter",
        "language",
        "parallel",
        "place",
    },
    "live": {"feedback", "language"},
    "authoring": {
        "claims",
        "dial",
        "files",
        "interpreter",
        "feedback",
        "kernels",
        "language",
        "laying",
        "lines",
        "live",
        "npm",
        "place",
        "player",
        "plots",
        "predictions",
        "prose",
        "remarks",
        "scripts",
        "translating",
    },
    "laying": {"language"},
    "workbook": {"files", "language", "laying", "place", "translating"},
    "start_page": {"language", "translating", "workbook"},
    "last_workbook": {"files"},
    "proxies": set(),
    "lab": {"interpreter", "language", "proxies"},
    "doctor": {
        "distributions",
        "grading",
        "interpreter",
        "kernels",
        "lab",
        "last_workbook",
        "place",
        "proxies",
        "workbook",
    },
    "workshop": {
        "doctor",
        "files",
        "interpreter",
        "lab",
        "last_workbook",
        "npm",
        "place",
        "start_page",
        "workbook",
    },
    "cli": {
        "authoring",
        "doctor",
        "experiments",
        "feedback",
        "grading",
        "lab",
        "language",
        "last_workbook",
        "place",
        "start_page",
        "workbook",
        "workshop",
    },
}
OF_DELIVERY = {path.stem for path in DELIVERY.iterdir() if path.stem in ARROWS}
WIDE, ROW, BOX, LETTER = 1100, 84, 30, 8.2  # pixels
HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">
<style>text {{ font: 14px ui-monospace, monospace; text-anchor: middle; fill: #1a1a1a }}
rect {{ fill: #fff; stroke: #1a1a1a }} path {{ fill: none; stroke: #8a8a8a }}
.delivery {{ fill: #dfe9f5 }}</style>
<rect width="100%" height="100%" style="stroke: none"/>
"""


def rows() -> list[list[str]]:
    """The parts by rank, the lowest first: each lies one row above the highest that it imports."""
    ranks: dict[str, int] = {}

    def rank(part: str) -> int:
        if part not in ranks:
            ranks[part] = 1 + max(map(rank, ARROWS[part]), default=-1)
        return ranks[part]

    highest = max(map(rank, ARROWS))
    return [sorted(part for part in ARROWS if ranks[part] == row) for row in range(highest + 1)]


def direct() -> list[tuple[str, str]]:
    """The arrows that no way by other parts stands for."""
    below: dict[str, set[str]] = {}
    for row in rows():
        for part in row:
            below[part] = ARROWS[part].union(*(below[one] for one in ARROWS[part]))
    return [
        (part, one)
        for part, ones in sorted(ARROWS.items())
        for one in sorted(ones)
        if not any(one in below[other] for other in ones - {one})
    ]


def places() -> dict[str, tuple[float, float]]:
    """The middle of each part's box; a part stands near the middle of those that it imports."""
    found: dict[str, tuple[float, float]] = {}
    levels = rows()
    for height, row in enumerate(levels):

        def wish(part: str) -> float:
            own = [found[one][0] for one in ARROWS[part]]
            return sum(own) / len(own) if own else WIDE / 2

        ordered = sorted(row, key=lambda part: (wish(part), part))
        free = WIDE - sum(width(part) for part in ordered)
        at = free / (2 * len(ordered))
        for part in ordered:
            y = ROW * (len(levels) - height) - ROW / 2
            found[part] = (round(at + width(part) / 2, 1), y)
            at += width(part) + free / len(ordered)
    return found


def width(part: str) -> float:
    return LETTER * len(part) + 18


def svg() -> str:
    """The picture: whoever imports stands above, and what follows from other arrows is left out."""
    at = places()
    lines = [HEAD.format(WIDE, ROW * len(rows()))]
    for part, one in direct():
        (x, y), (x2, y2) = at[part], at[one]
        y, y2 = y + BOX / 2, y2 - BOX / 2
        bend = (y2 - y) / 2
        lines.append(f'<path d="M{x} {y} C{x} {y + bend} {x2} {y2 - bend} {x2} {y2}"/>\n')
    for part, (x, y) in sorted(at.items()):
        size = f'x="{x - width(part) / 2:.1f}" y="{y - BOX / 2}" width="{width(part):.1f}"'
        kind = ' class="delivery"' if part in OF_DELIVERY else ""
        lines.append(f'<rect {size} height="{BOX}" rx="6"{kind}/>')
        lines.append(f'<text x="{x}" y="{y + 5}">{escape(part)}</text>\n')
    return "".join([*lines, "</svg>\n"])


def overlaps() -> list[tuple[str, str]]:
    """Neighbours in a row whose boxes touch."""
    at = places()
    in_order = (sorted(row, key=lambda part: at[part][0]) for row in rows())
    return [
        (one, other)
        for row in in_order
        for one, other in pairwise(row)
        if at[one][0] + width(one) / 2 + 4 > at[other][0] - width(other) / 2
    ]


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
