"""What `course lab` and `course reset` print is in the workbook's language."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from course_utils.delivery import cli
from course_utils.language import UNTRANSLATED
from course_utils.prose import has_words
from course_utils.workbook import MANIFEST, Workbook, WorkbookError
from tests.language.conftest import left

FIRST, SECOND = (
    "notebooks/00_start_here.ipynb",
    "notebooks/01_a_recurrent_network_from_scratch.ipynb",
)


@pytest.fixture
def book(pseudo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("course_utils.delivery.lab.launch", lambda *_: None)
    made = Workbook(tmp_path / "book", language=pseudo)
    made.lay()
    return made


def changed(path: Path) -> None:
    notebook = json.loads(path.read_bytes())
    notebook["cells"][0]["source"] = "mine"
    path.write_text(json.dumps(notebook), encoding="utf-8")


def course(book: Workbook, *words: str) -> str:
    result = CliRunner().invoke(cli.course, [*words, "--workbook", str(book.folder)])
    return result.output + str(result.exception or "")


def is_said(printed: str) -> None:
    """Nothing is English outside the brackets."""
    assert "⟦" in printed and UNTRANSLATED not in printed
    rest = left(printed)
    assert not has_words(rest), printed


def test_what_a_reset_says(book: Workbook) -> None:
    is_said(course(book, "reset", "00"))
    changed(book.folder / FIRST)
    is_said(course(book, "reset", "00"))
    (book.folder / FIRST).unlink()
    is_said(course(book, "reset", "00"))
    is_said(course(book, "reset", "77"))


def test_what_the_start_says(book: Workbook) -> None:
    (book.folder / FIRST).unlink()
    changed(book.folder / SECOND)
    manifest = json.loads((book.folder / MANIFEST).read_bytes())
    manifest["files"][SECOND] = {"laid": "of another edition", "offered": "of another edition"}
    manifest["files"]["notebooks/99_gone.ipynb"] = {"laid": "", "offered": ""}
    (book.folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    printed = course(book, "lab")
    assert printed.count("⟦") >= 5
    is_said(printed)
    is_said(course(book, "lab", "--no-browser"))
    is_said(course(book, "lab", "77"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / MANIFEST).write_text("["),
        lambda folder: ((folder / FIRST).unlink(), (folder / FIRST).mkdir()),
    ],
)
def test_what_is_said_of_a_spoilt_workbook(book: Workbook, spoil: Callable) -> None:
    spoil(book.folder)
    is_said(course(book, "lab", "--language", book.language))


def test_a_folder_that_is_none(book: Workbook) -> None:
    one = Workbook(book.folder / MANIFEST, language=book.language)
    with pytest.raises(WorkbookError) as refused:
        one.lay()
    is_said(str(refused.value))


def test_a_chinese_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    book = Workbook(tmp_path / "book", language="zh_CN")
    book.lay()
    assert course(book, "reset", "00") == f"{FIRST} 与课程里的一样，不用做什么。\n"
    english = Workbook(tmp_path / "english", language="en")
    english.lay()
    assert course(english, "reset", "00") == f"{FIRST} is as the course has it: nothing to do.\n"
