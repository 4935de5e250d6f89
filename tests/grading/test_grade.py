"""From a folder or a zip of submissions to marks; a hostile one harms itself alone."""

import copy
import csv
import json
import os
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from course_utils.feedback.problem import Problem
from course_utils.grading import commands, wire
from course_utils.grading.marking import Entry, mark_all
from course_utils.grading.sets import known_sets, load
from course_utils.grading.submission import NotReadable, Submission, parse, read_file
from course_utils.grading.variants import Varied

SET = "01_a_recurrent_network_from_scratch"
SOLUTION = json.loads(known_sets()[SET].read_text(encoding="utf-8"))
BOMB = "import os\nwhile True:\n    try: os.fork()\n    except BaseException: pass"


def handed_in(change=None) -> str:
    notebook = copy.deepcopy(SOLUTION)
    for cell in list(notebook["cells"]):
        if change and cell["metadata"].get("nbgrader", {}).get("grade_id") == "rnn_step":
            change(notebook["cells"], cell)
    return json.dumps(notebook)


def source(text: str):
    return lambda cells, cell: cell.update(source=text)


def retag(cells, cell) -> None:
    cell["metadata"]["nbgrader"]["grade_id"] = "another"


def more_points(cells, cell) -> None:
    for one in cells:
        one["metadata"].get("nbgrader", {})["points"] = 1000


HONEST = """
import warnings, time
import matplotlib.pyplot as plt
%matplotlib inline
def rnn_step(x, h_prev, W, U, b):
    print("x" * 100_000); warnings.warn("slow"); time.sleep(0.2)
    return np.tanh(x @ W + h_prev @ U + b)
"""
PATCHED = """
np.allclose = np.array_equal = np.all = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
def rnn_step(x, h_prev, W, U, b): return x @ W
"""
SUBMISSIONS = {  # learner: (notebook, points for the first task, points in all)
    "right": (handed_in(), 1, 6),
    "honest": (handed_in(source(HONEST)), 1, 6),
    "patched": (handed_in(source(PATCHED)), 0, 3),
    "exits": (handed_in(source("import os\nos._exit(0)")), 0, 3),
    "retagged": (handed_in(retag), 0, 3),
    "deleted": (handed_in(lambda cells, cell: cells.remove(cell)), 0, 3),
    "copied": (handed_in(lambda cells, cell: cells.append(copy.deepcopy(cell))), 1, 6),
    "raised": (handed_in(more_points), 1, 6),
    "nested": ("[" * 200_000, 0, 0),
    "garbage": ("no notebook", 0, 0),
}


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("class")
    for learner, (text, _, _) in SUBMISSIONS.items():
        path = folder / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    outside = folder / "outside.ipynb"
    outside.write_text(handed_in())
    for learner, make in (("link", lambda p: p.symlink_to(outside)), ("pipe", os.mkfifo)):
        path = folder / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True)
        make(path)
    before = {p: p.read_bytes() for p in (folder / "submitted").rglob("*") if p.is_file()
              and not stat.S_ISFIFO(p.stat().st_mode)}  # fmt: skip
    found = {marks.learner: marks for marks in commands.grade(folder, None)}
    assert all(path.read_bytes() == content for path, content in before.items())
    return folder, found


@pytest.mark.parametrize("learner", SUBMISSIONS)
def test_everyone_gets_what_is_theirs(marked, learner: str) -> None:
    marks = marked[1][learner]
    _, first, every = SUBMISSIONS[learner]
    assert marks.marks[0].points == first
    assert marks.points == every and marks.out_of == 6


@pytest.mark.parametrize("learner", ["link", "pipe"])
def test_what_is_no_file_is_not_read(marked, learner: str) -> None:
    marks = marked[1][learner]
    assert marks.points == 0
    assert "not a file" in marks.failure or "cannot be read" in marks.failure


def test_pages_and_tables(marked) -> None:
    folder, found = marked
    page = folder / "feedback" / "deleted" / SET / f"{SET}.html"
    assert "is not in your notebook" in page.read_text(encoding="utf-8")
    with open(folder / "grades.csv", newline="") as file:
        sums = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert sums == {learner: marks.points for learner, marks in found.items()}


def test_a_second_run_marks_nothing_again(marked) -> None:
    log = marked[0] / "marks" / f"{SET}.jsonl"
    lines = log.read_text()
    again = {marks.learner: marks for marks in commands.grade(marked[0], None)}
    assert log.read_text() == lines and again == marked[1]


def test_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"Ada Lovelace_12_assignsubmission_file_{SET}.ipynb", handed_in())
        archive.writestr(f"../../climbs/{SET}.ipynb", handed_in())
        archive.writestr(f"bomb/{SET}.ipynb", b"0" * (30 << 20))
    commands.collect(tmp_path / "all.zip", tmp_path / "class", None, False)
    found = [p.relative_to(tmp_path).parts[2] for p in tmp_path.rglob("submitted/*/*/*.ipynb")]
    assert found == ["Ada_Lovelace"]
    assert not (tmp_path.parent / "climbs").exists()


def make(order: int) -> Problem:
    return Problem("scale", "01", "Scale", "Scale x.", lambda x: x * order,
                   lambda rng, draw=0: (rng.normal(size=3),), "y", ("", "", ""), ())  # fmt: skip


def test_the_answer_to_another_variant_is_named() -> None:
    one = load(SET, known_sets()[SET])
    varied = Varied("scale", make, {"order": (2, 3, 5)})
    one.problems.clear()
    one.problems["scale"] = varied
    one._points["scale"] = 1.0
    own = varied.variant_of(b"s", "ada")[0]
    other = next(order for order in (2, 3, 5) if order != own)
    for order, points, said in ((own, 1.0, "Right"), (other, 0.0, "another learner's variant")):
        code = f"def scale(x): return x * {order}"
        entry = Entry("ada", Submission({"scale": (code,)}, {}, ""), one, b"s")
        (marks,) = mark_all([entry], jobs=1)
        assert marks.marks[0].points == points and said in marks.marks[0].message


def test_huge_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_bytes(b" " * 2000)
    with pytest.raises(NotReadable, match="clear the outputs"):
        read_file(path, 1000)
    with pytest.raises(NotReadable):
        parse(b"[" * 100_000, set(), set())


def test_wire_keeps_data_and_refuses_the_rest() -> None:
    data = [None, True, 1, 2.5, "x", (1, [2]), {"a": np.arange(6.0).reshape(2, 3)}]
    frame = wire.pack(data)
    head, _ = wire.lengths(frame[:8], 1 << 20)
    back = wire.unpack(frame[8 : 8 + head], frame[8 + head :], tuple)
    assert back[:6] == data[:6]
    np.testing.assert_array_equal(back[6]["a"], data[6]["a"])
    for bad in (b'{"a": ["|O", [1], 0]}', b'{"a": ["<f8", [-1], 0]}', b"[" * 10**5, b'{"q": 1}'):
        with pytest.raises(wire.WireError):
            wire.unpack(bad, b"", tuple)
