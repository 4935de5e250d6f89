"""Rules about the shape of a problem set: its head, its tasks, and what stands in each of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.delivery.authoring import rules_output, rules_shape
from course_utils.delivery.authoring.rules import Rule, code_cells, headings, place, tags
from course_utils.delivery.authoring.sets import CHECK, SOLUTION_ONLY, TASK, tasks

FEWEST_TASKS, MOST_TASKS = 2, 6
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
POINTS = re.compile(r"^\*\*Points\.\*\* (\d+) in (\d+) tasks; about (\d+) minutes\.", re.MULTILINE)


class Part(NamedTuple):
    """The cells of one task, from its heading to the next."""

    start: int
    cells: list[NotebookNode]


def parts(notebook: NotebookNode) -> list[Part]:
    starts = [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown" and TASK.search(cell.source)
    ]
    ends = [*starts[1:], len(notebook.cells)]
    return [Part(start, notebook.cells[start:end]) for start, end in zip(starts, ends)]


def head(name: str, notebook: NotebookNode) -> Iterator[str]:
    text = notebook.cells[0].source if notebook.cells else ""
    if f"(../notebooks/{name}.ipynb)" not in text:
        yield f"its first cell must link to its lesson, ../notebooks/{name}.ipynb"
    found, every = POINTS.search(text), tasks(notebook)
    points, minutes = sum(one.points for one in every), sum(one.minutes for one in every)
    right = f"**Points.** {points} in {len(every)} tasks; about {minutes} minutes."
    if not found or [int(part) for part in found.groups()] != [points, len(every), minutes]:
        yield f"its first cell must say '{right}'"


def shape(name: str, notebook: NotebookNode) -> Iterator[str]:
    every = tasks(notebook)
    if not FEWEST_TASKS <= len(every) <= MOST_TASKS:
        yield f"it has {len(every)} tasks; it needs {FEWEST_TASKS} to {MOST_TASKS}"
    if [one.number for one in every] != list(range(1, len(every) + 1)):
        yield "its tasks are not numbered 1, 2, 3 ..."
    second = [heading.text for heading in headings(notebook) if heading.level == 2]
    for text in second:
        if not TASK.match(f"## {text}"):
            yield f"'## {text}' is not of the form '## Task 1 · Title (3 points, 10 minutes)'"
    last = [cell.source for _, cell in code_cells(notebook)][-1:]
    if last != ["progress()"]:
        yield "its last code cell is progress()"


def set_up(name: str, notebook: NotebookNode) -> Iterator[str]:
    found = code_cells(notebook)
    if not found or "setup" not in tags(found[0][1]):
        yield 'its first code cell is a set-up cell: # %% tags=["setup"]'
    for index, cell in found:
        if "setup" in tags(cell) and cell.outputs:
            yield f"{place(index)}: a set-up cell shows nothing"


def answers(name: str, notebook: NotebookNode) -> Iterator[str]:
    for number, part in enumerate(parts(notebook), 1):
        marked = [cell for cell in part.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        if len(marked) != 1:
            yield f'task {number}: {len(marked)} answer cells; it needs one: # %% answer="..."'
            continue
        if not any(SOLUTION_ONLY in tags(cell) for cell in part.cells):
            yield f"task {number}: its solution is not explained, in a cell tagged {SOLUTION_ONLY}"
        if marked[0].cell_type == "code":
            problem = marked[0].metadata.nbgrader.grade_id
            yield from (f"task {number}: {found}" for found in _code(problem, marked[0].source))
            checked = [
                CHECK.search(cell.source) for cell in part.cells if cell.source.startswith("check(")
            ]
            if [found and found.groups() for found in checked] != [(problem, problem)]:
                yield f'task {number}: it needs one cell check("{problem}", {problem})'


def _code(problem: str, source: str) -> Iterator[str]:
    if source.count(BEGIN) != 1 or source.count(END) != 1:
        yield f"its answer needs one region, from {BEGIN} to {END}"
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == problem:
            if not ast.get_docstring(node):
                yield f"{problem} needs a docstring, with the shapes"
            return
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == problem:
            return
    yield f"its answer defines nothing called {problem}"


RULES: dict[str, Rule] = {
    "title": rules_shape.title,
    "headings": rules_shape.heading_order,
    "line length": rules_shape.line_lengths,
    "alt text": rules_shape.image_texts,
    "head": head,
    "tasks": shape,
    "set-up": set_up,
    "answers": answers,
    **rules_output.RULES,
}
