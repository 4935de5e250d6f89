"""From a folder, a zip of a learning platform or single files to nbgrader's `submitted/`.

Nothing is followed, unpacked or believed: a notebook's set is told by the ids of its cells, its
learner by the names of file and folder (see `names`), and both are made harmless.
"""

from __future__ import annotations

import errno
import os
import stat
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course_utils.grading.classroom import Classroom, ClassroomError
from course_utils.grading.names import (
    common_folders,
    inner_names,
    learner_of,
    printable,
    told_apart,
)
from course_utils.grading.submission import LARGEST, MEGABYTE, NotReadable, ids, read_file

MOST_FILES = 20_000
MOST_BYTES = 2048 * MEGABYTE  # of one folder, or of one zip unpacked
DEEPEST = 20  # folders inside each other
MOST = 20  # lines about files of one kind
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
    of_sets = [(found, name) for found in everything if (name := which_set(found, sets))]
    known = {found.place for found, _ in of_sets}
    unknown = [found.place for found in everything if found.place not in known]
    said += [f"{printable(place)} belongs to no known set: left out." for place in unknown[:MOST]]
    if len(unknown) > MOST:
        said.append(f"{len(unknown) - MOST} more notebooks belong to no known set: left out.")
    learners, about_names = learners_of(of_sets, [found.place for found in everything])
    said += about_names
    newest: dict[tuple[str, str], Found] = {}
    older: dict[tuple[str, str], list[str]] = {}
    for found, name in sorted(of_sets, key=lambda one: (one[0].when, one[0].place)):
        key = learners[found.place], name
        if key in newest:
            older.setdefault(key, []).append(printable(newest[key].place))
        newest[key] = found
    said += [
        f"{learner} handed in {name} more than once: {', '.join(places[:3])}"
        f"{f' and {len(places) - 3} more' if len(places) > 3 else ''} left out."
        for (learner, name), places in older.items()
    ]
    if not newest:
        raise ClassroomError(" ".join([*said[:5], nothing_in(source, everything, sets)]))
    with classroom.open().alone():
        for (learner, name), found in sorted(newest.items()):
            said += lay(classroom.submitted / learner / name / f"{name}.ipynb", found, update)
    count = len({learner for learner, _ in newest})
    notebooks = f"{len(newest)} notebook{'s'[: len(newest) != 1]}"
    return [*said, f"{notebooks} of {count} learner{'s'[: count != 1]} in {source}."]


def learners_of(
    of_sets: list[tuple[Found, str]], places: list[str]
) -> tuple[dict[str, str], list[str]]:
    """The learner of each place, and what there is to say of their names."""
    common = common_folders(places)
    inner = inner_names([found.place for found, _ in of_sets], common)
    learners: dict[str, str] = {}
    said: list[str] = []
    for one in sorted({name for _, name in of_sets}):
        there = [found.place for found, name in of_sets if name == one]
        told = told_apart({place: learner_of(place, one, common, inner) for place in there})
        learners |= told[0]
        said += told[1]
    return learners, list(dict.fromkeys(said))


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
            content = read_file(path)
        except NotReadable as why:
            said.append(f"{printable(place)}: {why}")
            continue
        if len(content) > left:
            said.append(f"{printable(place)} is too large, with all the others: left out.")
            continue
        left -= len(content)
        yield Found(place, when(path), content)


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
    """Write one file; one that is there and differs is kept unless `update`.

    What is in its way costs this learner alone a file; a full disk stops everything.
    """
    place = printable(found.place)
    if path.is_symlink() or path.parent.is_symlink() or path.parent.parent.is_symlink():
        return [f"{path} is a link: {place} left out."]
    try:
        if path.exists() or path.is_symlink():
            if read_file(path) == found.content:
                return []
            if not update:
                return [f"{path.parent} holds another version: --update takes {place} instead."]
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, found)
    except NotReadable as why:
        return [f"{path}: {why} {place} left out."]
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        return [f"{path} cannot be written ({error.strerror}): {place} left out."]
    return []


def write(path: Path, found: Found) -> None:
    """Put the file into its place when it is whole; no link that lies there is followed."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(fresh, "xb") as file:
        file.write(found.content)
    os.utime(fresh, (found.when, found.when))
    fresh.replace(path)
