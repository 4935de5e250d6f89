"""What was handed in, in every form in which it comes, becomes submitted/LEARNER/SET/SET.ipynb."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from course_utils.delivery.grading import batch, commands, gather, sources
from course_utils.delivery.grading.classroom import Classroom, ClassroomError
from course_utils.delivery.grading.material import material_of
from course_utils.delivery.grading.names import as_name, printable
from course_utils.delivery.grading.sets import find_set

from .classes import SET, digests, handed_in

OTHER = "02_backpropagation_through_time"
SETS = {name: material_of(find_set(name)) for name in (SET, OTHER)}


def gathered(source: Path, home: Path, update: bool = False) -> tuple[list[str], list[str]]:
    """The learners of SET in the class, and what was said."""
    said = gather.gather(source, Classroom(home), SETS, update)
    return sorted(p.parent.parent.name for p in home.glob(f"submitted/*/{SET}/{SET}.ipynb")), said


def write(folder: Path, *places: str, content: str | None = None) -> Path:
    for place in places:
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(handed_in() if content is None else content)
    return folder


def zipped(path: Path, *places: str, content: bytes | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in places:
            archive.writestr(place, handed_in() if content is None else content)
    return path


@pytest.mark.parametrize(
    ("places", "learners"),
    [
        (["ada.ipynb", "bob.ipynb"], ["ada", "bob"]),
        (["ada_01.ipynb", "01-bob.ipynb", "01 cy.ipynb"], ["ada", "bob", "cy"]),
        ([f"{SET}_ada.ipynb", f"bob-{SET}.ipynb", f"{SET} (cy).ipynb"], ["ada", "bob", "cy"]),
        (["ada/answers.ipynb", f"bob/{SET}.ipynb"], ["ada", "bob"]),
        ([f"ada/{SET}/{SET}.ipynb", f"bob/{SET}/{SET}.ipynb"], ["ada", "bob"]),
        ([f"autumn/ada/{SET}.ipynb", f"autumn/bob/{SET}.ipynb"], ["ada", "bob"]),
        (["autumn/ada_01.ipynb", "autumn/bob_01.ipynb"], ["ada", "bob"]),
        ([f"ada/exercises/{SET}-Copy1.ipynb", "bob/exercises/x.ipynb"], ["ada", "bob"]),
        (
            [f"Ada Lovelace_1234_assignsubmission_file_/{SET}.ipynb",
             "Bob_77_assignsubmission_file_x.ipynb"],
            ["Ada_Lovelace", "Bob"],
        ),
        ([f"lovelaceada_LATE_12_345_{SET}.ipynb", "bobby_9_8_x-1.ipynb"], ["bobby", "lovelaceada"]),
        ([f"ada+{SET}+2026-11-25 10:00:00.1 UTC+secret-/{SET}.ipynb"], ["ada"]),
        ([f"{SET}_ada_attempt_2026-11-25-10-00-00_x.ipynb"], ["ada"]),
    ],
)  # fmt: skip
def test_folders_and_zips(tmp_path: Path, places: list[str], learners: list[str]) -> None:
    assert gathered(write(tmp_path / "in", *places), tmp_path / "one")[0] == learners
    assert gathered(zipped(tmp_path / "in.zip", *places), tmp_path / "two")[0] == learners
    assert digests(tmp_path / "one" / "submitted") == digests(tmp_path / "two" / "submitted")


@pytest.mark.parametrize(
    ("places", "learners"),
    [
        (  # a folder of hers that is named as the platform names Bob's
            ["Eve_9_assignsubmission_file_/Bob_7_assignsubmission_file_/x.ipynb",
             "Bob_7_assignsubmission_file_/x.ipynb"],
            ["Bob", "Eve"],
        ),
        (["eve/Bob_7_assignsubmission_file_x.ipynb", "Bob/x.ipynb"], ["Bob", "eve"]),
        (["eve/bob_7_8_x.ipynb", "bob/x.ipynb", "ada/x.ipynb"], ["ada", "bob", "eve"]),
        (["eve/y_bob_attempt_2026-11-25.ipynb", "bob/x.ipynb"], ["bob", "eve"]),
        (  # honest: the exports of several groups, unpacked side by side
            ["a/Ada_1_assignsubmission_file_x.ipynb", "b/Bob_7_assignsubmission_file_x.ipynb"],
            ["Ada", "Bob"],
        ),
    ],
)  # fmt: skip
def test_nobody_hands_in_under_anothers_name(
    tmp_path: Path, places: list[str], learners: list[str]
) -> None:
    assert gathered(zipped(tmp_path / "in.zip", *places), tmp_path / "class")[0] == learners


def test_two_learners_of_one_name(tmp_path: Path) -> None:
    """On Moodle and Canvas two people may have the same name; their numbers differ."""
    places = [f"Li Wei_{n}_assignsubmission_file_/x.ipynb" for n in (12, 34)]
    path = zipped(tmp_path / "in.zip", *places, "Ada_5_assignsubmission_file_/x.ipynb")
    learners, said = gathered(path, tmp_path / "class")
    assert learners == ["Ada", "Li_Wei_12", "Li_Wei_34"]
    assert any(line.startswith("2 learners are called Li Wei: Moodle's numbers") for line in said)
    twice = zipped(tmp_path / "twice.zip", *(f"ada_LATE_1_{n}_x.ipynb" for n in (2, 3)))
    assert gathered(twice, tmp_path / "other")[0] == ["ada"]  # one learner, two files


def test_names_too_long_for_a_disk(tmp_path: Path) -> None:
    """80 letters of four bytes each would be no name of a folder, and stop everything."""
    path = zipped(tmp_path / "all.zip", "ada.ipynb", "\U0001d49c" * 80 + ".ipynb")
    learners, _ = gathered(path, tmp_path / "class")
    assert learners == ["ada", "\U0001d49c" * 50] and as_name(learners[1]) == learners[1]


def test_many_files_of_one_learner_do_not_bury_what_is_said(tmp_path: Path) -> None:
    places = [f"eve/{n}.ipynb" for n in range(50)]
    path = zipped(tmp_path / "a.zip", "ada/x.ipynb", *places)
    learners, said = gathered(path, tmp_path / "class")
    assert learners == ["ada", "eve"] and len(said) == 2
    assert said[0].endswith(" and 46 more left out.")
    write(tmp_path / "in", "ada/x.ipynb")
    write(tmp_path / "in", *places, content='{"cells": []}')
    said = gathered(tmp_path / "in", tmp_path / "other")[1]
    assert len(said) == batch.MOST + 3 and said[-3].startswith("30 more notebooks belong to no")
    assert said[-2].startswith(f"eve: No notebook of {SET} was handed in, but 0.ipynb, 1.ipynb, ")


def test_what_lies_in_the_way_costs_its_learner_alone(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", *(f"{name}.ipynb" for name in ("ada", "bob", "cy", "dee")))
    victim, submitted = tmp_path / "victim", tmp_path / "class" / "submitted"
    victim.write_text("kept")
    for name in ("ada", "bob", "cy"):
        (submitted / name / SET).mkdir(parents=True)
    (submitted / "ada" / SET / f"{SET}.ipynb").mkdir()
    (submitted / "bob" / SET / f"{SET}.new").symlink_to(victim)
    os.mkfifo(submitted / "cy" / SET / f"{SET}.ipynb")
    (submitted / "dee").write_text("a file")
    said = gathered(folder, tmp_path / "class")[1]
    assert sum("left out" in line for line in said) == 3
    assert "cannot be written (Not a directory): dee.ipynb left out." in " ".join(said)
    assert (submitted / "bob" / SET / f"{SET}.ipynb").read_text() == handed_in()
    assert victim.read_text() == "kept"


def test_one_notebook(tmp_path: Path) -> None:
    write(tmp_path, "ada.ipynb", "bob.ipynb")
    assert gathered(tmp_path / "ada.ipynb", tmp_path / "class")[0] == ["ada"]


def test_other_files_are_counted_and_links_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", "ada.ipynb", "bob.pdf", "cy.pdf", "dee", ".hidden/eve.ipynb")
    (folder / "link.ipynb").symlink_to(folder / "ada.ipynb")
    (folder / "around").symlink_to(folder)
    os.mkfifo(folder / "pipe.ipynb")
    learners, said = gathered(folder, tmp_path / "class")
    assert learners == ["ada"]
    assert "What is no notebook is left out: 1 without an ending." in said
    named = [line for line in said if line.startswith(("bob: No notebook", "cy: No notebook"))]
    assert len(named) == 2 and all("ask for the notebook itself" in line for line in named)
    assert sum("is a link: left out" in line for line in said) == 2
    assert any("pipe.ipynb. This is a link, a folder or a device" in line for line in said)


def test_the_class_itself_is_no_submission(tmp_path: Path) -> None:
    write(tmp_path, "ada.ipynb", *(f"{own}/{SET}/{SET}.ipynb" for own in Classroom.OWN))
    said = gather.gather(tmp_path, Classroom(tmp_path), SETS, False)
    assert said[-1].startswith("1 notebook of 1 learner")


def test_twice_and_updates(tmp_path: Path) -> None:
    write(tmp_path / "in", "a/ada.ipynb", "b/ada.ipynb")
    os.utime(tmp_path / "in" / "a" / "ada.ipynb", (1, 1))
    folder = tmp_path / "in"
    (folder / "b" / "ada.ipynb").write_text(handed_in(lambda cells, cell: cells.remove(cell)))
    named = write(folder, "c/bob.ipynb")
    said = gathered(named, tmp_path / "class")[1]
    assert said == ["3 notebooks of 3 learners in " + str(named) + "."]  # a, b and c are learners

    flat = write(tmp_path / "flat", "ada_01.ipynb", "01_ada.ipynb", "01 bob.ipynb")
    os.utime(flat / "ada_01.ipynb", (1, 1))
    said = gathered(flat, tmp_path / "second")[1]
    line = f"ada handed in {SET} more than once: 01_ada.ipynb counts, ada_01.ipynb left out."
    assert line in said

    home = tmp_path / "third"
    gathered(write(tmp_path / "first", "ada.ipynb"), home)
    later = write(tmp_path / "later", "ada.ipynb", content=handed_in(lambda c, cell: c.pop()))
    kept = digests(home / "submitted")
    assert any("--update takes ada.ipynb" in line for line in gathered(later, home)[1])
    assert digests(home / "submitted") == kept
    gathered(later, home, update=True)
    assert digests(home / "submitted") != kept


def test_a_zip_cannot_climb_link_or_burst(tmp_path: Path) -> None:
    path = tmp_path / "in" / "all.zip"
    path.parent.mkdir()
    climbing = ["../climbs/x.ipynb", "/root/x.ipynb", "C:\\x.ipynb", "a/../../climbs.ipynb"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in ["ada.ipynb", *climbing]:
            archive.writestr(place, handed_in())
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.ipynb", b"0" * (sources.LARGEST + 1))
    learners, said = gathered(path, tmp_path / "class")
    assert learners == ["ada"]
    assert sum("points outside of it" in line for line in said) == len(climbing)
    assert any("link.ipynb in all.zip is a link" in line for line in said)
    assert any("bomb.ipynb. It is too large" in line for line in said)
    assert not [p for p in tmp_path.rglob("*") if "climbs" in p.name]


def test_all_of_a_zip_together_is_bounded(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 3 * len(handed_in()))
    path = zipped(tmp_path / "all.zip", *(f"learner{n}.ipynb" for n in range(9)))
    learners, said = gathered(path, tmp_path / "class")
    assert len(learners) == 3 and sum("too large" in line for line in said) == 6


@pytest.mark.parametrize(
    ("bound", "most"), [("MOST_FILES", 9), ("MOST_BYTES", 9 * len(handed_in()))]
)
def test_who_hands_in_very_much_keeps_nobody_out(
    tmp_path: Path, monkeypatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(sources, bound, most)
    many = [f"course/ada/{n:02}/x.ipynb" for n in range(30)]
    others = [f"course/{name}/x.ipynb" for name in ("bob", "cy")] + ["course/zoe.ipynb"]
    everyone = ["ada", "bob", "cy", "zoe"]
    learners, said = gathered(zipped(tmp_path / "all.zip", *many, *others), tmp_path / "one")
    assert learners == everyone and any("left out" in line for line in said)
    learners, said = gathered(write(tmp_path / "in", *many, *others), tmp_path / "two")
    assert learners == everyone and any("left out" in line for line in said)


def test_a_damaged_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", "ada.ipynb", "bob.ipynb")
    content = bytearray(path.read_bytes())
    content[60:200] = b"\xff" * 140  # inside the first file
    path.write_bytes(content)
    learners, said = gathered(path, tmp_path / "class")
    assert learners == ["bob"] and any("ada.ipynb. It cannot be read" in one for one in said)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ClassroomError, match="no folder, zip or notebook"):
        gathered(path, tmp_path / "class")
    end = bytearray(zipped(tmp_path / "all.zip", "ada.ipynb").read_bytes())
    struct.pack_into("<I", end, len(end) - 6, 0xFFFFFF)  # where the directory would begin
    path.write_bytes(end)
    with pytest.raises(ClassroomError, match="cannot be read"):
        gathered(path, tmp_path / "class")


def test_names_on_the_screen_and_on_disk(tmp_path: Path) -> None:
    assert printable("a\x1b[2Jb\n") == "a?[2Jb?"
    assert len(printable("x" * 1000)) == 120
    assert as_name("../../etc") == "etc" and as_name("-rf /") == "rf"
    assert as_name("=1+1") == "1_1" and as_name("@SUM") == "SUM" and as_name("...") == "unnamed"
    assert as_name("a" * 79 + "--b") == "a" * 79
    path = zipped(tmp_path / "all.zip", "ada.ipynb", "b\x1b[2J.ipynb", content=b"{}")
    with pytest.raises(ClassroomError) as error:
        gathered(path, tmp_path / "class")
    assert str(error.value).isprintable()


def test_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(ClassroomError, match=r"There is no notebook in .*in: name the folder"):
        gathered(tmp_path / "in", tmp_path / "class")
    write(tmp_path / "in", "ada.ipynb", content="{}")
    with pytest.raises(ClassroomError, match="belongs to a known set"):
        gathered(tmp_path / "in", tmp_path / "class")
    (tmp_path / "in" / "x.txt").write_text("x")
    with pytest.raises(ClassroomError, match="no folder, zip or notebook"):
        gathered(tmp_path / "in" / "x.txt", tmp_path / "class")
    assert not (tmp_path / "class").exists()  # no class is made for nothing


def test_deep_and_wide_folders_end(tmp_path: Path, monkeypatch) -> None:
    deep = tmp_path / "in"
    write(deep, "ada.ipynb", "/".join("d" * 40) + "/bob.ipynb")
    assert gathered(deep, tmp_path / "class")[0] == ["ada"]
    monkeypatch.setattr(sources, "MOST_LISTED", 3)
    with pytest.raises(ClassroomError, match="more than 3 files"):
        gathered(write(tmp_path / "wide", *(f"l{n}.ipynb" for n in range(9))), tmp_path / "class")


def test_collect_and_names_that_cannot_be(tmp_path: Path) -> None:
    commands.collect(write(tmp_path / "in", "ada.ipynb"), tmp_path / "class", None, False)
    write(tmp_path / "class", f"submitted/Bob B/{SET}/{SET}.ipynb")
    (tmp_path / "class" / "submitted" / "eve").symlink_to(tmp_path / "class" / "submitted" / "ada")
    found, said = Classroom(tmp_path / "class").submissions(SET)
    assert [learner for learner, _ in found] == ["ada"]
    assert any("Rename the folder, for example to Bob_B" in line for line in said)
    assert any("is a link" in line for line in said)
