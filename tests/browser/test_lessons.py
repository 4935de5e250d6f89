"""Every lesson runs from top to bottom by JupyterLab's own menu."""

from __future__ import annotations

import pytest

from course_utils.workbook import COURSE
from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
LESSONS = sorted(path.name for path in (COURSE / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("name", LESSONS, ids=lambda name: name[:2])
def test_it_runs_from_top_to_bottom(lab: LabPage, name: str) -> None:
    lab.open(f"notebooks/{name}")
    cells = [cell for cell in lab.run_all() if cell.kind == "code"]
    errors = {cell.id: one.error for cell in cells for one in cell.outputs if one.error}
    assert errors == {}
    assert [cell.count for cell in cells] == list(range(1, len(cells) + 1))
    lab.shut_kernel()
