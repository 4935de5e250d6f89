"""The verdicts on minGRU follow from the results: spoil a column, and a condition falls."""

import pytest

from course_utils.experiments import Results, load
from course_utils.experiments.rules_after import all_we_needed, parallel_scan
from course_utils.tasks import FranceSentence, Parity, Recall


def spoil(sweep: str, where: dict | None = None, **columns: object):
    """The stored results, but with other values in one sweep, for some of its rows."""

    def loaded(name: str) -> Results:
        table = load(name)
        if name != sweep:
            return table
        chosen = table.where(**where).rows if where else table.rows
        rows = (row | columns if row in chosen else row for row in table.rows)
        return Results(name, tuple(rows))

    return loaded


@pytest.mark.parametrize(
    ("rule", "loaded", "condition"),
    [
        (parallel_scan, spoil("scan", values=1e-6), "differ by less than 1e-10"),
        (parallel_scan, spoil("scan", gradients=1e-6), "differ by less than 1e-10"),
        (parallel_scan, spoil("scan", speedup=0.5), "faster than the loop with 32"),
        (
            parallel_scan,
            spoil("minimal", {"cell": "MinGRU", "init": "chrono"}, outcome="unsolved"),
            "every run learns",
        ),
        *(
            (
                parallel_scan,
                spoil(
                    "minimal", {"cell": "MinGRU", "init": "chrono", "task": task}, outcome="lost"
                ),
                "every run learns",
            )
            for task in (Recall(50), FranceSentence((3, 40)))
        ),
        (all_we_needed, spoil("minimal", {"cell": "MinGRU"}, outcome="unsolved"), "as many runs"),
    ],
)
def test_a_condition_falls_with_its_results(rule, loaded, condition: str) -> None:
    def held(finding):
        return next(holds for text, holds in finding.conditions.items() if condition in text)

    assert held(rule(load))
    assert not held(rule(loaded))


def test_as_many_runs_of_parity_are_enough() -> None:
    task = {"task": Parity(20)}
    nobody = all_we_needed(spoil("minimal", task, outcome="unsolved")).conditions
    assert next(holds for text, holds in nobody.items() if "parity" in text)


def test_a_faster_wide_scan_would_reproduce_the_claim() -> None:
    assert parallel_scan(load).verdict == "partly"
    assert parallel_scan(spoil("scan", speedup=2.0)).verdict == "reproduced"
