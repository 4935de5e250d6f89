"""Lessons and problem sets together: what `course build` and `course check` do."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from course_utils.delivery.authoring import build as lessons
from course_utils.delivery.authoring import check as rules
from course_utils.delivery.authoring import rules_sets
from course_utils.delivery.authoring.document import LESSONS, ROOT, AuthoringError, documents
from course_utils.delivery.authoring.rules import Finding
from course_utils.delivery.authoring.sets import (
    HANDOUTS,
    SETS,
    ProblemSet,
    Task,
    build_sets,
    handed_out,
    handout,
    problem_sets,
)
from course_utils.delivery.authoring.slides.rules import problems

Names = list[str] | None
Bank = Mapping[str, tuple[int, int]]  # the points and minutes of each problem, by its name


def build(
    names: Iterable[str] | None = None,
    force: bool = False,
    *,
    root: Path = ROOT,
    report: Callable[[str], None] = print,
) -> None:
    """Build what changed of lessons and sets; "01" is both, "exercises/01" the set alone.

    Raises AuthoringError that names everything that failed.
    """
    failures = []
    for_lessons, for_sets = sort(names, root)
    for task, chosen in ((lessons.build, for_lessons), (build_sets, for_sets)):
        try:
            task(chosen, force, root=root, report=report)
        except AuthoringError as error:
            failures.append(str(error))
    if failures:
        raise AuthoringError("\n".join(failures))


def check(
    names: Iterable[str] | None = None,
    *,
    bank: Bank | None = None,
    root: Path = ROOT,
    report: Callable[[str], None] = print,
) -> None:
    """Report that lessons and sets keep the rules, and that the problems of sets are in `bank`.

    Raises AuthoringError with a line for everything that is wrong.
    """
    for_lessons, for_sets = sort(names, root)
    found = [
        *rules.findings(for_lessons, root=root),
        *slide_findings(for_lessons, root=root),
        *set_findings(for_sets, root=root),
        *(bank_findings(bank, for_sets, root=root) if bank is not None else ()),
    ]
    if found:
        raise AuthoringError("\n".join(map(str, found)))
    counts = len(documents(for_lessons, root)), len(problem_sets(for_sets, root))
    words = [
        f"{count} {word}{'s' if count != 1 else ''}"
        for count, word in zip(counts, ("lesson", "problem set"))
        if count
    ]
    one = sum(counts) == 1
    report(f"{' and '.join(words)} {'is' if one else 'are'} in step and keep{'s' * one} the rules.")


def slide_findings(names: Iterable[str] | None = None, *, root: Path = ROOT) -> list[Finding]:
    """Everything that is wrong with the slides of lessons that are in step; empty if nothing is."""
    chosen = [one for one in documents(names, root) if not rules.check_document(one, {})]
    return [Finding(one.name, "slides", message) for one in chosen for message in problems(one)]


def set_findings(names: Iterable[str] | None = None, *, root: Path = ROOT) -> list[Finding]:
    """Everything that is wrong with the sets; empty if nothing is."""
    chosen = problem_sets(names, root)
    found = [finding for one in chosen for finding in check_set(one)]
    if names is None:
        found += [_of(finding, SETS) for finding in rules.strays(chosen, Path(root) / SETS)]
        found += _stray_handouts(chosen, Path(root) / HANDOUTS)
    return found


def check_set(one: ProblemSet) -> list[Finding]:
    """All findings about one set: its solutions, and that its hand-out is in step with them."""
    found = [_of(finding, SETS) for finding in rules.check_document(one, rules_sets.RULES)]
    if not handed_out(one, handout(one)):
        message = "it is not what its source says: edit the source only, then run `make build`"
        found.append(Finding(f"{HANDOUTS}/{one.name}", "in step", message))
    return found


def bank_findings(
    bank: Bank, names: Iterable[str] | None = None, *, root: Path = ROOT
) -> Iterator[Finding]:
    """Tasks whose problem is not in `bank`, or has other points or minutes there."""
    for one in problem_sets(names, root):
        for task in one.tasks():
            if task.answer and not task.written:
                yield from _compared(one, task, bank)


def _compared(one: ProblemSet, task: Task, bank: Bank) -> Iterator[Finding]:
    place, source = f"{SETS}/{one.name}", one.shown(one.source)
    said, known = (task.points, task.minutes), bank.get(task.answer)
    if known is None:
        message = (
            f"task {task.number}: the bank has no problem {task.answer!r}; add it to "
            f"course_utils/feedback/bank, or correct the name in {source}"
        )
        yield Finding(place, "bank", message)
    elif known != said:
        message = (
            f"task {task.number}: points and minutes of {task.answer!r} are {said} in {source} "
            f"and {known} in course_utils/feedback/bank; make them the same"
        )
        yield Finding(place, "bank", message)


def sort(names: Iterable[str] | None, root: Path = ROOT) -> tuple[Names, Names]:
    """Which names mean lessons and which sets: by their folder, or both if they name none.

    Raises AuthoringError for a name that neither a lesson nor a set has.
    """
    if names is None:
        return None, None
    for_lessons: list[str] = []
    for_sets: list[str] = []
    for name in names:
        folders = Path(name).parts[:-1]
        if SETS in folders or HANDOUTS in folders:
            for_sets.append(name)
        elif LESSONS in folders:
            for_lessons.append(name)
        else:
            for find, chosen in ((documents, for_lessons), (problem_sets, for_sets)):
                with contextlib.suppress(AuthoringError):
                    find([name], root)
                    chosen.append(name)
            if name not in (*for_lessons, *for_sets):
                documents([name], root)
    return for_lessons, for_sets


def _of(finding: Finding, folder: str) -> Finding:
    return finding._replace(lesson=f"{folder}/{finding.lesson}")


def _stray_handouts(chosen: list[ProblemSet], home: Path) -> Iterator[Finding]:
    for path in sorted({*home.glob("*.ipynb")} - {one.handout_target for one in chosen}):
        message = f"{SETS}/src/{path.stem}.py, its source, does not exist"
        yield Finding(f"{HANDOUTS}/{path.stem}", "in step", message)
