"""What lies in a folder or a zip, and its content as bytes; nothing is followed or unpacked."""

from __future__ import annotations

import io
import stat
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course_utils.delivery.grading.classroom import Classroom, ClassroomError
from course_utils.delivery.grading.names import NOTEBOOK, printable
from course_utils.delivery.grading.safely_read import entries, read_below
from course_utils.delivery.grading.submission import LARGEST, MEGABYTE, NotReadable
from course_utils.delivery.grading.zipnames import names_of

MOST_LISTED = 500_000  # files in a folder, by name
MOST_FILES = 20_000  # that are read
MOST_BYTES = 2048 * MEGABYTE  # of one folder, or of one zip unpacked
MOST_INNER = 2_000  # files in a zip that a learner handed in
DEEPEST = 20  # folders inside each other
LEFT_ALONE = {"__MACOSX", "__pycache__", "node_modules"}
OF_THE_CLASS = (
    *("nbgrader_config.py", "gradebook.db", "grades.csv", "people.json"),
    *("due.toml", "origins.json", "regrades.csv"),
)
RECEIPTS = {"timestamp.txt", "submission_secret.txt"}  # nbgrader's


@dataclass(frozen=True, eq=False)
class Listed:
    """A file that was handed in: its place, in parts, and since when it is as it is."""

    parts: list[str]
    when: float
    inside: object = field(repr=False, default=None)  # where its bytes are

    @property
    def place(self) -> str:
        return "/".join(self.parts)

    @property
    def is_notebook(self) -> bool:
        return NOTEBOOK.search(self.parts[-1]) is not None

    @property
    def is_zip(self) -> bool:
        return self.parts[-1].lower().endswith(".zip")


class Source:
    """A folder, a zip or one notebook. `said` gets a line for all that is left out.

    Raises ClassroomError if it is none of these.
    """

    def __init__(self, path: Path, classroom: Classroom, said: list[str]):
        self.path, self.said, self.left = path, said, MOST_BYTES
        self.archive: zipfile.ZipFile | None = None
        if path.is_dir():
            own = path.resolve() == classroom.folder.resolve()
            skipped = (*classroom.OWN, *OF_THE_CLASS) if own else ()
            self.root, self.files = path, list(in_folder(path, skipped, said))
        elif path.is_file() and zipfile.is_zipfile(path):
            try:
                self.archive = zipfile.ZipFile(path)
            except Exception as error:
                raise ClassroomError(
                    f"{path} cannot be read ({printable(str(error))}): fetch it again."
                ) from None
            self.files = in_zip(self.archive, path.name, said)
        elif path.is_file() and NOTEBOOK.search(path.name):
            self.root, self.files = path.parent, [Listed([path.name], path.stat().st_mtime)]
        else:
            raise ClassroomError(f"{path} is no folder, zip or notebook of submissions.")

    def read(self, file: Listed) -> bytes:
        """The content of a file, as long as there is room for all together. Raises NotReadable."""
        if self.archive:
            content = read_entry(self.archive, file.inside, min(LARGEST, self.left))
        else:
            own = file.inside or file.parts
            content = read_below(self.root, own, LARGEST)
            if len(content) > self.left:
                raise NotReadable("It is too large, with all the others: left out.")
        self.left -= len(content)
        return content

    def peek(self, parts: list[str]) -> bytes:
        """The content of a file of the platform's own; b"" if it cannot be read."""
        for file in self.files:
            if file.parts == parts:
                try:
                    return self.read(file)
                except NotReadable:
                    return b""
        return b""

    def close(self) -> None:
        if self.archive:
            self.archive.close()


def in_folder(root: Path, skipped: tuple[str, ...], said: list[str]) -> Iterator[Listed]:
    """The files below a folder, in order; links are not followed, hidden folders not opened."""
    waiting: list[list[str]] = [[]]
    count = 0
    while waiting:
        current = waiting.pop()
        try:
            found = entries(root, current)
        except OSError as error:
            place = printable(str(root.joinpath(*current)))
            said.append(f"{place} cannot be read ({error.strerror}): left out.")
            continue
        inner = []
        for entry in found:
            parts = [*current, entry.name]
            if entry.kind == "folder":
                if len(parts) <= DEEPEST and not left_alone(entry.name) and (
                    current or entry.name not in skipped
                ):  # fmt: skip
                    inner.append(parts)
            elif hidden(entry.name) or (not current and entry.name in skipped):
                continue
            elif entry.kind == "link":
                said.append(f"{printable(str(root.joinpath(*parts)))} is a link: left out.")
            else:
                count += 1
                if count > MOST_LISTED:
                    raise ClassroomError(f"{root} holds more than {MOST_LISTED} files.")
                yield Listed([composed(part) for part in parts], entry.when, parts)
        waiting += reversed(inner)


def hidden(name: str) -> bool:
    """Whether a file is nobody's answer: hidden, macOS's "._" beside each file, a receipt."""
    return name.startswith(".") or name in RECEIPTS or name in ("Thumbs.db", "desktop.ini")


def left_alone(folder: str) -> bool:
    return folder.startswith(".") or folder in LEFT_ALONE


def composed(name: str) -> str:
    """A name with its accents as one letter each: macOS writes them as two."""
    return unicodedata.normalize("NFC", name)


def in_zip(archive: zipfile.ZipFile, shown: str, said: list[str]) -> list[Listed]:
    """The files in a zip that may be read."""
    found = archive.infolist()
    names, about = names_of(found)
    if about:
        said.append(f"{printable(shown)} {about}")
    listed = []
    for entry, name in zip(found, names):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        place = f"{printable(name)} in {printable(shown)}"
        if not parts or name.endswith(("/", "\\")):
            continue
        if ".." in parts or parts[0].startswith("/") or parts[0][1:2] == ":":
            said.append(f"{place} points outside of it: left out.")
        elif any(map(left_alone, parts[:-1])) or hidden(parts[-1]):
            continue
        elif stat.S_ISLNK(entry.external_attr >> 16):
            said.append(f"{place} is a link: left out.")
        else:
            listed.append(Listed([composed(part) for part in parts], moment(entry), entry))
    if len(listed) > MOST_LISTED:
        raise ClassroomError(f"{shown} holds more than {MOST_LISTED} files.")
    return listed


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int) -> bytes:
    """The bytes of a file in a zip. Raises NotReadable."""
    try:
        with archive.open(entry) as file:
            content = file.read(largest + 1)
    except Exception as error:  # whatever a damaged or hostile entry makes of zipfile
        why = printable(str(error)) or type(error).__name__
        raise NotReadable(f"It cannot be read ({why}): left out.") from None
    if len(content) > largest:
        raise NotReadable("It is too large: left out.")
    return content


def notebooks_in(outer: Listed, content: bytes) -> Iterator[tuple[Listed, bytes]]:
    """The notebooks in a zip that a learner handed in; a zip in it is not opened.

    Raises NotReadable if it is no zip, or holds more than a learner's work.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception:
        raise NotReadable("This is no zip that can be opened.") from None
    with archive:
        found = archive.infolist()
        if len(found) > MOST_INNER:
            raise NotReadable(f"This zip holds more than {MOST_INNER} files.")
        left = LARGEST
        for file in in_zip(archive, outer.parts[-1], []):
            if not file.is_notebook:
                continue
            inner = read_entry(archive, file.inside, left)
            left -= len(inner)
            yield Listed([*outer.parts, *file.parts], file.when), inner


def moment(entry: zipfile.ZipInfo) -> float:
    """When a file of a zip was written, 0 if that is no time."""
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
