"""The embedded Reber grammar as a graph: follow the arrows, write down their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course_utils.plots.style import CLUE, FAINT, INK, PAPER, WIDTH, canvas, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Point = tuple[float, float]
HEIGHT, RADIUS = 2.75, 0.15
NODES = {
    "start": (0.3, 1.3),
    "outer": (1.0, 1.3),
    "inner": (1.8, 1.3),
    0: (2.6, 1.3),
    1: (3.4, 1.9),
    2: (3.4, 0.7),
    3: (4.4, 1.9),
    4: (4.4, 0.7),
    5: (5.2, 1.3),
    6: (5.95, 1.3),
    "last": (6.65, 1.3),
    "end": (7.3, 1.3),
}
ARROWS = (
    ("start", "outer", "B"),
    ("outer", "inner", "T or P"),
    ("inner", 0, "B"),
    (0, 1, "T"),
    (0, 2, "P"),
    (1, 3, "X"),
    (2, 4, "V"),
    (3, 2, "X"),
    (3, 5, "S"),
    (4, 3, "P"),
    (4, 5, "V"),
    (5, 6, "E"),
    (6, "last", "same"),
    ("last", "end", "E"),
)
LOOPS = ((1, "S", 1), (2, "T", -1))


@style()
def reber_graph() -> Figure:
    """Nodes and lettered arrows; the two places where the outer letter stands are purple."""
    from matplotlib.patches import FancyBboxPatch

    fig, ax = canvas(WIDTH, HEIGHT)
    box = FancyBboxPatch((2.38, 0.12), 3.8, 2.36, boxstyle="round,pad=0,rounding_size=0.12")
    box.set(fc="none", ec=FAINT, lw=1.2)
    ax.add_patch(box)
    ax.text(4.95, 2.28, "Reber's grammar", fontsize=9, va="center", color=INK)
    for node, at in NODES.items():
        _node(ax, at, str(node) if isinstance(node, int) else "")
    for one, other, letter in ARROWS:
        _arrow(ax, NODES[one], NODES[other], letter)
    for node, letter, side in LOOPS:
        _loop(ax, NODES[node], letter, side)
    return fig


def _node(ax: Axes, at: Point, name: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle(at, RADIUS, fc=PAPER, ec=INK, lw=1.3, zorder=3))
    ax.text(*at, name, ha="center", va="center", fontsize=9, zorder=4)


def _arrow(ax: Axes, one: Point, other: Point, letter: str) -> None:
    from matplotlib.patches import FancyArrowPatch

    outer = len(letter) > 1
    color = CLUE if outer else INK
    look = {"arrowstyle": "-|>", "mutation_scale": 11, "lw": 1.3, "color": color}
    shrink = 72 * RADIUS
    ax.add_patch(FancyArrowPatch(one, other, shrinkA=shrink, shrinkB=shrink, **look))
    (x0, y0), (x1, y1) = one, other
    dx, dy = x1 - x0, y1 - y0
    length = (dx**2 + dy**2) ** 0.5
    away = 0.14 if dx >= 0 and length > 0 else -0.14
    x, y = (x0 + x1) / 2 - away * dy / length, (y0 + y1) / 2 + away * dx / length
    ax.text(
        x, y, letter, ha="center", va="center", fontsize=9 if outer else 11, color=color,
        fontweight="bold",
    )  # fmt: skip


def _loop(ax: Axes, at: Point, letter: str, side: int) -> None:
    from matplotlib.patches import FancyArrowPatch

    x, y = at
    look = {"arrowstyle": "-|>", "mutation_scale": 11, "lw": 1.3, "color": INK}
    ends = (x - 0.11, y + side * 0.12), (x + 0.11, y + side * 0.12)
    bend = f"arc3,rad={-side * 2.6}"
    ax.add_patch(FancyArrowPatch(*ends, connectionstyle=bend, **look))
    ax.text(x + 0.32, y + side * 0.36, letter, ha="center", va="center", fontsize=11,
            fontweight="bold")  # fmt: skip
