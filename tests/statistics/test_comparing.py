"""Permutation tests and Holm's correction, against a reference and against what must hold."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.statistics import comparing, holm, paired_permutation, permutation

ONE, OTHER = [1.1, 2.3, 0.7, 4.4, 3.1, 2.0], [0.2, 1.9, 0.1, 1.0, 0.9]
DIFFERENCES = [0.5, -0.1, 0.8, 0.3, 1.2, -0.2, 0.6]
numbers = st.integers(-50, 50).map(float)
groups = st.lists(numbers, min_size=1, max_size=7)
p_values = st.lists(st.floats(0, 1), max_size=12)


def test_permutation_against_a_reference() -> None:
    """scipy.stats.permutation_test of |mean(one) - mean(other)| gives the same."""
    assert permutation(ONE, OTHER) == pytest.approx(0.05844155844155844)


def test_paired_permutation_against_a_reference() -> None:
    """scipy.stats.permutation_test with permutation_type="samples" gives the same."""
    assert paired_permutation(DIFFERENCES) == pytest.approx(0.078125)


def test_the_smallest_p_values_that_five_runs_can_give() -> None:
    assert permutation([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]) == 2 / 252
    assert paired_permutation([1, 2, 3, 4, 5]) == 2 / 32 > 0.05
    assert paired_permutation([1, 2, 3, 4, 5, 6]) == 2 / 64 < 0.05


@given(groups, groups)
def test_permutation_does_not_know_which_group_is_first(one: list, other: list) -> None:
    p = permutation(one, other)
    assert 0 < p <= 1
    assert p == permutation(other, one) == permutation(one[::-1], other)


@given(groups)
def test_paired_permutation_counts_all_signs(values: list) -> None:
    means = [abs(np.dot(signs, values)) for signs in product((1, -1), repeat=len(values))]
    expected = np.mean(np.array(means) >= abs(sum(values)) - 1e-9)
    assert paired_permutation(values) == expected == paired_permutation([-v for v in values])


def test_the_same_values_differ_in_nothing() -> None:
    assert permutation([0.1, 0.2, 0.3], [0.3, 0.1, 0.2]) == 1
    assert paired_permutation([0.0, 0.0, 0.0]) == 1


def test_many_values_are_drawn_and_come_near_the_whole_count(monkeypatch) -> None:
    values = np.random.default_rng(0).normal(0.5, size=12)
    whole = paired_permutation(values), permutation(values[:6], values[6:])
    monkeypatch.setattr(comparing, "MOST", 500)
    drawn = paired_permutation(values), permutation(values[:6], values[6:])
    assert drawn == pytest.approx(whole, abs=0.06) and drawn != whole
    assert paired_permutation(values) == drawn[0], "the draw has a seed"


@pytest.mark.parametrize("values", [[], [1, math.nan], [math.inf]])
def test_what_cannot_be_compared_is_refused(values: list) -> None:
    with pytest.raises(ValueError, match="every one finite"):
        permutation(values, [1.0])
    with pytest.raises(ValueError, match="every one finite"):
        paired_permutation(values)


def test_holm_against_a_reference() -> None:
    """statsmodels.stats.multitest.multipletests(..., method="holm") gives the same."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == [] and holm([0.2]) == [0.2]


@given(p_values)
def test_holm_corrects_upwards_keeps_the_order_and_is_milder_than_bonferroni(p: list) -> None:
    corrected = holm(p)
    assert all(one <= new <= min(1, len(p) * one + 1e-12) for one, new in zip(p, corrected))
    for one, other in product(range(len(p)), repeat=2):
        assert p[one] >= p[other] or corrected[one] <= corrected[other]


def test_holm_refuses_what_is_no_probability() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.1, 1.5])
