"""From a folder, a zip of a learning platform or single files to nbgrader's `submitted/`.

Nothing is followed, unpacked or believed: a notebook's set is told by the ids of its cells, its
learner by the names of file and folder (see `names`), and both are made harmless.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from course_utils.grading import origins
from course_utils.grading.classroom import Classroom, ClassroomError
from course_utils.grading.names import (
    common_folders,
    inner_names,
    learner_of,
    printable,
    told_apart,
)
from course_utils.grading.sources import Found, files
from course_utils.grading.submission import NotReadable, ids, read_file

MOST = 20  # lines about files of one kind


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
    laid: dict[tuple[str, str], Found] = {}
    with classroom.open().alone():
        for (learner, name), found in sorted(newest.items()):
            path = classroom.submitted / learner / name / f"{name}.ipynb"
            refused = lay(path, found, update)
            said += refused
            if not refused:
                laid[learner, name] = found
        origins.keep(classroom, source, laid)
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
