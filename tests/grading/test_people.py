"""Who is who over sets and downloads, with a roster and without."""

import json
from pathlib import Path

import pytest

from course_utils import CourseError
from course_utils.delivery.grading import commands
from course_utils.delivery.grading.claims import Claim
from course_utils.delivery.grading.register import FILE, Register
from course_utils.delivery.grading.roster import read_roster

from .exports import FIRST, SECOND, answered, collected, handed, laid, packed, who

MOODLE = "{}_{}_assignsubmission_file_/x.ipynb"
CANVAS_LIST = """\
Student,ID,SIS Login ID,Section
"Lovelace, Ada",12,alove,A
"Li, Wei",34,liw1,A
"Li, Wei",56,liw2,A
"Byron, Bo",78,bo,B
"""
WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status
Participant 12,Ada Lovelace,a1,ada@x.org,Submitted
Participant 13,Li Wei,l1,li1@x.org,Submitted
Participant 14,Li Wei,l2,li2@x.org,No submission
"""


def download(folder: Path, places: list[str], home: Path, name: str = FIRST, roster=None):
    folder.mkdir(parents=True, exist_ok=True)
    return collected(packed(folder / "in.zip", handed(*places, name=name)), home, None, roster)


def moodle(*people: tuple[str, int]) -> list[str]:
    return [MOODLE.format(*one) for one in people]


def test_moodle_a_namesake_comes_later(tmp_path: Path) -> None:
    """Who was there first keeps the row; in the next set, nobody can say who is who."""
    home = tmp_path / "class"
    ada, first, second = ("Ada", 5), ("Li Wei", 12), ("Li Wei", 34)
    assert set(who(download(tmp_path, moodle(ada, first), home)[0])) == {"Ada", "Li_Wei"}
    rows, said = download(tmp_path, moodle(ada, first, second), home)
    assert rows["Li_Wei 01"] == MOODLE.format("Li Wei", 12)
    assert rows["Li_Wei_34 01"] == MOODLE.format("Li Wei", 34)
    assert any(line.startswith("2 learners are called Li Wei") for line in said)
    rows, said = download(tmp_path, moodle(("Ada", 70), ("Li Wei", 71)), home, SECOND)
    assert rows["Li_Wei_71 02"] and "Li_Wei 02" not in rows and rows["Ada 02"]
    assert any("Li_Wei_71 is not added to Li_Wei, Li_Wei_34" in line for line in said)
    same = "Taken for learners of the same name in other sets: Ada. Moodle's numbers are of one"
    assert any(line.startswith(same) for line in said)
    again, _ = download(tmp_path, moodle(("Li Wei", 71), ("Ada", 70)), home, SECOND)
    assert again == rows


def test_moodle_both_from_the_start(tmp_path: Path) -> None:
    rows, said = download(tmp_path, moodle(("Li Wei", 12), ("Li Wei", 34)), tmp_path / "class")
    assert set(who(rows)) == {"Li_Wei_12", "Li_Wei_34"}
    assert "--roster with its grading worksheet" in " ".join(said)


def test_moodle_blind_numbers_are_no_people(tmp_path: Path) -> None:
    home = tmp_path / "class"
    download(tmp_path, moodle(("Participant", 4001), ("Participant", 4002)), home)
    rows, said = download(tmp_path, moodle(("Participant", 4003)), home, SECOND)
    expected = {"Participant_4001 01", "Participant_4002 01", "Participant_4003 02"}
    assert set(rows) == expected and any("does not tell names here" in line for line in said)
    rows, _ = download(tmp_path, moodle(("Participant", 4001)), home, SECOND)
    assert "Participant_4001 02" not in rows and len(rows) == 4  # another one of that number


def test_moodle_blind_one_in_each_set(tmp_path: Path) -> None:
    home = tmp_path / "class"
    download(tmp_path, moodle(("Participant", 4001)), home)
    rows, _ = download(tmp_path, moodle(("Participant", 4002)), home, SECOND)
    assert set(rows) == {"Participant_4001 01", "Participant_4002 02"}


def test_canvas_numbers_hold_over_sets(tmp_path: Path) -> None:
    home = tmp_path / "class"
    download(tmp_path, ["liwei_12_1_x.ipynb", "ada_5_2_x.ipynb"], home)
    rows, said = download(tmp_path, ["liwei_34_3_x.ipynb", "lovelace_5_4_x.ipynb"], home, SECOND)
    assert set(rows) == {"liwei 01", "ada 01", "liwei_34 02", "ada 02"}
    assert any("2 learners are called liwei" in line for line in said)


def test_brightspaces_number_may_be_the_assignments(tmp_path: Path) -> None:
    """It counts only where it tells people apart."""
    home, stamp = tmp_path / "class", "Sep 24, 2026 926 PM - x.ipynb"
    download(tmp_path, [f"397-1 - Ada - {stamp}"], home)
    rows, _ = download(tmp_path, [f"398-2 - Ada - {stamp}"], home, SECOND)
    assert set(rows) == {"Ada 01", "Ada 02"}
    two = [f"{n}-3 - {name} - {stamp}" for n, name in ((7, "Li Wei"), (8, "Li Wei"), (9, "Bo"))]
    rows, _ = download(tmp_path, two, tmp_path / "other")
    assert set(who(rows)) == {"Li_Wei_7", "Li_Wei_8", "Bo"}


def test_a_name_that_looks_like_a_namesakes_row(tmp_path: Path) -> None:
    home = tmp_path / "class"
    download(tmp_path, ["liwei_12_1_x.ipynb", "liwei_34_2_x.ipynb", "ada_5_3_x.ipynb"], home)
    late = ["liwei_34_99_345_x.ipynb", "ada_5_6_x.ipynb"]  # of one who is called liwei_34
    rows, said = download(tmp_path, late, home, SECOND)
    assert set(rows) == {"liwei_12 01", "liwei_34 01", "ada 01", "ada 02"} | {
        row for row in rows if row.startswith("liwei_34_") and len(row) == len("liwei_34_abcdef 02")
    }
    assert len(rows) == 5 and any("can be read in two ways" in line for line in said)


def test_names_that_differ_in_signs_keep_their_rows(tmp_path: Path) -> None:
    home = tmp_path / "class"
    rows, said = download(tmp_path, ["Ada B/x.ipynb", "Ada_B/x.ipynb"], home)
    other = next(row for row in who(rows) if row != "Ada_B")
    assert any("as far as their names tell" in line for line in said)
    rows, _ = download(tmp_path, ["Ada_B/y.ipynb", "Ada B/y.ipynb"], home, SECOND)
    assert rows["Ada_B 02"] == "Ada B/y.ipynb" and rows[f"{other} 02"] == "Ada_B/y.ipynb"


def test_the_class_given_back_to_itself(tmp_path: Path) -> None:
    home = tmp_path / "class"
    before, _ = download(tmp_path, moodle(("Li Wei", 12), ("Li Wei", 34), ("Ada Ö", 5)), home)
    places = [f"submitted/{row}/{SECOND}/{SECOND}.ipynb" for row in who(before)]
    rows, _ = download(tmp_path, places, home, SECOND)
    assert {row for row in rows if row.endswith("02")} == {f"{row} 02" for row in who(before)}


def test_a_class_without_a_register(tmp_path: Path) -> None:
    """One that nbgrader filled, or that is older than the register."""
    home = laid(tmp_path / "class", {f"submitted/Li_Wei/{SECOND}/{SECOND}.ipynb": answered("x")})
    rows, _ = download(tmp_path, moodle(("Li Wei", 12), ("Ada", 5)), home)
    assert set(rows) == {"Li_Wei 02", "Li_Wei 01", "Ada 01"}


def test_a_damaged_register(tmp_path: Path) -> None:
    for text in ("", "[]", '{"rows": 3}', "\xff"):
        (tmp_path / FILE).write_text(text, encoding="latin-1")
        with pytest.raises(CourseError, match="is damaged: restore it from a copy"):
            Register.load(tmp_path)


# The roster


def test_a_roster_with_numbers(tmp_path: Path) -> None:
    places = ["lovelaceada_12_345_x.ipynb", "liwei_34_346_x.ipynb", "liwei_LATE_56_347_x.ipynb",
              "stranger_99_348_x.ipynb"]  # fmt: skip
    rows, said = download(tmp_path, places, tmp_path / "class", roster=CANVAS_LIST)
    assert who(rows) == dict(zip(["Lovelace_Ada", "Li_Wei_34", "Li_Wei_56", "stranger"], places))
    assert "stranger is not in the roster." in said
    missing = Register.load(tmp_path / "class").missing(FIRST, list(who(rows)))
    assert missing == {"Byron_Bo": f"Nothing of {FIRST} was handed in."}


def test_moodles_grading_worksheet_is_a_roster(tmp_path: Path) -> None:
    people = [("Ada Lovelace", 12), ("Li Wei", 14)]
    rows, _ = download(tmp_path, moodle(*people), tmp_path / "class", roster=WORKSHEET)
    assert set(who(rows)) == {"Ada_Lovelace", "Li_Wei_l2"}
    grouped = [("Group A-Ada Lovelace", 99), ("Group A-Bo", 98)]
    rows, _ = download(tmp_path, moodle(*grouped), tmp_path / "other", roster=WORKSHEET)
    assert set(who(rows)) == {"Ada_Lovelace", "Group_A-Bo"}


def test_a_roster_finds_names_in_any_order(tmp_path: Path) -> None:
    for place in ("Ada Lovelace.ipynb", "lovelace_ada.ipynb", "alove.ipynb", "LovelaceAda.ipynb"):
        home = tmp_path / place
        rows, _ = download(tmp_path, [place, "bo.ipynb"], home, roster=CANVAS_LIST)
        assert set(who(rows)) == {"Lovelace_Ada", "Byron_Bo"}


def test_a_roster_joins_nobody_on_a_guess(tmp_path: Path) -> None:
    places = ["Li Wei/x.ipynb", "bo/x.ipynb", "Bo Byron/y.ipynb"]
    rows, said = download(tmp_path, places, tmp_path / "class", roster=CANVAS_LIST)
    assert set(who(rows)) == {"Li_Wei", "Byron_Bo"}
    line = "Byron_Bo of the roster is named as Bo Byron and as bo: taken for one person."
    assert {line, line.replace("Bo Byron and as bo", "bo and as Bo Byron")} & set(said)
    assert any("Byron_Bo handed in" in line for line in said)
    assert any("Li Wei may be Li_Wei_34 or Li_Wei_56 of the roster" in line for line in said)
    twice = moodle(("Ada Lovelace", 1), ("Lovelace Ada", 2))
    rows, said = download(tmp_path, twice, tmp_path / "other", roster="Ada Lovelace\nBo\n")
    assert len(rows) == 2 and "kept apart" in " ".join(said)
    assert "Ada_Lovelace" not in who(rows)


def test_a_name_without_its_number_is_not_believed(tmp_path: Path) -> None:
    """On a platform, learners may choose the name that is shown."""
    places = ["byronbo_78_1_x.ipynb", "lovelaceada_99_2_x.ipynb"]
    rows, said = download(tmp_path, places, tmp_path / "class", roster=CANVAS_LIST)
    assert set(who(rows)) == {"Byron_Bo", "lovelaceada"}
    assert "lovelaceada is not in the roster." in said


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Ada Lovelace\nBo\n", ["Ada_Lovelace", "Bo"]),
        ("\ufefflearner;mail\nAda;a@x\n;\nBo;b@x\n", ["Ada", "Bo"]),
        ("id\tname\n1\tAda\n2\tBo\n", ["Ada", "Bo"]),
        ("First name,Surname,Mail\nAda,Lovelace,a@x\nAda,Bo,b@x\n", ["Ada_Lovelace", "Ada_Bo"]),
        ('"Lovelace, ""Ada"""\nBo\n', ["Lovelace_Ada", "Bo"]),
        ("Name,ID\nLi Wei,7\nLi Wei,8\n", ["Li_Wei_7", "Li_Wei_8"]),
        ("王芳\n李娜\n", ["王芳", "李娜"]),
    ],
)  # fmt: skip
def test_forms_of_rosters(tmp_path: Path, text: str, rows: list[str]) -> None:
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    assert read_roster(tmp_path / "r.csv").rows == rows


