"""Predictions that are answered in place: from a list of choices in the source to a cell.

    # %% [markdown] right=2
    # **Predict.** How much is left after 100 steps?
    #
    # - about a half
    # - less than a thousandth

becomes the paragraph, and a folded cell whose output lets a reader choose. Before `## Recap`
comes one that says how good the predictions of the lesson were.
"""

from __future__ import annotations

import ast
import copy
import json
import re
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from course_utils.predictions import seal

RIGHT = "right"  # the metadata of a prediction with choices: the number of the right one, from 1
PREDICTION = "prediction"  # the tag of the cells made here; their outputs stay in a workbook
CODE = {"tags": [PREDICTION, "remove-input"], "jupyter": {"source_hidden": True}}
ASKED = re.compile(
    r"\A(?P<paragraph>\*\*Predict\.\*\*(?P<question>.*?))\n\s*\n(?P<list>-\s.*)\Z", re.S
)
BEFORE = re.compile(r"\A(?P<text>.*\n\n)?(?=\*\*Predict\.\*\*)", re.S)
ITEM = re.compile(r"^-\s+(.+(?:\n[ \t]+.+)*)$", re.M)
ASIDE = re.compile(r"\s*\([^()]*\)$")  # how long the next cells run
RECAP = re.compile(r"^## Recap$", re.M)
WIDTH = 80


class Asked(NamedTuple):
    """What a prediction asks, and what there is to choose from."""

    question: str
    choices: tuple[str, ...]


class BadPrediction(ValueError):
    """What is wrong with the choices of a prediction, in one sentence."""


def expanded(
    lesson: str, cells: list[tuple[int, NotebookNode]]
) -> Iterator[tuple[int, NotebookNode]]:
    """The cells of a source with those that its predictions need; each with its line.

    Raises BadPrediction, with the line, for one that is not made as above.
    """
    seals: list[str] = []
    for line, cell in cells:
        if RIGHT in cell.metadata:
            try:
                paragraph, asked, right = _read(cell)
                sealed = seal(asked.question, asked.choices, right)
            except ValueError as why:
                raise BadPrediction(f"line {line}: {why}") from None
            seals.append(sealed)
            yield line, paragraph
            yield line, _cell(_call("predict", lesson, asked.question, asked.choices, sealed))
            continue
        recap = RECAP.search(cell.source) if seals and cell.cell_type == "markdown" else None
        if recap is None:
            yield line, cell
            continue
        before, after = cell.source[: recap.start()], cell.source[recap.start() :]
        if before.strip():
            yield line, _with(cell, before.rstrip())
        yield line, _cell(_call("score", lesson, seals))
        yield line + before.count("\n"), _with(cell, after)
        seals = []
    if seals:
        yield cells[-1][0], _cell(_call("score", lesson, seals))


def asked_in(cell: NotebookNode) -> Asked | None:
    """What a cell of a notebook that was made here asks; None for any other."""
    if PREDICTION not in cell.metadata.get("tags", []) or cell.cell_type != "code":
        return None
    call = ast.parse(cell.source).body[-1].value
    if call.func.id != "predict":
        return None
    _, question, choices, _ = map(ast.literal_eval, call.args)
    return Asked(question, tuple(choices))


def _read(cell: NotebookNode) -> tuple[NotebookNode, Asked, int]:
    """The cell without its choices, what it asks, and the number of the right choice."""
    before = BEFORE.match(cell.source)
    start = before.end() if before else 0
    found = ASKED.match(cell.source.rstrip()[start:])
    if cell.cell_type != "markdown" or not found:
        raise ValueError(
            "right= belongs to a markdown cell that ends with '**Predict.** ...?' and, after an "
            "empty line, its choices as a list '- ...'."
        )
    choices = [" ".join(one.split()) for one in ITEM.findall(found["list"])]
    question = ASIDE.sub("", " ".join(found["question"].split()))
    paragraph = _with(cell, cell.source[:start] + found["paragraph"].rstrip())
    del paragraph.metadata[RIGHT]
    return paragraph, Asked(question, tuple(choices)), cell.metadata[RIGHT]


def _with(cell: NotebookNode, source: str) -> NotebookNode:
    other = copy.deepcopy(cell)
    other.source = source
    return other


def _cell(source: str) -> NotebookNode:
    return nbformat.from_dict({"cell_type": "code", "metadata": CODE, "source": source})


def _call(name: str, *arguments: object) -> str:
    """A call that stands on its own, in lines that fit."""
    written = "".join(f"    {_written(one)},\n" for one in arguments)
    return f"from course_utils.predictions import {name}\n\n{name}(\n{written})"


def _written(value: object) -> str:
    if isinstance(value, str):
        pieces = textwrap.wrap(value, WIDTH - 8, drop_whitespace=False) or [""]
        quoted = [json.dumps(piece, ensure_ascii=False) for piece in pieces]
        return quoted[0] if len(quoted) == 1 else "(" + "\n     ".join(quoted) + ")"
    items = "".join(f"        {_written(one)},\n" for one in value)
    return f"[\n{items}    ]"
