"""The workbook: the learner's own copy of the lessons and exercises.

`lay` copies the course's notebooks into a folder that belongs to the learner and brings them up to
date later. A manifest there remembers the hash of every file as it was laid, which tells a file
that may be replaced (still as laid) from one that may not (changed by the learner): only what
stands in its cells counts, not what came out of them. Lessons are laid without outputs, so that no
prediction is given away. What a learner wrote is never overwritten and never deleted.
"""

import contextlib
import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import NoReturn

from course_utils import CourseError
from course_utils.files import write_atomically
from course_utils.language import MANIFEST, known, of_workbook, speaking, to_translate, translated
from course_utils.laying import (
    FOLDERS,
    cleared,
    hash_of,
    hash_with_outputs,
    in_few_words,
    is_beside,
    with_tag,
)
from course_utils.place import COURSE
from course_utils.translating import file_in

PROGRAMS = "notebooks/blank"  # what a lesson ends with, as a file: laid beside the lessons
PROGRESS = ".carousel-progress.json"  # beside the manifest
START = "START.md"  # the first page, written anew at each start (course_utils/delivery/start.py)
FORMAT = 2  # of the manifest; in 1 a hash was of a notebook's outputs, too


class WorkbookError(CourseError):
    """What is wrong with the workbook and what to do about it, in one sentence."""


@dataclass
class Entry:
    """What the manifest knows of one file of the course."""

    laid: str  # hash of the file as it was last laid under its own name
    offered: str  # hash of the newest version given to the learner, there or beside it

    def covers(self, present: str) -> bool:
        """Whether a file of this hash is the course's, not the learner's."""
        return present in (self.laid, self.offered)


