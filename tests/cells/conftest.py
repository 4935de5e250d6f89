"""The package under test. test_mutants.py hands the same tests a package with a mistake in it."""

from __future__ import annotations

import pytest

import course_utils.cells


@pytest.fixture
def cells():
    return course_utils.cells
