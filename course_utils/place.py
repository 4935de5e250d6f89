"""Where the course lies: in its clone, or inside the package that a wheel has installed."""

from __future__ import annotations

from pathlib import Path

from course_utils import CourseError

PACKAGE = Path(__file__).resolve().parent
CARRIED = (
    PACKAGE / "_course"
)  # what setup.py puts into a wheel: notebooks, exercises, solutions, docs
COURSE = CARRIED if CARRIED.is_dir() else PACKAGE.parent


def is_clone() -> bool:
    """Whether the sources of the course are here, with which it is changed, printed and served."""
    return COURSE != CARRIED


def require_clone(what: str) -> None:
    """Raise CourseError if `what`, a command, would miss the sources of the course."""
    if not is_clone():
        raise CourseError(
            f"`{what}` needs the sources of the course, which an installed package has not: run it "
            "in a clone, or in the folder that the source archive unpacks to."
        )
