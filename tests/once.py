"""A lesson is executed once in a run of tests: in JupyterLab, if both that and nbval would do it.

tests/browser compares what it sees there by nbval's own rules. nbval executes a lesson that is
asked for alone, and all of them where there is no browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

IN_JUPYTERLAB = "tests/browser/test_lessons.py::test_it_runs_from_top_to_bottom["
BY_NBVAL = "notebooks/"


@pytest.hookimpl(trylast=True)  # after -k and -m have chosen
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    twice = executed_twice(item.nodeid for item in items if not is_skipped(item))
    again = [item for item in items if item.nodeid.split("::")[0] in twice]
    if again:
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if item.nodeid.split("::")[0] not in twice]


def is_skipped(item: pytest.Item) -> bool:
    """Whether a test is skipped where there is no browser, and there is none."""
    return any(mark.args[0] for mark in item.iter_markers("skipif"))


def executed_twice(nodeids: Iterable[str]) -> set[str]:
    """The lessons' notebooks of these tests that JupyterLab executes as well as nbval."""
    names = set(nodeids)
    numbers = {one.removeprefix(IN_JUPYTERLAB)[:2] for one in names if IN_JUPYTERLAB in one}
    notebooks = {one.split("::")[0] for one in names if one.startswith(BY_NBVAL)}
    return {one for one in notebooks if PurePosixPath(one).name[:2] in numbers}
