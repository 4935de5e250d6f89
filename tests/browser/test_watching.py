"""The other tests can fail: what is broken on purpose is seen."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.page import PATIENCE, LabPage
from tests.browser.server import Server
from tests.browser.test_lessons import FIGURES, is_whole, missing, warnings
from tests.browsing import needs_browser, served

pytestmark = needs_browser


@pytest.fixture
def view(context: object, server: Server) -> Iterator[LabPage]:
    view = LabPage(context, server)
    yield view
    view.close()


def opened(view: LabPage, *cells: nbformat.NotebookNode) -> LabPage:
    """A notebook of these cells in the workbook, open and ready."""
    notebook = new_notebook(cells=list(cells))
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, view.server.workbook / "notebooks" / "broken.ipynb")
    view.open("notebooks/broken.ipynb")
    return view


def test_an_error_stops_the_run_and_is_reported(view: LabPage) -> None:
    sources = ["print('before')", "1 / 0", "print('after')"]
    before, wrong, after = opened(view, *map(new_code_cell, sources)).run_all()
    assert (before.text, before.count) == ("before\n", 1)
    assert [one.error for one in wrong.outputs] == ["ZeroDivisionError: division by zero"]
    assert after.outputs == ()
    view.shut_kernel()


def test_a_warning_and_a_missing_output_are_seen(view: LabPage) -> None:
    source = "import sys; print('careful', file=sys.stderr)"
    cells = opened(view, new_code_cell(source)).run_all()
    assert warnings(cells) == ["careful\n"]
    theirs = new_code_cell("print(1)", id=cells[0].id)
    theirs.outputs = [nbformat.v4.new_output("stream", name="stdout", text="1")]
    assert missing(cells, [theirs]) == {cells[0].id: {"stdout"}}
    view.shut_kernel()


def test_what_is_asked_of_another_machine_is_seen_and_refused(
    view: LabPage, tmp_path: Path
) -> None:
    (tmp_path / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with served(tmp_path) as address:  # found under every name that ends so, if it is not refused
        elsewhere = address.replace("127.0.0.1", "elsewhere.localhost") + "/picture.svg"
        opened(view, new_markdown_cell(f"![a picture]({elsewhere})"))
        until = time.monotonic() + PATIENCE / 1000
        while not any("ERR_NAME_NOT_RESOLVED" in line for line in view.seen.complaints):
            assert time.monotonic() < until, view.seen.complaints
            view.page.wait_for_timeout(100)  # the picture is asked for when its cell is drawn
    assert view.seen.outside() == [elsewhere]
    view.shut_kernel()


def test_a_page_begins_with_nothing_of_the_one_before(context: object, server: Server) -> None:
    kept = "() => [document.cookie, localStorage.length]"
    for _ in range(2):
        view = LabPage(context, server)
        view.page.goto(f"{server.address}/api")
        assert view.page.evaluate(kept) == ["", 0]
        view.page.evaluate("() => { document.cookie = localStorage.left = 'a=1'; }")
        assert view.page.evaluate(kept) == ["a=1", 1]
        view.close()


def test_a_figure_without_words_or_without_a_picture_is_seen(view: LabPage) -> None:
    html = '<img alt="" src="data:image/png;base64,AAAA">'  # JupyterLab makes of it: alt="Image"
    source = f"from IPython.display import HTML, display; display(HTML({html!r}))"
    opened(view, new_code_cell(source)).run_all()
    view.page.locator(".jp-OutputArea-output img").wait_for(state="attached")
    [figure] = view.page.evaluate(FIGURES)
    assert not is_whole(figure) and not is_whole({**figure, "drawn": True})
    assert not is_whole({**figure, "alt": "Two curves that fall to zero."})
    view.shut_kernel()
