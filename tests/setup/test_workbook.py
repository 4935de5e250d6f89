"""The workbook: nothing a learner did is ever lost, and everything else is kept up to date."""

import json
import os
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.delivery.last_workbook import remember, remembered
from course_utils.files import write_atomically
from course_utils.laying import hash_with_outputs
from course_utils.workbook import (
    FORMAT,
    MANIFEST,
    Workbook,
    WorkbookError,
)

FIRST, SECOND = "notebooks/01_first.ipynb", "notebooks/02_second.ipynb"
BESIDE = "notebooks/new_01_first.ipynb"


class Course:
    """A small course and a learner's workbook of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root / "course", root / "workbook"
        self.publish(FIRST, "one, version 1")
        self.publish(SECOND, "two, version 1")

    def publish(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def book(self) -> Workbook:
        return Workbook(self.folder, self.root)

    def lay(self) -> list[str]:
        return self.book().lay()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()

    def files(self) -> dict[str, str]:
        """Everything in the workbook but the manifest."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_text()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != MANIFEST
        }


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def test_first_time_lays_everything_quietly(course: Course) -> None:
    course.publish("exercises/01_first.ipynb", "exercise")
    assert course.lay() == []
    assert course.files() == {
        FIRST: "one, version 1",
        SECOND: "two, version 1",
        "exercises/01_first.ipynb": "exercise",
    }


def test_second_time_changes_nothing(course: Course) -> None:
    course.lay()
    before = {path: path.stat().st_mtime_ns for path in course.folder.glob("notebooks/*")}
    assert course.lay() == []
    assert before == {path: path.stat().st_mtime_ns for path in course.folder.glob("notebooks/*")}


def test_update_replaces_what_the_learner_left_alone(course: Course) -> None:
    course.lay()
    course.publish(FIRST, "one, version 2")
    assert course.lay() == [f"{FIRST} is updated."]
    assert course.files() == {FIRST: "one, version 2", SECOND: "two, version 1"}


def notebook(source: str, *outputs: str, tags: tuple[str, ...] = ()) -> str:
    """A lesson of one cell of code, as it is when it was run."""
    shown = [{"output_type": "stream", "name": "stdout", "text": text} for text in outputs]
    cell = {"cell_type": "code", "source": source, "outputs": shown, "execution_count": 1}
    return json.dumps({"cells": [cell | {"metadata": {"tags": list(tags)}}], "metadata": {}})


def outputs(text: str) -> list[list[dict]]:
    return [cell["outputs"] for cell in json.loads(text)["cells"]]


def test_a_lesson_that_was_only_run_counts_as_left_alone(course: Course) -> None:
    course.publish(FIRST, notebook("1 + 1", "2"))
    course.lay()
    ran = json.loads(notebook("1 + 1", "2", "a warning"))
    ran["metadata"] = {"kernelspec": {"name": "py"}, "language_info": {"version": "3.13.1"}}
    course.write(FIRST, json.dumps(ran, indent=1))
    assert course.lay() == [] and outputs(course.read(FIRST)) == outputs(json.dumps(ran))
    course.publish(FIRST, notebook("1 + 3", "4"))
    assert course.lay() == [f"{FIRST} is updated."]
    course.write(FIRST, notebook("1 + 2", "3"))
    course.publish(FIRST, notebook("1 + 1", "2"))
    assert "has your changes and stays" in course.lay()[0]


@pytest.mark.parametrize("tag", ["opening", "prediction"])
def test_lessons_come_without_outputs_but_what_is_seen_before_anything_is_run(
    course: Course, tag: str
):
    course.publish(FIRST, notebook("1 + 1", "2"))
    course.publish(SECOND, notebook("dial()", "a dial", tags=(tag,)))
    course.lay()
    assert outputs(course.read(FIRST)) == [[]]
    assert outputs(course.read(SECOND)) == outputs(notebook("dial()", "a dial"))
    assert {cell.get("execution_count") for cell in json.loads(course.read(SECOND))["cells"]} == {
        None
    }
    assert course.lay() == []


ASKS = """from course_utils.predictions import predict

predict(
    "01",
    "What is it?",
    [
        "1",
        "2",
    ],
    "0a1b2c3d",
)"""


