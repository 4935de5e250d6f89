"""What a page of the guide says, taken apart."""

from __future__ import annotations

import re

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
MENTION = re.compile(r"\[(\d\d)\]\(\d\d\.md\)|§ \*((?:[^*\\]|\\.)+)\*")
CLAIM = re.compile(r"^\s*> ✓ (.+)$", re.MULTILINE)
PRINTED = re.compile(r"[Pp]rinted: `([^`]+)`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"`(course|make) ([a-z-]+)([^`]*)`")
OPTION = re.compile(r"--[a-z-]+")


def parts(text: str) -> dict[str, str]:
    """The sections of level 2 of a page."""
    pieces = HEADING.split(text)
    return dict(zip(pieces[1::2], pieces[2::2]))


def mentions(text: str, number: str | None = None) -> list[tuple[str | None, str]]:
    """The sections of lessons that a text names, `§ *Title*`, each with its lesson.

    A section belongs to the lesson linked before it in the same paragraph or row, else to `number`.
    """
    found = []
    for line in text.split("\n\n") if number else text.splitlines():
        lesson = number
        for match in MENTION.finditer(line):
            if match[1]:
                lesson = match[1]
            else:
                title = " ".join(match[2].replace("\\", "").split())
                found.append((lesson, title))
    return found


def claims(text: str) -> list[str]:
    return CLAIM.findall(text)


def anchor(heading: str) -> str:
    """The anchor that GitHub and the site give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
