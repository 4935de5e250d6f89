"""Problem sets: one source, its executed solutions, and the hand-out that nbgrader makes of it.

In the source, `# %% answer="rnn_step"` marks a cell that a learner fills in. What nbgrader must
know about it and its neighbours is added here: docs/exercises.md tells how a set is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode
from nbformat import from_dict as nodes

from course_utils.delivery.authoring.build import as_written, build_documents, write
from course_utils.delivery.authoring.document import ROOT, AuthoringError, Document, documents
from course_utils.delivery.authoring.rules import prose, tags

SETS, HANDOUTS = "solutions", "exercises"
SOLUTION_ONLY = "solution-only"  # a cell that hand-outs do not have
STARTER = "starter"  # a cell whose code stands in the answer cell of the hand-out, to be mended

TASK = re.compile(
    r"^## Task (?P<number>\d+) · (?P<title>.+?)"
    r" \((?P<points>\d+) points?, (?P<minutes>\d+) minutes\)\s*$",
    re.MULTILINE,
)
CHECK = re.compile(r'^check\("(?P<name>\w+)", (?P<answer>\w+)\)$', re.MULTILINE)

# What stands in a hand-out in place of a solution, in code and in prose.
TO_WRITE = "...  # your code here"
TO_EXPLAIN = "*Write your answer here: double-click, replace this line, Shift+Enter.*"


class Task(NamedTuple):
    """One task of a set, as its heading says it, with the id of its answer for the grader."""

    number: int
    title: str
    points: int
    minutes: int
    answer: str | None  # the name of the problem, or of a written answer
    written: bool  # judged by a human, not by `check`


class ProblemSet(Document):
    """solutions/src/NN_name.py, its notebook in solutions/ and its hand-out in exercises/."""

    @property
    def handout_target(self) -> Path:
        return self.root / HANDOUTS / self.target.name

    def text(self) -> NotebookNode:
        """The notebook as the source says it, with nbgrader's metadata."""
        notebook = super().text()
        points = 0
        setups = 0
        for cell in notebook.cells:
            if found := TASK.search(cell.source) if cell.cell_type == "markdown" else None:
                points = int(found["points"])
            answer = cell.metadata.pop("answer", None)
            checked = CHECK.search(cell.source) if cell.cell_type == "code" else None
            if answer and cell.cell_type == "markdown":
                cell.metadata.nbgrader = _graded(answer, points, solution=True, grade=True)
            elif answer:
                cell.metadata.nbgrader = _graded(answer, solution=True)
            elif checked:
                cell.metadata.nbgrader = _graded(f"{checked['name']}-check", points, grade=True)
            elif "setup" in tags(cell):
                setups += 1
                cell.metadata.nbgrader = _graded("setup" if setups == 1 else f"setup-{setups}")
        return notebook

    def tasks(self) -> list[Task]:
        """The tasks of the set, in order."""
        return tasks(self.text())


def tasks(notebook: NotebookNode) -> list[Task]:
    """The tasks of a set's notebook, with the first answer cell that follows each heading."""
    found: list[Task] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := TASK.search(prose(cell))):
            number, points, minutes = (int(match[k]) for k in ("number", "points", "minutes"))
            found.append(Task(number, match["title"], points, minutes, None, False))
        marked = cell.metadata.get("nbgrader", {})
        if found and marked.get("solution") and found[-1].answer is None:
            answer, written = marked["grade_id"], cell.cell_type == "markdown"
            found[-1] = found[-1]._replace(answer=answer, written=written)
    return found


def problem_sets(names: Iterable[str] | None = None, root: Path = ROOT) -> list[ProblemSet]:
    """The sets in order; `names` chooses some ("01", "01_name" or a path).

    Raises AuthoringError for a name that no set has.
    """
    return documents(names, root, SETS, ProblemSet)


def build_sets(
    names: Iterable[str] | None = None,
    force: bool = False,
    *,
    root: Path = ROOT,
    report: Callable[[str], None] = print,
) -> list[ProblemSet]:
    """Write the hand-outs that changed, then execute the solutions that are out of date.

    Raises AuthoringError that names what failed.
    """
    chosen = problem_sets(names, root)
    for one in chosen:
        new = handout(one)
        if not handed_out(one, new):
            one.handout_target.parent.mkdir(exist_ok=True)
            write(one.handout_target, new)
            report(f"{one.shown(one.handout_target)}  written")
    return build_documents(chosen, force, report)


def handed_out(one: ProblemSet, new: NotebookNode) -> bool:
    """Whether the hand-out on disk is `new`, byte for byte."""
    path = one.handout_target
    return path.exists() and path.read_text(encoding="utf-8") == as_written(new)


def handout(one: ProblemSet) -> NotebookNode:
    """What a learner gets: the set without its solutions, as nbgrader releases an assignment.

    Raises AuthoringError if nbgrader is not installed or does not accept the set.
    """
    try:
        from nbgrader.preprocessors import (
            CheckCellMetadata,
            ClearSolutions,
            ComputeChecksums,
            LockCells,
        )
    except ModuleNotFoundError as error:
        raise AuthoringError(
            f"Hand-outs are made with nbgrader, and the package {error.name} is missing: "
            'run `make setup` or `pip install -e ".[teach]"` in the folder of the course.'
        ) from None
    clear = ClearSolutions(code_stub={"python": TO_WRITE}, text_stub=TO_EXPLAIN)
    notebook, resources = one.text(), {}
    starters = _starters(notebook)
    notebook.cells = [c for c in notebook.cells if not {SOLUTION_ONLY, STARTER} & {*tags(c)}]
    try:
        notebook, _ = clear.preprocess(notebook, resources)
        for cell in notebook.cells:
            cell.source = starters.get(cell.id, cell.source)
        for step in (LockCells(), ComputeChecksums(), CheckCellMetadata()):
            notebook, _ = step.preprocess(notebook, resources)
    except (RuntimeError, ValueError) as error:
        raise AuthoringError(f"{one.shown(one.source)}: nbgrader says: {error}") from None
    return notebook


def _starters(notebook: NotebookNode) -> dict[str, str]:
    """The code of each starter cell, by the id of the next answer cell."""
    found: dict[str, str] = {}
    waiting: str | None = None
    for cell in notebook.cells:
        if STARTER in tags(cell):
            waiting = cell.source
        elif waiting is not None and cell.metadata.get("nbgrader", {}).get("solution"):
            found[cell.id], waiting = waiting, None
    return found


def _graded(
    name: str, points: int | None = None, *, solution: bool = False, grade: bool = False
) -> NotebookNode:
    """nbgrader's metadata; neither solution nor grade is a cell that is only to be read."""
    fields = {
        "grade": grade,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return nodes(fields if points is None else {**fields, "points": points})
