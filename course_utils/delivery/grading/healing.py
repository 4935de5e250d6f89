"""Cells that lost the mark by which a grader knows them, known again by what is left of it.

Some editors drop nbgrader's metadata, or all of it. A cell is then known by its nbformat id, which
the hand-out gave it; an answer in code else by what it defines, and one in words by the heading
above it. Where two cells could be meant, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

DEFINITION = re.compile(
    r"^(?:(?:async +)?def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE
)
HEADING = re.compile(r"^#{1,6} (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Traces:
    """What of a set's notebook tells its answers without nbgrader's metadata.

    Attributes:
        ids: the name of the answer in each cell, by the cell's nbformat id.
        headings: the heading above each answer, by name.
        code: which of the names are answers in code.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    code: frozenset[str] = frozenset()


def traces(cells: Iterable[dict]) -> Traces:
    """The traces of the teacher's cells."""
    ids, headings, code, heading = {}, {}, set(), ""
    for cell in cells:
        own = cell.get("metadata", {}).get("nbgrader", {})
        if own.get("solution"):
            name = own["grade_id"]
            ids[str(cell.get("id"))] = name
            if heading:
                headings[name] = heading
            if cell["cell_type"] == "code":
                code.add(name)
        elif cell["cell_type"] == "markdown":
            heading = heading_in(_text(cell)) or heading
    return Traces(ids, headings, frozenset(code))


class Look(NamedTuple):
    """What is left of a cell without a mark: all that can tell whose answer it is."""

    id: str
    kind: str
    source: str
    defined: frozenset[str]
    heading: str


HIDDEN = Look("", "", "", frozenset(), "")  # a cell that has its mark


def look(id: str, kind: str, source: str) -> Look:
    """What a cell shows."""
    is_code = kind == "code"
    defined = definitions(source) if is_code else frozenset()
    return Look(id, kind, source, defined, "" if is_code else heading_in(source))


def heading_in(text: str) -> str:
    """The first heading of a Markdown cell, without what stands in brackets at its end."""
    found = HEADING.search(text)
    return re.sub(r" ?\([^()]*\)$", "", found[1][:200].strip()) if found else ""


def definitions(source: str) -> frozenset[str]:
    """The names that lines of code at the left margin define, as far as can be seen."""
    return frozenset(one or other for one, other in DEFINITION.findall(source))


def heal(cells: Sequence[Look], known: Traces, missing: set[str]) -> dict[int, tuple[str, str]]:
    """The name of each cell that is an answer though it has no mark, and by what it was told.

    Args:
        cells: all cells; those that have a mark are `HIDDEN`.
        known: the traces of the set.
        missing: the names that no cell bears.
    """
    found: dict[int, tuple[str, str]] = {}
    for number, cell in enumerate(cells):
        name = known.ids.get(cell.id)
        if name in missing and _may_be(name, cell, known):
            found[number] = name, "id"
    for name in sorted(missing - {name for name, _ in found.values()}):
        section = _section(cells, name, known)
        places = [range(len(cells)), section] if name in known.code else [section]
        for where in places:
            fitting = [k for k in where if k not in found and _is_answer(name, cells[k], known)]
            if len(fitting) == 1:
                found[fitting[0]] = name, "definition" if name in known.code else "heading"
                break
    return found


def _may_be(name: str, cell: Look, known: Traces) -> bool:
    """Whether a cell with the right id can be the answer: other programs may use the same ids."""
    if name not in known.code:
        return cell.kind == "markdown"
    return cell.kind == "code" and name in cell.source


def _is_answer(name: str, cell: Look, known: Traces) -> bool:
    if name in known.code:
        return name in cell.defined
    return cell.kind == "markdown" and not cell.heading


def _section(cells: Sequence[Look], name: str, known: Traces) -> range:
    """The cells below the heading of an answer, up to the next heading of the set."""
    every = set(known.headings.values())
    spots = [(number, cell.heading) for number, cell in enumerate(cells) if cell.heading in every]
    mine = [k for k, (_, heading) in enumerate(spots) if heading == known.headings.get(name)]
    if len(mine) != 1:
        return range(0)
    after = spots[mine[0] + 1][0] if mine[0] + 1 < len(spots) else len(cells)
    return range(spots[mine[0]][0] + 1, after)


def _text(cell: dict) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
