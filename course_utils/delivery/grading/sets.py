"""A problem set as the teacher has it: the notebook with its solutions, and its problems."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_utils import CourseError
from course_utils.delivery.grading.allowed import allowed
from course_utils.delivery.grading.healing import Traces, traces
from course_utils.delivery.grading.sandbox import KERAS, Kit, Limits
from course_utils.delivery.grading.variants import Varied, fill_in
from course_utils.place import COURSE


class SetError(CourseError):
    """What is wrong with a problem set or its name, and what to do about it."""


@dataclass(frozen=True)
class ProblemSet:
    """A set of problems in one notebook.

    Attributes:
        name: such as "04_lstm", which is also nbgrader's name for the assignment.
        notebook: as JSON, solutions included.
        problems: by name, in the order of their cells; a problem, or a `Varied`.
        version: changes when the notebook or a problem changes.
    """

    name: str
    notebook: dict
    problems: dict[str, Any]
    version: str
    _points: dict[str, float] = field(default_factory=dict)

    @property
    def varied(self) -> dict[str, Varied]:
        """The problems that differ from learner to learner."""
        return {name: one for name, one in self.problems.items() if isinstance(one, Varied)}

    def values(self, secret: bytes, learner: str) -> dict[str, dict[str, Any]]:
        """What stands in this learner's notebook for `{{problem.choice}}`."""
        return {
            name: dict(zip(one.choices, one.variant_of(secret, learner)))
            for name, one in self.varied.items()
        }

    def set_up(self, values: dict) -> tuple[str, ...]:
        """The code that runs before a learner's, from the teacher's notebook."""
        return tuple(fill_in(text_of(cell), values) for cell in self._set_up_cells())

    def given(self, values: dict) -> dict[str, str]:
        """The code that a learner gets to mend, by problem."""
        found, start = {}, None
        for cell in self.notebook["cells"]:
            if "starter" in cell.get("metadata", {}).get("tags", []):
                start = fill_in(text_of(cell), values)
            elif start is not None and marked(cell).get("solution"):
                found[marked(cell)["grade_id"]], start = start, None
        return found

    @property
    def traces(self) -> Traces:
        """By what its answers can be told in a notebook whose cells lost their marks."""
        return traces(self.notebook["cells"])

    def points(self, name: str) -> float:
        """The most that a problem gives."""
        return self._points[name]

    def grade_cell(self, name: str) -> str:
        """The id of the cell that carries a problem's points: its own, or its check's."""
        return grade_cells(self.notebook)[name]

    @property
    def kit(self) -> Kit:
        """What a worker for this set is given: see `allowed`."""
        own = self.notebook.get("metadata", {}).get("carousel", {})
        packages, modules = ["numpy", *own.get("packages", [])], []
        if self.uses_keras:
            packages, modules = [*packages, "tensorflow", "keras"], ["keras"]
        lent = allowed(
            map(text_of, self._set_up_cells()),
            (text_of(cell) for cell in self._cells("code") if marked(cell).get("solution")),
            map(text_of, self._cells("markdown")),
        )
        return Kit(tuple(packages), tuple(sorted(lent.files)), tuple(modules), lent.lent)

    @property
    def limits(self) -> Limits:
        return KERAS if self.uses_keras else Limits()

    @property
    def uses_keras(self) -> bool:
        plain = [self.problem(name, None) for name in self.problems]
        return any(getattr(one, "kind", "") == "keras" for one in plain)

    def problem(self, name: str, variant: tuple | None) -> Any:
        """The problem itself; a varied one in this variant, or in its first."""
        one = self.problems[name]
        if isinstance(one, Varied):
            return one.problem(one.variants()[0] if variant is None else variant)
        return one

    def _cells(self, kind: str) -> list[dict]:
        return [cell for cell in self.notebook["cells"] if cell["cell_type"] == kind]

    def _set_up_cells(self) -> Iterator[dict]:
        for cell in self._cells("code"):
            name = marked(cell).get("grade_id", "")
            tagged = "setup" in cell.get("metadata", {}).get("tags", [])
            if tagged or name.split("-")[0] == "setup":
                yield cell


def known_sets(folder: Path | None = None) -> dict[str, Path]:
    """The sets there are, by name: those of the course, or those in a teacher's own folder.

    Raises SetError if there are none.
    """
    home = folder or COURSE / "solutions"
    found = {path.stem: path for path in sorted(home.glob("*.ipynb"))}
    if folder:
        texts = [path for path in sorted(folder.glob("*.py")) if path.name != "problems.py"]
        found |= {path.stem: path for path in texts}
    if not found:
        raise SetError(f"There is no problem set in {home}: it needs a notebook with solutions.")
    return found


