"""Outputs that are not those that are stored are seen, and a bar of progress is none of them."""

from __future__ import annotations

import nbformat
import pytest

from course_utils.workbook import COURSE
from tests.browser.outputs import differences, stored

LESSON = COURSE / "notebooks" / "01_a_recurrent_network_from_scratch.ipynb"
BAR = "training:  50%|####      | 150/300 [00:01<00:01, 99.1step/s]\n"


def printed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The first cell that prints."""
    return next(
        cell
        for cell in notebook.cells
        if any(one.output_type == "stream" for one in cell.get("outputs", []))
    )


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda cell: None, False),
        (lambda cell: cell.outputs.insert(0, nbformat.v4.new_output("stream", text=BAR)), False),
        (lambda cell: cell.outputs.clear(), True),
        (lambda cell: cell.outputs.append(nbformat.v4.new_output("stream", text="9\n")), True),
        (lambda cell: cell.update(source="1 / 0"), True),
    ],
)
def test_what_differs_is_seen(request: pytest.FixtureRequest, change, seen: bool) -> None:
    shown = nbformat.read(LESSON, as_version=4)
    change(cell := printed(shown))
    found = differences(stored(request.session, LESSON), shown)
    assert set(found) == ({cell.id} if seen else set())
