"""Text, code and formulas of a notebook as HTML, for slides and hand-outs."""

from __future__ import annotations

import html
import re
from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

STRONG_CELL = re.compile(r"<strong>((?:Simple)?RNN|LSTM|GRU)</strong>")


def markdown(text: str) -> str:
    """Markdown as HTML; formulas stand in `\\(...\\)` and `\\[...\\]`, where MathJax finds them."""
    return STRONG_CELL.sub(_cell_name, _parser().render(text))


def inline(text: str) -> str:
    """Markdown of one line, without a paragraph around it."""
    return STRONG_CELL.sub(_cell_name, _parser().renderInline(text))


def code(source: str) -> str:
    """Python as HTML, its parts marked with the classes of Pygments."""
    body = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{body.rstrip()}</code></pre>'


def plain(text: str) -> str:
    """What a cell has printed."""
    return f'<pre class="printed"><samp>{html.escape(text.rstrip())}</samp></pre>'


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True, "typographer": False}).enable("table")
    return parser.use(dollarmath_plugin, renderer=_formula, double_inline=True)


def _formula(content: str, options: dict[str, object]) -> str:
    left, right = ("\\[", "\\]") if options["display_mode"] else ("\\(", "\\)")
    return f"{left}{html.escape(content.strip())}{right}"


def _cell_name(match: re.Match[str]) -> str:
    name = "SimpleRNN" if match[1].endswith("RNN") else match[1]
    return f'<strong class="cell-{name}">{match[1]}</strong>'
