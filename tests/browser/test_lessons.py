"""Every lesson runs from top to bottom by JupyterLab's own menu, and can be seen and heard.

This is the one time that a run of all tests executes a lesson: tests/once.py.
"""

from __future__ import annotations

import re

import nbformat
import pytest

from course_utils.plots.display import SHORTEST
from course_utils.workbook import COURSE
from tests.browser.outputs import differences, stored
from tests.browser.page import Cell, LabPage
from tests.browsing import needs_browser
from tests.pictures import kept_pictures

pytestmark = needs_browser
LESSONS = sorted(path.name for path in (COURSE / "notebooks").glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"  # shows nothing without its kernel
# On some processors TensorFlow's compiled part tells of itself, whatever level is asked for.
TENSORFLOWS_LOG = re.compile(r"^(?:WARNING: All log messages before absl::|I0000 ).*$", re.M)
FIGURES = """() => [...document.querySelectorAll(".jp-OutputArea-output img")].map(image => ({
  alt: image.alt, drawn: image.complete && image.naturalWidth > 0,
}))"""


@pytest.mark.parametrize("name", LESSONS, ids=lambda name: name[:2])
def test_it_runs_from_top_to_bottom(
    lab: LabPage, name: str, request: pytest.FixtureRequest
) -> None:
    lab.open(f"notebooks/{name}")
    cells = [cell for cell in lab.run_all() if cell.kind == "code"]
    ours = stored(request.session, COURSE / "notebooks" / name)
    ran = lab.notebook()
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not is_log(one)]
    other = differences(ours, ran)
    screens = lab.read_through(kept_pictures(request.config, "lab"), name.split("_")[0])

    assert [one.error for cell in cells for one in cell.outputs if one.error] == []
    assert [cell.count for cell in cells] == list(range(1, len(cells) + 1))
    assert warnings(cells) == []
    assert [cell.id for cell in cells for one in cell.outputs if WIDGET in one.kinds] == []
    theirs = nbformat.read(COURSE / "notebooks" / name, as_version=4).cells
    assert missing(cells, theirs) == {}
    assert other == {}, "\n".join(other.values())
    assert screens > 3
    figures = lab.page.evaluate(FIGURES)
    assert len(figures) == sum("text/html" in one.kinds and "Figure: " in one.text
                               for cell in cells for one in cell.outputs)  # fmt: skip
    assert [figure for figure in figures if not is_whole(figure)] == []
    assert lab.dialogs() == []
    assert lab.seen.complaints == []
    lab.shut_kernel()


def is_whole(figure: dict[str, object]) -> bool:
    """Whether a figure is drawn, and has words for those who do not see it."""
    return figure["drawn"] and len(figure["alt"]) >= SHORTEST


def is_log(output: dict) -> bool:
    """Whether an output is TensorFlow's log alone."""
    text = "".join(output.get("text", ""))
    return output.get("name") == "stderr" and not TENSORFLOWS_LOG.sub("", text).strip()


def warnings(cells: list[Cell]) -> list[str]:
    """What stands in red below a cell."""
    said = [one.text for cell in cells for one in cell.outputs if one.stream == "stderr"]
    return [text for text in said if TENSORFLOWS_LOG.sub("", text).strip()]


def missing(cells: list[Cell], theirs: list[nbformat.NotebookNode]) -> dict[str, set[str]]:
    """What the course's own run shows below a cell and this one does not, by the cell's id."""
    found = {cell.id: {kind for one in cell.outputs for kind in one.kinds} for cell in cells}
    printed = {cell.id for cell in cells if any(one.stream == "stdout" for one in cell.outputs)}
    lacking = {}
    for cell in theirs:
        for output in cell.get("outputs", []):
            kinds = set(output.get("data", {}))
            there = (
                cell.id in printed if output.output_type == "stream" else kinds <= found[cell.id]
            )
            if not there:
                lacking[cell.id] = kinds or {"stdout"}
    return lacking
