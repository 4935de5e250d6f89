"""From a marked set to the class's page and tables, in overview/ of the class."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from course_utils.delivery.grading import tables
from course_utils.delivery.grading.called import called
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.overview import known, moments, page, sheets
from course_utils.delivery.grading.overview.alike import pairs
from course_utils.delivery.grading.overview.facts import Overview, overview
from course_utils.delivery.grading.overview.shapes import Shape, shapes
from course_utils.delivery.grading.sets import ProblemSet
from course_utils.delivery.grading.submission import Submission

Results = Iterable[tuple[Marks, Submission | None]]


def write(classroom: Classroom, one: ProblemSet, results: Results) -> Path:
    """Write overview/SET.html and its tables, for the teacher's eyes alone; returns the page."""
    told = replace(look(classroom, one, results), names=called(classroom.folder))
    folder = classroom.folder / "overview"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{one.name}.html"
    private(path, page.html(told))
    for ending, head, rows in sheets.tables(told):
        private(folder / f"{one.name}{ending}.csv", tables.text(head, rows))
    return path


def private(path: Path, text: str) -> None:
    """Put a file into its place when it is whole; nobody but its owner can read it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(path)


def look(classroom: Classroom, one: ProblemSet, results: Results) -> Overview:
    """Everything that is to be said of a class and a set."""
    results = list(results)
    every = [marks for marks, _ in results]
    sources = {marks.learner: answers(one, submission) for marks, submission in results}
    released = classroom.folder / "release" / one.name / f"{one.name}.ipynb"
    stubs = known.stubs(json.loads(released.read_text(encoding="utf-8")))
    seen = known.sources(one)
    texts = [text for own in sources.values() for text in own.values()]
    every_known = [text for some in seen.values() for text in some]
    found = shapes([*texts, *stubs.values(), *every_known])
    empty = {
        learner: {name for name in one.problems if is_empty(own.get(name), stubs.get(name), found)}
        for learner, own in sources.items()
    }
    by_problem = {
        name: {
            learner: found[own[name]]
            for learner, own in sources.items()
            if own.get(name) in found and name not in empty[learner]
        }
        for name in one.problems
    }
    shown = {name: [found[text] for text in texts if text in found] for name, texts in seen.items()}
    return overview(
        one,
        every,
        sources,
        empty,
        versions(classroom, one.name, every),
        by_problem,
        pairs(by_problem, shown),
        moments.handed_out(classroom, one.name),
        {m.learner: moments.handed_in(classroom, one.name, m.learner) for m in every},
    )


def answers(one: ProblemSet, submission: Submission | None) -> dict[str, str]:
    """The source of each answer; of a cell that was copied, all of it."""
    if submission is None:
        return {}
    return {
        name: "\n\n".join(submission.answers[name])
        for name in one.problems
        if name in submission.answers
    }


def is_empty(source: str | None, stub: str | None, found: Mapping[str, Shape]) -> bool:
    """Whether an answer is as it was handed out, comments and layout aside, or is not there."""
    if source is None or not source.strip() or source == stub:
        return True
    same = source in found and stub in found and found[source].whole == found[stub].whole
    return bool(same)


def versions(classroom: Classroom, name: str, every: list[Marks]) -> dict[str, list[Marks]]:
    """The marks of each version that a learner handed in, in the order in which they came."""
    found: dict[str, dict[str, Marks]] = {}
    path = classroom.log(name)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    for line in lines:
        try:
            marks = Marks.from_data(json.loads(line))
        except (ValueError, TypeError, KeyError):
            continue  # the last line of a run that was cut off
        found.setdefault(marks.learner, {})[marks.digest] = marks
    there = {marks.learner for marks in every}
    return {learner: list(some.values()) for learner, some in found.items() if learner in there}
