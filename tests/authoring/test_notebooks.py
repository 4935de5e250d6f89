"""The committed lessons are in step with their sources and keep the rules of docs/authoring.md."""

from functools import cache

import pytest

from course_utils.delivery.authoring import check
from course_utils.delivery.authoring.document import documents

LESSONS = documents()
checked = cache(check.check_document)  # it takes a second a lesson


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_lesson(lesson):
    found = "\n".join(map(str, checked(lesson)))
    assert not found, f"\n{found}"


def test_the_lessons_together(monkeypatch):
    monkeypatch.setattr(check, "check_document", checked)
    alone = [finding for one in LESSONS for finding in checked(one)]
    found = "\n".join(str(one) for one in check.findings() if one not in alone)
    assert not found, f"\n{found}"
