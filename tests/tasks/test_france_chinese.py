"""The Chinese twin: Babel's names, and otherwise the numbers of the English sentence."""

import re

import numpy as np
import pytest
from babel import Locale
from babel.languages import get_official_languages
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.place import COURSE
from course_utils.tasks import FranceSentence
from course_utils.tasks.france import CLOSING, LINKS, OPENING, TERRITORIES
from course_utils.tasks.france_chinese import FranceSentenceInChinese, chinese_vocabulary

NOTE = COURSE / "locale" / "zh_CN" / "notes" / "00_start_here.md"
ranges = st.tuples(st.integers(3, 40), st.integers(0, 40)).map(lambda p: (p[0], sum(p)))


def drawn(task, seed):
    return task.sample(6, np.random.default_rng(seed))


def test_every_country_and_every_language_is_what_babel_says():
    task, chinese = FranceSentenceInChinese(), Locale("zh")
    assert len(TERRITORIES) == len(task.countries) == len(task.answers) == 12
    for code, country, language in zip(TERRITORIES, task.countries, task.answers, strict=True):
        [spoken] = get_official_languages(code)
        assert country == chinese.territories[code]
        assert language == chinese.languages[spoken]
    assert (task.countries[0], task.answers[0]) == ("法国", "法语")


def test_the_words_stand_at_the_places_of_the_english_ones():
    chinese, english = chinese_vocabulary(), FranceSentence().labels.inputs
    assert len(set(chinese)) == len(chinese) == len(english)
    assert not set(chinese) & set(FranceSentenceInChinese().answers)
    assert not [word for word in chinese if not re.fullmatch("[\u4e00-\u9fff]+", word)]


@settings(deadline=None, max_examples=100)
@given(st.integers(3, 80) | ranges, st.integers(0, 2**32))
def test_a_seed_draws_the_same_sentences_with_the_same_lags(distance, seed):
    task, english = FranceSentenceInChinese(distance), FranceSentence(distance)
    assert task.length == english.length and task.distance_range == english.distance_range
    batch, same = drawn(task, seed), drawn(english, seed)
    np.testing.assert_array_equal(batch.inputs, same.inputs)
    np.testing.assert_array_equal(batch.targets, same.targets)
    np.testing.assert_array_equal(task.clues(batch.inputs), english.clues(same.inputs))
    low, high = task.distance_range
    for sample, target in zip(batch.inputs, batch.targets, strict=True):
        words = task.words(sample)
        (at,) = (i for i, word in enumerate(words) if word in task.countries)
        assert task.countries[target] == words[at]
        assert low <= len(words) - 1 - at <= high
        assert words[at - len(OPENING) : at] == ["我", "从小", "就", "在"]
        assert words[-len(CLOSING) :] == ["我", "能说", "一口流利的"]


@settings(deadline=None, max_examples=100)
@given(ranges, st.integers(0, 2**32))
def test_what_is_written_is_read_again(distance, seed):
    task = FranceSentenceInChinese(distance)
    sample = drawn(task, seed).inputs[:1]
    text = task.text(sample[0])
    assert text.endswith("我能说一口流利的 ___")
    assert re.search("我从小就在(?:" + "|".join(task.countries) + ")长大。", text)
    assert text.count("。") == FranceSentence().text(sample[0]).replace("...", "").count(".")
    np.testing.assert_array_equal(task.encode(text), sample)


def test_a_sentence_of_a_country():
    distance = len(CLOSING) + len(LINKS[1].split())
    task = FranceSentenceInChinese(distance)
    assert task.text(task.sentence("法国", distance)[0]) == (
        "我从小就在法国长大。今天我能说一口流利的 ___"
    )
    assert task.at(distance + 1).text(task.sentence("法国", distance + 1)[0]).count("法国") == 1
    with pytest.raises(ValueError, match="must be one of 法国"):
        task.sentence("France", 5)


@pytest.mark.parametrize(
    ("words", "said"), [("我说", "'说' is not one of the 73 words"), ("", "is empty")]
)
def test_words_that_it_does_not_know(words, said):
    with pytest.raises(ValueError, match=said):
        FranceSentenceInChinese().encode(words)


def test_the_note_of_the_lesson_says_what_the_task_says(capsys):
    task, note = FranceSentenceInChinese(), NOTE.read_text(encoding="utf-8")
    pairs = zip(task.countries, task.answers, strict=True)
    assert "：" + "、".join(f"{one}（{other}）" for one, other in pairs) + "。" in note
    plain = note.replace("> ", "").replace(">\n", "\n")
    [shown] = re.findall(r"```text\n(.+?)\n```", plain, re.S)
    [code] = re.findall(r"```python\n(.+?)\n```", plain, re.S)
    exec(code, {})
    assert capsys.readouterr().out.strip() == shown


def test_it_describes_itself():
    assert FranceSentenceInChinese().describe().endswith("Its words are Chinese.")
    assert repr(FranceSentenceInChinese(5)).startswith("FranceSentenceInChinese(distance=5")
