"""Bars show for a person at work, and not where outputs are compared."""

import pytest

from course_utils.training import with_progress
from course_utils.training.progress import QUIET, Progress


@pytest.fixture
def at_work(monkeypatch):
    for name in QUIET:
        monkeypatch.delenv(name, raising=False)


def last_line(capfd) -> str:
    return capfd.readouterr().out.rstrip("\n").split("\r")[-1]


def test_items_come_as_they_are_and_no_bar_is_seen_under_test(capfd):
    assert list(with_progress([3, 1, 2])) == [3, 1, 2]
    assert capfd.readouterr() == ("", "")


def test_a_person_sees_one_bar_that_counts_runs(capfd, at_work):
    assert list(with_progress(range(4), "seeds")) == [0, 1, 2, 3]
    shown = last_line(capfd)
    assert "seeds" in shown and "4/4" in shown and "run" in shown


def test_a_run_that_breaks_off_leaves_the_bar_where_it_was(capfd, at_work):
    def broken():
        for item in with_progress(range(4)):
            if item == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert "2/4" in last_line(capfd) and Progress._around is None


def test_a_run_that_reached_its_target_early_is_complete(capfd, at_work):
    bar = Progress(100, "RNN")
    for _ in range(4):
        bar.advance()
    bar.close(complete=True)
    assert "100%" in (shown := last_line(capfd)) and "4/4" in shown


def test_the_last_note_is_the_one_that_stays(capfd, at_work):
    bar = Progress(100, "RNN")
    for step in range(100):
        bar.note(f"loss {1 - step / 100:.2f}")
        bar.advance()
    bar.close(complete=True)
    assert last_line(capfd).endswith("loss 0.01]")


def test_runs_inside_of_others_have_no_bar_and_say_how_far_they_are(capfd, at_work, monkeypatch):
    monkeypatch.setattr("course_utils.training.progress.PACE", -1)
    for _ in with_progress(range(2), "seeds"):
        run = Progress(7, "RNN")
        run.advance()
        assert run._bar is None and "1/7" in last_line(capfd)
        run.close(complete=True)
    assert "2/2" in (shown := last_line(capfd)) and "1/7" not in shown


def test_a_bar_is_a_line_that_no_kernel_has_to_show(capfd, at_work, monkeypatch):
    """In a notebook, too: of a widget "Error displaying widget" is left without its kernel."""
    monkeypatch.setattr("tqdm.auto.tqdm", None)
    list(with_progress(range(2)))
    assert len(last_line(capfd)) <= 80
