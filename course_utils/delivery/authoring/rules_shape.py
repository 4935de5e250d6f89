"""Rules about the shape of a lesson: its sections, prompts and cells."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from nbformat import NotebookNode

from course_utils.delivery.authoring.document import OPENING
from course_utils.delivery.authoring.predictions import PREDICTION
from course_utils.delivery.authoring.rules import Rule, code_cells, headings, place, prose, tags
from course_utils.lines import WIDTH

LEARN, NEED, RECAP, NEXT = (
    "What you will learn",
    "What you need",
    "Recap",
    "Where to go next",
)
TIME = re.compile(r"^\*\*Time\.\*\* About \d+ minutes; its cells run in \d+ s(econds)?\.", re.M)
QUESTION = re.compile(r"^\*\*Question\.\*\*(.*)$", re.M)
PREDICT = re.compile(r"^\*\*Predict\.\*\*(.*?)(?:\n\s*\n|\Z)", re.M | re.S)

MEDIAN_LINES, MOST_LINES = 7, 20  # folded cells, such as claims, not counted
FEWEST_PREDICTIONS = 2


def title(name: str, notebook: NotebookNode) -> Iterator[str]:
    found = [heading for heading in headings(notebook) if heading.level == 1]
    if len(found) != 1:
        yield f"it has {len(found)} headings of level 1 (# ...); it needs one, its title"
    number = name.split("_")[0]
    if found and (found[0].cell != 0 or not found[0].text.startswith(f"{number} · ")):
        yield f"its first cell must begin with the title '# {number} · ...'"


def heading_order(name: str, notebook: NotebookNode) -> Iterator[str]:
    found = headings(notebook)
    for before, after in pairwise(found):
        if after.level > before.level + 1:
            yield (
                f"{place(after.cell)}: '{after.text}' jumps from heading level {before.level} "
                f"to {after.level}"
            )
    for text, count in Counter(heading.text for heading in found).items():
        if count > 1:
            yield f"the heading '{text}' stands {count} times: links to it lead to the first"


def sections(name: str, notebook: NotebookNode) -> Iterator[str]:
    second = [heading for heading in headings(notebook) if heading.level == 2]
    names = [heading.text for heading in second]
    for wanted in (LEARN, NEED, RECAP, NEXT):
        if wanted not in names:
            yield f"the section '## {wanted}' is missing"
    if names[:2] != [LEARN, NEED] or names[-2:] != [RECAP, NEXT]:
        yield (
            f"its sections must begin with '## {LEARN}', '## {NEED}' "
            f"and end with '## {RECAP}', '## {NEXT}'"
        )
    if len(names) < 5:
        yield "between them it needs at least one section of its own"
    if not any(TIME.search(cell.source) for cell in notebook.cells):
        yield f"'## {NEED}' must say '**Time.** About 40 minutes; its cells run in 20 s.'"


def predictions(name: str, notebook: NotebookNode) -> Iterator[str]:
    cells = notebook.cells
    markdown = [k for k, cell in enumerate(cells) if cell.cell_type == "markdown"]
    asked = [k for k in markdown if QUESTION.search(cells[k].source)]
    predicted = [k for k in markdown if PREDICT.search(cells[k].source)]
    if len(asked) != 1 or (predicted and asked[0] > predicted[0]):
        yield "it needs one paragraph '**Question.** ...?', before the first '**Predict.**'"
    for index in asked:
        if not any("?" in match[1] for match in QUESTION.finditer(cells[index].source)):
            yield f"{place(index)}: the question has no question mark"
    if len(predicted) < FEWEST_PREDICTIONS:
        yield f"it has {len(predicted)} '**Predict.**' prompts; it needs {FEWEST_PREDICTIONS}"
    for index in predicted:
        matches = list(PREDICT.finditer(cells[index].source))
        if len(matches) > 1:
            yield f"{place(index)}: one '**Predict.**' to a cell"
        if not all("?" in match[1] for match in matches):
            yield f"{place(index)}: a '**Predict.**' asks something: it needs a question mark"
        answers = [one for one in cells[index + 1 :] if PREDICTION not in tags(one)]
        if not answers or answers[0].cell_type != "code":
            yield f"{place(index)}: after a '**Predict.**' comes the cell that answers it"
        later = [k for k in markdown if k > index]
        if not later or PREDICT.match(cells[later[0]].source):
            yield f"{place(index)}: what the '**Predict.**' asked for is never explained"


def cell_lengths(name: str, notebook: NotebookNode) -> Iterator[str]:
    lengths = []
    for index, cell in code_cells(notebook):
        if {"hide-input", PREDICTION} & set(tags(cell)):
            continue  # folded: the reader sees its figure, or what there is to choose
        lines = [line for line in cell.source.splitlines() if line.strip()]
        lengths.append(len(lines))
        whole = "whole-class" in tags(cell)
        if whole and not _is_one_class(cell.source):
            yield f"{place(index)}: tagged whole-class, but it is not one class and nothing else"
        if len(lines) > MOST_LINES and not whole:
            yield (
                f"{place(index)}: {len(lines)} lines; at most {MOST_LINES}, "
                "unless it is one class (tag whole-class)"
            )
    if lengths and median(lengths) > MEDIAN_LINES:
        yield f"its code cells have {median(lengths):g} lines (median); at most {MEDIAN_LINES}"


def line_lengths(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in code_cells(notebook):
        for line in cell.source.splitlines():
            if len(line) > WIDTH:
                yield (
                    f"{place(index)}: a line of {len(line)} characters, {line.strip()[:40]!r}: at "
                    f"most {WIDTH} fit the screen. `ruff format` breaks code; break texts by hand"
                )


def _is_one_class(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return len(body) == 1 and isinstance(body[0], ast.ClassDef)


def set_up(name: str, notebook: NotebookNode) -> Iterator[str]:
    found = [one for one in code_cells(notebook) if OPENING not in tags(one[1])]
    tagged = [index for index, cell in found if "setup" in tags(cell)]
    if not found or tagged != [found[0][0]]:
        yield 'the first code cell, and no other, is the set-up cell: # %% tags=["setup"]'
    for index in tagged:
        if notebook.cells[index].outputs:
            yield f"{place(index)}: the set-up cell shows nothing"


def image_texts(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        text = prose(cell)
        for match in re.finditer(r"!\[(.*?)\]\(", text):
            if len(match[1].strip()) < 10:
                yield f"{place(index)}: a picture without a text that says what it shows"
        for match in re.finditer(r"<img\b[^>]*>", text):
            if not re.search(r'\balt="[^"]{10,}"', match[0]):
                yield f"{place(index)}: an <img> without a text that says what it shows"


RULES: dict[str, Rule] = {
    "title": title,
    "headings": heading_order,
    "sections": sections,
    "predict": predictions,
    "cell length": cell_lengths,
    "line length": line_lengths,
    "set-up": set_up,
    "alt text": image_texts,
}
