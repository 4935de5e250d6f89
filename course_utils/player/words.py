"""The sentences of the player, and how another language says them.

What a player carries is English, also where a notebook has stored it: `spoken` and `script_in` say
it in the language of this process wherever it is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from course_utils.language import ENGLISH, every, language, to_translate, translated

ONE = to_translate("Animated recurrent cell: {names}")
SEVERAL = to_translate("Animated recurrent cells: {names}")
OPEN = {  # by the cells that are shown
    ("LSTM", "GRU"): to_translate(
        "Open on average: the LSTM’s forget gate {LSTM} and the GRU’s update gate z {GRU}."
    ),
    ("LSTM",): to_translate("Open on average: the LSTM’s forget gate {LSTM}."),
    ("GRU",): to_translate("Open on average: the GRU’s update gate z {GRU}."),
}
STRIP = to_translate("The strip shows what “{clue}” has changed in the memory, unit by unit.")
LEFT = to_translate(
    "Right after it this difference counts as 1; {steps} steps later there is left: {numbers}."
)
BOXES = to_translate("Numbers in the boxes: {whose}, of g without its sign.")
LOSS = to_translate("The loss is at the last step, where the gradient of h is 1.")
ARRIVES = to_translate("{steps} steps back, at “{clue}”, arrives: {numbers}.")
LINES = to_translate("Lines in the strip, from outside in: 1, 0.1 and 0.001.")

SEQUENCES = {
    "noise": to_translate("One click, then noise"),
    "click": to_translate("One click, then silence"),
    "clicks": to_translate("Two clicks, then silence"),
    "sentence": "“I grew up in France …”",
}
WEIGHTS = {
    "chrono": to_translate("Gates opened (chrono)"),
    "default": to_translate("Keras’s defaults"),
}
_SILENCE = to_translate(
    "Silence is kind to the RNN: its matrix is orthogonal, and only tanh takes a little."
)
ABOUT = {
    "noise": to_translate(
        "Inputs push the RNN’s tanh to where it is flat, step after step; a gate that stays "
        "open lets the gradient through."
    ),
    "click": _SILENCE,
    "clicks": _SILENCE,
    "sentence": to_translate(
        "Untrained, on words that are small inputs, the RNN still does well; training and "
        "noise change that."
    ),
}
CLICK, NOISE, SILENCE = to_translate("click"), to_translate("noise"), to_translate("silence")
WORD = to_translate("word “{word}”")
MEAN, UNIT = to_translate("the mean over all units"), to_translate("unit {number}")
SENTENCES = (*OPEN.values(), STRIP, LEFT, BOXES, LOSS, ARRIVES, LINES, *ABOUT.values())
PHRASES = (ONE, SEVERAL, WORD, UNIT)
FACES = '"Atkinson Next", "Carousel Chinese", system-ui, "Segoe UI", Arial, sans-serif'

IN_SCRIPTS = (  # as they stand between quotes
    to_translate("Sequence"),
    to_translate("Weights"),
    to_translate("Direction"),
    to_translate("Forward pass →"),
    to_translate("← Backward pass"),
    to_translate("Play"),
    to_translate("Pause"),
    to_translate("First step"),
    to_translate("Step back"),
    to_translate("Step forward"),
    to_translate("Last step"),
    to_translate("Speed"),
    to_translate("t = ${this.t} of ${this.steps}"),
    to_translate("Step ${this.t} of ${this.steps}, ${this.scene.spoken[this.t - 1]}."),
    to_translate("Forward pass."),
    to_translate("Backward pass."),
    to_translate("gradient of the cell state"),
    to_translate("gradient of h"),
    to_translate("of h"),
    to_translate("forget gate"),
    to_translate("input gate"),
    to_translate("output gate"),
    to_translate("update gate"),
    to_translate("reset gate"),
    to_translate('left of what the clue changed ${left ? spoken(Math.log10(left)) : "zero"}'),
    to_translate("zero"),
    to_translate("${digit} times 10 to the minus ${-Number(power)}"),
    to_translate("Step of the sequence"),
    to_translate("input"),
    to_translate("gradient at"),
    to_translate("after"),
    to_translate("${words} step ${t} of ${this.steps}, ${token}"),
)


def spoken(data: Mapping[str, Any]) -> dict[str, Any]:
    """All that a player carries, in the language of this process; an author's own words stay."""
    if language() == ENGLISH:
        return dict(data)
    options = {
        name: [{**one, "label": phrase(one["label"])} for one in data[name]]
        for name in ("sequences", "weights")
    }
    faces = f".player, .cell text {{ font-family: {FACES}; }}"
    return {
        **data,
        **options,
        "label": phrase(data["label"]),
        "scenes": list(map(_scene, data["scenes"])),
        "css": f"{data['css']}\n{faces}",
    }


def _scene(scene: Mapping[str, Any]) -> dict[str, Any]:
    pulses = scene["kind"] == "pulses"  # the words of a text stay
    return {
        **scene,
        "tokens": list(map(phrase, scene["tokens"])) if pulses else scene["tokens"],
        "spoken": list(map(phrase, scene["spoken"])),
        "captions": {way: sentences(text) for way, text in scene["captions"].items()},
    }


def script_in(script: str, words: Iterable[str] = IN_SCRIPTS) -> str:
    """A script with its words, those between quotes, in the language of this process."""
    if language() == ENGLISH:
        return script
    for text in sorted(words, key=len, reverse=True):  # one has another inside
        quoted = re.compile(rf'(?<!make\()(["`]){re.escape(text)}\1')
        said = translated(text)
        script = quoted.sub(lambda found: f"{found[1]}{said}{found[1]}", script)  # noqa: B023
    return script


def sentences(text: str) -> str:
    """Sentences in a row, each in the language of this process; those of others stay."""
    if language() == ENGLISH:
        return text
    said = ""
    while text:
        one, text = _first(text)
        wide = said and unicodedata.east_asian_width(said[-1]) in "WF"
        said += one if wide or not said else f" {one}"
    return said


def _first(text: str) -> tuple[str, str]:
    """The first sentence as it is said, and what follows."""
    for template in SENTENCES:
        if found := _pattern(f"{template} ").match(f"{text} "):
            return _filled(template, found), text[found.end() :]
    title, dot, rest = text.partition(". ")
    if not dot:
        return text, ""
    known = phrase(title)
    return (f"{title}." if known == title else _ended(known)), rest


def _ended(title: str) -> str:
    return translated("{title}.", title=title)


def phrase(text: str) -> str:
    """A name, a token or a part of a sentence in the language of this process."""
    if language() == ENGLISH:
        return text
    for template in PHRASES:
        if found := _pattern(template).fullmatch(text):
            return _filled(template, found)
    known = every(language())
    if text not in known and ", " in text:
        return translated(", ").join(text.split(", "))
    return known.get(text, text)


def _filled(template: str, found: re.Match[str]) -> str:
    values = {name: phrase(value) for name, value in found.groupdict().items()}
    return translated(template, **values)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a sentence with places looks like when they are filled."""
    parts = re.split(r"\{(\w+)\}", template)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = (rf"(?P<{name}>(?:(?!\. ).)+?)" for name in parts[1::2])
    return re.compile("".join(parts))
