"""Marking a task again: whose marks change is seen before, everything else stays, and is logged."""

import csv
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.delivery.grading import again, commands, sets
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import books
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.regrade import changes, history, only, write_history

from .classes import FULL, SET, cell_of, digests, handed_in, lay


def wrong(cells: list[dict], cell: dict) -> None:
    """Two mistakes of which none follows from the other."""
    cell["source"] = "def rnn_step(x, h_prev, W, U, b):\n    return x @ W"
    cell_of(cells, "rnn_forward")["source"] = "def rnn_forward(*all):\n    return all[0] @ all[3]"


class Kinder:
    """A problem whose judge was mended: what was wrong is half right now."""

    def __init__(self, problem):
        self._problem = problem

    def __getattr__(self, name):
        return getattr(self._problem, name)

    def judge(self, questions, answers):
        verdict = self._problem.judge(questions, answers)
        return verdict if verdict.correct else replace(verdict, score=0.5, message="Half right.")


@pytest.fixture
def mend(monkeypatch):
    """Mends problems of the bank from now on."""

    def mend(*names: str) -> None:
        whole = sets.load

        def load(name, path, folder=None):
            one = whole(name, path, folder)
            problems = {key: Kinder(p) if key in names else p for key, p in one.problems.items()}
            return replace(one, problems=problems, version=f"mended{''.join(names)}")

        monkeypatch.setattr(sets, "load", load)

    return mend


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    lay(tmp_path, {"ada": handed_in(), "bob": handed_in(wrong), "cy": handed_in(wrong)})
    (tmp_path / "submitted" / "dee" / SET).mkdir(parents=True)
    commands.grade(tmp_path, None)
    return tmp_path


def sums(folder: Path) -> dict[str, float]:
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def regrades(folder: Path) -> list[list[str]]:
    with open(folder / "regrades.csv", encoding="utf-8", newline="") as file:
        return [row[1:7] for row in csv.reader(file)][1:]


def test_one_task_after_a_mend(class_: Path, mend, capsys, monkeypatch) -> None:
    with books(Classroom(class_)) as book:  # a mark by hand, as Formgrader gives it
        page = book.find_submission_notebook(SET, SET, "cy")
        grade = next(one for one in page.grades if one.auto_score == 2)
        grade.manual_score = 1.5
        book.db.commit()
    before = digests(class_)
    mend("rnn_step", "rnn_params")
    found = again.regrade("01", ("rnn_step",), class_, dry_run=True)
    said = capsys.readouterr().out
    assert [(one.learner, one.old.points, one.new.points) for one in found] == [
        ("bob", 0, 0.5), ("cy", 0, 0.5),
    ]  # fmt: skip
    assert "bob, rnn_step: 0 -> 0.5 of 1. Half right." in said
    assert "the marks of 2 learners change" in said and "dry run" in said
    assert digests(class_) == before

    monkeypatch.setattr("click.confirm", lambda text: False)
    with pytest.raises(CourseError, match="Nothing was changed: --yes"):
        again.regrade("01", ("rnn_step",), class_)
    assert {k: v for k, v in digests(class_).items() if "released" not in k} == {
        k: v for k, v in before.items() if "released" not in k
    }
    again.regrade("01", ("rnn_step",), class_, yes=True)
    assert sorted(regrades(class_)) == [
        ["bob", SET, "rnn_step", "0.0", "0.5", "1.0"], ["cy", SET, "rnn_step", "0.0", "0.5", "1.0"],
    ]  # fmt: skip
    assert sums(class_) == {"ada": FULL, "bob": 4.5, "cy": 4.0, "dee": 0}
    assert "Half right." in (class_ / "feedback" / "bob" / SET / f"{SET}.html").read_text()
    log = Classroom(class_).log(SET).read_bytes()
    old = json.loads(log.splitlines()[0])
    assert old["version"] != "mendedrnn_steprnn_params" and old["when"].startswith("20")
    commands.grade(class_, None)  # all that changed was decided on: nothing is marked again
    assert Classroom(class_).log(SET).read_bytes() == log
    assert again.regrade("01", (), class_, yes=True) == []


