"""Bars show for a person at work, and not where outputs are compared."""

import pytest

from course_utils.training import with_progress
from course_utils.training.progress import QUIET, Progress


def test_items_come_as_they_are_and_no_bar_is_seen_under_test(capfd):
    assert list(with_progress([3, 1, 2])) == [3, 1, 2]
    assert capfd.readouterr() == ("", "")


def test_a_person_sees_one_bar_that_counts_runs(capfd, monkeypatch):
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    assert list(with_progress(range(4), "seeds")) == [0, 1, 2, 3]
    shown = capfd.readouterr().err
    assert "seeds" in shown and "4/4" in shown and "run" in shown


def test_a_run_that_breaks_off_leaves_the_bar_where_it_was(capfd, monkeypatch):
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)

    def broken():
        for item in with_progress(range(4)):
            if item == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert "4/4" not in capfd.readouterr().err


def test_a_run_that_reached_its_target_early_fills_the_bar_of_a_notebook(monkeypatch):
    bar = bar_of_a_notebook(monkeypatch, "RNN")
    for _ in range(4):
        bar.advance()
    bar.close(complete=True)
    _, shown, words = bar._bar.container.children
    assert (shown.value, shown.max, shown.bar_style) == (4, 4, "success")
    assert "4/4" in words.value


def test_the_last_note_is_the_one_that_stays(monkeypatch):
    bar = bar_of_a_notebook(monkeypatch, "RNN")
    for step in range(100):
        bar.note(f"loss {1 - step / 100:.2f}")
        bar.advance()
    bar.close(complete=True)
    assert bar._bar.container.children[2].value.endswith("0.01]")


def test_bars_of_single_trainings_go_and_the_one_for_all_stays(monkeypatch):
    inner = [bar_of_a_notebook(monkeypatch, "RNN") for _ in with_progress(range(2), "seeds")]
    alone = bar_of_a_notebook(monkeypatch, "RNN")
    assert [bar._bar.leave for bar in (*inner, alone)] == [False, False, True]


def bar_of_a_notebook(monkeypatch, label):
    from tqdm.notebook import tqdm

    for name in QUIET:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tqdm.auto.tqdm", tqdm)
    return Progress(100, label)