def find_set(name: str, folder: Path | None = None) -> ProblemSet:
    """The set `name`, or the one whose number it is.

    Raises SetError if there is none, or if its notebook and its problems do not fit.
    """
    sets = known_sets(folder)
    chosen = [one for one in sets if one == name or one.split("_")[0] == name.zfill(2)]
    if len(chosen) != 1:
        raise SetError(f"There is no problem set {name!r}; there are: {', '.join(sets)}.")
    return load(chosen[0], sets[chosen[0]], folder)


def load(name: str, path: Path, folder: Path | None = None) -> ProblemSet:
    """The set in a notebook, or in a text with cells `# %%`."""
    text = path.read_text(encoding="utf-8")
    notebook = from_text(text) if path.suffix == ".py" else json.loads(text)
    get, version = bank(folder)
    problems, points = {}, {}
    graded = grade_cells(notebook)
    for cell in notebook["cells"]:
        own = marked(cell)
        if not (own.get("solution") and cell["cell_type"] == "code"):
            continue
        problem = get(own["grade_id"])
        if problem is None:
            continue
        if own["grade_id"] not in graded:
            raise SetError(
                f"No cell of {path.name} carries the points of {own['grade_id']}: mark the cell "
                "with its check as nbgrader's 'Autograder tests'."
            )
        problems[problem.name] = problem
        points[problem.name] = graded_points(notebook, graded[problem.name])
    if not problems:
        raise SetError(f"No answer cell of {path.name} has the name of a problem.")
    digest = hashlib.sha256((version + json.dumps(notebook["cells"])).encode()).hexdigest()[:16]
    return ProblemSet(name, notebook, problems, digest, points)


def from_text(text: str) -> dict:
    """A notebook from a text with cells `# %%`; `answer="name" points=3` makes an answer cell."""
    import jupytext

    notebook = json.loads(jupytext.writes(jupytext.reads(text, fmt="py:percent"), fmt="ipynb"))
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"cell-{number}"  # jupytext's is another one each time
        name = cell["metadata"].pop("answer", None)
        if name:
            cell["metadata"]["nbgrader"] = {
                "grade_id": name,
                "points": cell["metadata"].pop("points", 1),
                **{"solution": True, "grade": True, "locked": False, "task": False},
                "schema_version": 3,
            }
    return notebook


def bank(folder: Path | None) -> tuple[Callable[[str], Any], str]:
    """What gives a problem by name (None if there is none), and a hash of all their code."""
    if folder is None:
        from course_utils.feedback import problems

        files = sorted(Path(problems.__file__).parent.rglob("*.py"))
        known = set(problems.names())
        return (lambda name: problems.get(name) if name in known else None), digest_of(files)
    path = folder / "problems.py"
    if not path.is_file():
        raise SetError(f"{path} is missing: it holds the problems, in a list PROBLEMS.")
    spec = importlib.util.spec_from_file_location(f"problems_{digest_of([path])}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        line = (
            getattr(error, "lineno", None) or traceback.extract_tb(error.__traceback__)[-1].lineno
        )
        raise SetError(f"{path} stops at line {line}: {type(error).__name__}: {error}.") from None
    own = {problem.name: problem for problem in getattr(module, "PROBLEMS", [])}
    if not own:
        raise SetError(f"{path} needs a list PROBLEMS with at least one problem in it.")
    return own.get, digest_of([path])


def digest_of(files: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def marked(cell: dict) -> dict:
    """nbgrader's metadata of a cell."""
    return cell.get("metadata", {}).get("nbgrader", {})


def text_of(cell: dict) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def grade_cells(notebook: dict) -> dict[str, str]:
    """For each answer cell the id of the cell that carries its points: its own, or the next."""
    found: dict[str, str] = {}
    waiting: str | None = None
    for cell in notebook["cells"]:
        own = marked(cell)
        if own.get("solution"):
            waiting = own["grade_id"]
        if own.get("grade") and waiting:
            found[waiting], waiting = own["grade_id"], None
    return found


def graded_points(notebook: dict, grade_id: str) -> float:
    cells = {marked(cell).get("grade_id"): marked(cell) for cell in notebook["cells"]}
    return float(cells[grade_id].get("points", 0))
