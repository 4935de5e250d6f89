"""What the pages' search knows beside titles and text: arguments, terms, and topics of topics.toml.

Each is an entry of Sphinx's index, which its search puts before mere words of a text.
"""

from __future__ import annotations

from functools import cache

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from course_utils.delivery.authoring.site import glossary
from course_utils.delivery.authoring.site.folders import SOURCES, SiteError
from course_utils.delivery.authoring.site.lessons import lesson

PATH = SOURCES / "topics.toml"
Entry = tuple[str, str, str, str, None]  # as Sphinx has them: kind, words, anchor, "main", no key


def topics(source: str | None = None) -> dict[str, dict[str, list[str]]]:
    """The words that lead to a page: page, then anchor ("" for its top), then words.

    source: the text of topics.toml; None for the file as it is. Raises SiteError if it is no TOML,
    or if an entry is no list of words.
    """
    import tomllib

    text = PATH.read_text(encoding="utf-8") if source is None else source
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{PATH.name} cannot be read: {error}.") from None
    found: dict[str, dict[str, list[str]]] = {}
    for place, words in read.items():
        if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
            raise SiteError(f'{PATH.name}: {place!r} needs a list of words, like ["install"].')
        page, _, anchor = place.partition("#")
        found.setdefault(page, {})[anchor] = words
    return found


def entry(words: str, anchor: str = "") -> Entry:
    """An entry that leads to a place of its page; the search looks for it in small letters."""
    return ("single", words.lower().replace(";", ","), anchor, "main", None)


def several(name: str) -> list[str]:
    """A term, more of the same, as in "gate" and "gates", and as others spell it."""
    spelt = dict.fromkeys([name, name.replace("isation", "ization")])
    return [*spelt, *(f"{one}s" for one in spelt if not one.endswith("s"))]


class Findable(SphinxTransform):
    """The page's entries: its topics, the glossary's Chinese, in a lesson the terms it explains."""

    default_priority = 405  # before quotes are made curly: names are found as they were written

    def apply(self, **_: object) -> None:
        page = self.env.docname
        for source in (PATH, glossary.PATH):
            self.env.note_dependency(str(source))
        found = [
            entry(words, anchor)
            for anchor, every in _read_topics().get(page, {}).items()
            for words in every
        ]
        if page == glossary.PATH.stem:
            ids = {one.astext(): one["ids"][0] for one in self.document.findall(nodes.term)}
            found += [entry(term.chinese, ids[term.names[0]]) for term in _read_terms()]
            found += [entry(one, place) for name, place in ids.items() for one in several(name)[1:]]
        for term in _read_terms():
            if page == lesson(term.lesson).document:
                found += self._explained(term)
        if found:
            self.document += addnodes.index(entries=found)

    def _explained(self, term: glossary.Term) -> list[Entry]:
        anchor = _where(self.document, term.names)
        return [entry(one, anchor) for name in term.names for one in several(name)]


def _where(document: nodes.document, names: tuple[str, ...]) -> str:
    """The section that explains a term: one named after it, else the first that writes it bold,
    else the first that speaks of it; "" for the top of the page."""
    wanted = [name.casefold() for name in names]
    for kind in (nodes.title, nodes.strong, nodes.paragraph):
        for node in document.findall(kind):
            if any(name in node.astext().casefold() for name in wanted):
                return _section_of(node)
    return ""


def _section_of(node: nodes.Node) -> str:
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    top = node is None or not isinstance(node.parent, nodes.section)
    return "" if top else node["ids"][0]


@cache
def _read_topics() -> dict[str, dict[str, list[str]]]:
    return topics()


@cache
def _read_terms() -> list[glossary.Term]:
    return glossary.terms()
