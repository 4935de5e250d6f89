"""One sample of a task: what the network reads, what it must remember, what it is asked.

Purple is what must be remembered and the answer that hangs on it; grey is all else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.plots.style import (
    FAINT,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    halo,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLUE = "#6A3D9A"  # no cell and no gate has this colour
LANE = "#F4F4F4"
NOISE = "#B9B9B9"
QUIET = ("blank",)  # symbols that say nothing
FITS = 45  # steps whose letters can be read inside their cells


def task_sample(task: Any, batch: Any, row: int = 0) -> Figure:
    """Draw one sequence of a batch of one of the course's tasks.

    Raises IndexError if the batch has no such row.
    """
    if not -len(batch.inputs) <= row < len(batch.inputs):
        raise IndexError(f"row is {row}; the batch has {len(batch.inputs)} sequences.")
    inputs, target = batch.inputs[row], batch.targets[row]
    clues = task.clues(batch.inputs)[row]
    names = task.labels
    if hasattr(task, "text"):
        country = task.words(inputs)[int(clues.argmax())]
        return sentence_sample(task.text(inputs), country, names.outputs[target])
    scored = None if batch.weights is None else batch.weights[row] > 0
    steps = slice(0, len(inputs) if scored is None else int(np.flatnonzero(scored)[-1]) + 1)
    if not task.every_step:
        answer = f"{target[0]:.2f}" if task.loss == "mse" else names.outputs[target]
        return sequence_sample(inputs[steps], names.inputs, clues[steps], answer=answer)
    legal, critical = getattr(batch, "legal", None), getattr(batch, "critical", None)
    asked = scored if critical is None else critical[row]
    return sequence_sample(
        inputs[steps],
        names.inputs,
        clues[steps],
        targets=target[steps],
        target_names=names.outputs,
        legal=None if legal is None else legal[row, steps],
        asked=None if asked is None else asked[steps],
    )


def sequence_sample(
    inputs: np.ndarray,
    names: tuple[str, ...],
    clues: np.ndarray,
    *,
    answer: str | None = None,
    targets: np.ndarray | None = None,
    target_names: tuple[str, ...] = (),
    legal: np.ndarray | None = None,
    asked: np.ndarray | None = None,
) -> Figure:
    """Inputs over time, steps to be remembered in purple, and the answer or answers.

    Args:
        inputs: (T, m); symbols (one-hot) become a raster with a row each, numbers become stems.
        names: m names of the channels.
        clues: (T,) bool, the steps to be remembered.
        answer: what is asked after the last step.
        targets: (T,) classes asked at every step, named by `target_names`.
        legal: (T, k) bool, classes that would be right as well.
        asked: (T,) bool, the steps whose answer hangs on memory; None for all that say something.

    Raises:
        ValueError: if the number of names is not that of the channels.
    """
    if len(names) != inputs.shape[1]:
        channels = inputs.shape[1]
        raise ValueError(f"names has {len(names)} names; the inputs have {channels} channels.")
    symbols = bool(np.isin(inputs, (0, 1)).all() and (inputs.sum(axis=1) == 1).all())
    sizes = [0.21 * len(names)] if symbols else [1.5 if k == 0 else 0.7 for k in range(len(names))]
    if targets is not None:
        sizes.append(0.21 * len(target_names))
    fig, panels = new_figure(
        height=sum(sizes) + 0.3 * len(sizes) + 0.6,
        nrows=len(sizes),
        sharex=True,
        squeeze=False,
        height_ratios=sizes,
    )
    panels = list(panels[:, 0])
    steps = len(inputs)
    with style():
        if symbols:
            _raster(panels[0], inputs.argmax(axis=1), names, clues)
        else:
            for k, axes in enumerate(panels[: len(names)]):
                _stems(axes, inputs[:, k], names[k], clues)
        panels[0].set_title("What the network reads")
        if targets is not None:
            if asked is None:
                asked = np.array([target_names[k] not in QUIET for k in targets])
            _raster(panels[-1], targets, target_names, asked, legal)
            panels[-1].set_title("What it must say" if legal is None else "What may come next")
        for axes in panels[:-1]:
            axes.tick_params(axis="x", length=0)
            axes.spines["bottom"].set_visible(False)
        room = 0 if answer is None else max(0.13 * steps, 1)
        panels[-1].set(xlim=(-0.7, steps - 0.3 + room), xlabel="step $t$")
        ticks = [0, *(t - 1 for t in panels[-1].get_xticks() if 1 < t <= steps and t % 1 == 0)]
        panels[-1].set_xticks(ticks, [f"{t + 1:.0f}" for t in ticks])
        panels[-1].spines["bottom"].set_bounds(-0.5, steps - 0.5)
        if answer is not None:
            _ask(panels[0], steps, room, answer)
    return fig


def sentence_sample(text: str, clue: str, answer: str) -> Figure:
    """A text that ends in a blank: the word to be remembered, the answer, the distance.

    Args:
        text: sentences, the last one ending in "___".
        clue: the word that decides.
        answer: what belongs into the blank.

    Raises:
        ValueError: if `clue` is not in `text`.
    """
    words = text.split()[:-1]
    bare = [word.strip(".,") for word in words]
    if clue not in bare:
        raise ValueError(f"clue is {clue!r}; it must be one of the words of the text.")
    at = bare.index(clue)
    boxed = {at, len(words)}
    after = words[at].removeprefix(clue)
    places, lines = flow([*words[:at], clue, *words[at + 1 :], answer], boxed)
    leading, bottom = 0.36, 0.55
    fig, axes = canvas(WIDTH, lines * leading + bottom + 0.2)
    top = lines * leading + bottom - leading / 2
    with style():
        for k, (word, x, line, width) in enumerate(places):
            y = top - line * leading
            if k in boxed:
                _box(axes, x - 0.06, y - 0.145, width + 0.12, 0.29, filled=k == at)
            color = PAPER if k == at else CLUE if k in boxed else SOFT if k < at - 4 else INK
            weight = "bold" if k in boxed else "normal"
            axes.text(x, y, word, color=color, weight=weight, va="center_baseline", fontsize=12)
            if k == at:
                axes.text(x + width + 0.07, y - 0.058, after, color=INK, va="baseline", fontsize=12)
        between = f"{len(words) - 1 - at} words between {clue} and the blank"
        axes.text(0.2, 0.22, between, color=SOFT, fontsize=10, va="center")
    return fig


def flow(
    words: list[str], boxed: set[int], size: float = 12
) -> tuple[list[tuple[str, float, int, float]], int]:
    """Break words into lines: each with its left edge, line and width (inches), and the lines."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    places, x, line = [], 0.2, 0
    for k, word in enumerate(words):
        weight = "bold" if k in boxed else "normal"
        font = FontProperties(family="DejaVu Sans", weight=weight)
        width = TextPath((0, 0), word, size=size, prop=font).get_extents().x1 / 72
        pad = 0.06 if k in boxed else 0
        if x + width + 2 * pad > WIDTH - 0.2:
            x, line = 0.2, line + 1
        places.append((word, x + pad, line, width))
        x += width + 3 * pad + 0.0071 * size  # a full stop fits behind a box
    return places, line + 1


