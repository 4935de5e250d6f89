"""START.md says where to go on, what is new and what is done; what a learner wrote there stays."""

import json
import os
import time
from pathlib import Path

import pytest

from course_utils.delivery.start_page import begun, last_worked_on, page, points
from course_utils.workbook import COURSE, PROGRESS, START, Workbook

FIRST, SET = "notebooks/01_first.ipynb", "exercises/01_first.ipynb"


def cell(source: str, **more: object) -> dict:
    kind = "markdown" if source.startswith("#") else "code"
    extra = {} if kind == "markdown" else {"outputs": [], "execution_count": None}
    return {"cell_type": kind, "source": source, "metadata": {}} | extra | more


def graded(task: str, worth: float, **more: object) -> dict:
    mark = {"grade": True, "grade_id": f"{task}-check", "points": worth, "solution": False} | more
    return cell(f"check({task!r})", metadata={"nbgrader": mark})


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    tasks = [graded("one", 1), graded("two", 2), graded("words", 4, solution=True)]
    for name, cells in {
        "notebooks/00_begin.ipynb": [cell("# 00 · Begin")],
        FIRST: [cell("# 01 · First"), cell("import x\n\npredict(\n    '01',\n)"), cell("1 + 1")],
        SET: [cell("# 01 · Problems: first"), *tasks],
    }.items():
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": cells, "metadata": {}}))
    made = Workbook(tmp_path / "workbook", tmp_path / "course")
    made.lay()
    return made


def work_on(book: Workbook, name: str, when: float) -> None:
    path = book.folder / name
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    path.write_text(json.dumps(notebook))
    os.utime(path, (when, when))


def test_at_first_it_says_where_to_begin(book: Workbook):
    assert not begun(book)
    text = page(book)
    assert "**Begin with [00 · Begin](notebooks/00_begin.ipynb).**" in text
    row = "| [01 · First](notebooks/01_first.ipynb) | 0 of 1 | [set 01](exercises/01_first.ipynb) |"
    assert f"{row} 0 of 3 |" in text
    assert "What is new" not in text


def test_later_it_says_where_the_learner_was(book: Workbook):
    now = time.time()
    work_on(book, FIRST, now - 60)
    assert begun(book) and last_worked_on(book, list(book.sources())) == FIRST
    work_on(book, SET, now)
    assert "**Go on with problem set [01 · Problems: first](exercises/01_first.ipynb)**" in page(
        book
    )
    assert "- a lesson is updated." in page(book, ["a lesson is updated."])


def test_points_are_those_of_the_answers_so_far(book: Workbook):
    (book.folder / PROGRESS).write_text(json.dumps({"best": {"one": 1, "two": 0.5, "words": 1}}))
    assert "| 2 of 3 |" in page(book)
    (book.folder / PROGRESS).write_text("damaged")
    assert "| 0 of 3 |" in page(book)


def test_predictions_that_are_answered_are_counted(book: Workbook):
    kept = book.folder / "predictions.json"
    kept.write_text(
        json.dumps({"format": 1, "predictions": {"01": {"a1b2": {"choice": 0, "at": 5}}}})
    )
    assert "(notebooks/01_first.ipynb) | 1 of 1 |" in page(book)
    kept.write_text("[damaged")
    assert "(notebooks/01_first.ipynb) | 0 of 1 |" in page(book)


def test_the_course_s_own_lessons_ask_for_predictions(tmp_path: Path):
    book = Workbook(tmp_path)
    rows = [line for line in page(book).splitlines() if "(notebooks/0" in line]
    assert len([row for row in rows if " | 0 of " in row.partition("[set")[0]]) >= 9


def test_a_page_that_the_learner_changed_is_kept(book: Workbook):
    book.lay_start("one")
    book.lay_start("two")
    assert [path.name for path in book.folder.glob("START*")] == [START]
    (book.folder / START).write_text("my notes")
    book.lay_start("three")
    assert (book.folder / START).read_text() == "three"
    (kept,) = book.folder.glob("START.kept-*.md")
    assert kept.read_text() == "my notes"
    assert book.lay() == [] and (book.folder / START).exists()


def test_the_course_s_own_sets_are_worth_what_their_tasks_say():
    for source in sorted((COURSE / "exercises").glob("*.ipynb")):
        assert points(source, {})[1] > 0, source.name


def test_every_link_of_the_page_leads_to_a_file_of_the_workbook(tmp_path: Path):
    import re

    book = Workbook(tmp_path)
    book.lay()
    links = re.findall(r"\]\(([^)]+)\)", page(book))
    assert len(links) >= 36
    assert [one for one in links if not (book.folder / one).exists()] == []
