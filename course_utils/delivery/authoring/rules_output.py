"""Rules about what a lesson shows: complete, the same on every machine, and readable by all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from course_utils.claims import MARK, whole_lines
from course_utils.delivery.authoring.rules import (
    Rule,
    code_cells,
    exempt,
    output_texts,
    place,
    plain_texts,
    tags,
)
from course_utils.lines import WIDTH

MOST_BYTES = 1_000_000

FIGURE = re.compile(r'<img class="carousel-figure"[^>]*\balt="([^"]*)"')
EXEMPTING = {"nbval-ignore-output", "nbval-skip", "nbval-raises-exception", "raises-exception"}
COMMENT_MARKER = re.compile(r"^\s*#\s*(NBVAL_\w+|PYTEST_VALIDATE_\w+)", re.M)

PATHS = re.compile(
    r"(?<![\w/.])(?:/home|/Users|/root|/tmp|/var/folders|/private|/opt|/usr|/mnt)/[\w.-]+"
    r"|\b[A-Za-z]:\\\\?\w+|site-packages|ipykernel_\d+"
)
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
PACKAGES = "python|ipython|numpy|keras|tensorflow|torch|jax|matplotlib|scipy|pandas|jupyter(?:lab)?"
VERSION = re.compile(
    rf"\b(?:{PACKAGES})\b\W{{0,3}}(?:version\W{{0,2}}|v|==)?\d+\.\d+\.\d+"
    rf"|\bpython\s?3\.\d+\b|\b(?:{PACKAGES})\s?==\s?\d|\bversion\W{{0,3}}\d",
    re.I,
)
UNIT = r"(?:(?-i:s)|ms|µs|μs|us|ns|secs?|seconds?|milliseconds?|mins?|minutes?)"
TIMING = re.compile(
    rf"\b\d[\d,]*(?:\.\d+)?\s?{UNIT}\b(?!/)|\bwall time\b|\bCPU times\b|\bit/s\b", re.I
)


def executed(name: str, notebook: NotebookNode) -> Iterator[str]:
    counts = [cell.execution_count for _, cell in code_cells(notebook) if cell.source.strip()]
    if None in counts:
        yield f"{counts.count(None)} of its code cells were never executed: run `make build`"
    elif counts != list(range(1, len(counts) + 1)):
        yield "its cells were not executed once each, in order: run `make build`"
    for index, cell in enumerate(notebook.cells):
        if "execution" in cell.metadata:
            yield f"{place(index)}: its metadata hold the time of an execution"


def errors(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{place(index)}: ends in {output.ename}: {output.evalue}"
            elif output.output_type == "stream" and output.name == "stderr":
                yield f"{place(index)}: writes to stderr: {output.text.strip()[:80]!r}"


def figures(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            html = data.get("text/html", "")
            shown = FIGURE.search(html)
            pictures = [kind for kind in data if kind.startswith("image/")]
            if (pictures or "<img" in html or "<svg" in html) and not shown:
                yield f"{place(index)}: a picture that did not go through show(fig, alt)"
            elif shown and len(shown[1].strip()) < 20:
                yield f"{place(index)}: the alt text {shown[1]!r} does not say what is to be seen"
            elif not shown and "<Figure size" in data.get("text/plain", ""):
                yield f"{place(index)}: ends in a figure that is not shown: use show(fig, alt)"


def exemptions(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in code_cells(notebook):
        for tag in EXEMPTING & set(tags(cell)):
            if len(str(cell.metadata.get("reason", "")).split()) < 3:
                yield f'{place(index)}: tagged {tag} without a reason: # %% tags=[...] reason="..."'
        if COMMENT_MARKER.search(cell.source):
            yield f"{place(index)}: exempts itself in a comment: use a tag with a reason"


def machine(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in enumerate(notebook.cells):
        if found := PATHS.search(cell.source):
            yield f"{place(index)}: its text names a path of one machine, {found[0]!r}"
        if exempt(cell):
            continue
        for text in output_texts(cell):
            yield from (f"{place(index)}: {message}" for message in _of_one_machine(text))


def _of_one_machine(text: str) -> Iterator[str]:
    for pattern, what in (
        (PATHS, "a path of one machine"),
        (ADDRESS, "a memory address"),
        (VERSION, "a version number"),
    ):
        if found := pattern.search(text):
            yield f"shows {what}, {found[0]!r}"
    own = "\n".join(line for line in whole_lines(text) if not line.startswith(MARK))
    if found := TIMING.search(own):
        yield f"shows a time that was measured, {found[0]!r}"


def width(name: str, notebook: NotebookNode) -> Iterator[str]:
    for index, cell in code_cells(notebook):
        for line in "\n".join(plain_texts(cell)).splitlines():
            if len(line) > WIDTH:
                yield (
                    f"{place(index)}: prints a line of {len(line)} characters, {line[:40]!r}: at "
                    f"most {WIDTH} fit the screen, and print(wrapped(text)) breaks it between words"
                )


def size(name: str, notebook: NotebookNode) -> Iterator[str]:
    bytes_ = len(json.dumps(notebook, ensure_ascii=False).encode())
    if bytes_ > MOST_BYTES:
        yield f"it has {bytes_ / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:g} MB"


RULES: dict[str, Rule] = {
    "executed": executed,
    "errors": errors,
    "figures": figures,
    "exemptions": exemptions,
    "machine": machine,
    "width": width,
    "size": size,
}
