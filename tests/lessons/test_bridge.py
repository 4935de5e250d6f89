"""The bridge to Keras needs TensorFlow, and says so where another backend was chosen."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import os
import course_utils.keras_bridge as bridge
print(bridge.keras.backend.backend(), os.environ["KERAS_BACKEND"])
"""


def test_the_bridge_takes_tensorflow_says_so_and_keeps_the_choice():
    ran = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM],
        env=os.environ | {"KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["tensorflow", "jax"]
    assert "jax is chosen as Keras's backend" in ran.stderr
