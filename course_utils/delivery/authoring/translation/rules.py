"""What must hold of a translation, whatever it says: code, formulas, links and numbers stay, a term
has one word, and the typography is that of the language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.translation.catalogs import folder, read
from course_utils.prose import inline_tokens

PLACE = re.compile(r"\{[^{}]*\}")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TAG = re.compile(r"<[^>]*>")
PLAIN = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`+[^`]*`+|\{[^{}]*\}|https?://\S+|&\w+;", re.S)
# Code without its quotes: a call, a shape such as (m, n), a product; but not (Vaswani 2017).
INSIDE = r"[^()\u3400-\u9fff，。：；？！（）“”]*"
CALL = re.compile(rf"[\w.\]']+\({INSIDE}\)(?:\[[^\]]*\])?")
SHAPE = re.compile(rf"\((?:\W|\b\d*[A-Za-z]?\b)+\)|\({INSIDE}[-+*/@=_−]{INSIDE}\)")
MILLIONS = re.compile(r"[\d.,]+ (?:million|billion)")  # counted in other steps elsewhere
TARGET = re.compile(r"\]\([^)]*\)")
HAN = "[\u3400-\u9fff]"
CHINESE = {  # what is wrong with Chinese on a page, and how it is found
    "a space is missing between Chinese and Latin, a number, a formula or code": re.compile(
        rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}"
    ),
    "a space stands between two Chinese characters": re.compile(rf"{HAN} +{HAN}"),
    "a mark of punctuation must be full-width (，。：；？！（）“”)": re.compile(
        rf"{HAN}[,;:?!()\"]|[,;?!()\"]{HAN}|{HAN} \(|\) {HAN}|{HAN}\.(?!\.)"
    ),
    "no space stands beside a full-width mark": re.compile(
        r" [，。；：？！、）”]|[，。；：？！、（“] "
    ),
}


class Remark(NamedTuple):
    """What is wrong with one entry."""

    domain: str
    english: str
    what: str

    def __str__(self) -> str:
        shown = self.english if len(self.english) < 70 else self.english[:67] + "..."
        return f"{self.domain}: {self.what}\n    {shown}"


class Term(NamedTuple):
    """A term: its English names, its one word, and words that are not to be used for it."""

    english: tuple[str, ...]
    word: str
    avoid: tuple[str, ...]
    loose: bool  # the English has other meanings, too: its word is not asked for

    def stands_in(self, english: str) -> bool:
        return any(re.search(rf"\b{re.escape(one)}s?\b", english, re.I) for one in self.english)


@cache
def glossary(language: str, root: Path = ROOT) -> tuple[Term, ...]:
    """The terms of locale/LANGUAGE/glossary.toml, none if there is no such file."""
    path = root / "locale" / language / "glossary.toml"
    if not path.is_file():
        return ()
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10
        import tomli as tomllib
    rows: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["term"]
    return tuple(
        Term(tuple(one["en"]), one["word"], tuple(one.get("avoid", ())), bool(one.get("loose")))
        for one in rows
    )


def remarks(domain: str, language: str, root: Path = ROOT) -> list[Remark]:
    """Everything that is wrong with the current translations of a domain."""
    terms = glossary(language, root)
    return [
        Remark(domain, one.id, what)
        for one in read(folder(language, root) / f"{domain}.po", language)
        if one.id and one.string and not one.fuzzy
        for what in wrong_with(one.id, one.string, terms, language, kind_of(one.auto_comments))
    ]


def kind_of(comments: Sequence[str]) -> str:
    """What an entry is, which stands first in its comment: "heading", "row", "claim"."""
    return re.split(r"[,\s]", comments[0])[0] if comments else ""


def wrong_with(
    english: str, said: str, terms: Sequence[Term], language: str, kind: str = ""
) -> Iterator[str]:
    """What is wrong with a translation, in a few words each."""
    if "\n" in said.strip("\n") and kind != "comment":
        yield "a translation is one line"
        return
    for what, before, now in _changed(english, said, kind):
        yield f"{what}: {before} there, {now} here"
    plain, spoken = _plain(MILLIONS.sub("", english)), _plain(said)
    if lost := [one for one in NUMBER.findall(plain) if one not in NUMBER.findall(spoken)]:
        yield f"numbers are missing: {', '.join(dict.fromkeys(lost))}"
    for term in terms:
        for word in term.avoid:
            if word in said:
                yield f"{word}: the glossary has {term.word}"
        if not term.loose and term.stands_in(plain) and term.word not in said:
            yield f"{term.english[0]} is {term.word} in the glossary"
    if language.startswith("zh"):
        yield from _typography(english, spoken)


def _changed(english: str, said: str, kind: str) -> Iterator[tuple[str, str, str]]:
    """Marks that are not the same in both: what they are, and how they are there and here."""
    before, now = _marks(english, kind), _marks(said, kind)
    for what in before:
        lost, more = before[what] - now[what], now[what] - before[what]
        if lost or more:
            yield what, *(", ".join(map(str, one.elements())) or "none" for one in (lost, more))


def _marks(text: str, kind: str) -> dict[str, Counter]:
    found: dict[str, Counter] = {
        name: Counter()
        for name in ("code", "formula", "link", "bold", "tag", "place", "sign", "cell")
    }
    if kind in ("comment", "sentence", "script"):
        found["place"] = Counter(one for one in PLACE.findall(text) if "?" not in one)
        return found
    for token in inline_tokens(text):
        if token.type == "code_inline":
            found["code"][token.content] += 1
        elif token.type.startswith("math"):
            found["formula"][token.content] += 1
        elif token.type in ("link_open", "image"):
            found["link"][token.attrs.get("href") or token.attrs.get("src")] += 1
        elif token.type == "strong_open":
            found["bold"]["**"] += 1
        elif token.type == "html_inline":
            found["tag"][token.content] += 1
        elif token.type == "text":
            found["place"].update(PLACE.findall(token.content))
            found["sign"].update(token.content.count("**") * ["**"])
    if kind == "row":
        found["cell"]["|"] = PLAIN.sub("", text).count("|")
    return found


def _plain(text: str) -> str:
    """The text with an A for all that is code, a formula, a tag or an address; without emphasis."""
    text = PLAIN.sub("A", TAG.sub("", TARGET.sub("]", text)))
    # Links and cells stand side by side.
    text = text.replace("] [", "]，[").replace(" |", "|").replace("| ", "|")
    for code in 2 * (CALL, SHAPE):  # one inside another
        text = code.sub(_numbered, text)
    text = re.sub(r"([，。：；？！）”])\*\* ", r"\1", text)  # there ** needs the space
    return re.sub(r"\*+|[\[\]]", "", text)


def _numbered(code: re.Match) -> str:
    """An A in place of code, and the numbers in it, which have to stay."""
    return " ".join(["A", *NUMBER.findall(code[0]), "A"]) if re.search(r"\d", code[0]) else "A"


def _typography(english: str, spoken: str) -> Iterator[str]:
    for what, found in CHINESE.items():
        if match := found.search(spoken):
            around = spoken[max(0, match.start() - 6) : match.end() + 6]
            yield f"{what}: “{around}”"
    has_chinese = re.search(HAN, spoken)
    if has_chinese and english.endswith(".") and spoken.endswith(".") and spoken[-3:] != "...":
        yield "a sentence ends with 。"
