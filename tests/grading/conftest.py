"""Walls for the tests: bubblewrap's for most, WebAssembly's for those that name them."""

from functools import cache

import pytest

from course_utils.delivery.grading import webassembly_files
from course_utils.delivery.grading.sandbox import SandboxError, probe


@cache
def no_bubblewrap() -> str:
    """The sentence that says why there is none; empty if there is.

    A worker that bubblewrap let in and that did not begin is a fault, and no reason to skip.
    """
    try:
        probe()
    except SandboxError as error:
        if str(error).startswith("No sandbox has started"):
            raise
        return str(error)
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip where no sandbox can be had."""
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    elsewhere = "webassembly_walls" in item.fixturenames or "webassembly" in parameters
    if not elsewhere and no_bubblewrap():
        pytest.skip(no_bubblewrap())


@pytest.fixture(scope="session")
def webassembly_walls() -> webassembly_files.Prepared:
    """The native code in the user's cache, where it is made if it is not there yet."""
    try:
        return webassembly_files.prepared()
    except SandboxError as error:
        pytest.skip(str(error))
