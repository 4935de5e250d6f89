"""Figures of backpropagation show the numbers they are given, and refuse those that do not fit."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch, Polygon

from course_utils.plots import (
    accuracy_against_distance,
    backward_by_hand,
    nudge_errors,
    windows,
)
from course_utils.plots.style import CLUE

X, H, DH = [1, 0.5, -0.5], [0.76, 0.71, -0.15], [-0.08, -0.32, -0.65]


def texts(fig) -> list[str]:
    return [text.get_text().replace("{", "").replace("}", "") for text in fig.axes[0].texts]


def test_every_number_of_the_backward_pass_is_written():
    shown = texts(backward_by_hand(X, H, 0.2084, DH, dx=[-0.033, -0.158, -0.632]))
    assert "$= 0.21$" in shown
    assert [text for text in shown if text in ("$0.76$", "$0.71$", "$-0.15$")] == [
        "$0.76$",
        "$0.71$",
        "$-0.15$",
    ]
    assert [text for text in shown if text in ("$1$", "$0.5$", "$-0.5$")] == [
        "$1$",
        "$0.5$",
        "$-0.5$",
    ]
    for t, (dh, dx) in enumerate(zip(("-0.08", "-0.32", "-0.65"), ("-0.03", "-0.16", "-0.63")), 1):
        assert f"$dh_{t} = {dh}$" in shown
        assert f"$dx_{t} = {dx}$" in shown


def test_votes_are_added_up():
    shown = texts(backward_by_hand(X, H, 0.2, DH, votes=[-0.0332, -0.079, 0.3159]))
    assert "$dw = -0.033 - 0.079 + 0.316 = 0.204$" in shown
    assert shown.count("$w$") == 3
    shown = texts(backward_by_hand(X, H, 0.2, DH, votes=[0.0332, -0.0001, 0.1]))
    assert "$dw = 0.033 - 0.000 + 0.100 = 0.133$" in shown


def test_a_larger_gradient_has_a_wider_arrow():
    fig = backward_by_hand(X, H, 0.2, DH)
    corners = [p.get_xy() for p in fig.axes[0].patches if isinstance(p, Polygon)]
    widths = [np.hypot(*(xy[0] - xy[-2])) for xy in corners]  # loss, then dh_1, dh_2
    assert widths[0] > widths[2] > widths[1]


@pytest.mark.parametrize(("T", "k"), [(9, 3), (12, 4), (5, 5), (4, 1)])
def test_gradients_go_back_within_windows_only(T, k):
    strokes = [p for p in windows(T, k).axes[0].patches if isinstance(p, FancyArrowPatch)]
    purple = [p for p in strokes if to_rgb(p.get_edgecolor()) == pytest.approx(to_rgb(CLUE))]
    cuts = [p for p in purple if p.get_linestyle() not in ("-", "solid")]
    assert len(cuts) == T // k - 1
    assert len(purple) - len(cuts) == T - T // k
    places = [p._path_original.vertices[0, 0] for p in cuts]
    for hook in set(purple) - set(cuts):
        x = hook._path_original.vertices[:, 0]
        assert not any(x.min() < cut < x.max() for cut in places)


def test_distances_and_nudges_are_drawn_where_they_belong():
    nudges = 10.0 ** np.arange(-4, 0)
    lines = nudge_errors(nudges, {"one": nudges, "two": nudges**2}).axes[0].lines
    np.testing.assert_allclose(lines[1].get_ydata(), nudges**2)
    runs = np.array([[1.0, 0.8, 0.9], [0.1, 0.3, 0.5]])
    lines = accuracy_against_distance([5, 20], {"cut": runs}).axes[0].lines
    np.testing.assert_allclose(lines[0].get_ydata(), [0.9, 0.3])
    assert sorted(np.ravel([line.get_ydata() for line in lines[1:]])) == sorted(runs.ravel())


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: backward_by_hand(X, H[:2], 0.2, DH), "h must have as many numbers"),
        (lambda: backward_by_hand([1] * 5, [1] * 5, 0.2, [1] * 5), "from 1 to 4"),
        (lambda: backward_by_hand(X, H, 0.2, DH, dx=X, votes=X), "dx or votes, not both"),
        (lambda: windows(9, 4), "multiple of k"),
        (lambda: windows(24, 4), "at most 12"),
        (lambda: nudge_errors([1, 2], {"a": np.ones(3)}), r"needs \(2,\)"),
        (lambda: accuracy_against_distance([1, 2], {"a": np.ones((3, 1))}), r"needs \(2, runs\)"),
    ],
)
def test_what_cannot_be_drawn_is_said(draw, sentence):
    with pytest.raises(ValueError, match=sentence):
        draw()
