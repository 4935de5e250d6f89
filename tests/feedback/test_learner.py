"""check, hint and progress, as a learner meets them."""

import json
import threading

import numpy as np
import pytest

from course_utils.feedback import check, hint, limit, problems, progress, record
from course_utils.feedback.plain import NUMBERS, Unreadable, as_numbers
from course_utils.lines import WIDTH
from course_utils.workbook import MANIFEST


@pytest.fixture
def workbook(tmp_path, monkeypatch):
    """A workbook, worked in from its folder of exercises."""
    (tmp_path / MANIFEST).write_text("{}")
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    return tmp_path


@pytest.fixture
def said(capsys):
    return lambda: capsys.readouterr().out


def reference(name):
    return problems.get(name).reference


def without_output_gate(x, h_prev, c_prev, W, U, b):
    _, c = reference("lstm_step")(x, h_prev, c_prev, W, U, b)
    return np.tanh(c), c


def test_right_wrong_and_right_again(workbook, said) -> None:
    check("lstm_step", without_output_gate)
    first = said()
    assert first.startswith("✗ lstm_step:") and "h" in first
    check("lstm_step", reference("lstm_step"))
    assert said().startswith("✓ lstm_step:")
    check("lstm_step", without_output_gate)
    assert record.best()["lstm_step"] == 1  # what was right stays right


def test_progress_lies_in_the_workbook_and_is_shown(workbook, said) -> None:
    progress()
    assert "Nothing is done yet" in said()
    check("rnn_step", reference("rnn_step"))
    check("gru_step", lambda *_: None)
    said()
    progress()
    shown = said()
    assert shown.startswith("01  ✓ rnn_step  · rnn_forward") and "06  ✗ gru_step  · " in shown
    assert shown.endswith("1 of 10 right, 1 of 16 points.\n"), shown
    assert json.loads((workbook / record.PROGRESS).read_text())["best"]["rnn_step"] == 1


def test_rows_of_progress_break_between_names(workbook, said) -> None:
    for name in problems.names():
        if problems.get(name).lesson == "09":
            check(name, problems.get(name).reference)
    said()
    progress()
    lines = said().splitlines()
    assert lines[0].startswith("09  ✓ ") and lines[1].startswith("    ✓ ") and len(lines) > 2
    assert max(map(len, lines)) <= WIDTH
    rows = "".join(f"  {line[4:]}" for line in lines[:-1])
    assert rows.count("  ✓ ") == rows.count("✓ ") == rows.count("✓") == 5


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"best": {"a": "x"}}', '{"best": {"a": NaN}}', "\x00"]
)
def test_a_damaged_file_is_put_aside_and_kept(workbook, said, content: str) -> None:
    for _ in range(2):
        (workbook / record.PROGRESS).write_text(content)
        check("rnn_step", reference("rnn_step"))
        assert "was damaged" in said()
    kept = [path for path in workbook.iterdir() if "damaged" in path.name]
    assert [path.read_text() for path in kept] == [content] * 2
    assert record.best() == {"rnn_step": 1}


def test_a_file_that_cannot_be_written_is_a_sentence(workbook, said, monkeypatch) -> None:
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record, "write_atomically", full)
    check("rnn_step", reference("rnn_step"))
    assert "could not be kept" in said()


def test_outside_a_workbook_nothing_is_written(tmp_path, monkeypatch, said) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_here", {})
    check("rnn_step", reference("rnn_step"))
    assert not list(tmp_path.iterdir()) and record.best() == {"rnn_step": 1}


def forgot_return(x, h_prev, W, U, b):
    h = np.tanh(x @ W + h_prev @ U + b)  # noqa: F841


def endless(x, h_prev, W, U, b):
    while True:
        pass


def in_place(x, h_prev, W, U, b):
    h_prev *= 0
    return np.tanh(x @ W + b)


