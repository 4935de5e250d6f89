"""States over time as a picture: a column for a step, a row for a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.style import FAINT, PAPER, WIDTH, new_figure, style

if TYPE_CHECKING:
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

SHUT_OPEN = ("shut", "open")  # what 0 and 1 mean for a gate
FITS = 28  # steps whose labels can stand side by side
NEGATIVE, POSITIVE = ("#0B3954", "#0072B2", "#8CC4E3"), ("#F7B58A", "#D55E00", "#6B2A00")
GATE = (PAPER, "#CBBBD8", "#8A5FA6", "#3F1359")


@style()
def states_heatmap(
    states: np.ndarray,
    *,
    steps: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    kind: str = "state",
    limit: float | None = None,
    label: str | None = None,
    ends: tuple[str, str] = SHUT_OPEN,
    xlabel: str | None = None,
    ylabel: str = "unit",
    title: str | None = None,
) -> Figure:
    """states (T, n) as T columns and n rows.

    steps: T labels of the columns, e.g. words; units: n labels of the rows, else counted from 0.
    kind: "state", with zero white, negative blue and positive orange, from -limit to limit (else
        the largest absolute value); or "gate", from 0, white, to 1.
    ends: what 0 and 1 of a gate mean; if they are other words, they are yes and no: two colours.

    Raises ValueError for states that are not (T, n) and finite, or labels of another number.
    """
    values = np.asarray(states, float)
    if values.ndim != 2 or not values.size or not np.isfinite(values).all():
        raise ValueError(f"states must be finite and of shape (T, n); it has shape {values.shape}.")
    T, n = values.shape
    for name, labels, size in (("steps", steps, T), ("units", units, n)):
        if labels is not None and len(labels) != size:
            raise ValueError(f"{name} has {len(labels)} labels; it needs {size}.")
    if kind not in ("state", "gate"):
        raise ValueError(f'kind is {kind!r}; it must be "state" or "gate".')
    if limit is None:
        limit = 1.0 if kind == "gate" else float(np.abs(values).max()) or 1.0
    low = 0.0 if kind == "gate" else -limit
    long = steps is not None and max(map(len, steps)) * len(range(0, T, _every(T))) > 75
    colors = _colors(kind) if ends == SHUT_OPEN else _colors(kind).resampled(2)
    fig, axes = new_figure(WIDTH, min(5.2, 1.25 + 0.21 * n) + (0.45 if long else 0.0))
    image = axes.imshow(
        values.T, aspect="auto", cmap=colors, vmin=low, vmax=limit, interpolation="nearest"
    )
    _columns(axes, T, steps, long)
    axes.set_ylabel(ylabel)
    if xlabel is not None:
        axes.set_xlabel(xlabel)
    if units is not None:
        axes.set_yticks(range(n), units)
    elif n <= 12:
        axes.set_yticks(range(n))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if T <= 40 and n <= 40:  # hair lines between the cells
        axes.set_xticks(np.arange(0.5, T - 1), minor=True)
        axes.set_yticks(np.arange(0.5, n - 1), minor=True)
        axes.grid(which="minor", color=PAPER, linewidth=0.8)
    bar = fig.colorbar(image, ax=axes, pad=0.015, aspect=max(8, 2.4 * n), fraction=0.05)
    middle = 0.5 * (low + limit)
    if ends == SHUT_OPEN:
        bar.set_label(label or ("state" if kind == "state" else "gate"))
        bar.set_ticks([low, middle, limit], labels=_ends(kind, low, middle, limit))
        bar.outline.set_visible(False)
    else:
        bar.set_ticks([0.5 * middle, 1.5 * middle], labels=ends)
        bar.outline.set(color=FAINT, linewidth=0.8)
    bar.ax.tick_params(length=0)
    if title:
        axes.set_title(title)
    return fig


def _ends(kind: str, *values: float) -> list[str]:
    if kind == "gate" and values[-1] == 1:
        return [f"0  {SHUT_OPEN[0]}", "0.5", f"1  {SHUT_OPEN[1]}"]
    return [f"{value:+.2g}".replace("-", "−") if value else "0" for value in values]


def _every(T: int) -> int:
    return -(-T // FITS)


def _columns(axes: object, T: int, steps: Sequence[str] | None, long: bool) -> None:
    if steps is None:
        axes.set_xlabel("step $t$")
        ticks = np.unique(np.linspace(0, T - 1, min(T, 11)).astype(int))
        axes.set_xticks(ticks, [str(t + 1) for t in ticks])
        return
    shown = range(0, T, _every(T))
    turned = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"} if long else {}
    axes.set_xticks(shown, [steps[k] for k in shown], **turned)


def _colors(kind: str) -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    if kind == "gate":
        return LinearSegmentedColormap.from_list("gate", GATE)
    return state_colors()


def state_colors() -> Colormap:
    """Blue for negative, white for zero, orange for positive."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("state", [*NEGATIVE, PAPER, *POSITIVE])
