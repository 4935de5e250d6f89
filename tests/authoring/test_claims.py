"""A claim prints one stable line, or stops the lesson and says why."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.authoring.inventory import LINE, claims
from course_utils.claims import LONGEST, MARK, ClaimError, claim

TEXT = "The RNN stays at the baseline of 0.167 (3 seeds)."


@pytest.mark.parametrize("condition", [True, np.True_, np.float64(2) > 1])
def test_a_claim_that_holds_is_one_line(capsys, condition):
    claim(TEXT, condition, measured=0.1234567)
    assert capsys.readouterr().out == f"✓ claim: {TEXT}\n"


def test_what_it_reproduces_is_printed(capsys):
    claim(TEXT, True, source="Gers 2000, table 1", published=0.17)
    assert capsys.readouterr().out.endswith("[source: Gers 2000, table 1; published: 0.17]\n")


@pytest.mark.parametrize("condition", [False, np.False_])
def test_a_claim_that_fails_says_what_was_measured(capsys, condition):
    with pytest.raises(ClaimError, match=r"does not hold: The RNN.*Measured: 0\.05.*Gers.*0\.17"):
        claim(TEXT, condition, measured=0.05, source="Gers 2000", published=0.17)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (1, "not a int"),
        (None, "not a NoneType"),
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
    "text", ["", " ", "No period", " Space before.", "Two\nlines.", "L" * LONGEST + "."]
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


@pytest.mark.parametrize("source", ["", "a\nb", "a]b", "a;b"])
def test_a_source_can_be_read_back(source):
    with pytest.raises(ValueError, match="source"):
        claim(TEXT, True, source=source)


notes = st.text("abc 12,.()-", min_size=1).filter(str.strip)


@given(st.text("abc [;](2000): ", max_size=60), st.none() | notes, st.none() | notes)
def test_what_is_printed_is_read_back(text, source, published):
    text = f"C{text}."
    published = published if source is not None else None
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lines.append)
        claim(text, True, source=source, published=published)
    [line] = lines
    assert line.startswith(MARK)
    assert LINE.match(line).groups() == (text, source, published)


def test_claims_are_listed_from_the_notebooks(built):
    found = claims(root=built.root)
    assert [one.cell for one in found] == [4, 8, 8]
    assert found[0].text == "From 1, doubling passes 100 at the seventh step."
    assert found[2][3:] == ("Euclid", "yes")
    assert {one.lesson for one in found} == {"01_trial"}
