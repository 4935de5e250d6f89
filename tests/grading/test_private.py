"""A teacher's own problem set, that of the docs: variants, answers in words, marks by hand."""

import csv
import json
import shutil
import textwrap
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbconvert.filters import markdown2html

from course_utils import CourseError
from course_utils.delivery.grading import commands, foreign
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.handouts import is_current
from course_utils.delivery.grading.sets import COURSE, SetError, find_set
from course_utils.delivery.grading.variants import Varied

from .classes import digests

WORDS = "Nothing fails, and it is **wrong**. <script>x</script>\n\n[a](javascript:b) ![](//c/d.png)"
LEARNERS = ("ada", "bob", "cy", "dee", "eve")


def from_the_docs(folder: Path) -> Path:
    """The set that docs/grading.md shows, as files in a folder."""
    text = (COURSE / "docs" / "grading.md").read_text(encoding="utf-8")
    indented = "".join(
        line if line.startswith("    ") or not line.strip() else "\f"
        for line in text.splitlines(keepends=True)
    )
    blocks = [textwrap.dedent(block).strip() + "\n" for block in indented.split("\f")]
    folder.mkdir()
    for name, start in (("problems.py", "import numpy"), ("homework.py", "# %% [markdown]")):
        (block,) = (block for block in blocks if block.startswith(start))
        (folder / name).write_text(block, encoding="utf-8")
    return folder


def code(order: str) -> str:
    return (
        f'def split_gates(a):\n    blocks = dict(zip("{order}", np.split(a, 4, axis=-1)))\n'
        '    return tuple(blocks[gate] for gate in "ifgo")'
    )


def answered(folder: Path, learner: str, answer: str | None, words: str | None) -> str:
    """The learner's own hand-out with these answers."""
    path = Classroom(folder).handouts("homework") / learner / "homework.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name == "split_gates" and answer:
            cell["source"] = answer
        if name == "homework-why" and words:
            cell["source"] = words
    return json.dumps(notebook)


def rows_of(folder: Path) -> dict[str, dict[str, str]]:
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def sums(folder: Path) -> dict[str, float]:
    return {learner: float(row["raw_score"]) for learner, row in rows_of(folder).items()}


@pytest.fixture(scope="module")
def private(tmp_path_factory) -> Path:
    return from_the_docs(tmp_path_factory.mktemp("mine") / "private")


@pytest.fixture(scope="module")
def own(tmp_path_factory, private: Path):
    """The class, the learners' orders, and who had the order that bob copied."""
    folder = tmp_path_factory.mktemp("class")
    roster = folder / "learners.csv"
    roster.write_text("learner,mail\n" + "".join(f"{name},x@y\n" for name in LEARNERS))
    (folder / ".carousel-secret").write_text("1" * 64)  # gives ada and bob different orders
    commands.release(("homework",), folder, private, roster)
    one = find_set("homework", private)
    secret = Classroom(folder).secret()
    orders = {name: one.values(secret, name)["split_gates"]["order"] for name in LEARNERS}
    assert orders["ada"] != orders["bob"]
    handed = folder / "in"
    handed.mkdir()
    for learner, answer, words in (
        ("ada", code(orders["ada"]), WORDS),
        ("bob", code(orders["ada"]), None),
        ("cy", None, None),
        ("dee", code(orders["dee"]), "All shapes fit."),
    ):
        (handed / f"{learner}.ipynb").write_text(answered(folder, learner, answer, words))
    (handed / "stranger.ipynb").write_text(answered(folder, "ada", code(orders["ada"]), None))
    found = {marks.learner: marks for marks in commands.grade(handed, folder, private)}
    return folder, orders, found


def test_everyone_gets_a_hand_out_of_their_own(own) -> None:
    folder, orders, _ = own
    for learner, order in orders.items():
        text = answered(folder, learner, None, None)
        assert f"in the order **{order}**" in text
        assert "{{" not in text and "BEGIN SOLUTION" not in text
    (common,) = (folder / "release").rglob("*.ipynb")  # what nbgrader would give to everyone
    assert "order **{{split_gates.order}}**" in common.read_text()


