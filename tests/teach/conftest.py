"""The lessons, the bank and the pages of the guide, read once."""

from pathlib import Path

import pytest

from course_utils.delivery.authoring.teaching.material import Material, material
from course_utils.delivery.authoring.teaching.pages import FOLDER, ROOT, pages
from course_utils.feedback import catalog


@pytest.fixture(scope="session")
def known() -> Material:
    return material(catalog.by_lesson())


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    """The pages by name, such as "04.md"."""
    return {path.name: path.read_text(encoding="utf-8") for path in pages()}


@pytest.fixture(scope="session")
def folder() -> Path:
    return ROOT / FOLDER
