"""What a release is made of; its archives are tried by tests/setup/test_installed.py."""

import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbformat import v4

from course_utils.delivery.authoring import epub, release
from course_utils.delivery.authoring.document import documents

CHAPTER = "{http://www.w3.org/1999/xhtml}"
FORMULA = "{http://www.w3.org/1998/Math/MathML}math"


def test_a_lesson_becomes_a_chapter_with_its_figures_and_formulas(tmp_path: Path) -> None:
    lesson = documents(["04"])[0].notebook()
    book = zipfile.ZipFile(epub.write(tmp_path / "book.epub", [lesson]))
    first = book.infolist()[0]
    assert first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED
    chapter = ElementTree.fromstring(book.read("00.xhtml"))
    assert chapter.find(f".//{CHAPTER}h1").text.startswith("04 ")
    pictures = {one.get("src") for one in chapter.findall(f".//{CHAPTER}img")}
    assert len(pictures) > 3 and len(chapter.findall(f".//{FORMULA}")) > 20
    assert all(book.read(name).startswith(b"\x89PNG") for name in pictures)
    assert not chapter.findall(f".//{CHAPTER}script")
    ids = [one.get("id") for one in chapter.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    package = ElementTree.fromstring(book.read("book.opf"))
    items = {one.get("id"): one.get("href") for one in package.iter() if one.tag.endswith("}item")}
    assert pictures < set(items.values()) <= set(book.namelist())
    spine = [items[one.get("idref")] for one in package.iter() if one.tag.endswith("}itemref")]
    assert spine == ["nav.xhtml", "00.xhtml"] and set(spine) <= set(book.namelist())


def test_what_is_no_formula_or_hard_for_xml_goes_through(tmp_path: Path) -> None:
    cells = [v4.new_markdown_cell("# A & B\n\n$a < b$ &nbsp; <br> text"), v4.new_code_cell("x < 1")]
    book = zipfile.ZipFile(epub.write(tmp_path / "b.epub", [v4.new_notebook(cells=cells)]))
    text = "".join(ElementTree.fromstring(book.read("00.xhtml")).itertext())
    assert "A & B" in text and "x < 1" in text and "\\(" not in text


def test_the_one_book_has_every_lesson_in_order() -> None:
    cells = release.whole_course().cells
    titles = [
        cell.source.splitlines()[0]
        for cell in cells
        if cell.source.startswith("# ") and cell.cell_type == "markdown"
    ]
    assert titles[0] == "# Carousel"
    assert [one[2:4] for one in titles[1:]] == [f"{n:02}" for n in range(len(documents()))]


def test_an_unknown_part_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["release", "paper"])
    with pytest.raises(SystemExit, match=r"no part paper; there are wheel, site"):
        release.main(tmp_path)
