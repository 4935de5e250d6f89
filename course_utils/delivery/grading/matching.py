"""Which learner of the class a row of a platform's table is: by what both say, not by guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from course_utils.delivery.grading.names import as_name
from course_utils.delivery.grading.origins import CANVAS, MOODLE, Origin


@dataclass(frozen=True)
class Person:
    """What a row says of somebody, or a class of a learner; all keys in a form for comparing.

    Attributes:
        number: by which the platform calls them in its own files.
        ids: user names and other ids.
        mails: addresses.
        names: full names, in both orders.
    """

    number: str = ""
    ids: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


@dataclass
class Matched:
    """The row of each learner; who is in none, and who fits several."""

    rows: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Letters and digits alone, without accents: so platforms squeeze names into file names."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if letter.isalnum())


def key(text: str) -> str:
    return as_name(text).casefold()


def names_of(full: str, first: str = "", last: str = "") -> frozenset[str]:
    """All ways in which a name can be squeezed, as nobody says which word is the family's name."""
    words = [plain(word) for word in re.split(r"[\s,_]+", full) if plain(word)]
    turned = {"".join(words[n:] + words[:n]) for n in range(min(len(words), 6))}
    return frozenset({*turned, plain(first + last), plain(last + first)} - {""})


def learner(name: str, origin: Origin | None) -> Person:
    """What is known of a learner: the name in the class, and the platform's, of their file."""
    number, called = "", name
    for part in origin.place.split("/") if origin else ():
        if match := MOODLE.match(part) or CANVAS.match(part):
            number, called = match["number"], match["who"]
            break
    mail = {name.casefold()} if "@" in name else set()
    return Person(
        number, frozenset({key(name)}), frozenset(mail), names_of(called) | names_of(name)
    )


def match(learners: Mapping[str, Person], rows: Mapping[int, Person]) -> Matched:
    """The row of each learner, by the strongest of what agrees, if it fits no other.

    A platform's number counts only if the names agree, where both have one: Moodle's numbers are
    others in each assignment.
    """
    found, taken, doubtful = Matched(), set(), set()
    for way in (_by_number, _by_id, _by_mail, _by_mailbox, _by_name):
        theirs = {name: way(one) for name, one in learners.items()}
        there = {row: way(one) for row, one in rows.items()}
        for name, keys in theirs.items():
            if name in found.rows:
                continue
            fits = {row for row, own in there.items() if own & keys}
            if way is _by_number:
                fits = {row for row in fits if _agree(learners[name], rows[row])}
            rivals = {one for one, own in theirs.items() for row in fits if own & there[row]}
            if len(fits) == 1 and rivals == {name} and not fits & taken:
                found.rows[name] = fits.pop()
            elif fits:
                doubtful.add(name)
        taken |= set(found.rows.values())
    found.several = sorted(doubtful - set(found.rows))
    found.missing = sorted(set(learners) - set(found.rows) - doubtful)
    return found


def _by_number(one: Person) -> frozenset[str]:
    return frozenset({one.number} - {""})


def _by_id(one: Person) -> frozenset[str]:
    return one.ids


def _by_mail(one: Person) -> frozenset[str]:
    return one.mails | frozenset(key(mail) for mail in one.mails)


def _by_mailbox(one: Person) -> frozenset[str]:
    """What stands before the @; of learners, their names in the class."""
    boxes = (re.sub(r"@.*", "", mail) for mail in one.mails)
    return frozenset(map(key, boxes)) if one.mails else one.ids


def _by_name(one: Person) -> frozenset[str]:
    return one.names


def _agree(one: Person, row: Person) -> bool:
    blind = {f"{name}{one.number}" for name in one.names}  # "Participant 12"
    return not row.names or bool(row.names & (one.names | blind))


def person(number: str, ids: Iterable[str], mails: Iterable[str], names: frozenset[str]) -> Person:
    """Of a row, from its cells."""
    digits = re.search(r"\d+$", number.strip())
    return Person(
        digits[0] if digits else "",
        frozenset(key(one) for one in ids if one.strip()),
        frozenset(one.strip().casefold() for one in mails if "@" in one),
        names,
    )
