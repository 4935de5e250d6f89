"""What was handed in: read as data, whatever it is, and nothing of it is run here."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.delivery.grading.healing import HIDDEN, Look, Traces, heal, look

MEGABYTE = 1 << 20
LARGEST = 20 * MEGABYTE  # a notebook
LONGEST = 100_000  # characters of one answer
MOST = 300  # cells of code
NO_TRACES = Traces()


class NotReadable(Exception):
    """Why there is nothing to mark, as a sentence for the learner."""


@dataclass(frozen=True)
class Submission:
    """A learner's notebook.

    Attributes:
        answers: the sources of the cells with each known id; more than one if a cell was copied.
        written: the same for cells that a human marks.
        digest: of the whole file.
        cells: all cells of code as they stand, each with its answer's name, or "".
        healed: names of answers whose cells had lost their mark, and by what they were told.
    """

    answers: dict[str, tuple[str, ...]]
    written: dict[str, tuple[str, ...]]
    digest: str
    cells: tuple[tuple[str, str], ...] = ()
    healed: dict[str, str] = field(default_factory=dict)


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """The content of an ordinary file, which is neither followed nor waited for if it is none.

    Raises NotReadable.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise NotReadable(f"The file cannot be read ({error.strerror}).") from None
    return read_open(descriptor, largest)


def read_open(descriptor: int, largest: int = LARGEST) -> bytes:
    """The content of an open file, which is closed. Raises NotReadable if it is no ordinary one."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotReadable("This is a link, a folder or a device, not a file.")
    try:
        with open(descriptor, "rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise NotReadable(f"The file cannot be read ({error.strerror}).") from None
    if len(content) > largest:
        raise NotReadable(
            f"The file has more than {largest // MEGABYTE} MB: clear the outputs (Edit, Clear "
            "Outputs of All Cells), save, and hand it in again."
        )
    return content


def parse(
    content: bytes, answers: set[str], written: set[str], known: Traces = NO_TRACES
) -> Submission:
    """The cells with known ids in the bytes of a notebook.

    Args:
        content: of the file.
        answers: names of the answers in code.
        written: names of the answers in words.
        known: by what else the answers can be told, if their cells lost their marks.

    Raises NotReadable if they are no notebook.
    """
    every = cells(content)
    names, healed = names_of(every, answers, written, known)
    found: dict[str, list[str]] = {}
    code: list[tuple[str, str]] = []
    for name, cell in zip(names, every):
        source = source_of(cell)[:LONGEST]
        if name:
            found.setdefault(name, []).append(source)
        if cell.get("cell_type") == "code":
            code.append((name, source))
    return Submission(
        {name: tuple(found[name]) for name in answers if name in found},
        {name: tuple(found[name]) for name in written if name in found},
        hashlib.sha256(content).hexdigest()[:16],
        tuple(code[:MOST]),
        healed,
    )


def names_of(
    every: list[dict], answers: set[str], written: set[str], known: Traces
) -> tuple[list[str], dict[str, str]]:
    """The name of the answer in each cell, or "", and by what those without a mark were told."""
    names = []
    for cell in every:
        name, is_code = grade_id(cell), cell.get("cell_type") == "code"
        names.append(name if name in written or (name in answers and is_code) else "")
    missing = (answers | written) - set(names)
    looks = [HIDDEN if name else look_of(cell) for name, cell in zip(names, every) if missing]
    healed = heal(looks, known, missing)
    for number, (name, _) in healed.items():
        names[number] = name
    return names, dict(healed.values())


def look_of(cell: dict) -> Look:
    """What is left of a cell without a mark; Colab keeps its nbformat id in the metadata."""
    own = cell.get("metadata")
    spare = own.get("id") if isinstance(own, dict) else None
    one = cell.get("id", spare)
    kind = cell.get("cell_type")
    texts = (value if isinstance(value, str) else "" for value in (one, kind))
    return look(*texts, source_of(cell)[:LONGEST])


def cells(content: bytes) -> list[dict]:
    """The cells of a notebook that are any.

    Raises NotReadable.
    """
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, MemoryError):
        raise NotReadable(
            "This is no notebook: save it in JupyterLab and hand in that file."
        ) from None
    every = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(every, list):
        raise NotReadable("This notebook has no cells, or is of a form older than 2015.")
    return [cell for cell in every if isinstance(cell, dict)]


def grade_id(cell: dict) -> str | None:
    """The name by which nbgrader knows a cell; what else its metadata says is not believed."""
    own = cell.get("metadata")
    own = own.get("nbgrader") if isinstance(own, dict) else None
    name = own.get("grade_id") if isinstance(own, dict) else None
    return name if isinstance(name, str) else None


def source_of(cell: dict) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    source = source if isinstance(source, str) else ""
    return source.encode("utf-8", "replace").decode()  # lone surrogates can be written nowhere


def ids(content: bytes, *known: Traces) -> set[str]:
    """The ids of all cells that have one, to tell which set a file belongs to.

    With the traces of sets, also the names of answers whose cells lost their marks.
    """
    try:
        every = cells(content)
    except NotReadable:
        return set()
    marked = {name for cell in every if (name := grade_id(cell))}
    looks = [HIDDEN if grade_id(cell) else look_of(cell) for cell in every if known]
    healed = (heal(looks, one, set(one.ids.values()) - marked) for one in known)
    return marked.union(name for found in healed for name, _ in found.values())
