"""Figures of the last two lessons: what they show is what they were given."""

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots import forecast, real


def texts(fig) -> str:
    return " ".join(text.get_text() for axes in fig.axes for text in axes.texts)


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


def test_the_map_is_read_aloud_whole() -> None:
    said = plots.spoken(plots.IDEAS, plots.LANES)
    assert all(idea.name in said and str(idea.year) in said for idea in plots.IDEAS)
    assert all(f"{lane}: " in said for lane in plots.LANES) and len(said) <= 600


def test_a_span_is_drawn_at_the_end_of_each_bar() -> None:
    (ax,) = real.measured_bars({"a": 0.5, "GRU": 0.6}, "right", span=0.02).axes
    ends = [line.get_xdata() for line in ax.lines]
    assert np.allclose(ends, [[0.48, 0.52], [0.58, 0.62]])


def test_windows_with_a_gap_are_lost() -> None:
    values = np.arange(20.0)
    values[9] = np.nan
    said = texts(forecast.cut_windows(values, 4, 2, (0, 5, 10)))
    assert said.count("whole") == 2 and said.count("lost") == 1


def test_errors_are_drawn_minus_the_baseline() -> None:
    errors = {"linear model": np.full(24, 2.0), "GRU": [np.full(24, 1.5), np.full(24, 2.5)]}
    (ax,) = forecast.error_minus(errors, "linear model").axes
    heights = {float(line.get_ydata()[0]) for line in ax.lines}
    assert heights == {-0.5, 0.5, 0.0}


def test_the_best_epoch_is_ringed() -> None:
    log = {"training": [0.5, 0.7, 0.9], "validation": [0.5, 0.6, 0.55], "best": 2}
    (ax,) = forecast.learning_curves({"GRU": log}, "right").axes
    assert ax.lines[-1].get_xydata().tolist() == [[2, 0.6]]


def test_belief_and_single_units_share_their_letters() -> None:
    belief, gate = {"Japan": np.array([0.2, 0.9])}, {"unit 3": np.array([1.0, 0.1])}
    top, bottom = forecast.belief_and_units(["ab"], [belief], [gate]).axes
    assert [t.get_text() for t in top.get_xticklabels()] == ["a", "b"]
    assert bottom.lines[0].get_ydata().tolist() == [1.0, 0.1]


def test_what_is_held_has_a_dot_for_each_run() -> None:
    (ax,) = plots.memory_held([2, 4], {"GRU": np.array([[1, 0.5], [0.9, 0.4]])}, 0.25).axes
    assert sum(line.get_linestyle() == "None" for line in ax.lines) == 2


def test_invented_names_are_all_there() -> None:
    fig = real.invented_names({"temperature 0.3": {"Japan": ["makama", "miyama"]}})
    assert "makama" in texts(fig) and "miyama" in texts(fig) and "Japan" in texts(fig)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: plots.scan_rounds(6),
        lambda: plots.scan_speed([1, 2], {"a": np.ones(3)}),
        lambda: plots.eigenvalue_memories([1.5]),
        lambda: plots.attention_words([(["a", "b"], np.ones(3), "c")]),
        lambda: plots.answers_by_start({}),
        lambda: real.confusion(np.ones((2, 2)), ["a"]),
        lambda: forecast.cut_windows(np.ones(5), 4, 2, (0,)),
        lambda: forecast.error_minus({"GRU": np.ones(24)}, "linear model"),
        lambda: forecast.learning_curves({}, "right"),
        lambda: forecast.belief_and_units([], [], []),
        lambda: plots.memory_held([1], {"GRU": np.ones(2)}, 0.25),
    ],
)
def test_what_does_not_fit_is_a_sentence(wrong) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+\.$"):
        wrong()
