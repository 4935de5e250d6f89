"""Evidence: sweeps over tasks, cells, initialisations and seeds, and their stored results.

    table = load("adding").where(cell="LSTM", init="default")
    table.success, table.steps          # with intervals
    run_one(sweep("adding").find(task=Adding(50), cell="GRU", init="default"), seed=0)

Read it in this order: `catalog`, `case`, `runner`, `store`, `results`, `published`.
"""

from course_utils.experiments.case import Measurement, Training, run_one
from course_utils.experiments.catalog import NAMES, sweep
from course_utils.experiments.networks import count_parameters, make_layer, matched_units
from course_utils.experiments.results import Results, load
from course_utils.experiments.runner import Sweep, run_sweep
from course_utils.experiments.variants import VARIANTS
from course_utils.statistics import Interval, bootstrap_median, wilson

__all__ = [
    "NAMES",
    "VARIANTS",
    "Interval",
    "Measurement",
    "Results",
    "Sweep",
    "Training",
    "bootstrap_median",
    "count_parameters",
    "load",
    "make_layer",
    "matched_units",
    "run_one",
    "run_sweep",
    "sweep",
    "wilson",
]
