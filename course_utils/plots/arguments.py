"""What the arguments of a recurrent Keras layer act on, and what some of them do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from course_utils.plots.pen import Pen, tint
from course_utils.plots.style import (
    CELLS,
    CLUE,
    FAINT,
    GATES,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    new_figure,
    style,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WEIGHTS, DROPOUT, RESULT, MEMORY = "#0072B2", "#B34700", "#00704F", CLUE  # groups on the map
CODE = {"family": "DejaVu Sans Mono", "size": 8}
MAP_KEY = (
    (0.2, WEIGHTS, "weights: start, cost, limit"),
    (2.25, INK, "the equations"),
    (3.4, DROPOUT, "dropout"),
    (4.2, RESULT, "what comes out"),
    (5.5, MEMORY, "direction, memory"),
)  # inches from the left, and what a colour means
ORDER = ("1st", "2nd", "3rd", "4th", "5th")
LINE = 0.148  # inches from one name to the next
MIDDLE = 2.95  # inches: the height at which the state runs


@style()
def arguments_map() -> Figure:
    """Three steps of a layer, the middle one opened, and each argument where it acts."""
    fig, axes = canvas(WIDTH, 5.85)
    pen = Pen(axes)
    _layer(pen)
    _names(pen, (1.86, 3.9), "recurrent_initializer", WEIGHTS, "recurrent_regularizer")
    _names(pen, (1.86, 3.9 - 2 * LINE), "recurrent_constraint", WEIGHTS, "reset_after")
    _names(pen, (4.02, 3.94), "use_bias", WEIGHTS, "bias_initializer", "unit_forget_bias")
    _names(pen, (4.02, 3.94 - 3 * LINE), "bias_regularizer", WEIGHTS, "bias_constraint")
    _names(pen, (4.12, 2.26), "kernel_initializer", WEIGHTS, "kernel_regularizer")
    _names(pen, (4.12, 2.26 - 2 * LINE), "kernel_constraint", WEIGHTS)
    _names(pen, (4.22, 2.64), "activation", INK, "recurrent_activation")
    _names(pen, (1.92, 2.62), "recurrent_dropout", DROPOUT)
    _names(pen, (3.96, 1.55), "dropout", DROPOUT)
    _names(pen, (3.1, 1.55), "seed", DROPOUT)
    _names(pen, (5.58, 3.08), "units", INK)
    _names(pen, (0.98, 4.3), "zero_output_for_mask", RESULT)
    _names(pen, (3.86, 4.3), "activity_regularizer", WEIGHTS)
    _names(pen, (6.74, 3.13), "return_state", RESULT)
    pen.line([(0.85, 4.86), (6.4, 4.86)], RESULT, 1.2)
    pen.text((3.62, 5.0), "return_sequences", color=RESULT, **CODE)
    pen.line([(6.4, 0.74), (0.85, 0.74)], MEMORY, 1.4, arrow=True)
    _on_paper(pen, (3.62, 0.74), "go_backwards")
    pen.line([(7.42, MIDDLE), (7.42, 0.3), (0.12, 0.3), (0.12, MIDDLE - 0.02)], MEMORY, 1.4)
    pen.line([(0.12, 1.9), (0.12, MIDDLE), (0.5, MIDDLE)], MEMORY, 1.4, arrow=True)
    _on_paper(pen, (3.62, 0.3), "stateful")
    pen.text((0.1, 5.32), "how all this is computed:", 8.5, SOFT, ha="left")
    for x, name in ((1.86, "unroll"), (2.56, "use_cudnn"), (3.52, "implementation")):
        pen.text((x, 5.32), name, color=SOFT, ha="left", **CODE)
    for x, color, group in MAP_KEY:
        pen.box((x, 5.66), "", color, 0.13, 0.13, 0.9)
        pen.text((x + 0.14, 5.66), group, 8.5, color, ha="left")
    return fig


@style()
def belief(heard: np.ndarray, truth: np.ndarray, p: np.ndarray) -> Figure:
    """One sequence: what is heard (T,), the truth of 0 and 1 (T,), and a network's belief p (T,).

    Raises ValueError if they differ in length.
    """
    if not np.shape(heard) == np.shape(truth) == np.shape(p):
        raise ValueError(f"{np.shape(heard)}, {np.shape(truth)}, {np.shape(p)}: one length needed.")
    fig, axes = new_figure(WIDTH, 2.9)
    steps = np.arange(1, len(p) + 1)
    axes.plot(steps, heard, "o", color=SOFT, ms=3.5, alpha=0.6, label="heard")
    axes.step(steps, truth, where="mid", color=INK, lw=1.4, label="on or off")
    axes.plot(steps, p, color=CELLS["LSTM"].color, lw=2.2, label="LSTM's probability")
    axes.set(xlabel="step $t$", yticks=(0, 1), xlim=(0, len(p) + 1))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=3, frameon=False)
    return fig


@style()
def singular_values(blocks: Mapping[str, np.ndarray]) -> Figure:
    """Singular values of square blocks, a column for each, from 0 to 1.

    blocks: name -> (n, n). A name that ends in a gate's letter takes the gate's colour, others
        that of the plain RNN.

    Raises ValueError if there is no block, or one is not square.
    """
    if not blocks:
        raise ValueError("blocks is empty; it needs at least one.")
    fig, axes = new_figure(WIDTH, 3.3)
    for x, (name, block) in enumerate(blocks.items()):
        if np.ndim(block) != 2 or len(set(np.shape(block))) != 1:
            raise ValueError(f"blocks[{name!r}] has shape {np.shape(block)}; it must be square.")
        values = np.linalg.svd(block, compute_uv=False)
        mark = GATES.get(name.split()[-1], CELLS["SimpleRNN"])
        spread = {"xmin": x - 0.28, "xmax": x + 0.28}
        axes.hlines(values, **spread, color=mark.color, lw=1.1, alpha=0.8)
    axes.axhline(0.5, color=SOFT, lw=1, ls=(0, (2, 2)), zorder=0)
    axes.text(len(blocks) - 0.45, 0.5, " ½", color=SOFT, va="center")
    axes.set_xticks(range(len(blocks)), list(blocks))
    axes.set(xlim=(-0.5, len(blocks) - 0.5), ylim=(0, 1.06), yticks=(0, 0.5, 1))
    axes.tick_params(axis="x", length=0)
    axes.set(ylabel="singular values", xlabel="block of the recurrent kernel")
    return fig


@style()
def dropout_masks(masks: Mapping[str, np.ndarray]) -> Figure:
    """Dropout over time: a column for a step, a row for an input; white where it is dropped.

    masks: title -> (T, m), 0 where an input is dropped.

    Raises ValueError if there is no mask.
    """
    if not masks:
        raise ValueError("masks is empty; it needs at least one.")
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    fig, axes = new_figure(WIDTH, 2.7, ncols=len(masks), sharey=True, squeeze=False)
    for ax, (title, mask) in zip(axes[0], masks.items(), strict=True):
        kept = np.asarray(mask).T > 0
        colors = ListedColormap([PAPER, tint(DROPOUT, 0.75)])
        ax.pcolormesh(kept, cmap=colors, vmin=0, vmax=1, edgecolors=FAINT, linewidth=0.5)
        ax.set_title(title, fontsize=9.5)
        T, m = np.shape(mask)
        ax.set_xticks((0.5, T - 0.5), ("1", str(T)))
        ax.set_yticks(np.arange(m) + 0.5, [str(k + 1) for k in range(m)])
        ax.set_xlabel("step $t$")
        ax.invert_yaxis()
        ax.tick_params(length=0)
        ax.spines[:].set_visible(False)
    axes[0, 0].set_ylabel("input")
    boxes = [Patch(fc=tint(DROPOUT, 0.75), ec=FAINT), Patch(fc=PAPER, ec=SOFT)]
    fig.legend(boxes, ["kept", "dropped"], loc="outside lower right", ncols=2, handlelength=1.2)
    return fig


@style()
def reading_order(panels: Mapping[str, tuple[Sequence[int], Sequence[int]]]) -> Figure:
    """Which input was read when, and where its output stands.

    panels: title -> (inputs, outputs) as they stand in the arrays, T numbers each. The first panel
        is read from the left, all others from the right.

    Raises ValueError if there is no panel, or inputs and outputs differ in number.
    """
    if not panels:
        raise ValueError("panels is empty; it needs at least one.")
    fig, axes = canvas(WIDTH, 2.3)
    pen, wide = Pen(axes), WIDTH / len(panels)
    for place, (title, (inputs, outputs)) in enumerate(panels.items()):
        if len(inputs) != len(outputs):
            raise ValueError(f"{title!r} has {len(inputs)} inputs and {len(outputs)} outputs.")
        T, left = len(inputs), place * wide + 0.62
        at = left + (wide - 0.72) * (np.arange(T) + 0.5) / T
        first_read = range(T) if place == 0 else range(T - 1, -1, -1)
        color = INK if place == 0 else MEMORY
        pen.text((place * wide + wide / 2 + 0.2, 2.12), title, color=color, **CODE)
        for row, word in ((1.62, "y"), (0.52, "x")):
            pen.text((left - 0.12, row), f"${word}$", 11, SOFT)
        for k, source in enumerate(first_read):
            pen.line([(at[source], 0.72), (at[k], 1.4)], color, 1.3, arrow=True)
            pen.box((at[k], 1.62), str(outputs[k]), color, 0.56, 0.36, 0.1, 9.5, 1.2)
            pen.box((at[k], 0.52), str(inputs[k]), SOFT, 0.56, 0.36, 0.08, 9.5, 1.0)
            pen.text((at[source], 0.18), f"read {ORDER[k]}" if k < len(ORDER) else "", 8, SOFT)
    return fig


def _layer(pen: Pen) -> None:
    for x in (0.85, 6.4):
        pen.box((x, MIDDLE), "cell", SOFT, 0.62, 0.62, 0.08, 9)
        pen.line([(x, 1.22), (x, MIDDLE - 0.33)], SOFT, 1.3, arrow=True)
        pen.line([(x, MIDDLE + 0.33), (x, 4.55)], SOFT, 1.3, arrow=True)
    pen.box((3.7, MIDDLE), "", SOFT, 3.9, 2.3, 0.05, radius=0.14, layer=1)
    pen.line([(0.14, MIDDLE), (0.52, MIDDLE)], INK, 1.6)
    pen.line([(1.17, MIDDLE), (1.98, MIDDLE)], INK, 1.6, arrow=True)
    pen.line([(2.26, MIDDLE), (2.68, MIDDLE)], INK, 1.6, arrow=True)
    pen.sign((2.12, MIDDLE), "x", DROPOUT, 0.14)
    pen.box((2.88, MIDDLE), "$U$", WEIGHTS, 0.4, 0.36)
    pen.line([(3.08, MIDDLE), (3.54, MIDDLE)], INK, 1.6, arrow=True)
    pen.sign((3.7, MIDDLE), "+")
    pen.box((3.7, 3.66), "$b$", WEIGHTS, 0.4, 0.36)
    pen.line([(3.7, 3.48), (3.7, MIDDLE + 0.16)], INK, 1.6, arrow=True)
    pen.box((3.7, 2.1), "$W$", WEIGHTS, 0.4, 0.36)
    pen.line([(3.7, 2.28), (3.7, MIDDLE - 0.16)], INK, 1.6, arrow=True)
    pen.line([(3.7, 1.22), (3.7, 1.4)], INK, 1.6)
    pen.sign((3.7, 1.55), "x", DROPOUT, 0.14)
    pen.line([(3.7, 1.7), (3.7, 1.91)], INK, 1.6, arrow=True)
    pen.line([(3.86, MIDDLE), (4.56, MIDDLE)], INK, 1.6, arrow=True)
    pen.box((4.82, MIDDLE), r"$\sigma$  tanh", INK, 0.78, 0.36, 0.06, 10)
    pen.line([(5.22, MIDDLE), (6.08, MIDDLE)], INK, 1.6, arrow=True)
    pen.line([(5.42, MIDDLE), (5.42, 4.55)], INK, 1.3, arrow=True)
    pen.dot((5.42, MIDDLE))
    pen.line([(6.72, MIDDLE), (7.42, MIDDLE)], INK, 1.6)
    below = {0.85: "$x_{t-1}$", 3.7: "$x_t$", 6.4: "$x_{t+1}$"}
    above = {0.85: "$y_{t-1}$", 5.42: "$y_t$", 6.4: "$y_{t+1}$"}
    for x, name in below.items():
        pen.text((x, 1.08), name, 12)
    for x, name in above.items():
        pen.text((x, 4.69), name, 12)


def _names(pen: Pen, at: tuple[float, float], first: str, color: str, *more: str) -> None:
    """Names of arguments, one below the other, from `at` to the right."""
    for k, name in enumerate((first, *more)):
        pen.text((at[0], at[1] - k * LINE), name, color=color, ha="left", **CODE)


def _on_paper(pen: Pen, at: tuple[float, float], name: str) -> None:
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 3}
    pen.text(at, name, color=MEMORY, bbox=paper, **CODE)
