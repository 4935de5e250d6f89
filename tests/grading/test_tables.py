"""Tables: no cell is a formula, whatever separator a spreadsheet splits them at."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.delivery.grading import commands, gradebook, tables
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.converters import books

from .classes import handed_in, lay

SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
EVIL = [
    "=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\n=1", "\r=1", " =1", "\u00a0=1",
    "\ufeff=1", "\u200b=1", "\u202e=1", "x;=1", "x; =1", 'x;"=1"', 'x;""=1""', "x\t=1", "x,=1",
    "x\n=1", "x\r\n@y", '"=1', "'=1", '";=1', '\n"=1";', "x;\x00=1", "\ud800=1", "x|=1",
    "\uff1d1", "x;\uff0b1", "ada;\u2028=1", "x;'\"=1", '"x";"=1"',
]  # fmt: skip
pieces = st.sampled_from([*"=+-@;,\t\n\r|\"'` ax1", "\x00", "\u202e", "\ud800", "\u2028", "\ufeff"])
texts = st.lists(pieces, max_size=14).map("".join)


def readings(path: Path) -> list[list[list[str]]]:
    """The table as spreadsheets read it: at commas, semicolons or tabs, and at all of them."""
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    lines = text.split("\r\n")
    found = [list(csv.reader(lines, delimiter=one)) for one in ",;\t|"]
    bare = [re.split("[,;\t|]", line) for line in lines]  # a reader that knows no quotes
    return [*found, bare]


def check(path: Path, rows: list[list[str]]) -> None:
    tables.write(path, ["learner", "=head"], rows)
    for reading in readings(path):
        for row in reading:
            for one in row:
                bare = one.lstrip('" \u00a0')
                assert not bare.startswith(tuple(SIGNS)) or tables.NUMBER.fullmatch(one), one
    back = readings(path)[0]
    assert [len(row) for row in back if row] == [2, *(len(row) for row in rows)]


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    check(tmp_path / "t.csv", [[text, "x"], ["x", text], [text, text]])


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(texts, texts).map(list), min_size=1, max_size=3))
def test_no_text_at_all_is_a_formula(tmp_path_factory, rows) -> None:
    check(tmp_path_factory.mktemp("table") / "t.csv", rows)


def test_ordinary_cells_stay_as_they_are() -> None:
    for text in ("Ada Lovelace", "Jean-Luc d'Arc", "x = 1", "a; b", "李伟", "कर्ण", "", "a - b"):
        assert tables.cell(text) == text
    assert tables.cell(-1.5) == -1.5 and tables.cell(None) == "" and tables.cell("-1.5") == "-1.5"
    assert tables.cell("first\nsecond") == "first ⏎ second"
    assert tables.cell("Ada\u202eevol") == "Ada‹U+202E›evol"


def test_a_table_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    path.write_text('student_id,score\n"=1+1",-0.5\n"x;@y",3.0\n', encoding="utf-8")
    tables.write(path, *tables.read(path))
    assert path.read_text() == "student_id,score\n'=1+1,-0.5\nx;'@y,3.0\n"


def test_the_table_of_sums_holds_none_either(tmp_path: Path) -> None:
    lay(tmp_path, {"ada": handed_in()})
    commands.grade(tmp_path, None)
    classroom = Classroom(tmp_path)
    with books(classroom) as book:
        book.update_or_create_student("ada", last_name="=1+1", first_name="x;@y")
    with open(gradebook.export(classroom), newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["last_name"], row["first_name"]) == ("'=1+1", "x;'@y")
