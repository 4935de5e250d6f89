"""What the course prints, broken between words: JupyterLab breaks a long line inside one."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable

WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")  # two columns wide
NOT_FIRST, NOT_LAST = "，。：；？！、）》」”’…", "（《「“‘"
FULL = "，。：；？！、）》」（《「"  # marks with room of their own
PIECE = re.compile(
    rf"\s+|[{NOT_LAST}]*{WIDE.pattern}[{NOT_FIRST}]*|(?:(?!{WIDE.pattern})\S)+[{NOT_FIRST}]*"
)
WIDTH = 88  # columns, which JupyterLab's outputs have in a window of 1280 pixels
SHORTEST = 20  # characters of the last line of several, if that is possible


def wrapped(text: str, lead: str = "") -> str:
    """`text` behind `lead`, in lines of at most WIDTH columns that begin below its first word.

    Only a word that is longer stays longer. A text of several lines keeps them: the later ones
    are broken if they are prose, and stay as they are if they are indented or have columns.
    """
    first, *later = text.split("\n")
    return "\n".join([filled(first, lead), *(one if "  " in one else filled(one) for one in later)])


def filled(text: str, lead: str = "") -> str:
    """As `wrapped`, for a text of one line; a gap of several spaces stays if no line ends there.

    Lines end a little earlier if that saves the last one from a single short word.
    """
    widest = _lines(text, lead, WIDTH)
    for width in range(WIDTH, WIDTH // 2, -1):
        lines = _lines(text, lead, width)
        if len(lines) > len(widest):
            break
        if len(lines[-1]) >= len(lead) + SHORTEST:
            return "\n".join(lines)
    return "\n".join(widest)


def joined(lines: Iterable[str]) -> str:
    """The text whose lines these are: between Chinese characters, and beside full-width marks,
    there was no space."""
    whole, *others = lines
    for line in others:
        edges = whole[-1:], line[:1]
        close = all(map(WIDE.match, edges)) or any(one in FULL for one in edges if one)
        whole += line if close else f" {line}"
    return whole


def columns(text: str) -> int:
    """How wide a text is: a Chinese character takes two columns."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def _lines(text: str, lead: str, width: int) -> list[str]:
    if WIDE.search(text + lead):
        return _wide_lines(text, lead, width)
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrapper.wrap(text) or [lead.rstrip()]


def _wide_lines(text: str, lead: str, width: int) -> list[str]:
    """As `_lines`, for a text whose words have no spaces between them."""
    indent = columns(lead)
    lines, room = [lead], width - indent
    for piece in PIECE.findall(text):
        if columns(piece.rstrip()) > room and len(lines[-1].strip()) > len(lead.strip()):
            lines[-1] = lines[-1].rstrip()
            lines, room, piece = [*lines, " " * indent], width - indent, piece.lstrip()
        lines[-1] += piece
        room -= columns(piece)
    return [line.rstrip() for line in lines]
