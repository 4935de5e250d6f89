"""A submission is (person, set, version): what has no answers never beats what has."""

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from course_utils.delivery.grading import commands, sources
from course_utils.delivery.grading.material import same
from course_utils.delivery.grading.reading import solved_by_the_course
from course_utils.delivery.grading.register import Register
from course_utils.delivery.grading.sets import find_set
from course_utils.delivery.grading.submission import parse

from .classes import handed_in
from .exports import FIRST, SECOND, SETS, answered, collected, laid, of_course, packed, who

BLANK, LESSON, SOLUTION = map(of_course, ("exercises", "notebooks", "solutions"))
OWN = f"{FIRST}.ipynb"


def in_time(folder: Path, files: dict[str, str | bytes]) -> Path:
    """These files, each younger than the one before."""
    laid(folder, files)
    for number, place in enumerate(files):
        os.utime(folder / place, (1_000_000 + 60 * number,) * 2)
    return folder


@pytest.mark.parametrize(
    "younger",
    [
        {f"ada/carousel-workbook/notebooks/{OWN}": LESSON},
        {f"ada/carousel-workbook/exercises/{FIRST}.new.ipynb": BLANK},
        {f"ada/carousel-workbook/exercises/new_{FIRST}.ipynb": BLANK},
        {f"ada/carousel-workbook/exercises/new-2_{FIRST}.ipynb": answered("new")},
        {f"ada/carousel-workbook/exercises/kept-2026-11-25_{FIRST}.ipynb": answered("kept")},
        {f"ada/carousel-workbook/exercises/{FIRST}.new-2.ipynb": answered("new")},
        {f"ada/carousel-workbook/exercises/{FIRST}.kept-2026-11-25.ipynb": answered("kept")},
        {f"ada/carousel-workbook/solutions/{OWN}": SOLUTION},
        {f"ada/carousel-workbook/exercises/._{OWN}": b"\0\5\x16\7" * 20},
        {f"ada/carousel-workbook/exercises/.ipynb_checkpoints/{FIRST}-checkpoint.ipynb": BLANK},
        {f"ada/carousel-workbook/exercises/{FIRST}-checkpoint.ipynb": answered("old")},
        {f"ada/carousel-workbook/exercises/{FIRST}-Copy1.ipynb": BLANK},
        {f"ada/{FIRST}/notes.ipynb": '{"cells": [], "metadata": {}}'},
        {f"ada/{FIRST}.pdf": b"%PDF"},
        {f"ada/.{OWN}": answered("hidden")},
        {f"ada/.trash/{OWN}": answered("hidden")},
    ],
)
def test_what_is_no_answer_never_beats_one(tmp_path: Path, younger: dict) -> None:
    files = {f"ada/carousel-workbook/exercises/{OWN}": answered("ada"), "bob/x.ipynb": BLANK}
    rows, _ = collected(in_time(tmp_path / "in", files | younger), tmp_path / "class")
    assert who(rows) == {"ada": "ada", "bob": ""}


def test_a_hand_out_beats_what_has_none_of_its_cells(tmp_path: Path) -> None:
    files = {f"ada/a/{OWN}": BLANK, f"ada/b/{OWN}": '{"cells": [], "metadata": {}}'}
    home = tmp_path / "class"
    collected(in_time(tmp_path / "in", files | {"bob/x.ipynb": BLANK}), home)
    assert (home / "submitted" / "ada" / FIRST / OWN).read_text() == BLANK


def test_forks_of_the_course(tmp_path: Path) -> None:
    """The hand-out is the submission, and never the solution that lies in every clone."""
    files = {f"{name}/{folder}/{OWN}": of_course(folder) for name in ("ada", "bob", "cy")
             for folder in ("notebooks", "exercises", "solutions")}  # fmt: skip
    files["bob/exercises/" + OWN] = answered("bob")
    del files["cy/exercises/" + OWN]
    home = tmp_path / "class"
    rows, _ = collected(in_time(tmp_path / "in", files), home)
    assert who(rows) == {"ada": "", "bob": "bob"}
    assert (home / "submitted" / "ada" / FIRST / OWN).read_text() == BLANK
    assert "cy" in Register.load(home).missing(FIRST, ["ada", "bob"])


def test_a_learners_own_folder_of_solutions_counts(tmp_path: Path) -> None:
    files = {f"ada/solutions/{OWN}": answered("ada"), "bob/x.ipynb": answered("bob")}
    assert who(collected(laid(tmp_path / "in", files), tmp_path / "class")[0])["ada"] == "ada"


def test_the_newest_counts_and_the_others_are_named(tmp_path: Path) -> None:
    files = {f"ada/{n}.ipynb": answered(n) for n in "abc"} | {"bob/x.ipynb": answered("x")}
    rows, said = collected(in_time(tmp_path / "in", files), tmp_path / "class")
    assert rows["ada 01"] == "c"
    line = f"ada handed in {FIRST} more than once: ada/c.ipynb counts, ada/b.ipynb, ada/a.ipynb"
    assert f"{line} left out." in said


def test_what_was_laid_beside_counts_if_there_is_nothing_else(tmp_path: Path) -> None:
    files = {f"ada/{FIRST}.new.ipynb": answered("ada"), "bob/x.ipynb": answered("bob")}
    rows, said = collected(laid(tmp_path / "in", files), tmp_path / "class")
    assert rows["ada 01"] == "ada" and any("only as ada/" in line for line in said)


