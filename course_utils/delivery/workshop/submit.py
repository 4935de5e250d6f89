"""`course submit`: a learner of a hub hands in a problem set."""

from __future__ import annotations

import os
import re
from pathlib import Path

from course_utils import CourseError
from course_utils.files import write_atomically
from course_utils.workbook import Workbook

VARIABLE = "CAROUSEL_SUBMITTED"


class SubmitError(CourseError):
    """Why nothing was handed in and what to do about it, in one sentence."""


def submit(book: Workbook, exercise: str) -> str:
    """Copy the learner's file of a problem set to where the teacher finds it.

    Handing in again replaces what was handed in before.

    Returns:
        What to tell the learner.

    Raises:
        SubmitError: where no teacher collects, or if the file is not there.
    """
    name = book.find(f"exercises/{exercise.removeprefix('exercises/')}")
    path = book.folder / name
    if not path.is_file():
        raise SubmitError(f"{path} is not there: `course reset {name[:12]}` lays it again.")
    target = os.environ.get(VARIABLE)
    if not target:
        raise SubmitError(f"No teacher collects here: send your teacher the file {path}.")
    learner = os.environ.get("JUPYTERHUB_USER") or Path.home().name
    if not re.fullmatch(r"[\w.-]+", learner) or learner.startswith("."):
        raise SubmitError(f"{learner!r} cannot be the name of a folder: ask your teacher.")
    handed_in = Path(target, learner, Path(name).name)
    again = " again" if handed_in.exists() else ""
    write_atomically(handed_in, path.read_bytes())
    return f"Handed in{again}: {name}, as {learner}. Saved changes later? Hand it in once more."
