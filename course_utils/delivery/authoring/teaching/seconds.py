"""How long the cells of each section run: kept at every build, with the machine's name.

Counted are the processor's seconds, which hardly depend on what else the machine is doing.
"""

from __future__ import annotations

import csv
import io
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.delivery.authoring.document import ROOT, AuthoringError, Document, documents
from course_utils.delivery.authoring.execution import execute
from course_utils.delivery.authoring.teaching.sections import sections

STORED = Path("docs/teach/seconds.csv")


class Running(NamedTuple):
    """How long the cells of a section ran, which code they were (`Section.code`), and where."""

    seconds: float
    code: str
    machine: str


Runnings = dict[tuple[str, str], Running]  # by the name of the lesson and the section's title


def measure(
    names: Iterable[str] | None = None,
    *,
    root: Path = ROOT,
    report: Callable[[str], None] = print,
) -> None:
    """Run lessons, all or those named, in a clean kernel and keep how long each section ran.

    The notebooks stay as they are. Raises AuthoringError if a cell fails.
    """
    for document in documents(names, root):
        report(f"{document.name}  running ...")
        notebook, seconds = document.text(), {}
        execute(document, notebook, seconds=seconds)
        keep(document, notebook, seconds)
        report(f"{document.name}  {sum(seconds.values()):.0f} s")


def keep(document: Document, notebook: NotebookNode, seconds: Mapping[int, float]) -> None:
    """Keep how long the sections of an executed lesson ran, from the seconds of its code cells.

    A project without a guide for teachers has no place for it, and nothing is kept.
    """
    if not (document.root / STORED).parent.is_dir():
        return
    found = {
        (document.name, one.title): Running(
            round(sum(seconds.get(k, 0.0) for k in one.cells), 1), one.code, _machine()
        )
        for one in sections(notebook)
        if one.cells
    }
    others = {one.name for one in documents(root=document.root)} - {document.name}
    kept = {at: one for at, one in stored(document.root).items() if at[0] in others}
    store(kept | found, document.root)


def stored(root: Path = ROOT) -> Runnings:
    """What was measured; empty if nothing was.

    Raises AuthoringError if the file cannot be read.
    """
    path = root / STORED
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return {
                (row["lesson"], row["section"]): Running(
                    float(row["seconds"]), row["code"], row["machine"]
                )
                for row in csv.DictReader(file)
            }
    except (ValueError, KeyError):
        raise AuthoringError(
            f"{STORED} cannot be read: remove it and run `course teach --measure all`."
        ) from None


def store(runnings: Runnings, root: Path = ROOT) -> None:
    """Write what was measured, lessons in order; whole or not at all."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("lesson", "section", *Running._fields))
    for at in sorted(runnings, key=lambda at: at[0]):
        rows.writerow((*at, *runnings[at]))
    part = (root / STORED).with_suffix(".part")
    part.write_text(text.getvalue(), encoding="utf-8")
    part.replace(root / STORED)


def _machine() -> str:
    cores = os.cpu_count() or 1
    noun = "core" if cores == 1 else "cores"
    card = "no GPU, " if shutil.which("nvidia-smi") is None else ""
    python = f"Python {platform.python_version()}"
    return f"processor time, {platform.system()}, {cores} {noun}, {card}{python}"
