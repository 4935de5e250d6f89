"""Marks into platforms' own tables: the right row or none, and every other byte as it was.

The tables are made as the platforms' documentation and code say (see docs/grading.md).
"""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils import CourseError
from course_utils.delivery.cli import course
from course_utils.delivery.grading import commands, exports
from course_utils.delivery.grading.matching import Person, learner, match, names_of, person
from course_utils.delivery.grading.origins import Origin
from course_utils.delivery.grading.table_file import TableError, read_table

from .classes import SET, handed_in
from .crashes import marked

PEOPLE = {"lovelaceada": 101, "weili": 102, "hoppergrace": 103}


@pytest.fixture(scope="module")
def class_(tmp_path_factory) -> Path:
    """A class whose submissions came in zips of Canvas; ada solved all, the others nothing."""
    folder = tmp_path_factory.mktemp("class")
    archive = folder / "submissions.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, number in PEOPLE.items():
            late = "_LATE" * (name == "weili")
            file.writestr(f"{name}{late}_{number}_{number + 50}_{SET}.ipynb", handed_in())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "mark_all", solved_by("lovelaceada"))
        patch.setattr(commands, "choose", lambda *given: "bubblewrap")
        commands.grade(archive, folder / "c")
    return folder / "c"


def solved_by(name: str):
    from dataclasses import replace

    def mark_all(entries, *arguments, **options):
        names = {"ada" if entry.learner == name else entry.learner: entry for entry in entries}
        for marks in marked([replace(entry, learner=one) for one, entry in names.items()]):
            yield replace(marks, learner=names[marks.learner].learner)

    return mark_all


CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Essay (7),"
    f"{SET} (4711),Current Score\r\n"
    ",,,,,Manual Posting,,(read only)\r\n"
    '    Points Possible,,,,,"10",6,(read only)\r\n'
    '"Lovelace, Ada",101,u1,ada,"A, ""B""",3.50,,\r\n'
    "Li Wei,102,u2,wei2,A,,EX,\r\n"
    '"Wei, Li",107,u7,wei,A,,4,\r\n'
    '"Student, Test",999,,,A,,,\r\n'
)


def export(file: Path, folder: Path, **options) -> str:
    (made,) = exports.export(file, folder, **options)
    return made.read_bytes().decode("utf-8", "surrogateescape")


def test_canvas(class_: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "gradebook.csv"
    file.write_bytes(CANVAS.encode())
    text = export(file, class_)
    assert text == CANVAS.replace(",3.50,,", ",3.50,6,")  # EX stays; nothing else moves
    said = capsys.readouterr().out
    assert "1 new in the column" in said and "Not in gradebook.csv: hoppergrace." in said
    assert "Rows of gradebook.csv without marks here, left as they are: 2." in said
    assert file.read_bytes() == CANVAS.encode()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_cell_changes(tmp_path: Path, separator: str, coding: str, end: str) -> None:
    rows = [
        ["Name", ' "a ""b""\n c"', "", "Mark"], ["J\u00f6rg", "x", "", '"1"'],
        ["", "", "", ""], [""], ["Zo\u00eb"],
    ]  # fmt: skip
    text = end.join(separator.join(row) for row in rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(coding))
    table = read_table(path)
    assert table.content() == path.read_bytes() and table.head[1].startswith('a "b"')
    table.put(1, 3, "2.5")
    assert table.content() == text.replace('"1"', '"2.5"').encode(coding)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 xlsx", "is no CSV: let the platform"),
        (b"", "is no table"),
        (b"a,b\0", "is no table"),
        (b'Name,Mark\n"open,1', "line 2 has a quote that nothing closes"),
        (b"\xff\xfea", "is damaged: download it again"),
        (b"x,y\n1,2\n", "names nobody in a column that is known"),
        (b"Name,Mark\nada,1\n", "has no column named for 01_"),
    ],
)
def test_what_is_no_table(class_: Path, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=said) as caught:
        exports.export(path, class_)
    assert "\n" not in str(caught.value)


