"""The dial as an output of a notebook: in JupyterLab and in an exported page, without a kernel.

The numbers are in the output, so what it shows stays what was true when its cell ran, after
restarting and reopening too.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.dial.recording import Record, made_of, record, table_html
from course_utils.embed import embedded
from course_utils.language import ENGLISH, language, to_translate, translated
from course_utils.scripts import in_language
from course_utils.training.progress import with_progress

if TYPE_CHECKING:
    from course_utils.plots import Scene

WEB = Path(__file__).parent / "web"
SHARED = [Path(__file__).parents[1] / "player" / name for name in ("theme.js", "keys.js")]
QUIET = ("COURSE_BUILD", "PYTEST_VERSION")  # outputs are compared: as in training.progress
INSTEAD = to_translate(
    "▸ Run this cell: it shows a dial that moves {clue} from {low} to {high} words away."
)

# What stays English on a page in another language says that it is: the sentence and its answers.
IN_ENGLISH = {
    'class: "fe-text"': 'class: "fe-text", lang: "en"',
    'class: "fe-bars"': 'class: "fe-bars", lang: "en"',
    'make("b", {}, languages[said])': 'make("b", { lang: "en" }, languages[said])',
    'class: "fe-menu"': 'class: "fe-menu", lang: "en"',
    'this.from = make("span")': 'this.from = make("span", { lang: "en" })',
}
FACES = '.first-experiment { font-family: "Atkinson Next", "Carousel Chinese", system-ui; }'

MOUNT = """
takeKeys(host.host);
follow(host.lastChild, (theme) => { host.lastChild.dataset.theme = theme; });
window.mountExperiment(host.lastChild, data);"""


class Dial:
    """What `first_dial` returns: as the last line of a notebook's cell, it shows itself."""

    def __init__(self, data: Record):
        self.data = data

    def html(self) -> str:
        """The dial as a piece of a page, with all it needs; a table where there are no scripts."""
        return embedded(
            "carousel-dial",
            table_html(self.data),
            script=script_in(script()) + MOUNT,
            css=style_sheet() + ("" if language() == ENGLISH else FACES),
            room='<div class="first-experiment"></div>',
            data=self.data,
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        low, high = self.data["distances"][0], self.data["distances"][-1]
        words = translated(
            "A dial that moves a country from {low} to {high} words away from the blank.",
            low=low,
            high=high,
        )
        return {"text/html": self.html(), "text/plain": words}


def first_dial(part: str = "near") -> Dial:
    """The dial of lesson 00 as it was recorded: of the networks that practised with 3 to 10 words
    ("near"), or of the same ones after more practice with 3 to 40 ("far").

    Raises ValueError for another part.
    """
    if part not in ("near", "far"):
        raise ValueError(f"part is {part!r}; it must be 'near' or 'far'.")
    return Dial(record(part))


def sentence_dial(
    scene: Callable[[str, int], Scene],
    countries: Sequence[str],
    distances: tuple[int, int],
    *,
    trained: tuple[int, int],
) -> None:
    """Ask networks of your own at every distance, and show a dial with what they said.

    Where notebooks are built or tested, outputs must be the same on every processor: there, a
    line stands in its place.

    Args:
        scene: (country, distance) -> what the networks believe; called once for each of both.
        countries: the first one is shown first.
        distances: the smallest and the largest distance.
        trained: the fewest and the most words in training, which the dial marks.

    Raises:
        ValueError: if there is no country, or the distances are out of order.
    """
    low, high = distances
    if not countries:
        raise ValueError("countries is empty; it needs at least one word.")
    if low > high:
        raise ValueError(f"distances is {distances}; the smallest comes first.")
    from IPython.display import HTML, display

    if any(os.environ.get(name) for name in QUIET):
        words = translated(INSTEAD, clue=html.escape(countries[0]), low=low, high=high)
        display(HTML(f"<p><b>{words}</b></p>"))
    else:
        watched = partial(with_progress, label="asking")
        display(Dial(made_of(scene, countries, range(low, high + 1), trained, watched)))


def script_in(script: str) -> str:
    """The dial's script in the language of this process."""
    said = in_language(script)
    if language() != ENGLISH:
        for words, marked in IN_ENGLISH.items():
            said = said.replace(words, marked)
    return said


@cache
def script() -> str:
    """`follow` and the dial, as the body of a function."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (*SHARED, WEB / "dial.js"))


@cache
def style_sheet() -> str:
    """The look of the dial in a root of its own."""
    return "\n".join(
        (WEB / name).read_text(encoding="utf-8") for name in ("dial.css", "notebook.css")
    )
