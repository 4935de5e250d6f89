"""Cells that an editor stripped of their mark: known again by what is left, never by a guess."""

import copy
import json

import pytest

from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.commands import collect, read
from course_utils.delivery.grading.entry import Entry
from course_utils.delivery.grading.handouts import release, source_of
from course_utils.delivery.grading.marking import mark_all
from course_utils.delivery.grading.sets import find_set, known_sets, load
from course_utils.delivery.grading.submission import NotReadable, ids, parse

from .classes import FULL, SET, SOLUTION, cell_of, handed_out

ONE = find_set(SET)
WORDS = "07_a_fair_fight"  # a set with an answer in words


def no_metadata(cells: list) -> None:
    """As VS Code of 2020, EIN, or nb-clean."""
    for cell in cells:
        cell["metadata"] = {}


def no_ids(cells: list) -> None:
    for cell in cells:
        cell.pop("id", None)


def new_ids(cells: list) -> None:
    """As by copying and pasting all cells."""
    for number, cell in enumerate(cells):
        cell["id"] = f"pasted-{number}"


def as_colab(cells: list) -> None:
    for cell in cells:
        cell["metadata"] = {"id": cell.pop("id"), "colab": {"base_uri": "x"}}


def changed(name: str, *changes) -> dict:
    notebook = handed_out(name)
    for change in changes:
        change(notebook["cells"])
    return notebook


def parsed(notebook: dict, one=ONE):
    written = {"07-comparison"} if one.name == WORDS else set()
    return parse(json.dumps(notebook).encode(), set(one.problems), written, one.traces)


