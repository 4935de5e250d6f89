"""The site in another language: its pages, their anchors, the switch between both, the search."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese
from sphinx.transforms import SphinxTransform

from course_utils.delivery.authoring.players import translate_players
from course_utils.language import (
    ENGLISH,
    UNTRANSLATED,
    every,
    language,
    languages,
    tag,
    translated,
)
from course_utils.prose import inline_tokens
from course_utils.translating import DOMAINS, prose_in, translate_notebook

NAMES = {"en": "English", "zh_CN": "中文"}
SPACES = re.compile(r"\s+")
HAN = re.compile("[\u3400-\u9fff]+")


def folder(name: str) -> str:
    """Where the pages of a language lie on the site: "" for English, "zh-cn"."""
    return "" if name == ENGLISH else tag(name).lower()


def page_in(data: bytes, place: str, name: str, root: Path) -> bytes:
    """The source of a page in a language."""
    if name == ENGLISH or not place.endswith((".md", ".ipynb")):
        return data
    if place.endswith(".ipynb") and Path(place).parent.name in DOMAINS:
        notebook = json.loads(data)
        translate_notebook(notebook, place, name, root, with_claims=False)
        translate_players(notebook, name)
        return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    return data if stays_english(place) else prose_in(data.decode(), every(name)).encode()


def stays_english(place: str) -> bool:
    """Whether a page has no translation: those for teachers and authors, and the list of claims."""
    return place.startswith("docs/") and place.rpartition(".")[0] not in TRANSLATED


TRANSLATED = ("docs/working", "docs/data")


def catalogs_around(name: str) -> Iterator[Path]:
    """The catalogs of Sphinx and of its themes in a language: their words stand on pages, too."""
    for package in ("sphinx", "pydata_sphinx_theme", "sphinx_book_theme"):
        home = Path(find_spec(package).origin).parent
        for own in {name, name.partition("_")[0]}:
            yield from home.rglob(f"{own}/LC_MESSAGES/*.mo")


@cache
def english_of(name: str) -> dict[str, str]:
    """The English of what a language says, both without marks, as titles are compared."""
    return {spoken(said): spoken(english) for english, said in every(name).items()}


def spoken(text: str) -> str:
    """A unit of Markdown without its marks."""
    parts = [one.content for one in inline_tokens(text) if one.content]
    return SPACES.sub(" ", "".join(parts)).strip()


def english_title(title: str) -> str:
    """The English of a heading, which may be one that has no translation yet."""
    if language() == ENGLISH:
        return title
    return english_of(language()).get(title, title.removesuffix(f" {UNTRANSLATED}"))


def slug(title: str) -> str:
    """The anchor of a heading, which is that of its English in every language."""
    english = english_title(title)
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", english.strip().lower()).replace(" ", "-")


class Anchors(SphinxTransform):
    """The sections of a page have the anchors of the English page."""

    default_priority = 206

    def apply(self, **_: object) -> None:
        if language() == ENGLISH:
            return
        for section in self.document.findall(nodes.section):
            title = SPACES.sub(" ", section[0].astext()).strip()
            anchor = nodes.make_id(english_title(title))
            if anchor and anchor not in self.document.ids:
                section["ids"].insert(0, anchor)
                self.document.ids[anchor] = section


class InEnglish(SphinxTransform):
    """What is English on a page in another language says so, for those who hear it."""

    default_priority = 850  # after claims have become lists

    def apply(self, **_: object) -> None:
        if language() == ENGLISH or stays_english(f"{self.env.docname}.md"):
            return
        for node in self.document.findall(lambda one: isinstance(one, LANGUAGE_OF)):
            if is_english(node) and not any(map(_is_marked, _around(node))):
                node["classes"].append(MARKED)


class Spaces(SphinxTransform):
    """Behind bold words that end in a full-width mark Markdown needs a space, and a page none."""

    default_priority = 851

    def apply(self, **_: object) -> None:
        for node in list(self.document.findall(nodes.strong)) if language() != ENGLISH else ():
            place = node.parent.index(node) + 1
            after = node.parent[place] if place < len(node.parent) else None
            if isinstance(after, nodes.Text) and FULL_WIDTH.search(node.astext()):
                node.parent[place] = nodes.Text(after.lstrip(" "))


FULL_WIDTH = re.compile("[\u3001\u3002\uff00-\uffef\u201d]$")
LANGUAGE_OF = (
    nodes.title,
    nodes.paragraph,
    nodes.term,
    nodes.rubric,
    nodes.emphasis,
    nodes.literal,
    nodes.literal_block,
)
MARKED = "language-en"  # of which docutils makes lang="en"
LATIN = re.compile(r"[a-z]{2}")
LETTER = re.compile(r"[A-Za-z]")  # dots below a *z* are no emphasis


def is_english(node: nodes.Element) -> bool:
    """Whether there are words in a node, and none of them in the page's language."""
    text = "".join(
        one
        for one in node.findall(nodes.Text)
        if isinstance(node, nodes.literal | nodes.literal_block)
        or not isinstance(one.parent, nodes.literal | nodes.math)
    )
    words = LETTER if isinstance(node, nodes.emphasis) else LATIN
    return bool(words.search(text)) and not HAN.search(node.astext())


