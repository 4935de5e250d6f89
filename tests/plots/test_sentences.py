"""The sentence with a blank: what the figure, the card and the dial say about the networks."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from course_utils.plots import Scene, Stage, distance_panels, sentence_beliefs, visual_language
from course_utils.plots.beliefs import NOISE
from course_utils.plots.beliefs import WRONG as SAID_WRONG
from course_utils.plots.style import CELLS, GATES

LIKELY = {"French": 0.9, "Greek": 0.08, "Polish": 0.02, "Danish": 0.0}
WRONG = {"French": 0.1, "Greek": 0.2, "Polish": 0.7, "Danish": 0.0}


def scene(country="France", words=3):
    filler = " We walked near the river." * ((words - 3) // 5)
    text = f"I grew up in {country}.{filler} I speak fluent ___"
    return Scene(text, country, "French", {"SimpleRNN": WRONG, "LSTM": LIKELY, "GRU": LIKELY})


def texts(fig):
    return [text.get_text() for axes in fig.axes for text in axes.texts]


def test_a_scene_knows_its_distance_and_its_answers():
    assert scene(words=13).distance == 13
    assert scene().says("SimpleRNN") == "Polish" and scene().says("GRU") == "French"
    assert scene().first("SimpleRNN", 3) == [("French", 0.1), ("Polish", 0.7), ("Greek", 0.2)]


def test_a_clue_that_is_not_in_the_text_is_refused():
    with pytest.raises(ValueError, match="clue is 'Spain'; it must be one of the words"):
        sentence_beliefs([scene()._replace(clue="Spain")])


def test_the_figure_says_who_is_right_and_how_sure():
    shown = texts(sentence_beliefs([scene(words=13)]))
    assert "13 words between France and the blank" in shown
    assert [t for t in shown if " says " in t] == ["✗ says Polish", *["✓ says French"] * 2]
    assert shown.count("0.10") == 1 and shown.count("0.90") == 2
    assert {"France", ".", "river.", "fluent"} <= set(shown) and "France." not in shown


def test_a_bar_is_as_long_as_the_belief_and_has_colour_where_it_is_right_or_said():
    (axes,) = sentence_beliefs([scene()], answers=3).axes
    rectangles = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    tracks, bars = rectangles[::2], rectangles[1::2]
    shares = [bar.get_width() / track.get_width() for bar, track in zip(bars, tracks, strict=True)]
    np.testing.assert_allclose(shares, [0.1, 0.7, 0.2, *[0.9, 0.08, 0.02] * 2])
    colours = [to_hex(bar.get_facecolor()).upper() for bar in bars]
    assert colours[::3] == [mark.color for mark in CELLS.values()]
    assert [bar.get_hatch() is not None for bar in bars] == [k == 1 for k in range(len(bars))]
    assert colours[1] == SAID_WRONG and set(colours[2::3] + colours[4::3]) == {NOISE}


def test_longer_texts_and_more_scenes_make_a_taller_figure():
    one, long, two = ([scene()], [scene(words=53)], [scene(), scene()])
    heights = [sentence_beliefs(scenes).get_figheight() for scenes in (one, long, two)]
    assert heights[0] < heights[1] and heights[0] < heights[2]
    with pytest.raises(ValueError, match="scenes is empty"):
        sentence_beliefs([])


def test_distance_panels_draw_every_run_and_the_median():
    runs = np.array([[1.0, 0.2], [0.9, 0.4], [1.0, 0.9]])
    stages = [Stage("near", (3, 10), {"SimpleRNN": runs}), Stage("far", (3, 40), {"LSTM": runs[0]})]
    fig = distance_panels([3, 40], stages, chance=0.1)
    near, far = fig.axes
    assert [axes.get_title(loc="left") for axes in fig.axes] == ["near", "far"]
    drawn = [list(line.get_ydata()) for line in near.lines]
    assert all(list(run) in drawn for run in runs) and [1.0, 0.4] in drawn
    assert [1.0, 0.2] in [list(line.get_ydata()) for line in far.lines]
    assert [t.get_text() for t in fig.legends[0].get_texts()] == ["RNN", "LSTM"]


def test_curves_that_lie_on_each_other_are_named():
    high, low = np.array([1.0, 0.98]), np.array([1.0, 0.5])
    stages = [
        Stage("both", (3, 10), {"LSTM": high, "GRU": high - 0.02, "SimpleRNN": low}),
        Stage("apart", (3, 10), {"LSTM": high, "SimpleRNN": low}),
    ]
    both, apart = (
        [text.get_text() for text in axes.texts] for axes in distance_panels([3, 40], stages).axes
    )
    assert "LSTM and GRU" in both and not any(" and " in text for text in apart)
    assert "trained here" in both and "trained here" in apart


def test_distance_panels_need_a_value_for_each_distance():
    with pytest.raises(ValueError, match=r"curves\['LSTM'\] has 2 values for 3 distances"):
        distance_panels([3, 10, 40], [Stage("near", (3, 10), {"LSTM": np.ones(2)})])


def test_the_legend_names_every_cell_and_every_gate():
    shown = texts(visual_language())
    assert {mark.label for mark in [*CELLS.values(), *GATES.values()]} <= set(shown)
