"""What a page needs to play scenes: drawings, numbers and words, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.player import words
from course_utils.player.scenes import Scene
from course_utils.player.words import SEQUENCES, WEIGHTS
from course_utils.plots.anatomy import SAME_GRADIENT
from course_utils.plots.style import CELLS, CLUE, FAINT, GATES, INK, SOFT
from course_utils.plots.svg import cell_svg

LOW, HIGH = -6.0, 0.3  # powers of ten: what is smaller is drawn as thin, what is larger as wide
MEMORY = {"SimpleRNN": "h", "LSTM": "c", "GRU": "h"}


def payload(scenes: Sequence[Scene], cells: Sequence[str]) -> dict[str, object]:
    """Everything that the player's module reads, ready for JSON."""
    units = len(next(iter(scenes[0].flows.values()))["units"])
    labels = [CELLS[name].label for name in cells]
    label = words.ONE if len(cells) == 1 else words.SEVERAL
    return {
        "label": label.format(names=", ".join(labels)),
        "cells": [
            {
                "name": name,
                "label": CELLS[name].label,
                "svg": cell_svg(name, units),
                "same": SAME_GRADIENT[name],
            }
            for name in cells
        ],
        "scale": {"low": LOW, "high": HIGH},
        "sequences": _options([s.sequence for s in scenes], SEQUENCES),
        "weights": _options([s.weights for s in scenes], WEIGHTS),
        "scenes": [_scene(one, cells) for one in scenes],
    }


def colors() -> dict[str, str]:
    """The style's colours under the names that drawings use."""
    return {
        "ink": INK,
        "soft": SOFT,
        "faint": FAINT,
        "flow": CLUE,
        "positive": CELLS["SimpleRNN"].color,
        "negative": CELLS["LSTM"].color,
        **{name: mark.color for name, mark in CELLS.items()},
        **{name: mark.color for name, mark in GATES.items() if name != "h"},
    }


def captions(scene: Scene, cells: Sequence[str]) -> dict[str, str]:
    """What is to be seen, with numbers, for either direction."""
    own = [f"{scene.title}."] if scene.title else []
    clue, first = scene.clues[-1], scene.clues[0]
    left = {name: scene.left(name)[-1] for name in cells}
    arrived = {name: scene.flows[name]["gradient"][MEMORY[name]][first - 1] for name in cells}
    forward = [
        *own,
        *_gates(scene, cells),
        words.STRIP.format(clue=scene.tokens[clue - 1]),
        words.LEFT.format(steps=scene.steps - clue, numbers=_numbered(left)),
        words.BOXES.format(whose=scene.whose),
    ]
    backward = [
        *own,
        words.LOSS,
        words.ARRIVES.format(
            steps=scene.steps - first, clue=scene.tokens[first - 1], numbers=_numbered(arrived)
        ),
        words.LINES,
        *([scene.about] if scene.about else []),
    ]
    return {"forward": " ".join(forward), "backward": " ".join(backward)}


def number(value: float) -> str:
    """0.17, 130, or 3·10⁻⁸."""
    if value == 0:
        return "0"
    if value >= 99.5:
        return f"{value:.0f}"
    if value >= 0.00995:
        return f"{value:.2g}" if value >= 0.0995 else f"{value:.1g}"
    digit, power = f"{value:.0e}".split("e")
    return f"{digit}·10{str(int(power)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def _gates(scene: Scene, cells: Sequence[str]) -> list[str]:
    """The sentence about how far gates are open, none where no cell has one."""
    of = {"LSTM": "f", "GRU": "z"}
    means = {
        name: f"{float(np.mean(scene.flows[name]['gates'][gate])):.2f}"
        for name, gate in of.items()
        if name in cells
    }
    return [words.OPEN[tuple(means)].format(**means)] if means else []


def _numbered(values: Mapping[str, float]) -> str:
    """A number for each cell."""
    names = {name: "LSTM (c)" if name == "LSTM" else CELLS[name].label for name in values}
    return ", ".join(f"{names[name]} {number(value)}" for name, value in values.items())


def _options(ids: Sequence[str], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": one, "label": names.get(one, one)} for one in dict.fromkeys(ids)]


def _scene(scene: Scene, cells: Sequence[str]) -> dict[str, object]:
    text = not scene.bars
    return {
        "sequence": scene.sequence,
        "weights": scene.weights,
        "kind": "words" if text else "pulses",
        "tokens": scene.tokens,
        "spoken": [words.WORD.format(word=one) if text else one for one in scene.tokens],
        "bars": [round(100 * bar) for bar in scene.bars],
        "clues": scene.clues,
        "captions": captions(scene, cells),
        "cells": {name: _numbers(scene.flows[name]) | _apart(scene, name) for name in cells},
    }


def _apart(scene: Scene, name: str) -> dict[str, object]:
    """The difference of the shown units, relative to its largest, and what is left of all."""
    shown = scene.apart[name][:, scene.flows[name]["units"]]
    most = float(np.abs(shown).max()) or 1
    return {"apart": _round(shown / most, 2), "left": _round(scene.left(name), 3)}


def _numbers(flow: dict) -> dict[str, object]:
    """Rounded: gates and states to 2 digits of their range, gradients as powers of ten."""
    most = {key: float(np.abs(values).max()) for key, values in flow["states"].items()}
    return {
        "gates": {key: _round(values, 2) for key, values in flow["gates"].items()},
        "states": {key: _round(v / (most[key] or 1), 2) for key, v in flow["states"].items()},
        "gradient": {key: _logs(values) for key, values in flow["gradient"].items()},
    }


def _round(values: np.ndarray, digits: int) -> list:
    return np.round(np.asarray(values, float), digits).tolist()


def _logs(norms: np.ndarray) -> list[float | None]:
    return [round(float(np.log10(norm)), 2) if norm > 1e-30 else None for norm in norms]