def test_points_that_a_teacher_gives_for_code_stay(class_: Path, mend) -> None:
    """As Formgrader gives them: after a mend, and for another file, until they are taken back."""

    def give(points: float | None) -> None:
        with books(Classroom(class_)) as book:
            page = book.find_submission_notebook(SET, SET, "bob")
            grade = next(one for one in page.grades if one.name.startswith("rnn_step"))
            grade.manual_score, grade.needs_manual_grade = points, False
            comment = next(one for one in page.comments if one.name == "rnn_step")
            comment.manual_comment = None if points is None else "You showed me why."
            book.db.commit()
        commands.feedback(class_, None, ())

    before = sums(class_)["bob"]
    give(1.0)
    assert sums(class_)["bob"] == before + 1
    page = (class_ / "feedback" / "bob" / SET / f"{SET}.html").read_text()
    assert "You showed me why." in page and f"<strong>{before + 1:g}</strong> of 6" in page
    mend("rnn_step")
    again.regrade("01", ("rnn_step",), class_, yes=True)
    assert sums(class_)["bob"] == before + 1
    lay(class_, {"bob": handed_in(wrong).replace("x @ W", "x @ W + 0")})
    commands.grade(class_, None)
    assert sums(class_)["bob"] == before + 1
    give(None)
    assert sums(class_)["bob"] == before + 0.5  # what the mended check gives


def test_other_tasks_stay_and_are_said(class_: Path, mend, capsys) -> None:
    mend("rnn_step", "rnn_forward")
    again.regrade("01", ("rnn_step",), class_, yes=True)
    assert "2 more in other tasks (rnn_forward) would change and stay" in capsys.readouterr().out
    assert sums(class_)["bob"] == 4.5
    again.regrade("01", (), class_, yes=True)
    assert sums(class_)["bob"] == 5 and len(regrades(class_)) == 4


def test_grading_after_a_mend_says_whose_marks_change(class_: Path, mend, capsys) -> None:
    mend("rnn_step")
    commands.grade(class_, None)
    said = capsys.readouterr().out
    assert "The same files, marked anew:\nbob, rnn_step: 0 -> 0.5 of 1. Half right." in said
    assert sorted(row[0] for row in regrades(class_)) == ["bob", "cy"]


def test_another_file_is_no_regrade() -> None:
    old = Marks("ada", SET, (Mark("a", 0, 1, "No."), Mark("b", 0, 1, "No.")), "digest", "1")
    new = Marks("ada", SET, (Mark("a", 1, 1, "Yes."), Mark("b", 1, 1, "Yes.")), "digest", "2")
    assert len(changes(old, new)) == 2 and changes(None, new) == changes(old, old) == []
    assert changes(old, replace(new, digest="other")) == []
    kept = only(old, new, ["a"])
    assert [mark.points for mark in kept.marks] == [1, 0] and kept.version == "2"


def test_the_history_holds_each_change_once(tmp_path: Path) -> None:
    """Whatever was noted twice because a command was killed, and whatever was torn."""
    class_ = Classroom(tmp_path)
    old = Marks("ada", SET, (Mark("a", 0, 1, "=No."),), "digest", "1")
    new = Marks("ada", SET, (Mark("a", 1, 1, "Yes."),), "digest", "2")
    write_history(class_)
    assert not (tmp_path / "regrades.csv").exists()
    for marks in (old, old, new, new):
        class_.note(marks)
    class_.log(SET).write_bytes(class_.log(SET).read_bytes() + b'["x"]\n7\n{"learner": "')
    (change,) = history(class_)
    assert (change.old, change.new) == (old.marks[0], new.marks[0])
    write_history(class_)
    assert regrades(tmp_path) == [["ada", SET, "a", "0", "1", "1"]]
    assert "'=No." in (tmp_path / "regrades.csv").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["99"], "There is no problem set '99'"),
        (["01", "rnn_stop"], "has no task 'rnn_stop'; there are: rnn_step,"),
        (["01"], "holds no marks of 01_a_recurrent_network_from_scratch yet: start with"),
    ],
)
def test_wrong_words(tmp_path: Path, words: list[str], said: str) -> None:
    from .test_commands import course

    process = course("regrade", *words, "--class", str(tmp_path), stdin=subprocess.DEVNULL)
    out = process.communicate(timeout=300)[0]
    assert process.returncode == 1 and said in out and out.count("\n") == 1


def test_who_cannot_be_asked_is_told(class_: Path) -> None:
    from .test_commands import course

    log = Classroom(class_).log(SET)
    log.write_text(log.read_text().replace('"points": 0.0', '"points": 0.25'))
    process = course("regrade", "01", "--class", str(class_), stdin=subprocess.DEVNULL)
    out = process.communicate(timeout=300)[0]
    assert process.returncode == 1 and "0.25 -> 0 of" in out and "Traceback" not in out
    assert out.splitlines()[-1] == "Nothing was changed: --yes changes marks without asking."
