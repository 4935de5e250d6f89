"""What `course regrade` does and says."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import track

from course_utils import CourseError
from course_utils.delivery.grading import gradebook, handouts
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.commands import console, say, sort_out, write_down
from course_utils.delivery.grading.converters import require_nbgrader
from course_utils.delivery.grading.deadlines import rule_of
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.marks import Unmarked
from course_utils.delivery.grading.regrade import Change, changes, only, told, write_history
from course_utils.delivery.grading.sandbox import probe
from course_utils.delivery.grading.sets import ProblemSet, find_set, known_sets


def regrade(
    name: str,
    tasks: tuple[str, ...],
    folder: Path,
    problems: Path | None = None,
    jobs: int = -1,
    dry_run: bool = False,
    yes: bool = False,
) -> list[Change]:
    """Mark tasks of all submissions again, after it was seen and agreed whose marks change.

    The marks of other tasks stay as they are, and so do marks by hand.

    Returns:
        The changes that were made; with `dry_run`, those that would be.
    """
    one = find_set(name, problems)
    unknown = [task for task in tasks if task not in one.problems]
    if unknown:
        raise CourseError(
            f"{one.name} has no task {unknown[0]!r}; there are: {', '.join(one.problems)}."
        )
    classroom = Classroom(folder)
    if not classroom.log(one.name).is_file():
        raise CourseError(f"{folder} holds no marks of {one.name} yet: start with `course grade`.")
    require_nbgrader()
    probe()
    rule = rule_of(classroom, one.name, list(known_sets(problems)))
    with classroom.alone():
        found = mark_again(classroom, one, tasks or tuple(one.problems), jobs)
        results, wanted, others = found
        report(one, wanted, others)
        if dry_run:
            say("Nothing was written: this was a dry run.")
            return wanted
        if wanted and not (yes or agreed(len(wanted))):
            raise CourseError("Nothing was changed: --yes changes marks without asking.")
        if not handouts.is_current(classroom, one):
            handouts.release(classroom, one)
        before = classroom.marked(one.name)
        for marks, submission in results.values():
            if submission is not None and before.get(marks.learner) != marks:
                classroom.note(marks)
        write_down(classroom, one, results, rule)
        sums = gradebook.export(classroom)
        say(f"\nSums in {sums}, all changes in {write_history(classroom)}")
    return wanted


def mark_again(
    classroom: Classroom, one: ProblemSet, tasks: tuple[str, ...], jobs: int
) -> tuple[dict, list[Change], list[Change]]:
    """What is to be written down, the changes in these tasks, and those that stay out."""
    before = classroom.marked(one.name)
    results, entries = sort_out(classroom, one, again=True)
    submissions = {entry.learner: entry.submission for entry in entries}
    wanted: list[Change] = []
    others: list[Change] = []
    ready = mark_all(entries, jobs, None, classroom.handed_out(one.name)) if entries else ()
    try:
        for fresh in track(ready, f"Marking {one.name}", len(entries), console=console):
            old = before.get(fresh.learner)
            if isinstance(fresh, Unmarked):
                say(str(fresh))
                if old is not None:
                    results[fresh.learner] = old, submissions[fresh.learner]
                continue
            for change in changes(old, fresh):
                (wanted if change.new.problem in tasks else others).append(change)
            if old is not None and old.digest == fresh.digest:
                fresh = only(old, fresh, tasks)
            results[fresh.learner] = fresh, submissions[fresh.learner]
    except KeyboardInterrupt:
        raise CourseError("Stopped: nothing was changed.") from None
    return results, sorted(wanted, key=by_name), sorted(others, key=by_name)


def by_name(change: Change) -> tuple[str, str]:
    return change.learner, change.new.problem


def report(one: ProblemSet, wanted: list[Change], others: list[Change]) -> None:
    """Whose marks change."""
    learners = len({change.learner for change in wanted if change.old.points != change.new.points})
    say(f"{one.name}: the marks of {learners} learner{'s'[: learners != 1]} change.")
    for line in told(wanted):
        say(line)
    if others:
        names = ", ".join(sorted({change.new.problem for change in others}))
        say(f"{len(others)} more in other tasks ({names}) would change and stay: name these, too.")


def agreed(count: int) -> bool:
    try:
        return click.confirm(f"Write {'this' if count == 1 else f'these {count}'} down?")
    except click.Abort:
        click.echo()
        return False
