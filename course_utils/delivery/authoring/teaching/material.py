"""All that the generated parts of docs/teach rest on, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from course_utils.delivery.authoring.document import ROOT, AuthoringError, Document, documents
from course_utils.delivery.authoring.sets import Task, problem_sets
from course_utils.delivery.authoring.teaching.minutes import ALONE, LIVE, minutes
from course_utils.delivery.authoring.teaching.seconds import Running, stored
from course_utils.delivery.authoring.teaching.sections import Section, sections
from course_utils.delivery.authoring.teaching.slides import Slides, slides

NO_SLIDES = Slides(0, 0.0)
TITLE = re.compile(r"^# \d\d · (.+)$", re.MULTILINE)


class Mistake(Protocol):
    """A misconception of the bank: its name, and what the learner is told."""

    name: str
    message: str


class Entry(Protocol):
    """A problem of the bank with its known mistakes."""

    name: str
    title: str
    mistakes: Sequence[Mistake]


Bank = Mapping[str, Iterable[Entry]]


class Timed(NamedTuple):
    """A section: its running, measured (None: never), its minutes, estimated, and its slides."""

    section: Section
    running: Running | None
    alone: int
    live: int
    slides: Slides

    @property
    def changed(self) -> bool:
        """Whether its code is no longer the code that was measured."""
        return bool(self.section.cells) and (
            self.running is None or self.running.code != self.section.code
        )


@dataclass(frozen=True)
class Lesson:
    """One lesson as a teacher sees it; ``tasks`` of its problem set are empty if it has none."""

    number: str
    title: str
    document: Document
    timed: tuple[Timed, ...]
    tasks: tuple[Task, ...]

    def find(self, title: str) -> Timed | None:
        """The section of this title, if there is one."""
        return next((one for one in self.timed if one.section.title == title), None)

    @property
    def alone(self) -> int:
        return sum(one.alone for one in self.timed)

    @property
    def live(self) -> int:
        return sum(one.live for one in self.timed)

    @property
    def seconds(self) -> float:
        return sum(one.running.seconds for one in self.timed if one.running)


@dataclass(frozen=True)
class Material:
    """The lessons by number ("04") and the bank of problems."""

    lessons: Mapping[str, Lesson]
    bank: Bank

    @cached_property
    def problems(self) -> dict[str, Entry]:
        return {one.name: one for entries in self.bank.values() for one in entries}

    def mistake(self, problem: str, name: str) -> tuple[Entry, Mistake]:
        """The problem and its known mistake.

        Raises AuthoringError if the bank has none of this name.
        """
        entry = self.problems.get(problem)
        for one in entry.mistakes if entry else ():
            if one.name == name:
                return entry, one
        raise AuthoringError(f"The bank has no mistake {name!r} of a problem {problem!r}.")


def material(bank: Bank, root: Path = ROOT) -> Material:
    """Read lessons, sets and what was measured."""
    runnings = stored(root)
    tasks = {one.name[:2]: tuple(one.tasks()) for one in problem_sets(root=root)}
    lessons = {}
    for document in documents(root=root):
        notebook, shown = document.notebook(), slides(document)
        timed = tuple(
            _timed(one, runnings.get((document.name, one.title)), shown.get(one.title, NO_SLIDES))
            for one in sections(notebook)
        )
        number, title = document.name[:2], TITLE.search(notebook.cells[0].source)[1]
        lessons[number] = Lesson(number, title, document, timed, tasks.get(number, ()))
    return Material(lessons, bank)


def _timed(section: Section, running: Running | None, shown: Slides) -> Timed:
    seconds = running.seconds if running else 0.0
    alone, live = (minutes(section, seconds, rates) for rates in (ALONE, LIVE))
    return Timed(section, running, alone, live, shown)
