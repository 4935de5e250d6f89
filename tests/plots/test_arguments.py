"""Figures of the arguments of Keras's layers: nothing is left out, and each shows its numbers."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_utils.plots import png, style
from course_utils.plots.arguments import (
    arguments_map,
    dropout_masks,
    reading_order,
    singular_values,
)
from tests.lessons.arguments import LESSON, in_the_index

MASK = np.repeat([[0.0, 2.0, 2.0]], 5, axis=0)
ORDERS = {"forwards": ([1, 10], [1, 11]), "backwards": ([1, 10], [10, 11])}
FIGURES = {
    "map": arguments_map,
    "values": lambda: singular_values({"RNN": np.eye(4), "LSTM i": np.eye(4) / 2}),
    "masks": lambda: dropout_masks({"one": MASK, "other": 2 - MASK}),
    "order": lambda: reading_order(ORDERS),
}


def drawn(fig) -> list:
    canvas = FigureCanvasAgg(fig)
    with style.style():
        canvas.draw()
    return [text for text in fig.axes[0].texts if text.get_text().strip()]


def test_the_map_names_every_argument_of_the_lesson():
    index = in_the_index(LESSON.read_text(encoding="utf-8"))
    names = {text.get_text() for text in drawn(arguments_map())}
    assert set(itertools.chain(*index.values())) <= names


@pytest.mark.parametrize("name", ["map", "order"])
def test_words_of_a_drawing_lie_inside_and_apart(name):
    fig = FIGURES[name]()
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn(fig)]
    for text, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} lies on {other!r}"


@pytest.mark.parametrize("name", FIGURES)
def test_pictures_are_light_and_fit_the_page(name):
    fig = FIGURES[name]()
    assert fig.get_figwidth() <= style.WIDTH
    assert len(png(fig)) < 80_000


def test_singular_values_are_those_of_the_blocks_in_the_colours_of_the_gates():
    axes = FIGURES["values"]().axes[0]
    heights = [lines.get_segments()[0][0][1] for lines in axes.collections]
    assert heights == [1, 0.5]
    colors = [tuple(lines.get_color()[0][:3]) for lines in axes.collections]
    assert colors[0] != colors[1]


def test_a_dropped_input_is_a_white_row():
    one, other = (ax.collections[0].get_array() for ax in FIGURES["masks"]().axes)
    assert one.shape == (3, 5)
    assert not one[0].any() and one[1:].all()
    assert other[0].all() and not other[1:].any()


def test_reading_backwards_crosses():
    texts = [text.get_text() for text in drawn(reading_order(ORDERS))]
    reads = [text for text in texts if text.startswith("read")]
    assert reads == ["read 1st", "read 2nd"] * 2
    places = [t.get_position()[0] for t in drawn(reading_order(ORDERS)) if "1st" in t.get_text()]
    first, second = (place % (style.WIDTH / 2) for place in places)
    assert first < style.WIDTH / 4 < second


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: singular_values({}), "blocks is empty"),
        (lambda: singular_values({"a": np.zeros((2, 3))}), r"\(2, 3\); it must be square"),
        (lambda: dropout_masks({}), "masks is empty"),
        (lambda: reading_order({}), "panels is empty"),
        (lambda: reading_order({"a": ([1], [1, 2])}), "1 inputs and 2 outputs"),
    ],
)
def test_mistakes_of_the_caller_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