@pytest.mark.parametrize(
    ("changes", "how"),
    [
        ((no_metadata,), "id"),
        ((as_colab,), "id"),
        ((no_metadata, no_ids), "definition"),
        ((no_metadata, new_ids), "definition"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
@pytest.mark.parametrize("name", [name for name in known_sets() if name[:2] not in ("08", "09")])
def test_all_answers_are_known_again(name: str, changes: tuple, how: str) -> None:
    one = find_set(name)
    before, after = parsed(handed_out(name), one), parsed(changed(name, *changes), one)
    assert after.answers == before.answers and after.written == before.written
    assert {after.healed[name] for name in one.problems} == {how} and not before.healed


def test_marks_and_words_are_the_same() -> None:
    solved = copy.deepcopy(SOLUTION)
    solved["cells"] = [c for c in solved["cells"] if "starter" not in c["metadata"].get("tags", [])]
    for changes, said in ((no_metadata,), False), ((no_metadata, new_ids), True):
        notebook = copy.deepcopy(solved)
        for change in changes:
            change(notebook["cells"])
        marks = next(mark_all([Entry("ada", parsed(notebook), ONE, b"x")], 1))
        assert marks.points == FULL
        assert all(("had lost the mark" in mark.message) is said for mark in marks.marks)


def test_an_answer_in_words_is_known_by_its_heading() -> None:
    notebook = changed(WORDS, no_metadata, new_ids)
    words = cell_of(handed_out(WORDS)["cells"], "07-comparison")["source"]
    for cell in notebook["cells"]:
        if cell["source"] == words:
            cell["source"] = "My own words."
    one = parsed(notebook, find_set(WORDS))
    assert one.written == {"07-comparison": ("My own words.",)}
    assert one.healed["07-comparison"] == "heading"
    more = {"cell_type": "markdown", "metadata": {}, "source": "More words."}
    place = next(k for k, c in enumerate(notebook["cells"]) if c["source"] == "My own words.")
    notebook["cells"].insert(place, more)
    assert not parsed(notebook, find_set(WORDS)).written  # which of the two is it?


def code(text: str, **more) -> dict:
    return {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], **more}


STEP = "def rnn_step(x, h_prev, W, U, b):\n    return {}\n"


def test_of_two_cells_under_its_heading_none_is_taken() -> None:
    notebook = changed(SET, no_metadata, new_ids)
    place = next(k for k, c in enumerate(notebook["cells"]) if "def rnn_step" in c["source"])
    notebook["cells"].insert(place + 1, code(STEP.format(1)))
    assert "rnn_step" not in parsed(notebook).answers


def test_of_two_cells_the_one_under_the_heading_is_taken() -> None:
    notebook = changed(SET, no_metadata, new_ids)
    notebook["cells"].insert(0, code(STEP.format("'a draft'")))
    assert "draft" not in parsed(notebook).answers["rnn_step"][0]
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("## Task", "Task")
    assert "rnn_step" not in parsed(notebook).answers


def test_a_mark_counts_before_everything_else() -> None:
    notebook = handed_out(SET)
    notebook["cells"].append(code(STEP.format("'mine'"), id="1abd134a91"))
    assert parsed(notebook).answers == parsed(handed_out(SET)).answers


def test_an_id_on_something_else_is_not_believed() -> None:
    """Other programs may give the same id to cells of theirs."""
    notebook = changed(SET, no_metadata)
    step = next(c for c in notebook["cells"] if "def rnn_step" in c["source"])
    step["source"] = "print('something else')"
    assert "rnn_step" not in parsed(notebook).answers


def test_a_split_cell_is_whole_again() -> None:
    """Colab gives both halves the same id, JupyterLab the same metadata."""
    for changes in ((as_colab,), ()):
        notebook = changed(SET, *changes)
        step = next(c for c in notebook["cells"] if "def rnn_step" in c["source"])
        helper = {**copy.deepcopy(step), "source": "rnn = 1  # for rnn_step"}
        notebook["cells"].insert(notebook["cells"].index(step), helper)
        assert parsed(notebook).answers["rnn_step"] == (helper["source"], step["source"])


def test_a_cell_turned_markdown_and_back_is_whole_and_one_left_there_is_none() -> None:
    notebook = handed_out(SET)
    step = cell_of(notebook["cells"], "rnn_step")
    step["cell_type"] = "markdown"
    assert "rnn_step" not in parsed(notebook).answers
    step["cell_type"] = "code"
    assert "rnn_step" in parsed(notebook).answers


def test_the_set_is_told_too() -> None:
    every = {name: find_set(name) for name in known_sets()}
    for name in every:
        for changes in ((no_metadata,), (as_colab,), (no_metadata, new_ids)):
            content = json.dumps(changed(name, *changes)).encode()
            assert not ids(content) & set(every[name].problems)
            found = {
                one: ids(content, every[one].traces) & set(every[one].problems) for one in every
            }
            assert found[name] == set(every[name].problems)
            assert sum(map(len, found.values())) == len(found[name])


def test_a_class_marks_what_lost_its_metadata(tmp_path) -> None:
    path = tmp_path / "ada" / SET / f"{SET}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(changed(SET, no_metadata)))
    assert set(read(tmp_path, "ada", ONE).answers) == set(ONE.problems)
    path.write_text(json.dumps({"cells": [code("x = 1")]}))
    with pytest.raises(NotReadable, match="none of the answer cells"):
        read(tmp_path, "ada", ONE)


def test_a_notebook_without_metadata_is_collected(tmp_path) -> None:
    """By any name: its set and its answers are told by what the cells are."""
    source = tmp_path / "in" / "ada" / "my work.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(changed(SET, no_metadata)))
    collect(tmp_path / "in", tmp_path / "class", None, update=False)
    assert set(read(tmp_path / "class" / "submitted", "ada", ONE).answers) == set(ONE.problems)


def test_handouts_keep_the_ids_of_the_cells(tmp_path) -> None:
    path = release(Classroom(tmp_path).open(), ONE)
    given = {c["id"]: c for c in json.loads(path.read_text(encoding="utf-8"))["cells"]}
    for one, name in ONE.traces.ids.items():
        assert given[one]["metadata"]["nbgrader"]["grade_id"] == name


def test_own_sets_give_their_cells_ids(tmp_path) -> None:
    """So that they, too, can be known again."""
    (tmp_path / "problems.py").write_text(
        "from course_utils.feedback import problems\nPROBLEMS = [problems.get('rnn_step')]\n"
    )
    text = f'# %% answer="rnn_step" points=1\n{STEP.format(1)}'
    (tmp_path / "own.py").write_text(text)
    one = load("own", tmp_path / "own.py", tmp_path)
    cells = json.loads(source_of(one))["cells"]
    assert one.traces.ids[cells[0]["id"]] == "rnn_step"


@pytest.mark.parametrize(
    "text", ["# " + " " * 10**6, "x" * 10**6, "\n" * 10**6, "a = " * 10**5, "# (" * 10**5]
)
def test_long_cells_take_no_time(text: str) -> None:
    """A line that grows with the square of its length would not end here."""
    notebook = {"cells": [code(text), {"cell_type": "markdown", "source": text}] * 9}
    assert parsed(notebook).answers == {}
