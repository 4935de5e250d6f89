"""The lines of lesson 09 that carry a network to ONNX, run where the extra `onnx` is installed.

It is no part of the environment. Where it is in an environment beside it, CAROUSEL_ONNX names its
Python.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LESSON = Path(__file__).parents[2] / "notebooks/src/09_keras_in_practice.py"
PYTHON = os.environ.get("CAROUSEL_ONNX", sys.executable)
NEEDED = "import keras, onnx, onnxruntime, tf2onnx"
BEFORE = """
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers
x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
"""
BEHIND = """
import json
import onnx
longer = np.ones((4, 9, 3), "float32")
[other] = session.run(None, {session.get_inputs()[0].name: longer})
free = np.abs(other - model.predict(longer, verbose=0)).max() < 1e-5
print(json.dumps([bool(free), [n.op_type for n in onnx.load("model.onnx").graph.node]]))
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess:
    """Python in a folder of its own."""
    return subprocess.run(
        [PYTHON, "-c", code], cwd=folder, capture_output=True, text=True, timeout=600
    )


@pytest.mark.parametrize(("cell", "becomes"), [("LSTM", "LSTM"), ("GRU", "Loop")])
def test_the_lines_of_the_lesson_export_and_check(tmp_path, cell, becomes):
    if run(NEEDED, tmp_path).returncode:
        pytest.skip("ONNX is not installed here: pip install 'carousel-course[onnx]'")
    section = LESSON.read_text(encoding="utf-8").split("# ## Out of Keras: ONNX")[1]
    lines = re.search(r"# ```python\n(.*?)# ```", section, re.S)[1]
    code = re.sub(r"^# ?", "", lines, flags=re.M).replace("layers.LSTM", f"layers.{cell}")
    ran = run(BEFORE + code + BEHIND, tmp_path)
    assert ran.returncode == 0, ran.stderr
    said, (free, operations) = ran.stdout.split()[0], json.loads(ran.stdout.splitlines()[-1])
    assert (said, free) == ("True", True)
    assert becomes in operations
    assert ("LSTM" in operations) == (becomes == "LSTM")