@pytest.mark.parametrize(
    ("prose", "folded"),
    [
        ("It is 2.\n\nWhy?", "It is 2."),
        ("## Found\n\nIt is 2.", "It is 2."),
        ("Now the other:", ""),
        ("**Predict.** And now.", ""),
    ],
)
def test_what_came_out_of_a_prediction_is_folded(course: Course, prose: str, folded: str) -> None:
    cells = [new_code_cell(ASKS), new_code_cell("1 + 1"), new_markdown_cell(prose)]
    course.publish(FIRST, nbformat.writes(new_notebook(cells=[*cells, new_markdown_cell("More.")])))
    course.lay()
    *_, told, more = nbformat.reads(course.read(FIRST), 4).cells
    assert more.source == "More."
    if not folded:
        assert told.source == prose
        return
    before, _, rest = told.source.partition('<details id="came-0a1b2c3d">\n')
    inside, _, after = rest.partition("\n\n</details>\n<p></p>")
    assert inside.endswith(f"</summary>\n\n{folded}")
    assert before + folded + after == prose
    assert course.lay() == []


def test_reset_clears_what_a_lesson_has_shown(course: Course) -> None:
    course.publish(FIRST, notebook("1 + 1"))
    course.lay()
    course.write(FIRST, notebook("1 + 1", "2"))
    assert course.book().reset("01") == [
        f"{FIRST} is as the course has it; its outputs are cleared."
    ]
    assert outputs(course.read(FIRST)) == [[]]
    assert set(course.files()) == {FIRST, SECOND}


def test_a_workbook_of_before_is_known_again(course: Course) -> None:
    """Manifests of format 1 held hashes of whole files, outputs and all."""
    course.publish(FIRST, notebook("1 + 1", "2"))
    course.publish(SECOND, notebook("2 + 2", "4"))
    course.lay()
    for name in (FIRST, SECOND):
        course.write(name, (course.root / name).read_text())
    course.write(SECOND, notebook("mine"))
    old = {name: hash_with_outputs((course.root / name).read_bytes()) for name in (FIRST, SECOND)}
    files = {name: {"laid": one, "offered": one} for name, one in old.items()}
    course.write(MANIFEST, json.dumps({"format": 1, "files": files}))
    course.publish(FIRST, notebook("1 + 3"))
    course.publish(SECOND, notebook("2 + 3"))
    said = course.lay()
    assert said[0] == f"{FIRST} is updated." and f"{SECOND} has your changes" in said[1]


def test_update_goes_beside_what_the_learner_changed_and_says_so_once(course: Course) -> None:
    course.lay()
    course.write(FIRST, "mine")
    assert course.lay() == []  # no new version, nothing to say
    course.publish(FIRST, "one, version 2")
    (message,) = course.lay()
    assert FIRST in message and BESIDE in message
    assert course.read(FIRST) == "mine" and course.read(BESIDE) == "one, version 2"
    assert course.lay() == []


def test_new_version_beside_is_replaced_only_if_untouched(course: Course) -> None:
    course.lay()
    course.write(FIRST, "mine")
    for version in (2, 3):
        course.publish(FIRST, f"one, version {version}")
        course.lay()
    assert course.files() == {FIRST: "mine", BESIDE: "one, version 3", SECOND: "two, version 1"}
    course.write(BESIDE, "mine too")
    course.publish(FIRST, "one, version 4")
    assert "new-2_01_first.ipynb" in course.lay()[0]
    assert course.read(BESIDE) == "mine too"
    assert course.read("notebooks/new-2_01_first.ipynb") == "one, version 4"


def test_deleting_the_new_version_beside_is_respected(course: Course) -> None:
    course.lay()
    course.write(FIRST, "mine")
    course.publish(FIRST, "one, version 2")
    course.lay()
    (course.folder / BESIDE).unlink()
    assert course.lay() == []
    assert course.files() == {FIRST: "mine", SECOND: "two, version 1"}


def test_adopting_the_new_version_makes_it_the_courses_again(course: Course) -> None:
    course.lay()
    course.write(FIRST, "mine")
    course.publish(FIRST, "one, version 2")
    course.lay()
    (course.folder / BESIDE).replace(course.folder / FIRST)
    course.publish(FIRST, "one, version 3")
    assert course.lay() == [f"{FIRST} is updated."]
    assert course.files() == {FIRST: "one, version 3", SECOND: "two, version 1"}


def test_deleted_lesson_comes_back_and_says_so(course: Course) -> None:
    course.lay()
    (course.folder / FIRST).unlink()
    assert course.lay() == [f"{FIRST} was gone and is there again."]
    assert course.read(FIRST) == "one, version 1"


