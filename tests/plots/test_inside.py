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
    fig = plots.clamped_accuracy({"i = 1": ("i", [0.1, 0.2]), "nothing": ("", [1.0])})
    dots = [line for line in fig.axes[0].lines if line.get_linestyle() == "None"]
    assert [len(line.get_xdata()) for line in dots] == [2, 1]
    assert dots[0].get_color() == plots.GATES["i"].color
    with pytest.raises(ValueError, match="rows"):
        plots.clamped_accuracy({})
