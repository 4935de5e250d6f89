"""From notebooks to marks: what is there counts, whatever else was done to the notebook."""

import copy
import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from course_utils.delivery.grading import commands, wire
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.sets import find_set
from course_utils.delivery.grading.submission import LARGEST, NotReadable, parse, read_file

from .classes import FULL, SET, SOLUTION, WITHOUT_FIRST, digests, handed_in, lay, source

WRONG = "def rnn_step(x, h_prev, W, U, b):\n    return x @ W"


def cell_named(name: str, text: str) -> dict:
    own = {"nbgrader": {"grade_id": name, "solution": True}}
    return {"cell_type": "code", "metadata": own, "source": text, "outputs": []}


def retag(cells: list, cell: dict) -> None:
    cell["metadata"]["nbgrader"]["grade_id"] = "another"


def rename(cells: list, cell: dict) -> None:
    cell["source"] = "".join(cell["source"]).replace("def rnn_step", "def my_step")


def retype(cells: list, cell: dict) -> None:
    cell["cell_type"] = "markdown"


def more_points(cells: list, cell: dict) -> None:
    for one in cells:
        one["metadata"].get("nbgrader", {}).update(points=1000, solution=False, grade=True)


def swap_ids(cells: list, cell: dict) -> None:
    for one in cells:
        own = one["metadata"].get("nbgrader", {})
        pair = {"rnn_step": "rnn_params", "rnn_params": "rnn_step"}
        own["grade_id"] = pair.get(own.get("grade_id"), own.get("grade_id"))


def graffiti(cells: list, cell: dict) -> None:
    """Cells and metadata that are none."""
    cells += [None, 7, "x", {}, {"cell_type": "code"}, {"cell_type": [], "metadata": []}]
    cells.append({"cell_type": "code", "metadata": {"nbgrader": "x"}, "source": {"a": 1}})
    cells.append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {}}}, "source": [1]})


def in_pieces(cells: list, cell: dict) -> None:
    cell["source"] = "".join(cell["source"]).splitlines(True)


def poison_checks(cells: list, cell: dict) -> None:
    """Every cell that is no answer, set-up and checks included, attacks."""
    for one in cells:
        if one["cell_type"] == "code" and not one["metadata"].get("nbgrader", {}).get("solution"):
            one["source"] = "np = None\nraise SystemExit"


