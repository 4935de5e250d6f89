"""A teacher's folder of a class: nbgrader's layout, a secret, and what has been marked.

class/
  nbgrader_config.py   what nbgrader's own commands and pages need
  .carousel-secret     from which random inputs and variants are drawn
  .carousel-lock       held by the command that is at work
  due.toml             when sets are due, and what being late costs; the teacher's
  origins.json         where each file came from
  source/SET/          the teacher's notebook
  release/SET/         what learners get
  handouts/SET/LEARNER/   what they get instead if it differs from learner to learner
  submitted/LEARNER/SET/  what they handed in; never changed
  autograded/, feedback/, gradebook.db   nbgrader's
  marks/SET.jsonl      all marks that were ever given, a line each
  regrades.csv         marks that changed although the file did not
  marks/SET.csv, marks/SET.released      the last of them; a hand-out was made whole
  overview/SET.html, SET.csv             for the teacher's eyes alone
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import ClassVar

from course_utils import CourseError
from course_utils.delivery.grading.lock import locked
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.names import as_name, printable
from course_utils.files import sweep, write_atomically

CONFIG = """\
# Written by `course`: nbgrader's own commands work in this folder too. Marks of code come from
# `course grade`; `nbgrader autograde` would let the code of learners mark itself.
c = get_config()
c.CourseDirectory.course_id = {name!r}
c.Exchange.path_includes_course = True
"""
SECRET, LOCK = ".carousel-secret", ".carousel-lock"

WRITTEN = ("marks", "source/*", "release/*", "handouts/*/*", "autograded/*/*")  # by commands


class ClassroomError(CourseError):
    """What is wrong with a folder and what to do about it, in one sentence."""


@dataclass(frozen=True)
class Classroom:
    """The class in `folder`."""

    folder: Path
    OWN: ClassVar = tuple(
        [
            *("source", "release", "handouts", "submitted", "autograded", "feedback"),
            *("marks", "overview", "export"),
        ]
    )  # folders

    @property
    def submitted(self) -> Path:
        return self.folder / "submitted"

    @property
    def gradebook(self) -> str:
        """The address of nbgrader's gradebook."""
        return f"sqlite:///{(self.folder / 'gradebook.db').absolute()}"

    def open(self) -> Classroom:
        """Make what is not there yet.

        Raises ClassroomError if the folder cannot be a class.
        """
        if self.folder.exists() and not self.folder.is_dir():
            raise ClassroomError(f"{self.folder} is a file; a class needs a folder.")
        if (self.folder / "course_utils").is_dir():
            raise ClassroomError(
                f"{self.folder} is the course itself: run this in a folder of your own, or name "
                "one with --class."
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nbgrader_config.py"
        if not config.exists():
            text = CONFIG.format(name=as_name(self.folder.absolute().name))
            write_atomically(config, text.encode())
        return self

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other commands out of the class, which is there, as long as this one works in it.

        Raises ClassroomError if another is at work.
        """
        busy = ClassroomError(
            f"Another `course` command is at work in {self.folder.absolute()}: wait until it has "
            "finished, and repeat this one."
        )
        with locked(self.folder / LOCK, busy):
            sweep(self.folder)
            for folders in WRITTEN:
                for folder in self.folder.glob(folders):
                    sweep(folder)
            yield

    def secret(self) -> bytes:
        """The class's secret, made when it is first needed; who has it can foresee every input."""
        path = self.folder / SECRET
        if not path.exists():
            write_atomically(path, secrets.token_hex(32).encode() + b"\n", mode=0o600)
        found = path.read_bytes().strip()
        if len(found) < 32 or not found.isascii():
            raise ClassroomError(f"{path} is damaged: restore it from a copy.")
        return found

    def submissions(self, name: str) -> tuple[list[tuple[str, Path]], list[str]]:
        """Learners of a set with the folders of their notebooks, and what is left out and why."""
        found, said = [], []
        for folder in sorted(self.submitted.iterdir()) if self.submitted.is_dir() else []:
            own = folder / name
            if own.is_symlink() or folder.is_symlink():
                said.append(f"{printable(str(own))} is a link: left out.")
            elif own.is_dir() and folder.name != as_name(folder.name):
                said.append(
                    f"{printable(str(folder))} cannot be a learner's name: left out. Rename the "
                    f"folder, for example to {as_name(folder.name)}."
                )
            elif own.is_dir():
                found.append((folder.name, own))
        return found, said

    def handouts(self, name: str) -> Path:
        """Of learners' own; all of `release/` is what nbgrader gives to everyone."""
        return self.folder / "handouts" / name

    def handed_out(self, name: str) -> list[str]:
        """The learners for whom there is a hand-out of their own."""
        return sorted(path.parent.name for path in self.handouts(name).glob(f"*/{name}.ipynb"))

    def released(self, name: str) -> Path:
        """Is there once the hand-out of a set has been made whole."""
        return self.folder / "marks" / f"{name}.released"

    # What has been marked

    def log(self, name: str) -> Path:
        return self.folder / "marks" / f"{name}.jsonl"

    def marked(self, name: str) -> dict[str, Marks]:
        """The last marks of each learner, as far as the log can be read."""
        return {marks.learner: marks for marks, _ in self.noted(name)}

    def noted(self, name: str) -> Iterator[tuple[Marks, str]]:
        """All marks that were ever given in a set, and when, as far as the log can be read."""
        if not self.log(name).exists():
            return
        for line in self.log(name).read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                data = json.loads(line)
                when = data.pop("when", "")
                yield Marks.from_data(data), str(when)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # a line of a run that was cut off

    def note(self, marks: Marks) -> None:
        """Append marks to the log; what is written is not lost when the rest is stopped."""
        when = datetime.now(timezone.utc).isoformat(timespec="seconds")
        path = self.log(marks.set)
        path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({**marks.as_data(), "when": when}, ensure_ascii=True).encode() + b"\n"
        with open(path, "ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line  # a run was cut off
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
