"""A lesson shows the program that lies in its file, and says so if there is none."""

from pathlib import Path

import pytest

from course_utils.delivery.authoring import blank
from course_utils.delivery.authoring.build import difference
from course_utils.delivery.authoring.document import AuthoringError, Document, documents
from course_utils.delivery.authoring.handout import sheet
from course_utils.delivery.authoring.site.contents import gather
from course_utils.delivery.start_page import page
from course_utils.workbook import COURSE, Workbook
from tests.blank.programs import PROGRAMS

LESSON = "# %% [markdown]\n# # 77 · A lesson\n#\n# {blank-file}\n"


@pytest.fixture
def lesson(tmp_path: Path) -> Document:
    source = tmp_path / "notebooks" / "src" / "77_a_lesson.py"
    source.parent.mkdir(parents=True)
    source.write_text(LESSON, encoding="utf-8")
    program = blank.program(source)
    program.parent.mkdir()
    program.write_text('print("{one}")\n', encoding="utf-8")
    blank.printed_by(program).write_text("{one}\n", encoding="utf-8")
    return Document(source, tmp_path / "notebooks" / "77_a_lesson.ipynb", tmp_path)


def test_the_file_itself_is_shown(lesson: Document) -> None:
    (cell,) = lesson.text().cells
    assert '```python\nprint("{one}")\n```' in cell.source and "```text\n{one}\n```" in cell.source
    assert "[blank/77_a_lesson.py](blank/77_a_lesson.py)" in cell.source
    assert blank.DIRECTIVE not in cell.source


def test_a_changed_program_makes_its_lesson_stale(lesson: Document) -> None:
    before = lesson.text()
    blank.program(lesson.source).write_text("print(2)\n", encoding="utf-8")
    assert "text is not what its source says" in (difference(lesson.text(), before) or "")


@pytest.mark.parametrize("suffix", [".py", ".txt"])
def test_a_missing_file_is_one_sentence(lesson: Document, suffix: str) -> None:
    blank.program(lesson.source).with_suffix(suffix).unlink()
    with pytest.raises(AuthoringError, match=rf"shows notebooks/blank/77_a_lesson\{suffix}, and"):
        lesson.text()


@pytest.mark.parametrize("number", PROGRAMS)
def test_each_lesson_ends_with_its_program(number: str) -> None:
    (one,) = documents([number])
    (cell,) = [c for c in one.text().cells if c.source.startswith("## From a blank file\n")]
    code = PROGRAMS[number].read_text(encoding="utf-8").rstrip()
    assert f"```python\n{code}\n```" in cell.source
    assert f"](blank/{PROGRAMS[number].name})" in cell.source
    task = sheet.BLANK.search(cell.source)
    assert task and task[1].startswith("Close this page, open an empty file, and")


def test_it_lies_in_the_workbook_and_its_first_page_leads_there(tmp_path: Path) -> None:
    book = Workbook(tmp_path)
    book.lay()
    for number, path in PROGRAMS.items():
        name = f"notebooks/blank/{path.name}"
        assert (tmp_path / name).read_bytes() == path.read_bytes()
        assert f"| [program {number}]({name}) |" in page(book)


def test_it_can_be_fetched_from_the_site(tmp_path: Path) -> None:
    gather(target=tmp_path)
    for path in PROGRAMS.values():
        assert (tmp_path / path.relative_to(COURSE)).read_bytes() == path.read_bytes()
