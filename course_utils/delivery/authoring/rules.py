"""What all rules share: how a finding is put, and how cells are named and read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from nbformat import NotebookNode

Found = Iterator[tuple[str, str]]
Rule = Callable[[str, NotebookNode], Iterator[str]]  # (name of the lesson, notebook) -> messages

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
MATHS = re.compile(r"\$\$.*?\$\$", re.DOTALL)
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$", re.MULTILINE)


class Finding(NamedTuple):
    """One thing that is wrong with a lesson."""

    lesson: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.lesson} [{self.rule}] {self.message}."


class Heading(NamedTuple):
    cell: int
    level: int
    text: str


def place(index: int) -> str:
    """How a message names a cell: counted from 1, as a reader counts."""
    return f"cell {index + 1}"


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return [(k, cell) for k, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def prose(cell: NotebookNode) -> str:
    """The text of a markdown cell without code blocks and displayed formulas."""
    return MATHS.sub("", FENCE.sub("", cell.source))


def headings(notebook: NotebookNode) -> list[Heading]:
    return [
        Heading(index, len(match[1]), match[2])
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for match in HEADING.finditer(prose(cell))
    ]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def exempt(cell: NotebookNode) -> bool:
    """Whether a cell's output is, for a stated reason, not compared (see the rule "exemptions")."""
    return bool({"nbval-ignore-output", "nbval-skip"} & set(tags(cell)))


def output_texts(cell: NotebookNode) -> Iterator[str]:
    """Every text that a cell's outputs show a reader, pictures apart."""
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            yield output.text
        for kind, data in output.get("data", {}).items():
            if kind.startswith("text/") and isinstance(data, str):
                yield re.sub(r"base64,[A-Za-z0-9+/=\s]+", "", data)


def plain_texts(cell: NotebookNode) -> Iterator[str]:
    """Every text that is shown as it is: printed, or a result without a picture or HTML."""
    for output in cell.get("outputs", []):
        kinds = set(output.get("data", {}))
        if output.output_type == "stream":
            yield output.text
        elif "text/plain" in kinds and not any(
            k.startswith(("image/", "text/html")) for k in kinds
        ):
            yield output.data["text/plain"]
