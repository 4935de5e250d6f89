"""Several things in place of one, things that are no data, and numbers that nearly agree."""

import numpy as np
import pytest

from course_utils.feedback import problems
from course_utils.feedback.run import collect
from course_utils.feedback.wording import apart


class Cache:
    pass


def message(name: str, change) -> str:
    """What is said of the right answer, changed."""
    problem = problems.get(name)
    questions = problem.questions(0)

    def answer(*given):
        return change(problem.reference(*given))

    return problem.judge(questions, collect(problem, answer, questions, 600)).message


TWO = "Two things come back, one is asked for: h. The first is right: return h alone."


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("rnn_step", lambda h: (h, {"a": h}), TWO),
        ("rnn_step", lambda h: (h, (h, h.T)), TWO),
        ("rnn_step", lambda h: (h, [h, h.T]), TWO),
        ("rnn_step", lambda h: (h, None), TWO),
        ("rnn_step", lambda h: (h, "cache"), TWO),
        ("rnn_step", lambda h: (h, Cache()), TWO),
        ("rnn_step", lambda h: (h, np.tanh), TWO),
        ("rnn_step", lambda h: (h, [Cache()]), TWO),
        ("rnn_step", lambda h: (h, h), TWO),
        ("rnn_step", lambda h: [h, h], TWO),
        ("rnn_step", lambda h: [h, {}], TWO),
        ("rnn_step", lambda h: (h, h.T), TWO),
        ("rnn_forward", lambda h: (h[:, -1], h), "The second is right: return h alone."),
        ("rnn_forward", lambda h: (h, h[:, -1], h), "Three things come back, one is asked for: h."),
        ("rnn_step", lambda h: (2 * h, {}), "Two things come back, one is asked for: h."),
        ("rnn_params", lambda n: (n, n), "Two things come back, one is asked for: count."),
        ("rnn_step", lambda h: {"h": h, "c": h}, "a dict with h and c; h alone is asked for."),
        (
            "lstm_step",
            lambda two: (*two, {}),
            "Three things come back, two are asked for: h",
        ),
        ("lstm_step", lambda two: (two[0], Cache()), "c is a Cache. h is right."),
        ("lstm_step", lambda two: (two[0], np.tanh), "are the brackets of a call missing? h is"),
        ("rnn_step", lambda h: np.tanh, "are the brackets of a call missing?"),
        ("rnn_step", lambda h: [1, [2, 3]], "h has rows of different lengths"),
        ("rnn_forward", lambda h: list(h.swapaxes(0, 1)), "Time stands first in your result"),
    ],
)
def test_several_things(name: str, change, said: str) -> None:
    found = message(name, change)
    assert said in found and "?." not in found


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rnn_step", lambda h: tuple(map(tuple, h))),
        ("rnn_step", list),
        ("rnn_step", lambda h: {"h": h}),
        ("rnn_params", lambda n: [n]),
        ("lstm_step", list),
        ("lstm_step", np.stack),
    ],
)
def test_one_thing_in_another_form_is_right(name: str, change) -> None:
    assert message(name, change).startswith("Right: ")


def test_numbers_that_nearly_agree_are_told_apart() -> None:
    said = message("rnn_step", lambda h: h.astype(np.float16))
    shown, right = said.split(" is ", 1)[1].split("; it should be ")
    assert shown != right.split()[0] and 4 <= len(shown.strip("-0.")) <= 6


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        ((0.936, 0.5), ("0.936", "0.5")),
        ((0.93623, 0.93584), ("0.9362", "0.9358")),
        ((0.9364999, 0.9365001), ("0.9364999", "0.9365001")),
        ((12345678.0, 12345679.0), ("12345678", "12345679")),
        ((1000.4, 1000.0), ("1000.4", "1,000")),
        ((28160.0, 28161.0), ("28,160", "28,161")),
        ((1.0, 1.0 + 2**-52), ("1", "1.0000000000000002")),
        ((0.0, 1e-9), ("0", "1e-09")),
        ((float("nan"), 0.5), ("nan", "0.5")),
        ((float("inf"), 1e300), ("inf", "1e+300")),
        ((-1e-4, 1e-4), ("-0.0001", "0.0001")),
    ],
)
def test_as_many_digits_as_differ(pair, shown) -> None:
    assert apart(*pair) == shown


def test_long_texts_are_told_apart_where_they_differ() -> None:
    from course_utils.feedback.wording import _texts

    one, other = "a" * 200 + "b", "a" * 200 + "c"
    assert _texts(one, other) == "'b' from letter 201 on, not 'c' from letter 201 on"
    assert _texts("x", "y") == "'x', not 'y'"
