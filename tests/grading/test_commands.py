"""`course grade` as a teacher meets it: it can be stopped, explains itself, and refuses kindly."""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from course_utils import CourseError
from course_utils.delivery.grading import commands
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.late import keep_receipt
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.sets import COURSE, known_sets, marked, text_of
from tests.processes import kill, still_running

from .classes import FULL, POINTS, SET, WITHOUT_FIRST, digests, handed_in, lay, source
from .many import commands_said

RIGHT = "    return (h_prev + np.tanh(x @ W + h_prev @ U + b)) / 2"
QUICK = f"def rnn_step(x, h_prev, W, U, b):\n{RIGHT}"
SLOW = f"{QUICK}\nimport time\ntime.sleep(4)"


def course(*arguments: str, **options) -> subprocess.Popen:
    code = "import sys; from course_utils.delivery.cli import main; sys.argv[0] = 'course'; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **options,
    )


def logged(folder: Path) -> list[str]:
    log = Classroom(folder).log(SET)
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line)["learner"] for line in lines if line.endswith("}")]


def test_a_class_that_is_damaged(tmp_path: Path) -> None:
    """One sentence for what only the teacher can mend; the rest mends itself."""
    lay(tmp_path, {"ada": handed_in(), "bob": handed_in()})
    commands.grade(tmp_path, None)
    page = tmp_path / "autograded" / "ada" / SET / f"{SET}.ipynb"
    page.write_text(page.read_text()[:20])  # as a full disk leaves it
    Classroom(tmp_path).log(SET).write_bytes(b"\xff\xfe{}\n")
    (tmp_path / "gradebook.db").unlink()
    assert [marks.points for marks in commands.grade(tmp_path, None)] == [FULL, FULL]
    every = []
    for what in ("gradebook.db", ".carousel-secret"):
        shutil.copytree(tmp_path, damaged := tmp_path.with_name(f"without {what}"))
        (damaged / what).write_bytes(b"\xff\xfe no such thing")
        every.append(["grade", str(damaged), "--again"])
    found = commands_said(["version"], every)
    for status, out, err in found:
        assert status == 1 and "Traceback" not in out + err
    book, secret = (err.splitlines()[-1] for _, _, err in found)
    damaged = tmp_path.with_name("without gradebook.db") / "gradebook.db"
    assert book.startswith(f"{damaged} cannot be used (file is not a database): end other programs")
    assert secret.endswith("is damaged: restore it from a copy.")


def test_a_gradebook_that_is_in_use(tmp_path: Path, monkeypatch) -> None:
    lay(tmp_path, {"ada": handed_in()})
    commands.grade(tmp_path, None)
    monkeypatch.setattr("sqlite3.connect", partial(sqlite3.connect, timeout=0.1))
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CourseError, match=r"cannot be used \(database is locked\): end other"):
            commands.grade(tmp_path, None, again=True)
    assert commands.grade(tmp_path, None)[0].points == FULL


def test_two_commands_at_once(tmp_path: Path) -> None:
    lay(tmp_path, {"ada": handed_in()})
    commands.grade(tmp_path, None)
    before = digests(tmp_path)
    with Classroom(tmp_path).alone():
        every = (["grade", str(tmp_path)], ["feedback", "--class", str(tmp_path)],
                 ["release", "02", "--class", str(tmp_path)])  # fmt: skip
        for status, out, said in commands_said(["version"], list(every)):
            assert status == 1 and out + said == said and said.count("\n") == 1
            assert said.startswith("Another `course` command is at work in")
    assert digests(tmp_path) == before
    commands.feedback(tmp_path, None, ())


@pytest.mark.parametrize("time", ["101010101:" + "10" * 40, "\udcff", "9" * 300, "", "1e400"])
def test_a_receipt_of_nonsense(tmp_path: Path, time: str) -> None:
    """It stops neither the marking nor `nbgrader release_feedback`, which reads both files."""
    content = time.encode("utf-8", "surrogateescape")
    for name in ("timestamp.txt", "submission_secret.txt"):
        (tmp_path / name).write_bytes(content)
    made = tmp_path / "made"
    made.mkdir()
    assert keep_receipt(tmp_path, made, "spare") is None
    assert (made / "timestamp.txt").read_text() == ""
    secret = (made / "submission_secret.txt").read_text()
    assert secret == (time if time.isascii() and 0 < len(time) < 200 else "spare")
    (tmp_path / "timestamp.txt").write_text("2026-11-25 10:00:00.5 UTC")
    assert keep_receipt(tmp_path, made, "spare").year == 2026


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_stop_in_the_middle_and_go_on(tmp_path: Path, how: signal.Signals) -> None:
    names = [f"learner{number:02}" for number in range(6)]
    lay(tmp_path, dict.fromkeys(names[:3], handed_in(source(QUICK))))
    lay(tmp_path, dict.fromkeys(names[3:], handed_in(source(SLOW))))
    before = digests(tmp_path / "submitted")
    process = course("grade", str(tmp_path), "--jobs", "2")
    deadline, children = time.monotonic() + 600, []
    try:
        while len(logged(tmp_path)) < 3 or not children:  # until sandboxes are under way
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
            children = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, how)
        said = process.communicate(timeout=300)[0]
        assert not still_running(children)  # nothing lingers
    finally:
        kill([*children, process])
    kept = logged(tmp_path)
    assert 3 <= len(kept) < 6
    if how == signal.SIGINT:
        assert process.returncode == 1 and "Traceback" not in said
        told = re.search(r"Stopped: (\d+) of 6 are marked and kept; the same command", said)
        assert int(told[1]) in (len(kept), len(kept) - 1)  # one may just have been written down

    every = commands.grade(tmp_path, None, jobs=3)  # the slow ones sleep at the same time
    assert [marks.learner for marks in every] == names
    assert all(marks.points == FULL for marks in every)
    assert sorted(logged(tmp_path)) == names and logged(tmp_path)[: len(kept)] == kept
    assert digests(tmp_path / "submitted") == before