def not_yet(x, h_prev, W, U, b):
    """Dots, as in a hand-out."""
    ...


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (forgot_return, "returns nothing: end it with `return h`"),
        (endless, "was not done after 0.3 seconds"),
        (in_place, "changes its argument h_prev"),
        (not_yet, "is still to be written"),
        (..., "is still to be written"),
        (lambda x: x, "is what the check calls, with 5 arguments"),
        (lambda x, h_prev, W, U, b: x @ U, "`x @ U`|x @ U"),
        (lambda x, h_prev, W, U, b: np.full((len(x), len(U)), np.nan), "nan|NaN"),
        (lambda x, h_prev, W, U, b: "a string", "h"),
        (lambda x, h_prev, W, U, b: exit(), r"leave exit\(\) out"),
        (np.zeros(3), "needs the function itself"),
        (lambda x, h_prev, W, U, b: np.tanh, "are the brackets of a call missing"),
    ],
)
def test_what_goes_wrong_is_a_sentence(workbook, capsys, answer, sentence: str) -> None:
    import re

    check("rnn_step", answer, seconds=0.3 if answer is endless else 60)
    captured = capsys.readouterr()
    assert captured.out.startswith("✗ rnn_step") and "Traceback" not in captured.out
    assert re.search(sentence, " ".join(captured.out.split())), captured.out
    tried = "still to be written" not in captured.out
    assert record.best() == ({"rnn_step": 0} if tried else {})


def late(x, h_prev, W, U, b):
    """Right, but only when it is told to stop."""
    try:
        endless(x, h_prev, W, U, b)
    except BaseException:
        return (h_prev + np.tanh(x @ W + h_prev @ U + b)) / 2


@pytest.mark.parametrize("answer", [endless, late])
def test_a_loop_without_end_is_stopped_without_an_alarm_too(
    workbook, said, answer, monkeypatch
) -> None:
    """As on Windows, and in any thread but the first: the loop runs in a thread of its own."""
    monkeypatch.setattr(limit, "PATIENCE", 60)
    others = set(threading.enumerate())
    worker = threading.Thread(target=check, args=("rnn_step", answer), kwargs={"seconds": 0.3})
    worker.start()
    worker.join(120)
    assert "was not done after 0.3 seconds" in said()
    assert set(threading.enumerate()) <= others


def test_an_except_exception_does_not_swallow_the_end_of_the_time(workbook, said) -> None:
    def careless(x, h_prev, W, U, b):
        while len(swallowed) < 3:
            try:
                sum(range(1000))
            except Exception:
                swallowed.append(1)

    swallowed: list[int] = []
    check("rnn_step", careless, seconds=0.2)
    assert "was not done after 0.2 seconds" in said() and not swallowed


def test_a_loop_that_swallows_exceptions_is_stopped(workbook, said) -> None:
    def stubborn(x, h_prev, W, U, b):
        while True:
            try:
                sum(range(100_000))  # long, so that no alarm rings between two rounds
            except BaseException:
                if len(alarms) > 2:
                    raise
                alarms.append(1)

    alarms: list[int] = []
    check("rnn_step", stubborn, seconds=0.2)
    assert "was not done after 0.2 seconds" in said() and len(alarms) == 3


def test_an_unknown_name_gets_the_nearest(workbook, said) -> None:
    check("lstm_stap", len)
    assert "did you mean 'lstm_step'?" in said()
    hint("lstm_stap")
    assert "did you mean 'lstm_step'?" in said()


def test_hints(said) -> None:
    for level, expected in enumerate(problems.get("lstm_step").hints, 1):
        hint("lstm_step", level)
        shown = said()
        assert expected in " ".join(shown.split())
        assert max(map(len, shown.splitlines())) <= WIDTH
    hint("lstm_step", 4)
    assert "level is 1 to 3" in said()


def bomb(depth: int):
    return [bomb(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    "value",
    [np.array([object()]), np.zeros(2_000_000), bomb(400), 10**400, {"h": "x" * 10**6}, b"\x00"],
    ids=["objects", "huge", "deep", "long", "text", "bytes"],
)
def test_hostile_answers_are_judged_and_not_obeyed(value) -> None:
    problem = problems.get("rnn_step")
    questions = problem.questions(0)
    verdict = problem.judge(questions, [value] * len(questions))
    assert verdict.score == 0 and len(verdict.message) < 2000


def test_the_numbers_of_all_parts_are_counted_together() -> None:
    with pytest.raises(Unreadable, match="holds too many numbers"):
        as_numbers([np.zeros(NUMBERS // 2 + 1)] * 2)


def test_a_check_without_an_answer_says_how_it_is_handed_over(workbook, said) -> None:
    check("rnn_step")
    assert said() == 'Hand your function over, too: check("rnn_step", rnn_step).\n'
    check("rnn_step", ...)
    assert "is still to be written" in said()
    assert record.best() == {}
