"""The columns of the gradebooks of Moodle, Canvas, Brightspace and Blackboard.

Sources: Canvas, `lib/gradebook_importer.rb` in https://github.com/instructure/canvas-lms; Moodle,
`mod/assign/feedback/offline/` and `grade/import/csv/` in https://github.com/moodle/moodle;
Brightspace, https://community.d2l.com/brightspace/kb/articles/3538-importing-grades.
"""

from __future__ import annotations

import re

from course_utils.delivery.grading.matching import Person, names_of, person, plain
from course_utils.delivery.grading.table_file import TableError, TableFile

NUMBERS = {"id", "identifier"}
IDS = {
    "sisuserid", "sisloginid", "idnumber", "username", "studentid", "orgdefinedid", "loginid",
    "matriculationnumber", "learner",
}  # fmt: skip
MAILS = {"emailaddress", "email", "mail"}
FULL = {"student", "fullname", "name", "studentname"}
FIRST, LAST = {"firstname", "givenname"}, {"lastname", "surname", "familyname"}
NOT_MARKS = re.compile(
    r"\((feedback|percentage|letter|read only)\)|^(current|final|unposted) ", re.I
)
MOST_POINTS = re.compile(r"(?:MaxPoints|Total Pts): ?(\d+(?:[.,]\d+)?)")
NO_STUDENT = re.compile(r"^\s*(Muted|Manual Posting.*|\(read only\))?\s*$", re.I)


class Sheet:
    """A platform's table: who is in which row, and which column is for which set."""

    def __init__(self, table: TableFile, shown: str):
        self.table, self.shown = table, shown
        heads = [plain(head) for head in table.head]
        self._columns = {
            what: [n for n, head in enumerate(heads) if head in known]
            for what, known in (
                ("number", NUMBERS), ("id", IDS), ("mail", MAILS), ("full", FULL),
                ("first", FIRST), ("last", LAST),
            )
        }  # fmt: skip
        if not any(self._columns.values()):
            raise TableError(
                f"{shown} names nobody in a column that is known, such as Student, Full name, "
                "Username or Email address: let the platform export its gradebook as CSV."
            )
        self.worksheet = "identifier" in heads and "grade" in heads  # of one assignment in Moodle

    def people(self) -> dict[int, Person]:
        """Who is in which row."""
        found = {}
        for row in range(1, len(self.table.rows)):
            cells = {what: self._cells(row, what) for what in self._columns}
            texts = [cell.text for cell in self.table.rows[row]]
            if "points possible" in texts[0].casefold() or all(map(NO_STUDENT.match, texts)):
                continue
            full, first, last = (" ".join(cells[what]) for what in ("full", "first", "last"))
            names = names_of(full, first, last)
            found[row] = person(
                "".join(cells["number"][:1]), cells["id"] + cells["number"], cells["mail"], names
            )
        return found

    def column(self, names: list[str], told: str | None) -> int | None:
        """The column for a set's marks.

        Args:
            names: what the set is called.
            told: the column's name, if the teacher said it.

        Raises:
            TableError: if there are several, or none that is called as the teacher said.
        """
        own = {n for some in self._columns.values() for n in some}
        heads = {
            n: head
            for n, head in enumerate(self.table.head)
            if n not in own and head and not NOT_MARKS.search(head)
        }
        if told is not None:
            fits = [n for n, head in heads.items() if told.strip() == head]
            fits = fits or [n for n, head in heads.items() if plain(told) in plain(head)]
        elif self.worksheet:
            fits = [n for n, head in heads.items() if plain(head) == "grade"]
        else:
            called = {plain(name) for name in names}
            fits = [n for n, head in heads.items() if any(one in plain(head) for one in called)]
        if len(fits) > 1 or (told is not None and not fits):
            raise TableError(
                f"{self.shown} has {'several columns' if fits else 'no column'} for "
                f"{told or names[0]}: name it with --column; there are: {self.listed(heads)}."
            )
        return fits[0] if fits else None

    def listed(self, heads: dict[int, str] | None = None) -> str:
        own = {n for some in self._columns.values() for n in some}
        every = heads or {n: one for n, one in enumerate(self.table.head) if n not in own}
        return ", ".join([one for one in every.values() if one][:30])

    def most(self, column: int, row: int) -> float | None:
        """The most points that the platform gives in a cell, if the table says it."""
        texts = [found[1] for found in [MOST_POINTS.search(self.table.head[column])] if found]
        for other in range(1, min(4, len(self.table.rows))):
            if "points possible" in self.table.text(other, 0).casefold():
                texts.append(self.table.text(other, column))
        for n, head in enumerate(self.table.head):
            if self.worksheet and plain(head) in ("maximumgrade", "maximummark"):
                texts.append(self.table.text(row, n))
        for text in texts:
            if re.fullmatch(r"\d+(?:[.,]\d+)?", text):
                return float(text.replace(",", "."))
        return None

    def _cells(self, row: int, what: str) -> list[str]:
        return [self.table.text(row, column) for column in self._columns[what]]
