"""Submissions to one small set, and folders of them."""

import copy
import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG

from course_utils.delivery.grading.sets import find_set, known_sets

SET = "01_a_recurrent_network_from_scratch"
SOLUTION = json.loads(known_sets()[SET].read_text(encoding="utf-8"))
POINTS = [find_set(SET).points(name) for name in find_set(SET).problems]  # rnn_step gives the first
FULL = sum(POINTS)
WITHOUT_FIRST = FULL - POINTS[0]  # the second task needs it, and is marked with a right one


def handed_in(change: Callable[[list, dict], object] | None = None, name: str = "rnn_step") -> str:
    """The solution as a notebook, after `change(cells, the answer cell of name)`."""
    notebook = copy.deepcopy(SOLUTION)
    for cell in list(notebook["cells"]):
        if change and cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            change(notebook["cells"], cell)
    return json.dumps(notebook)


def handed_out(name: str) -> dict:
    """The hand-out of a set, as a learner gets it."""
    path = known_sets()[name].parents[1] / "exercises" / f"{name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def cell_of(cells: list[dict], name: str) -> dict:
    """The cell with this name."""
    return next(
        cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def source(text: str) -> Callable[[list, dict], None]:
    """A change that puts this text in the place of the answer."""
    return lambda cells, cell: cell.update(source=text)


def lay(folder: Path, submissions: dict[str, str | bytes]) -> Path:
    """A class with these notebooks handed in; returns its folder."""
    for learner, content in submissions.items():
        path = folder / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def digests(folder: Path) -> dict[str, str]:
    """What every ordinary file below a folder holds, without following links."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if S_ISREG(os.lstat(path).st_mode)
    }
