"""Eigenvalues in the complex plane, against the circle that parts fading from growing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import FAINT, INK, ORDER, PAPER, SOFT, new_figure, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MARKERS = "osD^v"


@style()
def spectrum(
    eigenvalues: np.ndarray | Mapping[str, np.ndarray], *, title: str | None = None
) -> Figure:
    """Eigenvalues (n,) of one matrix, or name -> (n,) of several, and the unit circle.

    The largest modulus, the spectral radius, is written beside each name.

    Raises ValueError for something that is not a row of finite numbers (a whole matrix, say).
    """
    named = eigenvalues if isinstance(eigenvalues, Mapping) else {"": eigenvalues}
    sets = {name: np.asarray(values, complex) for name, values in named.items()}
    for values in sets.values():
        if values.ndim != 1 or not values.size or not np.isfinite(values).all():
            raise ValueError(
                f"eigenvalues has shape {values.shape}; it needs (n,), finite: "
                "np.linalg.eigvals(matrix)."
            )
    fig, axes = new_figure(5.2, 3.9)
    angle = np.linspace(0, 2 * np.pi, 241)
    axes.fill(np.cos(angle), np.sin(angle), color="#F5F5F5", lw=0, zorder=0)
    axes.plot(np.cos(angle), np.sin(angle), color=SOFT, lw=1.2, zorder=1)
    axes.axhline(0, color=FAINT, lw=0.8, zorder=0.5)
    axes.axvline(0, color=FAINT, lw=0.8, zorder=0.5)
    for k, (name, values) in enumerate(sets.items()):
        radius = f"radius {np.abs(values).max():.2f}"
        axes.plot(
            values.real,
            values.imag,
            linestyle="none",
            marker=MARKERS[k % len(MARKERS)],
            color=ORDER[k % len(ORDER)],
            markersize=5.5,
            markeredgecolor=PAPER,
            markeredgewidth=0.6,
            label=f"{name}\n{radius}" if name else radius,
            clip_on=False,
            zorder=3,
        )
    reach = 1.12 * max(1.0, max(np.abs(values).max() for values in sets.values()))
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    axes.set(xlabel=r"$\mathrm{Re}\,\lambda$", ylabel=r"$\mathrm{Im}\,\lambda$")
    axes.text(0.8, -0.84, r"$|\lambda|=1$", fontsize=9.5, color=INK, ha="left", va="top")
    axes.locator_params(nbins=5)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(1.02, 1),
        borderaxespad=0,
        handlelength=1,
        labelspacing=0.9,
    )
    if title:
        axes.set_title(title)
    return fig
