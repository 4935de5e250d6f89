"""Links to the sections that are to be read again, if the course's pages stand on the web."""

from __future__ import annotations

import os
import re

from course_utils import CourseError
from course_utils.feedback.reread import Place
from course_utils.place import COURSE

SITE = "CAROUSEL_SITE"  # the address of the course's pages, such as https://example.org/course


def address_of(place: Place) -> str:
    """The address of a section; "" if no site is named, and then the words alone are shown.

    Raises CourseError if the site is no address of the web.
    """
    site = os.environ.get(SITE, "").strip().rstrip("/")
    if not site:
        return ""
    if not re.fullmatch(r"https?://[^\s\"'<>#?]+", site):
        raise CourseError(
            f"{SITE} is {site!r}; it must be an address such as https://example.org/course."
        )
    names = [path.stem for path in (COURSE / "notebooks").glob(f"{place.lesson}_*.ipynb")]
    return f"{site}/notebooks/{names[0]}.html#{place.anchor}" if names else ""
