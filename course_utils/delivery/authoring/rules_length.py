"""Rules about how much a lesson asks of its reader: one story, in one sitting."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from course_utils.delivery.authoring.rules import Rule, code_cells, prose, tags
from course_utils.delivery.authoring.rules_shape import PREDICT
from course_utils.delivery.authoring.teaching.sections import words

WORDS_A_MINUTE, LINES_A_MINUTE = 200, 10
MOST_MINUTES, MOST_PREDICTIONS = 45, 10


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
    """At most 45 minutes and ten predictions."""
    minutes, asked = reading_minutes(notebook), predictions_asked(notebook)
    if minutes > MOST_MINUTES:
        yield (
            f"it takes {minutes:.0f} minutes to read ({WORDS_A_MINUTE} words or {LINES_A_MINUTE} "
            f"lines of code a minute); at most {MOST_MINUTES}: what does not serve the story goes"
        )
    if asked > MOST_PREDICTIONS:
        yield f"it asks for {asked} predictions; at most {MOST_PREDICTIONS}"


RULES: dict[str, Rule] = {"length": length}
