"""Hand-outs, which nbgrader makes of the teacher's notebook; of a varied set, one for each."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import (
    course_of,
    make_books,
    require_nbgrader,
    settings_of,
    start,
)
from course_utils.delivery.grading.sets import ProblemSet, marked, text_of
from course_utils.delivery.grading.variants import fill_in
from course_utils.files import write_atomically

NOT_HANDED_OUT = {"solution-only", "starter"}
TO_WRITE = "...  # your code here"  # both as in exercises/, which a test holds
TO_EXPLAIN = "*Write your answer here: double-click, replace this line, Shift+Enter.*"


def release(classroom: Classroom, one: ProblemSet) -> Path:
    """Let nbgrader make the hand-out of a set and enter it into the gradebook."""
    require_nbgrader()
    from nbgrader import preprocessors as steps
    from nbgrader.converters import GenerateAssignment

    class Clear(steps.ClearSolutions):
        """Solutions go; where the set has a start to be mended, it takes their place."""

        def preprocess_cell(self, cell, resources, index):
            beginning = cell.metadata.pop("starter", None)
            cell, resources = super().preprocess_cell(cell, resources, index)
            if beginning is not None:
                cell.source = beginning
            return cell, resources

    classroom.released(one.name).unlink(missing_ok=True)  # whoever is stopped here begins anew
    source = classroom.folder / "source" / one.name / f"{one.name}.ipynb"
    write_atomically(source, source_of(one).encode())
    make_books(classroom)
    settings = settings_of(classroom, one.name)
    settings.ClearSolutions.code_stub = {"python": TO_WRITE}
    settings.ClearSolutions.text_stub = TO_EXPLAIN
    converter = GenerateAssignment(coursedir=course_of(settings), config=settings, force=True)
    converter.preprocessors = [
        steps.LockCells,
        Clear,
        steps.ClearOutput,
        steps.CheckCellMetadata,
        steps.ComputeChecksums,
        steps.SaveCells,
    ]
    try:
        start(converter, f"hand out {one.name}")
    except CourseError as error:
        if "add or remove cells" not in str(error):
            raise
        raise CourseError(
            f"{one.name} has gained or lost tasks since answers were handed in, and nbgrader keeps "
            "no books of that: mark it in another class, named with --class."
        ) from None
    write_atomically(classroom.released(one.name), b"")
    return classroom.folder / "release" / one.name / f"{one.name}.ipynb"


def is_current(classroom: Classroom, one: ProblemSet) -> bool:
    """Whether the set was released as it is now, into a gradebook that is there."""
    source, handout = (
        classroom.folder / place / one.name / f"{one.name}.ipynb" for place in ("source", "release")
    )
    needed = (handout, source, classroom.folder / "gradebook.db", classroom.released(one.name))
    there = all(path.is_file() for path in needed)
    return there and source.read_bytes() == source_of(one).encode()


def source_of(one: ProblemSet) -> str:
    """The notebook that nbgrader gets, as text."""
    import nbformat

    notebook = nbformat.from_dict({**one.notebook, "cells": handed_out(one.notebook)})
    return nbformat.writes(notebook) + "\n"


def release_variants(classroom: Classroom, one: ProblemSet, learners: Iterable[str]) -> list[Path]:
    """A hand-out for each learner, with the variants that are theirs."""
    base = classroom.folder / "release" / one.name / f"{one.name}.ipynb"
    made = []
    for learner in learners:
        notebook = json.loads(base.read_text(encoding="utf-8"))
        values = one.values(classroom.secret(), learner)
        for cell in notebook["cells"]:
            cell["source"] = fill_in(text_of(cell), values)
        own = classroom.handouts(one.name) / learner / base.name
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
        write_atomically(own, text.encode())
        made.append(own)
    return made


def handed_out(notebook: dict) -> list[dict]:
    """The cells of a hand-out, with a starter's code noted in its answer cell."""
    kept, start = [], None
    for cell in copy.deepcopy(notebook["cells"]):
        tags = set(cell.get("metadata", {}).get("tags", []))
        if "starter" in tags:
            start = text_of(cell)
        if tags & NOT_HANDED_OUT:
            continue
        if start is not None and marked(cell).get("solution"):
            cell["metadata"]["starter"], start = start, None
        kept.append(cell)
    return kept
