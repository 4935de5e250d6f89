"""A list of choices in the source becomes a cell that is answered in place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from course_utils.delivery.authoring.document import AuthoringError, Document, documents
from course_utils.delivery.authoring.predictions import asked_in
from course_utils.delivery.authoring.teaching.sections import sections
from course_utils.predictions import predict, score, seal
from course_utils.predictions.words import inline, plain

SOURCE = """\
# %% [markdown]
# # 07 · A trial

# %% tags=["setup"]
import numpy as np

# %% [markdown] right=2
# Words before.
#
# **Predict.** How much of $h_t$ is left
# after 100 steps? (About 3 seconds.)
#
# - about a half
# - less than a thousandth, which is
#   hardly anything

# %%
print("left")

# %% [markdown]
# Hardly anything.
#
# ## Recap
#
# - It fades.
"""


def lay(folder: Path, text: str = SOURCE) -> Document:
    source = folder / "notebooks" / "src" / "07_trial.py"
    source.parent.mkdir(parents=True)
    source.write_text(text, encoding="utf-8")
    return documents(root=folder)[0]


def test_the_cell_asks_what_the_source_asks(tmp_path: Path):
    cells = lay(tmp_path).text().cells
    kinds = [one.cell_type for one in cells]
    assert kinds == ["markdown", "code", "markdown", "code", "code", "markdown", "code", "markdown"]
    assert cells[2].source.startswith("Words before.") and cells[2].source.endswith("seconds.)")
    assert "right" not in cells[2].metadata
    assert asked_in(cells[3]) == (
        "How much of $h_t$ is left after 100 steps?",
        ("about a half", "less than a thousandth, which is hardly anything"),
    )
    assert asked_in(cells[6]) is None and asked_in(cells[1]) is None
    names = {}
    exec(cells[3].source.replace("\npredict(", "\nshown = predict("), names)
    assert names["shown"].data["right"] == 1
    assert max(map(len, cells[3].source.splitlines())) <= 88
    assert names["shown"].data["id"] in cells[6].source  # the score, before the recap
    assert cells[7].source.startswith("## Recap")


def test_which_one_is_right_is_not_written_in_the_cell(tmp_path: Path):
    one = lay(tmp_path / "one").text().cells[3]
    other = lay(tmp_path / "other", SOURCE.replace("right=2", "right=1")).text().cells[3]
    assert one.metadata == other.metadata and asked_in(one) == asked_in(other)
    assert one.source != other.source
    seals = [
        ast.literal_eval(ast.parse(each.source).body[-1].value.args[3]) for each in (one, other)
    ]
    assert all(len(each) == 8 for each in seals)


def test_each_cell_has_its_line(tmp_path: Path):
    document = lay(tmp_path)
    cells, lines = document.text().cells, SOURCE.splitlines()
    assert len(document.lines()) == len(cells)
    for line, cell in zip(document.lines(), cells):
        if "prediction" not in cell.metadata.get("tags", []):
            assert cell.source.splitlines()[0] in lines[line]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("right=2", "right=3", "line 7: right is 3; it must be a number from 1 to 2"),
        ("right=2", "right=0", "right is 0"),
        ('right=2', 'right="two"', "right is 'two'"),
        ("#\n# - about a half\n", "# - about a half\n", "after an empty line, its choices"),
        ("# - about a half\n", "", "at least two different ones"),
        ("**Predict.**", "**Guess.**", "ends with"),
        ("%% [markdown] right=2", "%% right=2", "belongs to a markdown cell"),
    ],
)  # fmt: skip
def test_what_is_not_made_so_is_refused(tmp_path: Path, before: str, after: str, words: str):
    assert before in SOURCE
    with pytest.raises(AuthoringError, match=r"notebooks/src/07_trial\.py, line 7: ") as why:
        lay(tmp_path, SOURCE.replace(before, after, 1)).text()
    assert words in str(why.value)


def test_a_prediction_counts_as_no_figure_and_no_code(tmp_path: Path):
    plain_one = SOURCE.replace(" right=2", "")
    ours, others = (sections(lay(tmp_path / name, text).text()) for name, text in
                    (("with", SOURCE), ("without", plain_one)))  # fmt: skip
    assert [one.code for one in ours] == [one.code for one in others]
    assert [one.figures for one in ours] == [one.figures for one in others]


def test_a_seal_of_another_question_is_refused():
    sealed = seal("Who?", ["one", "two"], 1)
    assert predict("04", "Who?", ["one", "two"], sealed).data["right"] == 0
    for question, choices in (("Who not?", ["one", "two"]), ("Who?", ["1", "two"])):
        with pytest.raises(ValueError, match="build the lesson anew"):
            predict("04", question, choices, sealed)


def test_words_are_shown_and_read_aloud():
    assert inline("`a<b` or **c** & *d*") == (
        "<code>a&lt;b</code> or <strong>c</strong> &amp; <em>d</em>"
    )
    assert inline("about $h_t$").startswith("about <math")
    assert "<script" not in inline("$<script>$ `<script>` *<script>* <script>")
    assert plain(r"$\sigma(b_f)$ of `U`, *not* $\tanh c$") == "σ(b_f) of U, not tanh c"


def test_without_scripts_there_are_boxes():
    sealed = seal("Who?", ["one", "two"], 1)
    still = predict("04", "Who?", ["one", "two"], sealed).html().partition("<script>")[0]
    assert "<li>☐ one</li><li>☐ two</li>" in still and "☐ certain" in still
    assert "<script" not in score("04", [sealed]).html().partition("<script>")[0]
