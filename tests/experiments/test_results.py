"""The results that belong to the course: complete, and what the code of today gives."""

import math

import pytest

from course_utils.experiments import NAMES, Measurement, Training, load, run_one, sweep
from course_utils.experiments.store import FOLDER, Store, key
from course_utils.tasks import Adding, FranceSentence, Recall

# Another BLAS rounds differently, and training amplifies that: a run that solved its task must
# solve it again, in at most twice or at least half the updates, from the same first loss.
UPDATES, FIRST_LOSS = 2.0, 0.01
MEASURED = 0.05  # relative, of what is measured without training; its logarithm for gradients


@pytest.mark.parametrize("name", NAMES)
def test_complete(name: str) -> None:
    """Every run of the catalog is stored, and no other; of a night's sweep some may be missing."""
    stored, plan = {key(row) for row in Store(name).read()}, sweep(name)
    assert stored <= set(plan.runs)
    assert plan.by_night or stored == set(plan.runs)


def test_what_takes_hours_is_marked() -> None:
    assert {name for name in NAMES if sweep(name).by_night} == {
        *("search", "tuning", "contest_haswell", "contest_sandybridge")
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*")), ids=lambda path: path.name)
def test_small_and_free_of_places(path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.suffix == ".csv" and path.stem in NAMES
    assert "/" not in text and len(text) < 150_000


def stored_row(name: str, case: Training | Measurement, seed: int) -> dict:
    return load(name).where(**case.settings, seed=seed).rows[0]


QUICK = [
    ("adding", {"task": Adding(50), "cell": "GRU", "init": "default"}),
    ("forget_bias", {"task": Recall(20), "cell": "LSTM", "init": "bias 2"}),
    ("forget_bias", {"task": Recall(20), "cell": "GRU", "init": "chrono"}),
    ("forget_bias", {"task": Adding(50), "cell": "LSTM", "init": "bias 2"}),
    ("chrono", {"task": FranceSentence(40), "cell": "LSTM", "init": "chrono"}),
    ("ablations", {"task": Adding(50), "cell": "LSTM, coupled gates"}),
]


@pytest.mark.parametrize(("name", "case"), QUICK)
def test_a_run_comes_out_again(name: str, case: dict) -> None:
    case = sweep(name).find(**case)
    before, now = stored_row(name, case, seed=1), run_one(case, seed=1)
    assert now["outcome"] == before["outcome"] == "solved"
    assert before["solved_at"] / UPDATES <= now["solved_at"] <= before["solved_at"] * UPDATES
    first = [float(row["losses"].split()[0]) for row in (before, now)]
    assert first[1] == pytest.approx(first[0], rel=FIRST_LOSS)
    assert now["parameters"] == before["parameters"]


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_a_run_of_the_contest_comes_out_again(cell: str) -> None:
    """On whichever kernel this is."""
    case = sweep("contest_haswell").find(task=FranceSentence((3, 40)), cell=cell)
    before, now = stored_row("contest_haswell", case, seed=1), run_one(case, seed=1)
    assert now["outcome"] == before["outcome"] == "solved"
    assert before["solved_at"] / UPDATES <= now["solved_at"] <= before["solved_at"] * UPDATES
    assert now["test_accuracy"] == pytest.approx(before["test_accuracy"], abs=0.03)


@pytest.mark.parametrize("name", ["latch", "reach"])
def test_measurements_come_out_again(name: str) -> None:
    for case in sweep(name).cases:
        before, now = stored_row(name, case, seed=2), run_one(case, seed=2)
        assert math.log(now.pop("gradient")) == pytest.approx(
            math.log(before["gradient"]), rel=MEASURED, abs=MEASURED
        )
        for number in {"kept", "decay"} & set(now):
            assert now[number] == pytest.approx(before[number], rel=MEASURED)
