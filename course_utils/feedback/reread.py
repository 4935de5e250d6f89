"""Where the lessons explain what a problem asks: the section to read again after a mistake.

Headings are those of the notebooks; a test looks each of them up there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from course_utils.language import translated


class Place(NamedTuple):
    """A section of a lesson: the lesson's number, and the heading."""

    lesson: str
    section: str

    def __str__(self) -> str:
        section = translated(self.section)
        return translated(
            "lesson {lesson}, section “{section}”", lesson=self.lesson, section=section
        )

    @property
    def anchor(self) -> str:
        """The section's anchor on the lesson's page, as MyST and code forges make it."""
        return re.sub(r"[^\w\- ]", "", self.section.lower()).replace(" ", "-")


PROBLEMS = {  # in the order of the problem sets
    "france_baseline": Place("00", "One sentence is an anecdote"),
    "too_sure": Place("00", "One sentence is an anecdote"),
    "overconfident_loss": Place("00", "From the words to an answer"),
    "rnn_step": Place("01", "Many numbers that remember"),
    "rnn_forward": Place("01", "Many numbers that remember"),
    "rnn_params": Place("01", "Counting weights"),
    "mend_rnn_loop": Place("01", "Many numbers that remember"),
    "best_by_sum": Place("01", "Does a sum know the order?"),
    "rnn_step_backward": Place("02", "Back along the chain"),
    "bptt": Place("02", "Ten lines of NumPy"),
    "gradient_check": Place("02", "How small is a small nudge?"),
    "planted_bugs": Place("02", "A colleague makes it faster"),
    "clip_by_global_norm": Place("03", "A cliff, and a rein"),
    "rnn_jacobian": Place("03", "One number for each lag"),
    "spectral_radius": Place("03", "A network that can be predicted"),
    "latch_slope": Place("03", "One unit, one bit"),
    "forget_bias_for": Place("03", "Eigenvalues of a gated cell"),
    "lstm_step": Place("04", "The whole cell"),
    "lstm_forward": Place("04", "The whole cell"),
    "peephole_step": Place("04", "The whole cell"),
    "open_step_backward": Place("04", "The whole cell"),
    "coupled_step_backward": Place("04", "The whole cell"),
    "lstm_params": Place("04", "The whole cell"),
    "forget_bias_for_lag": Place("05", "A blank, forty words later"),
    "nearest_mean": Place("05", "Who knows the country?"),
    "clamp_unit": Place("05", "What training did to the time scales"),
    "gru_step": Place("06", "Two cells by one name"),
    "gru_back_replacing": Place("06", "The way back"),
    "gru_params": Place("06", "Two cells by one name"),
    "torch_to_keras_gru": Place("06", "Before you carry weights over"),
    "torch_to_keras_lstm": Place("06", "Before you carry weights over"),
    "units_for_budget": Place("07", "An unfair fight"),
    "wilson_interval": Place("07", "Could it be luck?"),
    "runs_for_ninety": Place("07", "Could it be luck?"),
    "chrono_bias": Place("11", "Factors that see the input"),
    "keras_dropout_mask": Place("08", "The six you need"),
    "keras_forget_bias": Place("08", "How the weights start"),
    "keras_return_state": Place("08", "The six you need"),
    "keras_reset_after": Place("08", "How it is computed"),
    "keras_stateful": Place("08", "The six you need"),
    "mend_lost_mask": Place("09", "Three that run and are wrong"),
    "keras_cudnn_batch": Place("09", "One that stops on another machine"),
    "keras_merge_mode": Place("09", "Three that run and are wrong"),
    "mend_leaking_state": Place("09", "Three that run and are wrong"),
    "mend_saved_cell": Place("09", "Six that stop"),
    "standardise": Place("10", "Numbers a network can read"),
    "carried_on": Place("10", "Numbers a network can read"),
    "whole_windows": Place("10", "Look into the file"),
    "leaked_share": Place("10", "Numbers a network can read"),
    "name_perplexity": Place("10", "Inventing places"),
    "join_steps": Place("11", "All steps at once: the scan"),
    "min_gru": Place("11", "Factors that see the input"),
    "exponential_gate": Place("11", "Attention without softmax is a recurrence"),
    "attention_read": Place("11", "Looking back instead: attention"),
    "matrix_read": Place("11", "Attention without softmax is a recurrence"),
}

_NOTATION = Place("00", "One notation for all lessons")
_INPUT = Place("04", "It writes down everything: the input gate")
_OUTPUT = Place("04", "Everybody hears it: the output gate")
_FORGET = Place("04", "It never forgets: the forget gate")
_NO_LOSS = Place("04", "A memory that loses nothing")
_LONG_SHORT = Place("04", "Long-term and short-term")
_Z = Place("06", "Before you carry weights over")
_BIASES = Place("06", "Two cells by one name")
_BLOCKS = Place("06", "Before you carry weights over")

MISTAKES = {  # a mistake that another section than the problem's explains
    ("rnn_step", "state ignored"): Place("01", "One number that remembers"),
    ("rnn_step", "U transposed"): _NOTATION,
    ("rnn_forward", "time first"): _NOTATION,
    ("rnn_forward", "state not carried"): Place("01", "Drawn out in time"),
    ("bptt", "weights of one step only"): Place("02", "One weight, used three times"),
    ("bptt", "dh not accumulated"): Place("02", "A colleague makes it faster"),
    ("bptt", "only one step back"): Place("02", "A product of factors"),
    ("lstm_step", "no input gate"): _INPUT,
    ("lstm_step", "1 - f for the input gate"): _INPUT,
    ("lstm_step", "no output gate"): _OUTPUT,
    ("lstm_step", "no forget gate"): _FORGET,
    ("lstm_step", "1 - f kept"): _FORGET,
    ("lstm_step", "c not carried"): _NO_LOSS,
    ("lstm_step", "c squashed"): _NO_LOSS,
    ("lstm_step", "U transposed"): _NOTATION,
    ("lstm_forward", "c not carried"): _LONG_SHORT,
    ("lstm_forward", "h not carried"): _LONG_SHORT,
    ("lstm_forward", "c collected for h"): _LONG_SHORT,
    ("lstm_forward", "time first"): _NOTATION,
    ("gru_step", "z and 1 - z swapped"): _Z,
    ("gru_back_replacing", "z keeps"): _Z,
    ("gru_step", "PyTorch order"): _BLOCKS,
    ("gru_back_replacing", "PyTorch order"): _BLOCKS,
    ("gru_step", "U transposed"): _NOTATION,
    ("torch_to_keras_gru", "biases added up"): _BIASES,
    ("torch_to_keras_gru", "biases swapped"): _BIASES,
    ("torch_to_keras_lstm", "two rows of biases"): _BIASES,
    ("min_gru", "time first"): _NOTATION,
}


def place_of(problem: str, mistake: str | None = None) -> Place | None:
    """Where to read again after a mistake of a problem; None if the bank has no such problem."""
    return MISTAKES.get((problem, mistake or ""), PROBLEMS.get(problem))