@dataclass
class Workbook:
    """The workbook in `folder`, fed from `course`, the folder that holds the course; it remembers
    its `language`."""

    folder: Path
    course: Path = field(default_factory=lambda: COURSE)
    language: str = ""
    entries: dict[str, Entry] = field(default_factory=dict, init=False)
    messages: list[str] = field(default_factory=list, init=False)
    written: list[Path] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.folder = self.folder.expanduser().absolute()
        self._refuse_a_name_that_no_notebook_can_hold()
        self.language = known(self.language or of_workbook(self.folder))
        self._refuse_the_course_itself()

    # What the commands call

    def lay(self) -> list[str]:
        """Copy what is new, replace what the learner left as it was, put the rest beside it.

        Returns:
            One line for everything the learner should know: files updated, kept, or laid again.

        Raises:
            WorkbookError: if the folder cannot be used; OSError if it cannot be written. A file
            of the learner that cannot be read is left alone, and said to be.
        """
        sources = self.sources() | self.programs()
        with self._open_manifest():
            for name in sources:
                self._lay_one(name, self.fresh(name))
            for name in sorted(self.entries.keys() - sources.keys()):
                if not is_beside(name) and name != START:
                    del self.entries[name]
                    gone = to_translate("{name} is no longer part of the course; your copy stays.")
                    self._say(gone, name=name)
        return self.messages

    def reset(self, lesson: str) -> list[str]:
        """Lay a fresh copy of one lesson ("02") or exercise ("exercises/02"); keep the old one.

        Raises:
            WorkbookError: if there is no such lesson, or the folder cannot be used.
        """
        name = self.find(lesson)
        fresh = self.fresh(name)
        with self._open_manifest():
            path, entry, kept = self._path(name), self.entries.get(name), ""
            present = self._hash_present(name)
            if present and path.read_bytes() == fresh:
                self._say(to_translate("{name} is as the course has it: nothing to do."), name=name)
            elif present == hash_of(fresh):
                same = to_translate("{name} is as the course has it; its outputs are cleared.")
                self._say(same, name=name)
            elif present and entry and entry.covers(present):
                self._say(to_translate("{name} is updated; you had not changed it."), name=name)
            elif present:
                kept = self._free_name(name, f"kept-{date.today().isoformat()}")
                self._say(
                    to_translate("{name} is fresh again; your copy is now {kept}."),
                    name=name,
                    kept=kept,
                )
                path.rename(self._path(kept))
            else:
                again = to_translate("{name} is there again.")
                self._say(again if entry else to_translate("{name} is there."), name=name)
            try:
                self._write(name, fresh)
            except BaseException:
                if kept:
                    self._path(kept).rename(path)
                raise
            beside = self._path(with_tag(name, "new"))
            if beside.is_file() and beside.read_bytes() == fresh:
                beside.unlink()
        return self.messages

    def find(self, lesson: str) -> str:
        """The name of a lesson given by number ("2", "02", "exercises/02") or by its file's name.

        Raises:
            WorkbookError: if there is none; the message has the numbers that there are.
        """
        said = lesson.strip().replace("\\", "/").removesuffix(".ipynb")
        path = PurePosixPath(FOLDERS[0], said)
        if path.parent.name in FOLDERS:
            path = PurePosixPath(path.parent.name, path.name)
        names = list(self.sources())
        for name in names:
            number = path.name.isdigit() and name.startswith(f"{path.parent}/{path.name.zfill(2)}_")
            if number or name == f"{path}.ipynb":
                return name
        with speaking(self.language):
            there = in_few_words(names)
        self._refuse(
            to_translate("There is no lesson {lesson!r}; there are {names}."),
            lesson=lesson,
            names=there,
        )

    def fresh(self, name: str) -> bytes:
        """The content of a file as it is laid: the course's, without outputs."""
        content = cleared((self.course / name).read_bytes())
        return file_in(content, name, self.language, self.course)

    def lay_start(self, text: str) -> Path:
        """Write START.md; a page there that the learner has changed is kept beside it."""
        with self._open_manifest():
            entry, present = self.entries.get(START), self._hash_present(START)
            if present and not (entry and entry.covers(present)):
                kept = self._free_name(START, f"kept-{date.today().isoformat()}")
                self._path(START).rename(self._path(kept))
            self._write(START, text.encode())
        return self._path(START)

    def first(self) -> str:
        """The name of the lesson with the lowest number."""
        return next(iter(self.sources()))

    def sources(self) -> dict[str, Path]:
        """The course's notebooks by their name in the workbook, lessons first."""
        found = {
            path.relative_to(self.course).as_posix(): path
            for folder in FOLDERS
            for path in sorted((self.course / folder).glob("*.ipynb"))
        }
        if not found:
            raise WorkbookError(
                f"There are no notebooks in {self.course / FOLDERS[0]}: is this a whole clone of "
                "the course? In one, `course build` makes them."
            )
        return found

    def programs(self) -> dict[str, Path]:
        """The course's programs that need nothing of it, by their name in the workbook."""
        found = sorted((self.course / PROGRAMS).glob("[0-9][0-9]_*.py"))
        return {path.relative_to(self.course).as_posix(): path for path in found}

    # One file

    def _lay_one(self, name: str, fresh: bytes) -> None:
        entry, new = self.entries.get(name), hash_of(fresh)
        try:
            present = self._hash_present(name)
        except PermissionError as error:
            self._say(
                to_translate("{name} cannot be read ({reason}): it stays as it is."),
                name=name,
                reason=error.strerror,
            )
            return
        if present is None:
            self._write(name, fresh)
            if entry:
                self._say(to_translate("{name} was gone and is there again."), name=name)
        elif present == new:
            self.entries[name] = Entry(new, new)
        elif entry and entry.covers(present):
            self._write(name, fresh)
            self._say(to_translate("{name} is updated."), name=name)
        elif entry is None or entry.offered != new:
            beside = self._lay_beside(name, fresh)
            self.entries[name] = Entry(entry.laid if entry else "", new)
            self._say(
                to_translate("{name} has your changes and stays; the new version is {beside}."),
                name=name,
                beside=beside,
            )

    def _lay_beside(self, name: str, fresh: bytes) -> str:
        """Put `fresh` beside the learner's copy, over an earlier such file only if untouched."""
        beside = with_tag(name, "new")
        entry, present = self.entries.get(beside), self._hash_present(beside)
        if present and not (entry and entry.covers(present)):
            beside = self._free_name(name, "new")
        self._write(beside, fresh)
        return beside

    def _write(self, name: str, content: bytes) -> None:
        write_atomically(self._path(name), content)
        self.written.append(self._path(name))
        self.entries[name] = Entry(hash_of(content), hash_of(content))

    def _hash_present(self, name: str) -> str | None:
        path = self._path(name)
        if path.is_dir():
            self._refuse(
                to_translate("{path} is a folder where a lesson belongs: move it away."), path=path
            )
        return hash_of(path.read_bytes()) if path.exists() else None

    def _free_name(self, name: str, tag: str) -> str:
        candidate, count = with_tag(name, tag), 1
        while self._path(candidate).exists():
            count += 1
            candidate = with_tag(name, f"{tag}-{count}")
        return candidate

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _say(self, message: str, **values: object) -> None:
        with speaking(self.language):
            self.messages.append(translated(message, **values))

    def _refuse(self, message: str, **values: object) -> NoReturn:
        with speaking(self.language):
            said = translated(message, **values)
        raise WorkbookError(said)

    # The folder and its manifest

    def _subfolders(self) -> list[Path]:
        return [self.folder / name for name in FOLDERS]

    def _refuse_a_name_that_no_notebook_can_hold(self) -> None:
        try:
            str(self.folder).encode()
        except UnicodeEncodeError:
            shown = os.fsencode(self.folder).decode(errors="replace")
            raise WorkbookError(
                f"The name of {shown} is not in UTF-8, in which notebooks are served: rename the "
                "folder, or choose another workbook with --workbook."
            ) from None

    def _refuse_the_course_itself(self) -> None:
        course = self.course.resolve()
        own = [course / name for name in FOLDERS]
        used = [path.resolve() for path in (self.folder, *self._subfolders())]
        if used[0] == course or any(o in (path, *path.parents) for path in used for o in own):
            self._refuse(
                to_translate(
                    "{folder} holds the course itself: choose another folder for the workbook."
                ),
                folder=self.folder,
            )

    @contextlib.contextmanager
    def _open_manifest(self):
        """Read the manifest, and save it also when the work with it stops half-way."""
        for path in (self.folder, *self._subfolders()):
            if path.exists() and not path.is_dir():
                self._refuse(
                    to_translate(
                        "{path} is a file where a folder belongs: move it away, or choose another "
                        "workbook with --workbook."
                    ),
                    path=path,
                )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.messages, self.written = [], []
        self.entries = self._read_manifest()
        try:
            yield
        finally:
            entries = {name: vars(entry) for name, entry in sorted(self.entries.items())}
            kept = {"format": FORMAT, "language": self.language, "files": entries}
            text = json.dumps(kept, indent=1) + "\n"
            write_atomically(self.folder / MANIFEST, text.encode())

    def _read_manifest(self) -> dict[str, Entry]:
        path = self.folder / MANIFEST
        if not path.exists():
            return {}
        try:
            known = json.loads(path.read_bytes())
            found = {
                name: Entry(str(e["laid"]), str(e["offered"])) for name, e in known["files"].items()
            }
            return found if known.get("format") == FORMAT else self._of_format_1(found)
        except (ValueError, KeyError, TypeError, AttributeError):
            damaged = self._free_name(MANIFEST, "damaged")
            path.rename(self._path(damaged))
            self._say(
                to_translate(
                    "The list of laid files was damaged (now {damaged}): every file that differs "
                    "from the course counts as yours."
                ),
                damaged=damaged,
            )
            return {}

    def _of_format_1(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        """Entries whose hashes are of whole files; a file that is as it was laid stays so."""
        for name, entry in entries.items():
            path = self._path(name)
            if path.is_file() and (was := hash_with_outputs(path.read_bytes())):
                now = hash_of(path.read_bytes())
                entry.laid = now if entry.laid == was else entry.laid
                entry.offered = now if entry.offered == was else entry.offered
        return entries
