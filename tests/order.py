"""In which order tests run, and which may go to another worker than the rest of their file.

First what fails soonest, then what takes long, so that no worker is left alone with it at the end,
and last what can be dealt out test by test. Within a class the order stays that of the folders.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What one edits: `make test-quick` runs these alone, `make test` before all others.
QUICK = (
    "tests/setup/test_style.py",
    "tests/setup/test_arrows.py",
    "tests/authoring/test_notebooks.py",
)
# Files of a minute and more, the longest first.
LONG = ("tests/grading/test_crashes.py",)
# Tests that need nothing of their neighbours: they fill both workers to the end.
APART = ("tests/browser/test_lessons.py", "tests/site/test_pages.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only the tests of what one edits")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("quick") and config.args_source is not config.ArgsSource.ARGS:
        config.args[:] = [str(ROOT / path) for path in QUICK]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


def rank(nodeid: str) -> tuple[int, int]:
    """The class of a test, and its place there; smaller is earlier."""
    path = nodeid.split("::")[0]
    for number, group in ((0, QUICK), (1, LONG), (3, APART)):
        for place, name in enumerate(group):
            if path == name or path.startswith(f"{name}/"):
                return number, place
    return 2, 0


def unit(nodeid: str) -> str:
    """What goes to one worker together: a file, or a single test of those that stand apart."""
    path = nodeid.split("::")[0]
    return nodeid if path in APART else path


@pytest.hookimpl(optionalhook=True)  # without xdist there is none
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid)

    return InOrder(config, log) if config.getvalue("dist") == "loadfile" else None
