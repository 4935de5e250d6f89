"""nbgrader's converters, called from Python: settings, silence, and one sentence when they fail."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from course_utils import CourseError
from course_utils.feedback.plain import clean
from course_utils.grading.classroom import Classroom

OF_SQL = re.compile(r"^(?:[\w.]+: )?\(sqlite3\.\w+\) *")  # what stands before SQLite's own words


def require_nbgrader() -> None:
    """Raise CourseError if nbgrader is not installed."""
    try:
        import nbgrader  # noqa: F401
    except ModuleNotFoundError:
        raise CourseError(
            "Hand-outs and the gradebook need nbgrader: run `make setup` or "
            '`pip install -e ".[teach]"` in the folder of the course.'
        ) from None
    own = str(Path(sys.executable).parent)  # nbgrader calls `alembic` by name
    if own not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [own, os.environ.get("PATH")]))


def settings_of(classroom: Classroom, name: str):
    """nbgrader's settings for one set of a class."""
    from traitlets.config import Config

    settings = Config()
    settings.CourseDirectory.root = str(classroom.folder.absolute())
    settings.CourseDirectory.db_url = classroom.gradebook
    settings.CourseDirectory.assignment_id = name
    return settings


def course_of(settings):
    """nbgrader's picture of the class."""
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=settings)


class _Said(logging.Handler):
    """Keeps what nbgrader would print."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [line for line in record.getMessage().splitlines() if line.strip()]

    def reason(self, error: BaseException) -> str:
        """Why it failed: the last line of a logged traceback, as what is raised tells less."""
        named = re.compile(r"[\w.]+(Error|Exception|Interrupt)\b")
        told = [line for line in self.lines if named.match(line)]
        said = OF_SQL.sub("", (told or self.lines or [str(error)])[-1].strip())
        return clean(said, 300).rstrip(".")


def quiet(said: logging.Handler | None = None) -> logging.Logger:
    """A log that prints nothing."""
    log = logging.Logger("course.nbgrader")
    log.addHandler(said or logging.NullHandler())
    return log


def start(converter, what: str) -> None:
    """Run one of nbgrader's converters; raises CourseError with its reason if it fails."""
    said = _Said()
    converter.log = quiet(said)
    try:
        converter.start()
    except (Exception, SystemExit) as error:
        raise CourseError(f"nbgrader could not {what}: {said.reason(error)}.") from None


@contextlib.contextmanager
def books(classroom: Classroom) -> Iterator:
    """nbgrader's gradebook, open. Raises CourseError if it cannot be read or written."""
    from nbgrader import api
    from sqlalchemy.exc import DatabaseError

    log = api.app_log
    before, log.disabled = log.disabled, True  # it would print a traceback
    try:
        with api.Gradebook(classroom.gradebook) as book:
            yield book
    except (DatabaseError, api.InvalidEntry) as error:
        said = clean(OF_SQL.sub("", str(error).splitlines()[0]), 200).rstrip(".")
        raise CourseError(
            f"{classroom.folder / 'gradebook.db'} cannot be used ({said}): end other programs that "
            "use it, make room on the disk, or take the file from a copy; then repeat the command, "
            "which knows all marks of code."
        ) from None
    finally:
        log.disabled = before
