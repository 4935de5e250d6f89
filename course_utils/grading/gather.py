"""From a folder, a zip of a learning platform or single files to nbgrader's `submitted/`.

Nothing is followed, unpacked or believed: a notebook's set is told by the ids of its cells, its
learner by the names of file and folder (see `names`), and both are made harmless.
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
from course_utils.grading.names import common_folders, learner_of, printable
from course_utils.grading.submission import LARGEST, MEGABYTE, NotReadable, ids, read_file

MOST_FILES = 20_000
MOST_BYTES = 2048 * MEGABYTE  # of one folder, or of one zip unpacked
DEEPEST = 20  # folders inside each other
LEFT_ALONE = {"__MACOSX", "__pycache__", "node_modules"}


@dataclass(frozen=True)
class Found:
    """A file that was handed in: where it was, since when, and its bytes."""

    place: str
    when: float
    content: bytes


def gather(
    source: Path, classroom: Classroom, sets: dict[str, set[str]], update: bool
) -> list[str]:
    """Copy what was handed in into `submitted/LEARNER/SET/SET.ipynb`.

    Args:
        source: a folder of any depth, a zip, or one notebook.
        classroom: where it goes; it is made if there is anything to go there.
        sets: the ids of the answer cells of each known set.
        update: whether a newer file takes the place of an earlier one.

    Returns:
        One line for everything the teacher should know.

    Raises:
        ClassroomError: if the source is none of these, or if there is no notebook of a set in it.
    """
    said: list[str] = []
    everything = list(files(source, classroom, said))
    common = common_folders([found.place for found in everything])
    newest: dict[tuple[str, str], Found] = {}
    for found in everything:
        name = which_set(found, sets)
        if name is None:
            said.append(f"{printable(found.place)} belongs to no known set: left out.")
            continue
        learner = learner_of(found.place, name, common)
        before = newest.get((learner, name))
        if before:
            older = min(before, found, key=lambda one: (one.when, one.place))
            place = printable(older.place)
            said.append(f"{learner} handed in {name} more than once: {place} left out.")
            found = found if older is before else before
        newest[learner, name] = found
    if not newest:
        raise ClassroomError(" ".join([*said[:5], nothing_in(source, everything, sets)]))
    classroom.open()
    for (learner, name), found in sorted(newest.items()):
        said += lay(classroom.submitted / learner / name / f"{name}.ipynb", found, update)
    learners = len({learner for learner, _ in newest})
    notebooks = f"{len(newest)} notebook{'s'[: len(newest) != 1]}"
    return [*said, f"{notebooks} of {learners} learner{'s'[: learners != 1]} in {source}."]


def nothing_in(source: Path, everything: list[Found], sets: dict[str, set[str]]) -> str:
    if everything:
        return f"No notebook in {source} belongs to a known set ({', '.join(sets)})."
    return (
        f"There is no notebook in {source}: name the folder or the zip with what learners handed "
        "in, files that end in .ipynb."
    )


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
    yield from read_all(source, walk(source, skipped, said, others), said)


def read_all(source: Path, paths: Iterator[Path] | list[Path], said: list[str]) -> Iterator[Found]:
    left = MOST_BYTES
    for path in paths:
        place = path.relative_to(source).as_posix()
        try:
            content = read_file(path, min(LARGEST, left))
        except NotReadable as why:
            said.append(f"{printable(place)}: {why}")
            continue
        left -= len(content)
        yield Found(place, path.lstat().st_mtime, content)


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
                if count > MOST_FILES:
                    raise ClassroomError(f"{folder} holds more than {MOST_FILES} notebooks.")
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
        entries = archive.infolist()
        if len(entries) > MOST_FILES:
            raise ClassroomError(f"{source} holds {len(entries)} files: {MOST_FILES} are the most.")
        left = MOST_BYTES
        for entry in entries:
            parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
            hidden = any(part in LEFT_ALONE or part[:1] == "." != part[:2] for part in parts[:-1])
            if entry.is_dir() or not parts or (hidden and ".." not in parts):
                continue
            if not is_notebook(parts[-1], others):
                continue
            shown = f"{printable(entry.filename)} in {source.name}"
            if ".." in parts or parts[0].startswith("/") or parts[0][1:2] == ":":
                said.append(f"{shown} points outside of it: left out.")
                continue
            if stat.S_ISLNK(entry.external_attr >> 16):
                said.append(f"{shown} is a link: left out.")
                continue
            try:
                with archive.open(entry) as file:
                    content = file.read(min(LARGEST, left) + 1)
            except Exception as error:  # whatever a damaged or hostile entry makes of zipfile
                said.append(f"{shown} cannot be read ({printable(str(error))}): left out.")
                continue
            left = max(left - len(content), 0)
            if len(content) > LARGEST or not left:
                said.append(f"{shown} is too large: left out.")
                continue
            yield Found("/".join(parts), moment(entry), content)


def moment(entry: zipfile.ZipInfo) -> float:
    """When a file of a zip was written, 0 if that is no time."""
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


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
    place = printable(found.place)
    if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
        return [f"{path} is a link: {place} left out."]
    if path.exists():
        if path.read_bytes() == found.content:
            return []
        if not update:
            return [f"{path.parent} holds another version: --update takes {place} instead."]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(found.content)
    os.utime(fresh, (found.when, found.when))
    fresh.replace(path)
    return []