def test_moodles_worksheet_and_gradebook(class_: Path, tmp_path: Path, capsys) -> None:
    file = tmp_path / "worksheet.csv"
    head = 'Identifier,"Full name",Status,Grade,"Maximum grade","Last modified (grade)"\n'
    rows = 'Participant 9,"Ada Lovelace","Submitted",,6.00,-\n'
    file.write_text(head + rows)
    assert export(file, class_) == head + rows.replace('Submitted",,', 'Submitted",6,')
    file = tmp_path / "grades.csv"
    items = f'"Assignment: {SET} (Real)","Assignment: {SET} (Feedback)"'
    head = f'"First name",Surname,"ID number","Email address",{items}\n'
    rows = "Ada,Lovelace,7,ada@x.org,{},\nGrace,Hopper,8,grace@x.org,{},\n"
    file.write_text(head + rows.format("-", "1.00"))
    assert export(file, class_) == head + rows.format("6", "0")


def test_brightspace_and_numbers_with_commas(class_: Path, tmp_path: Path) -> None:
    file = tmp_path / "bright.csv"
    item = "LSTM Points Grade <Numeric MaxPoints:7>"
    head = f"OrgDefinedId;Username;Quiz;{item};End-of-Line Indicator\n"
    file.write_text(f"{head}#1;lovelaceada;2,5;;#\n#2;weili;2,5;;#\n")
    with pytest.raises(CourseError, match=r"gives 7 points and 01_.* 6: make them the same"):
        exports.export(file, class_, columns=("01=LSTM",))
    text = export(file, class_, columns=("01=LSTM",), scale=True)
    assert text == f"{head}#1;lovelaceada;2,5;7;#\n#2;weili;2,5;0;#\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": ("01",)}, "--column 01: write it as SET=NAME"),
        ({"columns": ("07=x",)}, "There are no marks of '07' here; there are: 01_"),
        ({"names": ("99",)}, "There are no marks of '99' here"),
        ({"columns": ("01=Nope",)}, "has no column for Nope: name it with --column; there are:"),
        ({"columns": ("01=)",)}, "has several columns for "),
    ],
)
def test_wrong_words(class_: Path, tmp_path: Path, options: dict, said: str) -> None:
    file = tmp_path / "gradebook.csv"
    file.write_bytes(CANVAS.encode())
    with pytest.raises(CourseError, match=said):
        exports.export(file, class_, **options)
    with pytest.raises(CourseError, match="holds no marks yet"):
        exports.export(file, tmp_path, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [(["FILE", "--feedback"], "one at a time"), (["--scale"], "are about a FILE"),
     (["--column", "01=x"], "are about a FILE")],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(
    tmp_path: Path, options: list[str], said: str
) -> None:
    (tmp_path / "FILE").touch()
    given = [str(tmp_path / one) if one == "FILE" else one for one in options]
    done = CliRunner().invoke(course, ["export", *given, "--class", str(tmp_path)])
    assert done.exit_code == 2 and said in done.output


def test_nothing_is_written_over(class_: Path) -> None:
    exports.export(None, class_)
    before = (class_ / "export" / "canvas.csv").read_bytes()
    with pytest.raises(CourseError, match="would be written over: move it"):
        exports.export(class_ / "export" / "canvas.csv", class_)
    assert (class_ / "export" / "canvas.csv").read_bytes() == before


def test_tables_without_a_platforms(class_: Path, tmp_path: Path) -> None:
    made = {path.name: list(csv.reader(path.open())) for path in exports.export(None, class_)}
    assert made["canvas.csv"][:3] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", SET],
        ["Points Possible", "", "", "", "", "6"],
        ["hoppergrace", "103", "", "hoppergrace", "", "0"],
    ]
    assert made["brightspace.csv"][0][-1] == "End-of-Line Indicator"
    assert made["moodle.csv"][2] == ["lovelaceada", "6"]
    assert made["marks.csv"][2] == ["lovelaceada", "6", "0", "6"]


