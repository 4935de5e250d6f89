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
from course_utils.delivery.grading.classroom import Classroom
from course_utils.feedback.plain import clean
from course_utils.files import PART, sweep

OF_SQL = re.compile(r"^(?:[\w.]+: )?\(sqlite3\.\w+\) *")  # what stands before SQLite's own words


def require_nbgrader() -> None:
    """Raise CourseError if nbgrader is not installed."""
    # jsonschema's rules for web addresses, which no notebook needs: two seconds of every start.
    unwanted = "rfc3987_syntax"
    left_out = unwanted not in sys.modules
    if left_out:
        sys.modules[unwanted] = None
    try:
        import nbgrader  # noqa: F401
    except ModuleNotFoundError:
        raise CourseError(
            "Hand-outs and the gradebook need nbgrader: run `make setup` or "
            '`pip install -e ".[teach]"` in the folder of the course.'
        ) from None
    finally:
        if left_out:
            del sys.modules[unwanted]


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
        with _no_tracebacks():
            converter.start()
    except (Exception, SystemExit) as error:
        raise CourseError(f"nbgrader could not {what}: {said.reason(error)}.") from None


def make_books(classroom: Classroom) -> None:
    """Make nbgrader's gradebook if there is none: whole, with the version that nbgrader notes.

    nbgrader would start itself once more, in another process, only to ask for that version.
    """
    path = classroom.folder / "gradebook.db"
    if path.exists():
        return
    import nbgrader
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader import api

    fresh = path.with_name(f".{path.name}-fresh{PART}")
    sweep(path.parent)  # nor may its journal stay, which would be played into the new one
    settings = Config()
    settings.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    version = ScriptDirectory.from_config(settings).get_current_head()
    before, api.get_alembic_version = api.get_alembic_version, lambda: version
    try:
        with _telling(classroom), api.Gradebook(f"sqlite:///{fresh.absolute()}"):
            pass
    finally:
        api.get_alembic_version = before
    os.replace(fresh, path)


@contextlib.contextmanager
def books(classroom: Classroom) -> Iterator:
    """nbgrader's gradebook, open. Raises CourseError if it cannot be read or written."""
    from nbgrader import api

    make_books(classroom)
    with _telling(classroom), api.Gradebook(classroom.gradebook) as book:
        yield book


@contextlib.contextmanager
def _telling(classroom: Classroom) -> Iterator[None]:
    """Turn what a gradebook raises into one sentence, and nbgrader's own traceback into none."""
    from nbgrader import api
    from sqlalchemy.exc import DatabaseError

    try:
        with _no_tracebacks():
            yield
    except (DatabaseError, api.InvalidEntry) as error:
        said = clean(OF_SQL.sub("", str(error).splitlines()[0]), 200).rstrip(".")
        raise CourseError(
            f"{classroom.folder / 'gradebook.db'} cannot be used ({said}): end other programs that "
            "use it, make room on the disk, or take the file from a copy; then repeat the command, "
            "which knows all marks of code."
        ) from None


@contextlib.contextmanager
def _no_tracebacks() -> Iterator[None]:
    """Of what is raised anyway, nbgrader's gradebook prints the traceback as well."""
    from nbgrader import api

    log = api.app_log
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
