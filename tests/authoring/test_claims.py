"""A claim prints one stable sentence, or stops the lesson and says why."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course_utils.claims import LONGEST, MARK, ClaimError, claim, whole_lines
from course_utils.claims.printed import LINE
from course_utils.delivery.authoring.inventory import claims, notebook_claims
from course_utils.lines import WIDE, WIDTH

TEXT = "The RNN stays at the baseline of 0.167 (3 seeds)."


@pytest.mark.parametrize("condition", [True, np.True_, np.float64(2) > 1])
def test_a_claim_that_holds_is_printed(capsys, condition):
    claim(TEXT, condition, measured=0.1234567)
    assert capsys.readouterr().out == f"✓ claim: {TEXT}\n"


def test_what_it_reproduces_is_printed(capsys):
    claim(TEXT, True, source="Gers 2000, table 1", published=0.17)
    [line] = whole_lines(capsys.readouterr().out)
    assert line.endswith("[source: Gers 2000, table 1; published: 0.17]")


@pytest.mark.parametrize("condition", [False, np.False_])
def test_a_claim_that_fails_says_what_was_measured(capsys, condition):
    with pytest.raises(ClaimError) as caught:
        claim(TEXT, condition, measured=0.05, source="Gers 2000", published=0.17)
    first, below = str(caught.value).split("\n")
    assert first.startswith("This does not hold: The RNN") and len(f"ClaimError: {first}") <= WIDTH
    assert below.startswith(" " * len("ClaimError: ")) and below.endswith("Published: 0.17.")
    assert "Measured: 0.05. Source: Gers 2000." in " ".join(str(caught.value).split())
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (1, "not a int"),
        ("yes", "not a str"),
        (np.array([True, True]), r"array of shape \(2,\): use np.all"),
        (np.array(True), r"array of shape \(\)"),
        (np.int64(1), r"not an array|not a int64"),
    ],
)
def test_only_true_and_false_are_conditions(condition, message):
    with pytest.raises(TypeError, match=message):
        claim(TEXT, condition)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "No period",
        " Space before.",
        "Two\nlines.",
        "A  gap.",
        "A\ttab.",
        "From here → to there.",
        "L" * LONGEST + ".",
    ],
)
def test_a_text_is_one_sentence(text):
    with pytest.raises(ValueError, match="claim"):
        claim(text, True)


def test_swapped_arguments_are_noticed():
    with pytest.raises(TypeError, match="first argument of claim\\(\\) is its text"):
        claim(True, TEXT)


def test_a_published_figure_needs_its_source():
    with pytest.raises(ValueError, match="needs its source"):
        claim(TEXT, True, published=0.04)


@pytest.mark.parametrize("source", ["", "a\nb", "a]b", "a;b", "a  b", " a"])
def test_a_source_can_be_read_back(source):
    with pytest.raises(ValueError, match="source"):
        claim(TEXT, True, source=source)


def test_a_long_claim_is_broken_between_words(capsys):
    text = "The plain network stays at the baseline of 0.167, " + "however long " * 9 + "it is."
    claim(text, True)
    first, *below = capsys.readouterr().out.splitlines()
    assert len(below) == 2 and max(map(len, [first, *below])) <= WIDTH
    assert first.startswith(f"{MARK}The plain network stays")
    indent = " " * len(MARK)
    assert all(line.startswith(indent) and line[len(MARK)] != " " for line in below)
    assert " ".join(line[len(MARK) :] for line in [first, *below]) == text


def put(text, **notes):
    """What a claim prints."""
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lines.append)
        claim(text, True, **notes)
    [printed] = lines
    return printed


def spaced(words, most):
    return st.lists(words, min_size=1, max_size=most).map(" ".join)


notes = spaced(st.text("abc12,.()-", min_size=1, max_size=30), 8)
either = st.text("abc[;](2000):", min_size=1) | st.text(min_size=1, max_size=100)
narrow = either.filter(lambda text: not WIDE.search(text))  # where words have spaces between them
texts = spaced(narrow, 30).map(lambda text: f"C{' '.join(text.split())[: LONGEST - 2]}.")


@given(texts, st.none() | notes, st.none() | notes)
@example(f"Before {'x' * 100} after {'y' * 100}.", "z" * 200, None)
@example("x" * 120 + ".", None, None)
@example("A bracket [ in it.", "a paper", None)
def test_what_is_printed_is_read_back(text, source, published):
    published = published if source is not None else None
    printed = put(text, source=source, published=published)
    [line] = whole_lines(printed)
    assert line.startswith(MARK)
    given = {"source": source, "published": published}
    notes = "; ".join(f"{name}: {note}" for name, note in given.items() if note is not None)
    assert LINE.match(line).groups() == (text, notes or None, None)
    assert all(len(one) <= WIDTH or " " not in one.strip() for one in printed.split("\n")[1:])


others = st.text("ab ", max_size=100).filter(lambda line: not line.startswith(" "))
printed_and_read = texts.map(lambda text: (put(text), MARK + text)) | others.map(
    lambda line: (line, line)
)


@given(st.lists(printed_and_read, max_size=6))
def test_claims_among_other_lines_are_read_back(pairs):
    output = "".join(f"{printed}\n" for printed, _ in pairs)
    assert whole_lines(output) == [read for _, read in pairs]


def test_a_long_claim_of_a_notebook_is_one():
    text = "However long " * 10 + "it is, it is read whole (3 seeds)."
    output = new_output(
        "stream", name="stdout", text=f"first\n{put(text)}\n{put('Short.')}\nlast\n"
    )
    notebook = new_notebook(cells=[new_code_cell("", outputs=[output])])
    assert [one.text for one in notebook_claims("01", notebook)] == [text, "Short."]


def test_a_table_below_a_claim_is_no_part_of_it():
    short, table = f"{MARK}It holds.", " " * len(MARK) + "RNN  LSTM"
    assert whole_lines(f"{short}\n{table}\n") == [short, table]


def test_claims_are_listed_from_the_notebooks(built):
    found = claims(root=built.root)
    assert [one.cell for one in found] == [4, 8, 8]
    assert found[0].text == "From 1, doubling passes 100 at the seventh step."
    assert (found[2].source, found[2].published) == ("Euclid", "yes")
    assert {one.lesson for one in found} == {"01_trial"}
