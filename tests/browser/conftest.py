"""One JupyterLab for each file of tests, a fresh page for each test, pictures of what failed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.page import LabPage
from tests.browser.server import Server, course_lab
from tests.browsing import ARGUMENTS, ONLY_HERE, browser_of
from tests.pictures import PICTURES

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with course_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with browser_of(args=[*ARGUMENTS, ONLY_HERE]) as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser: object) -> Iterator[object]:
    """One for all pages of a file: JupyterLab's scripts are fetched and compiled once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def lab(request: pytest.FixtureRequest, context: object, server: Server) -> Iterator[LabPage]:
    kept = [PICTURES / "lab" / f"failed-{request.node.name}{suffix}" for suffix in (".png", ".txt")]
    for old in kept:
        old.unlink(missing_ok=True)
    view = LabPage(context, server)
    yield view
    if request.node.stash.get(FAILED, False):
        keep(view, *kept)
    view.close()
    assert view.seen.outside() == [], "asked of another machine"


def keep(view: LabPage, picture: Path, words: Path) -> None:
    """Keep the picture of a page on which a test failed, and what it said."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    view.page.screenshot(path=picture)
    lines = [*view.seen.complaints, *view.seen.delays, "", view.server.log.read_text()]
    words.write_text("\n".join(lines), encoding="utf-8")