def test_a_number_in_the_roster_outranks_a_name(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(CANVAS_LIST)
    found, how = read_roster(tmp_path / "r.csv").find(
        Claim("byronbo", "Canvas", "12", "platform", ids=("12",))
    )
    assert [person.row for person in found] == ["Lovelace_Ada"] and how == "number"


# Who handed in nothing that can be marked


def test_who_handed_in_something_else_is_a_row_by_name(tmp_path: Path) -> None:
    files = handed("ada/x.ipynb", "bob/x.ipynb.json", "cy/x.ipynb.txt") | {
        "dee/report.pdf": b"%PDF", "eve/x.ipynb": b"", "fay/work.py": b"x = 1",
        "gus/x.zip": b"PK", "hal/x.docx": b"PK", "ivy/page.html": b"<html>",
    }  # fmt: skip
    home = tmp_path / "class"
    rows, said = collected(packed(tmp_path / "in.zip", files), home)
    assert set(who(rows)) == {"ada", "bob", "cy"}
    assert "bob/x.ipynb.json is a notebook by its content." in said
    missing = Register.load(home).missing(FIRST, ["ada", "bob", "cy"])
    assert set(missing) == {"dee", "eve", "fay", "gus", "hal", "ivy"}
    assert "but report.pdf. That is a printout: ask for the notebook" in missing["dee"]
    assert "The file is empty" in missing["eve"] and "code without its notebook" in missing["fay"]
    later = packed(tmp_path / "later.zip", handed("dee/x.ipynb", "ada/x.ipynb"))
    collected(later, home)
    assert "dee" not in Register.load(home).missing(FIRST, [])


def test_the_table_has_everybody(tmp_path: Path) -> None:
    """Marked for real: rows by name for those who handed in nothing, or a printout."""
    roster = tmp_path / "learners.csv"
    roster.write_text("ada\nbob\ncy\n")
    files = handed("ada/x.ipynb") | {"bob/report.pdf": b"%PDF"}
    home = tmp_path / "class"
    marks = commands.grade(packed(tmp_path / "in.zip", files), home, roster=roster)
    told = {one.learner: one.failure for one in marks}
    assert set(told) == {"ada", "bob", "cy"} and told["ada"] == ""
    assert "report.pdf" in told["bob"] and told["cy"] == f"Nothing of {FIRST} was handed in."
    assert {"bob", "cy"} <= {line.split(",")[0] for line in csv_lines(home)}
    assert json.loads((home / FILE).read_text())["expected"] == ["ada", "bob", "cy"]


def csv_lines(home: Path) -> list[str]:
    return (home / "marks" / f"{FIRST}.csv").read_text().splitlines()
