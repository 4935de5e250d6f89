"""The visual language of the course: what each colour and line means, and its figures.

Every figure of a lesson is made by a function of this package and goes through show(fig, alt).
Nothing is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_utils.plots.after import (
        answers_by_start,
        attention_words,
        eigenvalue_memories,
        scan_rounds,
        scan_speed,
    )
    from course_utils.plots.backprop import (
        accuracy_against_distance,
        backward_by_hand,
        nudge_errors,
        windows,
    )
    from course_utils.plots.backward import one_step_back, two_readers
    from course_utils.plots.beliefs import Scene, sentence_beliefs
    from course_utils.plots.cells import cell_diagram
    from course_utils.plots.curves import lag_curves, training_curves
    from course_utils.plots.display import png, show
    from course_utils.plots.distances import Stage, distance_panels
    from course_utils.plots.heatmap import states_heatmap
    from course_utils.plots.held import memory_held
    from course_utils.plots.history import IDEAS, LANES
    from course_utils.plots.ideas import Idea, map_of_ideas, spoken
    from course_utils.plots.inside import (
        dots_by_seed,
        rank_panels,
        sentence_heatmaps,
        unit_traces,
    )
    from course_utils.plots.latch import latch_map, latch_sweep
    from course_utils.plots.legend import visual_language
    from course_utils.plots.loop import echoes, folded_and_unrolled, state_gap, tanh_and_slope
    from course_utils.plots.memory import carried_along, gate_panels, memory_growth
    from course_utils.plots.network import gradient_flow, unrolled
    from course_utils.plots.panels import lag_panels, spectra, spectrum_and_lags
    from course_utils.plots.plane import spectrum
    from course_utils.plots.rates import shares_solved, steps_against_rate
    from course_utils.plots.reber import reber_graph
    from course_utils.plots.runs import training_panels
    from course_utils.plots.samples import sentence_sample, sequence_sample, task_sample
    from course_utils.plots.steps import cliff, clouds, dots_by_start, training_films, turned
    from course_utils.plots.style import CELLS, GATES, cell_style, gate_style, new_figure
    from course_utils.plots.traces import unit_lines

_HOMES = {
    "CELLS": "style",
    "GATES": "style",
    "IDEAS": "history",
    "Idea": "ideas",
    "LANES": "history",
    "Scene": "beliefs",
    "Stage": "distances",
    "accuracy_against_distance": "backprop",
    "answers_by_start": "after",
    "attention_words": "after",
    "backward_by_hand": "backprop",
    "carried_along": "memory",
    "cell_diagram": "cells",
    "cell_style": "style",
    "cliff": "steps",
    "clouds": "steps",
    "distance_panels": "distances",
    "dots_by_seed": "inside",
    "dots_by_start": "steps",
    "echoes": "loop",
    "eigenvalue_memories": "after",
    "folded_and_unrolled": "loop",
    "gate_panels": "memory",
    "gate_style": "style",
    "gradient_flow": "network",
    "lag_curves": "curves",
    "lag_panels": "panels",
    "latch_map": "latch",
    "latch_sweep": "latch",
    "map_of_ideas": "ideas",
    "memory_growth": "memory",
    "memory_held": "held",
    "new_figure": "style",
    "nudge_errors": "backprop",
    "one_step_back": "backward",
    "png": "display",
    "rank_panels": "inside",
    "reber_graph": "reber",
    "scan_rounds": "after",
    "scan_speed": "after",
    "sentence_beliefs": "beliefs",
    "sentence_heatmaps": "inside",
    "sentence_sample": "samples",
    "sequence_sample": "samples",
    "shares_solved": "rates",
    "show": "display",
    "spectra": "panels",
    "spectrum": "plane",
    "spectrum_and_lags": "panels",
    "spoken": "ideas",
    "state_gap": "loop",
    "states_heatmap": "heatmap",
    "steps_against_rate": "rates",
    "tanh_and_slope": "loop",
    "task_sample": "samples",
    "training_curves": "curves",
    "training_films": "steps",
    "training_panels": "runs",
    "turned": "steps",
    "two_readers": "backward",
    "unit_lines": "traces",
    "unit_traces": "inside",
    "unrolled": "network",
    "visual_language": "legend",
    "windows": "backprop",
}
__all__ = [
    "CELLS",
    "GATES",
    "IDEAS",
    "LANES",
    "Idea",
    "Scene",
    "Stage",
    "accuracy_against_distance",
    "answers_by_start",
    "attention_words",
    "backward_by_hand",
    "carried_along",
    "cell_diagram",
    "cell_style",
    "cliff",
    "clouds",
    "distance_panels",
    "dots_by_seed",
    "dots_by_start",
    "echoes",
    "eigenvalue_memories",
    "folded_and_unrolled",
    "gate_panels",
    "gate_style",
    "gradient_flow",
    "lag_curves",
    "lag_panels",
    "latch_map",
    "latch_sweep",
    "map_of_ideas",
    "memory_growth",
    "memory_held",
    "new_figure",
    "nudge_errors",
    "one_step_back",
    "png",
    "rank_panels",
    "reber_graph",
    "scan_rounds",
    "scan_speed",
    "sentence_beliefs",
    "sentence_heatmaps",
    "sentence_sample",
    "sequence_sample",
    "shares_solved",
    "show",
    "spectra",
    "spectrum",
    "spectrum_and_lags",
    "spoken",
    "state_gap",
    "states_heatmap",
    "steps_against_rate",
    "tanh_and_slope",
    "task_sample",
    "training_curves",
    "training_films",
    "training_panels",
    "turned",
    "two_readers",
    "unit_lines",
    "unit_traces",
    "unrolled",
    "visual_language",
    "windows",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
