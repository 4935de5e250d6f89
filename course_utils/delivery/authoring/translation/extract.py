"""What there is to translate, domain by domain, in the order in which a reader meets it."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nbformat import NotebookNode

from course_utils.delivery.authoring.blank import FOLDER, with_program
from course_utils.delivery.authoring.document import LESSONS, ROOT, SLIDE, Document, documents
from course_utils.delivery.authoring.predictions import asked_in
from course_utils.delivery.authoring.sets import TO_EXPLAIN, problem_sets
from course_utils.predictions.notebook import PREDICT
from course_utils.prose import has_words, units
from course_utils.remarks import remarks
from course_utils.scripts import texts
from course_utils.translating import ALT

PAGES = (
    "README.md",
    "docs/site/index.md",
    "exercises/README.md",
    "docs/working.md",
    "docs/install.md",
    "docs/data.md",
    "docs/site/glossary.md",
    "docs/site/arguments.md",
    "docs/site/bibliography.md",
)
SPEAKING = {  # modules whose sentences are said through `translated`, and the domain of these
    "feedback": ["course_utils/feedback/*.py"],
    "course": [
        "course_utils/claims/*.py",
        "course_utils/dial/*.py",
        "course_utils/predictions/*.py",
        "course_utils/plots/*.py",
        "course_utils/player/*.py",
        "course_utils/training/*.py",
        "course_utils/laying.py",
        "course_utils/workbook.py",
        "course_utils/delivery/start_page.py",
        "course_utils/delivery/lab.py",
        "course_utils/delivery/live/*.py",
        "course_utils/delivery/cli/learning.py",
        "course_utils/delivery/authoring/slides/*.py",
        "course_utils/delivery/authoring/handout/*.py",
    ],
    "pages": ["course_utils/delivery/authoring/site/*.py", "docs/site/conf.py"],
}
SCRIPTS = {  # of which the texts are found by their look
    "course": ["course_utils/predictions/web/*.js", "course_utils/dial/web/*.js"],
    "pages": ["docs/site/_static/*.js", "course_utils/delivery/live/web/*.js"],
}
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.M)
# Where a call has its sentence: at which place, or by which name.
SPOKEN = {"claim": (0, "text"), "show": (1, "alt"), "scene": (None, "title")}


class Text(NamedTuple):
    """Something to translate: the file, the heading above it, what it is, and the words."""

    file: str
    heading: str
    kind: str
    text: str


def domains(root: Path = ROOT, only: Iterable[str] = ()) -> dict[str, list[Text]]:
    """Every domain, or those in `only`, with its texts; one that stands twice is there once."""
    makers: dict[str, Callable[[], Iterable[Text]]] = {}
    for one in documents(root=root):
        makers[f"lesson-{one.name[:2]}"] = partial(of_document, one)
    for one in problem_sets(root=root):
        makers[f"set-{one.name[:2]}"] = partial(of_document, one)
        makers[f"feedback-bank-{one.name[:2]}"] = partial(of_bank, one.name[:2])
    makers["feedback"] = makers["course"] = makers["pages"] = list
    makers |= {name: partial(_of_modules, name, root) for name in SPEAKING}
    makers["blank"] = partial(_of_programs, root)
    return {name: _once(make()) for name, make in makers.items() if not only or name in only}


def _of_modules(name: str, root: Path) -> Iterator[Text]:
    if name == "pages":
        for page in PAGES:
            yield from of_page(root / page, root)
    for pattern in SPEAKING[name]:
        for path in sorted(root.glob(pattern)):
            yield from of_module(path, root)
    for pattern in SCRIPTS.get(name, ()):
        for path in sorted(root.glob(pattern)):
            yield from of_script(path, root)


def _of_programs(root: Path) -> Iterator[Text]:
    for path in sorted((root / LESSONS / FOLDER).glob("[0-9][0-9]_*.py")):
        yield from of_program(path, root)


def _once(texts: Iterable[Text]) -> list[Text]:
    return list({one.text: one for one in reversed(list(texts))}.values())[::-1]


def of_document(document: Document) -> Iterator[Text]:
    """Of a lesson or a set: prose and slides, claims, alt texts, predictions."""
    file, heading, asked = document.shown(document.source), "", ""
    for _, cell in document.source_cells():
        if cell.cell_type == "code":
            for kind, text in said_in(cell.source):
                yield Text(file, heading, kind, text)
            for kind, text in _predicted(cell, asked):
                yield Text(file, heading, kind, text)
            continue
        is_slide = SLIDE in cell.metadata
        for one in units(with_program(cell.source.rstrip(), document.source), is_slide):
            if is_slide and one.prefix.endswith("✓ ") and one.text.endswith("…"):
                continue  # the beginning of a claim, which is translated as a whole
            if one.kind == "heading" and not is_slide:
                heading = one.text
            yield Text(file, heading, "slide" if is_slide else one.kind, one.text)
            asked = one.text
        if alt := cell.metadata.get("alt"):
            yield Text(file, heading, "alt", " ".join(alt.split()))
        if "answer" in cell.metadata:
            yield Text(file, heading, "paragraph", TO_EXPLAIN)
    for text in _drawn(document):
        yield Text(file, "", "alt", text)


def _drawn(document: Document) -> Iterator[str]:
    """The alt texts of a notebook's figures, of which some are put together while it runs."""
    if not document.target.exists():
        return
    for cell in document.notebook().cells:
        for output in cell.get("outputs", []):
            for found in ALT.finditer(output.get("data", {}).get("text/html", "")):
                yield html.unescape(found[2])


