"""The claims of the lessons, read from their outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.claims.printed import IDENTITY, LINE, NOTES, Read, read, whole_lines
from course_utils.delivery.authoring.document import LESSONS, ROOT, documents


class Claim(NamedTuple):
    """One claim as its lesson shows it.

    Attributes:
        lesson, cell, text: where it stands, cells counted from 1, and its sentence.
        source, published: the paper that makes this statement, and the paper's own figure.
        spirit: a paper that makes a like one.
        identity: whether it is one.
        found: what was measured, of a measurement.
    """

    lesson: str
    cell: int
    text: str
    source: str | None = None
    published: str | None = None
    spirit: str | None = None
    identity: bool = False
    found: Read | None = None

    @property
    def kind(self) -> str:
        """identity, measurement, published, or "" of a claim in the form of old."""
        if self.identity or self.found:
            return "identity" if self.identity else "measurement"
        return "published" if self.source and self.published else ""


def claims(
    names: Iterable[str] | None = None, *, root: Path = ROOT, folder: str = LESSONS
) -> list[Claim]:
    """Every claim that the committed notebooks show as proved, in order."""
    found = []
    for one in documents(names, root, folder):
        if one.target.exists():
            found += notebook_claims(one.name, one.notebook())
    return found


def notebook_claims(lesson: str, notebook: NotebookNode) -> list[Claim]:
    """The claims that the outputs of a notebook show."""
    found = []
    for index, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stdout":
                matches = map(LINE.match, whole_lines(output.text))
                found += [_claim(lesson, index, match) for match in matches if match]
    return found


def _claim(lesson: str, cell: int, match: re.Match[str]) -> Claim:
    notes = match["notes"].split("; ") if match["notes"] else []
    named = {
        name: note.removeprefix(lead)
        for note in notes
        for name, lead in NOTES.items()
        if note.startswith(lead)
    }
    found = read(match["found"]) if match["found"] else None
    return Claim(lesson, cell, match["text"], identity=IDENTITY in notes, found=found, **named)
