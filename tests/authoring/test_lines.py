"""What the course prints is broken between words, and loses none of them."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.lines import WIDTH, filled, joined, wrapped

words = st.lists(st.text("ab(-)=", min_size=1, max_size=100), min_size=1, max_size=40)


@given(words, st.sampled_from(["", "✗ ", "Hint 1 of 3: "]))
def test_no_word_is_broken_or_lost(words, lead):
    lines = wrapped(" ".join(words), lead).split("\n")
    assert lines[0].startswith(lead) and all(
        line[: len(lead)].isspace() for line in lines[1:] if lead
    )
    assert [word for line in lines for word in line[len(lead) :].split(" ")] == words
    assert all(len(line) <= WIDTH or " " not in line[len(lead) :] for line in lines)
    few = textwrap.wrap(
        " ".join(words), WIDTH - len(lead), break_long_words=False, break_on_hyphens=False
    )
    assert len(lines) == len(few), "no line more than there must be"


@pytest.mark.parametrize("hyphened", ["one-hot-" * 12, "x" * 100])
def test_a_word_that_is_too_long_stays_whole(hyphened):
    assert wrapped(f"first {hyphened} last").split("\n") == ["first", hyphened, "last"]


def test_a_text_of_several_lines_keeps_them():
    table = "\n".join(["RNN  " + "0.5  " * 20, "    h = " + "a + " * 30, "", " [1. 2.]"])
    assert wrapped(f"It stops.\n{table}", "✗ ") == f"✗ It stops.\n{table}"


def test_prose_among_several_lines_is_broken():
    lines = wrapped("It stops.\n" + "because " * 20).split("\n")
    assert lines[:2] == ["It stops.", " ".join(["because"] * 11)] and len(lines) == 3


def test_the_last_line_is_no_single_word():
    text = "word " * 17 + "(2 seeds)."
    assert wrapped(text).split("\n") == ["word " * 14 + "word", "word word (2 seeds)."]


def test_gaps_stay_within_a_line():
    assert filled("a  b   c") == "a  b   c"
    assert filled("") == "" and filled("", "✗ ") == "✗"


@pytest.mark.parametrize("before", range(60))
def test_lines_of_chinese_are_joined_as_they_were(before: int) -> None:
    sentence = "训练 300 步之后，LSTM 在距离 40 处答对超过 95% 的句子（学习率 0.01）。"
    text = "长" * before + 2 * sentence
    broken = filled(text).split("\n")
    assert len(broken) > 1 and joined(broken) == text
