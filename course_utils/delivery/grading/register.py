"""Who is who in a class, over sets and downloads: people.json in its folder.

A row of the table of marks is one person. Each row has the keys by which the person was met, so
the same file finds the same row again, and namesakes keep their own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from course_utils import CourseError
from course_utils.delivery.grading.claims import Claim
from course_utils.delivery.grading.names import as_name, printable
from course_utils.delivery.grading.roster import Roster
from course_utils.delivery.grading.safely_read import write_below

FILE = "people.json"
Key = str


@dataclass
class Row:
    """A person: the name as it was met first, and the keys of all claims that are theirs."""

    name: str
    keys: list[Key] = field(default_factory=list)


@dataclass
class Register:
    """What is known of the people of a class.

    Attributes:
        rows: by the name in the table.
        expected: the rows of the roster.
        instead: for each set and row a sentence on what was handed in that is no notebook.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    expected: list[str] = field(default_factory=list)
    instead: dict[str, dict[str, str]] = field(default_factory=dict)
    by_name_alone: dict[str, list[str]] = field(default_factory=dict, repr=False)
    reserved: list[str] = field(default_factory=list, repr=False)  # for those in the roster

    @classmethod
    def load(cls, folder: Path) -> Register:
        """The register of a class; an empty one if there is none.

        Raises CourseError if it is damaged.
        """
        path = folder / FILE
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            rows = {name: Row(one["name"], list(one["keys"])) for name, one in data["rows"].items()}
            made = cls(rows, list(data.get("expected", ())), dict(data.get("instead", {})))
        except (FileNotFoundError, NotADirectoryError):
            made = cls()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise CourseError(
                f"{path} is damaged: restore it from a copy, or delete it; without it, people of "
                "one name may get other rows."
            ) from None
        submitted = folder / "submitted"
        for own in sorted(submitted.iterdir()) if submitted.is_dir() else []:
            if own.name == as_name(own.name):
                made.rows.setdefault(own.name, Row(own.name))
        return made

    def save(self, folder: Path) -> None:
        data = {
            "rows": {name: vars(row) for name, row in sorted(self.rows.items()) if row.keys},
            "expected": self.expected,
            "instead": self.instead,
        }
        write_below(folder, [FILE], (json.dumps(data, indent=1) + "\n").encode())

    def missing(self, name: str, found: list[str]) -> dict[str, str]:
        """The rows without a notebook of a set that learners `found` have, each with a sentence."""
        told = dict.fromkeys(self.expected, f"Nothing of {name} was handed in.")
        told |= self.instead.get(name, {})
        return {row: why for row, why in told.items() if row not in found}

    @property
    def people(self) -> set[str]:
        """Everybody who has handed something in, or is in the roster."""
        return {*self.rows, *self.expected}

    def knows(self, name: str) -> bool:
        """Whether somebody of this name has handed in before."""
        return any(name in (row.name, own) for own, row in self.rows.items())

    def assign(
        self, claims: list[Claim], assignment: str, roster: Roster | None = None
    ) -> tuple[dict[Claim, str], list[str]]:
        """The row of each claim of one export; new people get new ones.

        Args:
            claims: each different one, once.
            assignment: the set for which numbers of a single assignment hold.
            roster: who there is.

        Returns:
            The rows, and a sentence on everything that is not plain.
        """
        found: dict[Claim, str] = {}
        said: list[str] = []
        keys = {claim: key_of(claim, assignment) for claim in claims}
        listed, unsure = from_roster(claims, keys, roster, said)
        self.reserved = roster.rows if roster else []
        alike: dict[str, set[Key]] = defaultdict(set)
        for claim in claims:
            alike[claim.who].add(keys[claim])
        for claim in {one.who: one for one in claims if len(alike[one.who]) > 1}.values():
            if not claim.hidden and claim not in listed:
                said.append(
                    f"{len(alike[claim.who])} learners are called {printable(claim.who)}: "
                    f"{claim.evidence}'s numbers tell them apart here. {how_to_tell(claim)}"
                )
        by_key = {key: own for own, row in self.rows.items() for key in row.keys}
        for claim in sorted(claims, key=lambda one: (keys[one], one.when)):
            key = keys[claim]
            if claim in listed:
                own = listed[claim]
                if by_key.get(key, own) != own:
                    said.append(f"{by_key[key]} is {own} by the roster.")
                    self.rows[by_key[key]].keys.remove(key)
            elif key in by_key:
                own = by_key[key]
            else:
                others = {own for one, own in found.items() if one.who != claim.who}
                own = self.new_or_known(claim, key, len(alike[claim.who]) > 1, others, said)
            if roster and claim not in listed and claim not in unsure:
                said.append(f"{own} is not in the roster.")
            row = self.rows.setdefault(own, Row(claim.who))
            row.keys += [key] * (key not in row.keys)
            by_key[key] = found[claim] = own
        said += [about_same_names(rows, why) for why, rows in self.by_name_alone.items()]
        self.by_name_alone.clear()
        return found, list(dict.fromkeys(said))

    def new_or_known(
        self, claim: Claim, key: Key, several: bool, others: set[str], said: list[str]
    ) -> str:
        """The row of somebody whose key was not met before; `others` have theirs already."""
        plain, numbered = as_name(claim.who), as_name(f"{claim.who[:60]}_{claim.number}")
        if claim.hidden or claim.scope == "reading":
            shown = claim.number in claim.who or claim.scope == "reading"
            return self.free(plain if shown else numbered, key, said)
        same = [own for own in self.rows if own not in others and self.is_called(own, claim)]
        if not same:
            return self.free(numbered if several and claim.number else plain, key, said)
        taken = any(clash(key, one) for one in self.rows[same[0]].keys)
        if len(same) == 1 and not taken and not (several and claim.number):
            if claim.number and self.rows[same[0]].keys:
                self.by_name_alone.setdefault(how_to_tell(claim), []).append(same[0])
            return same[0]
        own = self.free(numbered if claim.number else plain, key, [])
        if not several:
            said.append(
                f"{len(same) + 1} learners are called {printable(claim.who)}: the new row {own} is "
                f"not added to {', '.join(same[:3])}. {how_to_tell(claim)}"
            )
        return own

    def is_called(self, own: str, claim: Claim) -> bool:
        """Whether the person of a row has the name of a claim.

        What the teacher has named may also bear the name of the row, or be the class itself.
        """
        row = self.rows[own]
        by_hand = not claim.number and claim.who == own
        return row.name == claim.who or by_hand or (not row.keys and own == as_name(claim.who))

    def free(self, own: str, key: Key, said: list[str]) -> str:
        """A row that nobody else has; names that differ in signs alone get different ones."""
        taken = {*self.rows, *self.reserved}
        alike = sorted(name for name in taken if name.casefold() == own.casefold())
        if not alike:
            return own
        mark = sha256(key.encode("utf-8", "replace")).hexdigest()[:6]
        other = as_name(f"{own[:60]}_{mark}")
        said.append(f"{other} is somebody else than {alike[0]}, as far as their names tell.")
        return other


