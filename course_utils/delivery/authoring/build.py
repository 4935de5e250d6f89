"""Build what changed: source -> text -> executed notebook."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.delivery.authoring.dependencies import changed, fingerprints
from course_utils.delivery.authoring.document import (
    LESSONS,
    ROOT,
    AuthoringError,
    Document,
    documents,
)
from course_utils.files import write_atomically
from course_utils.laying import SHOWN

FIELDS = {
    "cell_type": "kind is",
    "source": "text is",
    "metadata": "tags and metadata are",
    "id": "id is",
}
# What makes nothing but outputs of `SHOWN` cells, each of which stands on its own.
FOR_SHOWN = ("course_utils/predictions/", "course_utils/dial/web/", "course_utils/embed.py")
KEY = "carousel"  # the notebook's metadata that say what it was executed with


def build(
    names: Iterable[str] | None = None,
    force: bool = False,
    *,
    root: Path = ROOT,
    folder: str = LESSONS,
    report: Callable[[str], None] = print,
) -> list[Document]:
    """Execute every lesson (or those in `names`) that is not up to date; return those made anew.

    A lesson is out of date when its source, or a module of the course that it reaches through
    imports, has changed since it was executed; `force` takes all as out of date. Where prose or
    predictions alone have changed they are renewed, and nothing else is executed. A lesson that
    fails keeps its old notebook; the others are still built.

    Raises AuthoringError that names each failing lesson, cell and line.
    """
    return build_documents(documents(names, root, folder), force, report)


def build_documents(
    chosen: list[Document], force: bool, report: Callable[[str], None]
) -> list[Document]:
    """`build` for documents of any kind."""
    built, failures = [], []
    width = max((len(one.name) for one in chosen), default=0)
    for one in chosen:
        reason = "asked for" if force else why_stale(one)
        label = f"{one.name:<{width}}"
        if reason is None:
            report(f"{label}  up to date")
            continue
        if not force and (renewed := with_new_prose(one)):
            write(one.target, renewed)
            built.append(one)
            report(f"{label}  only its prose or predictions changed: nothing to execute")
            continue
        report(f"{label}  executing: {reason} ...")
        start = time.perf_counter()
        try:
            notes = _build_one(one)
        except AuthoringError as error:
            failures.append(str(error))
            report(f"{label}  FAILED after {time.perf_counter() - start:.1f} s")
            continue
        built.append(one)
        for note in notes:
            report(f"  note: {note}")
        size = one.target.stat().st_size / 1000
        report(f"{label}  done in {time.perf_counter() - start:.1f} s, {size:.0f} kB")
    if failures:
        raise AuthoringError("\n".join(failures))
    return built


def why_stale(document: Document) -> str | None:
    """Why the notebook must be executed again, in a few words; None if it need not."""
    if not document.target.exists():
        return "no notebook yet"
    try:
        notebook = document.notebook()
    except AuthoringError:
        return "it is no notebook"
    if difference(document.text(), notebook) is not None:
        return "its text changed"
    before = dict(notebook.metadata.get(KEY, {}).get("built_from", {}))
    files = changed(before, fingerprints(document.source, document.root))
    if not files:
        return None
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(files[:3]) + more + " changed"


def with_new_prose(document: Document) -> NotebookNode | None:
    """The notebook with the source's prose around the outputs that it has.

    What predictions show is made anew if what makes it has changed. None if more has changed than
    these and prose between the same headings: code, tags, or another module that it reaches. Then
    it has to be executed.
    """
    try:
        before, now = document.notebook(), document.text()
    except (AuthoringError, FileNotFoundError):
        return None
    built_from = before.metadata.get(KEY)
    if built_from is None:
        return None
    present = fingerprints(document.source, document.root)
    files = changed(dict(built_from["built_from"]), present)
    if not all(name.startswith(FOR_SHOWN) for name in files):
        return None
    if _skeleton(now) != _skeleton(before):
        return None
    outputs = {cell.id: cell for cell in before.cells if cell.cell_type == "code"}
    for cell in now.cells:
        if cell.cell_type == "code":
            cell.outputs = outputs[cell.id].outputs
            cell.execution_count = outputs[cell.id].execution_count
            cell.metadata = outputs[cell.id].metadata
            if files and SHOWN & {*cell.metadata.get("tags", [])}:
                cell.outputs[0].data = nbformat.from_dict(_shown_by(cell.source))
    now.metadata = before.metadata
    now.metadata[KEY] = nbformat.from_dict({"built_from": present})
    return now


def _shown_by(source: str) -> dict[str, str]:
    """What a cell that stands on its own shows of its last line, in each form."""
    *lines, last = ast.parse(source).body
    names: dict[str, object] = {}
    exec(compile(ast.Module(lines, []), "<cell>", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return shown._repr_mimebundle_()


def _skeleton(notebook: NotebookNode) -> list[object]:
    """What decides what a notebook computes and how its sections are called."""
    return [
        (cell.id, cell.source, _of_the_course(cell.metadata))
        if cell.cell_type == "code"
        else re.findall(r"^#+ .*", cell.source, re.M)
        for cell in notebook.cells
    ]


def difference(text: NotebookNode, notebook: NotebookNode) -> str | None:
    """The first place where a notebook's text is not what its source says, for a message."""
    for index, (want, have) in enumerate(zip(text.cells, notebook.cells)):
        for field, name in FIELDS.items():
            if want[field] != _of_the_course(have.get(field)):
                return f"cell {index + 1}: its {name} not what its source says"
    if len(text.cells) != len(notebook.cells):
        return f"it has {len(notebook.cells)} cells, its source {len(text.cells)}"
    if _of_the_course(text.metadata) != _of_the_course(notebook.metadata):
        return "its metadata are not those that a build writes"
    return None


def _of_the_course(metadata: object) -> object:
    """Metadata without what a build adds, and what VS Code or JupyterLab write when they save."""
    if not isinstance(metadata, dict):
        return metadata
    of_editors = (KEY, "vscode", "interpreter", "language_info")
    kept = {key: value for key, value in metadata.items() if key not in of_editors}
    if "kernelspec" in kept:
        kept["kernelspec"] = kept["kernelspec"].get("name")
    return kept


def _build_one(document: Document) -> list[str]:
    from course_utils.delivery.authoring.execution import (
        execute,  # slow to import, needed only here
    )
    from course_utils.delivery.authoring.teaching.seconds import keep

    built_from = fingerprints(document.source, document.root)
    notebook = document.text()
    seconds: dict[int, float] = {}
    notes = execute(document, notebook, seconds=seconds)
    metadata = dict(document.text().metadata)  # the kernel has put its version of Python there
    metadata[KEY] = {"built_from": built_from}
    notebook.metadata = nbformat.from_dict(metadata)
    write(document.target, notebook)
    if document.target.parent.name == LESSONS:
        keep(document, notebook, seconds)
    return notes


def as_written(notebook: NotebookNode) -> str:
    """The text of a notebook's file."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def write(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook whole or not at all."""
    nbformat.validate(notebook)
    write_atomically(path, as_written(notebook).encode(), mode=0o644)
