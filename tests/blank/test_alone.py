"""Each program runs where there is no course, is short, and prints what its lesson shows."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.delivery.authoring.document import documents
from tests.blank.programs import PROGRAMS, run_alone

MOST_LINES, WIDTH = 60, 88
STANDARD = {"csv", "importlib", "itertools", "pathlib", "tempfile"}
MAY = {"08": {"keras"}, "09": {"keras"}, "10": {"keras"}}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
SAME = ("02", "03", "04", "06")  # no training: numbers are compared too

# What must hold of the numbers that the others print, in order; training ends elsewhere elsewhere.
HOLDS = {
    "00": lambda n: n[1] >= 95 and n[3] >= 90 and n[9] < 70 and n[11] < 50,
    "01": lambda n: n[:3] == [0.76, 0.36, 0.18],
    "05": lambda n: n[0] >= 12 and n[3] > 90 and n[4] < 30 and n[5] < 30 and n[6] > 90,
    "07": lambda n: sum(n[1:7]) > sum(n[8:14]) and n[14] < 5,
    "08": lambda n: 60 < n[-3] < 75 < min(n[-2:]),
    "09": lambda n: n[2] > 0.3 and n[5] == 0 and min(n[0], n[3]) > 90,
    "10": lambda n: n[:3] == [1744, 1287, 1281] and n[16] < n[4] - 0.1 and n[17] < 4.2,
    "11": lambda n: n[1] >= 95 and n[3] >= 85,
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").split(".")[0])
    return found


def test_each_lesson_has_one() -> None:
    assert [path.stem for path in PROGRAMS.values()] == [one.name for one in documents()]


@pytest.mark.parametrize("number", PROGRAMS)
def test_it_is_short_and_needs_little(number: str) -> None:
    path = PROGRAMS[number]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES and max(map(len, lines)) <= WIDTH
    assert imported(path) <= {"numpy"} | STANDARD | MAY.get(number, set())
    assert ast.get_docstring(ast.parse("\n".join(lines)))


@pytest.mark.parametrize("number", PROGRAMS)
def test_it_runs_alone_and_prints_what_the_lesson_shows(number: str, tmp_path: Path) -> None:
    done = run_alone(PROGRAMS[number], tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    shown = PROGRAMS[number].with_suffix(".txt").read_text(encoding="utf-8")
    assert shape(number, done.stdout) == shape(number, shown)
    ours, theirs = numbers(done.stdout), numbers(shown)
    if number in SAME:
        assert ours == pytest.approx(theirs, rel=0.2, abs=0.011)
    else:
        assert HOLDS[number](ours), done.stdout
        assert HOLDS[number](theirs), shown


def numbers(text: str) -> list[float]:
    return [float(one) for one in NUMBER.findall(text)]


def shape(number: str, text: str) -> list[str]:
    """The lines of a text, without its numbers, and without what a network says in words."""
    lines = [" ".join(NUMBER.sub("0", line).split()) for line in text.splitlines()]
    if number in ("00", "01"):  # a language, or cities
        lines = [re.sub(r"(France\?|Invented:) .*", r"\1", line) for line in lines]
    return lines


def refused(line: str, folder: Path) -> subprocess.CompletedProcess:
    (program := folder / "program.py").write_text(line, encoding="utf-8")
    (room := folder / "room").mkdir()
    return run_alone(program, room)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("import course_utils", "is of the course"),
        ("from course_utils.cells import LSTM", "is of the course"),
        ("open('../left.txt', 'w')", "writes"),
        ("import urllib.request as r; r.urlopen('http://127.0.0.1:9')", "socket"),
    ],
)
def test_what_a_program_alone_must_not_do(line: str, word: str, tmp_path: Path) -> None:
    done = refused(line, tmp_path)
    assert done.returncode == 1 and word in done.stderr
    assert not (tmp_path / "left.txt").exists()


def test_a_broken_program_is_seen(tmp_path: Path) -> None:
    """A gradient of U with the states after the step: the program's own check finds it."""
    text = PROGRAMS["02"].read_text(encoding="utf-8")
    broken = text.replace("dU += h[:, t].T", "dU += h[:, t + 1].T")
    assert broken != text
    done = refused(broken, tmp_path)
    shown = PROGRAMS["02"].with_suffix(".txt").read_text(encoding="utf-8")
    assert done.returncode == 0 and shape("02", done.stdout) != shape("02", shown)


def test_where_the_course_can_be_imported_as_an_installed_package(tmp_path: Path) -> None:
    """The wall holds there as well, and not only because nothing is found."""
    (tmp_path / "course_utils").mkdir()
    (tmp_path / "course_utils" / "__init__.py").touch()
    (tmp_path / "program.py").write_text("import course_utils", encoding="utf-8")
    alone = Path(__file__).with_name("alone.py")
    command = [sys.executable, "-I", "-S", str(alone), "program.py", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert "is of the course" in done.stderr
    shutil.rmtree(tmp_path / "course_utils")
