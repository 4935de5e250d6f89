"""Figures of layers put together: what they show is what they are given."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch, Rectangle

from course_utils.plots import practice, style

WORDS = ["I", "grew", "up", "in", "Spain", "·", "·", "·"]
KEEPS = [("Embedding", True, ""), ("Dropout", True, "passed on"), ("LSTM", True, "")]
LOSES = [("Embedding", True, ""), ("2 * x", False, "lost"), ("LSTM", True, "reads padding")]
ORDERS = {
    "in order": [["A1", "B1"], ["A2", "B2"], ["A3", "B3"]],
    "shuffled": [["B2", "A1"], ["A3", "B1"], ["A2", "B3"]],
}
FIGURES = {
    "mask": lambda: practice.mask_journey(WORDS, 5, {"It arrives": KEEPS, "It is lost": LOSES}),
    "both ways": lambda: practice.both_ways(["I", "speak", "Greek", "at", "home"], 3),
    "both ways, most": lambda: practice.both_ways(["word"] * 7, 7),
    "streams": lambda: practice.stream_batches(ORDERS),
}


@pytest.mark.parametrize("name", FIGURES)
def test_words_stay_inside_the_frame(name):
    fig = FIGURES[name]()
    with style.style():
        FigureCanvasAgg(fig).draw()
    for text in fig.axes[0].texts:
        box = text.get_window_extent()
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= fig.bbox.x1 and box.y1 <= fig.bbox.y1
        assert inside, text.get_text()


def hatched(stacks) -> int:
    fig = practice.mask_journey(WORDS, 5, stacks)
    squares = [patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle)]
    return sum(bool(square.get_hatch()) for square in squares) - 1  # one is in the key


def test_padding_is_read_only_above_the_layer_that_loses_the_mask():
    assert hatched({"keeps": KEEPS}) == 0
    assert hatched({"loses": LOSES}) == 3
    assert hatched({"both": KEEPS, "loses": [LOSES[0], LOSES[1], *KEEPS]}) == 9


def bold(words: int, at: int) -> int:
    fig = practice.both_ways(["word"] * words, at)
    arrows = [patch for patch in fig.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    return sum(arrow.get_linewidth() > 2 for arrow in arrows)


def test_bold_is_what_reaches_the_output():
    # inputs forward and backward, cell to cell, and the two arrows up into the output
    assert bold(5, 3) == (3 + 3) + (2 + 2) + 2
    assert bold(5, 5) == (5 + 1) + (4 + 0) + 2


def test_states_that_leak_are_dashed():
    dashed = {}
    for name, batches in ORDERS.items():
        axes = practice.stream_batches({name: batches}).axes[0]
        arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
        dashed[name] = sum(arrow.get_linestyle() not in ("-", "solid") for arrow in arrows)
    assert dashed == {"in order": 0, "shuffled": 4}
    assert practice.follows("A1", "A2")
    assert not practice.follows("A1", "A3") and not practice.follows("A1", "B2")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: practice.mask_journey(WORDS, 9, {"a": KEEPS}), "real"),
        (lambda: practice.mask_journey(WORDS, 5, {}), "stacks"),
        (lambda: practice.both_ways(["one", "two"], 3), "at a step"),
        (lambda: practice.stream_batches({"a": [["A1"], ["A2", "B2"]]}), "one size"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
