"""Nothing is lost, whenever a command dies, and a full disk is one sentence."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.delivery.grading import commands, handouts
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import books
from course_utils.delivery.grading.sets import find_set, known_sets
from course_utils.delivery.grading.sets import marked as nbgrader

from .classes import handed_in, lay
from .crashes import DEATHS, marked

ROOT = Path(__file__).parents[2]


TRIED = [("grade", 3), ("grade", 2), ("release", 2), ("regrade", 2), ("feedback", 1)]


@pytest.mark.parametrize(("command", "chains"), TRIED)
def test_a_command_that_died_is_repeated_and_all_is_as_if_it_had_not(
    tmp_path: Path, command: str, chains: int
) -> None:
    """A hundred deaths: the same tables, pages, hand-outs and marks."""
    words = [command, str(chains), str(chains), str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.grading.crashes", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout)["deaths"] > chains * DEATHS / 2


FULL = """
import sys
from course_utils.delivery.cli import main
from tests.grading.crashes import without_sandbox
without_sandbox()
sys.argv = ["course", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("size", [1, 20, 60, 100, 140, 180, 200, 220, 260])
def test_a_full_disk_is_one_sentence(tmp_path: Path, size: int) -> None:
    """On a file system that holds so many kB; what was handed in stays."""
    lay(tmp_path / "in", {"ada": handed_in(), "bob": handed_in()})
    disk = tmp_path / "disk"
    disk.mkdir()
    inside = ["bwrap", "--dev-bind", "/", "/", "--size", str(size << 10), "--tmpfs", str(disk)]
    words = ["grade", str(tmp_path / "in" / "submitted"), "--class", str(disk / "class")]
    done = subprocess.run(
        [*inside, sys.executable, "-c", FULL, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if "Unknown option" in done.stderr:
        pytest.skip("this bubblewrap is older than --size")
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert re.search("No space left|disk is full|disk I/O", done.stderr), done.stderr


def test_a_hand_out_that_was_not_finished_is_made_again(tmp_path: Path, monkeypatch) -> None:
    one, class_ = find_set("01"), Classroom(tmp_path).open()
    path = handouts.release(class_, one)
    whole = path.read_bytes()
    assert handouts.is_current(class_, one)

    def die(converter, what: str) -> None:
        path.write_text("{")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(handouts, "start", die)
        handouts.release(class_, one)
    assert not handouts.is_current(class_, one)
    handouts.release(class_, one)
    assert path.read_bytes() == whole and handouts.is_current(class_, one)


def test_a_class_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    lay(tmp_path, {"ada": handed_in()})
    for words in (["grade", str(tmp_path)], ["release", "01", "--class", str(tmp_path)]):
        inside = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(tmp_path), str(tmp_path)]
        done = subprocess.run(
            [*inside, sys.executable, "-c", FULL, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
        assert f"Cannot use {tmp_path}" in done.stderr and "Read-only file system" in done.stderr


def test_an_answer_that_was_asked_for_again_stays_asked_for(tmp_path: Path, monkeypatch) -> None:
    """A second run, or one that goes on, must not take the first one's question back."""
    monkeypatch.setattr(commands, "mark_all", marked)
    monkeypatch.setattr(commands, "choose", lambda *given: "bubblewrap")
    name = "07_a_fair_fight"
    notebook = json.loads(known_sets()[name].read_text(encoding="utf-8"))
    words = next(
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown" and nbgrader(cell).get("solution")
    )
    path = tmp_path / "submitted" / "ada" / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)

    def waiting(text: str | None, score: float | None = None) -> bool:
        if text:
            words["source"] = text
            path.write_text(json.dumps(notebook))
        commands.grade(tmp_path, None)
        with books(Classroom(tmp_path)) as book:
            page = book.find_submission_notebook(name, name, "ada")
            grade = next(one for one in page.grades if one.name == nbgrader(words)["grade_id"])
            asked = grade.needs_manual_grade
            if score is not None:
                grade.manual_score, grade.needs_manual_grade = score, False
                book.db.commit()
            return asked

    assert waiting("first words", 2.0)
    assert not waiting(None)
    assert waiting("other words") and waiting(None) and waiting(None, 3.0)
    assert not waiting(None)
