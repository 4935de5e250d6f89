"""The small lesson, built once, and copies of it to spoil."""

import pytest
from trial_lesson import lay

from course_utils.delivery.authoring.build import build
from course_utils.delivery.authoring.document import Document


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Document:
    """The good lesson, built. Whoever changes it works on a copy."""
    root = tmp_path_factory.mktemp("course")
    document = lay(root)
    build(root=root, report=lambda line: None)
    return document


@pytest.fixture
def course(built, tmp_path) -> Document:
    """A copy of the good lesson and its notebook, to spoil."""
    document = lay(tmp_path)
    document.target.write_bytes(built.target.read_bytes())
    return document
