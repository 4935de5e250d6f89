"""What a page needs to play scenes: drawings, numbers and words, as plain data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_utils.player.scenes import SEQUENCES, WEIGHTS, Scene
from course_utils.plots.anatomy import SAME_GRADIENT
from course_utils.plots.style import CELLS, CLUE, FAINT, GATES, INK, SOFT
from course_utils.plots.svg import cell_svg

LOW, HIGH = -6.0, 0.3  # powers of ten: what is smaller is drawn as thin, what is larger as wide
MEMORY = {"SimpleRNN": "h", "LSTM": "c", "GRU": "h"}


def payload(scenes: Sequence[Scene], cells: Sequence[str]) -> dict[str, object]:
    """Everything that the player's module reads, ready for JSON."""
    units = len(next(iter(scenes[0].flows.values()))["units"])
    labels = [CELLS[name].label for name in cells]
    what = "cell" if len(cells) == 1 else "cells"
    return {
        "label": f"Animated recurrent {what}: {', '.join(labels)}",
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
    whose = f"{scene.title}. " if scene.title else ""
    clue = scene.tokens[scene.clues[-1] - 1]
    rest = ", ".join(f"{_subject(name)} {number(scene.left(name)[-1])}" for name in cells)
    gates = _gates(scene, cells)
    first = scene.clues[0]
    arrived = ", ".join(
        f"{_subject(name)} {number(scene.flows[name]['gradient'][MEMORY[name]][first - 1])}"
        for name in cells
    )
    back = scene.steps - first
    return {
        "forward": f"{whose}{gates}The strip shows what “{clue}” has changed in the memory, unit "
        f"by unit. Right after it this difference counts as 1; {scene.steps - scene.clues[-1]} "
        f"steps later there is left: {rest}. Numbers in the boxes: {scene.whose}, of g without "
        "its sign.",
        "backward": f"{whose}The loss is at the last step, where the gradient of h is 1. "
        f"{back} steps back, at “{scene.tokens[first - 1]}”, arrives: {arrived}. Lines in the "
        "strip, from outside in: 1, 0.1 and 0.001." + (f" {scene.about}" if scene.about else ""),
    }


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


def _gates(scene: Scene, cells: Sequence[str]) -> str:
    means = []
    for name, gate, words in (("LSTM", "f", "forget gate"), ("GRU", "z", "update gate z")):
        if name in cells:
            mean = float(np.mean(scene.flows[name]["gates"][gate]))
            means.append(f"the {CELLS[name].label}’s {words} {mean:.2f}")
    return f"Open on average: {' and '.join(means)}. " if means else ""


def _subject(name: str) -> str:
    return "LSTM (c)" if name == "LSTM" else CELLS[name].label


def _options(ids: Sequence[str], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"id": one, "label": names.get(one, one)} for one in dict.fromkeys(ids)]


def _scene(scene: Scene, cells: Sequence[str]) -> dict[str, object]:
    words = not scene.bars
    return {
        "sequence": scene.sequence,
        "weights": scene.weights,
        "kind": "words" if words else "pulses",
        "tokens": scene.tokens,
        "spoken": [f"word “{one}”" if words else one for one in scene.tokens],
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
