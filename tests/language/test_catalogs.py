"""Catalogs follow the sources: nothing translated is lost, and nothing old is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_utils import language
from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.authoring.site.glossary import terms
from course_utils.delivery.authoring.translation import catalogs, rules
from course_utils.delivery.authoring.translation.extract import Text, domains
from course_utils.language import UNTRANSLATED, looked_up

LANGUAGES = language.languages()[1:]
COMPLETE = ("lesson", "set", "feedback", "course", "pages", "blank")


def _texts(*texts: str) -> list[Text]:
    return [Text("file", "heading", "paragraph", one) for one in texts]


FIRST = {
    "a": _texts(
        "A first sentence stands here.",
        "A second comes now, a long one." + ' It has "marks" and words.' * 5,
    ),
    "b": [],
}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A project with one catalog, all of it translated."""
    catalogs.update(FIRST, "zh_CN", tmp_path)
    path = catalogs.folder("zh_CN", tmp_path) / "a.po"
    made = catalogs.read(path, "zh_CN")
    for one in made:
        if one.id:
            one.string = f"译：{one.id}"
    catalogs.write(made, path)
    return tmp_path


def _entries(root: Path, domain: str) -> dict[str, tuple[str, bool, list]]:
    found = catalogs.read(catalogs.folder("zh_CN", root) / f"{domain}.po", "zh_CN")
    return {one.id: (one.string, one.fuzzy, list(one.previous_id)) for one in found if one.id}


def test_an_update_without_a_change_changes_no_byte(filled: Path) -> None:
    path = catalogs.folder("zh_CN", filled) / "a.po"
    before = path.read_bytes()
    catalogs.update(FIRST, "zh_CN", filled)
    assert path.read_bytes() == before


def test_a_translation_goes_where_its_sentence_goes(filled: Path) -> None:
    moved = {"a": FIRST["a"][1:], "b": FIRST["a"][:1]}
    catalogs.update(moved, "zh_CN", filled)
    assert _entries(filled, "b")[FIRST["a"][0].text] == (f"译：{FIRST['a'][0].text}", False, [])


def test_a_changed_sentence_is_stale_and_knows_what_it_was(filled: Path) -> None:
    was = FIRST["a"][1].text
    now = was.replace("a long one", "a longer one")
    changed = {"a": [FIRST["a"][0], *_texts(now)], "b": []}
    for _ in range(2):
        [a, _b] = catalogs.update(changed, "zh_CN", filled)
        assert (a.missing, a.stale) == (0, 1)
        assert _entries(filled, "a")[now] == (f"译：{was}", True, [was])
    catalogs.update({"a": [FIRST["a"][0], *_texts(now + " Again.")], "b": []}, "zh_CN", filled)
    assert _entries(filled, "a")[now + " Again."] == (f"译：{was}", True, [was])
    catalogs.update(FIRST, "zh_CN", filled)
    assert _entries(filled, "a")[was] == (f"译：{was}", False, [])


def test_what_is_gone_is_dropped(filled: Path) -> None:
    catalogs.update({"b": []}, "zh_CN", filled)
    assert not (catalogs.folder("zh_CN", filled) / "a.po").exists()


def test_the_stale_and_the_missing_are_english_with_a_mark(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = FIRST["a"][1].text.replace("a long one", "a longer one")
    catalogs.update({"a": _texts(FIRST["a"][0].text, now, "All new.")}, "zh_CN", filled)
    monkeypatch.setattr(language, "LOCALE", filled / "locale")
    language.catalog.cache_clear()
    known = language.catalog("zh_CN", "a")
    language.catalog.cache_clear()
    assert looked_up(FIRST["a"][0].text, known).startswith("译：")
    assert looked_up(now, known) == f"{now} {UNTRANSLATED}"
    assert looked_up("All new.", known) == f"All new. {UNTRANSLATED}"
    assert looked_up("| $x$ | new words |", known) == f"| $x$ | new words {UNTRANSLATED} |"
    assert looked_up("RNN", known) == "RNN"


def test_a_short_answer_is_said_first_as_its_own_lesson_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for domain, said in (("feedback", "否"), ("lesson-03", "没有")):
        catalogs.update({domain: _texts("no")}, "zh_CN", tmp_path, only=[domain])
        path = catalogs.folder("zh_CN", tmp_path) / f"{domain}.po"
        made = catalogs.read(path, "zh_CN")
        made["no"].string, made["no"].flags = said, set()
        catalogs.write(made, path)
    monkeypatch.setattr(language, "LOCALE", tmp_path / "locale")
    for cached in (language.catalog, language.every):
        cached.cache_clear()
    with language.speaking("zh_CN"):
        said = [language.translated_in(f"lesson-{one}", "no") for one in ("03", "04")]
    assert said == ["没有", "否"] and language.translated_in("lesson-03", "no") == "no"
    for cached in (language.catalog, language.every):
        cached.cache_clear()


@pytest.mark.parametrize(
    "english, said, complaint",
    [
        ("The state `h`.", "状态。", "code"),
        ("The state $h$.", "状态 `h`。", "formula"),
        ("See [it](a.md).", "看[它](b.md)。", "link"),
        ("A **word**.", "一个词。", "bold"),
        ("A **word**.", "一个**词。**下一个。", "bold"),
        ("Right in 8 of 100.", "100 次里答对。", "numbers"),
        ("{name} is right.", "{names} 对了。", "place"),
        ("The forget gate.", "忘记门。", "glossary"),
        ("The forget gate.", "门。", "glossary"),
        ("An LSTM.", "一个LSTM。", "space"),
        ("It is so.", "是这样.", "full-width"),
        ("It is, so.", "是的,这样。", "full-width"),
        ("It is an LSTM.", "这是 LSTM.", "。"),
        ("It is so.", "是 这样。", "space"),
        ("It is so.", "是这样\n吧。", "one line"),
    ],
)
def test_a_rule_finds_what_breaks_it(english: str, said: str, complaint: str) -> None:
    found = list(rules.wrong_with(english, said, rules.glossary("zh_CN"), "zh_CN"))
    assert any(complaint in one for one in found), found


def test_a_good_translation_breaks_no_rule() -> None:
    english = "**Stop** the LSTM's forget gate $f$ at step 3 with `stop()`: it keeps 8 of 100 (so)."
    said = "**停下** LSTM 的遗忘门 $f$：在第 3 步用 `stop()`，100 里留下 8（就这样）。"
    assert list(rules.wrong_with(english, said, rules.glossary("zh_CN"), "zh_CN")) == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_translations_keep_the_rules_and_the_catalogs_are_those_of_the_sources(name: str) -> None:
    texts = domains()
    counted = catalogs.compared(texts, name)
    found = [str(one) for row in counted for one in rules.remarks(row.domain, name)]
    assert not found, "\n".join(found)
    for one in counted:
        path = catalogs.folder(name) / f"{one.domain}.po"
        known = {entry.id for entry in catalogs.read(path, name) if entry.id}
        assert known == {text.text for text in texts[one.domain]}, "run `make translate`"
        if one.domain.startswith(COMPLETE or ("nothing",)):
            assert (one.missing, one.stale) == (0, 0), one.domain


def test_the_glossary_of_the_pages_has_the_same_words() -> None:
    words = {name: one.word for one in rules.glossary("zh_CN", ROOT) for name in one.english}
    for term in terms():
        for name in term.names:
            if name in words:
                assert words[name] in term.chinese, name
