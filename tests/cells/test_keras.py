"""Our layers against Keras: any configuration, values and every gradient."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from course_utils import cells
from tests.cells.configurations import (
    Configuration,
    by_cells,
    by_keras,
    configurations,
    differences,
)

# The same examples every time: a red run can be repeated.
fixed = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@settings(fixed, max_examples=150)
@given(configurations())
def test_values_and_gradients_equal_keras_in_float64(configuration: Configuration):
    assert not differences(by_cells(cells, configuration), by_keras(configuration), 1e-10)


@settings(fixed, max_examples=40)
@given(configurations(dtype="float32"))
def test_values_and_gradients_equal_keras_in_float32(configuration: Configuration):
    assert not differences(by_cells(cells, configuration), by_keras(configuration), 5e-6)


def test_a_twin_has_configuration_weights_and_kept_state():
    from course_utils.keras_bridge import keras_twin

    rng = np.random.default_rng(0)
    for layer in (
        cells.SimpleRNN(3, activation="relu", go_backwards=True, return_state=True, seed=0),
        cells.LSTM(3, recurrent_activation="hard_sigmoid", stateful=True, return_sequences=True),
        cells.GRU(3, reset_after=False, use_bias=False, zero_output_for_mask=True, dtype="float64"),
    ):
        x, mask = rng.normal(size=(2, 4, 5)), rng.random((2, 4)) > 0.4
        layer(x)
        twin = keras_twin(layer, batch_size=2)
        ours, theirs = layer(x, mask=mask), twin(x, mask=mask)
        pairs = zip(ours, theirs, strict=True) if layer.return_state else [(ours, theirs)]
        for one, other in pairs:
            np.testing.assert_allclose(one, other, rtol=2e-6, atol=1e-7)
        settings_of_both = ("go_backwards", "stateful", "return_sequences", "return_state")
        assert all(getattr(twin, k) == getattr(layer, k) for k in settings_of_both)
        assert twin.compute_dtype == layer.dtype.name
    assert keras_twin(layer, go_backwards=True).go_backwards


def test_what_has_no_twin_is_said():
    from course_utils.keras_bridge import keras_twin

    with pytest.raises(ValueError, match=r"LSTM has no weights yet: call build\(input_size\)"):
        keras_twin(cells.LSTM(3))
    stateful = cells.GRU(3, stateful=True)
    stateful.build(2)
    with pytest.raises(ValueError, match="GRU is stateful: keras_twin needs batch_size"):
        keras_twin(stateful)


def test_the_bridge_is_quiet_and_friendly(tmp_path):
    """In a process of its own: nothing on stderr, and one sentence where TensorFlow is missing."""
    use = "from course_utils.keras_bridge import keras; print(float(keras.ops.ones(1)[0]))"
    run = subprocess.run([sys.executable, "-c", use], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("1.0\n", "")
    (tmp_path / "tensorflow.py").write_text("raise ImportError('no wheel')")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.getcwd()])}
    run = subprocess.run(
        [sys.executable, "-c", use], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 1
    last = run.stderr.splitlines()[-1]
    assert "Keras with TensorFlow cannot be imported" in last and "`make setup`" in last
