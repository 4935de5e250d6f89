"""Lesson 08 treats every argument that the installed Keras takes, and no other."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import chain
from types import SimpleNamespace

import pytest

from course_utils.keras_bridge import keras
from tests.lessons.arguments import (
    KINDS,
    LESSON,
    OF_EVERY_LAYER,
    ROW,
    differences,
    in_the_code,
    in_the_index,
    installed,
    named,
    sections,
    the_six,
)

TEXT = LESSON.read_text(encoding="utf-8")
LAYERS = {kind: getattr(keras.layers, kind) for kind in (*KINDS.values(), "RNN")}


def found(text: str = TEXT, **changed: type) -> list[str]:
    """The differences between the lesson and Keras, either of them changed."""
    return sorted(differences(in_the_index(text), installed(SimpleNamespace(**LAYERS | changed))))


def test_the_index_is_what_keras_takes():
    assert found() == []


def test_every_argument_has_one_section_and_the_table_begins_with_the_six():
    treated = list(chain(*(section.names for section in sections(TEXT))))
    assert len(treated) == len(set(treated))
    assert set(treated) == set(chain(*in_the_index(TEXT).values()))
    assert len(the_six(TEXT)) == 6
    assert the_six(TEXT) == treated[:6] == [row[0] for row in ROW.findall(TEXT)][:6]


def test_every_argument_stands_in_code_and_has_an_experiment_and_a_trap():
    for section in sections(TEXT):
        assert set(section.names) <= in_the_code(section), f"{section.names} not in its code"
        for part in ("# %%\n", "**Trap.**"):
            assert part in section.text, f"{section.names} has no {part.strip()!r}"


def test_a_name_put_together_from_pieces_is_found():
    assert TEXT.count("kernel_constraint=limit") == 1
    pieces = TEXT.replace("kernel_constraint=limit", '**{f"{part}_constraint": limit}')
    missing = [one.names for one in sections(pieces) if not set(one.names) <= in_the_code(one)]
    assert missing == [("kernel_constraint", "recurrent_constraint", "bias_constraint")]


def test_what_every_layer_takes_is_named_and_nothing_more():
    taken = set(named(keras.layers.Layer.__init__)) - {"self", "activity_regularizer"}
    assert taken == OF_EVERY_LAYER
    assert all(f"`{name}`" in TEXT for name in OF_EVERY_LAYER)


# Each of the following shows that the comparison fails when Keras or the lesson changes.


def with_signature(layer: type, change: Callable[[dict], None]) -> type:
    """`layer` with the parameters that its signature shows changed by `change`."""
    signature = inspect.signature(layer)
    parameters = dict(signature.parameters)
    change(parameters)
    in_order = sorted(parameters.values(), key=lambda p: p.kind)
    changed = type(layer.__name__, (layer,), {})
    changed.__signature__ = signature.replace(parameters=in_order)
    return changed


def gain(parameters: dict) -> None:
    parameters["layer_norm"] = parameters["use_bias"].replace(name="layer_norm", default=False)


def lose(parameters: dict) -> None:
    del parameters["seed"]


def turn(parameters: dict) -> None:
    parameters["use_bias"] = parameters["use_bias"].replace(default=False)


@pytest.mark.parametrize("kind", KINDS.values())
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (gain, "Keras's {} takes layer_norm; the lesson does not treat it."),
        (lose, "The lesson treats seed of {}; this Keras does not take it."),
        (turn, "use_bias of {} is False by default, not True."),
    ],
)
def test_a_change_of_keras_is_found(kind, change, message):
    assert found(**{kind: with_signature(LAYERS[kind], change)}) == [message.format(kind)]


def test_a_change_of_what_goes_in_through_kwargs_is_found():
    def gain_time_major(parameters: dict) -> None:
        parameters["time_major"] = parameters["unroll"].replace(name="time_major")

    def lose_zero_output(parameters: dict) -> None:
        del parameters["zero_output_for_mask"]

    for change, name in ((gain_time_major, "time_major"), (lose_zero_output, "zero_output")):
        messages = found(RNN=with_signature(keras.layers.RNN, change))
        assert len(messages) == 3 and all(name in message for message in messages)


def test_the_end_of_implementation_is_found():
    class LSTM(keras.layers.LSTM):
        def __init__(self, units, **arguments):
            if "implementation" in arguments:
                raise ValueError("Unrecognized keyword arguments")
            super().__init__(units, **arguments)

    LSTM.__signature__ = inspect.signature(keras.layers.LSTM)
    message = "The lesson treats implementation of LSTM; this Keras does not take it."
    assert found(LSTM=LSTM) == [message]


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("# | `seed` | `None` |", "# | seed | `None` |", 3),
        ('| `use_cudnn` | `"auto"` | L G |', '| `use_cudnn` | `"auto"` | R L G |', 1),
        ("| `dropout` | `0.0` |", "| `dropout` | `0` |", 3),
        ("| `unit_forget_bias` | `True` |", "| `unit_forget_bias` | `False` |", 1),
        ("# | `implementation` | `2` | L G |", "# | `implementation` | `1` | L G |", 2),
    ],
)
def test_a_change_of_the_lesson_is_found(old, new, count):
    assert TEXT.count(old) == 1
    assert len(found(TEXT.replace(old, new))) == count
