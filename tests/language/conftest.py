"""A language made of the catalogs' templates: every text stands in brackets, so what has none was
reached by no catalog. It needs nothing but a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils import language
from course_utils.delivery.authoring.translation import catalogs, rules
from course_utils.delivery.authoring.translation.extract import domains
from tests.shared import made_once

PSEUDO = "eo"
CELL = re.compile(r"(?<=\|)\s*([^|\n]*?)\s*(?=\|)")


def bracketed(text: str, kind: str) -> str:
    """A translation that a reader of English can read."""
    if kind == "row":
        return CELL.sub(lambda found: f" ⟦{found[1]}⟧ " if found[1] else " ", text)
    if kind == "html":
        return re.sub(r"(>)([^<]+)(?=<)", r"\1⟦\2⟧", text)
    if kind == "comment":
        return "\n\n".join(f"⟦{one}⟧" for one in text.split("\n\n"))
    return f"⟦{text}⟧"


def left(text: str) -> str:
    """The text without all that stands in brackets, inner ones first."""
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    return text


@pytest.fixture(scope="session")
def pseudo_locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "pseudo-locale", _make)


def _make(root: Path) -> None:
    texts = domains()
    catalogs.update(texts, PSEUDO, root)
    for name in texts:
        path = catalogs.folder(PSEUDO, root) / f"{name}.po"
        made = catalogs.read(path, PSEUDO)
        for one in made:
            if one.id:
                one.string = bracketed(one.id, rules.kind_of(one.auto_comments))
        catalogs.write(made, path)


@pytest.fixture
def pseudo(pseudo_locale: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the language; inside, the course speaks it where it is asked to."""
    monkeypatch.setattr(language, "LOCALE", pseudo_locale / "locale")
    caches = (language.every, language.catalog)
    for one in caches:
        one.cache_clear()
    yield PSEUDO
    for one in caches:
        one.cache_clear()
