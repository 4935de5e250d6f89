"""The figures build, show what they are given, and keep their words inside the frame."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_utils.plots import (
    accuracy_against_distance,
    backward_by_hand,
    carried_along,
    cell_diagram,
    echoes,
    folded_and_unrolled,
    gate_panels,
    gradient_flow,
    lag_curves,
    memory_growth,
    nudge_errors,
    png,
    rank_panels,
    reber_graph,
    spectrum,
    state_gap,
    states_heatmap,
    style,
    tanh_and_slope,
    training_curves,
    unit_traces,
    unrolled,
    windows,
)

RNG = np.random.default_rng(0)
SENTENCE = "I grew up in France and now after many years I speak fluent"
WORDS = SENTENCE.split()
STATES = np.tanh(RNG.normal(size=(len(WORDS), 6)))
STEPS = np.arange(0, 500, 50)

DRAWINGS = {
    "unrolled": lambda: unrolled(4, words=WORDS[:4]),
    "unrolled all": lambda: unrolled(7, outputs="all", cell="GRU"),
    "unrolled one": lambda: unrolled(1),
    "unrolled path": lambda: unrolled(13, words=WORDS, path=(5, 13), answer="French", cell="LSTM"),
    "unrolled long": lambda: unrolled(200, path=(40, 200)),
    "flow": lambda: gradient_flow(0.3 ** np.arange(8.0)[::-1], words=WORDS[:8]),
    "flow long": lambda: gradient_flow(0.7 ** np.arange(100.0)[::-1], cell="GRU"),
    "flow grows": lambda: gradient_flow(1.5 ** np.arange(60.0)[::-1]),
    "by hand": lambda: backward_by_hand(
        [1, 0.5, -0.5], [0.8, 0.7, -0.1], 0.2, [-0.1, -0.3, -0.6], dx=[-0.03, -0.16, -0.63]
    ),
    "votes": lambda: backward_by_hand(
        [1, 0.5, -0.5, 2], [0.8, 0.7, -0.1, 0], 0.2, [0, -0.3, -0.6, 1], votes=[0, -1, 2, -0.123]
    ),
    "windows": lambda: windows(12, 4),
    "loop": lambda: folded_and_unrolled([1, 0, 0], [0.76, 0.36, 0.18]),
    "SimpleRNN": lambda: cell_diagram("SimpleRNN"),
    "LSTM": lambda: cell_diagram("LSTM"),
    "GRU": lambda: cell_diagram("GRU"),
    "reber": reber_graph,
    "GRU before": lambda: cell_diagram("GRU", reset_after=False),
    "LSTM without equations": lambda: cell_diagram("LSTM", equations=False),
    "GRU without equations": lambda: cell_diagram("GRU", equations=False),
}
PLOTS = {
    "states": lambda: states_heatmap(STATES, steps=WORDS, title="States"),
    "gates": lambda: states_heatmap(np.abs(STATES), kind="gate", label="forget gate $f$"),
    "tanh": lambda: tanh_and_slope([0, 1, 2]),
    "echoes": lambda: echoes({"U": STATES, "U / 2": STATES / 2}, click=2),
    "gap": lambda: state_gap({"trained": STATES.T**2, "untrained": STATES.T**2 / 4}, {3: "X"}),
    "many states": lambda: states_heatmap(RNG.normal(size=(150, 64))),
    "lag": lambda: lag_curves(
        {c: 0.8 ** (k * np.arange(50)) for k, c in enumerate(style.CELLS, 1)}
    ),
    "training": lambda: training_curves({"LSTM": (STEPS, RNG.random((3, 10)))}, baseline=0.167),
    "nudges": lambda: nudge_errors(
        10.0 ** np.arange(-9, 0), {"both sides": RNG.random(9), "one side": np.zeros(9)}
    ),
    "distance": lambda: accuracy_against_distance(
        [5, 10, 20], {"whole": RNG.random((3, 4)), "cut": RNG.random((3, 1))}, window=9, chance=0.1
    ),
    "spectrum": lambda: spectrum({"a": np.linalg.eigvals(RNG.normal(size=(9, 9))), "b": [1j, -1j]}),
    "gate panels": lambda: gate_panels({"Kept": {"c": STATES[:, 0]}, "Read": {"o": STATES[:, 1]}}),
    "growth": lambda: memory_growth(
        {"a": np.arange(1.0, 91).reshape(3, 30), "b": np.ones((2, 30))}, proportional="a"
    ),
    "carried": lambda: carried_along(
        {"bias 0": 0.7 ** np.arange(30.0)[None]}, {"bias 0": 0.5 ** np.arange(30.0)}, floor=1e-9
    ),
    "units": lambda: unit_traces({"i": ("i", np.abs(STATES)), "f": ("f", STATES**2)}, WORDS),
    "ranks": lambda: rank_panels(
        {"LSTM, a": [np.arange(1.0, 9)], "GRU": [np.arange(2.0, 10)]},
        baseline=5,
        baseline_label="distance",
        ylabel="time scale",
    ),
}
FIGURES = DRAWINGS | PLOTS
STACKED = {"gate panels": -1, "units": -1, "echoes": 2}  # the panel that names the common steps


@cache
def figure(name: str):
    return FIGURES[name]()


def words_of(fig) -> list[tuple[str, object]]:
    """Every text that is drawn, with its place on the page in points of the picture."""
    canvas = FigureCanvasAgg(fig)
    with style.style():
        canvas.draw()
    found = []
    for axes in fig.axes:
        ticks = [
            tick.label2 if tick.label2.get_visible() else tick.label1
            for axis in (axes.xaxis, axes.yaxis)
            if axes.axison
            for tick in axis._update_ticks()  # those in view
        ]
        legend = axes.get_legend().get_texts() if axes.get_legend() else []
        names = [axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        found += [t for t in [*ticks, *legend, *names, *axes.texts] if t.get_text().strip()]
    return [(text.get_text(), text.get_window_extent()) for text in found]


@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_inside_the_frame(name):
    fig = figure(name)
    texts = words_of(fig)
    assert texts
    for text, box in texts:
        inside = box.x0 >= -0.5 and box.y0 >= -0.5
        inside &= box.x1 <= fig.bbox.x1 + 0.5 and box.y1 <= fig.bbox.y1 + 0.5
        assert inside, f"{text!r} is cut off"


@pytest.mark.parametrize("name", DRAWINGS)
def test_words_of_a_drawing_do_not_lie_on_each_other(name):
    for (one, a), (other, b) in itertools.combinations(words_of(figure(name)), 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} lies on {other!r}"


@pytest.mark.parametrize("name", FIGURES)
def test_pictures_are_light_and_fit_the_page(name):
    fig = figure(name)
    assert fig.get_figwidth() <= style.WIDTH
    assert len(png(fig)) < 80_000


@pytest.mark.parametrize("name", PLOTS)
def test_axes_are_named(name):
    axes = figure(name).axes[STACKED.get(name, 0)]
    assert axes.get_ylabel()
    assert axes.get_xlabel() or [label.get_text() for label in axes.get_xticklabels()]


@settings(max_examples=25, deadline=None)
@given(T=st.integers(1, 60), data=st.data())
def test_a_path_always_shows_where_it_starts_and_ends(T, data):
    first = data.draw(st.integers(1, T))
    words = [f"w{step}" for step in range(1, T + 1)]
    fig = unrolled(T, words=words, path=(first, T), answer="this")
    drawn = [text.get_text() for text in fig.axes[0].texts]
    assert f"w{first}" in drawn and f"w{T}" in drawn and "this" in drawn
    assert f"$y_{{{T}}}$" in drawn
    bold = [text.get_text() for text in fig.axes[0].texts if text.get_fontweight() == "bold"]
    assert bold == [f"w{first}", "this"]


def test_outputs_are_those_asked_for():
    def outputs(which):
        texts = unrolled(3, outputs=which).axes[0].texts
        return [text.get_text() for text in texts if text.get_text().startswith("$y")]

    assert outputs("none") == []
    assert outputs("last") == ["$y_{3}$"]
    assert outputs("all") == ["$y_{1}$", "$y_{2}$", "$y_{3}$"]


def widths(fig) -> list[float]:
    """Of the shafts of the arrows between states, from the first step to the last."""
    from matplotlib.patches import Polygon

    arrows = [patch.get_xy() for patch in fig.axes[0].patches if isinstance(patch, Polygon)]
    between = arrows[:-1]  # the last is the loss's own
    return [float(np.hypot(*(corners[0] - corners[-2]))) for corners in between]


def test_the_less_gradient_is_left_the_thinner_its_arrow():
    drawn = widths(gradient_flow([1e-5, 1e-3, 1e-1, 1, 1]))
    assert len(drawn) == 4
    assert all(np.diff(drawn) > 0)


def test_a_gradient_too_small_for_the_scale_is_dotted_not_drawn():
    assert len(widths(gradient_flow([1e-9, 1e-3, 1], decades=6))) == 1


def test_the_gradient_is_written_relative_to_the_last_step():
    texts = [text.get_text() for text in gradient_flow([0, 4e-7, 3, 0.5, 2]).axes[0].texts]
    assert [text for text in texts if text[0].isdigit()] == [
        "0",
        "2·$\\mathregular{10^{-7}}$",
        "1.5",
        "0.25",
        "1",
    ]


def test_states_are_on_a_scale_that_is_even_around_zero():
    image = states_heatmap(np.array([[-0.2, 0.1], [0.0, 0.8]])).axes[0].images[0]
    assert image.get_clim() == (-0.8, 0.8)
    assert image.get_array().shape == (2, 2)
    assert image.get_array()[1, 1] == 0.8  # rows are units, columns are steps
    assert image.get_array()[0, 0] == -0.2 and image.get_array()[1, 0] == 0.1


def test_gates_are_on_a_scale_from_shut_to_open():
    assert states_heatmap(np.full((3, 2), 0.5), kind="gate").axes[0].images[0].get_clim() == (0, 1)


def test_yes_and_no_have_two_colours_and_their_own_words() -> None:
    answers = np.eye(3)
    fig = states_heatmap(answers, kind="gate", ends=("wrong", "right"))
    assert fig.axes[0].images[0].get_cmap().N == 2
    assert [label.get_text() for label in fig.axes[1].get_yticklabels()] == ["wrong", "right"]


def test_labels_turn_only_if_those_that_are_shown_need_it() -> None:
    def turned(steps: list[str]) -> bool:
        axes = states_heatmap(np.zeros((len(steps), 2)), steps=steps).axes[0]
        return axes.get_xticklabels()[0].get_rotation() != 0

    assert not turned(["12"] * 40) and turned(["twelve"] * 40)


def test_several_runs_are_a_median_and_their_range():
    runs = np.array([[1, 0.1], [1, 0.3], [1, 0.9]])
    axes = lag_curves({"LSTM": runs}).axes[0]
    assert axes.get_yscale() == "log"
    assert axes.get_lines()[0].get_ydata().tolist() == [1, 0.3]
    [band] = axes.collections
    assert band.get_paths()[0].vertices[:, 1].max() == 1
    assert 0.1 in band.get_paths()[0].vertices[:, 1] and 0.9 in band.get_paths()[0].vertices[:, 1]


def test_a_gradient_that_vanishes_altogether_can_be_drawn():
    fig = lag_curves({"GRU": [1, 1e-20, 0]}, floor=1e-10)
    png(fig)
    assert fig.axes[0].get_ylim()[0] == 1e-10


def test_an_echo_is_measured_against_its_click():
    states = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    below = echoes({"U": states}, click=2).axes[1]
    assert list(below.lines[0].get_ydata()) == [0, 1, 0.2]


def test_the_spectral_radius_is_written():
    legend = spectrum({"scaled": [0.5, -1.2j]}).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == ["scaled\nradius 1.20"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: unrolled(0), "T is 0"),
        (lambda: unrolled(3, words=["a"]), "words has 1 entries; it needs T = 3"),
        (lambda: unrolled(3, cell="LSMT"), "LSMT"),
        (lambda: unrolled(3, outputs="first"), '"last", "all" or "none"'),
        (lambda: unrolled(3, path=(2, 4)), r"path is \(2, 4\)"),
        (lambda: folded_and_unrolled([1, 0], [0.5]), "states has 1 values for 2 inputs"),
        (lambda: echoes({"a": np.ones((3, 2)), "b": np.ones((3, 1))}, 1), "they must have one"),
        (lambda: gradient_flow([1, np.nan]), "finite"),
        (lambda: gradient_flow([1, -1]), "finite"),
        (lambda: gradient_flow([1, 0]), r"norms\[-1\] is 0"),
        (lambda: cell_diagram("Transformer"), "Transformer.*SimpleRNN, LSTM, GRU"),
        (lambda: states_heatmap(np.zeros(3)), r"shape \(T, n\).*\(3,\)"),
        (lambda: states_heatmap(np.full((2, 2), np.inf)), "finite"),
        (lambda: states_heatmap(np.zeros((2, 3)), steps=["a"]), "steps has 1 labels; it needs 2"),
        (lambda: states_heatmap(np.zeros((2, 3)), units=["a"]), "units has 1 labels; it needs 3"),
        (lambda: states_heatmap(np.zeros((2, 3)), kind="gates"), '"state" or "gate"'),
        (lambda: lag_curves({}), "empty"),
        (lambda: lag_curves({"a": [1, -1]}), "below zero"),
        (lambda: lag_curves({"a": [1, 1], "b": [1]}, lags=[0, 1]), "1 values for 2"),
        (lambda: training_curves({"a": ([1, 2], [1])}), "1 values for 2"),
        (lambda: spectrum(np.eye(3)), "eigvals"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
