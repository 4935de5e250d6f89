"""A map of ideas: what each one was for, down a line of time, in a lane for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from course_utils.plots.pen import Pen, tint
from course_utils.plots.style import FAINT, INK, ORDER, PAPER, SOFT, canvas, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLORS = ("#222222", ORDER[4], ORDER[0], "#882255", ORDER[2], ORDER[1])
WIDE, MARGIN, HEAD = 9.0, 0.55, 0.52  # inches: the figure, the years' column, the lanes' names
GUTTER = 0.26  # between two lanes, where lines lead from one to the other
LINE, PAD, BETWEEN, LEAST = 0.19, 0.085, 0.15, 0.32  # text, around it, between cards, years
CHARACTERS = 14.0  # of small text in an inch


class Idea(NamedTuple):
    """One card of the map.

    Attributes:
        year, lane: where it stands; lane is one of the map's.
        name: what it is called.
        what: the problem it solved, or found, in a few words.
        source: who.
        after: an idea of another lane that it stands on; a line leads there.
    """

    year: int
    lane: str
    name: str
    what: str
    source: str
    after: str = ""


class Card(NamedTuple):
    """Where a card is drawn: left edge, top, width, height (inches), and its lines of text."""

    x: float
    top: float
    width: float
    height: float
    lines: tuple[list[str], list[str], list[str]]

    @property
    def middle(self) -> float:
        return self.top - 0.5 * self.height


@style()
def map_of_ideas(ideas: Sequence[Idea], lanes: Sequence[str]) -> Figure:
    """Draw ideas as cards, a column for each lane, time from top to bottom.

    A card never stands above one of an earlier year; what is longer than the years between reaches
    beside the next ones.

    Raises:
        ValueError: for no ideas, too many lanes, an unknown lane, or a line to no earlier idea.
    """
    _check(ideas, lanes)
    colors = dict(zip(lanes, COLORS))
    cards, years, bottom = _places(ideas, lanes)
    fig, axes = canvas(WIDE, HEAD - bottom + 0.1)
    axes.set_ylim(bottom - 0.1, HEAD)
    for year, y in years.items():
        axes.plot([MARGIN - 0.05, WIDE - 0.1], [y + 0.06] * 2, color=FAINT, lw=0.8, zorder=0)
        axes.text(0.06, y + 0.05, str(year), fontsize=10.5, weight="bold", va="center", color=INK)
    for lane in lanes:
        own = [cards[idea.name] for idea in ideas if idea.lane == lane]
        if own:
            x, color = own[0].x, colors[lane]
            axes.text(x, HEAD - 0.2, lane, fontsize=9.5, weight="bold", color=color, va="center")
            axes.plot([x, x + own[0].width], [HEAD - 0.35] * 2, color=color, lw=2.4)
            ends = own[0].top, own[-1].top
            axes.plot(
                [x + 0.5 * own[0].width] * 2,
                ends,
                color=tint(color, 0.45),
                lw=2.4,
                zorder=1,
                solid_capstyle="butt",
            )
    pen = Pen(axes)
    for idea in ideas:
        if idea.after:
            _lead(pen, cards[idea.after], cards[idea.name], colors[idea.lane])
    for idea in ideas:
        _draw(axes, cards[idea.name], colors[idea.lane])
    return fig


def spoken(ideas: Sequence[Idea], lanes: Sequence[str]) -> str:
    """The map in words: each lane with its years, and all ideas of each year."""
    said = [f"A map of {len(ideas)} ideas, {ideas[0].year} to {ideas[-1].year}."]
    for lane in lanes:
        years: dict[int, list[str]] = {}
        for idea in ideas:
            if idea.lane == lane:
                years.setdefault(idea.year, []).append(idea.name)
        said.append(f"{lane}: " + ", ".join(f"{y} {' + '.join(n)}" for y, n in years.items()) + ".")
    return " ".join(said)


def _check(ideas: Sequence[Idea], lanes: Sequence[str]) -> None:
    if not ideas:
        raise ValueError("ideas is empty; it needs at least one.")
    if len(lanes) > len(COLORS):
        raise ValueError(f"lanes has {len(lanes)} names; there are colours for {len(COLORS)}.")
    by_name = {idea.name: idea for idea in ideas}
    for idea in ideas:
        if idea.lane not in lanes:
            raise ValueError(f"lane is {idea.lane!r}; it must be one of {', '.join(lanes)}.")
        before = by_name.get(idea.after)
        if idea.after and (before is None or before.year > idea.year or before.lane == idea.lane):
            raise ValueError(
                f"{idea.name} is after {idea.after!r}, which is no earlier idea of another lane."
            )


def _places(
    ideas: Sequence[Idea], lanes: Sequence[str]
) -> tuple[dict[str, Card], dict[int, float], float]:
    """Cards by name, where each year begins, and the lowest edge; the first year is at 0."""
    width = (WIDE - MARGIN - 0.1 - GUTTER * (len(lanes) - 1)) / len(lanes)
    cards, years, floor, y = {}, {}, dict.fromkeys(lanes, 0.0), LEAST
    for year in sorted({idea.year for idea in ideas}):
        now = [idea for idea in ideas if idea.year == year]
        y = min([y - LEAST, *(floor[idea.lane] for idea in now)])
        years[year] = y
        for idea in now:
            lines = _text(idea, width - 2 * PAD)
            height = LINE * sum(map(len, lines)) + 2 * PAD
            top = min(y, floor[idea.lane])
            x = MARGIN + lanes.index(idea.lane) * (width + GUTTER)
            cards[idea.name] = Card(x, top, width, height, lines)
            floor[idea.lane] = top - height - BETWEEN
    return cards, years, min(floor.values()) + BETWEEN


def _text(idea: Idea, width: float) -> tuple[list[str], list[str], list[str]]:
    from textwrap import wrap

    fits = int(width * CHARACTERS)
    return wrap(idea.name, int(0.8 * fits)), wrap(idea.what, fits), wrap(idea.source, fits)


def _draw(axes: Axes, card: Card, color: str) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    axes.add_patch(
        FancyBboxPatch(
            (card.x, card.top - card.height),
            card.width,
            card.height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=PAPER,
            edgecolor=tint(color, 0.75),
            linewidth=1.1,
            zorder=4,
        )
    )
    stripe = (card.x, card.top - card.height + 0.06), 0.04, card.height - 0.12
    axes.add_patch(Rectangle(*stripe, facecolor=color, linewidth=0, zorder=5))
    looks = (
        {"fontsize": 10.3, "weight": "bold", "color": color},
        {"fontsize": 9.3, "color": INK},
        {"fontsize": 8.8, "color": SOFT, "style": "italic"},
    )
    y = card.top - PAD - 0.5 * LINE
    for part, look in zip(card.lines, looks):
        for line in part:
            axes.text(card.x + PAD + 0.03, y, line, va="center", zorder=6, **look)
            y -= LINE


def _lead(pen: Pen, above: Card, below: Card, color: str) -> None:
    """From the side of one card down the gutter beside it, then across to a later card."""
    right = below.x > above.x
    start = (above.x + above.width if right else above.x), above.middle
    end = (below.x if right else below.x + below.width), below.middle
    if abs(start[1] - end[1]) < 0.12:
        points = [(start[0], end[1]), end]
    else:
        down = start[0] + (0.5 * GUTTER if right else -0.5 * GUTTER)
        points = [start, (down, start[1]), (down, end[1]), end]
    pen.line(points, color=tint(color, 0.7), width=1.4, arrow=True, layer=2)
