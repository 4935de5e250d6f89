"""Verdicts on the random search: only whole settings count, and what is planted is found."""

from collections.abc import Callable

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.experiments import report_search, rules_search
from course_utils.experiments.results import Results
from course_utils.experiments.rules_search import BEST, LEAST, LSTM, VARIANTS
from course_utils.experiments.search import CELLS, KNOBS, TASKS

ADDING, PLACES = TASKS
OTHER = "LSTM without input gate"
COUNT = 40


def searched(
    factor: Callable[[object, str], float] = lambda task, cell: 1.0,
    rate: float = 4.0,
    count: int = COUNT,
    **weights: float,
) -> Results:
    """Losses that follow the settings, times what the task and the cell add."""
    rng, rows = np.random.default_rng(0), []
    for seed in range(count):
        drawn = {knob: float(rng.random()) for knob in KNOBS}
        weight = dict.fromkeys(KNOBS, 0.1) | {"learning_rate": rate} | weights
        for task in TASKS:
            for cell in CELLS:
                noise = 0.05 * rng.standard_normal()
                loss = factor(task, cell) * np.exp(sum(weight[k] * drawn[k] for k in KNOBS) + noise)
                rows.append(
                    {"task": repr(task), "cell": cell, **drawn, "seed": seed}
                    | {"outcome": "measured", "validation": loss * 1.01, "test": loss}
                )
    return Results("search", tuple(rows))


def judged(rule, results: Results) -> list[bool]:
    return list(rule(lambda name: results).conditions.values())


def times(worse: dict[str, float], only: object = None) -> Callable[[object, str], float]:
    return lambda task, cell: worse.get(cell, 1.0) if only in (None, task) else 1.0


def test_which_parts_are_missed() -> None:
    rule = rules_search.most_important
    forget, activation = "LSTM without forget gate", "LSTM without output activation"
    assert judged(rule, searched()) == [False, False, True]
    assert judged(rule, searched(times({forget: 5, activation: 5}))) == [True, True, True]
    assert judged(rule, searched(times({forget: 5, activation: 5}, only=ADDING))) == [
        *(False, False, True)
    ]
    assert judged(rule, searched(times({forget: 5, OTHER: 5}))) == [True, False, False]
    assert judged(rule, searched(times({forget: 0.2}))) == [False, False, True], "better"


def test_none_is_better() -> None:
    rule = rules_search.none_better
    assert judged(rule, searched()) == [True, True]
    assert judged(rule, searched(times({OTHER: 0.2}, only=PLACES))) == [True, False]
    assert judged(rule, searched(times({OTHER: 0.2}))) == [False, False]
    found = rule(lambda name: searched(times({OTHER: 0.2}, only=PLACES)))
    assert found.ours == "shown to be better: adding 50: none; place names: without input gate"
    assert found.seeds == COUNT


def test_what_matters_most() -> None:
    rule = rules_search.rate_matters
    assert judged(rule, searched()) == [True, True]
    assert judged(rule, searched(units=2.5, noise=2.5)) == [True, False]
    assert judged(rule, searched(rate=0.1, units=3.0)) == [False, False]


def test_the_best_are_chosen_by_validation_and_told_by_test() -> None:
    runs = searched().where(task=ADDING, cell=LSTM)
    rows = [row | {"test": float(n)} for n, row in enumerate(runs.rows)]
    order = np.argsort([row["validation"] for row in rows])
    rows[order[0]]["outcome"] = "diverged"
    best = rules_search.best_losses(Results("search", tuple(rows)))
    assert best.tolist() == [float(n) for n in order[1 : BEST + 1]]


def test_a_setting_that_some_have_not_had_yet_does_not_count() -> None:
    """The search stops anywhere: the last setting may have run for some of the variants."""
    rows = searched().rows
    table = rules_search.tables(lambda name: Results("search", rows[:-1]))
    assert {len(runs) for cells in table.values() for runs in cells.values()} == {COUNT - 1}
    assert rules_search.settings_stored(table) == COUNT - 1


def test_too_few_settings_leave_it_open() -> None:
    """None, or one setting less than the least; the least number is judged."""

    def nothing(name: str) -> Results:
        raise CourseError("There are no results.")

    few = searched(count=LEAST).rows[:-1]
    rules = (rules_search.most_important, rules_search.none_better, rules_search.rate_matters)
    for load in (nothing, lambda name: Results("search", few)):
        assert [rule(load).verdict for rule in rules] == ["open"] * 3
    assert rules_search.none_better(lambda name: searched(count=LEAST)).verdict == "reproduced"


def test_the_page_says_so(monkeypatch) -> None:
    few = Results("search", searched(count=LEAST).rows[:-1])
    monkeypatch.setattr(report_search, "load", lambda name, folder: few)
    assert "Fewer than 30 random settings" in "".join(report_search.search_tables())


@pytest.mark.parametrize("count", [COUNT, 100])
def test_the_page_says_how_far_it_has_come(monkeypatch, count: int) -> None:
    results = searched(times({OTHER: 9}, only=ADDING), count=count)
    monkeypatch.setattr(report_search, "load", lambda name, folder: results)
    lines = list(report_search.search_tables())
    assert lines[0].startswith(f"{count} random settings")
    assert any("100 are planned" in line for line in lines) == (count < 100)
    [worse] = [line for line in lines if line.endswith("| worse |")]
    assert worse.startswith(f"| adding 50 | {OTHER} |")
    assert any("forget gate its bias changes nothing; what is found for it" in x for x in lines)
    assert sum(line.endswith("| not shown |") for line in lines) == 2 * len(VARIANTS) - 1
    assert len([line for line in lines if line.startswith("| adding 50 |")]) == len(CELLS) + 1


def test_quartiles_count_a_diverged_run_as_the_worst() -> None:
    rows = [{"seed": n, "outcome": "measured", "test": float(n)} for n in range(9)]
    assert report_search.quartiles(Results("search", tuple(rows))) == "2, 4, 6"
    rows += [row | {"outcome": "diverged", "test": None} for row in rows]
    assert report_search.quartiles(Results("search", tuple(rows))) == "4, 8, inf"