NOTEBOOKS = {  # the notebook, and the points for the first task and in all
    "right": (handed_in(), 1, FULL),
    "deleted": (handed_in(lambda cells, cell: cells.remove(cell)), 0, WITHOUT_FIRST),
    "emptied": (handed_in(source("")), 0, WITHOUT_FIRST),
    "doubled": (handed_in(lambda cells, cell: cells.append(copy.deepcopy(cell))), 1, FULL),
    "doubled_right_last": (
        handed_in(lambda cells, cell: cells.insert(0, cell_named("rnn_step", WRONG))), 1, FULL,
    ),
    "doubled_wrong_last": (
        handed_in(lambda cells, cell: cells.append(cell_named("rnn_step", WRONG))),
        0, WITHOUT_FIRST,
    ),
    "retagged": (handed_in(retag), 1, FULL),  # its cell is known by its nbformat id
    "renamed": (handed_in(rename), 0, WITHOUT_FIRST),
    "retyped": (handed_in(retype), 0, WITHOUT_FIRST),
    "swapped": (handed_in(swap_ids), 1, FULL),  # both are run: what they define is what counts
    "raised": (handed_in(more_points), 1, FULL),
    "graffiti": (handed_in(graffiti), 1, FULL),
    "in_pieces": (handed_in(in_pieces), 1, FULL),
    "poisoned": (handed_in(poison_checks), 1, FULL),
    "with_mark": (b"\xef\xbb\xbf" + handed_in().encode(), 1, FULL),
    "syntax": (handed_in(source("def rnn_step(:")), 0, WITHOUT_FIRST),
    "nested": ("[" * 200_000, 0, 0),
    "nested_objects": ('{"cells":' * 100_000, 0, 0),
    "garbage": ("no notebook", 0, 0),
    "nothing": (b"", 0, 0),
    "utf_16": (handed_in().encode("utf-16"), 0, 0),
    "binary": (bytes(range(256)) * 100, 0, 0),
    "huge": (b" " * (LARGEST + 1), 0, 0),
    "cells_are_none": ('{"cells": 1}', 0, 0),
    "of_2013": (json.dumps({"worksheets": [{"cells": SOLUTION["cells"]}]}), 0, 0),
    "other_notebook": (json.dumps({"cells": []}), 0, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("class")
    lay(folder, {learner: content for learner, (content, _, _) in NOTEBOOKS.items()})
    outside = folder / "outside.ipynb"
    outside.write_text(handed_in())
    for learner, make in (
        ("link", lambda path: path.symlink_to(outside)),
        ("pipe", os.mkfifo),
        ("folder", Path.mkdir),
        ("device", lambda path: path.symlink_to("/dev/zero")),
    ):
        path = folder / "submitted" / learner / SET / f"{SET}.ipynb"
        path.parent.mkdir(parents=True)
        make(path)
    lay(folder, {"other_name": handed_in()})
    path = folder / "submitted" / "other_name" / SET
    (path / f"{SET}.ipynb").rename(path / "Untitled.ipynb")
    (path / "a.ipynb").write_text("{}")
    before = digests(folder / "submitted")
    found = {marks.learner: marks for marks in commands.grade(folder, None)}
    assert digests(folder / "submitted") == before
    return folder, found


@pytest.mark.parametrize("learner", NOTEBOOKS)
def test_everyone_gets_what_is_theirs(marked, learner: str) -> None:
    marks = marked[1][learner]
    _, first, every = NOTEBOOKS[learner]
    assert marks.marks[0].points == first
    assert marks.points == every and marks.out_of == FULL


@pytest.mark.parametrize("learner", ["link", "pipe", "folder", "device"])
def test_what_is_no_file_is_not_read(marked, learner: str) -> None:
    marks = marked[1][learner]
    assert marks.points == 0
    assert "not a file" in marks.failure or "cannot be read" in marks.failure


def test_another_file_name_does(marked) -> None:
    assert marked[1]["other_name"].points == FULL


def test_pages_and_tables(marked) -> None:
    folder, found = marked
    pages = {path.parent.parent.name for path in folder.glob(f"feedback/*/{SET}/{SET}.html")}
    assert pages == set(found)
    page = folder / "feedback" / "deleted" / SET / f"{SET}.html"
    assert "is not in your notebook" in page.read_text(encoding="utf-8")
    twice = folder / "feedback" / "doubled" / SET / f"{SET}.html"
    assert "Its cell was there 2 times" in twice.read_text(encoding="utf-8")
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        sums = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert sums == {learner: marks.points for learner, marks in found.items()}
    with open(folder / "marks" / f"{SET}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5 * len(found)
    assert {row["out_of"] for row in rows} == {"1.0", "2.0"}


def test_another_file_is_asked_something_else() -> None:
    """Or a page of feedback on the first would tell what the second has to answer."""
    one = find_set(SET)
    texts = [handed_in(), handed_in(), handed_in(source("rnn_step = 1"))]
    entries = [Entry("ada", parse(text.encode(), {"rnn_step"}, set()), one, b"x") for text in texts]
    asked = [entry.run().questions[0].inputs[0][0] for entry in entries]
    np.testing.assert_array_equal(asked[0], asked[1])
    assert asked[0].shape != asked[2].shape or not np.allclose(asked[0], asked[2])


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
    with pytest.raises(wire.WireError):
        wire.lengths(wire.LENGTHS.pack(wire.LONGEST + 1, 0), 1 << 30)
    for bad in (b'{"a": ["|O", [1]]}', b'{"a": ["<f8", [-1]]}', b"[" * 10**5, b'{"q": 1}'):
        with pytest.raises(wire.WireError):
            wire.unpack(bad, bytes(64), tuple)


def test_a_short_frame_cannot_hold_gigabytes() -> None:
    """No two arrays share bytes, whatever a header says of where they begin."""
    body = bytes(1 << 16)
    for array in ('{"a": ["|u1", [65536]]}', '{"a": ["|u1", [65536], 0]}'):
        header = f"[{', '.join([array] * 1000)}]".encode()
        with pytest.raises(wire.WireError):
            wire.unpack(header, body, tuple)
    one = wire.unpack(b'[{"a": ["|u1", [65536]]}]', body, tuple)
    assert one[0].nbytes == 65536
