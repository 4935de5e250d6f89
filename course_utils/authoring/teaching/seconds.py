"""How long the cells of each section run: measured once on one machine, and kept with its name."""

from __future__ import annotations

import csv
import os
import platform
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from course_utils.authoring.document import ROOT, AuthoringError, Document, documents
from course_utils.authoring.execution import execute
from course_utils.authoring.teaching.sections import sections

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
    """Run lessons, all or those named, in a clean kernel and store how long each section ran.

    The notebooks stay as they are. Raises AuthoringError if a cell fails.
    """
    every = {one.name for one in documents(root=root)}
    for document in documents(names, root):
        report(f"{document.name}  running ...")
        found = run(document)
        kept = {at: one for at, one in stored(root).items() if at[0] in every - {document.name}}
        store(kept | found, root)
        report(f"{document.name}  {sum(one.seconds for one in found.values()):.0f} s")


def run(document: Document) -> Runnings:
    """Execute a lesson in its folder; return how long the cells of each section ran."""
    notebook = document.text()
    seconds: dict[int, float] = {}
    execute(document, notebook, seconds=seconds)
    return {
        (document.name, one.title): Running(
            round(sum(seconds[k] for k in one.cells), 1), one.code, _machine()
        )
        for one in sections(notebook)
        if one.cells
    }


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
            f"{STORED} cannot be read: remove it and run `course teach --measure`."
        ) from None


def store(runnings: Runnings, root: Path = ROOT) -> None:
    """Write what was measured, lessons in order."""
    with (root / STORED).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("lesson", "section", *Running._fields))
        for at in sorted(runnings, key=lambda at: at[0]):
            rows.writerow((*at, *runnings[at]))


def _machine() -> str:
    cores = os.cpu_count() or 1
    noun = "core" if cores == 1 else "cores"
    card = "no GPU, " if shutil.which("nvidia-smi") is None else ""
    return f"{platform.system()}, {cores} {noun}, {card}Python {platform.python_version()}"
