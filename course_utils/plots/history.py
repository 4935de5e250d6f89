"""The entries of the map of ideas: only what a source states, in the words of the course."""

from __future__ import annotations

from course_utils.plots.ideas import Idea

WRONG, START, GATES = "What is wrong", "A better start", "Gates"
LINEAR, BACK = "Linear and parallel", "Looking back"
LANES = (WRONG, START, GATES, LINEAR, BACK)
IDEAS = (
    Idea(1991, WRONG, "Vanishing gradients", "why long gaps are not learnt",
         "Hochreiter, diploma thesis"),
    Idea(1994, WRONG, "The latch dilemma", "a bit kept firmly lets no gradient through",
         "Bengio, Simard & Frasconi"),
    Idea(1997, GATES, "LSTM", "a memory changed by adding, gates to write and read",
         "Hochreiter & Schmidhuber", "Vanishing gradients"),
    Idea(2000, GATES, "Forget gate", "streams without an end", "Gers, Schmidhuber & Cummins"),
    Idea(2000, GATES, "Peepholes", "counting and timing", "Gers & Schmidhuber"),
    Idea(2005, GATES, "Bidirectional LSTM", "what comes after counts too", "Graves & Schmidhuber"),
    Idea(2013, WRONG, "Spectra, clipping", "when gradients vanish or explode; a cure for exploding",
         "Pascanu, Mikolov & Bengio"),
    Idea(2014, GATES, "GRU", "nearly the same with one state and two gates", "Cho et al."),
    Idea(2014, BACK, "Attention", "one vector is too small for a long sentence",
         "Bahdanau, Cho & Bengio", "GRU"),
    Idea(2015, START, "IRNN", "no gates: identity and ReLU", "Le, Jaitly & Hinton",
         "Spectra, clipping"),
    Idea(2015, START, "Forget bias 1", "gates that start open", "Jozefowicz, Zaremba & Sutskever",
         "Forget gate"),
    Idea(2016, GATES, "MGU", "one gate will do", "Zhou et al."),
    Idea(2017, BACK, "Transformer", "attention alone: all steps at once", "Vaswani et al."),
    Idea(2018, START, "Chrono", "gates that start as slow as the task", "Tallec & Ollivier"),
    Idea(2018, LINEAR, "Parallel scan", "a linear recurrence in log T rounds", "Martin & Cundy"),
    Idea(2021, LINEAR, "S4", "a linear recurrence is a convolution", "Gu, Goel & Ré"),
    Idea(2023, LINEAR, "LRU", "plain linear RNNs can do it, started well", "Orvieto et al."),
    Idea(2023, LINEAR, "Mamba", "linear, with factors set by the input", "Gu & Dao"),
    Idea(2024, GATES, "xLSTM", "exponential gates revise what is stored", "Beck et al."),
    Idea(2024, LINEAR, "minGRU, minLSTM", "gates that see only the input, trained by scan",
         "Feng et al.", "MGU"),
)  # fmt: skip