def key_of(claim: Claim, assignment: str) -> Key:
    """What stays the same of a person from one export to the next."""
    if claim.scope in ("platform", "reading"):
        return f"{claim.evidence}\t{claim.number}"
    if claim.scope == "assignment":
        return f"{claim.evidence}\t{claim.number}\t{assignment}\t{claim.who}"
    return f"name\t{claim.who}"


def clash(key: Key, other: Key) -> bool:
    """Whether two different keys cannot be one person's: two numbers in one place."""
    if key == other or key.startswith("name\t") or other.startswith("name\t"):
        return False
    (own, *rest), (theirs, *others) = key.split("\t"), other.split("\t")
    if own != theirs or len(rest) != len(others):
        return False
    return len(rest) == 1 or rest[1] == others[1]


def about_same_names(rows: list[str], why: str) -> str:
    """A sentence on those who were added to earlier rows because of their names alone."""
    shown = f"{', '.join(rows[:3])}{f' and {len(rows) - 3} more' if len(rows) > 3 else ''}"
    return f"Taken for learners of the same name in other sets: {shown}. {why}"


def how_to_tell(claim: Claim) -> str:
    if claim.scope == "assignment":
        return (
            f"{claim.evidence}'s numbers are of one assignment alone; --roster with its grading "
            "worksheet tells who is who."
        )
    return "--roster with their numbers tells who is who."


def from_roster(
    claims: list[Claim], keys: dict[Claim, Key], roster: Roster | None, said: list[str]
) -> tuple[dict[Claim, str], set[Claim]]:
    """The rows of the roster that are sure, and the claims of which it was said why not."""
    if roster is None:
        return {}, set()
    listed: dict[Claim, str] = {}
    unsure: set[Claim] = set()
    found = {claim: roster.find(claim) for claim in claims}
    by_number = any(how == "number" for _, how in found.values())
    for claim, (people, how) in found.items():
        if how == "name" and by_number and claim.scope == "platform":
            continue  # who has a number that is not in the roster may have any name
        if len(people) > 1:
            unsure.add(claim)
            said.append(
                f"{printable(claim.who)} may be {' or '.join(one.row for one in people[:4])} of "
                "the roster: it needs a column with their numbers."
            )
        elif people:
            listed[claim] = people[0].row
    for row in dict.fromkeys(listed.values()):
        same = [claim for claim, own in listed.items() if own == row]
        guessed = [claim for claim in same if found[claim][1] == "name"]
        shown = " and as ".join(printable(claim.who) for claim in same)
        if len({keys[claim] for claim in guessed}) > 1:
            said.append(f"{row} of the roster is named as {shown}: kept apart.")
            unsure |= set(guessed)
            for claim in guessed:
                del listed[claim]
        elif len({keys[claim] for claim in same}) > 1:
            said.append(f"{row} of the roster is named as {shown}: taken for one person.")
    return listed, unsure
