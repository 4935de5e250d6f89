"""due.toml: an example to edit, and due dates that `course release --due` writes into it."""

from __future__ import annotations

import re
from datetime import datetime

from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.deadlines import FILE, DueError, rule_of, zone_at_top
from course_utils.delivery.grading.times import moment
from course_utils.files import write_atomically

EXAMPLE = """\
# When sets are due, and what being late costs. Take away the # of what you need. `course grade`
# and `course feedback` read this file each time: a change here marks nothing again.

# zone = "Europe/Berlin"    # of times that name none; without it, the zone of this machine

# What being late costs, here for all sets, or in the section of one:
# grace = "15 min"          # so much later is still in time
# penalty = "10 %"          # of all points of the set, or points: 1.5
# each = "1 day"            # for each such step that has begun; without it, once
# most = "50 %"             # and never more than this
# closed = "14 days"        # later than this there are no points
# unproven = "count"        # files of which only their own time is known can be late, too

# ["04_the_lstm_gate_by_gate"]      # or ["04"]
# due = 2026-12-04T18:00:00 # or a date, of which the end is meant; with +01:00 in that zone
# extensions.ada = "2 days" # or until when: 2026-12-08T18:00:00
# handed_in.bob = 2026-12-04T17:55:00   # when you know better than the file
"""


def write_example(classroom: Classroom) -> None:
    """Lay the example, unless there is a file."""
    path = classroom.folder / FILE
    if not path.exists():
        write_atomically(path, EXAMPLE.encode())


def parse_due(classroom: Classroom, text: str) -> datetime:
    """The time that a teacher typed, with the zone that it has in the class.

    Raises DueError if it is none.
    """
    zone = zone_at_top(classroom)
    try:
        return moment(text, zone).astimezone(zone)
    except ValueError as error:
        raise DueError(f"--due: {error}.") from None


def set_due(classroom: Classroom, name: str, due: datetime, known: list[str]) -> None:
    """Write a due date into the section of a set; every other line stays as it is.

    Raises DueError if the file cannot be understood.
    """
    write_example(classroom)
    path = classroom.folder / FILE
    rule_of(classroom, name, known)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    number = re.escape(name.split("_")[0])
    head = re.compile(rf"""^\s*\[\s*["']?({re.escape(name)}|{number})["']?\s*\]""")
    new = f"due = {due.isoformat()}"
    at = next((n for n, line in enumerate(lines) if head.match(line)), None)
    if at is None:
        lines += ["", f'["{name}"]', new]
    else:
        rest = lines[at + 1 :]
        end = next((n for n, line in enumerate(rest) if line.lstrip().startswith("[")), len(rest))
        there = (n for n, line in enumerate(rest[:end]) if re.match(r"^\s*due\s*=", line))
        old = next(there, None)
        if old is None:
            lines.insert(at + 1, new)
        else:
            lines[at + 1 + old] = new
    before = path.read_bytes()
    write_atomically(path, ("\n".join(lines) + "\n").encode())
    try:
        found = rule_of(classroom, name, known)
    except DueError:
        found = None
    if found is None or found.due != due:
        write_atomically(path, before)
        raise DueError(f"{path} is written in a way that `--due` cannot edit: write {new} into it.")