def test_lesson_that_left_the_course_stays_with_the_learner(course: Course) -> None:
    course.lay()
    (course.root / SECOND).unlink()
    assert course.lay() == [f"{SECOND} is no longer part of the course; your copy stays."]
    assert course.read(SECOND) == "two, version 1"
    assert course.lay() == []


def test_files_that_were_there_before_count_as_the_learners(course: Course) -> None:
    (course.folder / "notebooks").mkdir(parents=True)
    course.write(FIRST, "mine")
    assert BESIDE in course.lay()[0]
    assert course.read(FIRST) == "mine" and course.read(BESIDE) == "one, version 1"


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"files": 3}', '{"files": {"a": 1}}', '{"files": {"a": {}}}', "\xff"]
)
def test_damaged_manifest_loses_nothing(course: Course, damage: str) -> None:
    course.lay()
    course.write(FIRST, "mine")
    (course.folder / MANIFEST).write_bytes(damage.encode("latin-1"))
    course.publish(FIRST, "one, version 2")
    messages = course.lay()
    assert "damaged" in messages[0] and BESIDE in messages[1]
    assert course.read(FIRST) == "mine" and course.read(BESIDE) == "one, version 2"
    assert (course.folder / ".carousel.damaged.json").read_bytes() == damage.encode("latin-1")
    assert course.lay() == []


