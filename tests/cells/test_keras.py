"""Our layers against Keras: any configuration, values and every gradient."""

from __future__ import annotations

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
