"""A teacher's list of learners: any table with names, and with numbers, log-ins or addresses."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading.claims import Claim
from course_utils.delivery.grading.names import as_name, letters, words_of_name

HEADS = {
    "learner", "student", "student_id", "id", "user", "username", "name", "email", "mail",
    "full name", "first name", "last name", "surname", "identifier", "id number", "login",
    "email address", "participant", "sis user id", "sis login id", "user_id", "number", "netid",
    "login id", "sid", "eid", "orgdefinedid", "firstname", "lastname", "group", "section",
}  # fmt: skip
NAMES = {"learner", "student", "name", "full name", "first name", "last name", "surname",
         "firstname", "lastname"}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A learner of the roster: `row` is the name in all tables."""

    row: str
    names: tuple[str, ...]
    ids: frozenset[str]


class Roster:
    """The learners of a class."""

    def __init__(self, people: list[Person]):
        self.people = people
        self.by_id = defaultdict(list)
        self.by_name = defaultdict(list)
        for person in people:
            for one in person.ids:
                self.by_id[one].append(person)
            for key in {key for name in (person.row, *person.names) for key in keys_of(name)}:
                self.by_name[key].append(person)

    @property
    def rows(self) -> list[str]:
        return [person.row for person in self.people]

    def find(self, claim: Claim) -> tuple[list[Person], str]:
        """Who may be meant, and by what they were found: "number", "name" or ""."""
        ids = [claim.number, *claim.ids]
        if claim.scope == "assignment" and claim.number:
            ids = [f"participant {claim.number}"]  # as in Moodle's grading worksheet
        for one in filter(None, ids):
            if len(found := self.by_id.get(one.casefold(), [])) == 1:
                return found, "number"
        for one in [claim.who, *claim.who.partition("-")[2:]]:  # Moodle: "Group A-Ada Lovelace"
            for key in keys_of(one):
                if found := self.by_name.get(key):
                    return found, "name"
            if len(found := self.by_id.get(one.casefold(), [])) == 1:
                return found, "number"
        return [], ""

    def knows(self, name: str) -> bool:
        """Whether a text is the name of a learner."""
        return bool(self.find(Claim(name, ""))[0])


def keys_of(name: str) -> list[tuple[str, ...]]:
    """By what a name is found, the surest first: as a row, its words in any order, its letters."""
    words = words_of_name(name)
    return [(as_name(name), "row"), words, (letters(name), "letters")] if words else []


def read_roster(path: Path) -> Roster:
    """The roster in a file: one learner in each line, the name first, under a heading or not.

    Two learners of one name are told apart by the next column that differs.

    Raises CourseError if it is no table, if it names nobody, or if two cannot be told apart.
    """
    rows = table(path)
    heads = [cell.casefold() for cell in rows[0]] if rows else []
    headed = bool(heads) and (heads[0] in HEADS or len(HEADS & set(heads)) > 1)
    heads = heads if headed else []
    lines = [row for row in rows[headed:] if row and row[0]]
    names = columns_of_names(heads)
    shown = [" ".join(row[n] for n in names if n < len(row)).strip() or row[0] for row in lines]
    count, people = Counter(map(as_name, shown)), []
    for row, name in zip(lines, shown):
        others = [cell for number, cell in enumerate(row) if number not in names and cell]
        own = as_name(name)
        if count[own] > 1:
            telling = next((one for one in others if not re.search(r"\s", one)), "")
            own = as_name(f"{name[:60]}_{telling}") if telling else own
        full = [cell for head, cell in zip(heads, row) if head in NAMES and cell]
        parts = (name, *full, " ".join(full)) if full else (name,)
        people.append(Person(own, parts, frozenset(map(str.casefold, others + mailed(others)))))
    rows = Counter(one.row for one in people)
    if twice := dict.fromkeys(as_name(one.names[0]) for one in people if rows[one.row] > 1):
        raise CourseError(
            f"{path} names {', '.join(list(twice)[:5])} more than once (blanks and signs count as "
            "_): give each learner a name of their own, the same as in submissions, or a column "
            "with their numbers."
        )
    if not people:
        raise CourseError(
            f"{path} names no learner: it needs one in the first column of each line."
        )
    return Roster(people)


def columns_of_names(heads: list[str]) -> list[int]:
    """The column with whole names, or those with first and last names; else the first."""
    for wanted in (["full name"], ["learner"], ["student"], ["name"], ["first name", "last name"],
                   ["first name", "surname"], ["firstname", "lastname"]):  # fmt: skip
        if all(one in heads for one in wanted):
            return [heads.index(one) for one in wanted]
    return [0]


def mailed(cells: list[str]) -> list[str]:
    """What stands before the @ of addresses."""
    return [cell.partition("@")[0] for cell in cells if "@" in cell]


def table(path: Path) -> list[list[str]]:
    """A CSV with commas, semicolons or tabs. Raises CourseError if it is none in UTF-8."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = next((line for line in text.splitlines() if line.strip()), "")
        comma = max(",;\t", key=first.count)
        rows = csv.reader(text.splitlines(), delimiter=comma)
        return [[cell.strip() for cell in row] for row in rows if any(map(str.strip, row))]
    except (UnicodeDecodeError, csv.Error):
        raise CourseError(f"{path} is no table in UTF-8: save it as CSV.") from None