def test_a_line_that_was_cut_off_costs_nobody_else_a_mark(tmp_path: Path) -> None:
    classroom = Classroom(tmp_path)
    marks = [Marks(name, SET, (Mark("rnn_step", 1.0, 1.0, "Right."),)) for name in "abc"]
    classroom.note(marks[0])
    with open(classroom.log(SET), "a", encoding="utf-8") as file:
        file.write('{"learner": "b", "se')
    classroom.note(marks[2])
    assert classroom.marked(SET) == {"a": marks[0], "c": marks[2]}


def test_only_what_changed_is_marked_again(tmp_path: Path) -> None:
    lay(tmp_path, {"ada": handed_in(), "bob": handed_in()})
    commands.grade(tmp_path, None)
    commands.grade(tmp_path, None)
    assert sorted(logged(tmp_path)) == ["ada", "bob"]
    lay(tmp_path, {"bob": handed_in(source("rnn_step = 1"))})
    assert [marks.points for marks in commands.grade(tmp_path, None)] == [FULL, WITHOUT_FIRST]
    assert sorted(logged(tmp_path)) == ["ada", "bob", "bob"]
    commands.grade(tmp_path, None, again=True)
    assert len(logged(tmp_path)) == 5


def test_without_bubblewrap_it_refuses(tmp_path: Path) -> None:
    lay(tmp_path, {"ada": handed_in()})
    without = {**os.environ, "PATH": "/nowhere"}
    process = course("grade", str(tmp_path), "--walls", "bubblewrap", env=without)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 1 and said.count("\n") == 1
    assert "install it, for example with `sudo apt install bubblewrap`" in said
    assert not (tmp_path / "marks").exists()


