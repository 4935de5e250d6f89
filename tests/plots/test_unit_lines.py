"""Units as lines: all are there, and the one that follows the count is the bold one."""

import numpy as np
import pytest

from course_utils import plots

COUNT = np.r_[1:6, 4:-1:-1]
STATES = np.stack([np.ones(10), np.sin(np.arange(10)), 3 - 2 * COUNT], axis=1)


def test_every_unit_is_a_line_and_the_best_follower_is_bold():
    ax = plots.unit_lines({"LSTM: c": STATES}, list("aaaaabbbbb"), follow=COUNT).axes[0]
    assert len(ax.lines) == 4
    bold = max(ax.lines, key=lambda line: line.get_linewidth())
    assert list(bold.get_ydata()) == list(STATES[:, 2])


def test_panels_have_one_axis():
    fig = plots.unit_lines({"LSTM: c": STATES, "GRU: h": STATES / 10}, list("aaaaabbbbb"))
    one, other = fig.axes
    assert one.get_ylim() == other.get_ylim()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        plots.unit_lines({}, [])
    with pytest.raises(ValueError, match="rows are steps"):
        plots.unit_lines({"GRU: h": STATES}, list("ab"))
