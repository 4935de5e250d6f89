"""The site in another language: its pages, their anchors, the switch between both, the search."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search.zh import SearchChinese
from sphinx.transforms import SphinxTransform

from course_utils.delivery.authoring.players import translate_players
from course_utils.language import ENGLISH, UNTRANSLATED, every, language, languages, tag
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
    if not place.startswith("docs/") or place in TRANSLATED:
        return prose_in(data.decode(), every(name)).encode()
    return data


TRANSLATED = ("docs/working.md", "docs/data.md")  # the others are for teachers and authors


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
    app.connect("html-page-context", switch)