def test_where_no_namespace_can_be_made_it_refuses(tmp_path: Path) -> None:
    """Inside a sandbox that permits no other, as AppArmor and some containers do."""
    lay(tmp_path, {"ada": handed_in()})
    code = "import sys; from course_utils.delivery.cli import main; sys.argv[0] = 'course'; main()"
    outer = ["bwrap", "--unshare-user", "--disable-userns", "--dev-bind", "/", "/"]
    done = subprocess.run(
        [*outer, sys.executable, "-c", code, "grade", str(tmp_path), "--walls", "bubblewrap"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    if "unrecognised" in done.stderr or "Unknown option" in done.stderr:
        pytest.skip("this bubblewrap is older than --disable-userns")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "bubblewrap cannot make a sandbox on this machine" in done.stderr
    assert "so nothing is marked" in done.stderr and "'Marking anywhere'" in done.stderr
    assert not (tmp_path / "marks").exists()


def test_a_system_without_sandboxes(monkeypatch, tmp_path: Path) -> None:
    from course_utils.delivery.grading import converters, sandbox

    converters.require_nbgrader()  # what is imported looks at the system, too
    lay(tmp_path, {"ada": handed_in()})
    for system, machine, said in (
        ("darwin", "arm64", "only Linux has"),
        ("win32", "AMD64", "in WSL 2"),
        ("linux", "riscv64", "mark on x86-64 or arm64"),
    ):
        sandbox.require_bubblewrap.cache_clear()
        monkeypatch.setattr(sandbox.sys, "platform", system)
        monkeypatch.setattr("platform.machine", lambda machine=machine: machine)
        with pytest.raises(CourseError, match=said):
            commands.grade(tmp_path, None, walls="bubblewrap")
    monkeypatch.undo()
    sandbox.require_bubblewrap.cache_clear()


def test_wrong_words(tmp_path: Path) -> None:
    lay(tmp_path / "class", {"ada": handed_in()})
    wrong = [
        (["grade", str(tmp_path / "none")], "does not exist"),
        (["grade", str(tmp_path / "class"), "--set", "99"], "There is no problem set '99'; there"),
        (["grade", str(tmp_path / "class"), "--jobs", "0"], "--jobs is 0; it must be at least 1"),
        (["feedback", "--class", str(tmp_path)], "holds no marks yet: start with `course grade`"),
        (["release", "01", "--class", str(COURSE)], "is the course itself"),
        (["collect", str(tmp_path / "class" / "submitted" / "ada" / SET / f"{SET}.ipynb"),
          "--class", __file__], "is a file; a class needs a folder"),
    ]  # fmt: skip
    found = commands_said(["version"], [words for words, _ in wrong], cwd=tmp_path)
    for (_, said), (status, out, err) in zip(wrong, found, strict=True):
        assert status and "Traceback" not in out + err, err
        assert said in " ".join((out + err).split()), err


def test_the_table_fits_and_names_what_is_frequent(tmp_path: Path, capsys, monkeypatch) -> None:
    forgets = "def rnn_step(x, h_prev, W, U, b):\n    return np.tanh(x @ W + b)"
    lay(
        tmp_path,
        {
            "a_learner_with_a_name_that_is_longer_than_the_column": handed_in(),
            "bob": handed_in(source(forgets)),
            "cy": handed_in(source(forgets)),
            "dee": "no notebook",
        },
    )
    monkeypatch.setattr(commands.console, "width", 80)
    found = {marks.learner: marks for marks in commands.grade(tmp_path, None)}
    lines = capsys.readouterr().out.splitlines()
    table = lines[lines.index(SET) :]
    assert all(len(line) <= 80 for line in table if line.startswith(("learner", "out", "a_", "b")))
    assert any(
        line.split() == ["out", "of", *(f"{p:g}" for p in [*POINTS, FULL])] for line in table
    )
    assert any(line.split()[-1:] == [f"{FULL:g}"] and "…" in line for line in table)
    named = found["bob"].marks[0].misconception
    assert named and f"2 learners in rnn_step: {named}." in table
    assert any(line.startswith("dee: This is no notebook") for line in table)


def test_a_terminal_that_cannot_show_a_name(tmp_path: Path) -> None:
    lay(tmp_path, {"\u6f22\u5b57": handed_in(), "ada": handed_in()})
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    process = course("grade", str(tmp_path), env=environment)
    said = process.communicate(timeout=300)[0]
    assert process.returncode == 0 and "Traceback" not in said
    assert "??  " in said and (tmp_path / "marks" / f"{SET}.csv").is_file()


def test_hand_outs_are_those_of_the_course(tmp_path: Path) -> None:
    """So an exercise from `course lab` that nobody has touched is known as such."""
    name = "07_a_fair_fight"
    commands.release((name,), tmp_path, None, None)
    released, exercise = (
        json.loads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        for folder in (tmp_path / "release" / name, COURSE / "exercises")
    )
    answers = [
        {marked(cell)["grade_id"]: text_of(cell) for cell in cells if marked(cell).get("solution")}
        for cells in (released, exercise)
    ]
    assert answers[0] == answers[1] and len(answers[0]) == 5


def test_nbgraders_exchange_brings_and_returns(tmp_path: Path) -> None:
    """Handed in with `nbgrader submit`, marked here, and the page comes back to the learner."""
    exchange, class_, home = (tmp_path / name for name in ("exchange", "class", "home"))
    for folder in (exchange, class_, home):
        folder.mkdir()
    exchange.chmod(0o777)
    where = [f"--Exchange.root={exchange}", f"--Exchange.cache={tmp_path / 'cache'}"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {**os.environ, "HOME": str(tmp_path), "PATH": path, "JUPYTER_NO_CONFIG": "1"}

    def nbgrader(folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "nbgrader", *words, SET, *where]
        done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    commands.release(("01",), class_, None, None)
    nbgrader(class_, "release_assignment")
    nbgrader(home, "fetch_assignment", "--course", "class")
    shutil.copy(known_sets()[SET], home / SET / f"{SET}.ipynb")
    nbgrader(home, "submit", "--course", "class")
    nbgrader(class_, "collect")
    (marks,) = commands.grade(class_, None)
    assert marks.points == FULL
    with open(class_ / "grades.csv", encoding="utf-8") as file:
        assert ",2" in file.read().splitlines()[1]  # when it was handed in
    nbgrader(class_, "release_feedback")
    nbgrader(home, "fetch_feedback", "--course", "class")
    (page,) = home.glob("*/feedback/*/*.html")
    assert "<strong>6</strong> of 6 points" in page.read_text()
    elsewhere = tmp_path / "elsewhere"
    (same,) = commands.grade(exchange / "class" / "inbound", elsewhere)
    assert (same.learner, same.points) == (marks.learner, FULL)
