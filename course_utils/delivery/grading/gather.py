"""From a folder, a zip of a learning platform or single files to nbgrader's `submitted/`.

Nothing is followed, unpacked or believed: a notebook's set is told by the ids of its cells (see
`versions`), its learner by what a platform or the teacher has named (see `whose`), and both are
made harmless.
"""

from __future__ import annotations

import errno
from pathlib import Path

from course_utils.delivery.grading import origins
from course_utils.delivery.grading.batch import Batch, person
from course_utils.delivery.grading.classroom import Classroom, ClassroomError
from course_utils.delivery.grading.material import Material
from course_utils.delivery.grading.names import printable
from course_utils.delivery.grading.register import Register
from course_utils.delivery.grading.roster import Roster
from course_utils.delivery.grading.safely_read import read_below, write_below
from course_utils.delivery.grading.sources import Source
from course_utils.delivery.grading.submission import NotReadable
from course_utils.delivery.grading.versions import Version


def gather(
    source: Path,
    classroom: Classroom,
    sets: dict[str, Material],
    update: bool,
    layout: str | None = None,
    roster: Roster | None = None,
) -> list[str]:
    """Copy what was handed in into `submitted/LEARNER/SET/SET.ipynb`.

    Args:
        source: a folder of any depth, a zip, or one notebook.
        classroom: where it goes; it is made if there is anything to go there.
        sets: what the course has of each known set.
        update: whether a newer file takes the place of an earlier one.
        layout: how names are to be read (see `whose`); None looks for what fits.
        roster: who there is.

    Returns:
        One line for everything the teacher should know.

    Raises:
        ClassroomError: if the source is none of these, or if there is no notebook of a set in it.
    """
    said: list[str] = []
    register = Register.load(classroom.folder)

    def known(name: str) -> bool:
        return register.knows(name) or (roster is not None and roster.knows(name))

    batch = Batch(Source(source, classroom, said), sets, said)
    try:
        whose = batch.whose(layout, known)
        batch.read(whose)
    finally:
        batch.source.close()
    if not batch.versions:
        unread = [f"{printable(file.place)}: {why}" for file, why in batch.whys.items()]
        raise ClassroomError(" ".join([*said[:5], *unread[:5], nothing_in(source, batch, sets)]))
    claims = batch.claims(whose)
    said += whose.said
    people = list(dict.fromkeys(map(person, claims.values())))
    laid: dict[tuple[str, str], Version] = {}
    with classroom.open().alone():
        register = Register.load(classroom.folder)
        rows, about_names = register.assign(people, batch.assignment, roster)
        said += about_names
        chosen = batch.choose(claims, rows)
        if roster:
            register.expected = list(roster.rows)
        batch.note_instead(claims, rows, chosen, register)
        register.save(classroom.folder)  # first, so that whoever is laid keeps their row
        for (row, name), version in sorted(chosen.items()):
            refused = lay(classroom, row, name, version, update)
            said += refused
            if not refused:
                laid[row, name] = version
        origins.keep(classroom, source, laid)
    count = len({row for row, _ in chosen})
    notebooks = f"{len(chosen)} notebook{'s'[: len(chosen) != 1]}"
    return [*said, f"{notebooks} of {count} learner{'s'[: count != 1]} in {source}."]


def nothing_in(source: Path, batch: Batch, sets: dict[str, Material]) -> str:
    other = [printable(file.place) for file in batch.files if not file.is_notebook]
    if other and len(other) == len(batch.files):
        more = f" and {len(other) - 5} more" if len(other) > 5 else ""
        return (
            f"There is no notebook in {source}, but {', '.join(other[:5])}{more}: ask for the "
            "notebooks themselves, files that end in .ipynb."
        )
    if any(file.is_notebook for file in batch.files):
        return f"No notebook in {source} belongs to a known set ({', '.join(sets)})."
    return (
        f"There is no notebook in {source}: name the folder or the zip with what learners handed "
        "in, files that end in .ipynb."
    )


def lay(classroom: Classroom, row: str, name: str, version: Version, update: bool) -> list[str]:
    """Write one file; one that is there and differs is kept unless `update`.

    What is in its way costs this learner alone a file; a full disk stops everything.
    """
    place, parts = printable(version.file.place), [row, name, f"{name}.ipynb"]
    path = classroom.submitted.joinpath(*parts)
    try:
        classroom.submitted.mkdir(exist_ok=True)
        if path.exists() or path.is_symlink():
            if read_below(classroom.submitted, parts) == version.content:
                return []
            if not update:
                return [f"{path.parent} holds another version: --update takes {place} instead."]
        write_below(classroom.submitted, parts, version.content, version.file.when)
    except NotReadable as why:
        return [f"{path}: {why} {place} left out."]
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        return [f"{path} cannot be written ({error.strerror}): {place} left out."]
    return []
