"""What a learner has solved outlives every change of the course and of the workbook."""

import json

import numpy as np
import pytest

from course_utils.feedback import check, problems, progress, record
from course_utils.workbook import MANIFEST, Workbook

SET = "exercises/01_a_recurrent_network_from_scratch.ipynb"


class Course:
    """A course of one set, and the workbook of a learner who works in its folder of exercises."""

    def __init__(self, root):
        self.root, self.folder = root / "course", root / "workbook"
        self.publish("version 1")

    def publish(self, text, name=SET):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def lay(self):
        return Workbook(self.folder, self.root).lay()

    def reset(self):
        return Workbook(self.folder, self.root).reset("exercises/01")


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = Course(tmp_path)
    made.lay()
    monkeypatch.chdir(made.folder / "exercises")
    check("rnn_step", problems.get("rnn_step").reference)
    check("lstm_step", lambda x, h_prev, c_prev, W, U, b: (h_prev, c_prev))
    assert record.best() == {"rnn_step": 1, "lstm_step": 0}
    return made


def update(course):
    course.publish("version 2")
    course.lay()


def update_of_a_changed_set(course):
    (course.folder / SET).write_text("my own work")
    course.publish("version 2")
    course.lay()
    assert (course.folder / SET).read_text() == "my own work"


def set_renamed(course):
    (course.root / SET).unlink()
    course.publish("version 2", "exercises/01_another_name.ipynb")
    course.lay()


def manifest_damaged(course):
    (course.folder / MANIFEST).write_text("{")
    course.lay()


def set_begun_anew(course):
    course.reset()


@pytest.mark.parametrize(
    "change",
    [update, update_of_a_changed_set, set_renamed, manifest_damaged, set_begun_anew],
    ids=lambda one: one.__name__,
)
def test_progress_survives(course, change, capsys) -> None:
    change(course)
    capsys.readouterr()
    assert record.best() == {"rnn_step": 1, "lstm_step": 0}
    progress()
    assert "01  ✓ rnn_step" in capsys.readouterr().out


def test_a_problem_that_left_the_course_is_kept_and_not_counted(course, capsys) -> None:
    path = course.folder / record.PROGRESS
    path.write_text(json.dumps({"format": 1, "best": {"rnn_step": 1, "of_last_year": 1}}))
    check("rnn_forward", problems.get("rnn_forward").reference)
    assert json.loads(path.read_text())["best"]["of_last_year"] == 1
    capsys.readouterr()
    progress()
    assert capsys.readouterr().out.endswith("2 of 5 right, 2 of 6 points.\n")


def test_a_worse_answer_takes_nothing_away(course) -> None:
    check("rnn_step", lambda x, h_prev, W, U, b: np.zeros_like(h_prev))
    assert record.best()["rnn_step"] == 1
