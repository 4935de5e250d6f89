"""A class is marked where bubblewrap cannot be had, and an answer is worth the same there."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course_utils import CourseError
from course_utils.delivery.grading import commands, sandbox, walls, webassembly_files
from course_utils.delivery.grading.converters import require_nbgrader
from course_utils.delivery.grading.entry import question
from course_utils.delivery.grading.sandbox import Kit, Limits, SandboxError
from course_utils.delivery.grading.sets import find_set, known_sets
from course_utils.feedback import problems

from .classes import FULL, SET, WITHOUT_FIRST, handed_in, lay, source

pytestmark = pytest.mark.usefixtures("webassembly_walls")
ANSWERS = {
    "right": handed_in(),
    "wrong": handed_in(source("def rnn_step(x, h_prev, W, U, b):\n    return x @ W")),
    "ends": handed_in(source("import os; os._exit(0)")),
    "missing": handed_in(lambda cells, cell: cells.remove(cell)),
}
REFUSING = "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"


@pytest.fixture
def system(monkeypatch, tmp_path: Path):
    """Makes this machine seem another one, on which there is no sandbox."""

    require_nbgrader()  # what is imported looks at the system, too

    def seem(kind: str) -> None:
        sandbox.require_bubblewrap.cache_clear()
        if kind in ("darwin", "win32"):
            monkeypatch.setattr(sandbox.sys, "platform", kind)
        elif kind == "riscv64":
            monkeypatch.setattr("platform.machine", lambda: kind)
        else:
            programs = tmp_path / "programs"
            programs.mkdir()
            if kind == "refusing":  # Ubuntu's AppArmor, or a container
                (programs / "bwrap").write_text(REFUSING)
                (programs / "bwrap").chmod(0o755)
            monkeypatch.setenv("PATH", str(programs))

    yield seem
    monkeypatch.undo()
    sandbox.require_bubblewrap.cache_clear()


KINDS = ["darwin", "win32", "riscv64", "none", "refusing"]


@pytest.mark.parametrize("kind", KINDS)
def test_webassembly_is_chosen_without_bubblewrap(kind: str, system) -> None:
    system(kind)
    assert walls.choose("auto") == "webassembly"


@pytest.mark.parametrize("kind", ["darwin", "win32", "refusing"])
def test_a_class_is_marked_without_bubblewrap(kind: str, system, tmp_path: Path, capsys) -> None:
    folder = lay(tmp_path / "class", ANSWERS)
    system(kind)
    every = {marks.learner: marks for marks in commands.grade(folder, None, jobs=2)}
    assert {marks.walls for marks in every.values()} == {"webassembly"}
    points = {learner: marks.points for learner, marks in every.items()}
    assert points == dict.fromkeys(ANSWERS, WITHOUT_FIRST) | {"right": FULL}
    assert "behind the walls of WebAssembly" in " ".join(capsys.readouterr().out.split())
    assert '"walls": "webassembly"' in (folder / "marks" / f"{SET}.jsonl").read_text()
    assert (folder / "feedback" / "right" / SET / f"{SET}.html").is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_extra_one_sentence_says_what_to_install(
    kind: str, system, tmp_path: Path, monkeypatch
) -> None:
    folder = lay(tmp_path / "class", {"ada": handed_in()})
    system(kind)
    monkeypatch.setattr(webassembly_files, "is_installed", lambda: False)
    for wanted in ("auto", "webassembly"):
        with pytest.raises(CourseError, match=r'`pip install -e "\.\[marking-anywhere\]"`'):
            commands.grade(folder, None, walls=wanted)
    assert not (folder / "marks").exists()


def test_bubblewrap_stays_first(monkeypatch) -> None:
    monkeypatch.setattr(sandbox, "probe", lambda: None)
    assert walls.choose("auto") == walls.choose("bubblewrap") == "bubblewrap"
    assert walls.choose("webassembly") == "webassembly"


def test_who_wants_bubblewrap_gets_nothing_else(system) -> None:
    system("none")
    assert walls.choose("auto") == "webassembly"
    with pytest.raises(SandboxError, match="needs bubblewrap"):
        walls.choose("bubblewrap")


def test_sets_that_need_more_are_named_and_the_others_marked(capsys) -> None:
    every = [find_set(name) for name in known_sets()]
    left = commands.possible("webassembly", every)
    said = " ".join(capsys.readouterr().out.split())
    for one in every:
        assert (one in left) == (not one.uses_keras)
        assert (f"{one.name} needs keras and tensorflow" in said) == one.uses_keras
    assert commands.possible("bubblewrap", every) == every
    with pytest.raises(SandboxError, match="which WebAssembly lacks: mark it on Linux"):
        commands.possible("webassembly", [one for one in every if one.uses_keras])


# An answer is worth the same

WRONG = """
from course_utils.feedback import problems as bank

def answer(name, mistake):
    one = bank.get(name)
    return one.reference if mistake < 0 else one.misconceptions[mistake].answer
