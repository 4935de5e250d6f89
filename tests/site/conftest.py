"""The whole site, in all languages, made once for all workers from nothing, and one browser."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site.folders import SITE
from course_utils.delivery.authoring.site.make import OLDEST, make_site
from course_utils.language import languages
from tests.shared import made_once


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made site; a test is skipped, and says so, where there can be none."""
    if sys.version_info < OLDEST:
        pytest.skip("the site needs Python 3.11 or newer")
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: the site's fonts and scripts come from it")
    others = languages()[1:]
    build = made_once(
        tmp_path_factory, "pages", lambda folder: make_site(others=others, build=folder)
    )
    return build / SITE.name


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from tests.browsing import browser_of

    with browser_of() as browser:
        yield browser
