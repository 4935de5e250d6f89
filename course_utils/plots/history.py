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
    Idea(2014, BACK, "Seq2seq", "a sentence through one state into another",
         "Sutskever, Vinyals & Le", "Forget gate"),
    Idea(2014, BACK, "Attention", "one vector is too small for a long sentence",
         "Bahdanau, Cho & Bengio", "GRU"),
    Idea(2015, START, "IRNN", "no gates: identity and ReLU", "Le, Jaitly & Hinton",
         "Spectra, clipping"),
    Idea(2015, START, "Forget bias 1", "gates that start open", "Jozefowicz, Zaremba & Sutskever",
         "Forget gate"),
    Idea(2016, GATES, "MGU", "one gate will do", "Zhou et al."),
    Idea(2016, LINEAR, "QRNN", "gates that see only the input", "Bradbury et al.", "GRU"),
    Idea(2017, LINEAR, "SRU", "the same, as fast as a convolution", "Lei et al."),
    Idea(2017, BACK, "Transformer", "attention alone: all steps at once", "Vaswani et al."),
    Idea(2018, START, "Chrono", "gates that start as slow as the task", "Tallec & Ollivier"),
    Idea(2018, LINEAR, "Parallel scan", "a linear recurrence in log T rounds", "Martin & Cundy"),
    Idea(2020, BACK, "Linear attention", "without softmax it is a recurrence",
         "Katharopoulos et al."),
    Idea(2021, BACK, "DeltaNet", "takes out what is stored under a key before it writes",
         "Schlag, Irie & Schmidhuber"),
    Idea(2021, LINEAR, "S4", "a linear recurrence is a convolution", "Gu, Goel & Ré"),
    Idea(2023, LINEAR, "LRU", "plain linear RNNs can do it, started well", "Orvieto et al."),
    Idea(2023, LINEAR, "Mamba", "linear, with factors set by the input", "Gu & Dao"),
    Idea(2023, BACK, "RWKV", "a language model with a state of fixed size", "Peng et al."),
    Idea(2024, GATES, "xLSTM", "exponential gates revise what is stored", "Beck et al."),
    Idea(2024, LINEAR, "Mamba-2", "one factor a step: linear attention with forgetting",
         "Dao & Gu", "Linear attention"),
    Idea(2024, LINEAR, "minGRU", "gates that see only the input, trained by scan",
         "Feng et al."),
    Idea(2024, BACK, "Gated DeltaNet", "forgets all, and takes out one key", "Yang, Kautz & "
         "Hatamizadeh"),
    Idea(2026, LINEAR, "Mamba-3", "complex factors, which can flip", "Lahoti et al."),
)  # fmt: skip
