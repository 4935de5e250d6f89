"""The comments and docstrings of a program, to be said in another language; code stays as it is."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable
from typing import NamedTuple


class Remark(NamedTuple):
    """A comment, or several lines of one, or a docstring: what it says and where it stands.

    `lines` counts from 0, `column` is where its first line begins.
    """

    text: str
    start: int
    end: int
    column: int
    is_comment: bool


def remarks(program: str) -> list[Remark]:
    """In order; comment lines that follow each other are one, paragraphs of a docstring are joined
    by an empty line."""
    return sorted([*_comments(program), *_docstrings(program)], key=lambda one: one.start)


def with_remarks(program: str, translate: Callable[[str], str]) -> str:
    """The program with `translate(text)` in the place of each of its remarks."""
    lines = program.split("\n")
    for one in reversed(remarks(program)):
        head, pad = lines[one.start][: one.column], " " * one.column
        said = translate(one.text)
        if one.is_comment:
            lines[one.start : one.end] = [f"{head}# {said}"]
            continue
        first, *more = said.split("\n")
        if not more:
            lines[one.start : one.end] = [f'{head}"""{first}"""']
            continue
        body = [f"{pad}{line}".rstrip() for line in more]
        lines[one.start : one.end] = [f'{head}"""{first}', *body, f'{pad}"""']
    return "\n".join(lines)


def _comments(program: str) -> list[Remark]:
    found: list[Remark] = []
    for token in tokenize.generate_tokens(io.StringIO(program).readline):
        if token.type != tokenize.COMMENT:
            continue
        (row, column), text = token.start, token.string.lstrip("# ").rstrip()
        alone = not token.line[:column].strip()
        last = found[-1] if found else None
        if alone and last and last.end == row - 1 and last.column == column:
            found[-1] = last._replace(text=f"{last.text} {text}", end=row)
        else:
            found.append(Remark(text, row - 1, row, column, True))
    return found


def _docstrings(program: str) -> list[Remark]:
    found = []
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            here = node.body[0]
            paragraphs = re.split(r"\n\s*\n", ast.get_docstring(node))
            text = "\n\n".join(" ".join(one.split()) for one in paragraphs)
            found.append(Remark(text, here.lineno - 1, here.end_lineno, here.col_offset, False))
    return found
