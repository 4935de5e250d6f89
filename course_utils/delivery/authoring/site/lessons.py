"""What pages say of the lessons, read from the lessons: names, titles, how long they take."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from course_utils.delivery.authoring.document import ROOT, Document, documents
from course_utils.delivery.authoring.site.folders import SiteError
from course_utils.language import ENGLISH, every, language, looked_up

LESSON_DOC = "notebooks/{}"  # the document of a lesson among Sphinx's sources
TITLE = re.compile(r"^# # (\d\d) · (.+)$", re.M)
TIME = re.compile(r"^# \*\*Time\.\*\* About (\d+) minutes; its cells run in (\d+) s", re.M)
MOMENT = re.compile(r"^\| (\d\d) \| \[[^\]]+\]\([^)]+\) \| (.+) \|$", re.M)  # in README.md


class Lesson(NamedTuple):
    """One lesson: number ("04"), name ("04_the_lstm_gate_by_gate"), title, what it exists for,
    the minutes that its author expects and the seconds that its cells run."""

    number: str
    name: str
    title: str
    moment: str
    minutes: int
    seconds: int

    @property
    def document(self) -> str:
        """The name of its page for Sphinx."""
        return LESSON_DOC.format(self.name)


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in order.

    Raises SiteError if one does not say its title or time, or README.md does not list it.
    """
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    moments = dict(MOMENT.findall(readme))
    return tuple(_lesson(one, moments) for one in documents())


def lesson(number: str) -> Lesson:
    """The lesson with that number, "00" to "11".

    Raises SiteError if there is none.
    """
    for one in lessons():
        if one.number == number:
            return one
    raise SiteError(f"There is no lesson {number!r}; there are 00 to {lessons()[-1].number}.")


def moment_of(one: Lesson) -> str:
    """The moment a lesson exists for, in the language of this process."""
    if language() == ENGLISH:
        return one.moment
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if (found := MOMENT.match(line)) and found[1] == one.number)
    return _moment(looked_up(row, every(language())).split(" | ")[-1].rstrip("| "))


def _moment(text: str) -> str:
    return text.replace("*", "").replace("`", "").replace(" - ", "\u00a0\u2212\u00a0")


def _lesson(document: Document, moments: dict[str, str]) -> Lesson:
    name, source = document.name, document.source.read_text(encoding="utf-8")
    title, time = TITLE.search(source), TIME.search(source)
    if title is None or time is None:
        raise SiteError(f"{name} must have a title '# NN · ...' and a line '**Time.** About ...'.")
    number = title[1]
    if number not in moments:
        raise SiteError(f"README.md must list lesson {number}, with the moment it exists for.")
    return Lesson(number, name, title[2], _moment(moments[number]), int(time[1]), int(time[2]))
