"""Pages whose code runs in the page: which they are is read from their notebooks (`live`).

They get one small script, which shows a button; all else is fetched when that is pressed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from course_utils.delivery.authoring.document import LESSONS
from course_utils.delivery.authoring.sets import HANDOUTS
from course_utils.delivery.authoring.site.contents import pages
from course_utils.delivery.authoring.site.vendor import STATIC
from course_utils.delivery.live import needs, pack

LIVE = STATIC / "live"
NOT_INSTALLED = (
    "The code of lessons and sets does not run in their pages: that needs Python as WebAssembly, "
    '`pip install -e ".[live]"` (100 MB), and then `make site` again.'
)


def prepare(report: Callable[[str], None] = print) -> None:
    """Lay out what pages fetch; where the extra is not installed, say what is left out."""
    if not pack.is_installed():
        shutil.rmtree(LIVE, ignore_errors=True)
        report(NOT_INSTALLED)
        return
    every = [source for path in live_pages().values() for source in code_of(path)]
    pack.pack(LIVE, every)


def live_pages() -> dict[str, Path]:
    """The notebooks that run in their pages, by the names of these."""
    return {
        place.rpartition(".")[0]: path
        for place, path in pages().items()
        if place.startswith((f"{LESSONS}/", f"{HANDOUTS}/"))
        and path.suffix == ".ipynb"
        and needs.runs_enough(code_of(path))
    }


def code_of(path: Path) -> list[str]:
    return [source for _, source in numbered(path)]


@cache
def numbered(path: Path) -> tuple[tuple[int, str], ...]:
    """The code cells of a notebook: their places among all cells, and their code."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [(n, cell["source"]) for n, cell in enumerate(cells) if cell["cell_type"] == "code"]
    return tuple((n, "".join(source)) for n, source in code)


class Cells(SphinxTransform):
    """Each cell of such a page says which one it is, and whether it needs Keras."""

    default_priority = 402

    def apply(self, **_: object) -> None:
        path = live_pages().get(self.env.docname) if self.config.carousel_live else None
        if path is None:
            return
        places = [place for place, _ in numbered(path)]
        of_keras = {places[number] for number in needs.keras_cells(code_of(path))}
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code":
                place = cell["cell_index"]
                cell["classes"] += [f"live-{place}", *["needs-keras"] * (place in of_keras)]


def bring_button(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """The script and the look of the button."""
    if app.config.carousel_live and page in live_pages():
        index = json.loads((LIVE / pack.INDEX).read_text(encoding="utf-8"))
        notebook = context["pathto"](f"_sources/{context['sourcename']}", 1)
        data = {"data-notebook": notebook, "data-megabytes": str(pack.megabytes(index))}
        app.add_css_file("live/live.css")
        app.add_js_file("live/live.js", loading_method="defer", **data)


def setup(app: Sphinx) -> None:
    app.add_config_value("carousel_live", "", "env", types=frozenset({str}))
    app.add_transform(Cells)
    app.connect("html-page-context", bring_button)
