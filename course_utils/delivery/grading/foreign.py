"""A learner's words where nbgrader takes a text for Markdown: shown letter by letter, as text.

Markdown that a teacher opens in Formgrader can hold a link that runs a script in the teacher's
JupyterLab, or a picture that tells somebody when it was looked at. A `pre` holds neither.
"""

from __future__ import annotations

import re
from html import escape, unescape

BEFORE, AFTER = '<pre style="white-space: pre-wrap; font-family: inherit">', "</pre>"


def shown_as_text(words: str) -> str:
    """A learner's words as a cell of Markdown in which nothing of them is Markdown, HTML or TeX."""
    return f"{BEFORE}{escape(words)}{AFTER}"


def words_in(cell: str) -> str:
    """What the learner wrote, from such a cell; another text as it is."""
    if cell.startswith(BEFORE) and cell.endswith(AFTER):
        return unescape(cell[len(BEFORE) : -len(AFTER)])
    return unescape(cell)


def harmless(text: str) -> str:
    """A comment, which may quote a learner: no HTML in it is HTML."""
    return re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)
