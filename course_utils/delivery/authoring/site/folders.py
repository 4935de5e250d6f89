"""Where the site's sources are and where what is made of them goes."""

from __future__ import annotations

from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.authoring.document import ROOT

SOURCES = ROOT / "docs" / "site"
BUILD = ROOT / "build"
PAGES = BUILD / "pages"  # the sources of all pages, laid out as in the project
DOCTREES = BUILD / "doctrees"
SITE, SLIDES, HANDOUTS = BUILD / "site", BUILD / "slides", BUILD / "handouts"


class SiteError(CourseError):
    """Why pages cannot be made and what to do about it, in one sentence."""


def shown(path: Path) -> str:
    """`path` as a user would type it: from the current folder if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
