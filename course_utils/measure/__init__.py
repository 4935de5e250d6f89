"""Numbers about a recurrent network: reach of gradients, spectra, what gates do, time scales."""

from course_utils.measure.gates import GateActivity, gate_activity, time_scale
from course_utils.measure.jacobians import jacobian, jacobians, product_singular_values
from course_utils.measure.lags import LagCurve, decay_per_step, gradient_against_lag
from course_utils.measure.spectra import Spectrum, recurrent_spectra, spectrum

__all__ = [
    "GateActivity",
    "LagCurve",
    "Spectrum",
    "decay_per_step",
    "gate_activity",
    "gradient_against_lag",
    "jacobian",
    "jacobians",
    "product_singular_values",
    "recurrent_spectra",
    "spectrum",
    "time_scale",
]
