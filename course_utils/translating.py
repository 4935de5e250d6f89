"""A notebook, a page or a program in another language; every cell of code is the same.

Prose is said in the language, and what the course shows in it before anything is run. What a cell
printed or drew stays, but for the claims and the words of figures.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from typing import Any

from course_utils.language import ENGLISH, LOCALE, catalog, looked_up, speaking, translated
from course_utils.laying import SHOWN
from course_utils.prose import replaced
from course_utils.remarks import with_remarks

DOMAINS = {"notebooks": "lesson", "exercises": "set", "solutions": "set"}
BLANK = "blank"  # the domain of the programs that need nothing of the course
ALT = re.compile(r'(<img class="carousel-figure"[^>]* alt=")([^"]*)(")')
FIGURE = "Figure: "
BEHIND = re.compile(r"^<!-- behind: (.+) -->$", re.M)


@lru_cache(maxsize=64)  # laid, and compared with what was laid
def file_in(content: bytes, name: str, language: str, course: Path) -> bytes:
    """A file of the course, by its name such as "notebooks/04_x.ipynb", in a language."""
    if language == ENGLISH:
        return content
    if name.endswith(".py"):
        return program_in(content.decode(), language).encode()
    try:
        notebook = json.loads(content)
        translate_notebook(notebook, name, language, course)
    except (ValueError, TypeError, AttributeError, KeyError):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def domain_of(name: str) -> str:
    """ "lesson-04" of "notebooks/04_x.ipynb", "set-04" of "exercises/04_x.ipynb"."""
    path = PurePosixPath(name)
    return f"{DOMAINS[path.parent.name]}-{path.name[:2]}"


def translate_notebook(
    notebook: dict[str, Any], name: str, language: str, course: Path, with_claims: bool = True
) -> None:
    """Put the words of a language into a notebook (as JSON has it, or nbformat)."""
    known = catalog(language, domain_of(name))
    added = notes(language, PurePosixPath(name).stem) if name.startswith("notebooks/") else {}
    program = course / "notebooks" / BLANK / f"{PurePosixPath(name).stem}.py"
    code = program.read_text(encoding="utf-8").rstrip() if program.is_file() else ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            if code and code in text:
                before, _, after = text.partition(code)
                text = before + program_in(code, language) + after
            cell["source"] = replaced(text, partial(_with_note, known, added))
        else:
            with speaking(language):
                _translate_outputs(cell, with_claims)


def prose_in(markdown: str, known: Mapping[str, str], slide: bool = False) -> str:
    """Markdown with the translations of a catalog, and marks where there is none."""
    return replaced(markdown, lambda text: looked_up(text, known), slide)


def notes(language: str, lesson: str) -> dict[str, str]:
    """What the edition in a language adds to a lesson, by how the paragraph before begins."""
    path = LOCALE / language / "notes" / f"{lesson}.md"
    if not path.is_file():
        return {}
    _, *parts = BEHIND.split(path.read_text(encoding="utf-8"))
    return {begin: note.strip() for begin, note in zip(parts[::2], parts[1::2], strict=True)}


def _with_note(known: Mapping[str, str], added: Mapping[str, str], text: str) -> str:
    behind = [f"\n\n{note}" for begin, note in added.items() if text.startswith(begin)]
    return "".join([looked_up(text, known), *behind])


def program_in(program: str, language: str) -> str:
    """A program with its comments and docstrings in a language."""
    known = catalog(language, BLANK)
    return with_remarks(program, lambda text: looked_up(text, known))


def _translate_outputs(cell: dict[str, Any], with_claims: bool) -> None:
    if SHOWN & {*cell["metadata"].get("tags", [])}:
        cell["outputs"] = _shown_again("".join(cell["source"]), cell["outputs"])
        return
    for output in cell["outputs"]:
        if output["output_type"] == "stream" and with_claims:
            output["text"] = _claims(output["text"])
        data = output.get("data", {})
        if "text/html" in data:
            data["text/html"] = ALT.sub(_alt, "".join(data["text/html"]))
        plain = "".join(data.get("text/plain", ""))
        if plain.startswith(FIGURE):
            data["text/plain"] = translated(FIGURE) + translated(plain.removeprefix(FIGURE))


def _claims(text: str | list[str]) -> str:
    from course_utils.claims.printed import MARK, retold, whole_lines

    text = "".join(text)
    if MARK not in text:
        return text
    end = "\n" if text.endswith("\n") else ""
    return "\n".join(map(retold, whole_lines(text))) + end


def _alt(found: re.Match[str]) -> str:
    return found[1] + html.escape(translated(html.unescape(found[2]))) + found[3]


def _shown_again(code: str, outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a cell shows that needs no run: a call of the course with nothing but constants."""
    tree = ast.parse(code)
    last = tree.body.pop()
    scope: dict[str, Any] = {}
    exec(compile(tree, "<cell>", "exec"), scope)
    shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), scope)
    for output in outputs:
        if "data" in output:
            output["data"] = shown._repr_mimebundle_()
    return outputs