"""
TRIED = [
    (name, mistake)
    for name in problems.names()
    for mistake in range(-1, len(problems.get(name).misconceptions))
    if problems.get(name).kind != "keras"
]


def answers_behind(kind: str) -> dict:
    """What references and mistakes answer: all of the bank is given to the worker, for once."""
    kit = Kit(
        parts=(
            *("cells", "feedback", "measure", "tasks", "training"),
            *("files.py", "laying.py", "lines.py", "remarks.py", "translating.py", "workbook.py"),
        )
    )
    found = {}
    with walls.worker(kind, kit, Limits(seconds=120.0, total=3600.0)) as worker:

        def run(text: str) -> None:
            request = {"do": "run", "label": "x", "source": text, "lenient": False}
            assert worker.ask(request, 120)["error"] is None

        run(WRONG)
        for name, mistake in TRIED:
            one = problems.get(name)
            run(f"{name} = answer({name!r}, {mistake}){'()' * (one.kind == 'value')}")
            asked = question(one, name, seed=7)
            request = {"do": "ask", "card": list(asked.card), "questions": asked.inputs}
            found[name, mistake] = worker.ask({**request, "seconds": 120.0}, 150)
    return found


def test_every_mistake_is_worth_the_same_behind_both() -> None:
    if not sandbox.shutil.which("bwrap"):
        pytest.skip("there is no bubblewrap to compare with")
    here, there = answers_behind("bubblewrap"), answers_behind("webassembly")
    for name, mistake in TRIED:
        one = problems.get(name)
        judged = [one.judge(one.questions(7), each[name, mistake]) for each in (here, there)]
        assert judged[0] == judged[1], (name, mistake)
        assert mistake >= 0 or judged[0].correct, name


def test_no_task_counts_beyond_32_bits() -> None:
    """NumPy's own integers are that small in WebAssembly: a larger number would come out wrong."""

    def largest(value) -> int:
        if isinstance(value, list | tuple):
            return max(map(largest, value), default=0)
        kind = getattr(getattr(value, "dtype", None), "kind", "f")
        whole = isinstance(value, int) or kind in "iu"
        return int(np.abs(value).max(initial=0)) if whole else 0

    for name in {name for name, _ in TRIED}:
        one = problems.get(name)
        for asked in one.questions(7):
            assert largest(asked) < 2**31, name
            assert largest(one.reference(*asked)) < 2**31, name


def test_solutions_and_hand_outs_of_every_set(tmp_path: Path) -> None:
    """All sets without Keras, through the whole of the marking, from the same secret."""
    from course_utils.delivery.grading import handouts
    from course_utils.delivery.grading.classroom import Classroom

    sets = [one for one in map(find_set, known_sets()) if not one.uses_keras]
    kinds = ["webassembly", *(["bubblewrap"] if sandbox.shutil.which("bwrap") else [])]
    found, made = {}, tmp_path / "class"
    classroom = Classroom(made).open()
    (made / ".carousel-secret").write_text("1" * 64)
    for one in sets:
        empty = handouts.release(classroom, one)
        for learner, text in (
            ("solution", sandbox.json.dumps(one.notebook)),
            ("handout", empty.read_text(encoding="utf-8")),
        ):
            path = made / "submitted" / learner / one.name / f"{one.name}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
    for kind in kinds:
        shutil.copytree(made, folder := tmp_path / kind)
        every = commands.grade(folder, None, jobs=2, walls=kind)
        found[kind] = {(m.learner, m.set): replace(m, walls="", digest="") for m in every}
        for (learner, _), marks in found[kind].items():
            assert learner != "solution" or marks.points == marks.out_of, marks
    assert all(each == found["webassembly"] for each in found.values())


# Other systems

FOREIGN = """
import importlib, os, signal, sys
from pathlib import Path
import joblib, nbgrader.apps, nbgrader.converters, psutil, rich.progress  # what is not ours
import numpy, jupytext, nbformat, sqlite3, subprocess, platformdirs
for name in ("fcntl", "grp", "posix_ipc", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in ("fork", "getuid", "geteuid", "mkfifo", "set_blocking", "setsid"):
    delattr(os, name)
for name in ("SIGALRM", "setitimer"):
    delattr(signal, name)
import selectors
del selectors.DefaultSelector, selectors.PollSelector
sys.path.insert(0, sys.argv[2])
from course_utils.delivery.grading import commands
for marks in commands.grade(Path(sys.argv[1]), None, jobs=2, walls="webassembly"):
    print(marks.learner, marks.points)
"""


def test_nothing_of_unix_stands_in_the_way(tmp_path: Path) -> None:
    """Windows has neither these modules nor these functions; waiting for pipes it cannot do."""
    folder = lay(tmp_path / "class", ANSWERS)
    done = subprocess.run(
        [sys.executable, "-c", FOREIGN, str(folder), os.getcwd()],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"right {FULL}" in done.stdout
    assert "wrong " in done.stdout and "ends " in done.stdout
