"""Gates and states of units over time, as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    FAINT,
    WIDTH,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style()
def unit_lines(
    panels: Mapping[str, np.ndarray], steps: Sequence[str], follow: np.ndarray | None = None
) -> Figure:
    """Every unit as a line over the steps, panels side by side on one axis.

    panels: title -> (T, n); steps: T labels, e.g. letters. follow (T,): the unit that goes with it
    most closely (by correlation, of either sign) is drawn in bold.

    Raises ValueError if there is no panel, or if one does not have a row for each step.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 3.0, ncols=len(panels), sharey=True, squeeze=False)
    for place, (ax, (title, values)) in enumerate(zip(axes[0], panels.items(), strict=True)):
        if np.ndim(values) != 2 or len(values) != len(steps):
            raise ValueError(f"panels[{title!r}] has shape {np.shape(values)}; its rows are steps.")
        color = curve_style(title.replace(":", " "), place)["color"]
        ax.axhspan(-1, 1, color=FAINT, alpha=0.45, lw=0)
        ax.plot(values, color=color, lw=1, alpha=0.6)
        if follow is not None:
            ax.plot(values[:, _follower(values, follow)], color=color, lw=3)
        ax.set_xticks(range(len(steps)), steps, fontsize=9)
        ax.set_title(title, fontsize=10)
        ax.margins(x=0.02)
    axes[0, 0].set_ylabel("state of a unit")
    return fig


def _follower(values: np.ndarray, follow: np.ndarray) -> int:
    """The unit whose state goes most closely with `follow`; one that stands still never does."""
    moving = np.flatnonzero(np.std(values, axis=0) > 0)
    fit = [abs(np.corrcoef(values[:, unit], follow)[0, 1]) for unit in moving]
    return int(moving[np.argmax(fit)]) if fit else 0
