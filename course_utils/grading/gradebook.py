"""nbgrader's part: hand-outs, the gradebook, pages of feedback, the table of all marks."""

from __future__ import annotations

import copy
import logging
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from course_utils import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.marking import Marks
from course_utils.grading.sets import ProblemSet, marked, text_of
from course_utils.grading.submission import Submission
from course_utils.grading.variants import fill_in

NOT_HANDED_OUT = {"solution-only", "starter"}


def require_nbgrader() -> None:
    """Raise CourseError if nbgrader is not installed."""
    try:
        import nbgrader  # noqa: F401
    except ModuleNotFoundError:
        raise CourseError(
            'Hand-outs and the gradebook need nbgrader: pip install "carousel-course[teach]".'
        ) from None
    own = str(Path(sys.executable).parent)  # nbgrader calls `alembic` by name
    if own not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, [own, os.environ.get("PATH")]))


def release(classroom: Classroom, one: ProblemSet) -> Path:
    """Let nbgrader make the hand-out of a set and enter it into the gradebook."""
    require_nbgrader()
    import nbformat
    from nbgrader import preprocessors as steps
    from nbgrader.converters import GenerateAssignment

    class Clear(steps.ClearSolutions):
        """Solutions go; where the set has a start to be mended, it takes their place."""

        def preprocess_cell(self, cell, resources, index):
            start = cell.metadata.pop("starter", None)
            cell, resources = super().preprocess_cell(cell, resources, index)
            if start is not None:
                cell.source = start
            return cell, resources

    source = classroom.folder / "source" / one.name / f"{one.name}.ipynb"
    source.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.from_dict({**one.notebook, "cells": handed_out(one.notebook)})
    nbformat.write(notebook, source)
    settings = _settings(classroom, one.name)
    settings.ClearSolutions.code_stub = {"python": "...  # your code here"}
    converter = GenerateAssignment(coursedir=_course(settings), config=settings, force=True)
    converter.preprocessors = [
        steps.LockCells,
        Clear,
        steps.ClearOutput,
        steps.CheckCellMetadata,
        steps.ComputeChecksums,
        steps.SaveCells,
    ]
    _start(converter, f"hand out {one.name}")
    return classroom.folder / "release" / one.name / f"{one.name}.ipynb"


def release_variants(classroom: Classroom, one: ProblemSet, learners: Iterable[str]) -> int:
    """A hand-out for each learner, with the variants that are theirs."""
    base = classroom.folder / "release" / one.name / f"{one.name}.ipynb"
    text, count = base.read_text(encoding="utf-8"), 0
    for learner in learners:
        own = base.parent / learner / base.name
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(fill_in(text, one.values(classroom.secret(), learner)), encoding="utf-8")
        count += 1
    return count


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


def enter(
    classroom: Classroom, one: ProblemSet, results: Iterable[tuple[Marks, Submission | None]]
) -> None:
    """Write marks and comments into the gradebook, and the notebooks that nbgrader shows.

    Marks that a human has given stay as they are.
    """
    import warnings

    import nbformat
    from nbgrader.api import Gradebook

    warnings.filterwarnings("ignore", module="nbgrader")  # SQLAlchemy on nbgrader's queries
    released = nbformat.read(
        classroom.folder / "release" / one.name / f"{one.name}.ipynb", as_version=4
    )
    with Gradebook(classroom.gradebook) as book:
        for marks, submission in results:
            book.update_or_create_student(marks.learner)
            book.update_or_create_submission(one.name, marks.learner)
            page = book.find_submission_notebook(one.name, one.name, marks.learner)
            grades = {grade.name: grade for grade in page.grades}
            comments = {comment.name: comment for comment in page.comments}
            for mark in marks.marks:
                grade = grades[one.grade_cell(mark.problem)]
                grade.auto_score = mark.points
                grade.needs_manual_grade = grade.manual_score is not None
                comments[mark.problem].auto_comment = harmless(mark.message)
            shown = as_handed_in(released, one, classroom, marks.learner, submission)
            for cell in shown.cells:
                name = marked(cell).get("grade_id")
                if cell.cell_type == "markdown" and name in grades:
                    untouched = not (submission and submission.written.get(name))
                    grades[name].auto_score = 0.0 if untouched else None
                    grades[name].needs_manual_grade = not untouched
            book.db.commit()
            path = classroom.folder / "autograded" / marks.learner / one.name / f"{one.name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(shown, path)


def as_handed_in(released, one: ProblemSet, classroom: Classroom, learner: str, submission):
    """The hand-out with the learner's answers in it, and nothing else of theirs."""
    shown = copy.deepcopy(released)
    values = one.values(classroom.secret(), learner)
    for cell in shown.cells:
        name = marked(cell).get("grade_id")
        cell.source = fill_in(cell.source, values)
        if submission and name in submission.answers and cell.cell_type == "code":
            cell.source = "\n\n".join(submission.answers[name])
        if submission and name in submission.written and cell.cell_type == "markdown":
            cell.source = harmless("\n\n".join(submission.written[name]))
    return shown


def harmless(text: str) -> str:
    """A learner's text for a page that a teacher opens: no HTML in it is HTML."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)


def feedback(classroom: Classroom, name: str, learners: Iterable[str]) -> None:
    """Let nbgrader write the learners' pages, feedback/LEARNER/SET/SET.html, in parallel."""
    require_nbgrader()
    from joblib import Parallel, delayed

    everyone = sorted(learners)
    chunks = [everyone[start::8] for start in range(8)]
    Parallel(n_jobs=-1 if len(everyone) > 8 else 1)(
        delayed(_pages)(classroom, name, chunk) for chunk in chunks if chunk
    )


def _pages(classroom: Classroom, name: str, learners: list[str]) -> None:
    from nbgrader.converters import GenerateFeedback

    for learner in learners:
        settings = _settings(classroom, name)
        settings.CourseDirectory.student_id = learner
        converter = GenerateFeedback(coursedir=_course(settings), config=settings, force=True)
        _start(converter, f"write the feedback of {learner}")


def export(classroom: Classroom) -> Path:
    """Let nbgrader write grades.csv: the sum of each learner and set, human marks included."""
    require_nbgrader()
    from nbgrader.api import Gradebook
    from nbgrader.plugins import CsvExportPlugin

    path = classroom.folder / "grades.csv"
    plugin = CsvExportPlugin(to=str(path))
    plugin.log = _quiet()
    with Gradebook(classroom.gradebook) as book:
        plugin.export(book)
    return path


def _settings(classroom: Classroom, name: str):
    from traitlets.config import Config

    settings = Config()
    settings.CourseDirectory.root = str(classroom.folder.absolute())
    settings.CourseDirectory.db_url = classroom.gradebook
    settings.CourseDirectory.assignment_id = name
    return settings


def _course(settings):
    from nbgrader.coursedir import CourseDirectory

    return CourseDirectory(config=settings)


def _quiet() -> logging.Logger:
    log = logging.getLogger("course.nbgrader")
    log.setLevel(logging.CRITICAL)
    return log


def _start(converter, what: str) -> None:
    """Run one of nbgrader's converters; Raises CourseError with its reason if it fails."""
    converter.log = _quiet()
    try:
        converter.start()
    except (Exception, SystemExit) as error:
        raise CourseError(f"nbgrader could not {what}: {error}.") from None
