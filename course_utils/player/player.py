"""The player as an output of a notebook: works in JupyterLab and in an exported page, offline."""

from __future__ import annotations

import base64
import gzip
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.player.bundle import script, style_sheet
from course_utils.player.payload import payload
from course_utils.player.scenes import CELLS, Scene
from course_utils.player.scenes import scenes as all_scenes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# A page may hold several players: each script takes the first that none has taken. What it
# carries is packed into one line, which strict comparison of outputs leaves out.
START = """
(async () => {
  const host = document.querySelector(".carousel-player:not([data-taken])");
  host.setAttribute("data-taken", "true");
  const packed = "data:application/gzip;base64,PACKED".split(",")[1];
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { script, data } = await new Response(plain).json();
  new Function("host", "data", script + "; mount(host, data);")(host, data);
})();
"""


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
        """What the first scene shows, in words."""
        words = self.data["scenes"][0]["captions"]
        return f"{self.data['label']}. {words['forward']} {words['backward']}"

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
        content = json.dumps({"script": script(), "data": self.data}, separators=(",", ":"))
        packed = base64.b64encode(gzip.compress(content.encode(), 9, mtime=0)).decode("ascii")
        words = html.escape(self.alt)
        start = START.replace("PACKED", packed)
        return f'<div class="carousel-player">{words}</div>\n<script>{start}</script>'

    def save(self, path: str | Path, title: str = "Inside the cells") -> Path:
        """Write a page of its own that needs no other file and no network."""
        head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        look = "<style>body{margin:2vw;background:#fff}</style>"
        Path(path).write_text(
            f'<!doctype html><html lang="en"><head>{head}<title>{html.escape(title)}</title>{look}'
            f"</head><body><main>{self.html()}</main></body></html>",
            encoding="utf-8",
        )
        return Path(path)

    def widget(self) -> object:
        """The same as an anywidget, whose `step` and `backward` a kernel reads and sets."""
        from course_utils.player.widget import CellWidget

        return CellWidget(data=self.data)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": self.alt}
