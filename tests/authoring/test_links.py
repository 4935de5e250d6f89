"""A link in a lesson or a problem set leads to what a workbook holds: the learner has no more."""

import re
from pathlib import Path

import pytest

from course_utils.delivery.authoring.site import arguments, search
from course_utils.workbook import COURSE, FOLDERS

LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
SOURCES = sorted(
    path for folder in ("notebooks", "solutions") for path in (COURSE / folder / "src").glob("*.py")
)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: f"{path.parts[-3]}/{path.stem[:2]}")
def test_every_link_stays_in_the_workbook(source: Path) -> None:
    place = COURSE / ("notebooks" if "notebooks" in source.parts else "exercises")
    lines = source.read_text(encoding="utf-8").splitlines()
    for link in LINK.findall("\n".join(line for line in lines if line.startswith("# "))):
        target = (place / link).resolve()
        assert target.is_file() and target.parent.name in FOLDERS, link


def test_links_are_found() -> None:
    assert LINK.findall("[a](x.ipynb) [b](https://e.org) [c](#d) [e](../f/g.ipynb#h)") == [
        "x.ipynb",
        "../f/g.ipynb",
    ]


def test_topics_of_the_search_lead_to_headings() -> None:
    """Those of lessons; the site's own tests try the rest, when all pages stand."""
    found = search.topics()
    for path in sorted((COURSE / "notebooks" / "src").glob("*.py")):
        headings = re.findall(r"^# #+ (.+)$", path.read_text(encoding="utf-8"), re.M)
        anchors = {"", *map(arguments.slug, headings)}
        assert set(found.get(f"notebooks/{path.stem}", {})) <= anchors, path.name
