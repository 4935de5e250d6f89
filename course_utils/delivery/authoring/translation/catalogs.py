"""Catalogs on disk: brought up to date with the sources, and counted.

A translation stays with its English wherever that moves, in its domain or to another. Where the
English has changed, the old translation is kept as fuzzy, with the English it was made for, and is
not shown. What is gone is dropped.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import denormalize, read_po, write_po

from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.translation.extract import Text
from course_utils.files import write_atomically

MADE = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)  # the same at every run


class Counted(NamedTuple):
    """A domain: its entries, those without a translation, and those whose English has changed."""

    domain: str
    entries: int
    words: int
    missing: int
    stale: int


def folder(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES"


def read(path: Path, language: str) -> Catalog:
    """The catalog in a file, an empty one if there is none."""
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as file:
        found = read_po(file, locale=language)
    for one in found:
        _restore_previous(one)
    return found


def _restore_previous(message: Message) -> None:
    """Babel writes the English that a fuzzy entry was made for, and reads it as a comment."""
    kept, previous = [], []
    for line in message.user_comments:
        (previous if line.startswith("|") else kept).append(line)
    if previous:
        lines = [line.removeprefix("|").strip().removeprefix("msgid").strip() for line in previous]
        message.previous_id = [denormalize("\n".join(lines))]
    message.user_comments = kept


def template(texts: Iterable[Text], language: str) -> Catalog:
    """A catalog without translations."""
    made = _empty(language)
    for one in texts:
        where = [f"{one.kind}, under: {one.heading}" if one.heading else one.kind]
        made.add(one.text, locations=[(one.file, None)], auto_comments=where)
    return made


def update(
    texts: Mapping[str, list[Text]], language: str, root: Path = ROOT, only: Iterable[str] = ()
) -> list[Counted]:
    """Bring the files of a language up to date; `only` names some domains."""
    home = folder(language, root)
    home.mkdir(parents=True, exist_ok=True)
    counted = []
    for domain, new in _renewed(texts, language, home, only):
        write(new, home / f"{domain}.po")
        counted.append(count(domain, new))
    if not only:
        for path in home.glob("*.po"):
            if path.stem not in texts:
                path.unlink()
    return counted


def compared(
    texts: Mapping[str, list[Text]], language: str, root: Path = ROOT, only: Iterable[str] = ()
) -> list[Counted]:
    """What `update` would count; nothing is written."""
    renewed = _renewed(texts, language, folder(language, root), only)
    return [count(domain, new) for domain, new in renewed]


def _renewed(
    texts: Mapping[str, list[Text]], language: str, home: Path, only: Iterable[str]
) -> list[tuple[str, Catalog]]:
    old = {
        path.stem: read(path, language)
        for path in sorted(home.glob("*.po"))
        if path.stem in texts or len(texts) > 1  # a check of one domain need not read all
    }
    known = {
        one.id: one.string
        for catalog in old.values()
        for one in catalog
        if one.id and one.string and not one.fuzzy
    }
    return [
        (domain, merged(template(found, language), old.get(domain) or _empty(language), known))
        for domain, found in texts.items()
        if not only or domain in only
    ]


def merged(new: Catalog, old: Catalog, elsewhere: Mapping[str, str]) -> Catalog:
    """`new`, a template, with the translations of `old`, and for what was not there, of others."""
    before = {one.id: one.previous_id for one in old if one.fuzzy}
    known = {one.id for one in old if one.id}
    old.update(new)
    for one in old:
        if not one.id:
            continue
        if one.id in elsewhere and one.id not in known:
            one.string, one.previous_id, one.flags = elsewhere[one.id], [], set()
        elif one.fuzzy:
            made_for = [one.id] if one.id in known else one.previous_id
            one.previous_id = before.get(made_for[0], made_for) if made_for else []
            if one.previous_id == [one.id]:  # the English is again as it was translated
                one.previous_id, one.flags = [], set()
    return old


def write(catalog: Catalog, path: Path) -> None:
    """The catalog as a file, the same for the same content."""
    for one in catalog:
        one.flags &= {"fuzzy"}  # babel adds others, for what it takes for places of %s and {}
    text = io.BytesIO()
    write_po(text, catalog, width=0, ignore_obsolete=True, include_previous=True, omit_header=False)
    write_atomically(path, text.getvalue())


def count(domain: str, catalog: Catalog) -> Counted:
    entries = [one for one in catalog if one.id]
    return Counted(
        domain,
        len(entries),
        sum(len(one.id.split()) for one in entries),
        sum(not one.string for one in entries),
        sum(bool(one.string) and one.fuzzy for one in entries),
    )


def _empty(language: str) -> Catalog:
    made = Catalog(
        locale=language,
        project="Carousel",
        version="1",
        copyright_holder="the authors of Carousel",
        last_translator="",
        language_team="",
        creation_date=MADE,
        revision_date=MADE,
        fuzzy=False,
        header_comment="# Made by `course translate`; CC BY 4.0.",
    )
    return made
