"""One matrix again and again, a loss with a cliff, and what moves while a network learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import (
    CLUE,
    FAINT,
    INK,
    OTHERS,
    PAPER,
    SOFT,
    WIDTH,
    curve_style,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Walk = tuple[Sequence[float], Sequence[float]]


@style()
def turned(panels: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Above, a vector that a 2 x 2 matrix multiplies step by step; below, its two eigenvalues.

    panels: title -> (path (K, 2), the vector after each step; eigenvalues (2,)).

    Raises ValueError if there is no panel, or a path or its eigenvalues have another shape.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    for title, (path, values) in panels.items():
        if np.ndim(path) != 2 or np.shape(path)[1] != 2 or np.shape(values) != (2,):
            raise ValueError(f"panels[{title!r}] must be a path (K, 2) and eigenvalues (2,).")
    size = {"nrows": 2, "ncols": len(panels), "squeeze": False, "sharex": "row", "sharey": "row"}
    fig, axes = new_figure(WIDTH, 5.0, **size)
    far = max(np.abs(path).max() for path, _ in panels.values())
    angle = np.linspace(0, 2 * np.pi, 241)
    reaches = 1.1 * max(far, 1.15), 1.3
    for (above, below), (title, (path, values)) in zip(axes.T, panels.items(), strict=True):
        for ax, reach in zip((above, below), reaches, strict=True):
            ax.plot(np.cos(angle), np.sin(angle), color=SOFT, lw=1, zorder=1)
            ax.axhline(0, color=FAINT, lw=0.8, zorder=0)
            ax.axvline(0, color=FAINT, lw=0.8, zorder=0)
            ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
            ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        above.plot(*np.transpose(path), color=CLUE, lw=1, marker="o", ms=4, mew=0)
        above.plot(*path[0], "o", ms=8, mfc=PAPER, mec=CLUE, mew=1.6)
        above.set_title(title, fontsize=10)
        points = np.asarray(values, complex)
        below.plot(points.real, points.imag, "o", ms=7, color=INK, zorder=3)
        for point in points:
            below.plot([0, point.real], [0, point.imag], color=INK, lw=1)
        below.set_xlabel(r"$\mathrm{Re}\,\lambda$")
    axes[0, 0].set_ylabel("a vector, step by step")
    axes[1, 0].set_ylabel(r"$\mathrm{Im}\,\lambda$")
    return fig


@style()
def cliff(
    weights: np.ndarray, losses: np.ndarray, walks: Mapping[str, Walk], *, name: str = "$u$"
) -> Figure:
    """A loss along one weight, and descents on it, a panel for each.

    weights, losses: (N,); walks: title -> (weights, losses) after each step, the start first. A
    step that leaves the axes is an arrow to where it landed, which is written there.

    Raises ValueError if there is no walk.
    """
    if not walks:
        raise ValueError("walks is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 3.2, ncols=len(walks), sharey=True, squeeze=False)
    top = 1.15 * float(max(losses))
    for ax, (title, (steps, heights)) in zip(axes[0], walks.items(), strict=True):
        ax.plot(weights, losses, color=INK, lw=1.6)
        inside = [weights[0] <= one <= weights[-1] for one in steps]
        last = inside.index(False) if False in inside else len(inside)
        ax.plot(steps[:last], heights[:last], color=CLUE, lw=0.9, marker="o", ms=4.5, mew=0)
        ax.plot(steps[0], heights[0], "o", ms=9, mfc=PAPER, mec=CLUE, mew=1.6, zorder=4)
        ax.annotate("start", (steps[0], heights[0]), (0, -14), textcoords="offset points",
                    ha="center", fontsize=9, color=CLUE)  # fmt: skip
        if last < len(inside):
            right = steps[last] > weights[-1]
            edge = (weights[-1] if right else weights[0], min(heights[last], 0.93 * top))
            at = (steps[last - 1], heights[last - 1])
            ax.annotate("", edge, at, arrowprops={"arrowstyle": "-|>", "color": CLUE, "lw": 1.6})
            ax.annotate(f"to {steps[last]:.0f}", edge, (-6, 7), textcoords="offset points",
                        ha="right" if right else "left", fontsize=10, color=CLUE)  # fmt: skip
        ax.set_title(title, fontsize=10)
        ax.set(xlabel=f"weight {name}", xlim=(weights[0], weights[-1]), ylim=(-0.12 * top, top))
        ax.grid(axis="y")
    axes[0, 0].set_ylabel("loss")
    return fig


@style()
def training_films(
    columns: Mapping[str, Sequence[Mapping[str, np.ndarray]]],
    rows: Mapping[str, str],
    *,
    log: Sequence[str] = (),
    baseline: Mapping[str, float] | None = None,
) -> Figure:
    """What moved while networks learnt: a column for each network, a row for each quantity.

    columns: title -> films, one a run; each has "step" (S,) and the names of `rows` (S,).
        A title that begins with a cell type takes its colour. The first run is drawn strong.
    rows: name -> label of the axis. log: rows with a logarithmic axis. baseline: row -> a line.

    Raises ValueError if there is no column or no row.
    """
    if not columns or not rows:
        raise ValueError("it needs at least one column and one row.")
    size = {"nrows": len(rows), "ncols": len(columns), "squeeze": False, "sharex": "col"}
    fig, axes = new_figure(WIDTH, 0.6 + 1.75 * len(rows), sharey="row", **size)
    for place, (title, films) in enumerate(columns.items()):
        color = curve_style(title, place)["color"]
        for ax, (name, label) in zip(axes[:, place], rows.items(), strict=True):
            for k, film in enumerate(films):
                strong = {"lw": 2, "alpha": 1.0} if k == 0 else {"lw": 1, "alpha": 0.45}
                ax.plot(film["step"], film[name], color=color, **strong)
            _row(ax, label if place == 0 else "", name in log, (baseline or {}).get(name))
        axes[0, place].set_title(title, fontsize=10)
        axes[-1, place].set_xlabel("training steps")
        axes[-1, place].set_xlim(left=0)
    return fig


def _row(ax: Axes, label: str, log: bool, baseline: float | None) -> None:
    if log:
        ax.set_yscale("log")
    if baseline is not None:
        ax.axhline(baseline, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
    ax.grid(axis="y")
    ax.margins(x=0.02)
    if label:
        ax.set_ylabel(label, fontsize=9)


@style()
def clouds(sets: Mapping[str, np.ndarray], *, window: tuple[float, float], dial: str) -> Figure:
    """Eigenvalues of several matrices beside one another, a row each, and where the circle cuts.

    sets: name -> (n,); window: real parts from .. to .., the same in each panel.
    The largest real part is marked, and the modulus of the largest is written below.

    Raises ValueError if there is no set.
    """
    if not sets:
        raise ValueError("sets is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 0.9 + 6.4 / len(sets), ncols=len(sets), squeeze=False)
    angle = np.linspace(0, 2 * np.pi, 721)
    half = (window[1] - window[0]) / 2
    for place, (ax, (name, values)) in enumerate(zip(axes[0], sets.items(), strict=True)):
        points = np.asarray(values, complex)
        title = f"{dial} {name}".strip()
        color = curve_style(name, place)["color"] if not dial else OTHERS[2]
        ax.fill(np.cos(angle), np.sin(angle), color="#F5F5F5", lw=0, zorder=0)
        ax.plot(np.cos(angle), np.sin(angle), color=SOFT, lw=1.2, zorder=1)
        ax.axhline(0, color=FAINT, lw=0.8, zorder=0)
        ax.plot(points.real, points.imag, "o", ms=5, mew=0.6, mec=PAPER, color=color, zorder=3)
        most = points[points.real.argmax()]
        ax.plot(most.real, most.imag, "o", ms=10, mfc="none", mec=INK, mew=1.3, zorder=4)
        ax.set_title(title, fontsize=10)
        ax.set(xlim=window, ylim=(-half, half), aspect="equal")
        ax.set_xlabel(r"$\mathrm{Re}\,\lambda$" + f"\nradius {np.abs(points).max():.2f}")
    axes[0, 0].set_ylabel(r"$\mathrm{Im}\,\lambda$")
    return fig


@style()
def dots_by_start(
    names: Sequence[str], panels: Mapping[str, Sequence[np.ndarray]], *, chance: float | None = None
) -> Figure:
    """The accuracy of every run as a dot, by the network's start, a panel for each text.

    names: of the starts; panels: title -> one array (runs,) for each name. A name that begins
    with a cell type takes its colour.

    Raises ValueError unless every panel has an array for each name.
    """
    if any(len(values) != len(names) for values in panels.values()):
        raise ValueError(f"each panel needs {len(names)} arrays, one for each name.")
    fig, axes = new_figure(WIDTH, 3.1, ncols=len(panels), sharey=True, squeeze=False)
    for ax, (title, values) in zip(axes[0], panels.items(), strict=True):
        for place, (name, runs) in enumerate(zip(names, values, strict=True)):
            color = curve_style(name, place)["color"]
            across = place + np.linspace(-0.2, 0.2, len(runs))
            ax.plot(across, np.sort(runs), "o", ms=6, mew=0, alpha=0.8, color=color, clip_on=False)
        if chance is not None:
            ax.axhline(chance, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=1)
            ax.text(
                len(names) - 0.5, chance + 0.015, "guessing", ha="right", fontsize=9, color=SOFT
            )
        ax.set_title(title, fontsize=10)
        ax.set(xticks=range(len(names)), xlim=(-0.5, len(names) - 0.5), ylim=(0, 1.02))
        ax.set_xticklabels([name.replace(", ", "\n") for name in names])
        ax.grid(axis="y")
    axes[0, 0].set_ylabel("accuracy")
    return fig
