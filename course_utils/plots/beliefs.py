"""A sentence with a blank, and what several networks would say: as a figure and as a live card.

Purple is the word that must be remembered and the blank that hangs on it. The right answer's bar
has the network's colour; a wrong answer that the network says is hatched wine and crossed, and
what it does not say is grey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from course_utils.plots.pen import tint
from course_utils.plots.samples import flow
from course_utils.plots.style import (
    ALIASES,
    CELLS,
    CLUE,
    FAINT,
    INK,
    PAPER,
    SOFT,
    WIDTH,
    canvas,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOISE = "#B4B4B4"  # bars of answers that are neither right nor said
WRONG = "#882255"  # what a network says, and is not so: a cross and a hatch go with the colour
SIZE = 10.5  # points of the text
LINE, BAR = 0.29, 0.19  # inches from line to line of the text, from bar to bar
HEAD, GAP = 0.28, 0.4  # inches of a scene's title, and between two scenes
BLANK = "____"


class Scene(NamedTuple):
    """One text, the word in it that decides, the right answer, and what each network believes.

    Attributes:
        text: ends in the blank "___".
        clue: a word of the text.
        answer: what belongs into the blank.
        beliefs: network -> {answer: probability}; a name that begins with a cell type has its look.
    """

    text: str
    clue: str
    answer: str
    beliefs: Mapping[str, Mapping[str, float]]

    @property
    def words(self) -> list[str]:
        """The text without the blank.

        Raises ValueError if the clue is not one of its words.
        """
        words = self.text.split()[:-1]
        if self.clue not in [word.strip(".,") for word in words]:
            raise ValueError(f"clue is {self.clue!r}; it must be one of the words of the text.")
        return words

    @property
    def at(self) -> int:
        """Which of the words is the clue."""
        return [word.strip(".,") for word in self.words].index(self.clue)

    @property
    def distance(self) -> int:
        """Words between the clue and the blank."""
        return len(self.words) - 1 - self.at

    def first(self, network: str, count: int) -> list[tuple[str, float]]:
        """The right answer, then those that the network believes most, `count` in all."""
        beliefs = self.beliefs[network]
        others = sorted((a for a in beliefs if a != self.answer), key=lambda a: -beliefs[a])
        return [(a, float(beliefs[a])) for a in [self.answer, *others[: count - 1]]]

    def says(self, network: str) -> str:
        """The answer that the network believes most."""
        beliefs = self.beliefs[network]
        return max(beliefs, key=beliefs.get)


@style()
def sentence_beliefs(scenes: Sequence[Scene], *, answers: int = 3) -> Figure:
    """Scenes below each other: the sentence, and below it a small bar chart for each network.

    answers: bars of a chart, the right answer first.

    Raises ValueError if there is no scene.
    """
    if not scenes:
        raise ValueError("scenes is empty; it needs at least one.")
    flows = [_flow(scene) for scene in scenes]
    heights = [HEAD + LINE * lines + 0.42 + BAR * answers for _, lines in flows]
    fig, axes = canvas(WIDTH, sum(heights) + GAP * (len(scenes) - 1) + 0.3)
    y = axes.get_ylim()[1] - 0.15
    for k, (scene, (places, lines)) in enumerate(zip(scenes, flows)):
        if k:
            axes.plot([0.2, WIDTH - 0.2], [y + GAP / 2] * 2, color=FAINT, lw=0.8)
        title = f"{scene.distance} words between {scene.clue} and the blank"
        axes.text(0.2, y - 0.1, title, weight="bold", va="center", fontsize=10.5)
        y -= HEAD
        _text(axes, scene, places, y)
        width = (WIDTH - 0.4) / len(scene.beliefs)
        for column, network in enumerate(scene.beliefs):
            left = 0.2 + column * width
            _bars(axes, scene, network, answers, left, width, y - LINE * lines - 0.12)
        y -= heights[k] - HEAD + GAP
    return fig


def _flow(scene: Scene) -> tuple[list[tuple[str, float, int, float]], int]:
    words, at = scene.words, scene.at
    return flow([*words[:at], scene.clue, *words[at + 1 :], BLANK], {at, len(words)}, SIZE)


def _text(axes: Axes, scene: Scene, places: list, top: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    last = len(places) - 1
    for k, (word, x, line, width) in enumerate(places):
        y = top - LINE * (line + 0.5)
        if k in (scene.at, last):
            box = FancyBboxPatch(
                (x - 0.06, y - 0.115), width + 0.12, 0.23,
                boxstyle="round,pad=0,rounding_size=0.05",
                facecolor=CLUE if k == scene.at else PAPER, edgecolor=CLUE, linewidth=1.3,
            )  # fmt: skip
            axes.add_patch(box)
        if k == last:
            continue
        look = {"color": PAPER, "weight": "bold"} if k == scene.at else {"color": INK}
        axes.text(x, y, word, va="center_baseline", fontsize=SIZE, **look)
        if k == scene.at:
            after = scene.words[k].removeprefix(scene.clue)
            axes.text(x + width + 0.07, y - 0.051, after, va="baseline", fontsize=SIZE)


def _bars(
    axes: Axes, scene: Scene, network: str, count: int, left: float, width: float, top: float
) -> None:
    mark = CELLS.get(ALIASES.get(network.split()[0], network.split()[0]))
    color, name = (mark.color, mark.label) if mark else (INK, network)
    right = scene.says(network) == scene.answer
    axes.plot([left + 0.06], [top - 0.055], mark.marker if mark else "o", color=color, ms=6, mew=0)
    axes.text(left + 0.18, top - 0.06, name, weight="bold", color=color, va="center", fontsize=10)
    said = scene.says(network)
    axes.text(
        left + 0.74, top - 0.06, f"{'✓' if right else '✗'} says {said}", va="center", fontsize=9,
        color=INK if right else WRONG, weight="normal" if right else "bold",
    )  # fmt: skip
    start, longest = left + 0.98, width - 1.55
    for row, (answer, belief) in enumerate(scene.first(network, count)):
        y = top - 0.3 - BAR * row
        good, bad = answer == scene.answer, answer == said != scene.answer
        ink = INK if good else WRONG if bad else SOFT
        axes.text(
            start - 0.08, y, answer, ha="right", va="center", fontsize=9, color=ink,
            weight="bold" if good or bad else "normal",
        )  # fmt: skip
        axes.barh(y, longest, 0.12, left=start, color=tint(FAINT, 0.45), lw=0)
        axes.barh(
            y, longest * belief, 0.12, left=start, lw=0, edgecolor=PAPER,
            color=color if good else WRONG if bad else NOISE, hatch="/////" if bad else None,
        )  # fmt: skip
        axes.text(start + longest + 0.06, y, f"{belief:.2f}", va="center", fontsize=9, color=ink)
