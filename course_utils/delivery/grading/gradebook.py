"""nbgrader's gradebook: marks go in; pages of feedback and the table of all marks come out."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading import tables
from course_utils.delivery.grading.bounded import at_most
from course_utils.delivery.grading.called import called
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import (
    books,
    course_of,
    quiet,
    require_nbgrader,
    settings_of,
    start,
)
from course_utils.delivery.grading.deadlines import ALWAYS_IN_TIME, Late, Rule
from course_utils.delivery.grading.entry import bare
from course_utils.delivery.grading.foreign import harmless, shown_as_text
from course_utils.delivery.grading.late import charge, due_in, keep_receipt
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.origins import origins
from course_utils.delivery.grading.rereading import address_of
from course_utils.delivery.grading.sets import ProblemSet, marked
from course_utils.delivery.grading.submission import Submission
from course_utils.delivery.grading.variants import fill_in, number
from course_utils.delivery.grading.versions import to_the_learner
from course_utils.feedback.reread import place_of
from course_utils.files import PART, write_atomically

AT_ONCE = 50  # learners in one transaction
PAGE_SECONDS = 60.0  # of processor time for one page of feedback, which takes about half of one


@dataclass
class ByHand:
    """A learner's marks for answers in words; `waiting` is how many of them have none yet.

    `penalty` is what being late takes off, and `late` says why.
    """

    points: float = 0.0
    out_of: float = 0.0
    waiting: int = 0
    penalty: float = 0.0
    late: Late | None = None


def enter(
    classroom: Classroom,
    one: ProblemSet,
    results: Iterable[tuple[Marks, Submission | None]],
    rule: Rule = ALWAYS_IN_TIME,
) -> dict[str, ByHand]:
    """Write marks and comments into the gradebook, and the notebooks that nbgrader shows.

    Marks that a human has given stay as they are; they are asked for again if the answer changed.
    Returns what humans have given each learner, and what being late costs.
    """
    import warnings

    import nbformat

    warnings.filterwarnings("ignore", module="nbgrader")  # SQLAlchemy on nbgrader's queries
    released = nbformat.read(
        classroom.folder / "release" / one.name / f"{one.name}.ipynb", as_version=4
    )
    given = {marked(cell).get("grade_id"): cell.source.strip() for cell in released.cells}
    by_hand, secret = {}, classroom.secret()
    pages: dict[Path, str] = {}
    came_from = origins(classroom, one.name)
    with books(classroom) as book:
        rule = due_in(book, one.name, rule)
        for marks, submission in results:
            folder = classroom.folder / "autograded" / marks.learner / one.name
            folder.mkdir(parents=True, exist_ok=True)
            shown = as_handed_in(released, one, classroom, marks.learner, submission)
            shown.metadata["failure"] = to_the_learner(marks.failure)
            spare = f"{number(secret, 'receipt', one.name, marks.learner):x}"
            there = classroom.submitted / marks.learner / one.name
            told = keep_receipt(there, folder, spare)
            book.update_or_create_student(marks.learner)
            book.update_or_create_submission(one.name, marks.learner)
            page = book.find_submission_notebook(one.name, one.name, marks.learner)
            _enter_marks(page, one, marks)
            path = folder / f"{one.name}.ipynb"
            by_hand[marks.learner] = hand = _ask_for_marks(page, shown, path, given)
            handed = rule.handed(marks.learner, told, came_from.get(marks.learner), there)
            hand.late = charge(page, rule, marks.learner, handed)
            hand.penalty = page.late_submission_penalty or 0.0
            pages[path] = nbformat.writes(shown)
            if len(pages) == AT_ONCE:
                _keep(book, pages)
        _keep(book, pages)
    return by_hand


def _keep(book, pages: dict[Path, str]) -> None:
    """Commit, then write pages: one that was not written is compared with the old one once more."""
    book.db.commit()
    for path, text in pages.items():
        write_atomically(path, text.encode() + b"\n", durable=False)
    pages.clear()


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
        asked = bool(grade.needs_manual_grade)  # and not answered yet
        grade.needs_manual_grade = there and (grade.manual_score is None or changed or asked)
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


def as_handed_in(released, one: ProblemSet, classroom: Classroom, learner: str, submission):
    """The hand-out with the learner's answers in it, and nothing else of theirs."""
    shown = copy.deepcopy(released)
    values = one.values(classroom.secret(), learner)
    for cell in shown.cells:
        name = marked(cell).get("grade_id")
        cell.source = given = fill_in(cell.source, values)
        if submission and name in submission.answers and cell.cell_type == "code":
            cell.source = "\n\n".join(submission.answers[name])
        if submission and name in submission.written and cell.cell_type == "markdown":
            words = "\n\n".join(submission.written[name])
            if words.strip() != cell.source.strip():  # else it is as it was handed out
                cell.source = shown_as_text(words) if words.strip() else ""
        if marked(cell).get("solution"):
            cell.metadata["untouched"] = bare(cell.source) in ("", bare(given))
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
    require_nbgrader()  # as this may be a process of its own
    from nbgrader.converters import GenerateFeedback

    from course_utils.delivery.grading import pages

    failed, names, again = [], called(classroom.folder), to_read_again(classroom, name)
    for learner in learners:
        settings = settings_of(classroom, name)
        settings.Page.called = names.get(learner, "")
        settings.Page.again = again.get(learner, {})
        settings.CourseDirectory.student_id = learner
        settings.HTMLExporter.template_name = pages.HERE.name
        settings.HTMLExporter.extra_template_basedirs = [str(pages.HERE.parent)]
        converter = GenerateFeedback(coursedir=course_of(settings), config=settings, force=True)
        converter.exporter_class = pages.OneFile
        converter.preprocessors = [pages.Grades, pages.Page]
        try:
            with at_most(PAGE_SECONDS):
                start(converter, f"write the feedback of {learner}")
        except CourseError as error:
            failed.append(str(error))
    return failed


