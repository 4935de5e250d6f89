"""The committed lessons are in step with their sources and keep the rules of docs/authoring.md."""

import pytest

from course_utils.authoring.check import check_document, findings
from course_utils.authoring.document import documents

LESSONS = documents()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.name)
def test_lesson(lesson):
    found = "\n".join(map(str, check_document(lesson)))
    assert not found, f"\n{found}"


def test_the_lessons_together():
    alone = [finding for one in LESSONS for finding in check_document(one)]
    found = "\n".join(str(one) for one in findings() if one not in alone)
    assert not found, f"\n{found}"
