"""No style sheet puts English words on a page or a slide in another language."""

import re

import pytest

from course_utils.delivery.authoring.handout.page import with_licence
from course_utils.delivery.authoring.slides import page
from course_utils.language import speaking
from course_utils.place import COURSE
from course_utils.prose import has_words
from tests.language.conftest import left

AUTHORING = COURSE / "course_utils" / "delivery" / "authoring"
WORDS = re.compile(r'([^{}]*)\{[^{}]*?(?:content|--language): "([^"]*)"')
ENGLISH = ("of-teach",)  # on pages without a translation
NAMES = ("Carousel", "Python")
SHEETS = [
    *AUTHORING.glob("slides/*.css"),
    *AUTHORING.glob("handout/*.css"),
    *(COURSE / "docs" / "site" / "_static").glob("*.css"),
]


def said(text: str) -> list[tuple[str, str]]:
    """The selectors behind which a style sheet has words, and these."""
    found = [(one.strip().splitlines()[-1], words) for one, words in WORDS.findall(text)]
    return [(where, words) for where, words in found if words.strip() not in NAMES]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_words_of_a_style_sheet_have_a_translation(path) -> None:
    found = said(path.read_text(encoding="utf-8"))
    translated = {where.split(":lang(zh-CN) ")[1] for where, _ in found if ":lang(" in where}
    for where, words in found:
        if ":lang(" in where or any(one in where for one in ENGLISH):
            continue
        words = re.sub("|".join(NAMES), "", words)
        assert not has_words(words) or where in translated, f"{where}: {words}"


def test_what_python_puts_into_style_sheets_is_translated(
    pseudo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "web_fonts", lambda _: "")
    rules = (AUTHORING / "handout" / "handout.css").read_text(encoding="utf-8")
    with speaking(pseudo):
        slides, handout = page.style_sheet(COURSE), with_licence(rules)
    assert '--predict:"⟦Predict⟧"' in slides and "content: var(--predict)" in slides
    assert "LICENCE" in rules and "LICENCE" not in handout
    assert not has_words(left(re.search('"Carousel · (.*?)"', handout)[1]))
    with speaking("en"):
        assert '--predict:"Predict"' in page.style_sheet(COURSE)
        assert '"Carousel · text and figures CC BY 4.0, code MIT"' in with_licence(rules)
