"""A figure of what memories of equal size hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import SOFT, WIDTH, curve_style, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@style()
def memory_held(pairs: Sequence[int], shares: Mapping[str, np.ndarray], chance: float) -> Figure:
    """Share of right answers against the number of stored pairs: every run a dot, lines medians.

    shares: name -> (runs, pairs); chance: what guessing gives, as a dotted line.

    Raises ValueError if there is no name, or one has other pairs.
    """
    if not shares:
        raise ValueError("shares is empty; it needs at least one.")
    fig, ax = new_figure(WIDTH, 3.5)
    for place, (name, values) in enumerate(shares.items()):
        runs = np.atleast_2d(np.asarray(values, float))
        if runs.shape[1] != len(pairs):
            raise ValueError(f"{name} has {runs.shape[1]} values for {len(pairs)} pairs.")
        look = curve_style(name, place)
        ax.plot(pairs, np.median(runs, axis=0), marker="os^Dv"[place % 5], ms=5, **look)
        for run in runs:
            ax.plot(pairs, run, ".", color=look["color"], ms=4, alpha=0.6)
    ax.axhline(chance, color=SOFT, lw=1, ls=(0, (2, 2)))
    ax.text(pairs[0], chance + 0.01, "guessing", color=SOFT, fontsize=9)
    ax.set(xlabel="pairs shown", ylabel="share of right answers", xscale="log", ylim=(0.15, 1.03))
    ax.set_xticks(pairs, [str(count) for count in pairs])
    ax.minorticks_off()
    ax.grid(axis="y")
    ax.legend(loc="upper left", bbox_to_anchor=(1.005, 1.0), borderaxespad=0)
    return fig
