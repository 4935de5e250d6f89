"""Steps against the rate: every run is a mark, and what was not solved stands above the budget."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from course_utils import plots

RUNS = {
    "RNN": {0.001: [400, 600, np.inf], 0.01: [np.inf, np.nan, 900]},
    "GRU": {0.01: [100, 200, 300]},
}


def panel(**given):
    return plots.steps_against_rate({"Recall": RUNS}, **({"budget": 1000} | given)).axes[0]


def of_colour(ax, cell):
    color = plots.CELLS[cell].color.lower()
    return [line for line in ax.lines if to_hex(line.get_color()) == color]


def runs(ax, cell):
    """The marks of runs, rate by rate."""
    marks = [line for line in of_colour(ax, cell) if line.get_linestyle() == "None"]
    return [sorted(line.get_ydata()) for line in marks]


def medians(ax, cell):
    [line] = [line for line in of_colour(ax, cell) if line.get_label() in ("RNN", "GRU")]
    return list(line.get_ydata())


def test_each_run_is_a_mark_and_an_unsolved_one_stands_above_the_budget():
    ax = panel()
    first, second = runs(ax, "SimpleRNN")
    assert first[:2] == [400, 600] and first[2] > 1000
    assert second[0] == 900 and min(second[1:]) > 1000
    assert runs(ax, "GRU") == [[100, 200, 300]]


def test_the_line_joins_medians_and_a_median_that_never_got_there_is_above_as_well():
    ax = panel()
    low, high = medians(ax, "SimpleRNN")
    assert low == 600 and high > 1000
    assert medians(ax, "GRU") == [200]
    assert "never" in [label.get_text() for label in ax.get_yticklabels()]


def test_the_cells_stand_side_by_side_at_a_rate_and_the_rates_are_named():
    ax = panel()
    at = {line.get_xdata()[0] for cell in ("SimpleRNN", "GRU") for line in of_colour(ax, cell)}
    assert len([x for x in at if 0.009 < x < 0.011]) == 2
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.001", "0.01"]


def test_each_task_has_its_panel_and_its_budget():
    tasks = {name: RUNS for name in ("Adding", "Copy", "Order", "Recall")}
    fig = plots.steps_against_rate(tasks, {name: 1000 * k for k, name in enumerate(tasks, 1)})
    shown = [ax for ax in fig.axes if ax.axison]
    assert [ax.get_title(loc="left") for ax in shown] == list(tasks)
    assert [ax.get_ylim()[1] for ax in shown] == [1750, 3500, 5250, 7000]
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["RNN", "GRU"]


CURVE = (np.array([100, 400]), np.array([0.5, 0.75]), np.array([0.2, 0.4]), np.array([0.8, 0.9]))
NOBODY = (np.array([]),) * 4


def test_the_share_rises_where_a_run_is_solved_and_stays_to_the_end_of_the_budget():
    fig = plots.shares_solved({"Copy": {"RNN": NOBODY, "GRU": CURVE}}, budget=1000)
    nobody, gru = fig.axes[0].lines
    assert set(nobody.get_ydata()) == {0} and nobody.get_xdata()[-1] == 1000
    assert list(gru.get_xdata()) == [1, 100, 400, 1000]
    assert list(gru.get_ydata()) == [0, 0.5, 0.75, 0.75]
    assert gru.get_drawstyle() == "steps-post"
    assert [text.get_text() for text in fig.legends[0].get_texts()] == ["RNN", "GRU"]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        plots.shares_solved({}, 1000)
    with pytest.raises(ValueError, match="at least one"):
        plots.steps_against_rate({}, 1000)
    with pytest.raises(ValueError, match="no rate"):
        plots.steps_against_rate({"Copy": {"GRU": {}}}, 1000)
