"""The published claims, each with its rule. What does not reproduce stays, with what was found."""

from __future__ import annotations

from course_utils.experiments import (
    rules_after,
    rules_contest,
    rules_gated,
    rules_origins,
    rules_plain,
    rules_search,
)
from course_utils.experiments.published import Published

H_AND_S = "Hochreiter & Schmidhuber 1997"
CHUNG = "Chung et al. 2014"
GREFF = "Greff et al. 2015"
ADAM = "We train with Adam, gradients clipped, through all steps."
ONE_RATE = "We give each cell one learning rate and 5 seeds."
SEARCHED = (
    "Their tasks are speech, handwriting and music, with 8 variants, 200 random settings for each, "
    "larger networks and training until validation gets no better. Ours are one made-up task and "
    "the names of places, with 5 variants, fewer settings, 8 to 64 units and about 600 updates. "
    "They draw rate, width, momentum and noise, we rate, width, clipping, forget bias and noise."
)
PUBLISHED = (
    Published(
        "One unit cannot store a bit robustly and pass gradient at the same time.",
        "A unit keeps a bit or passes gradient",
        "03",
        "Bengio, Simard & Frasconi 1994",
        "the two exclude each other",
        "They prove it for any such system and train the unit; we set its weight and measure.",
        rules_plain.latch,
    ),
    Published(
        "The LSTM learns the adding problem at T=100.",
        "The LSTM learns adding at T=100",
        "07",
        H_AND_S,
        "MSE below 0.01 after 74,000 sequences",
        "Task, scale and start are theirs, but for lengths that vary by a tenth. They have two "
        "blocks of two cells, truncate gradients and count a run as learnt when 2,000 sequences "
        "in a row are right. " + ADAM,
        rules_origins.adding,
    ),
    Published(
        "The LSTM learns temporal order at T=100.",
        "The LSTM learns temporal order at T=100",
        "07",
        H_AND_S,
        "solved after 31,390 sequences (experiment 6a); no plain network was tried",
        "Start and task are theirs: weights within 0.1, biases of -2 and -4 for the input gates. "
        "They have two blocks of two cells that share gates, and truncate gradients. " + ADAM,
        rules_origins.temporal_order,
    ),
    Published(
        "The LSTM learns the embedded Reber grammar.",
        "The LSTM learns the embedded Reber grammar",
        "04",
        H_AND_S,
        "LSTM in 97 to 100% of the runs; real-time recurrent learning in some, Elman's truncated "
        "procedure in none",
        "They count a run by all its strings, we by the steps that need memory. " + ADAM,
        rules_gated.embedded_reber,
    ),
    Published(
        "Without a forget gate the LSTM fails on continual streams.",
        "Without a forget gate streams fail",
        "04",
        "Gers, Schmidhuber & Cummins 2000",
        "the state grows without bound, and the network fails",
        "They learn on-line, letter by letter, from streams of 100,000 letters and more, with "
        "four blocks of two cells. Ours learn streams of 100 letters in batches, each begun with "
        "an empty state, until they know them; then they read on.",
        rules_origins.forgetting,
    ),
    Published(
        "Spectral radius below 1 suffices for gradients to vanish; above 1 is needed to explode.",
        "Below radius 1 gradients vanish",
        "03",
        "Pascanu, Mikolov & Bengio 2013",
        "1 is the border for tanh",
        "They prove it with the largest singular value; ours are orthogonal matrices times a "
        "radius, for which the two are the same.",
        rules_plain.spectral_radius,
    ),
    Published(
        "Clipping the gradient's norm tames explosions.",
        "Clipping tames explosions",
        "03",
        "Pascanu, Mikolov & Bengio 2013",
        "clipped runs train, unclipped ones do not",
        "Theirs are temporal order, music and text; ours is one task at two rates.",
        rules_plain.clipping,
    ),
    Published(
        "With as many parameters, gated cells beat the tanh RNN.",
        "Gated cells beat tanh at equal size",
        "07",
        CHUNG,
        "LSTM and GRU better than tanh on most of their data",
        "Their tasks are music and speech, their networks larger. Ours are small tasks; rate and "
        "start of every cell are chosen on other seeds, the RNN's, too.",
        rules_contest.gates_beat_tanh,
        spirit=True,
    ),
    Published(
        "GRU and LSTM are about equal.",
        "GRU and LSTM are about equal",
        "07",
        CHUNG,
        "no clear winner",
        "Their tasks are music and speech, their measure the likelihood at the end; ours are small "
        "tasks, and what is compared is how soon they are solved. Faster is not better.",
        rules_contest.gru_like_lstm,
        spirit=True,
    ),
    Published(
        "A forget bias of 1 closes the gap between LSTM and GRU.",
        "A forget bias of 1 closes the gap to the GRU",
        "04",
        "Jozefowicz, Zaremba & Sutskever 2015",
        "LSTM with bias 1 as good as the GRU",
        "Their tasks are arithmetic, XML, language and music, with a search for each cell. "
        + ONE_RATE
        + " Our budget decides on Recall 20: with a lower rate bias 1 got there in trials that "
        "are not stored.",
        rules_gated.forget_bias,
        spirit=True,
    ),
    Published(
        "Forget gate and output activation are the parts that matter most.",
        "Forget gate and output tanh matter most",
        "05",
        GREFF,
        "the two ablations that hurt most",
        SEARCHED,
        rules_search.most_important,
        spirit=True,
    ),
    Published(
        "No variant of the LSTM is clearly better than the LSTM.",
        "No variant is clearly better than the LSTM",
        "05",
        GREFF,
        "none of 8",
        SEARCHED,
        rules_search.none_better,
        spirit=True,
    ),
    Published(
        "Of all settings the learning rate matters most.",
        "The learning rate matters most",
        "07",
        GREFF,
        "more than two thirds of the variance of the results",
        SEARCHED + " They take shares from a random forest, we from parabolas.",
        rules_search.rate_matters,
        spirit=True,
    ),
    Published(
        "On copy memory a network without memory reaches 10 ln 8 / (T + 20), and many stay there.",
        "On copying many stay at the baseline",
        "07",
        "Arjovsky, Shah & Bengio 2016",
        "10 ln 8 / (T + 20) nats",
        "They train for tens of thousands of steps; ours stop after 300 and 1,000.",
        rules_plain.copy_baseline,
    ),
    Published(
        "A ReLU network that starts as the identity rivals the LSTM on adding.",
        "The identity with ReLU rivals the LSTM",
        "11",
        "Le, Jaitly & Hinton 2015",
        "IRNN about as good as the LSTM at T=150",
        "They train with plain gradient descent for far longer, and search rate and clipping.",
        rules_plain.irnn,
    ),
    Published(
        "Biases ln U(1, T-1) for the gate that keeps let gated cells learn long lags.",
        "Chrono biases let gated cells learn long lags",
        "11",
        "Tallec & Ollivier 2018",
        "b_f = ln U(1, T-1), b_i = -b_f: faster, and at longer lags",
        "Their tasks are copying and adding, up to T=750, with RMSprop; ours are recall and the "
        "sentence. The lags up to 200 are run at one rate with 5 seeds; only Recall 50 is tuned.",
        rules_gated.chrono,
        spirit=True,
    ),
    Published(
        "The minGRU trains by a parallel scan.",
        "The minGRU trains by a parallel scan",
        "11",
        "Feng et al. 2024",
        "scan equals loop; 175 times faster at T=512, on a graphics card",
        "We have no graphics card: times are of one core.",
        rules_after.parallel_scan,
    ),
    Published(
        "Gates that see only the input are all we need: one minGRU layer does what a GRU does.",
        "One minGRU layer does what a GRU does",
        "11",
        "Feng et al. 2024",
        "as good as recent sequence models, in several layers",
        "They stack layers, on selective copying, control and text; ours is one layer.",
        rules_after.all_we_needed,
        spirit=True,
    ),
)
