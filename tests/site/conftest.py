"""The whole site, made once from nothing, and one browser to look at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.authoring.site.make import make_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made site. Without npm there is no site, and the tests say so."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the site's fonts and scripts come from it")
    return make_site(build=tmp_path_factory.mktemp("build")).parent


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from tests.browsing import browser_of

    with browser_of() as browser:
        yield browser
