"""Lesson 08's table of what a backend changes, tried on each backend that is installed.

JAX and PyTorch are no part of the environment: the extra `backends` has them. Where they are in an
environment beside it, CAROUSEL_BACKENDS names its Python.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.lessons.arguments import LESSON

FACTS = Path(__file__).with_name("backend_facts.py")
COLUMNS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
PYTHON = os.environ.get("CAROUSEL_BACKENDS", sys.executable)
READ_IN_THE_SOURCE = "a mask on a card"


def table() -> dict[str, dict[str, str]]:
    """The lesson's table: column -> row -> what it says."""
    text = LESSON.read_text(encoding="utf-8")
    part = text.split("# ## What a backend changes")[1].split("# ## ")[0].split("# %%")[0]
    rows = [re.split(r" *\| *", line.strip("# |")) for line in part.splitlines() if "|" in line]
    (_, *columns), _, *rows = rows
    return {name: {row[0]: row[k + 1] for row in rows} for k, name in enumerate(columns)}


def on(backend: str, *arguments: str) -> subprocess.CompletedProcess:
    """Python run with this backend, and without a graphics card."""
    settings = {"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [PYTHON, "-I", *arguments],
        env=os.environ | settings | {"JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.mark.parametrize("backend", COLUMNS)
def test_the_table_is_what_this_backend_does(backend):
    if on(backend, "-c", f"import {backend}").returncode:
        pytest.skip(f"{backend} is not installed here: pip install 'carousel-course[backends]'")
    said = table()[COLUMNS[backend]]
    assert READ_IN_THE_SOURCE in said
    ran = on(backend, str(FACTS))
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert {row: text for row, text in said.items() if row != READ_IN_THE_SOURCE} == found


def test_the_mask_that_fits_cudnn_is_the_one_that_keras_lets_through():
    """`fits_cudnn` of the lesson, held against Keras's guard for every mask of two short rows."""
    from course_utils.keras_bridge import tf

    rnn = pytest.importorskip("keras.src.backend.tensorflow.rnn")
    cell = re.search(
        r"^def fits_cudnn\(.*?\n(?=\n)", LESSON.read_text(encoding="utf-8"), re.M | re.S
    )
    names = {"np": np}
    exec(cell[0], names)

    @tf.function
    def passes(mask):
        right = rnn._is_sequence_right_padded(mask)
        return tf.logical_and(right, tf.logical_not(rnn._has_fully_masked_sequence(mask)))

    rows = [[bool(number >> bit & 1) for bit in range(4)] for number in range(16)]
    masks = [np.array([one, other]) for one in rows for other in rows]
    verdicts = [names["fits_cudnn"](mask) for mask in masks]
    assert verdicts == [bool(passes(tf.constant(mask))) for mask in masks]
    assert 0 < sum(verdicts) < len(masks)