def test_the_variants_differ_and_stay(own, private: Path) -> None:
    folder, orders, _ = own
    one, secret = find_set("homework", private), Classroom(folder).secret()
    assert len(set(orders.values())) > 1
    assert orders == {name: one.values(secret, name)["split_gates"]["order"] for name in LEARNERS}
    assert is_current(Classroom(folder), one)  # and so is not released again at each marking


def test_marks(own) -> None:
    found = own[2]
    points = {learner: marks.points for learner, marks in found.items()}
    assert points == {"ada": 3, "bob": 0, "cy": 0, "dee": 3, "stranger": 0}
    assert found["cy"].marks[0].message == "split_gates is still to be written."


def test_a_sum_that_waits_for_words_is_not_shown_as_final(own) -> None:
    rows = rows_of(own[0])
    shown = {learner: (row["score"], row["waiting"]) for learner, row in rows.items()}
    assert shown == {
        "ada": ("", "2.0"), "bob": ("0.0", "0.0"), "cy": ("0.0", "0.0"),
        "dee": ("", "2.0"), "stranger": ("0.0", "0.0"),
    }  # fmt: skip
    assert rows["ada"]["raw_score"] == "3.0"


def test_a_copied_answer_is_named(own) -> None:
    _, orders, found = own
    mark = found["bob"].marks[0]
    assert mark.misconception == "another learner's variant"
    assert f"yours has order={orders['bob']}" in mark.message
    assert "ada" not in mark.message  # that is for the teacher alone
    had = [name for name in LEARNERS if orders[name] == orders["ada"]]
    assert mark.note.endswith(f"order={orders['ada']}, which was given to {', '.join(had)}.")


def test_a_name_that_is_not_in_the_roster_is_no_cheat(own) -> None:
    marks = own[2]["stranger"]
    assert "No hand-out of homework was made for stranger" in marks.failure
    assert marks.marks[0].misconception is None


def test_words_are_text_in_formgrader_too(own) -> None:
    """A link of Markdown could run a script in the JupyterLab of who marks it."""
    path = own[0] / "autograded" / "ada" / "homework" / "homework.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (cell,) = (
        c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id", "")[9:] == "why"
    )
    shown = BeautifulSoup(markdown2html("".join(cell["source"])), "html.parser")
    assert [element.name for element in shown.find_all(True)] == ["pre"]
    assert shown.get_text().strip() == WORDS


@pytest.mark.parametrize(
    "words",
    ["</pre><script>x</script>", "a\n\n\n# b\n\n$$\\href{javascript:x}{y}$$", "```\n</pre>\n```",
     "&lt;/pre&gt;&#60;script>", "<pre>", " - a\n\n\n        b", "\\begin{a}\n</pre>\n\\end{a}"],
)  # fmt: skip
def test_no_words_leave_their_place(words: str) -> None:
    cell = foreign.shown_as_text(words)
    shown = BeautifulSoup(markdown2html(cell), "html.parser")
    assert [element.name for element in shown.find_all(True)] == ["pre"]
    assert shown.get_text().strip() == words.strip() and foreign.words_in(cell) == words


