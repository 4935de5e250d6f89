"""A dial that moves the word to be remembered away from the blank, while the networks are asked.

It needs a running kernel and a notebook. Where notebooks are built or tested, outputs must be the
same every time, and a widget has a new number in every session: there, a line stands in its place.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Sequence

from course_utils.plots.beliefs import BLANK, NOISE, Scene
from course_utils.plots.style import ALIASES, CELLS, CLUE, FAINT, INK, PAPER, SOFT

QUIET = ("COURSE_BUILD", "PYTEST_VERSION")  # as in training.progress
INSTEAD = "▸ Run this cell: it shows a dial that moves {clue} from {low} to {high} words away."
SIGNS = {"o": "●", "s": "■", "^": "▲"}
ANSWERS = 4  # bars of each network


def sentence_dial(
    scene: Callable[[str, int], Scene],
    clues: Sequence[str],
    distances: tuple[int, int],
    *,
    start: int | None = None,
) -> None:
    """Show a slider for the distance, a menu for the clue, and under them what the networks say.

    Args:
        scene: (clue, distance) -> the scene to be shown; called at every move.
        clues: words to choose from; the first one is shown first.
        distances: the smallest and the largest distance.
        start: distance at first; None for the smallest.

    Raises:
        ValueError: if there is no clue, or a distance is out of order.
    """
    low, high = distances
    first = low if start is None else start
    if not clues:
        raise ValueError("clues is empty; it needs at least one word.")
    if not low <= first <= high:
        raise ValueError(f"start is {first}; it must be from {low} to {high}.")
    from IPython.display import HTML, display

    if any(os.environ.get(name) for name in QUIET):
        words = INSTEAD.format(clue=html.escape(clues[0]), low=low, high=high)
        display(HTML(f"<p><b>{words}</b></p>"))
    else:
        display(make_dial(scene, clues, distances, first))


def make_dial(
    scene: Callable[[str, int], Scene], clues: Sequence[str], distances: tuple[int, int], start: int
) -> object:
    """The dial as an ipywidgets box: slider and menu in its first row, the card below."""
    import ipywidgets as widgets

    slider = widgets.IntSlider(
        start, *distances, description="words between", layout={"width": "30em"},
        style={"description_width": "initial"},
    )  # fmt: skip
    menu = widgets.Dropdown(options=list(clues), description="I grew up in")
    card = widgets.HTML(sentence_card(scene(menu.value, start)))

    def move(_: object) -> None:
        card.value = sentence_card(scene(menu.value, slider.value))

    slider.observe(move, "value")
    menu.observe(move, "value")
    return widgets.VBox([widgets.HBox([slider, menu], layout={"flex_flow": "row wrap"}), card])


def sentence_card(scene: Scene) -> str:
    """A scene as HTML without scripts: the sentence, and bars for each network."""
    columns = "".join(_column(scene, network) for network in scene.beliefs)
    row = "display:flex;flex-wrap:wrap;gap:6px 26px;margin-top:12px"
    return (
        f'<div style="max-width:760px;padding:14px 16px;background:{PAPER};color:{INK};'
        f'border:1px solid {FAINT};border-radius:8px;font:15px/1.75 sans-serif">'
        f"<div>{_sentence(scene)}</div>"
        f'<div style="{row}">{columns}</div></div>'
    )


def _sentence(scene: Scene) -> str:
    box = f"border:1.5px solid {CLUE};border-radius:5px;padding:1px 6px"
    parts = [html.escape(word) for word in scene.words]
    clue, after = html.escape(scene.clue), scene.words[scene.at].removeprefix(scene.clue)
    parts[scene.at] = f'<b style="{box};background:{CLUE};color:{PAPER}">{clue}</b>{after}'
    blank = f'<span style="{box};color:{PAPER}">{BLANK}</span>'
    return " ".join([*parts, blank])


def _column(scene: Scene, network: str) -> str:
    first = network.split()[0]
    mark = CELLS.get(ALIASES.get(first, first))
    color, name, sign = (mark.color, mark.label, SIGNS[mark.marker]) if mark else (INK, network, "")
    says = scene.says(network)
    ink = INK if says == scene.answer else SOFT
    head = (
        f'<b style="color:{color}">{sign} {html.escape(name)}</b> '
        f'<span style="color:{ink}">says {html.escape(says)}</span>'
    )
    rows = "".join(
        _bar(answer, belief, color if answer == scene.answer else None)
        for answer, belief in scene.first(network, ANSWERS)
    )
    return f'<div style="flex:1 1 200px;font-size:13px;line-height:1.55">{head}{rows}</div>'


def _bar(answer: str, belief: float, color: str | None) -> str:
    ink, weight = (INK, "bold") if color else (SOFT, "normal")
    name = f"width:6em;text-align:right;font-weight:{weight}"
    bar = f"display:block;width:{100 * belief:.0f}%;height:10px;background:{color or NOISE}"
    return (
        f'<div style="display:flex;align-items:center;gap:7px;color:{ink}">'
        f'<span style="{name}">{html.escape(answer)}</span>'
        f'<span style="flex:1;background:#F0F0F0"><span style="{bar}"></span></span>'
        f"<span>{belief:.2f}</span></div>"
    )