def test_pages_go_back_under_the_platforms_names(class_: Path) -> None:
    (made,) = exports.export(None, class_, pages=True)
    again = made.read_bytes()
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        assert archive.namelist() == [
            f"hoppergrace_103_153_{SET}.html",
            f"lovelaceada_101_151_{SET}.html",
            f"weili_LATE_102_152_{SET}.html",
        ]
        assert b"<html" in archive.read(archive.namelist()[0])
    exports.export(None, class_, pages=True)
    assert made.read_bytes() == again
    moodle = exports.way_back("x", SET, f"all/Ada L_12_assignsubmission_file/{SET}.ipynb")
    assert moodle == f"Ada L_12_assignsubmission_file/{SET}.html"
    flat = exports.way_back("x", SET, "Ada L_12_assignsubmission_file_x.ipynb")
    assert flat == f"Ada L_12_assignsubmission_file_{SET}.html"
    assert exports.way_back("ada", SET, "") == f"ada/{SET}.html"


def rows(*people: Person) -> dict[int, Person]:
    return dict(enumerate(people))


def named(full: str, number: str = "", ids: tuple = (), mails: tuple = ()) -> Person:
    return person(number, ids, mails, names_of(full))


def moodle(name: str, number: int) -> Person:
    place = f"{name}_{number}_assignsubmission_file/a.ipynb"
    return learner(name.replace(" ", "_"), Origin("z", place, "d"))


def test_numbers_tell_namesakes_apart() -> None:
    there = rows(named("Li Wei", "Participant 12"), named("Li Wei", "Participant 34"))
    found = match({"a": moodle("Li Wei", 34), "b": moodle("Li Wei", 12)}, there)
    assert found.rows == {"a": 1, "b": 0}


def test_a_number_of_another_assignment_misleads_nobody() -> None:
    there = rows(named("Bo Ek", "Participant 12"), named("Ada L", "Participant 34"))
    found = match({"ada": moodle("Ada L", 12), "bo": moodle("Bo Ek", 34)}, there)
    assert found.rows == {"ada": 1, "bo": 0}
    blind = match({"p": moodle("Participant", 12)}, rows(named("", "Participant 12")))
    assert blind.rows == {"p": 0}


def test_nobody_is_guessed() -> None:
    namesakes = rows(named("Li Wei", mails=("a@x",)), named("Wei, Li", mails=("b@x",)))
    found = match({"Li_Wei": learner("Li_Wei", None)}, namesakes)
    assert found.rows == {} and found.several == ["Li_Wei"]
    found = match({"li_wei": learner("li_wei", None), "Wei Li": learner("Wei Li", None)},
                  rows(named("Li Wei")))  # fmt: skip
    assert found.rows == {} and found.several == ["Wei Li", "li_wei"]
    found = match({"eve": learner("eve", None)}, namesakes)
    assert found.missing == ["eve"] and not found.several


def test_ids_mails_and_accents() -> None:
    there = rows(
        named("A B", ids=("s4711",)), named("C D", mails=("Cd@X.org",)), named("J\u00f6rg \u00c9k")
    )
    found = match({n: learner(n, None) for n in ("S4711", "cd", "jorg_ek")}, there)
    assert found.rows == {"S4711": 0, "cd": 1, "jorg_ek": 2}
    both = rows(named("x", mails=("cd@x.org",)), named("y", mails=("cd@y.org",)))
    assert match({"cd": learner("cd", None)}, both).several == ["cd"]
    assert match({"cd@y.org": learner("cd@y.org", None)}, both).rows == {"cd@y.org": 1}


def test_what_is_not_sure_is_left_out(class_: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    """Marks of which a human has still to give some, and people who could be several."""
    some = {
        "lovelaceada": exports.Sum(4, 0, 6, True),
        "weili": exports.Sum(5, 1.005, 6, False),
        "li_wei": exports.Sum(3, 0, 6, False),
    }
    monkeypatch.setattr(exports, "sums", lambda classroom: {SET: some})
    file = tmp_path / "gradebook.csv"
    file.write_text(CANVAS.replace("EX", "1"))
    assert export(file, class_) == CANVAS.replace("EX", "4")
    said = capsys.readouterr().out
    assert "Answers in words wait to be marked, so left out: lovelaceada." in said
    assert "Several in gradebook.csv could be these, so left out: li_wei." in said
    assert exports.Sum(1, 3, 6, False).final == 0


def test_formulas_in_our_own_tables_are_texts(tmp_path: Path) -> None:
    path = exports.table(commands.Classroom(tmp_path), "a.csv", [["=1+1", "6"]])
    assert path.read_bytes() == b"'=1+1,6\r\n"
