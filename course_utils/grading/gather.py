"""From a folder, a zip of a learning platform or single files to nbgrader's `submitted/`.

Nothing is followed, unpacked or believed: a notebook's set is told by the ids of its cells, its
learner by the names of file and folder, and both names are made harmless.
"""

from __future__ import annotations

import os
import re
import stat
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_utils.grading.classroom import Classroom, ClassroomError, as_name
from course_utils.grading.submission import LARGEST, MEGABYTE, NotReadable, ids, read_file

MOST_FILES = 20_000
MOST_BYTES = 2048 * MEGABYTE  # of one zip, unpacked
# Learning platforms add who and when to a name. Moodle: "Ada Lovelace_123_assignsubmission_file_";
# Canvas: "lovelaceada_LATE_123_456_"; nbgrader's own exchange: "ada_attempt_2026-..._".
PLATFORMS = (
    re.compile(r"^(?P<who>.+?)_\d+_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)$"),
    re.compile(r"^(?P<who>[^_]+)(?:_LATE)?_\d+_\d+_(?P<rest>.+)$"),
    re.compile(r"^(?P<who>.+?)_attempt_[\d-]+_?(?P<rest>.*)$"),
)


@dataclass(frozen=True)
class Found:
    """A file that was handed in: where from, by whom, when, and its bytes."""

    place: str
    learner: str
    when: float
    content: bytes


def gather(
    source: Path, classroom: Classroom, sets: dict[str, set[str]], update: bool
) -> list[str]:
    """Copy what was handed in into `submitted/LEARNER/SET/SET.ipynb`.

    Args:
        source: a folder of any depth, or a zip.
        classroom: where it goes.
        sets: the ids of the answer cells of each known set.
        update: whether a newer file takes the place of an earlier one.

    Returns:
        One line for everything the teacher should know.

    Raises:
        ClassroomError: if the source is neither.
    """
    said: list[str] = []
    newest: dict[tuple[str, str], Found] = {}
    for found in files(source, said):
        name = which_set(found, sets)
        if name is None:
            said.append(f"{found.place} belongs to no known set: left out.")
            continue
        before = newest.get((found.learner, name))
        if before:
            older = min(before, found, key=lambda one: (one.when, one.place))
            said.append(f"{found.learner} handed in {name} more than once: {older.place} left out.")
            found = found if older is before else before
        newest[found.learner, name] = found
    for (learner, name), found in sorted(newest.items()):
        said += lay(classroom.submitted / learner / name / f"{name}.ipynb", found, update)
    count = len({learner for learner, _ in newest})
    return [*said, f"{len(newest)} notebooks of {count} learners in {classroom.submitted}."]


def files(source: Path, said: list[str]) -> Iterator[Found]:
    """Every notebook in a folder or a zip; what is left out is said."""
    if source.is_dir():
        yield from in_folder(source, said)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from in_zip(source, said)
    else:
        raise ClassroomError(f"{source} is neither a folder nor a zip of submissions.")


def in_folder(source: Path, said: list[str]) -> Iterator[Found]:
    for path in walk(source, said):
        try:
            content = read_file(path)
        except NotReadable as why:
            said.append(f"{path}: {why}")
            continue
        place = path.relative_to(source).as_posix()
        yield Found(place, learner_of(place), path.lstat().st_mtime, content)


def walk(folder: Path, said: list[str]) -> Iterator[Path]:
    """The notebooks below a folder, in order; links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_symlink():
            said.append(f"{entry.path} is a link: left out.")
        elif entry.is_dir(follow_symlinks=False):
            if entry.name != ".ipynb_checkpoints":
                yield from walk(Path(entry.path), said)
        elif entry.name.endswith(".ipynb"):
            yield Path(entry.path)


def in_zip(source: Path, said: list[str]) -> Iterator[Found]:
    left = MOST_BYTES
    with zipfile.ZipFile(source) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise ClassroomError(f"{source} holds {len(entries)} files: {MOST_FILES} are the most.")
        for entry in entries:
            name = entry.filename
            parts = PurePosixPath(name.replace("\\", "/")).parts
            hidden = any(part in ("__MACOSX", ".ipynb_checkpoints") for part in parts)
            if entry.is_dir() or hidden or not name.endswith(".ipynb"):
                continue
            if ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
                said.append(f"{name[:100]!r} in {source.name} points outside of it: left out.")
                continue
            if stat.S_ISLNK(entry.external_attr >> 16):
                said.append(f"{name[:100]!r} in {source.name} is a link: left out.")
                continue
            try:
                with archive.open(entry) as file:
                    content = file.read(min(LARGEST, left) + 1)
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError) as e:
                said.append(f"{name[:100]!r} in {source.name} cannot be read ({e}): left out.")
                continue
            left -= len(content)
            if len(content) > LARGEST or left < 0:
                said.append(f"{name[:100]!r} in {source.name} is too large: left out.")
                left = max(left, 0)
                continue
            yield Found("/".join(parts), learner_of("/".join(parts)), moment(entry), content)


def moment(entry: zipfile.ZipInfo) -> float:
    """When a file of a zip was written, 0 if that is no time."""
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def learner_of(place: str) -> str:
    """The learner's name from a path inside what was handed in.

    A folder of the learner's own counts before the file's name; the parts that platforms and
    sets put into the name are taken off.
    """
    *folders, name = place.split("/")
    stem = name.removesuffix(".ipynb")
    for text in [*reversed(folders), stem]:
        for pattern in PLATFORMS:
            if match := pattern.match(text):
                return as_name(match["who"])
    candidates = [*folders, stem] if folders else [stem]
    named = [text for text in candidates if not SET_NAME.match(text)]
    if named:
        return as_name(SET_IN_NAME.sub("", named[0]))
    return as_name(candidates[-1])


SET_NAME = re.compile(r"^(submitted|submissions?|exercises?|\d\d_\w+)$", re.IGNORECASE)
SET_IN_NAME = re.compile(r"(^\d\d_[a-z_]+_(?=[^_]+$))|([_-]\d\d(_\w*)?$)")


def which_set(found: Found, sets: dict[str, set[str]]) -> str | None:
    """The set whose answer cells are in a notebook; if none are, the one that its path names."""
    present = ids(found.content)
    counts = {name: len(present & known) for name, known in sets.items()}
    best = max(counts, key=counts.get)
    if counts[best]:
        return best
    named = [name for name in sets if name in found.place]
    return named[0] if len(named) == 1 else None


def lay(path: Path, found: Found, update: bool) -> list[str]:
    """Write one file; one that is there and differs is kept unless `update`."""
    if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
        return [f"{path} is a link: {found.place} left out."]
    if path.exists():
        if path.read_bytes() == found.content:
            return []
        if not update:
            return [f"{path.parent} holds another version: --update takes {found.place} instead."]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(found.content)
    os.utime(fresh, (found.when, found.when))
    fresh.replace(path)
    return []
