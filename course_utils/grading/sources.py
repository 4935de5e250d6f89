"""The notebooks in a folder or a zip, read as bytes within bounds; nothing is followed or unpacked.

Who hands in more than there is room for keeps nobody else out: where a bound cuts, everybody's
first files come before anybody's second.
"""

from __future__ import annotations

import os
import stat
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_utils.grading.classroom import Classroom, ClassroomError
from course_utils.grading.names import common_folders, parts_of, printable
from course_utils.grading.submission import LARGEST, MEGABYTE, NotReadable, read_file

MOST_LISTED = 500_000  # notebooks in a folder, by name
MOST_FILES = 20_000  # that are read
MOST_BYTES = 2048 * MEGABYTE  # of one folder, or of one zip unpacked
DEEPEST = 20  # folders inside each other
LEFT_ALONE = {"__MACOSX", "__pycache__", "node_modules"}


@dataclass(frozen=True)
class Found:
    """A file that was handed in: where it was, since when, and its bytes."""

    place: str
    when: float
    content: bytes


def files(source: Path, classroom: Classroom, said: list[str]) -> Iterator[Found]:
    """Every notebook in a folder or a zip; what is left out is said."""
    others: Counter[str] = Counter()
    if source.is_dir():
        yield from in_folder(source, classroom, said, others)
    elif source.is_file() and zipfile.is_zipfile(source):
        yield from in_zip(source, said, others)
    elif source.is_file() and source.suffix == ".ipynb":
        yield from read_all(source.parent, [source], said)
    else:
        raise ClassroomError(f"{source} is no folder, zip or notebook of submissions.")
    if others:
        kinds = ", ".join(f"{count} {printable(kind)}" for kind, count in others.most_common(5))
        said.append(f"What is no notebook is left out: {kinds}.")


def in_folder(
    source: Path, classroom: Classroom, said: list[str], others: Counter
) -> Iterator[Found]:
    skipped = []
    if source.resolve() == classroom.folder.resolve():
        skipped = [classroom.folder / name for name in classroom.OWN]
    paths = list(walk(source, skipped, said, others))
    order = in_turn([path.relative_to(source).as_posix() for path in paths], said)
    yield from read_all(source, [paths[number] for number in order], said)


def read_all(source: Path, paths: list[Path], said: list[str]) -> Iterator[Found]:
    left = MOST_BYTES
    for path in paths:
        place = path.relative_to(source).as_posix()
        try:
            content = read_file(path)
        except NotReadable as why:
            said.append(f"{printable(place)}: {why}")
            continue
        if len(content) > left:
            said.append(f"{printable(place)} is too large, with all the others: left out.")
            continue
        left -= len(content)
        yield Found(place, when(path), content)


def in_turn(places: list[str], said: list[str]) -> list[int]:
    """The numbers of the places to read: the first of every folder, then the second of every one.

    A folder is here what stands first after the folders that all have in common.
    """
    common, taken = common_folders(places), Counter()
    ranks = []
    for place in places:
        own, stem = parts_of(place, common)
        taken[own[0] if own else f"{stem}/"] += 1
        ranks.append(taken[own[0] if own else f"{stem}/"])
    order = sorted(range(len(places)), key=lambda number: (ranks[number], number))
    if len(order) > MOST_FILES:
        said.append(
            f"There are {len(order)} notebooks, and {MOST_FILES} are the most that are read: the "
            "others of those who handed in many are left out."
        )
    return order[:MOST_FILES]


def when(path: Path) -> float:
    """When a file was written; 0 if it has gone meanwhile."""
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def walk(folder: Path, skipped: list[Path], said: list[str], others: Counter) -> Iterator[Path]:
    """The notebooks below a folder, in order; links are not followed, hidden folders not opened."""
    waiting, count = [(folder, 0)], 0
    while waiting:
        current, depth = waiting.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda one: one.name)
        except OSError as error:
            said.append(f"{printable(str(current))} cannot be read ({error.strerror}): left out.")
            continue
        inner = []
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink():
                said.append(f"{printable(entry.path)} is a link: left out.")
            elif entry.is_dir(follow_symlinks=False):
                hidden = entry.name.startswith(".") or entry.name in LEFT_ALONE or path in skipped
                if depth < DEEPEST and not hidden:
                    inner.append((path, depth + 1))
            elif is_notebook(entry.name, others):
                count += 1
                if count > MOST_LISTED:
                    raise ClassroomError(f"{folder} holds more than {MOST_LISTED} notebooks.")
                yield path
        waiting += reversed(inner)


def is_notebook(name: str, others: Counter) -> bool:
    """Whether a file is one by its name; if not, its kind is counted."""
    if name.lower().endswith(".ipynb"):
        return True
    if not name.startswith(".") and name not in ("timestamp.txt", "submission_secret.txt"):
        others[PurePosixPath(name).suffix[:20] or "without an ending"] += 1
    return False


def in_zip(source: Path, said: list[str], others: Counter) -> Iterator[Found]:
    try:
        archive = zipfile.ZipFile(source)
    except Exception as error:
        raise ClassroomError(f"{source} cannot be read ({error}): fetch it again.") from None
    with archive:
        entries = [
            (entry, place)
            for entry in archive.infolist()
            if (place := notebook_in(entry, source, said, others))
        ]
        left = MOST_BYTES
        for number in in_turn([place for _, place in entries], said):
            entry, place = entries[number]
            shown = f"{printable(entry.filename)} in {source.name}"
            try:
                with archive.open(entry) as file:
                    content = file.read(min(LARGEST, left) + 1)
            except Exception as error:  # whatever a damaged or hostile entry makes of zipfile
                said.append(f"{shown} cannot be read ({printable(str(error))}): left out.")
                continue
            if len(content) > min(LARGEST, left):
                said.append(f"{shown} is too large: left out.")
                continue
            left -= len(content)
            yield Found(place, moment(entry), content)


def notebook_in(entry: zipfile.ZipInfo, source: Path, said: list[str], others: Counter) -> str:
    """The place of an entry that is to be read as a notebook; "" for all others."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    hidden = any(part in LEFT_ALONE or part[:1] == "." != part[:2] for part in parts[:-1])
    if entry.is_dir() or not parts or (hidden and ".." not in parts):
        return ""
    if not is_notebook(parts[-1], others):
        return ""
    shown = f"{printable(entry.filename)} in {source.name}"
    if ".." in parts or parts[0].startswith("/") or parts[0][1:2] == ":":
        said.append(f"{shown} points outside of it: left out.")
        return ""
    if stat.S_ISLNK(entry.external_attr >> 16):
        said.append(f"{shown} is a link: left out.")
        return ""
    return "/".join(parts)


def moment(entry: zipfile.ZipInfo) -> float:
    """When a file of a zip was written, 0 if that is no time."""
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
