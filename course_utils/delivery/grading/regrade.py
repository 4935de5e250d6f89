"""Marking a task again after a mend: whose marks change, and the history of all that did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from course_utils.delivery.grading import tables
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.marks import Mark, Marks

MOST = 100  # changes on the screen


@dataclass(frozen=True)
class Change:
    """Of the mark of one learner for one task, with the same file handed in."""

    learner: str
    set: str
    old: Mark
    new: Mark
    when: str = ""

    def __str__(self) -> str:
        said = self.new.message if self.new.points != self.old.points else "other words"
        return (
            f"{self.learner}, {self.new.problem}: {self.old.points:g} -> {self.new.points:g} of "
            f"{self.new.out_of:g}. {' '.join(said.split())}"
        )


def changes(before: Marks | None, after: Marks, when: str = "") -> list[Change]:
    """What changed for one learner; nothing if another file was marked, or the first."""
    if before is None or before.digest != after.digest:
        return []
    old = {mark.problem: mark for mark in before.marks}
    return [
        Change(after.learner, after.set, old[mark.problem], mark, when)
        for mark in after.marks
        if mark.problem in old and old[mark.problem] != mark
    ]


def only(before: Marks, after: Marks, tasks: Iterable[str]) -> Marks:
    """The old marks with the new ones of these tasks, as marks of the new version."""
    chosen, old = set(tasks), {mark.problem: mark for mark in before.marks}
    marks = (
        mark if mark.problem in chosen or mark.problem not in old else old[mark.problem]
        for mark in after.marks
    )
    return replace(after, marks=tuple(marks))


def history(classroom: Classroom) -> list[Change]:
    """Every change of a mark that was ever noted, in the order in which they were."""
    found: list[Change] = []
    for log in sorted((classroom.folder / "marks").glob("*.jsonl")):
        last: dict[str, Marks] = {}
        for marks, when in classroom.noted(log.stem):
            found += changes(last.get(marks.learner), marks, when)
            last[marks.learner] = marks
    return sorted(found, key=lambda change: change.when)


def write_history(classroom: Classroom) -> Path:
    """regrades.csv, made anew from the logs: each change once, whatever was interrupted."""
    path = classroom.folder / "regrades.csv"
    found = history(classroom)
    if found or path.exists():
        head = ["when", "learner", "set", "problem", "old", "new", "out_of", "before", "after"]
        tables.write(path, head, map(row_of, found))
    return path


def row_of(one: Change) -> list[object]:
    points = [one.old.points, one.new.points, one.new.out_of]
    row = [one.when, one.learner, one.set, one.new.problem, *points]
    return [*row, one.old.message, one.new.message]


def told(found: list[Change]) -> list[str]:
    """For the screen: marks first, and changes of mere words as a number."""
    marks = [one for one in found if one.old.points != one.new.points]
    lines = [str(one) for one in marks[:MOST]]
    if len(marks) > MOST:
        lines.append(f"... and {len(marks) - MOST} more.")
    words = len(found) - len(marks)
    if words:
        lines.append(f"{words} message{'s'[: words != 1]} with the same points as before.")
    return lines