def to_read_again(classroom: Classroom, name: str) -> dict[str, dict[str, tuple[str, str]]]:
    """For each learner and problem with a known mistake the section to read again, and its address.

    Raises CourseError if the course's site is named and is no address.
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for learner, marks in classroom.marked(name).items():
        for mark in marks.marks:
            first = (mark.misconception or "").split(" + ")[0]
            place = place_of(mark.problem, first) if first else None
            if place:
                found.setdefault(learner, {})[mark.problem] = str(place), address_of(place)
    return found


def export(classroom: Classroom) -> Path:
    """Write grades.csv: nbgrader's sum of each learner and set, human marks included.

    Where answers in words are still to be marked, `waiting` has their points and `score` is empty:
    a sum that is not final is none.
    """
    require_nbgrader()
    from nbgrader.plugins import CsvExportPlugin

    path = classroom.folder / "grades.csv"
    fresh = path.with_name(f".{path.name}-fresh{PART}")
    plugin = CsvExportPlugin(to=str(fresh))
    plugin.log = quiet()
    with books(classroom) as book:
        plugin.export(book)
        waiting = _waiting(book)
    head, rows = tables.read(fresh)
    at = {name: place for place, name in enumerate(head)}
    for row in rows:
        points = waiting.get((row[at["assignment"]], row[at["student_id"]]), 0.0)
        if points:
            row[at["score"]] = ""
        row.append(points)
    tables.write(path, [*head, "waiting"], rows)
    fresh.unlink()
    return path


def _waiting(book) -> dict[tuple[str, str], float]:
    """The points that a human has still to give, by set and learner."""
    return {
        (one.assignment.name, one.student.id): sum(
            grade.max_score
            for page in one.notebooks
            for grade in page.grades
            if grade.needs_manual_grade
        )
        for assignment in book.assignments
        for one in book.assignment_submissions(assignment.name)
        if one.needs_manual_grade
    }