def _around(node: nodes.Node) -> Iterator[nodes.Node]:
    while node := node.parent:
        yield node


def _is_marked(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and MARKED in node.get("classes", ())


def say_that_it_is_english(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """A page without a translation begins with a sentence in the reader's language."""
    if app.config.carousel_language == ENGLISH or tree is None or not stays_english(f"{page}.md"):
        return
    note = translated(
        "This page is in English only; lessons, problem sets and the pages to look things up are "
        "in your language."
    )
    context["body"] = (
        f'<p class="in-english">{html.escape(note)}</p>\n<div lang="en">{context["body"]}</div>'
    )


def mark_links(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Titles of pages without a translation say that they are English, wherever they are listed."""
    if app.config.carousel_language == ENGLISH or "generate_toctree_html" not in context:
        return
    for name in ("generate_toctree_html", "generate_toc_html"):
        context[name] = _marking(context[name])
    for name in ("prev", "next"):
        if there := context.get(name):
            context[name] = {**there, "title": _with_language(there["title"])}


def _marking(listed: Callable[..., object]) -> Callable[..., object]:
    def marked(*words: object, **options: object) -> object:
        made = listed(*words, **options)
        return _marked(str(made)) if made else made

    return marked


def _marked(links: str) -> str:
    return LINK.sub(lambda found: f"<a{found[1]}>{_with_language(found[2])}</a>", links)


def _with_language(title: str) -> str:
    words = html.unescape(re.sub("<[^>]+>", "", title))
    english = LATIN.search(words) and not HAN.search(words)
    return f'<span lang="en">{title}</span>' if english else title


LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S)


def switch(
    app: Sphinx, page: str, template: str, context: dict, tree: nodes.document | None
) -> None:
    """Links to the same page in the other languages, for readers and for search engines."""
    if len(app.config.carousel_languages) < 2 or "pathto" not in context:
        return
    here = app.config.carousel_language
    up = context["pathto"]("", 1) if page != app.config.root_doc else ""
    home = f"{up}{'../' * bool(folder(here))}"
    links = {one: f"{home}{folder(one)}{'/' * bool(folder(one))}{page}.html" for one in languages()}
    context["languages_label"] = translated("Languages")
    context["language_links"] = [
        (NAMES[one], tag(one), at, one == here) for one, at in links.items()
    ]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n    <link rel="alternate" hreflang="{tag(one)}" href="{html.escape(at)}">'
        for one, at in links.items()
    )


class Bigrams(SearchChinese):
    """Chinese has no spaces: two neighbouring characters are a word of the index."""

    language_name = "English"  # whose stemmer Sphinx brings for the Latin words of Chinese pages
    js_splitter_code = """
function splitQuery(query) {
  const words = query.split(/[^\\p{Letter}\\p{Number}_]+/u).filter((one) => one);
  const parts = words.flatMap((word) => word.split(/([\\u3400-\\u9fff]+)/).filter((one) => one));
  return parts.flatMap((part) => {
    if (!/^[\\u3400-\\u9fff]/.test(part) || part.length < 3) return [part];
    return [...part].slice(1).map((sign, k) => part[k] + sign);
  });
}
"""

    def split(self, input: str) -> list[str]:
        latin = super().split(HAN.sub(" ", input))
        runs = HAN.findall(input)
        return latin + [run[k : k + 2] for run in runs for k in range(max(1, len(run) - 1))]

    def word_filter(self, stemmed_word: str) -> bool:
        return len(stemmed_word) > 1


def setup(app: Sphinx) -> None:
    from sphinx import search

    search.languages["zh"] = Bigrams
    app.add_config_value("carousel_language", ENGLISH, "env", types=frozenset({str}))
    app.add_config_value("carousel_languages", [ENGLISH], "html", types=frozenset({list}))
    app.add_transform(Anchors)
    app.add_transform(InEnglish)
    app.add_transform(Spaces)
    app.connect("html-page-context", switch)
    app.connect("html-page-context", say_that_it_is_english)
    app.connect("html-page-context", mark_links, priority=900)  # behind the theme's own
