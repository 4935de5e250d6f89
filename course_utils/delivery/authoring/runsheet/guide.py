"""What docs/teach says of a plan's lessons: beliefs, mistakes, what to cut, what fails."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from course_utils.delivery.authoring.document import ROOT

FOLDER = ROOT / "docs" / "teach"
PART = re.compile(r"^## (.+)$", re.M)
BLOCK = re.compile(r"<!-- begin mistake (?P<task>\w+): (?P<name>[^\n]+?) -->.*?<!-- end -->", re.S)
BELIEF = re.compile(r"\*\*\"(.+?)\"\*\*(.*?)(?=\*\*\"|<!-- begin|\Z)", re.S)
ASK = re.compile(r"Ask: \*(.+?)\*(?!\*)", re.S)
SAID = re.compile(
    r"^\| at \| say \| goes wrong \|\n\|[ :|-]+\|\n(?P<rows>(?:\|.*\|\n)+)", re.MULTILINE
)
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


class Trouble(NamedTuple):
    """What people believe or do wrong, and the question by which they find out ("" for none)."""

    what: str
    ask: str


def parts(text: str) -> dict[str, str]:
    """The sections of a page by title, as they stand."""
    pieces = PART.split(text)
    return {title: body.strip() for title, body in zip(pieces[1::2], pieces[2::2], strict=True)}


def beliefs(number: str) -> list[Trouble]:
    """What people believe at the beginning of a lesson such as "04"."""
    return [Trouble(f"“{one[1]}”", _ask(one[2])) for one in BELIEF.finditer(_wrong(number))]


def mistakes(number: str, tasks: Iterable[str]) -> list[Trouble]:
    """What people do wrong in these tasks of a set: as its lesson's page has it, with a question,
    or as the page of all mistakes, with what the learner is told.
    """
    text, found, tasks = _wrong(number), [], list(tasks)
    blocks = list(BLOCK.finditer(text))
    ends = [one.start() for one in blocks[1:]] + [len(text)] * bool(blocks)
    for block, end in zip(blocks, ends, strict=True):
        if block["task"] in tasks:
            found.append(Trouble(block["name"], _ask(text[block.end() : end])))
    return found or [one for task in tasks for one in _known(task)]


def _known(task: str) -> list[Trouble]:
    """The mistakes of a task on the page of all mistakes."""
    part = re.search(rf"\(`{task}`\)\n\n((?:- .+\n)+)", _page("mistakes"))
    found = re.findall(r"^- \*(.+?)\*: (.+)$", part[1], re.M) if part else []
    return [Trouble(name, told.rstrip()) for name, told in found]


def said(plan: str) -> dict[str, tuple[str, str]]:
    """What a plan's page says of its slots by hand: {time: (say, goes wrong)}; often nothing."""
    table = SAID.search(plan)
    rows = [_cells(line) for line in table["rows"].splitlines()] if table else []
    return {at: (say, wrong) for at, say, wrong in rows}


def when_late(plan: str) -> str:
    """What a plan says is to be cut, as Markdown without links."""
    return plain(parts(plan).get("When you are late", ""))


def on_the_board(plan: str) -> str:
    """What a plan has written on the board, as Markdown without links."""
    return plain(parts(plan).get("On the board", ""))


def when_failing() -> str:
    """What to do when the network or a machine fails, as Markdown without links."""
    return plain(parts(_page("evening")).get("When something fails", ""))


def checklist() -> str:
    """What to tick off before a class, as Markdown."""
    return parts(_page("evening"))["Check-list"]


def plain(text: str) -> str:
    """Without links, for paper."""
    return LINK.sub(r"\1", text)


def _wrong(number: str) -> str:
    return parts(_page(number)).get("What people get wrong", "")


def _page(name: str) -> str:
    return Path(FOLDER, f"{name}.md").read_text(encoding="utf-8")


def _ask(text: str) -> str:
    found = ASK.search(text)
    return " ".join(found[1].split()) if found else ""


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