def test_only_the_lesson(tmp_path: Path) -> None:
    notebook = json.loads(LESSON)
    notebook["cells"] += [{"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}]
    files = {f"ada/{OWN}": json.dumps(notebook), "bob/x.ipynb": answered("bob")}
    rows, said = collected(laid(tmp_path / "in", files), tmp_path / "class")
    assert who(rows) == {"bob": "bob"}
    assert any("That is the lesson: ask for the problem set" in line for line in said)


def test_a_notebook_without_ids_is_still_somebodys(tmp_path: Path) -> None:
    """Some editors drop the ids: the file's name says which set it is."""
    notebook = json.loads(answered("ada"))
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    files = {f"ada/{OWN}": json.dumps(notebook), "bob/x.ipynb": answered("bob")}
    rows, _ = collected(laid(tmp_path / "in", files), tmp_path / "class")
    assert set(who(rows)) == {"ada", "bob"}


def test_the_courses_own_solution_is_named() -> None:
    one = find_set(FIRST)
    readings = {
        "same": SOLUTION,
        "changed": handed_in(lambda cells, cell: cell.update(source="def rnn_step(): pass")),
        "reformatted": SOLUTION.replace("np.tanh(", "np.tanh( "),
        "commented": SOLUTION.replace("### BEGIN SOLUTION", "# mine"),
        "blank": BLANK,
    }
    answers, written = set(one.problems), set()
    found = {who: parse(text.encode(), answers, written) for who, text in readings.items()}
    said = solved_by_the_course(one, found)
    assert said.endswith("from 3 learners: same, reformatted, commented.")
    assert solved_by_the_course(one, {"blank": found["blank"]}) == ""


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("f(x, 'a')", 'f(\n    x,\n    "a",\n)  # here', True),
        ("return (a + b)", "return a + b", True),
        ("return a + b", "return a - b", False),
        ("x = 'a b'", "x = 'ab'", False),
        ("words  in\ta line", "words in a line", True),
        ("'''", "'''", True),
        ("(" * 50_000, "x", False),
        ("x = 1\n  y", "x = 1; y", False),
    ],
)
def test_sameness_is_of_what_python_reads(one: str, other: str, alike: bool) -> None:
    assert same(one, other) is alike and same(other, one) is alike


# A zip inside


def inner(files: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, text in files.items():
            archive.writestr(place, text)
    return content.getvalue()


def test_a_zip_with_one_notebook_of_the_set_is_read(tmp_path: Path) -> None:
    workbook = {
        f"w/exercises/{OWN}": answered("ada"),
        f"w/exercises/{SECOND}.ipynb": answered("two", SECOND),
        f"w/exercises/{FIRST}.new.ipynb": BLANK,
        f"w/notebooks/{OWN}": LESSON,
        f"w/solutions/{OWN}": SOLUTION,
    }
    files = {
        "ada/w.zip": inner(workbook),
        "bob/x.ipynb": answered("bob"),
        "cy/two.zip": inner({"a.ipynb": answered("a"), "b.ipynb": answered("b")}),
        "dee/deep.zip": inner({"in.zip": inner({"x.ipynb": answered("dee")})}),
        "eve/bomb.zip": inner({"x.ipynb": b"0" * (sources.LARGEST + 1)}),
        "fay/up.zip": inner({"../../bob/x.ipynb": answered("fay")}),
        "gus/many.zip": inner(
            {f"{n}.txt": "" for n in range(sources.MOST_INNER)} | {"x.ipynb": answered("gus")}
        ),
    }
    home = tmp_path / "class"
    rows, _ = collected(packed(tmp_path / "in.zip", files), home)
    assert rows == {"ada 01": "ada", "ada 02": "two", "bob 01": "bob"}
    missing = Register.load(home).missing(FIRST, ["ada", "bob"])
    assert set(missing) == {"cy", "dee", "eve", "fay", "gus"}
    assert f"It holds 2 notebooks of {FIRST}" in missing["cy"]


def test_a_zip_of_one_learner_in_a_flat_folder(tmp_path: Path) -> None:
    files = {"ada.zip": inner({"bob.ipynb": answered("ada")}), "bob.ipynb": answered("bob")}
    rows, _ = collected(laid(tmp_path / "in", files), tmp_path / "class")
    assert who(rows) == {"ada": "ada", "bob": "bob"}


def test_blank_is_what_was_handed_out() -> None:
    for name, material in SETS.items():
        cells = {c["metadata"]["nbgrader"]["grade_id"]: "".join(c["source"]) for c in
                 json.loads(of_course("exercises", name))["cells"]
                 if c["metadata"].get("nbgrader", {}).get("solution")}  # fmt: skip
        assert material.is_blank({key: (text,) for key, text in cells.items()})
        assert set(cells) == material.ids


def test_every_set_knows_its_hand_out() -> None:
    for name in commands.known_sets():
        content = of_course("exercises", name).encode()
        one = find_set(name)
        material = commands.material_of(one)
        code = set(material.solved)
        read = parse(content, code, set(material.ids) - code)
        assert material.is_blank({**read.answers, **read.written}), name
        assert not material.is_lesson(content), name
        assert material.is_lesson(of_course("notebooks", name).encode()), name
