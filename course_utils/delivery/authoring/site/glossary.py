"""The terms of docs/site/glossary.md, for the list from Chinese to English and for its tests."""

from __future__ import annotations

import re
from typing import NamedTuple

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from course_utils.delivery.authoring.site.folders import SOURCES, SiteError
from course_utils.delivery.authoring.site.roles import chinese, reference

PATH = SOURCES / "glossary.md"
BLOCK = re.compile(r"^```\{glossary\}\n(.*?)^```$", re.M | re.S)
# Under a term: its Chinese, its symbol if it has one, and the lesson that introduces it.
NOTE = re.compile(
    r"\{zh\}`(?P<zh>[^`]+)` · (?:\$(?P<symbol>[^$]+)\$ · )?\{lesson\}`(?P<lesson>\d\d)`"
)
ENTRY = re.compile(r"^((?:\S.*\n)+)((?:[ \t]+\S.*\n|\n)*)", re.M)


class Term(NamedTuple):
    """One entry: its names (the first one is sorted by), and what stands under them."""

    names: tuple[str, ...]
    chinese: str
    symbol: str | None
    lesson: str
    text: str


def terms(source: str | None = None) -> list[Term]:
    """Every entry in the order of the page; `source` is the page's text, read from PATH if None.

    Raises SiteError for an entry without its line of Chinese, symbol and lesson.
    """
    text = PATH.read_text(encoding="utf-8") if source is None else source
    found = BLOCK.search(text)
    if found is None:
        raise SiteError(f"{PATH.name} has no block ```{{glossary}}.")
    return [_term(names.split("\n")[:-1], under) for names, under in ENTRY.findall(found[1])]


def _term(names: list[str], under: str) -> Term:
    note, *text = [" ".join(part.split()) for part in under.strip().split("\n\n")]
    found = NOTE.fullmatch(note)
    if found is None or not text:
        raise SiteError(
            f"The entry {names[0]!r} of {PATH.name} needs a line like "
            "'  {zh}`遗忘门` · $f$ · {lesson}`04`' under its name, an empty line, and its text."
        )
    return Term(tuple(names), found["zh"], found["symbol"], found["lesson"], " ".join(text))


def by_sound(term: Term) -> bytes:
    """Sorts Chinese as dictionaries do: common signs stand in GB 2312 in the order of pinyin."""
    return term.chinese.casefold().encode("gb18030")


class Letters(SphinxDirective):
    """A link to the first term of each letter."""

    def run(self) -> list[nodes.Node]:
        first = {term.names[0][0].upper(): term.names[0] for term in reversed(terms())}
        links = [
            reference(self.env, "term", name, letter) for letter, name in sorted(first.items())
        ]
        return [nodes.container("", nodes.paragraph("", "", *links), classes=["letters"])]


class ChineseTerms(SphinxDirective):
    """The same terms once more, from Chinese to English."""

    def run(self) -> list[nodes.Node]:
        items = [self._item(term) for term in sorted(terms(), key=by_sound)]
        return [nodes.bullet_list("", *items, classes=["chinese-terms"])]

    def _item(self, term: Term) -> nodes.list_item:
        link = reference(self.env, "term", term.names[0], term.names[0])
        line = nodes.paragraph("", "", chinese(term.chinese), nodes.Text(" "), link)
        return nodes.list_item("", line)
