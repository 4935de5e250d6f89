"""The course's visual language on one page: cells and gates with their colour, line and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import CELLS, CLUE, GATES, INK, WIDTH, Mark, canvas, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW, LENGTH = 0.3, 0.85  # inches from row to row, and of a line
TOP = 1.82


@style()
def visual_language() -> Figure:
    """Three columns: the cells, the gates of the LSTM, those of the GRU; and what is remembered."""
    fig, axes = canvas(WIDTH, 2.0)
    _column(axes, 0.2, "Cells", list(CELLS.values()))
    _column(axes, 2.75, "Inside the LSTM", [GATES[letter] for letter in "ifogc"])
    _column(axes, 5.2, "Inside the GRU", [GATES[letter] for letter in "zrgh"])
    y = TOP - ROW * 5.1
    axes.plot([0.2 + LENGTH / 2], [y], "s", color=CLUE, ms=9, mew=0)
    axes.text(0.2 + LENGTH + 0.14, y, "to be remembered", va="center", fontsize=10.5)
    return fig


def _column(axes: Axes, left: float, title: str, marks: list[Mark]) -> None:
    axes.text(left, TOP, title, weight="bold", fontsize=10.5, va="center")
    for row, mark in enumerate(marks):
        y = TOP - ROW * (row + 1.1)
        x = np.linspace(left, left + LENGTH, 3)
        axes.plot(x, [y] * 3, color=mark.color, linestyle=mark.linestyle, lw=2)
        axes.plot(x[1:2], [y], mark.marker, color=mark.color, ms=7, mew=0)
        axes.text(left + LENGTH + 0.14, y, mark.label, va="center", fontsize=10.5, color=INK)
