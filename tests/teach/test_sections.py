"""What is counted in a lesson, on a lesson small enough to count by hand."""

from pathlib import Path

import nbformat
import pytest

from course_utils.delivery.authoring import build
from course_utils.delivery.authoring.document import AuthoringError, Document
from course_utils.delivery.authoring.teaching import seconds
from course_utils.delivery.authoring.teaching.minutes import ALONE, LIVE, Rates, minutes
from course_utils.delivery.authoring.teaching.sections import OPENING, sections, words
from course_utils.delivery.authoring.teaching.slides import slides

SOURCE = """\
# %% [markdown]
# # 77 · A lesson
#
# ## What you will learn
#
# - To count.
#
# ## What you need
#
# Fingers.

# %% tags=["setup"]
import time

START = time.process_time()

# %% [markdown]
# ## First
#
# **Question.** How many?
#
# $$1 + 1 = 2$$
#
# **Predict.** Two, or $n + 1$?

# %%
def claim(*_):
    pass


while time.process_time() < START + 0.5:
    pass

# %%
claim(
    "Two.",
    True,
)

# %% [markdown]
# Two, says [the book](https://example.org/a/b/c).
#
# ## Second
#
# The end.
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Document:
    source = tmp_path / "notebooks" / "src" / "77_a_lesson.py"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    return Document(source, tmp_path / "notebooks" / "77_a_lesson.ipynb", tmp_path)


def test_a_lesson_counted_by_hand(lesson: Document) -> None:
    opening, first, second = sections(lesson.text())
    assert [one.title for one in (opening, first, second)] == [OPENING, "First", "Second"]
    assert (opening.words, opening.lines, opening.prompts) == (6, 0, 0)
    assert (first.words, first.formulas, first.lines) == (11, 1, 4)
    assert (first.prompts, first.claims, first.figures) == (2, 1, 0)
    assert (second.words, second.cells, second.code) == (2, (), "")


def test_pictures_are_counted_from_outputs(lesson: Document) -> None:
    notebook = lesson.text()
    picture = nbformat.v4.new_output("display_data", {"text/html": "<img alt='a'>"})
    notebook.cells[3].outputs = [picture, nbformat.v4.new_output("stream", text="2")]
    assert [one.figures for one in sections(notebook)] == [0, 1, 0]


def test_code_is_known_by_its_text(lesson: Document) -> None:
    before = [one.code for one in sections(lesson.text())]
    lesson.source.write_text(SOURCE.replace("0.5", "0.6"), encoding="utf-8")
    after = [one.code for one in sections(lesson.text())]
    assert [a == b for a, b in zip(before, after)] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One two three.", 3),
        ("A formula $a + b$ is one word.", 6),
        ("It's 1,120 steps, state-of-the-art.", 4),
        ("$$a + b = c$$\n\n```\nno prose\n```\n\nTwo words", 2),
        ("<details><summary>An answer</summary></details>", 2),
        ("| a | b |\n|---|---|\n| c | d |", 4),
    ],
)
def test_words(text: str, count: int) -> None:
    assert words(text) == count


def test_slides_are_counted_where_they_stand(lesson: Document) -> None:
    slide = '# %% [markdown] slide="words" minutes={}\n# ## Said in five words\n#\n# Notes: so.\n\n'
    before, first, second = SOURCE.partition("# %%\ndef claim")
    lesson.source.write_text(
        before + slide.format(2) + slide.format(1.5) + first + second, encoding="utf-8"
    )
    assert slides(lesson) == {"First": (2, 3.5)}
    lesson.source.write_text(SOURCE + "\n" + slide.format(3), encoding="utf-8")
    assert slides(lesson) == {"Second": (1, 3.0)}


def test_minutes_are_the_sum_at_the_rates(lesson: Document) -> None:
    _, first, second = sections(lesson.text())
    rates = Rates(words=11, formula=60, line=20, prompt=30, figure=7, claim=60)
    assert minutes(first, 60, rates) == 1 + 1 + 1 + 1 + 1 + 1
    assert minutes(second, 0, ALONE) == minutes(second, 0, LIVE) == 1


def test_running_is_measured_and_kept(lesson: Document) -> None:
    (lesson.root / seconds.STORED).parent.mkdir(parents=True)
    told: list[str] = []
    seconds.measure(["77"], root=lesson.root, report=told.append)
    found = seconds.stored(lesson.root)
    assert set(found) == {("77_a_lesson", OPENING), ("77_a_lesson", "First")}
    assert 0.3 <= found["77_a_lesson", "First"].seconds < 5
    assert found["77_a_lesson", "First"].code == sections(lesson.text())[1].code
    assert "core" in found["77_a_lesson", "First"].machine
    assert not lesson.target.exists(), "the notebook is left alone"
    assert told[-1].startswith("77_a_lesson  ")


def test_a_build_keeps_how_long_it_ran(lesson: Document) -> None:
    build.build(["77"], root=lesson.root, report=lambda line: None)
    assert not (lesson.root / seconds.STORED).exists(), "no guide, nothing to keep"
    (lesson.root / seconds.STORED).parent.mkdir(parents=True)
    build.build(["77"], force=True, root=lesson.root, report=lambda line: None)
    assert 0.3 <= seconds.stored(lesson.root)["77_a_lesson", "First"].seconds < 5


def test_a_file_that_is_no_measurement_is_refused(lesson: Document) -> None:
    path = lesson.root / seconds.STORED
    path.parent.mkdir(parents=True)
    path.write_text("lesson,section\n00_x,First\n", encoding="utf-8")
    with pytest.raises(AuthoringError, match="cannot be read: remove it"):
        seconds.stored(lesson.root)