def test_marks_by_hand_count_and_stay(own, private: Path) -> None:
    """As nbgrader's Formgrader gives them."""
    from nbgrader.api import Gradebook

    folder = own[0]
    assert sums(folder) == {"ada": 3, "bob": 0, "cy": 0, "dee": 3, "stranger": 0}
    with Gradebook(Classroom(folder).gradebook) as book:
        waiting = {
            grade.notebook.student.id: grade.needs_manual_grade
            for page in book.notebook_submissions("homework", "homework")
            for grade in page.grades
            if grade.name == "homework-why"
        }
        assert waiting == {"ada": True, "bob": False, "cy": False, "dee": True, "stranger": False}
        grade = book.find_grade("homework-why", "homework", "homework", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        comment = book.find_comment("homework-why", "homework", "homework", "ada")
        comment.manual_comment = "Say *which* gate."
        book.db.commit()
    commands.feedback(folder, None, ())
    assert sums(folder)["ada"] == 4.5 and rows_of(folder)["ada"]["score"] == "4.5"
    assert rows_of(folder)["ada"]["waiting"] == "0.0"
    page = (folder / "feedback" / "ada" / "homework" / "homework.html").read_text()
    assert "1.5 of 2" in page and "Say *which* gate." in page
    ada = (folder / "feedback" / "ada" / "homework" / "homework.html").read_text()
    assert "it is **wrong**. &lt;script&gt;x&lt;/script&gt;" in ada and "<script" not in ada
    waiting_page = (folder / "feedback" / "dee" / "homework" / "homework.html").read_text()
    assert "2 are still to be marked" in waiting_page

    before = digests(folder / "submitted")
    commands.grade(folder, None, private, again=True)  # marks by hand survive a second marking
    assert sums(folder)["ada"] == 4.5
    assert digests(folder / "submitted") == before


def test_a_changed_answer_in_words_is_asked_for_again(own, private: Path) -> None:
    folder, orders, _ = own
    path = folder / "submitted" / "dee" / "homework" / "homework.ipynb"
    from nbgrader.api import Gradebook

    with Gradebook(Classroom(folder).gradebook) as book:
        grade = book.find_grade("homework-why", "homework", "homework", "dee")
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()
    commands.grade(folder, None, private)
    with Gradebook(Classroom(folder).gradebook) as book:
        assert not book.find_grade("homework-why", "homework", "homework", "dee").needs_manual_grade
    path.write_text(answered(folder, "dee", code(orders["dee"]), "Something else."))
    commands.grade(folder, None, private)
    with Gradebook(Classroom(folder).gradebook) as book:
        assert book.find_grade("homework-why", "homework", "homework", "dee").needs_manual_grade


def test_what_a_teacher_may_get_wrong(tmp_path: Path, private: Path) -> None:
    with pytest.raises(CourseError, match="name the learners with --roster"):
        commands.release(("homework",), tmp_path / "class", private, None)
    roster = tmp_path / "roster.csv"
    roster.write_text("\n\n")
    with pytest.raises(CourseError, match="names no learner"):
        commands.release(("homework",), tmp_path / "class", private, roster)
    roster.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CourseError, match="no table in UTF-8"):
        commands.release(("homework",), tmp_path / "class", private, roster)
    roster.write_text("Ada B,1\ncy,2\nAda_B,1\n")
    with pytest.raises(CourseError, match="names Ada_B more than once"):
        commands.release(("homework",), tmp_path / "class", private, roster)
    with pytest.raises(SetError, match="There is no problem set in"):
        find_set("homework", tmp_path)
    (tmp_path / "homework.py").write_text((private / "homework.py").read_text())
    with pytest.raises(SetError, match="holds the problems, in a list PROBLEMS"):
        find_set("homework", tmp_path)
    (tmp_path / "problems.py").write_text("x = 1\ny = 1 / 0\n")
    with pytest.raises(SetError, match="stops at line 2: ZeroDivisionError"):
        find_set("homework", tmp_path)
    (tmp_path / "problems.py").write_text("PROBLEMS = []\n")
    with pytest.raises(SetError, match="at least one problem"):
        find_set("homework", tmp_path)
    with pytest.raises(ValueError, match="it needs 2 to 64"):
        Varied("x", int, {"order": ("ifgo",)})
    assert not (tmp_path / "class").exists()


def test_a_set_that_changed_after_it_was_handed_in(own, private: Path, tmp_path: Path) -> None:
    folder, other = own[0], tmp_path / "changed"
    shutil.copytree(private, other)
    text = (private / "homework.py").read_text()
    (other / "homework.py").write_text(text.replace("points=3", "points=6"))
    by_hand = sums(folder)["ada"] - own[2]["ada"].points
    marks = {marks.learner: marks for marks in commands.grade(folder, None, other)}
    assert marks["ada"].points == 6 and sums(folder)["ada"] == 6 + by_hand
    (other / "homework.py").write_text(text[: text.index("# %% [markdown]\n# ## Task 2")])
    with pytest.raises(CourseError, match="mark it in another class, named with --class"):
        commands.grade(folder, None, other)
