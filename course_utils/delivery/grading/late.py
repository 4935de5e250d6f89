"""Late submissions in nbgrader's books: receipts, due dates, extensions and what is taken off."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import books
from course_utils.delivery.grading.deadlines import Handed, Late, Rule
from course_utils.delivery.grading.origins import origins
from course_utils.delivery.grading.safely_read import read_below
from course_utils.delivery.grading.submission import NotReadable
from course_utils.files import write_atomically

LONGEST_RECEIPT = 200  # bytes


def reckon(classroom: Classroom, name: str, rule: Rule) -> tuple[Rule, dict[str, Late]]:
    """Take off what being late costs, after marks by hand or a change in due.toml.

    Returns the rule with its due date, and what it means for each learner.
    """
    lates: dict[str, Late] = {}
    came_from = origins(classroom, name)
    with books(classroom) as book:
        rule = due_in(book, name, rule)
        for submission in book.assignment_submissions(name):
            learner = submission.student.id
            there = classroom.submitted / learner / name
            handed = rule.handed(learner, receipt(there), came_from.get(learner), there)
            for page in submission.notebooks:
                lates[learner] = charge(page, rule, learner, handed)
        book.db.commit()
    return rule, lates


def due_in(book, name: str, rule: Rule) -> Rule:
    """The rule with its due date, which is Formgrader's if due.toml has none, noted in the book."""
    assignment = book.find_assignment(name)
    if rule.told:
        assignment.duedate = _naive(rule.due)
    elif assignment.duedate is not None:
        rule = replace(rule, due=assignment.duedate.replace(tzinfo=timezone.utc))
    return rule


def charge(page, rule: Rule, learner: str, handed: Handed) -> Late:
    """Note when a submission came, and what is taken off: never more than was reached."""
    reached = sum(
        (grade.auto_score or 0.0 if grade.manual_score is None else grade.manual_score)
        + (grade.extra_credit or 0.0)
        for grade in page.grades
    )
    late = rule.late(learner, handed, sum(grade.max_score for grade in page.grades))
    late = replace(late, penalty=min(late.penalty, max(reached, 0.0)))
    page.late_submission_penalty = late.penalty or None
    page.assignment.timestamp = _naive(handed.when) if handed.proven else None
    own = rule.due_for(learner)
    page.assignment.extension = own - rule.due if own and rule.due and own != rule.due else None
    return late


def _naive(when: datetime | None) -> datetime | None:
    """A time as nbgrader keeps it: in UTC, without saying so."""
    return when.astimezone(timezone.utc).replace(tzinfo=None) if when else None


def receipt(submitted: Path) -> datetime | None:
    """When a submission came, as nbgrader's receipt says; None if none can be read."""
    return _time_in(_read_receipt(submitted / "timestamp.txt"))


def _read_receipt(path: Path) -> str:
    root, parts = path.parents[2], path.parts[-3:]  # LEARNER/SET/NAME below submitted/
    with contextlib.suppress(NotReadable, UnicodeDecodeError):
        return read_below(root, list(parts), LONGEST_RECEIPT).decode("ascii").strip()
    return ""


def keep_receipt(submitted: Path, folder: Path, spare: str) -> datetime | None:
    """Copy nbgrader's receipt of a submission to where it is looked for, and read its time.

    Without both files, readable, `nbgrader release_feedback` would stop at this learner: a time
    that is none is left empty, and `spare` stands for a secret that is not there.
    """
    told = receipt(submitted)
    time = _read_receipt(submitted / "timestamp.txt") if told else ""
    secret = _read_receipt(submitted / "submission_secret.txt") or spare
    for name, content in (("timestamp.txt", time), ("submission_secret.txt", secret)):
        write_atomically(folder / name, content.encode(), durable=False)
    return told


def _time_in(content: str) -> datetime | None:
    """The time of a receipt, in UTC; None if it is none."""
    import warnings

    from nbgrader.utils import parse_utc

    with warnings.catch_warnings(), contextlib.suppress(ArithmeticError, ValueError, TypeError):
        warnings.simplefilter("ignore")
        return parse_utc(content).replace(tzinfo=timezone.utc) if content else None
    return None
