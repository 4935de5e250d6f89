"""The language in which the course speaks, and what it has in it for a sentence in English.

Catalogs lie in locale/LANGUAGE/LC_MESSAGES, one PO file for each domain: a lesson, a set, the
feedback. An English sentence is its own key. One that has no current translation stays English,
with a mark: never does an old translation of changed words appear.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from course_utils import CourseError
from course_utils.place import COURSE
from course_utils.prose import has_words

LOCALE = COURSE / "locale"
ENGLISH = "en"
VARIABLE = "CAROUSEL_LANGUAGE"  # names the language for everything that is started
MANIFEST = ".carousel.json"  # of a workbook, which remembers its language
COMPILED = ".json"  # of a catalog for a page's Python, which has no Babel
UNTRANSLATED = "[EN]"  # stands behind what has no current translation, in every language

_chosen: list[str] = []  # by `speaking`, the last one counts


def language() -> str:
    """The language of this process: "en", "zh_CN".

    What `speaking` says; else CAROUSEL_LANGUAGE; else that of the workbook around this folder.
    """
    if _chosen:
        return _chosen[-1]
    if name := os.environ.get(VARIABLE):
        return name
    try:
        return _of_the_workbook(Path.cwd()) or ENGLISH
    except FileNotFoundError:  # the current folder is gone
        return ENGLISH


def tag(name: str = "") -> str:
    """A language, or that of this process, as HTML names it: "zh-CN"."""
    return (name or language()).replace("_", "-")


@contextlib.contextmanager
def speaking(name: str) -> Iterator[None]:
    """Everything inside is said in the language `name`."""
    _chosen.append(name)
    try:
        yield
    finally:
        _chosen.pop()


def languages() -> list[str]:
    """English, and every language that has a folder of catalogs."""
    return [ENGLISH, *sorted(path.parent.name for path in LOCALE.glob("*/LC_MESSAGES"))]


def known(name: str) -> str:
    """The name, if the course speaks the language; raises CourseError if not."""
    if name not in languages():
        there = ", ".join(languages())
        raise CourseError(f"The course does not speak {name!r}; it speaks {there}.")
    return name


def preferred() -> str:
    """The language of the reader's system if the course speaks it, else English."""
    from babel import default_locale

    with contextlib.suppress(ValueError):
        system = default_locale(("LC_ALL", "LC_MESSAGES", "LANG")) or ""
        for one in languages():
            if one.partition("_")[0] == system.partition("_")[0]:
                return one
    return ENGLISH


def translated(text: str, /, **values: object) -> str:
    """The sentence in the language of this process, with `values` in its {places}."""
    name = language()
    said = text if name == ENGLISH else looked_up(text, every(name))
    return said.format(**values) if values else said


def translated_in(domain: str, text: str) -> str:
    """The sentence as `translated` says it, but first as it is said in one domain.

    Short answers such as "no" and "two" are not the same words everywhere.
    """
    return catalog(language(), domain).get(text) or translated(text)


def to_translate(text: str) -> str:
    """The text; it tells the catalogs that `translated` will be asked for it."""
    return text


def looked_up(text: str, known: Mapping[str, str]) -> str:
    """What a catalog has for a sentence, or the sentence with the mark of what it has not."""
    if text in known or not has_words(text):
        return known.get(text, text)
    if text.endswith("|"):  # a row of a table
        return f"{text[:-1]}{UNTRANSLATED} |"
    return f"{text} {UNTRANSLATED}"


@cache
def every(name: str) -> dict[str, str]:
    """What all domains of a language have."""
    found: dict[str, str] = {}
    for domain in domains(name)[::-1]:
        found.update(catalog(name, domain))
    return found


def domains(name: str) -> list[str]:
    """Those for which a language has a catalog."""
    folder = LOCALE / name / "LC_MESSAGES"
    return sorted(path.stem for path in folder.glob("*") if path.suffix in (".po", COMPILED))


@cache
def catalog(name: str, domain: str) -> dict[str, str]:
    """The current translations of a domain, by their English; none where there is no such file."""
    path = LOCALE / name / "LC_MESSAGES" / f"{domain}.po"
    if (compiled := path.with_suffix(COMPILED)).is_file():
        return json.loads(compiled.read_text(encoding="utf-8"))
    from babel.messages.pofile import read_po

    if not path.is_file():
        return {}
    with path.open("rb") as file:
        messages = read_po(file, locale=name)
    return {one.id: one.string for one in messages if one.id and one.string and not one.fuzzy}


def of_workbook(folder: Path) -> str:
    """The language that a workbook remembers; of a new one, that of the reader's system."""
    if not (folder / MANIFEST).is_file():
        return preferred()
    kept = _kept_in(folder)
    return kept if kept in languages() else ENGLISH


@cache
def _of_the_workbook(here: Path) -> str:
    """What the nearest manifest upwards says; "" if there is none, or it names no language."""
    home = next((one for one in (here, *here.parents) if (one / MANIFEST).is_file()), None)
    return _kept_in(home) if home else ""


def _kept_in(folder: Path) -> str:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return str(json.loads((folder / MANIFEST).read_bytes()).get("language") or "")
    return ""
