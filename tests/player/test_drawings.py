"""One geometry, two pens: what is named in one is named in the other."""

import re
from xml.etree import ElementTree

import pytest

from course_utils.plots.anatomy import PAGE, SAME_GRADIENT, draw_cell
from course_utils.plots.living import LivingPen, diverging
from course_utils.plots.style import CELLS, canvas
from course_utils.plots.svg import cell_svg

NUMBER = re.compile(r"-?\d+\.?\d*")


def drawn(name: str) -> LivingPen:
    pen = LivingPen(canvas(*PAGE)[1])
    draw_cell(pen, name)
    return pen


def keys(root: ElementTree.Element, kind: str) -> list[str]:
    return [node.get("data-key") for node in root.iter() if node.get("class") == kind]


@pytest.mark.parametrize("name", CELLS)
def test_both_pens_name_the_same_things(name: str) -> None:
    svg, pen = ElementTree.fromstring(cell_svg(name)), drawn(name)
    assert set(keys(svg, "wire")) == set(pen.flows)
    assert sorted(keys(svg, "flow")) == sorted(pen.flows)  # no wire drawn twice under one name
    assert set(keys(svg, "gate")) == set(pen.levels) == set(keys(svg, "value"))
    assert set(keys(svg, "valve")) == set(pen.lids)
    assert set(keys(svg, "states")) == set(pen.squares) == set(keys(svg, "norm"))


@pytest.mark.parametrize("name", CELLS)
def test_both_pens_put_a_wire_in_the_same_place(name: str) -> None:
    svg, pen = ElementTree.fromstring(cell_svg(name)), drawn(name)
    for node in (one for one in svg.iter() if one.get("class") == "flow"):
        d = next(one.get("d") for one in node.iter() if one.get("class") == "ribbon")
        numbers = [float(text) for text in NUMBER.findall(d)]
        ends = pen.flows[node.get("data-key")][2]
        for (x, y), (a, b) in zip((ends[0], ends[-1]), (numbers[:2], numbers[-2:]), strict=True):
            assert (100 * x, 100 * (PAGE[1] - y)) == pytest.approx((a, b), abs=0.06)


@pytest.mark.parametrize("name", CELLS)
def test_ids_are_the_cells_own_and_colours_are_the_themes(name: str) -> None:
    svg = cell_svg(name)
    ids = re.findall(r'id="([^"]+)"', svg)
    assert len(ids) == len(set(ids)) and all(name in one for one in ids)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) == set(ids)
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b(?!-)", re.sub(r"url\(#[^)]+\)", "", svg))


def test_what_an_addition_hands_on_are_wires() -> None:
    for name, same in SAME_GRADIENT.items():
        assert set(same) <= set(drawn(name).flows)


def test_gates_fill_and_valves_open() -> None:
    pen = drawn("LSTM")
    pen.set_gates({"i": 0.25, "f": 1.0, "g": 0.5, "o": 0.0})
    assert pen.levels["i"].get_height() == pytest.approx(0.25 * 0.54)
    assert pen.numbers["f"].get_text() == "1.00"
    heights = {key: places[0][1][0].get_height() for key, places in pen.lids.items()}
    assert heights == pytest.approx({"f": 0, "i": 0.75 * 0.17, "o": 0.17})


def test_gradients_are_wide_where_they_are_large() -> None:
    pen = drawn("GRU")
    pen.set_flows({"h": 1.0, "h_prev": 0.2, "z": 0.0}, {"h": "1"})
    width = {key: ribbon.get_linewidth() for key, (ribbon, _, _) in pen.flows.items()}
    assert width["h"] > 3 * width["h_prev"] > width["z"]
    assert not pen.flows["x"][0].get_visible()
    pen.set_flows(None, {})
    assert not any(ribbon.get_visible() for ribbon, _, _ in pen.flows.values())


def test_colours_of_states_part_at_zero() -> None:
    red, _, blue = diverging(1.0)
    assert red > blue
    red, _, blue = diverging(-1.0)
    assert blue > red
    assert min(diverging(0.0)) > 0.9


def test_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="SimpleRNN, LSTM, GRU"):
        cell_svg("RNN2")
