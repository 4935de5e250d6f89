"""A document is a percent file and the notebook made of it; its text is the same at every build."""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import jupytext
import nbformat
from nbformat import NotebookNode

from course_utils import CourseError
from course_utils.delivery.authoring.blank import with_program
from course_utils.delivery.authoring.predictions import BadPrediction, expanded
from course_utils.place import COURSE

ROOT = COURSE
LESSONS = "notebooks"

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    # without the version of Python, which would differ from machine to machine
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
JUPYTEXT_ONLY = ("cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker", "title")
MARKER = re.compile(r"^#\s*%%(\s|$)")
OPENING = "opening"  # the tag of a cell whose output a reader sees before anything is run
SLIDE = "slide"  # the metadata of a cell that stands on a slide and not in the notebook


class AuthoringError(CourseError):
    """One message for the author: lesson, cell, line of the source, and what is wrong."""


@dataclass(frozen=True)
class Document:
    """One source, e.g. notebooks/src/01_name.py, and its notebook, notebooks/01_name.ipynb."""

    source: Path
    target: Path
    root: Path = ROOT

    @property
    def name(self) -> str:
        return self.source.stem

    def shown(self, path: Path) -> str:
        """`path` as the author sees it: relative to the project."""
        return path.relative_to(self.root).as_posix()

    def place(self, cell: int, line: int | None = None) -> str:
        """Where cell number `cell` (from 0) stands, for a message; `line` counts in the cell."""
        start = self.lines()[cell]
        at = start if line is None else start + line
        return f"{self.name}, cell {cell + 1} ({self.shown(self.source)}, line {at})"

    def lines(self) -> list[int]:
        """The line of the source, from 1, on which each cell begins with its `# %%`."""
        return [line for line, cell in self.source_cells() if SLIDE not in cell.metadata]

    def source_cells(self) -> list[tuple[int, NotebookNode]]:
        """Every cell of the source, slides among them, with the line, from 1, of its `# %%`;
        behind a prediction with choices stands the cell that is made of it.

        Raises AuthoringError if the source does not begin with a cell, or a prediction is not
        made as docs/authoring.md says.
        """
        text = self.source.read_text(encoding="utf-8")
        cells = copy.deepcopy(_parsed(text))  # a caller may change them
        lines = [number for number, line in enumerate(text.splitlines(), 1) if MARKER.match(line)]
        if len(cells) != len(lines):
            raise AuthoringError(
                f"{self.shown(self.source)} must begin with a cell: "
                "the first line that is not empty is '# %%' or '# %% [markdown]'."
            )
        try:
            return list(expanded(self.name.split("_")[0], list(zip(lines, cells))))
        except BadPrediction as why:
            raise AuthoringError(f"{self.shown(self.source)}, {why}") from None

    def notebook(self) -> NotebookNode:
        """The notebook as it is on disk.

        Raises AuthoringError if the file is no notebook.
        """
        return read(self.target, self.root)

    def text(self) -> NotebookNode:
        """The notebook as the source says it must be, not executed and without slides.

        Raises AuthoringError if the source does not begin with a cell, or shows a program that is
        not there.
        """
        seen: Counter[str] = Counter()
        cells = []
        for _, cell in self.source_cells():
            if SLIDE in cell.metadata:
                continue
            cell.source = self._with_program(cell.source.rstrip())
            extra = {k: v for k, v in cell.metadata.items() if k not in JUPYTEXT_ONLY}
            opening = OPENING in extra.get("tags", [])
            if cell.cell_type == "code" and (opening or _folds(cell.source)):
                extra = _folded(extra)
            cells.append(_new(cell.cell_type, cell.source, extra, _cell_id(cell, seen)))
        return nbformat.v4.new_notebook(
            cells=cells, metadata=nbformat.from_dict(METADATA), nbformat_minor=5
        )

    def _with_program(self, text: str) -> str:
        try:
            return with_program(text, self.source)
        except FileNotFoundError as error:
            lacks = self.shown(Path(error.filename))
            raise AuthoringError(f"{self.name} shows {lacks}, and there is no such file.") from None


def read(path: Path, root: Path = ROOT) -> NotebookNode:
    """The notebook in a file of the course.

    Raises AuthoringError if it is none: cut short, or with the marks of a merge in it.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        first = (str(error).splitlines() or ["empty"])[0].rstrip(".")
        shown = path.relative_to(root) if root in path.parents else path
        raise AuthoringError(
            f"{shown} is no notebook ({first}): `course build {path.stem[:2]}` makes it again."
        ) from None
    return notebook


@lru_cache(maxsize=64)  # lessons, sets, and some tried; to read one takes half a second
def _parsed(text: str) -> list[NotebookNode]:
    return jupytext.reads(text, fmt={"extension": ".py", "format_name": "percent"}).cells


AnyDocument = TypeVar("AnyDocument", bound=Document)


def documents(
    names: Iterable[str] | None = None,
    root: Path = ROOT,
    folder: str = LESSONS,
    kind: type[AnyDocument] = Document,
) -> list[AnyDocument]:
    """The documents of a folder in order; `names` chooses some ("1", "01", "01_name" or a path).

    Raises AuthoringError for a name that no source has.
    """
    root = Path(root).resolve()
    home = root / folder
    every = [
        kind(source, home / f"{source.stem}.ipynb", root)
        for source in sorted((home / "src").glob("[0-9][0-9]_*.py"))
    ]
    if names is None:
        return every
    chosen = []
    for name in names:
        stem = Path(name).stem
        number = stem.zfill(2) if stem.isdigit() else stem
        found = [one for one in every if one.name == stem or one.name.split("_")[0] == number]
        if not found:
            known = ", ".join(one.name for one in every) or "none yet"
            raise AuthoringError(f"There is no lesson {name!r} in {folder}/src. Lessons: {known}.")
        chosen += [one for one in found if one not in chosen]
    return chosen


def _cell_id(cell: NotebookNode, seen: Counter[str]) -> str:
    """From the cell's own content, so that a new cell does not rename those after it."""
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:10]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def _folds(source: str) -> bool:
    """Whether a cell does nothing but display a figure, show(...), or make claims."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    called = {
        getattr(one.value.func, "id", None)
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)
        else None
        for one in body
    }
    return (called == {"show"} and len(body) == 1) or called == {"claim"}


def _folded(metadata: dict[str, object]) -> dict[str, object]:
    """The reader sees what it shows; its code is one click away, in JupyterLab and on the site."""
    tags = [*metadata.get("tags", []), "hide-input"]
    return {**metadata, "tags": tags, "jupyter": {"source_hidden": True}}


def _new(kind: str, source: str, metadata: dict[str, object], name: str) -> NotebookNode:
    """A cell not yet run. It is judged with its notebook: one by one takes fifty times as long."""
    cell = {"id": name, "cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return nbformat.from_dict(cell)
