"""The claims of the lessons, read from their outputs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.authoring.document import LESSONS, ROOT, documents
from course_utils.claims import MARK, whole_lines

LINE = re.compile(
    rf"^{re.escape(MARK)}(?P<text>.*?)"
    r"(?: \[source: (?P<source>[^\];]*)(?:; published: (?P<published>[^\]]*))?\])?$"
)


class Claim(NamedTuple):
    """One claim: lesson, number of its cell (from 1), text, and what it reproduces."""

    lesson: str
    cell: int
    text: str
    source: str | None
    published: str | None


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
    found = []
    for index, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stdout":
                matches = map(LINE.match, whole_lines(output.text))
                found += [Claim(lesson, index, *match.groups()) for match in matches if match]
    return found
