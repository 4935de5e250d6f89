"""Figures of a memory over time, and the graph of the Reber grammar."""

import numpy as np
import pytest

from course_utils import plots
from course_utils.plots.reber import ARROWS, LOOPS
from course_utils.tasks.reber import INNER, SYMBOLS


def test_a_gate_is_a_stair_with_one_value_a_step() -> None:
    fig = plots.gate_panels({"Written": {"i": np.array([1.0, 0, 0])}, "Kept": {"c": np.ones(3)}})
    stairs = [patch for patch in fig.axes[0].patches]
    values, edges, _ = stairs[0].get_data()
    assert list(values) == [1, 0, 0] and list(edges) == [0.5, 1.5, 2.5, 3.5]
    assert fig.axes[1].patches[0].get_edgecolor() != stairs[0].get_edgecolor()
    with pytest.raises(ValueError, match="panels"):
        plots.gate_panels({})


def test_growth_in_proportion_is_parallel_to_the_dotted_line() -> None:
    steps = np.arange(1.0, 301)
    fig = plots.memory_growth({"without": np.stack([steps, 2 * steps])}, proportional="without")
    (ax,) = fig.axes
    assert ax.get_xscale() == ax.get_yscale() == "log"
    *runs, dotted = ax.lines
    assert len(runs) == 2

    def slope(line) -> float:
        x, y = (np.log(np.asarray(values, float)) for values in line.get_data())
        return (y[-1] - y[0]) / (x[-1] - x[0])

    assert slope(dotted) == pytest.approx(slope(runs[0])) == pytest.approx(1)
    with pytest.raises(ValueError, match="'with'"):
        plots.memory_growth({"without": steps}, proportional="with")


def test_the_graph_is_the_tasks_grammar() -> None:
    drawn = {(one, letter, other) for one, other, letter in ARROWS if isinstance(one, int)}
    drawn |= {(node, letter, node) for node, letter, _ in LOOPS}
    inner = {(k, SYMBOLS[s], to) for k, node in enumerate(INNER) for s, to in node}
    assert inner == {one for one in drawn if one[0] != 6}


def test_the_carousel_alone_is_dashed_in_the_colour_of_its_line() -> None:
    alone = {"bias 0": 0.5 ** np.arange(40.0), "bias 1": 0.7 ** np.arange(40.0)}
    curves = {name: np.stack([2 * one, 3 * one]) for name, one in alone.items()}
    (ax,) = plots.carried_along(curves, alone, floor=1e-9).axes
    for whole, dashed in (ax.lines[:2], ax.lines[2:4]):
        assert whole.get_color() == dashed.get_color()
        assert (whole.get_linestyle(), dashed.get_linestyle()) == ("-", "--")
    assert np.isnan(ax.lines[1].get_ydata()[-1])  # below the floor
    with pytest.raises(ValueError, match="alone has"):
        plots.carried_along(curves, {}, floor=1e-9)
