"""What a learner of a workshop does, one step after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course_utils.delivery.workshop.visitor import Kernel, VisitError, Visitor
from course_utils.workbook import COURSE

Notebook = dict[str, Any]


async def arrive(visitor: Visitor) -> None:
    """Log in, get a server, see JupyterLab."""
    await visitor.log_in()
    await visitor.start_server()
    await visitor.open_lab()


async def run_lesson(visitor: Visitor, path: str) -> Kernel:
    """Open a lesson, run it from top to bottom, save it; its kernel stays, as in a class."""
    notebook = await visitor.read(path)
    kernel = await visitor.start_kernel(path)
    await run_all(kernel, notebook)
    await visitor.write(path, notebook)
    return kernel


async def hand_in(visitor: Visitor, path: str) -> None:
    """Fill in a problem set, run it, save it, and hand it in."""
    notebook = await visitor.read(path)
    fill_in(notebook, solutions(path))
    kernel = await visitor.start_kernel(path)
    await run_all(kernel, notebook)
    await visitor.write(path, notebook)
    number = Path(path).name[:2]
    said = await kernel.run(f"!course submit {number}")
    await kernel.close()
    text = "".join(output.get("text", "") for output in said)
    if "Handed in" not in text:
        raise VisitError(f"{visitor.name} could not hand in: {text.strip() or 'nothing was said'}")


async def run_all(kernel: Kernel, notebook: Notebook) -> None:
    """Run all cells, one after the other, and keep their outputs."""
    count = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            cell["outputs"] = await kernel.run(cell["source"])
            cell["execution_count"] = count


def solutions(path: str) -> dict[str, str]:
    """The right answers to a problem set, by the ids of their cells."""
    notebook = json.loads((COURSE / "solutions" / Path(path).name).read_text(encoding="utf-8"))
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in notebook["cells"]
        if is_answer(cell)
    }


def fill_in(notebook: Notebook, answers: dict[str, str]) -> None:
    """Put the right answers into a hand-out."""
    for cell in notebook["cells"]:
        if is_answer(cell):
            cell["source"] = answers[cell["metadata"]["nbgrader"]["grade_id"]]


def is_answer(cell: dict[str, Any]) -> bool:
    """Whether a cell is one that learners fill in with code."""
    return cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")
