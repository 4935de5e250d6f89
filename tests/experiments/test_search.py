"""The random search: the same settings for every variant, drawn from their ranges, and a verdict
on what matters that finds what was planted.
"""

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.experiments import Results, run_one
from course_utils.experiments.search import (
    CELLS,
    KNOBS,
    SETTINGS,
    Noisy,
    Sampled,
    importance,
    search,
)
from course_utils.tasks import Adding
from course_utils.tasks.places import PlaceNames


def test_a_hundred_settings_for_six_variants_of_two_tasks() -> None:
    plan = search()
    assert len(plan.runs) == SETTINGS * 6 * 2 == 1200 and plan.by_night
    by_cell = {
        cell: [
            [getattr(case, knob) for knob in KNOBS] for case, _ in plan.extra if case.cell == cell
        ]
        for cell in CELLS
    }
    assert all(settings == by_cell["LSTM"] for settings in by_cell.values())
    settings = np.array(by_cell["LSTM"])
    assert (settings.min(axis=0) >= [1e-4, 8, 0, 0.1, 0]).all()
    assert (settings.max(axis=0) <= [0.1, 64, 0.5, 10, 3]).all()
    assert (np.ptp(np.log10(settings[:, 0])) > 2.5) and np.ptp(settings[:, 1]) > 40


@pytest.mark.parametrize("task", [Adding(4), PlaceNames()], ids=repr)
def test_a_run(task) -> None:
    case = Sampled(task, "LSTM", 2, 0.01, 8, 0.1, 1.0, 2.0)
    row = run_one(case, seed=3)
    assert row["outcome"] == "measured" and row["validation"] > 0 and row["test"] > 0
    assert row["test"] == run_one(case, seed=3)["test"] != run_one(case, seed=4)["test"]


def test_noise_is_on_the_inputs_alone() -> None:
    task = Adding(50)
    clean, noisy = (one.sample(200, np.random.default_rng(0)) for one in (task, Noisy(task, 0.3)))
    assert np.std(noisy.inputs - clean.inputs) == pytest.approx(0.3, rel=0.02)
    np.testing.assert_array_equal(noisy.targets, clean.targets)


def planted(runs: int = 200, **parts: float) -> Results:
    """Runs whose log loss is a sum of what each setting adds, and of a little noise."""
    rng = np.random.default_rng(0)
    rows = []
    for seed in range(runs):
        u = {knob: rng.random() for knob in KNOBS}
        loss = np.exp(sum(weight * u[knob] for knob, weight in parts.items()) + 0.1 * rng.normal())
        rows.append(u | {"seed": seed, "outcome": "measured", "test": loss})
    return Results("planted", tuple(rows))


def test_importance_finds_what_was_planted() -> None:
    shares = importance(planted(learning_rate=3.0, units=1.5))
    assert shares["learning_rate"] == pytest.approx(0.75, abs=0.1)
    assert shares["units"] == pytest.approx(0.18, abs=0.1)
    assert max(shares[knob] for knob in ("noise", "clip", "bias")) < 0.05


def test_a_setting_that_goes_together_with_another_does_not_count_twice() -> None:
    """Among so few settings some do by chance; cut into parts, this one explained a third."""
    rows = planted(100, learning_rate=3.0).rows
    rng = np.random.default_rng(1)
    alike = [row | {"bias": row["learning_rate"] + 0.5 * rng.normal()} for row in rows]
    pairs = [[row["bias"], row["learning_rate"]] for row in alike]
    assert np.corrcoef(pairs, rowvar=False)[0, 1] > 0.3
    shares = importance(Results("planted", tuple(alike)))
    assert shares["bias"] < 0.05 < 0.3 < shares["learning_rate"]


def test_too_few_runs_tell_nothing() -> None:
    with pytest.raises(CourseError, match="too few"):
        importance(planted(20))
