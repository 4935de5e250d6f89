"""A learner's text outside of the sandbox: every step with it has a bound or a clock."""

import re
import time

import pygments
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.delivery.grading import commands, gradebook, pages
from course_utils.delivery.grading.bounded import TooSlowError, at_most
from course_utils.delivery.grading.classroom import Classroom
from course_utils.delivery.grading.visible import LONGEST, MARKS, on_one_line, visible

from .classes import SET, handed_in, lay

ENDLESS = re.compile(r"(a+)+$")
GUARD = 60  # seconds: against hanging alone
UNITS = [
    *[" ", "\n", "\t", " \n", "\n ", "\t\n", "\\", "\\\n", "'", '"', '"""', "f'", "f'{"],
    *["{", "(", "[", "#", "@a", "a ", "1", ".", "0_", "1e", "\u0301", "\u202e", "\xa0", "%s", "}}"],
    *["match ", "match \t", "case ", "def ", "class ", "import a,", "from . ", "lambda "],
    *["a:=", "\\N{", "f'''{x!r:"],
]  # fmt: skip


def test_an_endless_search_is_stopped() -> None:
    with pytest.raises(TooSlowError), at_most(0.2):
        ENDLESS.match("a" * 60 + "b")


def test_one_clock_inside_of_another() -> None:
    with pytest.raises(TooSlowError, match=r"0\.3"), at_most(0.3):
        with pytest.raises(TooSlowError, match=r"0\.1"), at_most(0.1):
            ENDLESS.match("a" * 60 + "b")
        ENDLESS.match("a" * 60 + "b")  # the outer one still runs


def test_what_is_in_time_is_left_alone() -> None:
    with at_most(0.2):
        made = sum(range(1000))
    end = time.process_time() + 0.4
    while time.process_time() < end:  # no clock rings afterwards
        made += 1
    assert made > 499_500


def coloured(text: str, monkeypatch) -> int:
    """How many characters the lexer gets of an answer."""
    given: list[int] = []
    monkeypatch.setattr(pygments, "highlight", lambda code, *_: given.append(len(code)) or "<pre>")
    pages.code(text)
    return sum(given)


def test_blanks_without_end_get_no_colours(monkeypatch) -> None:
    for unit in (" ", "\n", "\t", " \n", "\r\n", "\u3000", "\n    "):
        assert coloured("x = 1\n" + unit * 20_000, monkeypatch) == 0
        assert coloured("match" + unit * 300 + "x", monkeypatch) == 0
    assert coloured("x = 1\n" * 100, monkeypatch) == 600
    assert coloured("x = 1\n" * 10_000, monkeypatch) == 0


def test_the_lexer_has_a_clock(monkeypatch) -> None:
    monkeypatch.setattr(pages, "SECONDS", 0.2)
    monkeypatch.setattr(pygments, "highlight", lambda *_: ENDLESS.match("a" * 60 + "b"))
    assert pages.code("x < 1") == "<pre>x &lt; 1</pre>"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3), st.sampled_from("x'\n)}"))
def test_code_of_any_kind_is_shown_in_time(parts: list[str], end: str) -> None:
    unit = "".join(parts)
    start = time.process_time()
    page = pages.code((unit * 20_000)[:19_998] + end)
    assert "<pre" in page and time.process_time() - start < GUARD


def test_a_whole_page_has_a_clock(tmp_path, monkeypatch) -> None:
    lay(tmp_path, {"ada": handed_in()})
    monkeypatch.setattr(gradebook, "PAGE_SECONDS", 0.2)
    monkeypatch.setattr(pages, "text", lambda _: ENDLESS.match("a" * 60 + "b"))
    commands.grade(tmp_path, None)
    failed = gradebook.feedback(Classroom(tmp_path), SET, ["ada"])
    assert len(failed) == 1 and failed[0].startswith("nbgrader could not write the feedback of ada")
    assert failed[0].endswith("TooSlowError: more than 0.2 s of processor time.")


def test_a_page_has_a_bound() -> None:
    assert len(pages.code("x\n" * 10**6)) < 2 * LONGEST + 100
    assert "and 1800000 characters more" in pages.code("x\n" * 10**6)
    assert len(pages.words("<" * 10**6)) < 5 * LONGEST


def test_nothing_hides_or_turns_the_line_round() -> None:
    assert visible("a\u202eb\u2066c\x00\ue000\u200bd") == (
        "a‹U+202E›b‹U+2066›c‹U+0000›‹U+E000›‹U+200B›d"
    )
    assert visible("a" + "\u0301" * 1000 + "b") == "a" + "\u0301" * MARKS + "b"
    for text in ("naïve", "क्षत्रिय", "می‌خواهم", "שָׁלוֹם", "👩‍🔬", "a\tb\nc", "漢字"):
        assert visible(text) == text
    assert on_one_line("one\r\ntwo\u2028\n\n three\t.") == "one ⏎ two‹U+2028› ⏎ three ."
    assert visible("\ud800") == "‹U+D800›"
