"""A learner's page of feedback: one file that opens anywhere, without scripts and without network.

nbgrader looks up marks and comments; the template in `page/` shows them. Whatever a learner wrote
is shown as text, and nothing of it is taken for HTML, Markdown or TeX.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import markdown2html
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from traitlets import Dict, Unicode

from course_utils.delivery.grading import formulas
from course_utils.delivery.grading.bounded import TooSlowError, at_most
from course_utils.delivery.grading.foreign import words_in
from course_utils.delivery.grading.sets import grade_cells, marked
from course_utils.delivery.grading.visible import on_one_line, visible
from course_utils.feedback.shown import with_code

HERE = Path(__file__).parent / "page"
COLOURED = 20_000  # characters of code; longer code is shown without colours
RUN = re.compile(r"\s{200}")  # nobody writes that many blanks; some lexers then take minutes
SECONDS = 2.0  # of processor time for the colours of one answer, which take milliseconds


class Grades(GetGrades):
    """nbgrader's step, which also notes whether a human has still to mark a cell."""

    def _get_score(self, cell, resources) -> None:
        super()._get_score(cell, resources)
        own = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(
            own["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        own["waiting"] = bool(grade.needs_manual_grade and grade.manual_score is None)


@dataclass
class Part:
    """A piece of the page; `kind` is text, code or answer."""

    kind: str
    html: str
    score: float = 0.0
    points: float = 0.0
    comment: str = ""
    waiting: bool = False
    task: str = ""
    anchor: str = ""
    again: str = ""  # where to read again, in words
    address: str = ""  # and where that is on the web
    untouched: bool = False  # as it was handed out

    @property
    def state(self) -> str:
        if self.waiting:
            return "waiting"
        if self.score <= 0 < self.points:
            return "empty" if self.untouched else "wrong"
        return "right" if self.score >= self.points else "partly"


class Page(NbGraderPreprocessor):
    """Prepares what the template shows, in resources["page"].

    `called` is the learner's name as the platform writes it, `again` has the words and the address
    of a section to read again, by problem.
    """

    called = Unicode().tag(config=True)
    again = Dict().tag(config=True)

    def preprocess(self, nb, resources):
        own = resources["nbgrader"]
        failure = nb.metadata.get("failure", "")
        parts = [] if failure else list(self.parts(nb))
        title = next((line[2:] for line in first_text(nb).splitlines() if line[:2] == "# "), "")
        resources["page"] = {
            "title": title or own["notebook"],
            "learner": on_one_line(self.called or own["student"]),
            "score": own["score"],
            "points": own["max_score"],
            "late": own["late_penalty"],
            "failure": on_one_line(failure, 1000),
            "parts": parts,
            "answers": [part for part in parts if part.kind == "answer"],
            "waiting": sum(part.points for part in parts if part.waiting),
            "style": (HERE / "style.css").read_text(encoding="utf-8"),
        }
        return nb, resources

    def parts(self, nb):
        """The tasks; the title, set-up, checks and what follows the last answer are left out."""
        graded = grade_cells(nb)
        cells = {marked(cell).get("grade_id"): cell for cell in nb.cells if marked(cell)}
        last = max((n for n, cell in enumerate(nb.cells) if marked(cell)), default=0)
        task = ""
        for cell in nb.cells[1 : last + 1]:
            own = marked(cell)
            if own.get("solution") and own["grade_id"] in graded:
                grade = marked(cells[graded[own["grade_id"]]])
                shown = code(cell.source) if cell.cell_type == "code" else words(cell.source)
                yield Part(
                    "answer",
                    shown,
                    grade["score"],
                    grade["points"],
                    message(own.get("comment") or ""),
                    grade.get("waiting", False),
                    task or own["grade_id"],
                    own["grade_id"],
                    *self.again.get(own["grade_id"], ("", "")),
                    cell.metadata.get("untouched", False),
                )
            elif own.get("grade") or "setup" in cell.metadata.get("tags", []):
                continue
            elif cell.cell_type == "markdown":
                heading = re.search(r"^##? +(.+)$", cell.source, re.MULTILINE)
                task = re.sub(r" *\([^()]*\)$", "", heading[1]) if heading else task
                yield Part("text", text(cell.source))
            elif cell.cell_type == "code":
                yield Part("code", code(cell.source))


class Compiled(BytecodeCache):
    """Templates as Python runs them: compiled once in a process, not for each page."""

    def __init__(self):
        self.codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


class OneFile(HTMLExporter):
    """nbconvert's exporter; a page without pictures is not read and written once more for them."""

    def from_notebook_node(self, nb, resources=None, **kw):
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        if "<img" in html:
            return super().from_notebook_node(nb, resources, **kw)
        return html, resources

    def _create_environment(self):
        environment = super()._create_environment()
        environment.bytecode_cache = COMPILED
        return environment


def first_text(nb) -> str:
    return nb.cells[0].source if nb.cells else ""


def text(source: str) -> str:
    """The teacher's Markdown as HTML; a link to a file that is not with the page is its text."""
    plain, made = formulas.set_aside(source)
    html = re.sub(r"<a [^>]*class=\"anchor-link\".*?</a>", "", markdown2html(plain))
    html = re.sub(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', r"\1", html)
    return formulas.put_back(html, made)


def code(source: str) -> str:
    """Python as HTML, in colours; without them if it is long, or if it takes the lexer long."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    shown = visible(source)
    if len(shown) <= COLOURED and not RUN.search(shown):
        with contextlib.suppress(TooSlowError), at_most(SECONDS):
            return highlight(shown, PythonLexer(), HtmlFormatter(nowrap=False))
    return f"<pre>{escape(shown)}</pre>"


def words(source: str) -> str:
    """What a learner wrote, letter by letter."""
    return f'<div class="words">{escape(visible(words_in(source)))}</div>'


def message(source: str) -> str:
    """A comment as HTML: text, in which names with an underscore, and what stands between ticks,
    are code.
    """
    return with_code(visible(unescape(source)))
