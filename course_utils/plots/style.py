"""What each colour, line and letter means, everywhere in the course.

Colours are those of Okabe and Ito (2008), told apart with every kind of colour vision, and none
stands alone: a cell type has its line and marker as well, a gate its letter. Their yellow is too
pale for a line on paper; in its place stands the wine of Tol (2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PAPER, INK, SOFT, FAINT = "#FFFFFF", "#222222", "#6B6B6B", "#D9D9D9"
CLUE = "#6A3D9A"  # what must be remembered, on its way: no cell and no gate has this colour
WIDTH = 7.6  # inches of a full-width figure; an inch is 100 pixels of a page
ORDER = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # of drawings
OTHERS = (INK, "#E69F00", "#882255", "#56B4E9", "#CC79A7", SOFT)  # of curves that are no cells
DASHES = ("-", (0, (5, 1.6)), (0, (5, 1.4, 1.2, 1.4)), (0, (1.2, 1.2)), (0, (9, 2)), "-")


class Mark(NamedTuple):
    """How one thing is drawn: its colour, line and marker, and its name in a legend."""

    color: str
    linestyle: object
    marker: str
    label: str


CELLS = {
    "SimpleRNN": Mark("#D55E00", (0, (1.4, 1.1)), "o", "RNN"),
    "LSTM": Mark("#0072B2", "-", "s", "LSTM"),
    "GRU": Mark("#009E73", (0, (6, 1.8)), "^", "GRU"),
}
GATES = {
    "i": Mark("#009E73", (0, (6, 1.8)), "^", "input gate $i$"),
    "f": Mark("#D55E00", "-", "s", "forget gate $f$"),
    "g": Mark("#E69F00", (0, (1.4, 1.1)), "D", "candidate $g$"),
    "o": Mark("#0072B2", (0, (5, 1.4, 1.2, 1.4)), "v", "output gate $o$"),
    "c": Mark("#CC79A7", "-", "P", "cell state $c$"),
    "h": Mark("#222222", "-", "o", "state $h$"),
    "z": Mark("#56B4E9", "-", "X", "update gate $z$"),
    "r": Mark("#882255", (0, (5, 1.4, 1.2, 1.4)), "d", "reset gate $r$"),
}
ALIASES = {"RNN": "SimpleRNN"}

RC = {
    "figure.facecolor": PAPER,
    "figure.dpi": 100,
    "savefig.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.labelpad": 6,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "grid.color": "#E8E8E8",
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "xtick.major.size": 3.5,
    "ytick.major.size": 3.5,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 2.0,
    "lines.markersize": 5,
    "lines.dash_capstyle": "butt",
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 9,
    "font.family": ["DejaVu Sans"],  # ships with matplotlib: the same on every machine
    "font.size": 10,
    "mathtext.fontset": "cm",  # formulas look like those of the page
    "text.color": INK,
    "text.usetex": False,
    "path.simplify": True,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the course's style; what a learner has set stays as it was."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield


def cell_style(name: str) -> dict[str, object]:
    """Colour, linestyle and label of a cell type, as keywords of `Axes.plot`.

    Raises ValueError for a name that is not "SimpleRNN" ("RNN"), "LSTM" or "GRU".
    """
    mark = CELLS.get(ALIASES.get(name, name))
    if mark is None:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(CELLS)}.")
    return _keywords(mark)


def gate_style(name: str) -> dict[str, object]:
    """Colour, linestyle and label of a gate or state, as keywords of `Axes.plot`.

    Raises ValueError for a name that is not one of i, f, g, o, c, h, z, r.
    """
    if name not in GATES:
        raise ValueError(f"name is {name!r}; it must be one of {', '.join(GATES)}.")
    return _keywords(GATES[name])


def curve_style(name: str, position: int) -> dict[str, object]:
    """The style of a named curve: its cell type's if the name begins with one, else the next.

    "LSTM", "LSTM, forget bias 1" and "LSTM chrono" are LSTMs: the same colour, other dashes.
    """
    first = name.replace(",", " ").split()[0] if name.strip() else ""
    cell = ALIASES.get(first, first)
    if cell in CELLS:
        return {**_keywords(CELLS[cell]), "label": name}
    k = position % len(OTHERS)
    return {"color": OTHERS[k], "linestyle": DASHES[k], "label": name}


def new_figure(
    width: float = WIDTH, height: float = 3.2, **subplots: object
) -> tuple[Figure, object]:
    """A figure of `width` by `height` inches in the course's style, and its axes.

    It belongs to no window and no notebook: only show() displays it.
    """
    from matplotlib.figure import Figure

    with style():
        fig = Figure(figsize=(width, height), layout="constrained")
        fig.get_layout_engine().set(w_pad=0.08, h_pad=0.08)
        return fig, fig.subplots(**subplots)


def halo() -> list[object]:
    """Path effects that keep a text legible upon lines."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=3, foreground=PAPER)]


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Bare axes that fill a figure, for drawings; one unit is one inch, the origin bottom left."""
    from matplotlib.figure import Figure

    fig = Figure(figsize=(width, height))
    axes = fig.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return fig, axes


def _keywords(mark: Mark) -> dict[str, object]:
    return {"color": mark.color, "linestyle": mark.linestyle, "label": mark.label}
