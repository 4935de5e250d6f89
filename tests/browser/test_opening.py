"""JupyterLab opens the course as `course lab` starts it."""

from __future__ import annotations

from tests.browser.page import LabPage
from tests.browsing import needs_browser

pytestmark = needs_browser
FIRST = "notebooks/00_start_here.ipynb"


def test_the_first_lesson_is_there_and_ready(lab: LabPage) -> None:
    lab.page.goto(lab.server.first)
    lab.wait_until_ready(FIRST)
    heading = lab.page.get_by_role("heading", name="00 · Start here: the sentence that forgets")
    assert heading.is_visible()
    assert lab.dialogs() == []
    assert lab.seen.complaints == []
    lab.shut_kernel()
