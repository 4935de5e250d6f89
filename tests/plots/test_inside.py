"""Figures of a trained network: heat maps over a sentence, accuracies with a part clamped."""

import numpy as np
import pytest

from course_utils import plots

WORDS = ["I", "grew", "up", "in", "France"]


def test_every_word_is_named_and_the_marked_one_stands_out():
    states = np.linspace(-1, 1, 15).reshape(5, 3)
    fig = plots.sentence_heatmaps({"c": states, "h": states / 2}, WORDS, mark=[4])
    labels = fig.axes[1].get_xticklabels()
    assert [label.get_text() for label in labels] == WORDS
    assert labels[4].get_color() != labels[3].get_color()


def test_panels_share_one_scale_and_gates_go_from_0_to_1():
    small, large = np.full((5, 2), 0.1), np.full((5, 2), 4.0)
    fig = plots.sentence_heatmaps({"a": small, "b": large}, WORDS)
    assert [ax.images[0].get_clim() for ax in fig.axes[:2]] == [(-4, 4)] * 2
    fig = plots.sentence_heatmaps({"i": small}, WORDS, kind="gate")
    assert fig.axes[0].images[0].get_clim() == (0, 1)


@pytest.mark.parametrize("panels", [{}, {"c": np.zeros((4, 2))}, {"c": np.zeros(5)}])
def test_heat_maps_that_do_not_fit_the_words_are_refused(panels):
    with pytest.raises(ValueError, match="panels"):
        plots.sentence_heatmaps(panels, WORDS)


def test_each_seed_is_a_dot_in_the_colour_of_its_gate():
    fig = plots.dots_by_seed({"i = 1": ("i", [0.1, 0.2]), "nothing": ("", [1.0])})
    dots = [line for line in fig.axes[0].lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in dots] == [2, 1]
    assert dots[0].get_color() == plots.GATES["i"].color
    with pytest.raises(ValueError, match="rows"):
        plots.dots_by_seed({})


def test_each_unit_is_a_thin_line_and_the_mean_a_thick_one() -> None:
    gates = np.random.default_rng(0).random((5, 3))
    fig = plots.unit_traces({"i": ("i", gates), "f": ("f", gates)}, WORDS, mark=[4])
    *units, mean = fig.axes[0].lines[:4]
    assert len(units) == 3 and mean.get_linewidth() > units[0].get_linewidth()
    np.testing.assert_allclose(mean.get_ydata(), gates.mean(axis=1))
    labels = fig.axes[1].get_xticklabels()
    assert labels[4].get_color() != labels[3].get_color()
    with pytest.raises(ValueError, match=r"shape \(4, 3\)"):
        plots.unit_traces({"i": ("i", gates[:4])}, WORDS)
    with pytest.raises(ValueError, match="panels"):
        plots.unit_traces({}, WORDS)


def test_each_seed_is_a_line_of_its_panel() -> None:
    seeds = [np.arange(1.0, 5), np.arange(2.0, 6)]
    options = {"baseline": 3, "baseline_label": "distance", "ylabel": "words"}
    fig = plots.rank_panels({"LSTM, trained": seeds, "LSTM, at the start": seeds}, **options)
    assert [len(ax.lines) for ax in fig.axes] == [3, 3]  # two seeds and the dotted line
    assert fig.axes[0].get_yscale() == "log"
    with pytest.raises(ValueError, match="panels"):
        plots.rank_panels({}, **options)
