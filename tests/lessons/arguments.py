"""What lesson 08 says of Keras's arguments, and what the installed Keras says itself."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from course_utils.delivery.authoring.site.arguments import LAYERS as KINDS
from course_utils.delivery.authoring.site.arguments import ROW

LESSON = Path(__file__).parents[2] / "notebooks/src/08_keras_argument_by_argument.py"
REQUIRED = inspect.Parameter.empty
OF_EVERY_LAYER = {"name", "dtype", "trainable", "autocast"}  # the lesson names them and goes on
KEPT_FROM_KERAS_2 = "implementation"

HEADING = re.compile(r"^# ### (.*`\w+`.*)$", re.M)
SLIDE = re.compile(r"^# %% \[markdown\] slide=.*?(?=^# %%|\Z)", re.M | re.S)

Arguments = dict[str, object]  # name -> default


class Section(NamedTuple):
    names: tuple[str, ...]
    text: str


def in_the_index(lesson: str) -> dict[str, Arguments]:
    """What the table at the end says: layer -> argument -> default."""
    table: dict[str, Arguments] = {kind: {} for kind in KINDS.values()}
    for name, default, letters, _, _ in ROW.findall(lesson):
        value = REQUIRED if default == "required" else ast.literal_eval(default.strip("`"))
        for letter in letters.split():
            table[KINDS[letter]][name] = value
    return table


def sections(lesson: str) -> list[Section]:
    """The parts of the lesson under a heading that names arguments, in order."""
    lesson = SLIDE.sub("", lesson).split("# ## From Keras 2 to Keras 3")[0]
    _, *pieces = HEADING.split(lesson)
    names = [tuple(re.findall(r"`(\w+)`", heading)) for heading in pieces[::2]]
    texts = [text.split("\n# ## ")[0] for text in pieces[1::2]]
    return [Section(*pair) for pair in zip(names, texts, strict=True)]


def in_the_code(section: Section) -> set[str]:
    """The names that stand in the section's code as keywords, `name=...`: not put together."""
    cells = re.split(r"^# %%(.*)$", section.text, flags=re.M)
    code = [cell for head, cell in zip(cells[1::2], cells[2::2]) if "[markdown]" not in head]
    trees = map(ast.parse, code)
    return {node.arg for tree in trees for node in ast.walk(tree) if isinstance(node, ast.keyword)}


def the_six(lesson: str) -> list[str]:
    """The arguments of the first page, in its order."""
    part = SLIDE.sub("", lesson).split("# ## The six you need")[1].split("\n# ## ")[0]
    return re.findall(r"^# ### `(\w+)`$", part, re.M)


def named(function: object) -> Arguments:
    """The parameters of a signature that have a name, with their defaults."""
    parameters = inspect.signature(function).parameters.values()
    named_kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {p.name: p.default for p in parameters if p.kind in named_kinds}


def installed(layers: object) -> dict[str, Arguments]:
    """What SimpleRNN, LSTM and GRU of `layers` take, through **kwargs too: argument -> default.

    What goes in through **kwargs ends in the base class RNN, or is `implementation`, which LSTM
    and GRU take out on the way.
    """
    found = {}
    for kind in KINDS.values():
        layer = getattr(layers, kind)
        found[kind] = {**named(layers.RNN), **named(layer)}
        del found[kind]["cell"]
        try:
            cell = layer(1, **{KEPT_FROM_KERAS_2: 1}).cell
        except ValueError:
            continue
        if getattr(cell, KEPT_FROM_KERAS_2, None) == 1:  # not only swallowed
            found[kind][KEPT_FROM_KERAS_2] = getattr(layer(1).cell, KEPT_FROM_KERAS_2)
    return found


def differences(lesson: Mapping[str, Arguments], keras: Mapping[str, Arguments]) -> Iterator[str]:
    """Every argument that one side lacks, and every other default, as a sentence."""
    for kind, takes in keras.items():
        says = lesson[kind]
        for name in takes.keys() - says.keys():
            yield f"Keras's {kind} takes {name}; the lesson does not treat it."
        for name in says.keys() - takes.keys():
            yield f"The lesson treats {name} of {kind}; this Keras does not take it."
        for name in says.keys() & takes.keys():
            if (type(says[name]), says[name]) != (type(takes[name]), takes[name]):
                yield f"{name} of {kind} is {takes[name]!r} by default, not {says[name]!r}."
