"""Colours and lines mean one thing each, and never stand alone."""

import ast
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb

import course_utils.plots as plots
from course_utils.plots import heatmap, panels, style
from course_utils.plots.pen import readable

FAMILIES = {"cells": style.CELLS, "gates": style.GATES}


def luminance(color) -> float:
    """Relative luminance, WCAG 2."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def contrast(one, other) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def as_dichromat(color, kind: str) -> np.ndarray:
    """What a reader without red or green cones sees (Viénot, Brettel and Mollon 1999)."""
    to_lms = np.array(
        [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.03, 0.18431, 1.46709]]
    )
    lms = to_lms @ (np.array(to_rgb(color)) ** 2.2)
    if kind == "protan":
        lms[0] = 2.02344 * lms[1] - 2.52581 * lms[2]
    else:
        lms[1] = 0.494207 * lms[0] + 1.24827 * lms[2]
    return np.clip(np.linalg.solve(to_lms, lms), 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_has_a_colour_and_a_marker_of_its_own(family):
    marks = FAMILIES[family].values()
    assert len({mark.color for mark in marks}) == len(marks)
    assert len({mark.marker for mark in marks}) == len(marks)
    assert len({mark.label for mark in marks}) == len(marks)


def test_cells_differ_in_line_too():
    lines = [str(mark.linestyle) for mark in style.CELLS.values()]
    assert len(set(lines)) == len(lines)


def test_the_way_of_a_clue_has_a_colour_of_its_own():
    used = {mark.color for family in FAMILIES.values() for mark in family.values()}
    assert style.CLUE not in used


@pytest.mark.parametrize("kind", ["protan", "deutan"])
@pytest.mark.parametrize("family", FAMILIES)
def test_colours_differ_for_colour_blind_readers(family, kind):
    colors = [mark.color for mark in FAMILIES[family].values()]
    for one, other in itertools.combinations(colors, 2):
        apart = np.abs(as_dichromat(one, kind) - as_dichromat(other, kind)).max()
        assert apart > 0.1, (one, other)


@pytest.mark.parametrize("family", FAMILIES)
def test_lines_can_be_seen_on_paper_and_letters_read(family):
    assert all(contrast(mark.color, style.PAPER) > 2 for mark in FAMILIES[family].values())
    assert contrast(style.INK, style.PAPER) > 12
    assert contrast(style.SOFT, style.PAPER) > 4.5


def test_a_name_in_a_curves_colour_can_be_read():
    gates = {mark.color for mark in style.GATES.values()}
    for color in {*style.ORDER, *style.OTHERS, *panels.DIAL} | gates:
        assert contrast(readable(color), style.PAPER) > 4.5, color


@pytest.mark.parametrize("kind", ["state", "gate"])
def test_heat_maps_darken_steadily_from_nothing(kind):
    samples = heatmap._colors(kind)(np.linspace(0, 1, 101))[:, :3]
    lightness = np.array([luminance(color) for color in samples])
    if kind == "state":
        assert lightness[50] == lightness.max() > 0.95
        assert (np.diff(lightness[:51]) > 0).all() and (np.diff(lightness[50:]) < 0).all()
    else:
        assert (np.diff(lightness) < 0).all()


def test_drawing_leaves_the_learners_settings_alone():
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 17, "axes.titlelocation": "right"}):
        plots.lag_curves({"LSTM": [1, 0.1]})
        assert mpl.rcParams["font.size"] == 17
        assert mpl.rcParams["axes.titlelocation"] == "right"


def test_further_curves_of_a_cell_type_keep_its_colour_and_change_the_line():
    fig = plots.lag_curves({"LSTM": [1, 0.5], "LSTM, chrono": [1, 0.9], "other": [1, 0.1]})
    lines = fig.axes[0].get_lines()
    assert [line.get_color() for line in lines[:2]] == [style.CELLS["LSTM"].color] * 2
    assert lines[0].get_linestyle() != lines[1].get_linestyle()
    assert len({(line.get_color(), line.get_linestyle()) for line in lines}) == 3


@pytest.mark.parametrize("function", [plots.cell_style, plots.gate_style])
def test_unknown_names_are_named(function):
    with pytest.raises(ValueError, match=r"'LSMT'.*must be one of"):
        function("LSMT")


def test_exports_resolve_and_share_no_name_with_a_module():
    """Were they to share one, importing the module would put it in the function's place."""
    modules = {path.stem for path in Path(plots.__file__).parent.glob("*.py")}
    assert not modules & set(plots.__all__)
    assert set(plots.__all__) >= set(plots._HOMES)
    for name in plots.__all__:
        assert name.isupper() or callable(getattr(plots, name))
    with pytest.raises(AttributeError, match="unrold"):
        _ = plots.unrold


def test_show_is_imported_without_matplotlib():
    code = (
        "import json, sys; from course_utils.plots import show; print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "numpy", "IPython"} & set(json.loads(done.stdout))


def test_a_curve_that_is_no_cell_is_not_drawn_as_one():
    cells = {mark.color for mark in style.CELLS.values()}
    looks = [style.curve_style(f"curve {k}", k) for k in range(len(style.OTHERS))]
    assert cells.isdisjoint(look["color"] for look in looks)
    assert len({(look["color"], str(look["linestyle"])) for look in looks}) == len(looks)
    assert style.curve_style("LSTM, forget bias 1", 0)["color"] == style.CELLS["LSTM"].color


LETTERS = 9  # points: what a slide of 720 pixels shows with 20


def sizes_of_letters(path: Path) -> list[tuple[int, float]]:
    """Line and points of every size of letters that a module of the plots states as a number."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        method = getattr(node.func, "attr", "")
        wanted = {"fontsize", "labelsize"} | ({"size"} if method in PENS else set())
        for keyword in node.keywords:
            if keyword.arg in wanted:
                numbers = (n.value for n in ast.walk(keyword.value) if isinstance(n, ast.Constant))
                found += [(node.lineno, n) for n in numbers if isinstance(n, int | float)]
    return found


PENS = {"text", "box", "disc", "label"}
MODULES = sorted(Path(plots.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_letters_are_smaller_than_a_slide_can_show(path: Path):
    small = [
        f"line {line}: {size} points" for line, size in sizes_of_letters(path) if size < LETTERS
    ]
    assert small == []


def test_letters_by_default_are_no_smaller():
    named = {
        name: value
        for name, value in style.RC.items()
        if name.endswith(("labelsize", "fontsize", "titlesize", "font.size"))
    }
    assert len(named) >= 6 and min(named.values()) >= LETTERS


def test_letters_of_the_moving_cells_can_be_read_on_a_slide():
    from course_utils.plots import svg

    per_unit = 560 / (svg.SCALE * svg.PAGE[0])  # pixels, two cells side by side: slides/player.css
    assert svg.SMALLEST * svg.POINT * per_unit >= 20
