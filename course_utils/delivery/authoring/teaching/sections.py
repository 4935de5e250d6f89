"""How much there is to read, to predict and to look at in each section of a lesson."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.delivery.authoring.predictions import PREDICTION
from course_utils.delivery.authoring.rules import FENCE, MATHS, tags

OPENING = "Opening"  # title, what you will learn, what you need, and the set-up cell
SECTION = re.compile(r"^## +(.*?)\s*#*\s*$", re.MULTILINE)
IN_OPENING = ("What you will learn", "What you need")
PROMPT = re.compile(r"^\*\*(?:Predict|Question)\.\*\*", re.MULTILINE)
INLINE_MATHS = re.compile(r"\$[^$\n]+\$")
ADDRESS = re.compile(r"\]\([^)]*\)")
TAG = re.compile(r"<[^>\n]+>")
WORD = re.compile(r"\w+(?:[’'.,:/-]\w+)*")
PICTURES = ("image/png", "image/svg+xml", "text/html", "application/vnd.jupyter.widget-view+json")


class Section(NamedTuple):
    """One section of a lesson, between two headings of level 2.

    ``words`` of prose, tables included; ``formulas`` displayed ones; ``lines`` of code that a
    reader sees, without claims and set-up; ``prompts``, predictions and questions;
    ``code`` names the code of all its cells, so that a change is seen.
    """

    title: str
    words: int
    formulas: int
    lines: int
    prompts: int
    figures: int
    claims: int
    cells: tuple[int, ...]
    code: str


def sections(notebook: NotebookNode) -> list[Section]:
    """The sections of an executed lesson, the opening first."""
    return [_section(*part) for part in _parts(notebook)]


def words(text: str) -> int:
    """The words of a markdown text; a formula in a line counts as one, an address not at all."""
    text = MATHS.sub("", FENCE.sub("", text))
    text = INLINE_MATHS.sub("formula", text)
    return len(WORD.findall(TAG.sub("", ADDRESS.sub("]", text))))


def _parts(
    notebook: NotebookNode,
) -> Iterator[tuple[str, list[str], list[tuple[int, NotebookNode]]]]:
    title, texts, codes = OPENING, [], []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            codes += [] if PREDICTION in tags(cell) else [(index, cell)]
            continue
        pieces = SECTION.split(cell.source)
        texts.append(pieces[0])
        for heading, text in zip(pieces[1::2], pieces[2::2]):
            if heading not in IN_OPENING:
                yield title, texts, codes
                title, texts, codes = heading, [], []
            texts.append(text)
    yield title, texts, codes


def _section(title: str, texts: list[str], codes: list[tuple[int, NotebookNode]]) -> Section:
    text = "\n".join(texts)
    cells = [cell for _, cell in codes]
    counted = [
        (*_lines_and_claims(cell.source), "hide-input" in tags(cell))
        for cell in cells
        if "setup" not in tags(cell)
    ]
    sources = "\n".join(cell.source for cell in cells)
    return Section(
        title,
        words(text),
        len(MATHS.findall(text)),
        sum(lines for lines, _, folded in counted if not folded),
        len(PROMPT.findall(text)),
        sum(_pictures(cell) for cell in cells),
        sum(claims for _, claims, _ in counted),
        tuple(index for index, _ in codes),
        hashlib.sha256(sources.encode()).hexdigest()[:8] if codes else "",
    )


def _lines_and_claims(source: str) -> tuple[int, int]:
    lines = claims = 0
    text = source.splitlines()
    for statement in ast.parse(source).body:
        if _is_claim(statement):
            claims += 1
        else:
            first = min([statement.lineno, *(d.lineno for d in _decorators(statement))])
            span = text[first - 1 : statement.end_lineno]
            lines += sum(bool(line.strip()) for line in span)
    return lines, claims


def _decorators(statement: ast.stmt) -> list[ast.expr]:
    return getattr(statement, "decorator_list", [])


def _is_claim(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and getattr(call.func, "id", None) == "claim"


def _pictures(cell: NotebookNode) -> int:
    outputs = cell.get("outputs", [])
    return sum(bool(set(PICTURES) & set(output.get("data", {}))) for output in outputs)