def test_interrupted_update_is_completed(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.lay()
    course.publish(FIRST, "one, version 2")
    course.publish(SECOND, "two, version 2")
    replace, calls = os.replace, []

    def fail_at_second(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_at_second)
    with pytest.raises(OSError, match="No space left"):
        course.lay()
    assert course.files() == {FIRST: "one, version 2", SECOND: "two, version 1"}  # no debris
    monkeypatch.undo()
    assert course.lay() == [f"{SECOND} is updated."]


def test_reset_gives_a_fresh_copy_and_keeps_every_old_one(course: Course) -> None:
    course.lay()
    for attempt in ("first", "second"):
        course.write(FIRST, f"my {attempt} attempt")
        (message,) = course.book().reset("1")
        assert "kept-" in message
    kept = {text for name, text in course.files().items() if "kept-" in name}
    assert kept == {"my first attempt", "my second attempt"}
    assert course.read(FIRST) == "one, version 1"
    course.publish(FIRST, "one, version 2")
    assert course.lay() == [f"{FIRST} is updated."]


def test_reset_of_an_unchanged_or_deleted_lesson_keeps_no_copy(course: Course) -> None:
    course.lay()
    assert "nothing to do" in course.book().reset("01")[0]
    course.publish(FIRST, "one, version 2")
    assert "is updated" in course.book().reset("01")[0]
    (course.folder / FIRST).unlink()
    assert "there again" in course.book().reset("01")[0]
    assert course.files() == {FIRST: "one, version 2", SECOND: "two, version 1"}


def test_reset_tidies_the_new_version_it_makes_superfluous(course: Course) -> None:
    course.lay()
    course.write(FIRST, "mine")
    course.publish(FIRST, "one, version 2")
    course.lay()
    course.book().reset("01")
    assert not (course.folder / BESIDE).exists()
    assert "mine" in course.files().values()


def test_find_and_first(course: Course) -> None:
    course.publish("exercises/02_second.ipynb", "exercise")
    course.publish("notebooks/00_start.ipynb", "zero")
    book = course.book()
    assert book.first() == "notebooks/00_start.ipynb"
    assert book.find("2") == book.find("02") == SECOND
    assert book.find("exercises/2") == "exercises/02_second.ipynb"
    for path in (SECOND, "02_second.ipynb", "02_second", f"./{SECOND}", r"notebooks\2"):
        assert book.find(path) == SECOND
    for wrong in ("7", "", "x", "exercises/1", "../02", "02_", "2_second", "/02", SECOND[:-1]):
        with pytest.raises(WorkbookError, match="00, 01, 02, and problem set exercises/02"):
            book.find(wrong)


def test_lessons_are_named_in_few_words(course: Course) -> None:
    for number in range(12):
        course.publish(f"notebooks/{number:02}_x.ipynb", "")
        course.publish(f"exercises/{number:02}_x.ipynb", "")
    with pytest.raises(WorkbookError) as caught:
        course.book().find("99")
    there = "00 to 11, and problem sets exercises/00 to exercises/11"
    assert str(caught.value) == f"There is no lesson '99'; there are {there}."


@pytest.mark.parametrize("place", [".", "notebooks", "exercises/mine", "notebooks/../."])
def test_the_course_itself_is_never_the_workbook(course: Course, place: str) -> None:
    with pytest.raises(WorkbookError, match="holds the course itself"):
        Workbook(course.root / place, course.root)


def test_a_link_to_the_course_is_seen_through(course: Course, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(course.root)
    with pytest.raises(WorkbookError, match="holds the course itself"):
        Workbook(tmp_path / "link", course.root)


def test_a_link_inside_the_workbook_does_not_lead_back_to_the_course(course: Course) -> None:
    course.folder.mkdir()
    (course.folder / "notebooks").symlink_to(course.root / "notebooks")
    with pytest.raises(WorkbookError, match="holds the course itself"):
        course.lay()


def test_a_file_that_cannot_be_read_stays_and_holds_up_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.lay()
    course.write(FIRST, "mine")
    for name in (FIRST, SECOND):
        course.publish(name, "version 2")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == course.folder / FIRST:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    unread, updated = course.lay()
    assert unread == f"{FIRST} cannot be read (Permission denied): it stays as it is."
    assert updated == f"{SECOND} is updated."
    with pytest.raises(PermissionError):
        course.book().reset("01")
    monkeypatch.undo()
    assert course.read(FIRST) == "mine"
    assert BESIDE in course.lay()[0]  # as if nothing had been in the way


def test_an_error_names_the_file_that_was_to_be_written(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path, prefix: str, suffix: str) -> None:
        raise PermissionError(13, "Permission denied", f"{dir}/{prefix}qx7")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(PermissionError) as caught:
        write_atomically(course.folder / "a.ipynb", b"")
    assert caught.value.filename == str(course.folder / "a.ipynb")


def test_a_reset_that_fails_half_way_leaves_everything_as_it_was(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    course.lay()
    course.write(FIRST, "mine")
    before = course.files()
    replace = os.replace

    def fail(source, target):
        if str(target).endswith(FIRST):
            raise OSError(28, "No space left on device", str(target))
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        course.book().reset("01")
    assert course.files() == before


def test_things_in_the_way_get_one_sentence(course: Course) -> None:
    course.folder.write_text("a file")
    with pytest.raises(WorkbookError, match="file where a folder belongs"):
        course.lay()
    course.folder.unlink()
    (course.folder / FIRST).mkdir(parents=True)
    with pytest.raises(WorkbookError, match="folder where a lesson belongs"):
        course.lay()
    with pytest.raises(WorkbookError, match="folder where a lesson belongs"):
        course.book().reset("01")


def test_a_course_without_notebooks_says_so(course: Course, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="no notebooks"):
        Workbook(course.folder, tmp_path / "nothing").lay()


def test_manifest_is_plain_and_sorted(course: Course) -> None:
    course.lay()
    manifest = json.loads((course.folder / MANIFEST).read_text())
    assert manifest["format"] == FORMAT and list(manifest["files"]) == [FIRST, SECOND]


def test_laid_files_can_be_written_even_if_the_course_is_read_only(course: Course) -> None:
    (course.root / FIRST).chmod(0o444)
    course.lay()
    assert (course.folder / FIRST).stat().st_mode & 0o600 == 0o600


def test_the_folder_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert remembered() == tmp_path / "carousel-workbook"
    remember(tmp_path / "my book")
    assert remembered() == tmp_path / "my book"
    (tmp_path / "config/carousel/workbook").write_bytes(b"\xff\xfe")
    assert remembered() == tmp_path / "carousel-workbook"


def test_programs_lie_beside_the_lessons_and_a_changed_one_stays(course: Course) -> None:
    name, beside = "notebooks/blank/01_first.py", "notebooks/blank/01_first.new.py"
    course.publish(name, "print(1)")
    course.publish("notebooks/blank/01_first.txt", "1")
    assert course.lay() == [] and course.read(name) == "print(1)"
    assert list(course.book().sources()) == [FIRST, SECOND]  # they are no lessons
    course.publish(name, "print(2)")
    assert course.lay() == [f"{name} is updated."]
    course.write(name, "print('mine')")
    course.publish(name, "print(3)")
    course.lay()
    assert course.read(name) == "print('mine')" and course.read(beside) == "print(3)"
    assert not (course.folder / "notebooks/blank/01_first.txt").exists()