def said_in(code: str) -> Iterator[tuple[str, str]]:
    """The sentences of claims, with the words for their controls, and the alt texts, in a cell."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name not in SPOKEN:
            continue
        place, keyword = SPOKEN[name]
        given = {one.arg: one.value for one in call.keywords}
        by_place = () if place is None else call.args[place : place + 1]
        kind = {"claim": "claim", "scene": "title"}.get(name, "alt")
        parts = [(kind, given.get(keyword, *by_place))]
        if name == "claim":
            control = given.get("control")
            parts += [("control", key) for key in getattr(control, "keys", [])]
            parts += [("over", given.get("over"))]
        for kind, node in parts:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = " ".join(node.value.split())
                if has_words(text):
                    yield kind, text


def _predicted(cell: NotebookNode, before: str) -> Iterator[tuple[str, str]]:
    """The choices of a prediction, and its question where that is not all of the paragraph."""
    found = asked_in(cell)
    if found is None:
        return
    if f"{PREDICT}{found.question}" != before:
        yield "question", f"{PREDICT}{found.question}"
    for choice in found.choices:
        if has_words(choice):
            yield "choice", choice


def of_page(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Of a page of Markdown."""
    heading = ""
    for one in units(path.read_text(encoding="utf-8")):
        heading = one.text if one.kind == "heading" else heading
        yield Text(path.relative_to(root).as_posix(), heading, one.kind, one.text)


def of_module(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Of a module: what it hands to `translated` as it stands, and what it marks with `N_`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in sorted(
        (one for one in ast.walk(tree) if isinstance(one, ast.Call)), key=lambda one: one.lineno
    ):
        if getattr(call.func, "id", "") in ("translated", "to_translate") and call.args:
            for text in ast.walk(call.args[0]):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield Text(path.relative_to(root).as_posix(), "", "sentence", text.value)


def of_script(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Of a script of a page."""
    for _, _, text in texts(path.read_text(encoding="utf-8")):
        yield Text(path.relative_to(root).as_posix(), "", "script", text)


def of_program(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Of a program that needs nothing of the course: its comments and docstrings."""
    for one in remarks(path.read_text(encoding="utf-8")):
        if has_words(one.text):
            yield Text(path.relative_to(root).as_posix(), "", "comment", one.text)


def of_bank(lesson: str) -> Iterator[Text]:
    """Of the tasks of a lesson: title, hints, and what is said of each mistake."""
    from course_utils.feedback import problems

    for one in map(problems.get, problems.names()):
        if one.lesson != lesson:
            continue
        parts = [("title", one.title), *(("hint", text) for text in one.hints)]
        parts += [("mistake", mistake.message) for mistake in one.misconceptions]
        words = [axis for output in one.output_list for axis in output.axes or ()]
        parts += [("axis", axis) for axis in words if len(axis) > 2]  # "windows"
        for kind, text in parts:
            yield Text("course_utils/feedback/bank", one.name, kind, text)
