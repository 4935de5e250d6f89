"""Claims: whose a file is, as far as one thing says so; and how a platform makes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

LONGEST = 1_000  # characters of a path; the rest is a learner's
HIDDEN = re.compile(  # Moodle's word for a learner whose name is not shown, in some languages
    r"(participant|participante|partecipante|teilnehmer(/in|in)?|deelnemer|uczestnik|deltag(er|are)|"
    r"osallistuja|účastník|résztvevő|katılımcı|участник|учасник|参与者|参加者|참가자)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Claim:
    """Whose a file is, as far as one thing says so.

    Attributes:
        who: the name.
        evidence: what says it: the title of a platform, "folder" or "file name".
        number: by which a platform tells people of one name apart.
        scope: for what the number holds: "platform", or "assignment" alone; or "reading", if the
            name can be read in two ways and nobody else may be added to it.
        when: what a platform wrote of the time or the attempt, to be sorted by.
        hidden: whether the platform keeps the name to itself.
        ids: other things that a roster may know the learner by.
    """

    who: str
    evidence: str
    number: str = ""
    scope: str = ""
    when: str = ""
    hidden: bool = False
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Export:
    """All files that were handed in, as paths in parts, and how to look into one of them."""

    places: list[list[str]]
    sets: tuple[str, ...] = ()
    peek: Callable[[list[str]], bytes] = field(default=lambda parts: b"")


@dataclass(frozen=True)
class Layout:
    """A platform's way to write names.

    `pattern` is for a path, from the folder or file that the platform has named; `extra` are files
    that the platform adds; `read` makes claims of all matches if more is needed than the groups.
    """

    name: str
    title: str
    pattern: re.Pattern
    scope: str = ""
    extra: re.Pattern = re.compile(r"(?!)")
    read: Callable[[Layout, Export, list[re.Match]], list[Claim | None]] | None = None

    def claims(self, export: Export, level: int) -> list[Claim | None]:
        """The claim of each place, read from this level of folders; None for what does not fit."""
        texts = ["/".join(parts[level:])[:LONGEST] for parts in export.places]
        matches = [self.pattern.fullmatch(text) if text else None for text in texts]
        found = [match for match in matches if match]
        read = iter((self.read or plainly)(self, export, found))
        return [next(read) if match else None for match in matches]

    def adds(self, parts: list[str], level: int) -> bool:
        """Whether a file is the platform's own."""
        return self.extra.fullmatch("/".join(parts[level:])) is not None


def sortable(text: str | None) -> str:
    """A number or a moment so that "10" comes after "9"; "" stays that."""
    return text.zfill(20) if text else ""


def plainly(layout: Layout, export: Export, matches: list[re.Match]) -> list[Claim | None]:
    """What the groups of the pattern say."""
    made = []
    for match in matches:
        groups = match.groupdict()
        who, number = groups["who"], groups.get("number") or ""
        made.append(
            Claim(
                who=who.strip(),
                evidence=layout.title,
                number=number,
                scope=layout.scope if number else "",
                when=sortable(groups.get("when")),
                hidden=layout.name == "moodle" and bool(HIDDEN.fullmatch(who.strip())),
                ids=tuple(filter(None, [groups.get("login"), number])),
            )
        )
    return made