def _box(axes: Axes, x: float, y: float, width: float, height: float, filled: bool) -> None:
    from matplotlib.patches import FancyBboxPatch

    axes.add_patch(
        FancyBboxPatch(
            (x, y),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.05",
            facecolor=CLUE if filled else PAPER,
            edgecolor=CLUE,
            linewidth=1.4,
        )
    )


def _raster(
    axes: Axes,
    symbols: np.ndarray,
    names: tuple[str, ...],
    important: np.ndarray,
    legal: np.ndarray | None = None,
) -> None:
    """One row for each symbol, one column for each step."""
    steps, rows = len(symbols), len(names)
    for row in range(rows):
        axes.barh(row, steps, 0.84, left=-0.5, color=LANE, linewidth=0, zorder=0)
    if legal is not None:
        for t, row in zip(*legal.nonzero(), strict=True):
            axes.add_patch(_cell(t, row, facecolor=PAPER, edgecolor=NOISE, linewidth=1))
    for t, row in enumerate(symbols):
        quiet = names[row] in QUIET
        color = CLUE if important[t] else FAINT if quiet else NOISE
        axes.add_patch(_cell(t, row, facecolor=color, linewidth=0))
        if steps <= FITS and not quiet:
            ink = PAPER if important[t] else INK
            weight = "bold" if important[t] else "normal"
            axes.text(
                t, row, names[row], color=ink, weight=weight, fontsize=9, ha="center",
                va="center_baseline",
            )  # fmt: skip
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_yticks(range(rows), names, family="DejaVu Sans")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _cell(t: int, row: int, **look: object) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((t - 0.43, row - 0.42), 0.86, 0.84, **look)


def _stems(axes: Axes, values: np.ndarray, name: str, clues: np.ndarray) -> None:
    """A number at each step; those to be remembered large and with their value."""
    steps, counts = np.arange(len(values)), np.isin(values, (0, 1)).all()
    axes.hlines(0, -0.5, len(values) - 0.5, color=FAINT, linewidth=0.8, zorder=0)
    for chosen, color, size in ((~clues, NOISE, 9), (clues, CLUE, 34)):
        axes.vlines(steps[chosen], 0, values[chosen], color=color, linewidth=1.3)
        axes.scatter(steps[chosen], values[chosen], color=color, s=size, zorder=3, linewidths=0)
    for t in [] if counts else steps[clues]:
        axes.annotate(
            f"{values[t]:.2f}", (t, values[t]), (6, 4), textcoords="offset points", color=CLUE,
            weight="bold", fontsize=9, zorder=4, path_effects=halo(),
        )  # fmt: skip
    low, high = min(values.min(), 0), max(values.max(), 0)
    margin = 0.2 * (high - low)
    axes.set_ylim(low - (margin if low < 0 else 0.1 * margin), high + margin)
    if counts:
        axes.set_yticks([0, 1])
    axes.set_ylabel(name)


def _ask(axes: Axes, steps: int, room: float, answer: str) -> None:
    """The answer, right of the last step."""
    axes.axvline(steps - 0.4, color=SOFT, linewidth=0.8, linestyle=(0, (2, 2)))
    low, high = axes.get_ylim()
    x, middle = steps - 0.4 + room / 2, (low + high) / 2
    axes.annotate(
        "asked now:", (x, middle), (0, 16), textcoords="offset points", ha="center", va="center",
        color=SOFT, fontsize=9,
    )  # fmt: skip
    box = {"boxstyle": "round,pad=0.35", "facecolor": PAPER, "edgecolor": CLUE, "linewidth": 1.4}
    axes.annotate(
        answer, (x, middle), (0, -6), textcoords="offset points", ha="center", va="center",
        color=CLUE, weight="bold", fontsize=11, bbox=box,
    )  # fmt: skip
