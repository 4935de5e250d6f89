"""What the player carries: the numbers of real cells, no address of the net, little weight."""

import json
import re

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM
from course_utils.measure import gradient_against_lag
from course_utils.player import cell_player, scene, scenes
from course_utils.player.bundle import HERE, PARTS, script, style_sheet
from course_utils.player.payload import MEMORY, number
from course_utils.player.scenes import SEQUENCES, WEIGHTS, build_layer, sequence_of


@pytest.mark.parametrize("one", scenes(), ids=lambda one: f"{one.sequence}-{one.weights}")
def test_numbers_are_those_of_the_cells(one: object) -> None:
    x = sequence_of(one.sequence)[0]
    shown = next(
        each
        for each in cell_player().data["scenes"]
        if (each["sequence"], each["weights"]) == (one.sequence, one.weights)
    )
    for name in MEMORY:
        layer = build_layer(name, one.weights, len(x))
        layer(x[None])
        trace = {key: values[0] for key, values in layer.trace().items()}
        have = shown["cells"][name]
        for gate, values in have["gates"].items():
            np.testing.assert_allclose(values, np.abs(trace[gate]).mean(axis=1), atol=0.0051)
        kept = one.flows[name]["units"]
        apart = one.apart[name][:, kept]
        np.testing.assert_allclose(have["apart"], apart / np.abs(apart).max(), atol=0.0051)
        assert have["left"][one.clues[-1] - 1] == 1
        for state, values in have["states"].items():
            wanted = trace[state][:, kept] / np.abs(trace[state][:, kept]).max()
            np.testing.assert_allclose(values, wanted, atol=0.0051)
        curve = gradient_against_lag(layer, x[None]).norms[::-1]
        np.testing.assert_allclose(10 ** np.array(have["gradient"]["h"]), curve, rtol=0.02)


def test_one_seed_is_not_a_lucky_one() -> None:
    """What arrives at the click in noise is within a factor of 10 of the median of 5 seeds."""
    x = sequence_of("noise")[0]
    for weights in WEIGHTS:
        for name, memory in MEMORY.items():
            layers = [build_layer(name, weights, len(x), seed) for seed in range(5)]
            arrived = [gradient_against_lag(layer, x[None], memory).norms[-1] for layer in layers]
            assert 0.1 < arrived[0] / np.median(arrived) < 10, (name, weights, arrived)


def test_the_story_of_the_cover() -> None:
    """In noise the RNN's gradient dies; opened gates keep theirs; at the defaults they do not."""
    left = {
        (one.weights, name): one.flows[name]["gradient"][MEMORY[name]][0]
        for one in scenes()
        if one.sequence == "noise"
        for name in MEMORY
    }
    assert left["chrono", "SimpleRNN"] < 1e-4
    assert left["chrono", "LSTM"] > 0.02 and left["chrono", "GRU"] > 0.02
    assert left["default", "LSTM"] < 2e-3 and left["default", "GRU"] < 1e-6
    assert left["default", "SimpleRNN"] == left["chrono", "SimpleRNN"]


def test_every_sequence_has_every_choice_of_weights() -> None:
    assert {(s.sequence, s.weights) for s in scenes()} == {
        (s, w) for s in SEQUENCES for w in WEIGHTS
    }


def test_nothing_is_fetched() -> None:
    text = script() + style_sheet() + cell_player().html()
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)
    assert not re.search(r"^\s*import\b|\bimport\(|\bfetch\(|@import|XMLHttpRequest", text, re.M)
    assert {path.name for path in HERE.glob("*.js")} == set(PARTS)


def test_it_is_light_and_the_same_every_time() -> None:
    page = cell_player().html()
    assert len(page) < 80_000
    assert page == cell_player().html()
    json.dumps(cell_player().data, allow_nan=False)


def test_nothing_is_carried_twice() -> None:
    scenes = cell_player().data["scenes"]
    words = [one for one in scenes if one["kind"] == "words"]
    for one in words:
        fields = [json.dumps(value) for value in one.values()]
        assert len(set(fields)) == len(fields)
    for field in scenes[0]["cells"]["LSTM"]:
        assert len({json.dumps(one["cells"]["LSTM"][field]) for one in scenes}) > 1, field
    assert words


def test_a_page_without_scripts_reads_what_is_to_be_seen() -> None:
    player = cell_player()
    page = re.sub(r"<script>.*</script>", "", player.html(), flags=re.S)
    assert "RNN 4·10⁻⁶, LSTM (c) 0.12, GRU 0.17" in page
    bundle = player._repr_mimebundle_()
    assert bundle["text/plain"] == player.alt and "<img" not in bundle["text/html"]


def test_layers_of_ones_own() -> None:
    x = np.random.default_rng(0).normal(size=(5, 3))
    layers = [LSTM(8, seed=1), GRU(8, seed=1)]
    mine = scene(layers, x, list("abcde"), clues=[2], title="Trained by me")
    player = cell_player(["LSTM", "GRU"], [mine])
    assert player.data["scenes"][0]["captions"]["forward"].startswith("Trained by me. ")
    assert "what “b” has changed" in player.alt
    assert player.data["scenes"][0]["cells"]["GRU"]["apart"][0] == [0] * 6  # before the clue
    [shown] = cell_player(["GRU"], [scene(layers, x, list("abcde"), unit=2)]).data["scenes"]
    assert "unit 2" in shown["captions"]["forward"]
    layers[1](x[None])
    np.testing.assert_allclose(
        shown["cells"]["GRU"]["gates"]["z"], layers[1].trace()["z"][0][:, 2], atol=0.0051
    )
    with pytest.raises(ValueError, match="no SimpleRNN"):
        cell_player("SimpleRNN", [mine])
    with pytest.raises(ValueError, match="T = 4 tokens"):
        scene(layers, x, list("abcd"))
    with pytest.raises(ValueError, match="one of each"):
        scene([*layers, LSTM(2)], x, list("abcde"))
    with pytest.raises(ValueError, match="'MLP'"):
        cell_player("MLP")
    with pytest.raises(ValueError, match="step is 6"):
        player.figure(6)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.1699, "0.17"), (0.0995, "0.1"), (0.012, "0.01"), (3.2e-8, "3·10⁻⁸"), (0, "0")],
)
def test_numbers_can_be_read(value: float, text: str) -> None:
    assert number(value) == text


def test_the_widget_carries_the_same() -> None:
    player = cell_player("GRU")
    widget = player.widget()
    assert widget.data == player.data and script() in widget._esm
