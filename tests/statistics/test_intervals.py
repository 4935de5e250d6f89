"""Intervals against known values."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.statistics import bootstrap_median, exact, wilson


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [
        (5, 5, 0.565518, 1.0),  # n / (n + z²) with z = 1.959964
        (0, 5, 0.0, 0.434482),
        (3, 5, 0.230724, 0.882379),
        (81, 263, 0.255290, 0.366210),  # Newcombe 1998, table I: 0.2553 to 0.3662
        (1, 29, 0.006113, 0.171756),  # the same: 0.0061 to 0.1718
    ],
)
def test_wilson(successes: int, runs: int, low: float, high: float) -> None:
    assert wilson(successes, runs) == pytest.approx((successes / runs, low, high), abs=5e-5)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_symmetric_and_holds_its_share(pair: tuple[int, int]) -> None:
    successes, runs = pair
    one, other = wilson(successes, runs), wilson(runs - successes, runs)
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.low == pytest.approx(1 - other.high, abs=1e-12)


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [  # scipy.stats.binomtest(successes, runs).proportion_ci(method="exact")
        (5, 5, 0.478176, 1.0),
        (0, 5, 0.0, 0.521824),
        (3, 5, 0.146633, 0.947255),
        (19, 20, 0.751267, 0.998735),
    ],
)
def test_exact(successes: int, runs: int, low: float, high: float) -> None:
    assert exact(successes, runs) == pytest.approx((successes / runs, low, high), abs=1e-6)


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_is_where_the_tails_are(pair: tuple[int, int]) -> None:
    """At each end the share seen, or one further off, has a probability of 0.025."""
    successes, runs = pair
    _, low, high = exact(successes, runs)

    def probability(share: float, counts: range) -> float:
        return sum(math.comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in counts)

    if successes:
        assert probability(low, range(successes, runs + 1)) == pytest.approx(0.025)
    if successes < runs:
        assert probability(high, range(successes + 1)) == pytest.approx(0.025)


@pytest.mark.parametrize("interval", [wilson, exact])
@pytest.mark.parametrize(("successes", "runs"), [(0, 0), (6, 5), (-1, 5)])
def test_an_interval_refuses_what_is_no_share(interval, successes: int, runs: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        interval(successes, runs)


def test_bootstrap_of_five_values() -> None:
    # The median of five draws is the smallest value if at least three of them are:
    # 10 (1/5)^3 (4/5)^2 + 5 (1/5)^4 (4/5) + (1/5)^5 = 0.058 > 0.025, so the interval is the range.
    assert bootstrap_median([1, 2, 3, 4, 50]) == (3, 1, 50)


def test_bootstrap_against_order_statistics() -> None:
    # For a large sample the interval is between the values of rank n/2 -+ 1.96 sqrt(n)/2.
    values = np.arange(1001.0)
    median, low, high = bootstrap_median(values, seed=3)
    assert median == 500
    assert low == pytest.approx(500 - 31, abs=2) and high == pytest.approx(500 + 31, abs=2)


def test_bootstrap_of_runs_that_never_got_there() -> None:
    assert bootstrap_median([100, math.inf, math.inf])[0] == math.inf
    median, low, high = bootstrap_median([100, 150, 200, 250, math.inf])
    assert (median, low, high) == (200, 100, math.inf)
    assert bootstrap_median([100, 200]).value == 150


def test_bootstrap_is_seeded() -> None:
    values = np.random.default_rng(0).normal(size=30)
    assert bootstrap_median(values, seed=1) == bootstrap_median(values, seed=1)


@pytest.mark.parametrize("values", [[], [1, math.nan]])
def test_bootstrap_refuses(values: list[float]) -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_median(values)
