"""Text, code and formulas as HTML, and pages that hold their fonts and scripts themselves."""

from __future__ import annotations

import base64
import html
import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_utils.delivery.authoring.site.folders import SOURCES

FONT = re.compile(r'url\("vendor/([^"]+)"\)')
FORMULA_END = re.compile(r'<span class="math inline">[^<]*</span>[.,;:?!)]+')
STRONG_CELL = re.compile(r"<strong>((?:Simple)?RNN|LSTM|GRU)</strong>")


def markdown(text: str) -> str:
    """Markdown as HTML; formulas stand in `\\(...\\)` and `\\[...\\]`, where MathJax finds them."""
    return _finished(_parser().render(text))


def inline(text: str) -> str:
    """Markdown of one line, without a paragraph around it."""
    return _finished(_parser().renderInline(text))


def code(source: str) -> str:
    """Python as HTML, its parts marked with the classes of Pygments."""
    body = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{body.rstrip()}</code></pre>'


def plain(text: str) -> str:
    """What a cell has printed."""
    return f'<pre class="printed"><samp>{html.escape(text.rstrip())}</samp></pre>'


@cache
def web_fonts(vendor: Path) -> str:
    """The style sheet of the course's fonts with their files inside, from the folder `vendor`."""
    lines = (SOURCES / "_static" / "fonts.css").read_text(encoding="utf-8").splitlines()
    rules = "\n".join(line for line in lines if "Carousel Chinese" not in line)  # of pages alone

    def inside(match: re.Match[str]) -> str:
        data = base64.b64encode((vendor / match[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{data}")'

    return FONT.sub(inside, rules)


@cache
def inlined(path: Path) -> str:
    """A script that may stand between <script> and </script>."""
    return re.sub(r"<(?=/script|!--)", r"<\\", path.read_text(encoding="utf-8"), flags=re.I)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False}).enable("table")
    return parser.use(dollarmath_plugin, renderer=_formula, double_inline=True)


def _formula(content: str, options: dict[str, object]) -> str:
    left, right = ("\\[", "\\]") if options["display_mode"] else ("\\(", "\\)")
    return f"{left}{html.escape(content.strip())}{right}"


def _finished(page: str) -> str:
    """Names of cells get their colour; no line begins with the stop that follows a formula."""
    page = STRONG_CELL.sub(_cell_name, page)
    return FORMULA_END.sub(r'<span class="together">\g<0></span>', page)


def _cell_name(match: re.Match[str]) -> str:
    name = "SimpleRNN" if match[1].endswith("RNN") else match[1]
    return f'<strong class="cell-{name}">{match[1]}</strong>'
