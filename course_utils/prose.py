"""Markdown in units that are translated one by one: paragraphs, headings, items, rows of tables.

A unit is one line of text without what only marks its place ("## ", "- ", "> "). Code in fences and
formulas of their own are none. `replaced` puts other words in the places of the units and leaves
all else as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NO_WORDS = re.compile(
    r"^\([\w-]+\)=$|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|<[^>]*>|\]\([^)]*\)|\{[^}]*\}|https?://\S+|&\w+;",
    re.S,
)
WORD = re.compile(r"[a-z]{2}")
SPOKEN = re.compile(r"Notes: |Answer: |✓ ")  # on a slide, what begins a paragraph of another kind
TERM_TEXT = re.compile(r"^[ \t]+(?!\{zh\})\S")


class Unit(NamedTuple):
    """Lines `start` to `end` of a text, which hold `text` behind `prefix`."""

    kind: str
    text: str
    start: int
    end: int
    prefix: str


def units(markdown: str, slide: bool = False) -> list[Unit]:
    """The units in order; `slide` tells that "Notes: " and "Answer: " begin paragraphs."""
    found = sorted(_units(markdown.split("\n"), 0, slide), key=lambda one: one.start)
    return [one for one in found if has_words(one.text) and not is_reference(one.text)]


def replaced(markdown: str, translate: Callable[[str], str], slide: bool = False) -> str:
    """The text with `translate(unit)` in the place of each unit."""
    lines = markdown.split("\n")
    for one in reversed(units(markdown, slide)):
        lines[one.start : one.end] = [one.prefix + translate(one.text)]
    return "\n".join(lines)


def has_words(text: str) -> bool:
    """Whether there is something to translate beside code, formulas, tags and names in capitals."""
    return bool(WORD.search(NO_WORDS.sub(" ", text)))


def is_reference(text: str) -> bool:
    """Whether a text is an entry of a bibliography, which stays as it is in every language."""
    return bool(re.search(r"\(doi|\[doi:|\[arXiv:", text)) and bool(
        re.match(r".{2,400}?\((?:19|20)\d\d\)\. ", text)
    )


def inline_tokens(text: str) -> list[Token]:
    """What a unit consists of: text, code, formulas, links."""
    return _parser().parseInline(text)[0].children or []


def _units(lines: list[str], first: int, slide: bool) -> Iterator[Unit]:
    """The units of some lines, of which the first has the number `first` in the whole text."""
    rows = set()
    for token in _parser().parse("\n".join(lines)):
        if not token.map:
            continue
        start, end = token.map
        if token.type == "tr_open":
            rows.add(start)
            yield Unit("row", lines[start].strip(), first + start, first + start + 1, "")
        elif token.type == "html_block":
            for number in range(start, end):
                text = lines[number].strip()
                if text and not text.startswith("<!--"):
                    yield Unit("html", text, first + number, first + number + 1, "")
        elif token.type in ("fence", "colon_fence") and token.info.startswith("{glossary}"):
            yield from _terms(lines, start + 1, end - 1, first)
        elif token.type in ("fence", "colon_fence") and token.info.startswith("{"):
            yield from _units(lines[start + 1 : end - 1], first + start + 1, slide)
        elif token.type == "inline" and start not in rows:
            yield _paragraph(token.content, lines, start, end, first, slide)


def _paragraph(
    content: str, lines: list[str], start: int, end: int, first: int, slide: bool
) -> Unit:
    opening = content.split("\n")[0]
    prefix = lines[start][: lines[start].find(opening)]
    text = " ".join(content.split())
    if slide and (spoken := SPOKEN.match(text)):
        prefix, text = prefix + spoken[0], text[spoken.end() :]
    kind = "heading" if prefix.lstrip().startswith("#") else "paragraph"
    return Unit(kind, text, first + start, first + end, prefix)


def _terms(lines: list[str], start: int, end: int, first: int) -> Iterator[Unit]:
    """The explanations in a glossary: indented paragraphs, but not the line of the Chinese."""
    number = start
    while number < end:
        stop = number + 1
        if TERM_TEXT.match(lines[number]):
            while stop < end and lines[stop].strip():
                stop += 1
            text = " ".join(" ".join(lines[number:stop]).split())
            yield Unit("paragraph", text, first + number, first + stop, "  ")
        number = stop


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .use(dollarmath_plugin, double_inline=True)
    )
    return parser.use(deflist_plugin).use(colon_fence_plugin).use(front_matter_plugin)
