"""Rules about how much a lesson asks of its reader: one story, in one sitting."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from course_utils.authoring.rules import Rule, code_cells, prose, tags
from course_utils.authoring.rules_shape import PREDICT
from course_utils.authoring.teaching.sections import words

WORDS_A_MINUTE, LINES_A_MINUTE = 200, 10
MOST_MINUTES, MOST_PREDICTIONS = 45, 10
# Lessons that are still too long. A lesson leaves this list when it is cut and never comes back.
TOO_LONG = ("08_keras_argument_by_argument",)


def reading_minutes(notebook: NotebookNode) -> float:
    """Minutes to read a lesson's prose and the code that is not folded, without running it."""
    read = sum(words(prose(cell)) for cell in notebook.cells if cell.cell_type == "markdown")
    lines = sum(
        len([line for line in cell.source.splitlines() if line.strip()])
        for _, cell in code_cells(notebook)
        if not {"hide-input", "remove-input"} & set(tags(cell))
    )
    return read / WORDS_A_MINUTE + lines / LINES_A_MINUTE


def predictions_asked(notebook: NotebookNode) -> int:
    """How many predictions a lesson asks for, answered in place or only thought about."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return sum(len(PREDICT.findall(text)) for text in texts)


def length(name: str, notebook: NotebookNode) -> Iterator[str]:
    """At most 45 minutes and ten predictions, unless the lesson is on the list, if and only if."""
    minutes, asked = reading_minutes(notebook), predictions_asked(notebook)
    found = []
    if minutes > MOST_MINUTES:
        found.append(
            f"it takes {minutes:.0f} minutes to read ({WORDS_A_MINUTE} words or {LINES_A_MINUTE} "
            f"lines of code a minute); at most {MOST_MINUTES}: what does not serve the story goes"
        )
    if asked > MOST_PREDICTIONS:
        found.append(f"it asks for {asked} predictions; at most {MOST_PREDICTIONS}")
    if name not in TOO_LONG:
        yield from found
    elif not found:
        yield "it is no longer too long: take it off TOO_LONG (rules_length.py)"


RULES: dict[str, Rule] = {"length": length}
