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
from .crashes import COMMANDS, marked
from .many import ROOT, commands_said

FEWEST = {"grade": 40, "release": 15, "feedback": 10, "regrade": 25}  # sorts of instants


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | str]:
    """At which sorts of instants each command died, or what was wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.grading.crashes", str(tmp_path_factory.mktemp("deaths"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_died_is_repeated_and_all_is_as_if_it_had_not(
    deaths: dict[str, list[str] | str], command: str
) -> None:
    """Once at each sort of instant: the same tables, pages, hand-outs and marks."""
    sorts = deaths[command]
    assert isinstance(sorts, list), sorts
    assert len(sorts) == len(set(sorts)) >= FEWEST[command]
    assert {"open", "write", "commit"} <= {sort.split(" ")[0] for sort in sorts}


UNMARKED = "from tests.grading.crashes import without_sandbox; without_sandbox()"


@pytest.fixture(scope="module")
def with_size() -> None:
    if "--size" not in subprocess.run(["bwrap", "--help"], capture_output=True, text=True).stdout:
        pytest.skip("this bubblewrap is older than --size")


AMPLE = 20_000  # kB, where it works
SIZES = [1, 20, 60, 100, 140, 180, 200, 220, 260]


@pytest.fixture(scope="module")
def full(with_size, tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[int, str, str]]:
    """What `course grade` comes to on file systems that hold so many kB."""
    folder = tmp_path_factory.mktemp("full")
    lay(folder / "in", {"ada": handed_in(), "bob": handed_in()})
    inside, every = ["bwrap", "--dev-bind", "/", "/"], []
    for size in (AMPLE, *SIZES):
        (disk := folder / str(size)).mkdir()
        inside += ["--size", str(size << 10), "--tmpfs", str(disk)]
        every.append(["grade", str(folder / "in" / "submitted"), "--class", str(disk / "class")])
    first, *others = every
    return dict(zip(SIZES, commands_said(first, others, inside, UNMARKED), strict=True))


@pytest.mark.parametrize("size", SIZES)
def test_a_full_disk_is_one_sentence(full: dict[int, tuple[int, str, str]], size: int) -> None:
    """What was handed in stays: it lies on another disk."""
    status, _, said = full[size]
    assert status == 1 and said.count("\n") == 1, said
    assert re.search("No space left|disk is full|disk I/O", said), said


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
    every = [["grade", str(tmp_path)], ["release", "01", "--class", str(tmp_path)]]
    inside = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(tmp_path), str(tmp_path)]
    for status, _, said in commands_said(["version"], every, inside, UNMARKED):
        assert status == 1 and said.count("\n") == 1, said
        assert f"Cannot use {tmp_path}" in said and "Read-only file system" in said


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
