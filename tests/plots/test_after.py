"""Figures of the last two lessons: what they show is what they were given."""

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots import real


def texts(fig) -> str:
    return " ".join(text.get_text() for axes in fig.axes for text in axes.texts)


def test_time_scales_have_a_row_for_each_start() -> None:
    fig = plots.time_scales({"default": np.array([2.0, 2.0]), "chrono": np.array([9, 90])}, 100)
    (axes,) = fig.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["default", "chrono"]
    assert "100 steps" in texts(fig)
    rows = plots.time_scales({"GRU, a": np.array([2.0]), "LSTM, b": np.array([2.0])}, 100).axes[0]
    colors = [line.get_color() for line in rows.lines[:2]]
    assert colors == [plots.CELLS["GRU"].color, plots.CELLS["LSTM"].color]


def test_every_idea_is_a_card_on_the_map() -> None:
    fig = plots.map_of_ideas(plots.IDEAS, plots.LANES)
    words = texts(fig).replace("\n", " ")
    assert all(lane in words for lane in plots.LANES)
    assert all(str(idea.year) in words for idea in plots.IDEAS)
    assert all(idea.name.split()[0] in words for idea in plots.IDEAS)


def test_ideas_come_after_ideas_that_are_there() -> None:
    years = {idea.name: idea.year for idea in plots.IDEAS}
    assert len(years) == len(plots.IDEAS)
    for idea in plots.IDEAS:
        assert not idea.after or years[idea.after] <= idea.year


def test_attention_shades_by_weight() -> None:
    words = ["I", "grew", "up", "in", "France"]
    fig = plots.attention_words([(words, np.array([0, 0, 0, 0.1, 0.9]), "French")])
    assert "France" in texts(fig) and "French" in texts(fig)


def test_a_slower_scan_stands_below_the_line() -> None:
    (axes,) = plots.scan_speed([64, 512], {"32": np.array([2.0, 5.0]), "4,096": [0.6, 0.5]}).axes
    heights = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == 2]
    assert any(np.array_equal(y, [2.0, 5.0]) for y in heights)
    assert axes.get_ylim()[0] < 0.5


def test_a_confusion_matrix_writes_shares_of_the_truth() -> None:
    fig = real.confusion(np.array([[30, 10], [0, 5]]), ["Spain", "Brazil"])
    assert sorted(text.get_text() for text in fig.axes[0].texts) == ["100", "25", "75"]


def test_bars_have_the_median_of_several_runs() -> None:
    fig = real.measured_bars({"counting": 0.77, "GRU": [0.7, 0.74, 0.75]}, "right answers")
    assert "0.77" in texts(fig) and "0.74" in texts(fig)


def test_invented_names_are_all_there() -> None:
    fig = real.invented_names({"temperature 0.3": {"Japan": ["makama", "miyama"]}})
    assert "makama" in texts(fig) and "miyama" in texts(fig) and "Japan" in texts(fig)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: plots.time_scales({}, 10),
        lambda: plots.time_scales({"a": np.array([0.5])}, 10),
        lambda: plots.scan_rounds(6),
        lambda: plots.scan_speed([1, 2], {"a": np.ones(3)}),
        lambda: plots.eigenvalue_memories([1.5]),
        lambda: plots.attention_words([(["a", "b"], np.ones(3), "c")]),
        lambda: plots.answers_by_start({}),
        lambda: real.confusion(np.ones((2, 2)), ["a"]),
    ],
)
def test_what_does_not_fit_is_a_sentence(wrong) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+\.$"):
        wrong()
