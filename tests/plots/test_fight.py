"""Figures of the comparison: every run is there, in its cell's colour, and unsolved is seen."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plots

SHARE = (0.6, 0.23, 0.88)
TASKS = {
    "Recall": {"RNN": (SHARE, [200, 200, 400, np.inf, np.nan]), "LSTM, chrono": (SHARE, [100])}
}


def marks(ax):
    return [line for line in ax.lines if line.get_linestyle() == "None"]


def test_each_run_is_a_mark_and_unsolved_ones_stand_beyond_the_budget():
    steps = plots.success_and_steps(TASKS, budget=1500).axes[1]
    places = np.concatenate([m.get_xdata() for m in marks(steps) if m.get_ydata()[0] == 0])
    assert len(places) == 5
    assert np.sum(places > 1500) == 2
    assert np.sum(np.abs(places - 200) < 10) == 2


def test_the_interval_is_drawn_and_a_start_of_its_own_is_filled():
    share = plots.success_and_steps(TASKS, budget=1500).axes[0]
    assert any(tuple(line.get_xdata()) == SHARE[1:] for line in share.lines)
    ring, filled = marks(share)
    assert to_hex(ring.get_color()) == plots.CELLS["SimpleRNN"].color.lower()
    assert to_hex(filled.get_color()) == plots.CELLS["LSTM"].color.lower()
    assert ring.get_markerfacecolor() != filled.get_markerfacecolor() == filled.get_color()


def test_a_run_that_ends_keeps_its_last_value_and_has_a_dot_there():
    runs = [np.array([1, 0.5, 0.1]), np.array([1, 1, 0.9, 0.8, 0.7])]
    ax = plots.loss_grid({"Copy": {"GRU": runs}}, every=50, budget=200).axes[0]
    line, dot = ax.lines[:2]
    assert line.get_ydata()[-1] == pytest.approx((0.1 + 0.7) / 2)
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (100, 0.1)


@pytest.mark.parametrize("end", [np.nan, np.inf])
@pytest.mark.parametrize(("before", "shown"), [([1, 0.5], 0.5), ([1, 9.0], 1.35), ([], 1.35)])
def test_a_run_that_diverges_has_a_cross_and_counts_as_worst(end, before, shown):
    runs = [np.array([*before, end]), np.full(5, 0.9), np.full(5, 0.8)]
    fig = plots.loss_grid({"Copy": {"GRU": runs, "GRU, chrono": runs}}, every=50, budget=200)
    ax = fig.axes[0]
    line, cross = ax.lines[:2]
    assert list(line.get_ydata()[2:]) == [0.9] * 3
    at = (50 * max(len(before) - 1, 0), shown)
    assert cross.get_marker() == "X" and (cross.get_xdata()[0], cross.get_ydata()[0]) == at
    band = ax.collections[0].get_paths()[0].vertices
    assert band[:, 1].max() > ax.get_ylim()[1] and np.isfinite(band).all()
    names = [text.get_text() for text in fig.legends[0].get_texts()]
    assert names[1] == "a run has diverged" and "solved" in names[2]


def test_where_no_run_diverged_there_is_no_cross():
    fig = plots.loss_grid({"Copy": {"GRU": [np.ones(5), np.ones(2)]}}, every=50, budget=200)
    assert "X" not in [line.get_marker() for line in fig.axes[0].lines]
    assert all("diverged" not in text.get_text() for text in fig.legends[0].get_texts())


def test_each_cell_has_one_column():
    runs = [np.ones(5)]
    grid = {"Copy": {"RNN": runs, "LSTM": runs, "LSTM, chrono": runs}}
    fig = plots.loss_grid(grid, every=50, budget=200)
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["RNN", "LSTM"]


@pytest.mark.parametrize(("start", "named"), [("chrono", "chrono init"), ("IRNN", "identity")])
def test_a_start_of_its_own_is_called_by_its_name(start, named):
    runs = [np.ones(5)]
    fig = plots.loss_grid({"Copy": {"RNN": runs, f"RNN, {start}": runs}}, every=50, budget=200)
    first, second = (text.get_text() for text in fig.legends[0].get_texts())
    assert first == "Keras's defaults" and second.startswith(start) and named in second


def test_longer_sequences_draw_each_run():
    losses = np.array([[0.01, 0.1, 1], [0.02, 0.2, 2]])
    fig = plots.longer_sequences({"GRU": losses}, (100, 200, 400), baseline=1 / 6, solved=0.01)
    assert [list(m.get_ydata()) for m in marks(fig.axes[0])] == losses.tolist()


def test_what_does_not_fit_is_refused():
    for figure, rest in (
        (plots.success_and_steps, (1500,)),
        (plots.loss_grid, (50, 1500)),
        (plots.longer_sequences, ((100,), 0.1, 0.01)),
    ):
        with pytest.raises(ValueError, match="at least one"):
            figure({}, *rest)
    with pytest.raises(ValueError, match="columns"):
        plots.longer_sequences({"GRU": np.ones((5, 2))}, (1, 2, 4), 0.1, 0.01)
    with pytest.raises(ValueError, match="must begin"):
        plots.success_and_steps({"a": {"Transformer": (SHARE, [1])}}, budget=10)
