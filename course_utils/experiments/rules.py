"""The published claims, each with its rule. What does not reproduce stays, with what was found."""

from __future__ import annotations

from course_utils.experiments import rules_after, rules_gated, rules_plain
from course_utils.experiments.published import Published

H_AND_S = "Hochreiter & Schmidhuber 1997"
PUBLISHED = (
    Published(
        "One unit cannot store a bit robustly and pass gradient at the same time.",
        "03",
        "Bengio, Simard & Frasconi 1994",
        "the two exclude each other",
        rules_plain.latch,
    ),
    Published(
        "The LSTM learns the adding problem at T=100.",
        "07",
        H_AND_S,
        "MSE below 0.01 after 74,000 sequences",
        rules_gated.adding,
    ),
    Published(
        "The LSTM learns temporal order; a plain network stays at chance.",
        "07",
        H_AND_S,
        "LSTM 1.0, RNN 0.25",
        rules_gated.temporal_order,
    ),
    Published(
        "The LSTM learns the embedded Reber grammar; a plain network does not.",
        "04",
        H_AND_S,
        "LSTM in 97 to 100% of the runs, Elman network in none",
        rules_gated.embedded_reber,
    ),
    Published(
        "Without a forget gate the LSTM fails on continual streams.",
        "04",
        "Gers, Schmidhuber & Cummins 2000",
        "the state grows without bound, and the network fails",
        rules_gated.forgetting,
    ),
    Published(
        "Spectral radius below 1 suffices for gradients to vanish; above 1 is needed to explode.",
        "03",
        "Pascanu, Mikolov & Bengio 2013",
        "1 is the border for tanh",
        rules_plain.spectral_radius,
    ),
    Published(
        "Clipping the gradient's norm tames explosions.",
        "03",
        "Pascanu, Mikolov & Bengio 2013",
        "clipped runs train, unclipped ones do not",
        rules_plain.clipping,
    ),
    Published(
        "With as many parameters, gated cells beat the tanh RNN.",
        "07",
        "Cho et al. 2014; Chung et al. 2014",
        "LSTM and GRU better than tanh",
        rules_gated.gates_beat_tanh,
    ),
    Published(
        "GRU and LSTM are about equal.",
        "07",
        "Chung et al. 2014",
        "no clear winner",
        rules_gated.gru_like_lstm,
    ),
    Published(
        "A forget bias of 1 closes the gap between LSTM and GRU.",
        "04",
        "Jozefowicz, Zaremba & Sutskever 2015",
        "LSTM with bias 1 as good as the GRU",
        rules_gated.forget_bias,
    ),
    Published(
        "Forget gate and output activation are the parts that matter most.",
        "05",
        "Greff et al. 2015",
        "the two ablations that hurt most",
        rules_gated.most_important,
    ),
    Published(
        "No variant of the LSTM is clearly better than the LSTM.",
        "05",
        "Greff et al. 2015",
        "none of 8",
        rules_gated.none_better,
    ),
    Published(
        "On copy memory a network without memory reaches 10 ln 8 / (T + 20), and many stay there.",
        "07",
        "Arjovsky, Shah & Bengio 2016",
        "10 ln 8 / (T + 20) nats",
        rules_plain.copy_baseline,
    ),
    Published(
        "A ReLU network that starts as the identity rivals the LSTM on adding.",
        "11",
        "Le, Jaitly & Hinton 2015",
        "IRNN about as good as the LSTM at T=150",
        rules_plain.irnn,
    ),
    Published(
        "Biases ln U(1, T-1) for the gate that keeps let gated cells learn long lags.",
        "11",
        "Tallec & Ollivier 2018",
        "b_f = ln U(1, T-1), b_i = -b_f: faster, and at longer lags",
        rules_gated.chrono,
    ),
    Published(
        "The minGRU trains by a parallel scan.",
        "11",
        "Feng et al. 2024",
        "scan equals loop; 175 times faster at T=512, on a graphics card",
        rules_after.parallel_scan,
    ),
    Published(
        "Gates that see only the input are all we need: one minGRU layer does what a GRU does.",
        "11",
        "Feng et al. 2024",
        "as good as recent sequence models, in several layers",
        rules_after.all_we_needed,
    ),
)
