"""Which cells go without Keras is read from their code."""

import json
from pathlib import Path

import pytest

from course_utils.delivery.authoring.document import ROOT
from course_utils.delivery.live.needs import COURSE, files_for, keras_cells, runs_enough

NOTEBOOKS = sorted((*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("exercises/*.ipynb")))


def code_of(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["x = 1", "print(x)"], set()),
        (["import keras", "x = 1"], set()),  # merely imported
        (["import keras", "keras.layers.LSTM(3)", "x = 1"], {1}),
        (
            ["from course_utils.keras_bridge import keras_twin", "y = keras_twin(0)", "print(y)"],
            {1, 2},
        ),
        (["import keras", "y = keras.x", "y = 1", "print(y)"], {1}),  # given anew
        (["import keras", "def f():\n    return keras.x", "f()"], {2}),  # defined, then called
        (["import keras", "a = {}", "a['k'] = keras.x", "print(a)"], {2, 3}),
        (["def f():\n    import keras\n    return keras", "f()"], {1}),
        (["import tensorflow as tf", "tf.ones(3)"], {1}),
        (["%matplotlib inline\nx = 1"], set()),
        (["check('lstm_step', lstm_step)"], set()),
        (["check('keras_from_numpy', keras_from_numpy)"], set()),  # no such problem
    ],
)
def test_what_needs_keras(cells: list[str], found: set[int]) -> None:
    assert keras_cells(cells) == found


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem[:2]}")
def test_notebooks(path: Path) -> None:
    """A notebook whose code never names Keras has no cell that needs it."""
    code = code_of(path)
    named = any("keras" in one.lower() or "tensorflow" in one for one in code)
    assert named or not keras_cells(code)
    assert runs_enough(code) == (2 * len(keras_cells(code)) <= len(code))


def test_the_course_goes_with_the_cells() -> None:
    found = {
        path.relative_to(COURSE).as_posix()
        for path in files_for(["from course_utils.cells import LSTM"])
    }
    assert {"__init__.py", "cells/__init__.py", "cells/lstm.py"} <= found
    assert not any(one.startswith(("authoring", "plots")) for one in found)
