"""Panels of lessons about gradients: what is drawn is what was given, and readable."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from course_utils.plots import (
    lag_panels,
    latch_map,
    latch_sweep,
    png,
    spectra,
    spectrum_and_lags,
    style,
    training_panels,
)

LAGS = np.arange(101)
RADII = {f"{r:g}": np.array([r**LAGS, 1.1 * r**LAGS, 2 * r**LAGS]) for r in (0.5, 0.9, 1, 1.5)}
CELLS = {name: 0.9 ** (k * LAGS) for k, name in enumerate(("RNN", "LSTM", "LSTM, along c"), 1)}
RING = np.exp(1j * np.linspace(0, 6, 32))
CIRCLES = {name: float(name) * RING for name in RADII}
PREDICTED = {name: float(name) ** LAGS for name in RADII}
RUNS = {
    "LSTM": [([0, 50, 100], [1, 0.5, 0.1]), ([0, 50], [1, 0.2])],
    "RNN": [(range(5), [1, 1, 2, 1, 1])],
}
WEIGHTS, KEPT = [0.5, 1, 1.5, 2], [0.5, 0.6, 0.995, 1]

FIGURES = {
    "cells": lambda: lag_panels({"before": CELLS, "after": CELLS}, limits=(1e-12, 10)),
    "dial": lambda: lag_panels({"one": RADII}, predicted=PREDICTED, dial="radius"),
    "beside": lambda: spectrum_and_lags(CIRCLES, RADII, dial="radius", predicted=PREDICTED),
    "closer": lambda: spectrum_and_lags(CIRCLES, RADII, window=(0.5, 1.2)),
    "spectra": lambda: spectra({"RNN, trained": np.append(RING, 0.1), "GRU": 0.5 * RING}),
    "map": lambda: latch_map(0.8, 2),
    "sweep": lambda: latch_sweep(WEIGHTS, np.array(KEPT), np.array([1e-9, 1e-3, 1e-12, 1e-30])),
    "runs": lambda: training_panels(RUNS, baseline=0.5, limits=(0, 1.5)),
    "run": lambda: training_panels({"LSTM": RUNS["LSTM"]}, log=True),
}


@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_inside_a_light_picture(name):
    fig = FIGURES[name]()
    assert fig.get_figwidth() <= style.WIDTH
    assert len(png(fig)) < 60_000
    with style.style():
        FigureCanvasAgg(fig).draw()
    assert fig.axes[-1].get_xlabel()
    for axes in fig.axes:
        for text in [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]:
            box = text.get_window_extent()
            if text.get_text():
                assert box.x0 >= -0.5 and box.x1 <= fig.bbox.x1 + 0.5, text.get_text()
                assert box.y0 >= -0.5 and box.y1 <= fig.bbox.y1 + 0.5, text.get_text()
    assert fig.axes[0].get_ylabel()


def line(axes, label: str) -> np.ndarray:
    [found] = [each for each in axes.get_lines() if each.get_label() == label]
    return found.get_ydata()


def rings(axes, color: str) -> np.ndarray:
    [found] = [
        each
        for each in axes.get_lines()
        if each.get_marker() == "o" and to_hex(each.get_color()) == color.lower()
    ]
    return found.get_ydata()


def test_a_curve_is_the_median_of_its_runs_and_the_rings_are_the_prediction():
    axes = FIGURES["dial"]().axes[0]
    np.testing.assert_allclose(line(axes, "0.9"), 1.1 * 0.9**LAGS)
    color = next(each for each in axes.get_lines() if each.get_label() == "0.9").get_color()
    np.testing.assert_allclose(rings(axes, color), 0.9 ** LAGS[::10])


def test_a_name_has_one_style_in_all_panels_and_a_cell_its_colour():
    fig = FIGURES["cells"]()
    looks = [
        [(each.get_label(), each.get_color(), each.get_linestyle()) for each in axes.get_lines()]
        for axes in fig.axes
    ]
    assert looks[0] == looks[1]
    colors = [color for _, color, _ in looks[0]]
    assert colors[0] == style.CELLS["SimpleRNN"].color
    assert colors[1] == colors[2] == style.CELLS["LSTM"].color
    assert [text.get_text() for text in fig.legends[0].get_texts()] == list(CELLS)


def test_names_of_a_dial_stand_where_their_curves_leave():
    fig = FIGURES["dial"]()
    at = {text.get_text(): text.xy for text in fig.axes[0].texts}
    assert set(at) == {f"radius {name}" for name in RADII}
    assert not fig.legends
    assert at["radius 1"][0] == at["radius 0.9"][0] == 100
    assert at["radius 1.5"][1] == 10 and at["radius 1.5"][0] < 10
    assert at["radius 0.5"][1] == 1e-12 and 38 < at["radius 0.5"][0] < 42


def test_each_plane_tells_its_radius():
    assert [axes.get_xlabel() for axes in FIGURES["spectra"]().axes] == [
        "radius 1.00",
        "radius 0.50",
    ]


def test_a_closer_look_shows_its_window():
    plane = FIGURES["closer"]().axes[0]
    assert plane.get_xlim() == (0.5, 1.2)
    np.testing.assert_allclose(plane.get_ylim(), (-0.35, 0.35))


def test_the_latch_rests_where_curve_and_diagonal_meet():
    for axes, w, slopes in zip(
        FIGURES["map"]().axes, (0.8, 2), (["slope 0.8"], ["slope 2", "slope 0.17"]), strict=True
    ):
        rests = [each.get_xdata()[0] for each in axes.get_lines() if each.get_marker() == "o"]
        np.testing.assert_allclose(rests, np.tanh(w * np.array(rests)), atol=1e-9)
        assert len(rests) == (1 if w < 1 else 3)
        assert [t.get_text() for t in axes.texts if t.get_text().startswith("slope")] == slopes


def test_the_sweep_shades_the_weights_that_keep_enough():
    above = FIGURES["sweep"]().axes[0]
    [shade] = above.patches
    assert shade.get_extents().transformed(above.transData.inverted()).x0 == pytest.approx(1.5)


def test_runs_keep_their_own_length_and_end_in_a_dot():
    lstm = FIGURES["runs"]().axes[0].get_lines()
    lengths = [len(each.get_xdata()) for each in lstm[:4]]
    assert lengths == [3, 1, 2, 1]
    assert (lstm[1].get_xdata()[0], lstm[1].get_ydata()[0]) == (100, 0.1)
    assert (lstm[3].get_xdata()[0], lstm[3].get_ydata()[0]) == (50, 0.2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: lag_panels({}), "panels is empty"),
        (lambda: lag_panels({"a": {"LSTM": np.ones(3), "GRU": -np.ones((2, 2, 2))}}), "shape"),
        (lambda: spectrum_and_lags(CIRCLES, CELLS), "eigenvalues has"),
        (lambda: spectra({}), "panels is empty"),
        (lambda: latch_map(2, 0.8), "1 must lie between"),
        (lambda: latch_sweep([1], np.ones(2), np.ones(2)), "one length"),
        (lambda: training_panels({}), "panels is empty"),
        (lambda: training_panels({"LSTM": [([0, 1], [1])]}), "1 values for 2 steps"),
    ],
)
def test_mistakes_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
