"""Timetables of the plans in docs/teach: read from their tables, and held to the minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from course_utils.delivery.authoring.document import AuthoringError
from course_utils.delivery.authoring.teaching.material import Material

HEADINGS = ("from", "min", "how", "what")
TABLE = re.compile(
    r"^\| from \| min \| how \| what \|\n\|[ :|-]+\|\n(?P<rows>(?:\|.*\|\n)+)", re.MULTILINE
)
WEEKS = re.compile(
    r"^\| week \| live in class \| min \| at home before it \| min \| set out \| set due \|\n"
    r"\|[ :|-]+\|\n(?P<rows>(?:\|.*\|\n)+)",
    re.MULTILINE,
)
CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
NAMED = re.compile(r"\[(?P<lesson>\d\d)\]\(\d\d\.md\)|§ \*(?P<section>[^*]+)\*|`(?P<problem>\w+)`")
REST = ("break", "lunch")
WAYS = ("live", "alone", "pairs", "talk", *REST)
END = "end"


class Slot(NamedTuple):
    """A row of a timetable: when it begins, how long it lasts, how, and what is done."""

    start: int
    minutes: int
    how: str
    what: str


class Week(NamedTuple):
    """A row of a term: what is taught, what is read at home before, and which sets go out and in.

    ``live`` and ``home`` are minutes, estimated.
    """

    number: int
    taught: str
    live: int
    read: str
    home: int
    out: str
    due: str


class Timetable(NamedTuple):
    """The slots from the start to the end, in minutes since midnight or since the beginning."""

    slots: tuple[Slot, ...]
    end: int

    @property
    def minutes(self) -> int:
        return sum(slot.minutes for slot in self.slots)

    @property
    def rest(self) -> int:
        """Minutes of breaks and lunch."""
        return sum(slot.minutes for slot in self.slots if slot.how in REST)


def timetables(text: str) -> Iterator[Timetable]:
    """The timetables of a plan.

    Raises AuthoringError for a row that is none.
    """
    for match in TABLE.finditer(text):
        *rows, last = (_cells(line) for line in match["rows"].splitlines())
        if last[2] != END:
            raise AuthoringError(f"A timetable must close with a row 'end', not with {last}.")
        yield Timetable(tuple(_slot(row) for row in rows), _clock(last[0]))


def retimed(text: str) -> str:
    """The plan with each slot's beginning computed from the first and the minutes."""

    def again(match: re.Match[str]) -> str:
        rows = [_cells(line) for line in match["rows"].splitlines()]
        now, lines = _clock(rows[0][0]), []
        for row in rows:
            lines.append(_line([f"{now // 60}:{now % 60:02}", *row[1:]]))
            now += int(row[1] or 0)
        head = "\n".join((_line(HEADINGS), _line(("---:", "---:", "---", "---"))))
        return head + "\n" + "\n".join(lines) + "\n"

    return TABLE.sub(again, text)


def weeks(text: str) -> list[Week]:
    """The weeks of a term's plan."""
    found = WEEKS.search(text)
    rows = [_cells(line) for line in found["rows"].splitlines()] if found else []
    return [
        Week(int(week), taught, int(live or 0), read, int(home or 0), out, due)
        for week, taught, live, read, home, out, due in rows
    ]


def recounted(text: str, known: Material) -> str:
    """The plan with the minutes of each week's sections counted afresh.

    Raises AuthoringError for a section that does not exist.
    """

    def again(match: re.Match[str]) -> str:
        head = match[0][: match.start("rows") - match.start()]
        lines = []
        for line in match["rows"].splitlines():
            week, taught, _, read, _, out, due = _cells(line)
            live, home = (
                needed(Slot(0, 0, how, what), known)
                for how, what in (("live", taught), ("alone", read))
            )
            lines.append(_line([week, taught, str(live), read, str(home or ""), out, due]))
        return head + "\n".join(lines) + "\n"

    return WEEKS.sub(again, text)


def needed(slot: Slot, known: Material) -> int:
    """The minutes that a slot needs at least: its sections, told or read, and its exercises.

    Raises AuthoringError for a section or an exercise that does not exist.
    """
    total, lesson = 0, None
    for match in NAMED.finditer(slot.what):
        if match["lesson"]:
            lesson = known.lessons.get(match["lesson"])
        elif lesson is None:
            raise AuthoringError(f"Which lesson is meant in {slot.what!r}?")
        elif match["section"]:
            timed = lesson.find(match["section"])
            if timed is None:
                raise AuthoringError(f"Lesson {lesson.number} has no section {match['section']!r}.")
            total += {"live": timed.live, "talk": 0}.get(slot.how, timed.alone)
        else:
            task = next((one for one in lesson.tasks if one.answer == match["problem"]), None)
            if task is None:
                raise AuthoringError(f"Set {lesson.number} has no task {match['problem']!r}.")
            total += task.minutes
    return total


def _slot(row: list[str]) -> Slot:
    start, minutes, how, what = row
    if how not in WAYS:
        raise AuthoringError(f"{how!r} is no way to spend {minutes} minutes; ways: {WAYS}.")
    return Slot(_clock(start), int(minutes), how, what)


def _clock(text: str) -> int:
    found = CLOCK.fullmatch(text)
    if not found:
        raise AuthoringError(f"{text!r} is no time such as 9:30.")
    return 60 * int(found[1]) + int(found[2])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
