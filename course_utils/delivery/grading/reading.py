"""What is marked of a class: the notebook in `submitted/LEARNER/SET/`, read without any link."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from course_utils.delivery.grading.material import material_of
from course_utils.delivery.grading.names import NOTEBOOK, printable
from course_utils.delivery.grading.safely_read import entries, read_below
from course_utils.delivery.grading.sets import ProblemSet, marked
from course_utils.delivery.grading.sources import hidden
from course_utils.delivery.grading.submission import NotReadable, Submission, parse
from course_utils.delivery.grading.versions import SPARE

MOST_TRIED = 20  # notebooks in one folder


def read(submitted: Path, learner: str, one: ProblemSet) -> Submission:
    """The submission in a folder: the notebook with the set's name, or the one with its cells.

    Raises NotReadable.
    """
    answers = set(one.problems)
    written = {
        marked(cell)["grade_id"]
        for cell in one.notebook["cells"]
        if cell["cell_type"] == "markdown" and marked(cell).get("solution")
    }
    parts = [learner, one.name]
    try:
        there = [entry.name for entry in entries(submitted, parts) if not hidden(entry.name)]
    except OSError as error:
        raise NotReadable(f"The folder cannot be read ({error.strerror}).") from None
    names = sorted(filter(NOTEBOOK.search, there), key=lambda name: order(name, one.name))
    why = NotReadable(f"There is no notebook of {one.name}{in_place_of(there)}.")
    for name in names[:MOST_TRIED]:
        try:
            submission = parse(read_below(submitted, [*parts, name]), answers, written, one.traces)
        except NotReadable as error:
            why = error
            continue
        if submission.answers or submission.written:
            return submission
        why = NotReadable(f"The notebook has none of the answer cells of {one.name}.")
    raise why


def order(name: str, set_name: str) -> tuple:
    """The set's own name first, what was laid beside it last."""
    stem = NOTEBOOK.sub("", name)
    return stem != set_name, SPARE.search(stem) is not None, name


def in_place_of(names: list[str]) -> str:
    shown = ", ".join(map(printable, names[:3]))
    return f", but {shown}: ask for the file that ends in .ipynb" if shown else ""


def solved_by_the_course(one: ProblemSet, submissions: Mapping[str, Submission]) -> str:
    """A sentence that names those whose answers are all the course's own; "" if there are none."""
    material = material_of(one)
    same = [who for who, own in submissions.items() if material.is_solution(own.answers)]
    if not same:
        return ""
    shown = f"{', '.join(same[:20])}{' ...' * (len(same) > 20)}"
    return (
        f"All answers to {one.name} are those of the course's own solution, layout aside, from "
        f"{len(same)} learner{'s'[: len(same) != 1]}: {shown}."
    )
