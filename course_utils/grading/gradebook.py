"""nbgrader's gradebook: marks go in; pages of feedback and the table of all marks come out."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError
from course_utils.grading.classroom import Classroom
from course_utils.grading.converters import (
    books,
    course_of,
    quiet,
    require_nbgrader,
    settings_of,
    start,
)
from course_utils.grading.foreign import harmless, shown_as_text
from course_utils.grading.marking import Marks
from course_utils.grading.sets import ProblemSet, marked
from course_utils.grading.submission import NotReadable, Submission, read_file
from course_utils.grading.variants import fill_in, number

LONGEST_RECEIPT = 200  # bytes


@dataclass
class ByHand:
    """A learner's marks for answers in words; `waiting` is how many of them have none yet."""

    points: float = 0.0
    out_of: float = 0.0
    waiting: int = 0


def enter(
    classroom: Classroom, one: ProblemSet, results: Iterable[tuple[Marks, Submission | None]]
) -> dict[str, ByHand]:
    """Write marks and comments into the gradebook, and the notebooks that nbgrader shows.

    Marks that a human has given stay as they are; they are asked for again if the answer changed.
    Returns what humans have given each learner.
    """
    import warnings

    import nbformat

    warnings.filterwarnings("ignore", module="nbgrader")  # SQLAlchemy on nbgrader's queries
    released = nbformat.read(
        classroom.folder / "release" / one.name / f"{one.name}.ipynb", as_version=4
    )
    given = {marked(cell).get("grade_id"): cell.source.strip() for cell in released.cells}
    by_hand, secret = {}, classroom.secret()
    with books(classroom) as book:
        for marks, submission in results:
            folder = classroom.folder / "autograded" / marks.learner / one.name
            folder.mkdir(parents=True, exist_ok=True)
            shown = as_handed_in(released, one, classroom, marks.learner, submission)
            spare = f"{number(secret, 'receipt', one.name, marks.learner):x}"
            when = keep_receipt(classroom.submitted / marks.learner / one.name, folder, spare)
            book.update_or_create_student(marks.learner)
            book.update_or_create_submission(one.name, marks.learner, **when)
            page = book.find_submission_notebook(one.name, one.name, marks.learner)
            _enter_marks(page, one, marks)
            path = folder / f"{one.name}.ipynb"
            by_hand[marks.learner] = _ask_for_marks(page, shown, path, given)
            book.db.commit()
            fresh = path.with_suffix(".new")
            nbformat.write(shown, fresh)
            fresh.replace(path)
    return by_hand


def _enter_marks(page, one: ProblemSet, marks: Marks) -> None:
    grades = {grade.name: grade for grade in page.grades}
    comments = {comment.name: comment for comment in page.comments}
    for mark in marks.marks:
        grade = grades[one.grade_cell(mark.problem)]
        grade.auto_score = mark.points
        grade.needs_manual_grade = False
        comments[mark.problem].auto_comment = harmless(mark.message)


def _ask_for_marks(page, shown, path: Path, given: dict[str, str]) -> ByHand:
    """Note which answers in words a human has to mark: all that are new, or not what they were.

    `given` is what stands in the hand-out; who left it as it is gets no points for it.
    """
    old = {marked(cell).get("grade_id"): cell.source for cell in _cells_before(path)}
    grades, hand = {grade.name: grade for grade in page.grades}, ByHand()
    for cell in shown.cells:
        name = marked(cell).get("grade_id")
        if cell.cell_type != "markdown" or name not in grades:
            continue
        grade, there = grades[name], cell.source.strip() not in ("", given[name])
        grade.auto_score = None if there else 0.0
        changed = name in old and old[name] != cell.source
        grade.needs_manual_grade = there and (grade.manual_score is None or changed)
        hand.out_of += grade.max_score
        hand.points += grade.manual_score or 0.0
        hand.waiting += grade.needs_manual_grade
    return hand


def _cells_before(path: Path) -> list:
    """The cells of a notebook that an earlier marking wrote; none if it was not written whole."""
    import nbformat

    with contextlib.suppress(FileNotFoundError, ValueError):
        return nbformat.read(path, as_version=4).cells
    return []


def keep_receipt(submitted: Path, folder: Path, spare: str) -> dict:
    """Copy nbgrader's receipt of a submission to where it is looked for, and read its time.

    Without both files, readable, `nbgrader release_feedback` would stop at this learner: a time
    that is none is left empty, and `spare` stands for a secret that is not there.
    """
    told = {}
    for name in ("timestamp.txt", "submission_secret.txt"):
        content = ""
        with contextlib.suppress(NotReadable, UnicodeDecodeError):
            content = read_file(submitted / name, LONGEST_RECEIPT).decode("ascii").strip()
        if name == "timestamp.txt":
            told = _time_in(content)
            content = content if told else ""
        else:
            content = content or spare
        (folder / name).write_text(content, encoding="ascii")
    return told


def _time_in(content: str) -> dict:
    """The time of a receipt, as an argument of nbgrader's; {} if it is none."""
    import warnings

    from nbgrader.utils import parse_utc

    with warnings.catch_warnings(), contextlib.suppress(ArithmeticError, ValueError, TypeError):
        warnings.simplefilter("ignore")
        return {"timestamp": parse_utc(content)} if content else {}
    return {}


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
            words = "\n\n".join(submission.written[name])
            if words.strip() != cell.source.strip():  # else it is as it was handed out
                cell.source = shown_as_text(words) if words.strip() else ""
    return shown


def feedback(classroom: Classroom, name: str, learners: Iterable[str]) -> list[str]:
    """Let nbgrader write the learners' pages, feedback/LEARNER/SET/SET.html, in parallel.

    Returns a sentence for each that could not be written.
    """
    require_nbgrader()
    from joblib import Parallel, delayed

    from course_utils.interpreter import isolate_pools

    isolate_pools()
    everyone = sorted(learners)
    chunks = [everyone[start::8] for start in range(8)]
    failed = Parallel(n_jobs=-1 if len(everyone) > 8 else 1)(
        delayed(_pages)(classroom, name, chunk) for chunk in chunks if chunk
    )
    return [sentence for sentences in failed for sentence in sentences]


def _pages(classroom: Classroom, name: str, learners: list[str]) -> list[str]:
    """Write these learners' pages; the reasons why one could not be written."""
    from nbgrader.converters import GenerateFeedback

    from course_utils.grading import pages

    failed = []
    for learner in learners:
        settings = settings_of(classroom, name)
        settings.CourseDirectory.student_id = learner
        settings.HTMLExporter.template_name = pages.HERE.name
        settings.HTMLExporter.extra_template_basedirs = [str(pages.HERE.parent)]
        converter = GenerateFeedback(coursedir=course_of(settings), config=settings, force=True)
        converter.preprocessors = [pages.Grades, pages.Page]
        try:
            start(converter, f"write the feedback of {learner}")
        except CourseError as error:
            failed.append(str(error))
    return failed


def export(classroom: Classroom) -> Path:
    """Let nbgrader write grades.csv: the sum of each learner and set, human marks included."""
    require_nbgrader()
    from nbgrader.plugins import CsvExportPlugin

    path = classroom.folder / "grades.csv"
    plugin = CsvExportPlugin(to=str(path))
    plugin.log = quiet()
    with books(classroom) as book:
        plugin.export(book)
    return path
