"""1997 and 2000 as the papers began and counted: the start, the task, the probes, the rules."""

import numpy as np
import pytest

from course_utils.experiments import Results, Training, make_layer, rules_origins, run_one
from course_utils.experiments.origins import OLD, Adding1997, endless, origins
from course_utils.tasks import ContinualReber, TemporalOrder


def test_the_start_of_1997() -> None:
    layer = make_layer(OLD, "1997 -2 -4", 5, TemporalOrder(100), seed=0)
    for name in ("kernel", "recurrent_kernel"):
        assert 0.05 < np.abs(layer.weights[name]).max() <= 0.1
    np.testing.assert_array_equal(layer.gate_weights("i")["bias"], [-2, -2, -2, -4, -4])
    assert (layer.gate_weights("o")["bias"] == 0).all()


def test_the_adding_problem_of_1997() -> None:
    """Both marks in the first half, one of them early; the ends carry -1; the sum lies in 0..1."""
    task = Adding1997(100)
    batch = task.sample(4000, np.random.default_rng(0))
    numbers, markers = batch.inputs[..., 0], batch.inputs[..., 1]
    assert set(np.unique(markers)) == {-1, 0, 1}
    assert (markers[:, [0, -1]] == -1).all() and (markers[:, 1:-1] >= 0).all()
    count = (markers == 1).sum(axis=1)
    assert set(count) == {1, 2} and 0.05 < np.mean(count == 1) < 0.2  # the first step was marked
    assert np.argmax(markers == 1, axis=1).max() < 50 and (markers[:, 50:-1] == 0).all()
    early = (markers[:, 1:10] == 1).any(axis=1) | (count == 1)
    assert early.all()
    total = (numbers * (markers == 1)).sum(axis=1)
    np.testing.assert_allclose(batch.targets[:, 0], 0.5 + total / 4, atol=1e-6)
    assert batch.targets.min() >= 0 and batch.targets.max() <= 1
    assert batch.targets.var() == pytest.approx(task.baseline.loss, rel=0.1)
    assert (task.clues(batch.inputs) == (markers == 1)).all()


def test_a_task_too_short_for_its_marks() -> None:
    with pytest.raises(ValueError, match="length"):
        Adding1997(10)


def test_probes() -> None:
    options = {"units": 4, "steps": 1, "keep_curve": False}
    row = run_one(Training(Adding1997(24), OLD, probes=("within",), **options), seed=0)
    assert 0 <= row["within"] <= 1 and "losses" not in row
    row = run_one(Training(ContinualReber(10), OLD, probes=("endless",), **options), seed=0)
    assert {"right_1000", "right_5000", "right_last"} < set(row)
    assert row["size_last"] > 5 * row["size_100"], "it cannot forget, and has learnt nothing"


def test_five_seeds_of_each_case() -> None:
    for plan in (origins(), endless()):
        assert len(plan.seeds) >= 5 and not plan.by_night


def changed(where: dict, **columns: object):
    """The stored results of `origins` and `endless`, with other values in some rows."""
    from course_utils.experiments import load

    def loaded(name: str) -> Results:
        table = load(name)
        if not all(column in table.rows[0] for column in where):
            return table
        chosen = [row for row in table.rows if all(str(row[k]) == str(v) for k, v in where.items())]
        return Results(name, tuple(row | columns if row in chosen else row for row in table.rows))

    return loaded


THEIRS = {"task": TemporalOrder(100), "init": "1997 -2 -4"}
ADDING = {"task": Adding1997(100), "init": "1997 -3 -6"}


@pytest.mark.parametrize(
    ("rule", "where", "columns", "condition"),
    [
        (rules_origins.temporal_order, THEIRS, {"outcome": "unsolved"}, "every LSTM"),
        (rules_origins.temporal_order, THEIRS, {"solved_at": 990}, "at most 31,390"),
        (rules_origins.adding, ADDING, {"outcome": "unsolved"}, "every LSTM"),
        (rules_origins.adding, ADDING, {"solved_at": 2320}, "at most 74,000"),
        (rules_origins.adding, ADDING, {"within": 0.9}, "99%"),
        (rules_origins.forgetting, {"cell": "LSTM"}, {"right_last": 0.9}, "at least 95%"),
        (rules_origins.forgetting, {"cell": OLD}, {"size_last": 0.1}, "at least 5 times"),
    ],
)
def test_a_condition_falls_with_its_results(rule, where, columns, condition: str) -> None:
    def held(finding) -> bool:
        return next(holds for text, holds in finding.conditions.items() if condition in text)

    assert held(rule(changed({"cell": "nobody"})))
    assert not held(rule(changed(where, **columns)))


@pytest.mark.parametrize(("late", "holds"), [(0.5, True), (0.95, False)])
def test_the_stream_is_lost_or_not(late: float, holds: bool) -> None:
    found = rules_origins.forgetting(changed({"cell": OLD}, right_last=late))
    assert next(iter(found.conditions.values())) == holds
