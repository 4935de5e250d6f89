"""Figures of one step, many steps and of training show what they are given, inside the picture."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_utils.plots import (
    cliff,
    clouds,
    dots_by_start,
    one_step_back,
    png,
    style,
    training_films,
    turned,
    two_readers,
)

PATH, PAIR = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 0.7]]), np.array([0.8 + 0.5j, 0.8 - 0.5j])
LINE = np.linspace(0.9, 2.2, 50)
BACK = {"h": -0.65, "a": -0.63, "x": -0.63, "h_prev": -0.32}
FILM = {"step": np.arange(3), "loss": np.array([1, 0.2, 0.1]), "reach": np.array([1e-9, 1e-3, 1])}
CLOUD = np.array([0, 0.7 + 0.1j, 0.7 - 0.1j, 0.9])
FIGURES = {
    "turned": lambda: turned({"r = 0.9": (PATH, PAIR), "r = 1": (PATH, PAIR)}),
    "cliff": lambda: cliff(LINE, 0.1 * LINE, {"a": ([1.9, 1.2, 30], [0.2, 0.1, 0.1])}),
    "films": lambda: training_films({"LSTM: gate": [FILM]}, {"loss": "loss", "reach": "left"}),
    "clouds": lambda: clouds({"1": CLOUD, "2": CLOUD}, window=(-0.1, 1.1), dial="bias"),
    "dots": lambda: dots_by_start(["RNN", "LSTM, bias 2"], {"25 words": [[1, 0.9], [0.1, 0.2]]}),
    "one step": lambda: one_step_back(BACK),
    "readers": two_readers,
}


@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_inside_a_light_picture(name):
    fig = FIGURES[name]()
    assert fig.get_figwidth() <= style.WIDTH
    assert len(png(fig)) < 80_000
    with style.style():
        FigureCanvasAgg(fig).draw()
    for axes in fig.axes:
        for text in [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]:
            box = text.get_window_extent()
            if text.get_text():
                assert box.x0 >= -0.5 and box.x1 <= fig.bbox.x1 + 0.5, text.get_text()
                assert box.y0 >= -0.5 and box.y1 <= fig.bbox.y1 + 0.5, text.get_text()


def test_a_step_that_leaves_the_cliff_says_where_it_landed():
    (axes,) = FIGURES["cliff"]().axes
    assert "to 30" in [text.get_text() for text in axes.texts]
    inside = cliff(LINE, 0.1 * LINE, {"a": ([1.9, 1.2], [0.2, 0.1])})
    assert not any(text.get_text().startswith("to ") for text in inside.axes[0].texts)


def test_the_largest_eigenvalue_is_ringed_and_the_radius_written():
    axes = FIGURES["clouds"]().axes[0]
    assert axes.lines[-1].get_xdata() == [0.9] and "radius 0.90" in axes.get_xlabel()


def test_numbers_stand_where_their_gradient_arrives():
    words = [text.get_text() for text in one_step_back(BACK).axes[0].texts]
    assert "$dh_2 = {-}0.32$" in words and "$da_3 = {-}0.63$" in words


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: turned({}), "panels is empty"),
        (lambda: turned({"r": (np.ones(3), PAIR)}), r"must be a path \(K, 2\)"),
        (lambda: cliff(LINE, LINE, {}), "walks is empty"),
        (lambda: training_films({}, {"loss": "loss"}), "at least one column"),
        (lambda: clouds({}, window=(0, 1), dial=""), "sets is empty"),
        (lambda: dots_by_start(["RNN"], {"a": []}), "one for each name"),
    ],
)
def test_what_cannot_be_drawn_is_said(wrong, words):
    with pytest.raises(ValueError, match=words):
        wrong()
