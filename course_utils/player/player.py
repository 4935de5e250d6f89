"""The player as an output of a notebook: works in JupyterLab and in an exported page, offline."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.language import tag, to_translate, translated
from course_utils.player import page
from course_utils.player.bundle import script, style_sheet
from course_utils.player.payload import payload
from course_utils.player.scenes import CELLS, Scene
from course_utils.player.scenes import scenes as all_scenes
from course_utils.player.words import sentences, spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = to_translate("Inside the cells")


def cell_player(
    cells: str | Sequence[str] = ("SimpleRNN", "LSTM", "GRU"),
    scenes: Sequence[Scene] | None = None,
) -> CellPlayer:
    """The animated cells: gates that open and close, states, and gradients on their way back.

    Args:
        cells: "SimpleRNN", "LSTM" or "GRU", or several of them, side by side.
        scenes: what can be played; None for clicks, noise and the France sentence, each with
            opened gates and at Keras's defaults. See `scene` for layers of your own.

    Raises:
        ValueError: if a cell is unknown, or a scene does not have it.
    """
    names = [cells] if isinstance(cells, str) else list(cells)
    chosen = list(all_scenes() if scenes is None else scenes)
    if not names or not chosen:
        raise ValueError("cell_player needs at least one cell and one scene.")
    for name in names:
        if name not in CELLS:
            raise ValueError(f"cells has {name!r}; it must be one of {', '.join(CELLS)}.")
        if any(name not in one.flows for one in chosen):
            raise ValueError(f"a scene has no {name}; choose cells that all scenes have.")
    return CellPlayer(names, chosen)


class CellPlayer:
    """What `cell_player` returns: as the last line of a notebook's cell, it shows itself."""

    def __init__(self, cells: Sequence[str], scenes: Sequence[Scene]):
        self.cells, self.scenes = tuple(cells), tuple(scenes)
        self.data = {**payload(scenes, cells), "css": style_sheet()}

    @property
    def alt(self) -> str:
        """What the first scene shows, in English words."""
        return page.alt(self.data)

    def figure(self, step: int | None = None, *, backward: bool = False, scene: int = 0) -> Figure:
        """A still of one moment, for show(fig, alt), print and pages without scripts.

        step: from 1; None for the last of the forward pass, or the first of the backward pass's
            end, step 1. scene: which of `scenes`.

        Raises ValueError for a step or a scene that there is not.
        """
        from course_utils.player.film import still

        if not 0 <= scene < len(self.scenes):
            raise ValueError(f"scene is {scene}; there are {len(self.scenes)}, from 0.")
        last = self.scenes[scene].steps
        chosen = (1 if backward else last) if step is None else step
        if not 1 <= chosen <= last:
            raise ValueError(f"step is {step}; the scene has steps 1 to {last}.")
        return still(self.scenes[scene], self.cells, chosen, backward)

    def html(self) -> str:
        """The player as a piece of a page, with all it needs."""
        return page.page(script(), self.data)

    def save(self, path: str | Path, title: str = TITLE) -> Path:
        """Write a page of its own that needs no other file and no network."""
        head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        said = translated(title) if title == TITLE else title
        look = "<style>body{margin:2vw;background:#fff}</style>"
        head += f"<title>{html.escape(said)}</title>{look}"
        Path(path).write_text(
            f'<!doctype html><html lang="{tag()}"><head>{head}</head>'
            f"<body><main>{self.html()}</main></body></html>",
            encoding="utf-8",
        )
        return Path(path)

    def widget(self) -> object:
        """The same as an anywidget, whose `step` and `backward` a kernel reads and sets."""
        from course_utils.player.widget import CellWidget

        return CellWidget(data=spoken(self.data))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": sentences(self.alt)}
