"""Names as platforms write them (docs/grading.md has the table), each with a made-up class."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import CourseError
from course_utils.delivery.cli.teaching import LAYOUTS as OFFERED
from course_utils.delivery.grading.claims import Export
from course_utils.delivery.grading.classroom import ClassroomError
from course_utils.delivery.grading.layouts import LAYOUTS, plausible, read_as
from course_utils.delivery.grading.whose import KINDS, Whose

from .exports import FIRST, SECOND, answered, collected, handed, laid, packed, who

BLACKBOARD = "_attempt_2026-11-25-10-00-0"
GRADESCOPE = """\
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '17'
    :email: ada@x.org
submission_2:
  :submitters:
  - :name: Bo
    :sid: '18'
  - :name: Cy
    :sid: '19'
"""
CLASSES = {  # the platform; whose the first of these files are, and others
    "moodle folders": (
        {"Ada Lovelace": "Ada Lovelace_12_assignsubmission_file_/x.ipynb",
         "Bo": "Bo_13_assignsubmission_file/a/b.ipynb"},
        ["Bo_13_assignsubmission_onlinetext/onlinetext.html",
         "Bo_13_assignsubmission_file/a/line\nbreak.txt"],
    ),
    "moodle files": (
        {"Ada Lovelace": "Ada Lovelace_12_assignsubmission_file_x.ipynb",
         "Bo": "Bo_13_assignsubmission_file_Ada Lovelace_12_assignsubmission_file_.ipynb"}, [],
    ),
    "moodle groups": (
        {"Group A": "Group A_7_assignsubmission_file_/x.ipynb",
         "Default group": "Default group_assignsubmission_file_/x.ipynb"}, [],
    ),
    "moodle groups before 4": (
        {"Group A-Ada": "Group A-Ada_7_assignsubmission_file_/x.ipynb",
         "Group B-Bo": "Group B-Bo_8_assignsubmission_file_/x.ipynb"}, [],
    ),
    "moodle blind": (
        {"Participant_7": "Participant_7_assignsubmission_file_/x.ipynb",
         "Participant_8": "Participant_8_assignsubmission_file_/x.ipynb"}, [],
    ),
    "canvas": (
        {"lovelaceada": "lovelaceada_12_345_x.ipynb", "byronbo": "byronbo_LATE_13_346_x-1.ipynb"},
        ["cyrilcy_14_text.html", "deedee_15_text.html", "eveeve_16_12_a\nb.pdf"],
    ),
    "canvas groups": (
        {"team_1": "team_1_LATE_123_456_x.ipynb", "team_2": "team_2_124_457_x.ipynb"}, [],
    ),
    "canvas anonymous": (
        {"anon_ab1Z": "anon_ab1Z_345_x.ipynb", "anon_cd2": "LATE_anon_cd2_346_x.ipynb"}, [],
    ),
    "blackboard": (
        {"ada_smith": f"HW_1_ada_smith{BLACKBOARD}0_x.ipynb",
         "bob_smith": f"HW_1_bob_smith{BLACKBOARD}1_x.ipynb"},
        [f"HW_1_bob_smith{BLACKBOARD}1.txt"],
    ),
    "brightspace": (
        {"Mary-Ann Smith": "397-255 - Mary-Ann Smith - Sep 24, 2026 926 PM/x.ipynb",
         "Jo Doe": "397-255 - Jo Doe - Sep 4, 2026 1026 AM/y.ipynb"},
        ["index.html"],
    ),
    "brightspace files": (
        {"Ada": "12-67 - Ada - Sep 24, 2026 926 PM - x - y.ipynb",
         "Bo": "13-67 - Bo - Sep 4, 2026 1026 AM - x.ipynb"}, [],
    ),
    "nbgrader": (
        {"ada": f"ada+{FIRST}+2026-11-25 10:00:00.1 UTC+r4nd/{FIRST}.ipynb",
         "bo": f"bo+{FIRST}+2026-11-25 10:00:00 UTC/{FIRST}.ipynb"}, [],
    ),
    "nbgrader submitted": (
        {"learner-01": f"submitted/learner-01/{FIRST}/{FIRST}.ipynb",
         "learner-02": f"submitted/learner-02/{FIRST}/{FIRST}.ipynb"}, [],
    ),
    "sakai": (
        {"Lovelace, Ada": "HW/Lovelace, Ada(al1)/Submission attachment(s)/x.ipynb",
         "Byron, Bo": "HW/Byron, Bo(bb2)/Submission attachment(s)/x.ipynb"},
        ["HW/grades.csv", "HW/Byron, Bo(bb2)/timestamp.txt"],
    ),
    "gradescope": (
        {"Ada Lovelace": "a_export/submission_1/x.ipynb",
         "Bo and Cy": "a_export/submission_2/x.ipynb"}, ["a_export/submission_metadata.yml"],
    ),
    "teams": (
        {"Ada Lovelace": "Submitted files/Ada Lovelace/HW/Version 1/x.ipynb",
         "Bo": "Submitted files/Bo/HW/Version 12/y.ipynb"}, [],
    ),
    "ilias": (
        {"Lovelace_Ada_al_12": "Lovelace_Ada_al_12/20261125_x.ipynb",
         "Byron_Bo_bb_13": "Byron_Bo_bb_13/y.ipynb"}, ["status.xlsx"],
    ),
    "google-classroom": (
        {"Ada Lovelace": "Ada Lovelace - Homework.ipynb", "Bo": "Bo - Homework.ipynb"}, [],
    ),
}  # fmt: skip


def row(name: str) -> str:
    return name.replace(", ", "_").replace(" ", "_")


@pytest.mark.parametrize("case", CLASSES)
def test_every_platform(tmp_path: Path, case: str) -> None:
    theirs, others = CLASSES[case]
    files = handed(*theirs.values()) | dict.fromkeys(others, GRADESCOPE)
    expected = {row(name): place for name, place in theirs.items()}
    layout = case.split(" ")[0]
    for named in [None] if case == "nbgrader submitted" else [None, layout]:
        home = tmp_path / str(named)
        assert who(collected(packed(tmp_path / "in.zip", files), home, named)[0]) == expected
    if "/" not in "".join(others) or case != "gradescope":
        folder = laid(tmp_path / "in", files)
        assert who(collected(folder, tmp_path / "again")[0]) == expected


def test_every_layout_is_offered_and_tried() -> None:
    assert list(OFFERED) == KINDS
    assert set(LAYOUTS) <= {case.split(" ")[0] for case in CLASSES}


@pytest.mark.parametrize(
    "places",
    [
        ["student_01/x.ipynb", "student_02/x.ipynb"],
        ["01_ada/x.ipynb", "02_bo/x.ipynb", "03_cy/x.ipynb"],
        ["team 01.ipynb", "team 02.ipynb"],
        ["ML_2026_01_ada.ipynb", "ML_2026_01_bob.ipynb", "ML_2026_01_cy.ipynb"],
        ["hw_12_3_ada.ipynb", "hw_12_3_bob.ipynb"],
        ["hw_12_3_ada.ipynb", "hw_12_4_bob.ipynb"],
        ["hw_1001_1_ada.ipynb", "hw_1002_2_bob.ipynb"],
        ["a_7_1_x.ipynb", "b_7_2_x.ipynb"],
        ["x_12_assignsubmission_file_1.ipynb", "y.ipynb"],
        ["ada (1).ipynb", "ada (2).ipynb", "ada.ipynb", "ada-Copy1.ipynb"],
        ["Ada B/x.ipynb", "Ada_B/x.ipynb", "Ada-B/x.ipynb", "ADA B/x.ipynb"],
        [f"{'x' * 90}{n}/x.ipynb" for n in range(3)],
        ["\u200fada/x.ipynb", "ada/x.ipynb", "a\u202eda/x.ipynb"],
        ["ada\n1/x.ipynb", 'ada"1/x.ipynb', "ada 1/x.ipynb"],
    ],
)  # fmt: skip
def test_nobody_is_joined_by_guesswork(tmp_path: Path, places: list[str]) -> None:
    rows, _ = collected(packed(tmp_path / "in.zip", handed(*places)), tmp_path / "class")
    assert sorted(rows.values()) == sorted(places)


def test_a_sets_number_is_taken_off_only_if_all_have_it(tmp_path: Path) -> None:
    rows, said = collected(
        packed(tmp_path / "a.zip", handed("ada_01.ipynb", "01 bo.ipynb")), tmp_path / "class"
    )
    assert set(who(rows)) == {"ada", "bo"}
    assert any("is taken for the set's number" in line for line in said)
    rows, _ = collected(packed(tmp_path / "b.zip", handed("ada_01.ipynb")), tmp_path / "other")
    assert set(who(rows)) == {"ada_01"}
    rows, _ = collected(packed(tmp_path / "b.zip", handed("ada_01.ipynb")), tmp_path / "class")
    assert set(who(rows)) == {"ada", "bo"}  # whom the class knows


def test_a_pattern_that_does_not_fit_all_is_not_used(tmp_path: Path) -> None:
    fits = ["Ada_1_assignsubmission_file_x.ipynb", "Bo_2_assignsubmission_file_x.ipynb"]
    files = packed(tmp_path / "in.zip", handed(*fits, "cy.ipynb"))
    rows, said = collected(files, tmp_path / "class")
    assert len(rows) == 3 and "Ada_1_assignsubmission_file_x" in who(rows)
    assert any("2 of 3 files could be named by Moodle" in line for line in said)
    rows, said = collected(files, tmp_path / "other", "moodle")
    assert set(who(rows)) == {"Ada", "Bo"}
    assert "cy.ipynb is not named as this layout names files: left out." in said
    with pytest.raises(CourseError, match="No file is named as Canvas names files"):
        collected(files, tmp_path / "third", "canvas")
    with pytest.raises(CourseError, match="There is no layout 'x'; there are: moodle, canvas"):
        collected(files, tmp_path / "third", "x")


def test_canvas_writes_names_in_small_letters(tmp_path: Path) -> None:
    files = packed(tmp_path / "in.zip", handed("adaHW_12_345_x.ipynb", "boHW_13_346_x.ipynb"))
    assert set(who(collected(files, tmp_path / "c")[0])) == {"adaHW_12_345_x", "boHW_13_346_x"}


def test_a_list_beside_an_export_does_not_hide_it(tmp_path: Path) -> None:
    """Such as the roster, and what the class itself has, in the folder where it was unpacked."""
    files = handed("Ada_1_assignsubmission_file_/x.ipynb", "Bo_2_assignsubmission_file_/x.ipynb")
    home = laid(tmp_path / "class", files | {"learners.csv": "Ada\n", "Notes.md": "x"})
    laid(
        home,
        {"nbgrader_config.py": "", "people.json": '{"rows": {}, "expected": [], "instead": {}}'},
    )
    assert set(who(collected(home, home)[0])) == {"Ada", "Bo"}


def test_folders_and_flat_as_the_teacher_says(tmp_path: Path) -> None:
    files = packed(tmp_path / "in.zip", handed("eve/bob.ipynb", "eve/cy.ipynb"))
    rows, said = collected(files, tmp_path / "auto")
    assert set(who(rows)) == {"bob", "cy"}
    assert any("All lie in eve: the files in it are taken for one of each" in line for line in said)
    assert set(who(collected(files, tmp_path / "folders", "folders")[0])) == {"eve"}
    assert set(who(collected(files, tmp_path / "known", None, "eve\nbob\ncy\n")[0])) == {"eve"}
    deep = packed(tmp_path / "deep.zip", handed("eve/bob.ipynb", "cy/dee.ipynb"))
    assert set(who(collected(deep, tmp_path / "a")[0])) == {"eve", "cy"}
    assert set(who(collected(deep, tmp_path / "b", "flat")[0])) == {"bob", "dee"}


def test_a_folder_around_files_that_name_nobody(tmp_path: Path) -> None:
    files = handed(f"ada/{FIRST}.ipynb") | {"ada/02.ipynb": answered("2", SECOND)}
    rows, _ = collected(packed(tmp_path / "in.zip", files), tmp_path / "class")
    assert set(rows) == {"ada 01", "ada 02"}


def test_groups_of_learners_whom_the_class_knows(tmp_path: Path) -> None:
    """Folders around learners: only if everybody inside is known, and nobody outside."""
    places = ["monday/ada/x.ipynb", "monday/bo/x.ipynb", "tuesday/cy.ipynb"]
    files = packed(tmp_path / "in.zip", handed(*places))
    rows, said = collected(files, tmp_path / "unknown")
    assert set(who(rows)) == {"monday", "tuesday"}
    assert "If monday is a group of learners, mark its folders one by one." in said
    rows, said = collected(files, tmp_path / "known", None, "ada\nbo\ncy\n")
    assert set(who(rows)) == {"ada", "bo", "cy"}
    assert any("monday is taken for a group of learners" in line for line in said)
    assert len(collected(files, tmp_path / "x", "folders", "ada\nbo\ncy\n")[0]) == 2
    eve = packed(tmp_path / "eve.zip", handed("eve-hw/bo/x.ipynb", "ada/x.ipynb", "cy/y.ipynb"))
    rows, _ = collected(eve, tmp_path / "eve", None, "ada\nbo\ncy\n")
    assert set(who(rows)) == {"ada", "cy", "eve-hw"}
    for places in (
        ["eve-hw/bo/x.ipynb"],
        ["eve-hw/bo/x.ipynb", "cy-hw/cy/x.ipynb"],
        ["eve-hw/bo/x.ipynb", "gus/ada/x.ipynb", "gus/cy/x.ipynb", "hal/a/x.ipynb"],
    ):
        alone = packed(tmp_path / "alone.zip", handed(*places))
        rows, _ = collected(alone, tmp_path / str(len(places)), None, "ada\nbo\ncy\n")
        assert set(who(rows)) == {place.split("/")[0] for place in places}


def test_a_single_learners_folder_is_no_export(tmp_path: Path) -> None:
    """What is inside of it she has named herself."""
    for place in ("eve/Bob_7_assignsubmission_file_x.ipynb", "eve/bob_7_8_x.ipynb",
                  f"eve/HW_bob{BLACKBOARD}0_x.ipynb", "eve/Bob/HW/Version 1/x.ipynb"):  # fmt: skip
        home = tmp_path / str(abs(hash(place)))
        rows, said = collected(packed(tmp_path / "in.zip", handed(place)), home)
        assert set(who(rows)) == {"eve"}
        assert any("1 of 1 files could be named by" in line for line in said)


def test_a_known_learners_folder_around_everything(tmp_path: Path) -> None:
    files = packed(tmp_path / "in.zip", handed("eve/bo/x.ipynb", "eve/cy/x.ipynb"))
    rows, said = collected(files, tmp_path / "unknown")
    assert set(who(rows)) == {"bo", "cy"}
    assert any(
        "All lie in eve: the folders in it are taken for one of each" in line for line in said
    )
    rows, _ = collected(files, tmp_path / "known", None, "eve\nbo\ncy\n")
    assert set(who(rows)) == {"eve"}


def test_a_folder_and_a_file_of_one_name(tmp_path: Path) -> None:
    """Whoever names a file cannot put it into the place of what the teacher has named."""
    files = handed("Bob/x.ipynb", "Bob.ipynb", "Cy/x.ipynb")
    rows, said = collected(packed(tmp_path / "in.zip", files), tmp_path / "class")
    assert who(rows) == {"Bob": "Bob/x.ipynb", "Cy": "Cy/x.ipynb"}
    assert any("Are they one person?" in line for line in said)


def test_the_newest_attempt_counts(tmp_path: Path) -> None:
    brightspace = ("Sep 9, 2026 1100 PM", "Sep 10, 2026 1201 AM", "Sep 11, 2026 100 PM")
    for layout, places in {
        "canvas": ["ada_1_90_x.ipynb", "ada_1_100_x-1.ipynb", "bo_2_8_x.ipynb"],
        "brightspace": [f"{n}-2 - {name} - {when} - x.ipynb" for n, name, when in
                        zip("112", ("ada", "ada", "bo"), brightspace)],
        "teams": [f"{place}/x.ipynb" for place in
                  ("ada/HW/Version 9", "ada/HW/Version 10", "bo/HW/Version 1")],
        "blackboard": [f"h_{name}_attempt_2026-11-{day}-10-00-00_x.ipynb"
                       for name, day in (("ada", 24), ("ada", 25), ("bo", 25))],
    }.items():  # fmt: skip
        files = packed(tmp_path / "in.zip", handed(*places))
        rows, said = collected(files, tmp_path / layout)
        assert who(rows)["ada"] == places[1], layout
        assert any(line.startswith("ada handed in") for line in said)


def test_blackboards_own_text_says_who_it_is(tmp_path: Path) -> None:
    stamp = f"{BLACKBOARD}0"
    files = handed(f"H_1_ada_b{stamp}_x.ipynb") | {
        f"H_1_ada_b{stamp}.txt": "Name: Ada (B) (ada_b)\nAssignment: H_1\n(eve)\n"
    }
    assert set(who(collected(packed(tmp_path / "a.zip", files), tmp_path / "one")[0])) == {"ada_b"}
    files[f"H_1_ada_b{stamp}.txt"] = "Name: (eve)\n"  # which is not what the file's name says
    assert "eve" not in who(collected(packed(tmp_path / "b.zip", files), tmp_path / "two")[0])


def test_a_damaged_gradescope_export(tmp_path: Path) -> None:
    files = handed("e/submission_1/x.ipynb", "e/submission_2/x.ipynb")
    for text in ("[", "", "- 1", "submission_1: 3", "&a [*a]", "submission_1: {':submitters': 1}"):
        path = packed(tmp_path / "in.zip", files | {"e/submission_metadata.yml": text})
        rows, _ = collected(path, tmp_path / str(abs(hash(text))))
        assert set(who(rows)) == {"submission_1", "submission_2"}


# What a learner may call a file: others' names, platforms' patterns, attempts, sets.
PIECES = ["bob", "Bob", "_", " - ", "-", "7", "12", "346", "LATE", "assignsubmission_file_",
          "attempt_2026-11-26-10-00-00", "+", "2026-11-26 10:00:00 UTC", FIRST, "01", "(bob)",
          "Version 9", "submission_2", "anon_bob", "x", ".new", "-1", " (1)",
          "Sep 30, 2026 1159 PM", "Submission attachment(s)", "Byron, Bo(bb2)", "397-255", "\u202e",
          "é", "Participant"]  # fmt: skip
BEFORE = {  # what platforms put before a file's name, of Bob and of Eve
    "moodle": ("Bob_7_assignsubmission_file_", "Eve_9_assignsubmission_file_"),
    "moodle folders": ("Bob_7_assignsubmission_file_/", "Eve_9_assignsubmission_file_/"),
    "canvas": ("bob_7_345_", "eve_9_347_"),
    "canvas late": ("bob_LATE_7_345_", "eve_LATE_9_347_"),
    "canvas anonymous": ("anon_bob_345_", "anon_eve_347_"),
    "blackboard": (f"HW_bob{BLACKBOARD}0_", f"HW_eve{BLACKBOARD}1_"),
    "brightspace": ("397-2 - Bob - Sep 24, 2026 926 PM - ", "398-2 - Eve - Sep 4, 2026 926 PM - "),
    "nbgrader": (f"bob+{FIRST}+2026-11-25 10:00:00 UTC/", f"eve+{FIRST}+2026-11-25 10:00:00 UTC/"),
    "sakai": ("Byron, Bo(bb2)/Submission attachment(s)/", "Eve, E(e)/Submission attachment(s)/"),
    "gradescope": ("submission_2/", "submission_3/"),
    "teams": ("Bob/HW/Version 1/", "Eve/HW/Version 1/"),
    "ilias": ("B_Bob_bob_7/", "E_Eve_eve_9/"),
    "folders": ("bob/", "eve/"),
}  # fmt: skip


def claims_on(places: list[str], layout: str | None) -> list[tuple[str, str] | None]:
    export = Export([place.split("/") for place in places], (FIRST,))
    found = Whose(export, [True] * len(places), layout).claims([FIRST] * len(places))
    return [one and (one.who.casefold(), one.number) for one in found]


@pytest.mark.parametrize("case", BEFORE)
@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from([*PIECES, "/"]), min_size=1, max_size=7))
def test_a_learners_name_for_a_file_is_nobody_elses(case: str, pieces: list[str]) -> None:
    """With every layout, told or found, Eve's file is at no place where Bob's is."""
    bob, eve = BEFORE[case]
    name = "/".join(filter(None, "".join(pieces).split("/"))) or "x"
    if not bob.endswith("/"):
        name = name.replace("/", "_")
    places = [f"{bob}x.ipynb", f"{eve}{name}.ipynb", f"{eve.replace('347', '348')}y.ipynb"]
    for layout in (None, case.split(" ")[0]):
        whose = claims_on(places, layout)
        assert whose[1] is None or whose[1] != whose[0], (layout, places)
        assert whose[0] is None or whose[0] == claims_on(places[:1] + places[2:], layout)[0]


def test_plausible_needs_one_name_for_each_number() -> None:
    export = Export([["Ada_1_assignsubmission_file_x"], ["Bo_1_assignsubmission_file_x"]])
    claims, fit, level = read_as(LAYOUTS["moodle"], export)
    assert fit == 2 and not plausible(LAYOUTS["moodle"], claims, export, level)


def test_nothing_that_fits(tmp_path: Path) -> None:
    with pytest.raises(ClassroomError, match=r"There is no notebook in .*, but ada/a.pdf: ask for"):
        collected(packed(tmp_path / "in.zip", {"ada/a.pdf": "x"}), tmp_path / "class")
