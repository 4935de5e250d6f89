"""The rehearsal: it ends with marks for everybody, and tells when something does not work."""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from course_utils import CourseError, workbook
from course_utils.delivery.workshop import rehearsal, report, steps
from course_utils.delivery.workshop.folder import HubFolder
from course_utils.delivery.workshop.footprint import Footprint
from course_utils.delivery.workshop.report import STEPS, Outcome
from course_utils.delivery.workshop.submit import submit

needs_proxy = [
    pytest.mark.skipif(os.name != "posix", reason="a hub needs Linux or macOS"),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm, which has the proxy, is missing"),
]
EXERCISE = "exercises/01_a_recurrent_network_from_scratch.ipynb"


def said(outcome: Outcome) -> str:
    """The printed report."""
    out = io.StringIO()
    report.show(outcome, Console(file=out, width=100))
    return out.getvalue()


class TestTwoLearners:
    """Two simulated learners on a real hub; one meets a cell that fails."""

    pytestmark = needs_proxy

    def test_one_of_them_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run_lesson = steps.run_lesson

        async def stumble(visitor, path):
            kernel = await run_lesson(visitor, path)
            if visitor.name.endswith("2"):
                await kernel.run("1 / 0")

        monkeypatch.setattr(rehearsal, "run_lesson", stumble)
        outcome = rehearsal.measure(2, "01", "01", tmp_path)
        assert not outcome.well
        assert list(outcome.failures) == ["learner002"]
        assert "failed with ZeroDivisionError" in outcome.failures["learner002"]
        assert [len(outcome.seconds[step]) for step in STEPS] == [2, 1, 1]
        handed_in = tmp_path / "hub" / "submitted"
        assert [path.name for path in handed_in.iterdir()] == ["learner001"]
        self.look_at_what_was_measured(outcome)
        if shutil.which("bwrap"):
            assert outcome.full_marks == 1, outcome.marks
            with open(tmp_path / "class" / "grades.csv", encoding="utf-8", newline="") as file:
                (row,) = csv.DictReader(file)
            assert row["student_id"] == "learner001"
        assert "FAILED  learner002: lesson run" in said(outcome)

    def look_at_what_was_measured(self, outcome: Outcome) -> None:
        assert outcome.warm > 0 and outcome.latency
        for one in outcome.footprints.values():
            assert 0.2e9 < one.memory < 2e9 and 1 < one.seconds < 600
        assert 0.05e9 < outcome.hub.memory < 1e9


@pytest.mark.parametrize(("lesson", "exercise"), [("99", "01"), ("01", "99")])
def test_a_number_that_there_is_not_is_said_before_anything_is_fetched(
    lesson: str, exercise: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "prepare", lambda here: pytest.fail("the proxy is fetched"))
    with pytest.raises(CourseError, match="99"):
        rehearsal.measure(1, lesson, exercise, tmp_path)


def test_the_report_extrapolates_and_says_so() -> None:
    seconds = {STEPS[0]: [3.0, 4.0], STEPS[1]: [10.0, 20.0], STEPS[2]: [1.0, 2.0]}
    footprints = {"a": Footprint(500_000_000, 9.0), "b": Footprint(600_000_000, 9.0)}
    outcome = Outcome(
        2, "notebooks/01_x.ipynb", 10.0, seconds, {}, [0.1], footprints, Footprint(10**9, 1.0)
    )
    outcome.full_marks, outcome.marks = 2, "2 of 2 have full marks"
    text = " ".join(said(outcome).split())
    assert "For 100 learners, extrapolated from this and not tried: 61 GB" in text
    assert "8 cores" in text and "All worked for everybody." in text


@pytest.mark.parametrize(("full", "well"), [(2, True), (1, False), (None, True)])
def test_marks_decide_where_there_are_any(full: int | None, well: bool) -> None:
    assert Outcome(2, "x", full_marks=full).well is well
    assert not Outcome(2, "x", failures={"a": "lesson run: no"}, full_marks=full).well


def test_the_hand_out_is_filled_in_with_right_answers() -> None:
    import json

    notebook = json.loads((workbook.COURSE / EXERCISE).read_text(encoding="utf-8"))
    steps.fill_in(notebook, steps.solutions(EXERCISE))
    answers = ["".join(cell["source"]) for cell in notebook["cells"] if steps.is_answer(cell)]
    assert answers == list(steps.solutions(EXERCISE).values()) and len(answers) > 3


def test_marking_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="bubblewrap is missing.\n")
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: failed)
    outcome = Outcome(1, "x")
    rehearsal.mark(HubFolder(tmp_path), tmp_path / "class", outcome)
    assert outcome.full_marks is None and outcome.marks == "not marked: bubblewrap is missing."


def test_handing_in_where_nobody_collects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAROUSEL_SUBMITTED", raising=False)
    book = workbook.Workbook(tmp_path / "book")
    with pytest.raises(CourseError, match=r"course reset exercises/01"):
        submit(book, "01")
    book.lay()
    with pytest.raises(CourseError, match="send your teacher the file"):
        submit(book, "01")
    monkeypatch.setenv("CAROUSEL_SUBMITTED", str(tmp_path / "submitted"))
    for name in ("a/b", "..", ".hidden"):
        monkeypatch.setenv("JUPYTERHUB_USER", name)
        with pytest.raises(CourseError, match="cannot be the name of a folder"):
            submit(book, "1")
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert "as ada" in submit(book, "exercises/1")
    handed_in = tmp_path / "submitted" / "ada" / Path(EXERCISE).name
    assert handed_in.read_bytes() == (book.folder / EXERCISE).read_bytes()
