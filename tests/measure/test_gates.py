"""Gate activity and time scales by hand."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.cells import GRU, LSTM, SimpleRNN
from course_utils.measure import gate_activity, time_scale


def test_activity_by_hand():
    f = np.array([[[0.05, 0.95], [0.5, 0.99]]])  # (1, 2, 2)
    found = gate_activity({"f": f, "h": f, "c": f, "g": f})
    assert list(found) == ["f"]
    assert found["f"] == pytest.approx((0.6225, 0.5, 0.25))
    each = gate_activity({"f": f}, per_unit=True)["f"]
    np.testing.assert_allclose(each.mean, [0.275, 0.97])
    np.testing.assert_allclose(each.open, [0, 1])
    np.testing.assert_allclose(each.closed, [0.5, 0])


def test_thresholds():
    f = np.array([[[0.05, 0.95], [0.5, 0.99]]])
    assert gate_activity({"f": f}, open_above=0.97)["f"].open == 0.25
    assert gate_activity({"f": f}, closed_below=0.51)["f"].closed == 0.5


@pytest.mark.parametrize(("cell", "gates"), [(SimpleRNN, ""), (LSTM, "ifo"), (GRU, "zr")])
def test_gates_of_every_cell(cell, gates):
    layer = cell(4, seed=0)
    layer(np.zeros((2, 3, 1)))
    activity = gate_activity(layer.trace())
    assert sorted(activity) == sorted(gates)
    for name, gate in activity.items():
        assert gate.mean == pytest.approx(0.731 if name == "f" else 0.5, abs=1e-3)
        assert gate.open == gate.closed == 0


def test_time_scale_by_hand():
    assert time_scale(0.0) == 1
    assert time_scale(0.99) == pytest.approx(100)
    np.testing.assert_allclose(time_scale(np.array([[0.5, 0.9, 1]])), [[2, 10, np.inf]])
    assert type(time_scale(0.5)) is float


def test_after_its_time_scale_a_memory_has_faded_to_one_over_e():
    keep = 0.995
    assert keep ** time_scale(keep) == pytest.approx(1 / np.e, rel=0.01)


@pytest.mark.parametrize("value", [-0.1, 1.1, np.nan])
def test_values_outside_a_gate_are_refused(value):
    with pytest.raises(ValueError, match="values of f or z"):
        time_scale(np.array([0.5, value]))
