"""Lesson 09's rule for masks, tried on every layer of the installed Keras that keeps the steps."""

from __future__ import annotations

import inspect
import json
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_utils.keras_bridge import keras

layers = keras.layers
NOTEBOOK = Path(__file__).parents[2] / "notebooks/09_keras_in_practice.ipynb"
ARGUMENTS = {  # of the layers that cannot be made without any, or that turn the steps into one
    "Activation": ("relu",),
    "AdditiveAttention": None,  # attention takes a list of tensors
    "Attention": None,
    "AveragePooling1D": (1,),
    "Bidirectional": (layers.LSTM(6, return_sequences=True),),
    "Conv1D": (6, 1),
    "Conv1DTranspose": (6, 1),
    "Dense": (6,),
    "DepthwiseConv1D": (1,),
    "Dropout": (0.1,),
    "GaussianDropout": (0.1,),
    "GaussianNoise": (0.1,),
    "GroupNormalization": (2,),
    "Lambda": (lambda h: 2 * h,),
    "MaxPooling1D": (1,),
    "Permute": ((1, 2),),
    "RNN": (layers.LSTMCell(6),),
    "Reshape": ((-1, 6),),
    "SeparableConv1D": (6, 1),
    "SpatialDropout1D": (0.1,),
    "TimeDistributed": (layers.Dense(6),),
    "ZeroPadding1D": (0,),
}
RECURRENT = {"GRU": (6,), "LSTM": (6,), "SimpleRNN": (6,), "RNN": ARGUMENTS["RNN"]}
OWN_MASK = {"Masking"}  # makes a mask of its own, whatever arrives
MIXES = {"GroupNormalization"}  # passes the mask on, and lets the padding into its means
ROW = re.compile(r"^(.+?) +supports_masking=(True|False) +(passed on|LOST.*)$", re.M)


def news_of(layer: object) -> str | None:
    """What becomes of the mask between an embedding and an LSTM; None if the layer does not fit.

    The answer must be the same with padding appended, as in the lesson.
    """
    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            h = layer(layers.Embedding(10, 6, mask_zero=True)(ids))
            if isinstance(h, list | tuple | dict) or len(h.shape) != 3 or h.shape[-1] is None:
                return None
            model = keras.Model(ids, layers.LSTM(4)(h))
            short, long = (
                np.asarray(model(np.array([row]))) for row in ([3, 1, 4], [3, 1, 4, 0, 0])
            )
        except Exception:
            return None
    if np.abs(short - long).max() < 1e-5:
        return "passed on"
    about_masks = any("mask" in str(one.message) for one in heard)
    return "LOST, with a warning" if about_masks else "LOST"


def made(name: str) -> object | None:
    """A layer of this class that could stand between two recurrent layers, or None."""
    if name in RECURRENT:
        return getattr(layers, name)(*RECURRENT[name], return_sequences=True)
    arguments = ARGUMENTS.get(name, ())
    try:
        return None if arguments is None else getattr(layers, name)(*arguments)
    except (TypeError, ValueError, ImportError):
        return None


def found() -> dict[str, tuple[bool, str]]:
    """name -> (supports_masking, news) of every layer of Keras that fits."""
    classes = {name: one for name, one in vars(layers).items() if inspect.isclass(one)}
    pictures = {name for name, one in classes.items() if "preprocessing" in one.__module__}
    tried = {name: made(name) for name in sorted(set(classes) - OWN_MASK - pictures)}
    news = {name: (layer, news_of(layer)) for name, layer in tried.items() if layer is not None}
    return {name: (bool(one.supports_masking), said) for name, (one, said) in news.items() if said}


@pytest.fixture(scope="module")
def all_layers() -> dict[str, tuple[bool, str]]:
    return found()


def test_supports_masking_is_the_rule_for_every_layer_of_keras(all_layers):
    assert len(all_layers) >= 30, sorted(all_layers)
    rule = {True: "passed on", False: "LOST, with a warning"}
    assert {name for name, (says, news) in all_layers.items() if news != rule[says]} == MIXES
    assert {supports for supports, _ in all_layers.values()} == {True, False}


def test_the_table_of_the_lesson_says_so_too(all_layers):
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    streams = [
        "".join(output.get("text", ""))
        for cell in cells
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
    ]
    rows = ROW.findall("\n".join(streams))
    known = {name.split("(")[0]: (supports == "True", said) for name, supports, said in rows}
    kept = {name: row for name, row in known.items() if name in all_layers}
    assert len(kept) >= 7
    assert kept == {name: all_layers[name] for name in kept}


def test_a_layer_that_breaks_the_rule_is_noticed():
    class Silent(layers.Layer):
        def call(self, h):
            return 2 * h

        def compute_mask(self, h, previous):
            return None

    class Told(Silent):
        supports_masking = True

    assert news_of(Silent()) == news_of(Told()) == "LOST"
