"""Steps until solved, with runs that were not: against the trial of Freireich and others 1963."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.statistics import log_rank, share_solved, wilson
from course_utils.statistics.survival import log_rank_scores

ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]  # weeks of remission with the drug ...
GOES_ON = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]  # ... and where it went on at the end
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
steps = st.lists(st.integers(1, 20) | st.just(math.inf), min_size=1, max_size=7)


def test_kaplan_meier_against_the_textbook() -> None:
    """1 - S is 3/21 after 6 weeks, and S is 0.807, 0.753, 0.690, 0.627, 0.538, 0.448 later."""
    times = ENDED + [math.inf] * len(GOES_ON)
    budgets = [99] * len(ENDED) + GOES_ON
    curve = share_solved(times, budgets)
    assert list(curve.steps) == [6, 7, 10, 13, 16, 22, 23]
    left = [0.857143, 0.806723, 0.752941, 0.690196, 0.627451, 0.537815, 0.448179]
    assert curve.share == pytest.approx(1 - np.array(left), abs=1e-6)
    assert np.all(curve.low < curve.share) and np.all(curve.share < curve.high)
    assert curve.at(5.9).value == 0 and curve.at(12).value == pytest.approx(1 - left[2], abs=1e-6)


@given(steps, st.integers(1, 25))
def test_with_one_budget_it_is_the_share_with_wilsons_interval(runs: list, step: int) -> None:
    curve = share_solved(runs, budget=20)
    solved = sum(one <= step for one in runs)
    if solved:
        assert curve.at(step) == pytest.approx(wilson(solved, len(runs)))
    else:
        assert curve.at(step).value == 0


@given(steps, st.data())
def test_the_curve_rises_and_stays_in_its_interval(runs: list, data) -> None:
    budgets = [
        data.draw(st.integers(1, 20)) if math.isinf(one) else 20 for one in runs
    ]  # an unsolved run may have been given up early
    curve = share_solved(runs, budgets)
    assert np.all(np.diff(curve.share) > 0) and np.all(np.diff(curve.steps) > 0)
    assert np.all(curve.low <= curve.share) and np.all(curve.share <= curve.high)
    assert np.all(curve.low >= 0) and np.all(curve.high <= 1)


def test_log_rank_scores_against_a_reference() -> None:
    """Squared over its variance the sum is chi-squared: 16.79 with the drug (textbooks), and
    scipy.stats.logrank gives 2.1498 squared for the second pair."""
    drug, budget = ENDED + [math.inf] * 12, 35
    score = log_rank_scores(drug, PLACEBO, budget)
    assert score.sum() == pytest.approx(0, abs=1e-9)
    assert np.sum(score[:21]) == pytest.approx(9 - expected(drug, PLACEBO, budget))
    one, other = [100, 200, math.inf, 300, 250], [math.inf, math.inf, 400, math.inf, math.inf]
    score = log_rank_scores(one, other, 1500)
    assert np.sum(score[:5]) == pytest.approx(4 - expected(one, other, 1500))
    assert np.sum(score[:5]) ** 2 / variance(one, other, 1500) == pytest.approx(2.1497833690953**2)


def at_each_step(one: list, other: list, budget: int) -> list:
    """(at risk in one, at risk in other, solved) at each step where a run is solved."""
    both = [min(time, budget + 1) for time in one + other]
    solved = sorted({time for time in both if time <= budget})
    return [
        (sum(t >= step for t in one), sum(t >= step for t in other), both.count(step))
        for step in solved
    ]


def expected(one: list, other: list, budget: int) -> float:
    return sum(d * n / (n + m) for n, m, d in at_each_step(one, other, budget))


def variance(one: list, other: list, budget: int) -> float:
    return sum(
        d * n * m * (n + m - d) / ((n + m) ** 2 * (n + m - 1))
        for n, m, d in at_each_step(one, other, budget)
        if n + m > 1
    )


def test_log_rank_counts_every_way_to_give_the_runs_to_two_groups() -> None:
    one, other = [100, 200, math.inf, 300], [math.inf, 250, 400]
    both = one + other
    observed = abs(len([t for t in one if t <= 500]) - expected(one, other, 500))
    ways = []
    for chosen in itertools.combinations(range(7), 4):
        group = [both[k] for k in chosen]
        rest = [both[k] for k in range(7) if k not in chosen]
        ways.append(abs(sum(t <= 500 for t in group) - expected(group, rest, 500)))
    p = np.mean(np.array(ways) >= observed - 1e-9)
    assert log_rank(one, other, 500) == pytest.approx(p)


def test_log_rank_of_many_runs_is_as_sure_as_chi_squared() -> None:
    """4.6e-6 for the trial, after scipy.stats.logrank: none of 20,000 draws comes as far."""
    assert log_rank(ENDED + [math.inf] * 12, PLACEBO, 35) == pytest.approx(1 / 20_001, abs=2e-4)


@given(steps, steps)
def test_log_rank_does_not_know_which_group_is_first(one: list, other: list) -> None:
    p = log_rank(one, other, 20)
    assert 0 <= p <= 1 and p == pytest.approx(log_rank(other, one, 20))
    longer = log_rank([10 * step for step in one], [10 * step for step in other], 200)
    assert p == pytest.approx(longer), "only the order of the steps counts"


def test_log_rank_of_what_cannot_be_told_apart() -> None:
    assert log_rank([math.inf] * 5, [math.inf] * 5, 1500) == 1
    assert log_rank([100, 200, 300], [100, 200, 300], 1500) == pytest.approx(1)
    assert log_rank([100] * 5, [math.inf] * 5, 1500) == 2 / 252


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: share_solved([], 100), "at least one run"),
        (lambda: share_solved([200], 100), "after its budget"),
        (lambda: log_rank([], [1], 100), "at least one run"),
        (lambda: log_rank([1], [200], 100), "after its budget"),
    ],
)
def test_what_is_no_run_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
