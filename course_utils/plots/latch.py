"""One tanh unit that is to keep one bit: where it comes to rest, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import CELLS, CLUE, FAINT, INK, PAPER, SOFT, WIDTH, new_figure, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@style()
def latch_map(below: float, above: float) -> Figure:
    """h = tanh(u h_prev) for two weights, where each comes to rest, and its slope there.

    Raises ValueError unless `below` is from 0 to 1 and `above` is larger than 1.
    """
    if not 0 <= below <= 1 < above:
        raise ValueError(f"below is {below}, above is {above}; 1 must lie between them.")
    fig, axes = new_figure(WIDTH, 3.5, ncols=2, sharey=True)
    before = np.linspace(-1.2, 1.2, 241)
    color = CELLS["SimpleRNN"].color
    for ax, w in zip(axes, (below, above), strict=True):
        ax.plot(before, before, color=SOFT, lw=1, ls=(0, (4, 3)))
        ax.plot(before, np.tanh(w * before), color=color)
        _walk(ax, w)
        for rest in _rests(w):
            slope = w * (1 - rest**2)
            stable = slope < 1
            ax.plot(rest, rest, "o", ms=9, mfc=color if stable else PAPER, mec=color, mew=1.6)
            if rest >= 0:
                place = (rest + 0.08, rest - 0.22) if stable else (0.1, -0.3)
                ax.text(*place, f"slope {slope:.2g}", color=color, fontsize=9.5)
        ax.set_title(f"$u = {w:g}$", fontsize=11)
        ax.set(xlim=(-1.2, 1.45), ylim=(-1.2, 1.2), aspect="equal", xlabel="$h_\\mathrm{prev}$")
        ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        ax.axhline(0, color=FAINT, lw=0.8, zorder=0)
        ax.axvline(0, color=FAINT, lw=0.8, zorder=0)
    axes[0].text(1.22, 1.13, "$h = h_\\mathrm{prev}$", fontsize=10, color=SOFT)
    axes[1].text(
        0.02, -1.1, "filled: it comes to rest here\nring: pushed away", fontsize=9, color=SOFT
    )
    axes[0].set_ylabel("$h = \\tanh(u\\,h_\\mathrm{prev})$")
    return fig


@style()
def latch_sweep(
    weights: Sequence[float],
    right: np.ndarray,
    gradient: np.ndarray,
    *,
    sure: float = 0.99,
    useful: tuple[float, str] = (1e-6, "a millionth"),
) -> Figure:
    """Above, the share of bits that were kept; below, what is left of the gradient; against u.

    weights, right, gradient: (W,) each. The weights that keep at least `sure` of the bits are
    shaded; dashed lines stand at `sure` and at a `useful` share of the gradient, with its name.

    Raises ValueError if they differ in length.
    """
    if not len(weights) == len(right) == len(gradient):
        raise ValueError("weights, right and gradient must have one length.")
    weights, right = np.asarray(weights, float), np.asarray(right, float)
    fig, (above, below) = new_figure(WIDTH, 4.2, nrows=2, sharex=True)
    above.plot(weights, right, color=CLUE, marker="o")
    above.axhline(sure, color=SOFT, lw=1, ls=(0, (4, 3)))
    above.axhline(0.5, color=SOFT, lw=1, ls=(0, (2, 2)))
    above.text(weights[-1], 0.51, "guessing", fontsize=9, color=SOFT, ha="right", va="bottom")
    above.set(ylabel="bits kept", ylim=(0.44, 1.04))
    below.plot(weights, gradient, color=INK, marker="s")
    below.set_yscale("log")
    share, name = useful
    below.axhline(share, color=SOFT, lw=1, ls=(0, (4, 3)))
    below.text(weights[-1], share, f"{name} ", fontsize=9, color=SOFT, ha="right", va="bottom")
    powers = np.arange(0, np.floor(np.log10(min(gradient))) - 1, -10)
    below.set(yticks=10.0**powers, ylim=(10.0 ** (powers[-1] - 2), 10.0))
    below.set(ylabel="gradient left", xlabel="weight $u$ of the unit to itself")
    if (right >= sure).any():
        first = weights[np.argmax(right >= sure)]
        for ax in (above, below):
            ax.axvspan(first, weights[-1], color=CLUE, alpha=0.08, lw=0)
        above.text(first + 0.02, 0.6, f"at least {sure:.0%} kept", fontsize=9.5, color=CLUE)
    below.set_xlim(weights[0], weights[-1])
    below.grid(axis="y")
    return fig


def _rests(w: float) -> list[float]:
    """Where h = tanh(w h): 0, and for w above 1 one place on either side."""
    if w <= 1:
        return [0.0]
    h = 1.0
    for _ in range(500):
        h = float(np.tanh(w * h))
    return [-h, 0.0, h]


def _walk(ax: Axes, w: float, start: float = 0.76, steps: int = 12) -> None:
    """Steps from `start`: up or down to the curve, across to the diagonal, again."""
    h, xs, ys = start, [start], [0.0]
    for _ in range(steps):
        after = float(np.tanh(w * h))
        xs += [h, after]
        ys += [after, after]
        h = after
    ax.plot(xs, ys, color=INK, lw=0.9, zorder=2)
