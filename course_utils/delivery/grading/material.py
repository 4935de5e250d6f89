"""The course's own files among what is handed in: hand-outs, solutions, lessons.

Answers are compared as Python reads them: layout, comments, brackets and quotes do not count.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.delivery.grading.handouts import TO_EXPLAIN, TO_WRITE, handed_out
from course_utils.delivery.grading.healing import Traces
from course_utils.delivery.grading.sets import COURSE, ProblemSet, marked, text_of
from course_utils.delivery.grading.submission import NO_TRACES, NotReadable, cells, parse, source_of

LAYOUT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip
REGION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION[^\n]*$", re.DOTALL | re.MULTILINE
)
MUCH_LONGER = 2_000  # characters more than the course's own: not compared


@dataclass(frozen=True)
class Material:
    """What the course has of one set.

    Attributes:
        ids: of the cells for answers, in code and in words.
        blank: what the hand-out has in them.
        solved: what the solution has in those for code.
        lesson: the texts of the lesson of the same name.
        traces: by what its cells are told if they lost their marks.
    """

    name: str
    ids: frozenset[str]
    blank: dict[str, str] = field(default_factory=dict)
    solved: dict[str, str] = field(default_factory=dict)
    lesson: frozenset[str] = frozenset()
    traces: Traces = NO_TRACES

    def is_blank(self, answers: dict[str, tuple[str, ...]]) -> bool:
        """Whether answers are as they were handed out, or empty."""
        return all(
            not text.strip() or same(text, self.blank.get(name, ""))
            for name, texts in answers.items()
            for text in texts
        )

    def is_solution(self, answers: dict[str, tuple[str, ...]]) -> bool:
        """Whether all answers in code are the course's own."""
        return bool(self.solved) and all(
            any(same(text, own) for text in answers.get(name, ()))
            for name, own in self.solved.items()
        )

    def is_lesson(self, content: bytes) -> bool:
        """Whether a notebook is the lesson, with whatever a learner has added to it."""
        try:
            texts = {plain(source_of(cell)) for cell in cells(content)}
        except NotReadable:
            return False
        return bool(self.lesson) and 2 * len(texts & self.lesson) >= len(self.lesson)


def material_of(one: ProblemSet) -> Material:
    """The course's own files of a set."""
    own = [cell for cell in one.notebook["cells"] if marked(cell).get("solution")]
    code = {marked(cell)["grade_id"]: text_of(cell) for cell in own if cell["cell_type"] == "code"}
    handed = [cell for cell in handed_out(one.notebook) if marked(cell).get("solution")]
    blank = {marked(cell)["grade_id"]: cleared(cell) for cell in handed}
    lesson = COURSE / "notebooks" / f"{one.name}.ipynb"
    return Material(one.name, frozenset(blank), blank, code, texts_of(lesson), one.traces)


def cleared(cell: dict) -> str:
    """An answer cell as nbgrader hands it out."""
    if "starter" in cell.get("metadata", {}):
        return cell["metadata"]["starter"]
    stub = TO_WRITE if cell["cell_type"] == "code" else TO_EXPLAIN
    return REGION.sub(stub, text_of(cell)) if REGION.search(text_of(cell)) else stub


def texts_of(path: Path) -> frozenset[str]:
    """The longer texts of a notebook's cells."""
    try:
        texts = {plain(source_of(cell)) for cell in cells(path.read_bytes())}
    except (OSError, NotReadable):
        return frozenset()
    return frozenset(text for text in texts if len(text) > 40)


def answers_in(content: bytes, material: Material) -> dict[str, tuple[str, ...]]:
    """What stands in the cells of a set. Raises NotReadable."""
    read = parse(
        content, set(material.solved), set(material.ids) - set(material.solved), material.traces
    )
    return {**read.answers, **read.written}


def same(text: str, own: str) -> bool:
    """Whether two pieces of code or words differ at most in layout."""
    if plain(text) == plain(own):
        return True
    if len(text) > 3 * len(own) + MUCH_LONGER:
        return False
    return (read := as_read(text)) is not None and read == as_read(own)


def plain(text: str) -> str:
    return " ".join(text.split())


def as_read(code: str) -> list[str] | None:
    """The names, numbers, strings and signs of code; None if it cannot be cut into them."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError):
        return None
    kept = [one for one in tokens if one.type not in LAYOUT and one.string not in "(),"]
    return [value_of(one) if one.type == tokenize.STRING else one.string for one in kept]


def value_of(token: tokenize.TokenInfo) -> str:
    try:
        return repr(ast.literal_eval(token.string)) if len(token.string) < 2000 else token.string
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return token.string
