"""The France sentence: its facts, its English, its distance, and the way from words and back."""

import numpy as np
import pytest
from babel import Locale
from babel.languages import get_official_languages
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.tasks import FranceSentence
from course_utils.tasks.france import CLOSING, FILLERS, LINKS, OPENING, TERRITORIES

seeds = st.integers(0, 2**32)
ranges = st.tuples(st.integers(3, 40), st.integers(0, 40)).map(lambda p: (p[0], sum(p)))
GROUPS = [[set(group.split()) for group in sentence] for sentence in FILLERS]


def sample(task, seed=0, size=6):
    return task.sample(size, np.random.default_rng(seed))


def is_filler(words):
    return any(
        all(word in group for word, group in zip(words, sentence, strict=True))
        for sentence in GROUPS
    )


def test_each_country_has_one_official_language_and_no_other_has_it():
    english = Locale("en")
    codes = [get_official_languages(code) for code in TERRITORIES]
    assert all(len(languages) == 1 for languages in codes)
    assert len(set(codes)) == len(TERRITORIES) == 12
    assert all(" " not in english.territories[code] for code in TERRITORIES)


def test_some_countries_everyone_can_check():
    task = FranceSentence()
    pairs = dict(zip(task.countries, task.answers, strict=True))
    assert pairs["France"] == "French" and pairs["Japan"] == "Japanese"
    assert pairs["Greece"] == "Greek" and pairs["Denmark"] == "Danish"


def test_no_answer_is_among_the_words_read():
    task = FranceSentence()
    assert not set(task.answers) & set(task.labels.inputs)


@settings(deadline=None, max_examples=200)
@given(st.integers(3, 80) | ranges, st.integers(0, 20), seeds)
def test_every_sample_is_the_sentence(distance, spare, seed):
    task = FranceSentence(distance)
    low, high = task.distance_range
    task = FranceSentence(distance, task.length + spare)
    batch = sample(task, seed)
    for sequence, target in zip(batch.inputs, batch.targets, strict=True):
        words = task.words(sequence)
        assert len(words) == task.length == high + 5 + spare
        (at,) = (i for i, word in enumerate(words) if word in task.countries)
        assert task.countries[target] == words[at]
        assert words[at - 4 : at] == ["I", "grew", "up", "in"]
        assert low <= len(words) - 1 - at <= high
        after, before = words[at + 1 :], words[: at - 4]
        assert after[-3:] == ["I", "speak", "fluent"]
        fillers = len(after[:-3]) // 5 * 5
        assert " ".join(after[fillers:-3]) == LINKS[len(after) - 3 - fillers]
        assert all(is_filler(after[i : i + 5]) for i in range(0, fillers, 5))
        assert all(is_filler(before[i - 5 : i]) for i in range(len(before), 4, -5))
        part = before[: len(before) % 5]
        assert not part or any(
            all(w in g for w, g in zip(part, s[-len(part) :], strict=True)) for s in GROUPS
        )


def test_every_distance_of_the_range_is_drawn_equally_often():
    task = FranceSentence((3, 12))
    batch = sample(task, 0, 20_000)
    distance = task.length - 1 - task.clues(batch.inputs).argmax(axis=1)
    share = np.bincount(distance, minlength=13)[3:] / 20_000
    assert len(share) == 10
    assert share == pytest.approx([0.1] * 10, abs=5 * np.sqrt(0.09 / 20_000))


def test_country_and_distance_are_independent():
    task = FranceSentence((3, 12))
    batch = sample(task, 1, 20_000)
    distance = task.length - 1 - task.clues(batch.inputs).argmax(axis=1)
    for target in range(12):
        mean = distance[batch.targets == target].mean()
        assert mean == pytest.approx(7.5, abs=5 * 2.88 / np.sqrt(20_000 / 12))


def test_fillers_say_nothing_about_the_country():
    task = FranceSentence(30)
    batch = sample(task, 2, 12_000)
    words = batch.inputs[:, :, 12:].sum(axis=1)
    for target in range(12):
        here = batch.targets == target
        for column in words.T[words.std(axis=0) > 0]:
            r = np.corrcoef(column, here)[0, 1]
            assert abs(r) < 5 / np.sqrt(len(here))


def test_at_keeps_the_length():
    task = FranceSentence((3, 40))
    near = task.at(5)
    assert near.distance_range == (5, 5) and near.length == task.length
    assert task.at(100).length == 105
    batch = sample(near)
    assert (near.clues(batch.inputs).argmax(axis=1) == near.length - 6).all()


@settings(deadline=None, max_examples=50)
@given(ranges, seeds)
def test_words_and_text_can_be_encoded_again(distance, seed):
    task = FranceSentence(distance)
    for sequence in sample(task, seed).inputs:
        assert (task.encode(task.words(sequence))[0] == sequence).all()
        assert (task.encode(task.text(sequence))[0] == sequence).all()


def test_text_is_english():
    task = FranceSentence()
    batch = task.encode("i grew up in france the streets were never quiet even now i speak fluent")
    assert task.text(batch[0]) == (
        "I grew up in France. The streets were never quiet. Even now I speak fluent ___"
    )
    cut = task.encode("near the market I grew up in Japan I speak fluent")
    assert task.text(cut[0]) == "... near the market. I grew up in Japan. I speak fluent ___"


def test_unknown_words_get_a_hint():
    task = FranceSentence()
    with pytest.raises(ValueError, match=r"'frnce' is not .* did you mean 'France'\?$"):
        task.encode("I grew up in Frnce")
    with pytest.raises(ValueError, match=r"'qqq' is not .* see task\.labels\.inputs\.$"):
        task.encode(["qqq"])
    with pytest.raises(ValueError, match=r"^words is empty"):
        task.encode(" ___ ")


@pytest.mark.parametrize("country", ["France", "Vietnam"])
def test_a_country_moves_word_by_word_through_the_same_text(country):
    task = FranceSentence((3, 10), length=45)
    texts = {d: task.words(task.sentence(country, d, seed=5)[0]) for d in range(3, 41)}
    for distance, words in texts.items():
        assert len(words) == 45
        at = words.index(country)
        assert (len(words) - 1 - at, words[at - 4 : at]) == (distance, OPENING)
        assert words[-3:] == CLOSING
        assert sum(word in task.countries for word in words) == 1
        whole = (distance - 3) // 5 * 5  # words of filler sentences, before the link
        assert words[at + 1 :][:whole] == texts[40][5:][:whole]


def test_the_seed_chooses_the_other_words_of_a_sentence():
    task = FranceSentence((3, 10), length=45)
    first, again, other = (task.words(task.sentence("France", 20, s)[0]) for s in (1, 1, 2))
    assert first == again != other


def test_a_sentence_needs_one_of_the_countries():
    with pytest.raises(ValueError, match="country is 'Atlantis'; it must be one of France, "):
        FranceSentence().sentence("Atlantis", 5)
