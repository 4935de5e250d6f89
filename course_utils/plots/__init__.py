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
        time_scales,
    )
    from course_utils.plots.backprop import (
        accuracy_against_distance,
        backward_by_hand,
        nudge_errors,
        windows,
    )
    from course_utils.plots.beliefs import Scene, sentence_beliefs
    from course_utils.plots.cells import cell_diagram
    from course_utils.plots.curves import lag_curves, training_curves
    from course_utils.plots.display import png, show
    from course_utils.plots.distances import Stage, distance_panels
    from course_utils.plots.fight import longer_sequences, loss_grid, success_and_steps
    from course_utils.plots.heatmap import states_heatmap
    from course_utils.plots.history import IDEAS, LANES
    from course_utils.plots.ideas import Idea, map_of_ideas
    from course_utils.plots.inside import (
        dots_by_seed,
        rank_panels,
        sentence_heatmaps,
        unit_traces,
    )
    from course_utils.plots.latch import latch_map, latch_sweep
    from course_utils.plots.legend import visual_language
    from course_utils.plots.memory import carried_along, gate_panels, memory_growth
    from course_utils.plots.network import gradient_flow, unrolled
    from course_utils.plots.panels import lag_panels, spectra, spectrum_and_lags
    from course_utils.plots.plane import spectrum
    from course_utils.plots.reber import reber_graph
    from course_utils.plots.runs import gates_by_unit, training_panels
    from course_utils.plots.samples import sentence_sample, sequence_sample, task_sample
    from course_utils.plots.style import CELLS, GATES, cell_style, gate_style, new_figure
    from course_utils.plots.traces import gate_traces

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
    "distance_panels": "distances",
    "dots_by_seed": "inside",
    "eigenvalue_memories": "after",
    "gate_panels": "memory",
    "gate_style": "style",
    "gate_traces": "traces",
    "gates_by_unit": "runs",
    "gradient_flow": "network",
    "lag_curves": "curves",
    "lag_panels": "panels",
    "latch_map": "latch",
    "latch_sweep": "latch",
    "longer_sequences": "fight",
    "loss_grid": "fight",
    "map_of_ideas": "ideas",
    "memory_growth": "memory",
    "new_figure": "style",
    "nudge_errors": "backprop",
    "png": "display",
    "rank_panels": "inside",
    "reber_graph": "reber",
    "scan_rounds": "after",
    "scan_speed": "after",
    "sentence_beliefs": "beliefs",
    "sentence_heatmaps": "inside",
    "sentence_sample": "samples",
    "sequence_sample": "samples",
    "show": "display",
    "spectra": "panels",
    "spectrum": "plane",
    "spectrum_and_lags": "panels",
    "states_heatmap": "heatmap",
    "success_and_steps": "fight",
    "task_sample": "samples",
    "time_scales": "after",
    "training_curves": "curves",
    "training_panels": "runs",
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
    "distance_panels",
    "dots_by_seed",
    "eigenvalue_memories",
    "gate_panels",
    "gate_style",
    "gate_traces",
    "gates_by_unit",
    "gradient_flow",
    "lag_curves",
    "lag_panels",
    "latch_map",
    "latch_sweep",
    "longer_sequences",
    "loss_grid",
    "map_of_ideas",
    "memory_growth",
    "new_figure",
    "nudge_errors",
    "png",
    "rank_panels",
    "reber_graph",
    "scan_rounds",
    "scan_speed",
    "sentence_beliefs",
    "sentence_heatmaps",
    "sentence_sample",
    "sequence_sample",
    "show",
    "spectra",
    "spectrum",
    "spectrum_and_lags",
    "states_heatmap",
    "success_and_steps",
    "task_sample",
    "time_scales",
    "training_curves",
    "training_panels",
    "unit_traces",
    "unrolled",
    "visual_language",
    "windows",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
