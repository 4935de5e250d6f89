# %% [markdown]
# # 11 · After the GRU
#
# The GRU is from 2014. Since then people have started gates differently, taken gates away, cut the loop itself, and
# replaced it by looking back. Each of these ideas fits on one screen. We build them, hold them against what we know, and
# measure what each one buys and what it costs.
#
# ## What you will learn
#
# - To choose a bias so that a gated network remembers for 200 steps on its first day.
# - How few gates suffice: none (IRNN), one (MGU), and gates that do not look at the memory (minGRU).
# - How a loop over time can be computed for all steps at once, and when that is faster.
# - What such a network can no longer do.
# - What exponential gates, state space models and attention do differently, each from scratch.
#
# ## What you need
#
# Lessons 01 to 06. Lesson 07 for the words *baseline* and *seed*.
#
# **Time.** About 85 minutes; its cells run in 30 s. You can read it in two sittings, with a break before *All steps at once: the scan*.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import GRU, LSTM, Chrono, MinGRU, MinLSTM, check_gradients
from course_utils.claims import claim
from course_utils.experiments import load
from course_utils.plots import show
from course_utils.tasks import Adding, BestSoFar, FranceSentence, Parity, Recall
from course_utils.training import Adam, SequenceModel, train, with_progress
from course_utils.training.own import OwnLayer


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## Start slow: chrono
#
# **Question.** Which one number lets a GRU remember 200 steps where the same equations forgot after 20?
#
# A gate of value $z$ keeps the share $z$ of a memory at each step. So the memory lasts for about $1 / (1 - z)$ steps. Before
# training the gate is about $\sigma(b)$, and
#
# $$\frac{1}{1 - \sigma(b)} = 1 + e^{b}$$
#
# To keep for $T$ steps, start with $b = \ln(T - 1)$. Tallec and Ollivier (2018) do not give all units the same: they draw
# $b = \ln U(1, T - 1)$, so that some units are fast and some slow. They call it *chrono*.
#
# **Predict.** Keras starts the biases of a GRU at zero. For how many steps do its units keep what they have?

# %% [markdown] slide="question" minutes=2
# ## Which one number lets a GRU remember 200 steps where it forgot after 20?
#
# What came after 2014: ideas that fit on one screen each
#
# Notes: They have seen it in lessons 04 and 05: the bias of the gate that keeps. Today: how to choose it, and
# what came after.

# %% [markdown] slide="formula" minutes=3
# ## A gate's bias is a time scale
#
# $$\frac{1}{1 - \sigma(b)} = 1 + e^{b}$$
#
# To keep for $T$ steps, start with $b = \ln(T - 1)$.
#
# Notes: Chrono does not give all units the same: b is the logarithm of a number drawn between 1 and T − 1, so
# that some units are fast and some slow.


# %%
def steps_kept(layer, gate):
    layer.build(16)
    b = layer.gate_weights(gate)["bias"]
    return 1 / (1 - sigmoid(b if b.ndim == 1 else b[0]))


# %%
starts = {
    "GRU, Keras's start": steps_kept(GRU(64, seed=0), "z"),
    "LSTM, Keras's start": steps_kept(LSTM(64, seed=0), "f"),
    "GRU, chrono for 200": steps_kept(
        GRU(64, seed=0, bias_initializer=Chrono(200)), "z"
    ),
}

# %%
show(
    plots.time_scales(starts, lag=200),
    alt="Three rows of 64 dots on a logarithmic axis of steps. Keras's GRU: all at 2. "
    "Keras's LSTM: all at 3.7. With chrono the dots spread from about 2 to 200, most "
    "of them beyond 50; a line marks the task's 200 steps.",
)

# %% [markdown]
# Two steps. Training has to find its way from there to 200, with a gradient that fades at each step. The stored
# sweep `chrono` shows how that ends: LSTM and GRU, five tasks with gaps of 40 to 200 steps, five seeds each, 400 to 2,000
# training steps by task, the same for both starts. (A sweep is a list of runs whose results are stored with the course.)
#
# **Predict.** Of 50 runs with Keras's start, how many solve their task? And of 50 with chrono?

# %% [markdown] slide="predict" minutes=2
# ## Gaps of 40 to 200 steps, 50 runs from Keras's start: how many succeed?
#
# - 4
# - 20
# - 50
#
# Answer: 4 of 50. With chrono 50 of 50.
#
# Notes: LSTM and GRU, five tasks, five seeds each. One line of initialisation and no change of the cell. Its
# price: you have to know about how long the gap is.

# %%
runs = load("chrono").where(cell=["LSTM", "GRU"])
for init in ("default", "chrono"):
    some = runs.where(init=init)
    print(f"{init:8} {some.solved} of {len(some)}")

# %%
claim(
    "At zero bias a GRU's unit keeps for 2 steps; chrono for 200 spreads its units "
    "from below 10 to above 150.",
    np.allclose(starts["GRU, Keras's start"], 2)
    and starts["GRU, chrono for 200"].min() < 10
    and starts["GRU, chrono for 200"].max() > 150,
)

# %%
claim(
    "LSTM and GRU, gaps of 40 to 200 steps: chrono solves 50 of 50 runs, Keras's start "
    "fewer than 10 (5 seeds).",
    runs.where(init="chrono").solved == 50 and runs.where(init="default").solved < 10,
    source="Tallec and Ollivier 2018",
)

# %% [markdown]
# One line of initialisation, and no change of the cell. Its price: you have to know about how long the gap is.
#
# ## No gates at all: the IRNN
#
# Le, Jaitly and Hinton (2015) asked whether gates are needed. Their network is plain: $h = \text{ReLU}(x W + h_\text{prev} U + b)$, with
# $U$ started as the **identity**. At the start it copies its state from step to step, and the slope of ReLU is 1 or 0. They
# found it about as good as an LSTM on the adding problem. In Keras it is
# `SimpleRNN(100, activation="relu", recurrent_initializer="identity")`, with small input weights.
#
# The sweep `irnn` has runs with 150 numbers, of which two are to be added. The baseline is a loss of 0.167; solved is
# below 0.01. RNN and IRNN have 100 units (10,300 weights), the LSTM 32 (4,480). Four learning rates were tried for the IRNN, one for
# each of the others; three seeds each.
#
# **Predict.** Which of the three gets below 0.01 in 3,000 steps: the plain RNN with tanh, the IRNN, the LSTM?

# %% [markdown] slide="predict" minutes=2
# ## No gates: ReLU, and the identity for $U$. Does it solve adding 150 numbers?
#
# - like the LSTM
# - halfway
# - not at all
#
# Answer: Halfway, in 3,000 steps.
#
# Notes: The IRNN of Le, Jaitly and Hinton, 2015. They found it about as good as an LSTM; they trained for
# much longer.

# %%
runs, baseline = load("irnn"), Adding(150).baseline.loss
irnn = runs.where(cell="IRNN")
rates = sorted(set(irnn["learning_rate"]))
medians = [irnn.where(learning_rate=rate).median("loss").value for rate in rates]
best = irnn.where(learning_rate=rates[np.argmin(medians)])
others = {name: runs.where(cell=name) for name in ("SimpleRNN", "LSTM")}

# %%
curves = {"RNN": others["SimpleRNN"], "RNN, IRNN": best, "LSTM": others["LSTM"]}

# %% [markdown] slide="figure" minutes=1
# ## Without gates one gets off the baseline, not to the LSTM
#
# Notes: At the start it copies its state from step to step. And nothing bounds it: three of its runs
# diverged.

# %%
show(
    plots.loss_grid(
        {
            "Adding 150": {
                k: [c / baseline for c in r.curves] for k, r in curves.items()
            }
        },
        every=50,
        budget=3000,
    ),
    alt="Loss relative to the baseline over 3,000 steps. The plain RNN stays at 1. The "
    "IRNN at its best rate falls to less than half, unevenly. The LSTM drops to nearly "
    "0 before 2,000 steps and stops, solved.",
)

# %%
print(
    "solved:", {name: f"{some.solved} of {len(some)}" for name, some in curves.items()}
)
print("IRNN runs that diverged, over all rates:", np.sum(irnn["outcome"] == "diverged"))

# %%
claim(
    "Adding 150: the best IRNN is below 0.6 of the baseline, the tanh RNN stays above "
    "0.9 of it (3 seeds).",
    best.median("loss").value < 0.6 * baseline
    and others["SimpleRNN"].median("loss").value > 0.9 * baseline,
)

# %%
claim(
    "Within 3,000 steps the LSTM solves 3 of 3 and no IRNN does, at four learning "
    "rates (3 seeds).",
    others["LSTM"].solved == 3 and irnn.solved == 0,
)

# %% [markdown]
# The best IRNN gets off the baseline, where the plain RNN stays. As good as an LSTM it is not within our 3,000 steps; the
# paper trained for much longer. And nothing bounds it: lesson 03 shows its gradients, and what clipping does for them.
#
# ## One gate: the MGU
#
# From the other side: how many gates can go? Zhou and others (2016) kept **one**. The GRU's $r$ and $z$ become a single $f$, that
# decides both how much of the old state is read and how much is replaced:
#
# $$f = \sigma(x W_f + h_\text{prev} U_f + b_f) \qquad g = \tanh(x W_g + (f \cdot h_\text{prev})\, U_g + b_g)$$
#
# $$h = (1 - f) \cdot h_\text{prev} + f \cdot g$$
#
# (Here $f$ **replaces**, as in the paper.) Forward:

# %% [markdown] slide="formula" minutes=2
# ## One gate can do the work of two
#
# $$f = \sigma(x W_f + h_\text{prev} U_f + b_f)$$
#
# $$h = (1 - f) \cdot h_\text{prev} + f \cdot g$$
#
# Notes: The MGU of Zhou and others, 2016. Here f replaces. In the candidate, f also decides how much of the
# old state is read. With equal weights it was as good as the GRU on the sentence.


# %%
def mgu(x, W, U, b):
    n, x = len(U), x.swapaxes(0, 1)  # time first
    h = np.zeros((len(x) + 1, x.shape[1], n), x.dtype)
    f, g = np.empty_like(h[1:]), np.empty_like(h[1:])
    for t in range(len(x)):
        f[t] = sigmoid(x[t] @ W[:, :n] + h[t] @ U[:, :n] + b[:n])
        g[t] = np.tanh(x[t] @ W[:, n:] + (f[t] * h[t]) @ U[:, n:] + b[n:])
        h[t + 1] = (1 - f[t]) * h[t] + f[t] * g[t]
    return h[1:].swapaxes(0, 1), (x, h, f, g)


# %% [markdown]
# And back, each line the mirror of one above:


# %%
def summed(left, right):
    return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])


# %%
def mgu_back(dy, x, h, f, g, W, U, b):
    n, dh = len(U), np.zeros_like(h[0])
    da = np.empty((*f.shape[:2], 2 * n), f.dtype)
    for t in reversed(range(len(x))):
        dh = dh + dy[:, t]
        da[t, :, n:] = dh * f[t] * (1 - g[t] ** 2)
        dread = da[t, :, n:] @ U[:, n:].T  # of f * h_prev
        da[t, :, :n] = (dh * (g[t] - h[t]) + dread * h[t]) * f[t] * (1 - f[t])
        dh = dh * (1 - f[t]) + dread * f[t] + da[t, :, :n] @ U[:, :n].T
    dU = [summed(h[:-1], da[..., :n]), summed(f * h[:-1], da[..., n:])]
    return {"W": summed(x, da), "U": np.hstack(dU), "b": da.sum(axis=(0, 1))}


# %% [markdown]
# `OwnLayer` makes a layer of two such functions, so that the course's training takes it. Keras has no MGU, but takes cells of
# your own: a class with `state_size` and `call`.

# %%
MGU = (mgu, mgu_back, {"W": ("m", "2n"), "U": ("n", "2n"), "b": ("2n",)})
own = OwnLayer(*MGU, units=4, return_sequences=True, dtype="float64", seed=0)
rng = np.random.default_rng(0)
x, dy = rng.normal(size=(2, 6, 3)), rng.normal(size=(2, 6, 4))
y = own(x)
by_hand = own.backward(dy).weights

# %%
from course_utils.keras_bridge import keras, tf


# %% tags=["whole-class"]
class MGUCell(keras.layers.Layer):
    def __init__(self, units):
        super().__init__(dtype="float64")
        self.units = self.state_size = units

    def build(self, shape):
        n = self.units
        self.W = self.add_weight(shape=(shape[-1], 2 * n))
        self.U = self.add_weight(shape=(n, 2 * n))
        self.b = self.add_weight(shape=(2 * n,))

    def call(self, x, states):
        h, n, a = states[0], self.units, x @ self.W + self.b
        f = keras.ops.sigmoid(a[:, :n] + h @ self.U[:, :n])
        g = keras.ops.tanh(a[:, n:] + (f * h) @ self.U[:, n:])
        h = (1 - f) * h + f * g
        return h, [h]


# %% [markdown]
# **Predict.** Forward and backward by hand, against a cell that Keras differentiates itself: to how many decimals will values and
# gradients agree?

# %%
layer = keras.layers.RNN(MGUCell(4), return_sequences=True, dtype="float64")
layer.build(x.shape)
layer.set_weights(list(own.weights.values()))

# %%
with tf.GradientTape() as tape:
    by_keras = layer(tf.constant(x))
    loss = tf.reduce_sum(by_keras * dy)
gradients = tape.gradient(loss, layer.weights)


# %%
def equal(one, other, tolerance=1e-12):
    return np.abs(np.asarray(one) - np.asarray(other)).max() < tolerance


# %%
claim(
    "The MGU by hand gives the outputs of a Keras cell to 12 decimals.",
    equal(y, by_keras),
)

# %%
claim(
    "Its gradients by hand are those of the Keras cell to 12 decimals.",
    all(equal(one, other) for one, other in zip(by_hand.values(), gradients)),
)

# %% [markdown]
# To twelve. Two blocks of weights instead of three: with 32 units two thirds of the old GRU's. For a fair comparison we
# give both the same number of weights, 32 units to the GRU and 44 to the MGU, and train three seeds on the sentence of lesson 00, with the
# country 3 to 40 words before the blank. That takes about 4 seconds.
#
# **Predict.** After 250 steps, how far apart are the two: hardly, 10 points, or is one of them still guessing (0.08)?

# %%
sentence = FranceSentence((3, 40))


def trained(layer, task, steps, seed, rate=0.01):
    model = SequenceModel.for_task(layer, task, seed=seed)
    train(model, task, steps=steps, optimizer=Adam(rate), seed=seed)
    return model


# %%
def scores(models, task, seed=99):
    batch = task.sample(500, np.random.default_rng(seed))
    return np.array([model.evaluate(batch).accuracy for model in models])


# %%
gru = [
    trained(GRU(32, seed=s), sentence, 250, s) for s in with_progress(range(3), "GRU")
]
one_gate = [
    trained(OwnLayer(*MGU, units=44, seed=s), sentence, 250, s)
    for s in with_progress(range(3), "MGU")
]
sizes = [models[0].layer.count_params() for models in (gru, one_gate)]

# %%
print("weights: GRU {:,}, MGU {:,}".format(*sizes))
print(
    "worst accuracy of 3 seeds:",
    *[scores(m, sentence).min().round(1) for m in (gru, one_gate)],
)

# %%
claim(
    "32 units of GRU and 44 of MGU have the same weights to within 2%.",
    abs(sizes[1] / sizes[0] - 1) < 0.02,
)
claim(
    "Sentence 3–40, 250 steps, equal weights: GRU and MGU are above 0.95, guessing "
    "gives 0.08 (3 seeds each).",
    min(scores(gru, sentence).min(), scores(one_gate, sentence).min()) > 0.95,
)

# %% [markdown]
# Hardly. On this task one gate is enough. What it cannot do is read all of the memory and write nothing: reading and writing hang on the
# same number.
#
# ## Gates that do not look: the minGRU
#
# All cells so far have a loop that cannot be cut: the gate needs $h_\text{prev}$, and that needs the gate of the step before. Feng and
# others (2024) take $h_\text{prev}$ out of everything but the memory itself, and the tanh as well:
#
# $$z = \sigma(x W_z + b_z) \qquad g = x W_g + b_g \qquad h = z \cdot h_\text{prev} + (1 - z) \cdot g$$
#
# ($z$ keeps, as everywhere in this course; theirs replaces.) No $U$ at all: with 2 inputs and 32 units, 192 weights are left of the GRU's 3,456.

# %% [markdown] slide="formula" minutes=3
# ## The minGRU: gates that do not look at the memory
#
# $$z = \sigma(x W_z + b_z) \qquad g = x W_g + b_g$$
#
# $$h = z \cdot h_\text{prev} + (1 - z) \cdot g$$
#
# Notes: Feng and others, 2024. No U at all, and no tanh. Ask: can a gate that cannot see its memory know what
# to keep? Yes: the word says so itself.


# %%
def min_gru(x, W, b):
    a = x.swapaxes(0, 1) @ W + b
    z, g = sigmoid(a[..., : len(b) // 2]), a[..., len(b) // 2 :]
    h = np.zeros_like(g)
    for t in range(len(h)):
        h[t] = (1 - z[t]) * g[t] + (z[t] * h[t - 1] if t else 0)
    return h.swapaxes(0, 1)


# %%
layer = MinGRU(4, return_sequences=True, dtype="float64", seed=0)
by_package = layer(x)
as_gru = GRU(
    4, activation=None, reset_after=False, return_sequences=True, dtype="float64"
)

# %%
W, b = layer.get_weights()
W_zrg = np.insert(W, [4] * 4, 0, axis=1)  # r's block, unused
as_gru.set_weights([W_zrg, np.zeros((4, 12)), np.zeros(12)])

# %%
claim(
    "The minGRU's loop equals the package's MinGRU to 12 decimals.",
    equal(min_gru(x, W, b), by_package),
)

# %%
claim(
    "A minGRU is a GRU without U and without tanh, to 12 decimals.",
    equal(as_gru(x), by_package),
)

# %% [markdown]
# **Predict.** A network whose gates cannot see its memory: does it learn the sentence at all? How does it compare with the GRU's
# 250 steps?

# %%
seeds = with_progress(range(3), "minGRU")
minimal = [trained(MinGRU(32, seed=s), sentence, 250, s) for s in seeds]
print("weights:", f"{minimal[0].layer.count_params():,}")
print("worst accuracy of 3 seeds:", scores(minimal, sentence).min().round(1))

# %% [markdown]
# It does, in about as many steps. The gate need not see the memory to know that *France* is worth keeping: the word says so itself.
#
# The sweep `minimal` puts it on the five tasks of lesson 07, and one more. Each cell with the better of its two starts, Keras's
# or chrono; the GRU has the runs of lesson 07, with up to 37 units, and on parity 32.


# %%
def better_start(runs):
    starts = [
        runs.where(init=i) for i in ("default", "chrono") if i in set(runs["init"])
    ]
    return max(starts, key=lambda one: one.solved)


# %%
fight, minimal_runs = load("fair_fight").where(cell="GRU"), load("minimal")

# %%
names = {
    "Adding 100": "Adding(length=100)",
    "Sentence 3–40": repr(sentence),
    "Recall 50": repr(Recall(50)),
}

# %%
names |= {
    "Order 50": "TemporalOrder(length=50)",
    "Copy 10": "CopyMemory(delay=10, items=5, symbols=8)",
}

# %%
results = {
    name: {
        "minGRU": better_start(minimal_runs.where(task=t, cell="MinGRU")),
        "GRU": better_start(fight.where(task=t)),
    }
    for name, t in names.items()
}

# %%
parity_runs = minimal_runs.where(task=Parity(20))
results["Parity 20"] = {
    "minGRU": parity_runs.where(cell="MinGRU"),
    "GRU": parity_runs.where(cell="GRU"),
}

# %%
show(
    plots.answers_by_start(
        {
            t: {k: (r.solved, len(r)) for k, r in row.items()}
            for t, row in results.items()
        }
    ),
    alt="Dots for runs that solved six tasks, five seeds each. Adding, sentence, "
    "recall and order: minGRU 5 of 5, GRU 5 of 5. Copy: none of either. Parity: minGRU "
    "0 of 5, GRU 5 of 5.",
)

# %% [markdown] slide="figure" minutes=3
# ## One layer without $U$ solves what the GRU solves, but for parity
#
# Notes: Five seeds each. Adding, Sentence, Recall, Order: 5 of 5 each. The last row is the other half of the
# story.

# %%
solved = {t: {k: r.solved for k, r in row.items()} for t, row in results.items()}

# %%
claim(
    "Adding 100, Recall 50, Order 50, Sentence 3–40: one minGRU layer solves 5 of 5 "
    "each, like the GRU.",
    all(solved[t] == {"minGRU": 5, "GRU": 5} for t in names if t != "Copy 10"),
    source="Feng and others 2024",
)

# %%
claim(
    "250 steps on Sentence 3–40: the minGRU is above 0.95, guessing gives 0.08 (3 "
    "seeds).",
    scores(minimal, sentence).min() > 0.95,
)

# %% [markdown]
# That is the surprise of this lesson: on the first four tasks one line with a gate does what the whole GRU does. (Copy is too hard for both in these
# steps.) The last row is the other half of the story; we come to it.
#
# ## All steps at once: the scan
#
# Why cut $h_\text{prev}$ out of the gates? With the inputs known, all $z_t$ and $g_t$ are known beforehand. What remains is
#
# $$h_t = a_t\, h_{t-1} + b_t \qquad a_t = z_t,\quad b_t = (1 - z_t)\, g_t$$
#
# It looks like a loop. But two steps in a row are one step of the same kind:
#
# $$h_2 = a_2 (a_1 h_0 + b_1) + b_2 = (a_2 a_1)\, h_0 + (a_2 b_1 + b_2)$$
#
# So join steps 1 and 2, steps 3 and 4, and so on, all at the same moment. That is a sequence of half the length. Do the same with
# it. When one step is left, fill in the states between.

# %% [markdown] slide="formula" minutes=2
# ## Two steps in a row are one step of the same kind
#
# $$h_1 = a_1 h_0 + b_1 \qquad h_2 = a_2 h_1 + b_2$$
#
# $$h_2 = (a_2 a_1)\, h_0 + (a_2 b_1 + b_2)$$
#
# Notes: Why cut h_prev out of the gates? With the inputs known, all factors are known beforehand. So join
# steps 1 and 2, 3 and 4, and so on, all at the same moment.

# %%
show(
    plots.scan_rounds(8),
    alt="Eight steps as dots. In three rounds pairs are joined: four joined steps, "
    "then two, then one, which is the last state. In two more rounds the states in "
    "between are filled in from their neighbours, down to all eight.",
)

# %% [markdown] slide="figure" minutes=3
# ## All steps at once, in a few rounds
#
# Notes: About 2 log₂ T rounds in place of T steps: 20 for 1,024. Backpropagation through time is a scan, too,
# from the other end.


# %%
def scan(a, b):
    if len(a) == 1:
        return b
    h = np.empty_like(b)
    first, second = slice(0, len(a) - 1, 2), slice(1, None, 2)
    h[second] = scan(a[second] * a[first], a[second] * b[first] + b[second])
    h[0] = b[0]
    h[2::2] = a[2::2] * h[1:-1:2] + b[2::2]
    return h


# %% [markdown]
# About $2 \log_2 T$ rounds instead of $T$ steps: 20 for a sequence of 1,024. Going back, $dh_t$ collects
# $dh_t \mathrel{+}= a_{t+1}\, dh_{t+1}$: the same recurrence, from the other end. So **backpropagation through time is a scan, too**.
#
# **Predict.** With 1,000 steps and factors between 0 and 1, by how much will scan and loop differ: not at all, around
# $10^{-16}$, or around $10^{-6}$?

# %%
from course_utils.cells.scan import backward as scan_back
from course_utils.cells.scan import loop

a, b = rng.uniform(0, 1, (1000, 8)), rng.normal(size=(1000, 8))
print("largest difference below 1e-12:", equal(scan(a, b), loop(a, b)))

# %%
pair = {
    by: MinGRU(
        16,
        by=by,
        return_sequences=True,
        dtype="float64",
        seed=1,
        bias_initializer=Chrono(500),
    )
    for by in ("scan", "loop")
}
x, dy = rng.normal(size=(2, 500, 3)), rng.normal(size=(2, 500, 16))
values = {by: layer(x) for by, layer in pair.items()}
gradients = {by: layer.backward(dy).weights for by, layer in pair.items()}

# %%
claim(
    "500 steps of a minGRU: scan and loop give the same values to 1e-10, and gradients "
    "to 1e-10 of their size.",
    equal(values["scan"], values["loop"], 1e-10)
    and all(
        equal(gradients["scan"][k] / np.abs(g).max(), g / np.abs(g).max(), 1e-10)
        for k, g in gradients["loop"].items()
    ),
    source="Feng and others 2024",
)

# %% [markdown]
# Rounding only. The **minLSTM** of the same paper goes the same way. It has two gates, $f$ and $i$, and divides both by their sum, so that
# they share 1 as $z$ and $1 - z$ do: $z = f / (f + i)$.

# %%
layer = MinLSTM(3, return_sequences=True, dtype="float64", seed=2)
x, dy = rng.normal(size=(2, 9, 3)), rng.normal(size=(2, 9, 3))
layer(x)
by_hand = layer.backward(dy).weights
report = check_gradients(lambda: np.sum(layer(x) * dy), layer.weights, by_hand)
claim("A gradient check finds no error in the minLSTM's scan.", report.passed)

# %%
seeds = with_progress(range(3), "minLSTM")
by_scan = [trained(MinLSTM(32, seed=s), sentence, 250, s) for s in seeds]
claim(
    "250 steps on Sentence 3–40: the minLSTM is above 0.95 too (3 seeds).",
    scores(by_scan, sentence).min() > 0.95,
)

# %% [markdown]
# ### Is it faster?
#
# On a graphics card, with thousands of cores, all pairs of a round are joined at once; the paper reports 175 times the speed of a GRU at
# 512 steps. Here is **one** core. It joins pairs one after the other, and the scan has about three times the work of the loop. What it saves
# are calls: a loop of 512 steps starts 512 operations of NumPy, each of which costs about a microsecond before it does anything.
#
# **Predict.** When is the scan faster on one core: with few numbers a step, or with many?

# %% [markdown] slide="predict" minutes=2
# ## On one core, when is the scan faster than the loop?
#
# - with few numbers a step
# - with many
#
# Answer: With few: it saves calls, not work.
#
# Notes: The scan has about three times the work of the loop. On a graphics card all pairs of a round are
# joined at once; we did not measure that here.

# %%
from time import perf_counter


# %%
def best_time(method, a, b):
    times = []
    for _ in range(7):
        start = perf_counter()
        method(a, b)
        times.append(perf_counter() - start)
    return min(times)


# %% tags=["nbval-ignore-output"] reason="it shows how long this machine takes"
for width in (32, 256, 4096):
    a, b = rng.random((2, 512, width), dtype=np.float32)
    ratio = best_time(loop, a, b) / best_time(scan, a, b)
    print(
        f"512 steps, {width:5} numbers a step: the scan is {ratio:.1f} times as fast "
        "as the loop"
    )

# %% [markdown]
# With few, where starting an operation costs more than doing it. With many numbers a step (batch times units) the loop wins on one
# core, and the scan has nothing to offer but its beauty. The figure has stored measurements of one machine, forwards and back.

# %%
measured = load("scan")
lengths = [63, 512, 2048]

# %%
speedups = {
    f"{width:,} numbers a step": [
        measured.where(width=width, length=t)["speedup"] for t in lengths
    ]
    for width in (32, 256)
}

# %%
show(
    plots.scan_speed(lengths, {k: np.transpose(v) for k, v in speedups.items()}),
    alt="The loop's time divided by the scan's against 63, 512 and 2,048 steps, as "
    "stored. With 32 numbers a step it rises from about 1.7 to more than 8. With 256 "
    "numbers a step it stays between 1 and 2.5.",
)

# %% [markdown] slide="figure" minutes=1
# ## On one core the scan pays for few numbers a step only
#
# Notes: The paper reports 175 times the speed of a GRU on a graphics card, at 512 steps. That is theirs, not
# ours.

# %%
ratio = {
    w: measured.where(width=w, length=512).median("speedup").value for w in (32, 4096)
}

# %%
claim(
    "Stored, one core, 512 steps: the scan is more than twice as fast with 32 numbers "
    "a step, and slower with 4,096.",
    ratio[32] > 2 and ratio[4096] < 1,
)

# %% [markdown]
# ## What it gave up
#
# Here is a task with nothing to ignore: a stream of bits, and after each the question whether the number of ones so far is even or odd.
#
# Three seeds each of 16 units, 20 bits; 300 steps for the GRU and twice as many for the minGRU: about 3 seconds.
#
# **Predict.** The state is a single bit. The GRU solved it in all five runs of the table, the minGRU in none. How far above guessing (0.5) does the minGRU
# come?

# %% [markdown] slide="predict" minutes=2
# ## Parity: is the number of ones even or odd? How far does the minGRU come?
#
# - to 1
# - halfway
# - hardly above 0.5
#
# Answer: Hardly above guessing.
#
# Notes: The state is a single bit. The GRU solved it in all five runs, the minGRU in none. Let them find out
# why before the next two slides.

# %%
parity = Parity(20)
flips = [
    trained(GRU(16, seed=s, return_sequences=True), parity, 300, s)
    for s in with_progress(range(3), "GRU")
]

# %%
creeps = [
    trained(MinGRU(16, seed=s, return_sequences=True), parity, 600, s)
    for s in with_progress(range(3), "minGRU")
]
for name, models in (("GRU", flips), ("minGRU", creeps)):
    print(f"{name:7}", scores(models, parity).round(1))

# %% [markdown]
# Hardly. One can see what is missing. Feed it ones only: $z$ and $g$ are then the same at each step, and $h$ moves a fixed share of the way towards $g$,
# step by step, always from the same side. It creeps. The right answer flips.

# %%
ones = np.zeros((1, 20, 2), np.float32)
ones[..., 1] = 1
states = {}
for name, models in (("GRU", flips), ("minGRU", creeps)):
    models[0].predict(ones)
    states[name] = models[0].layer.trace()["h"][0]

# %%
show(
    plots.states_heatmap(
        states["GRU"],
        steps=["1"] * 20,
        title="GRU: sixteen units while it reads ones",
        label="h",
    ),
    alt="Heat map of the GRU's 16 units over twenty ones. Many units change sign at "
    "each step, like a checkerboard.",
)

# %% [markdown] slide="figure" minutes=2 crop="0 6.6 88.3 72.7, 0 94.8 88.3 100" alt="Heat map of twelve units of the GRU over twenty ones. Many units change sign at each step, like a checkerboard."
# ## The GRU flips with each one it reads
#
# Twelve of its 16 units. Orange is positive, blue negative.
#
# Notes: Ones only. Many units change sign at each step.

# %%
show(
    plots.states_heatmap(
        states["minGRU"], steps=["1"] * 20, title="minGRU: the same", label="h"
    ),
    alt="Heat map of the minGRU's 16 units over twenty ones. Each unit moves steadily "
    "in one direction and settles; none turns back.",
)

# %% [markdown] slide="figure" minutes=2 crop="0 6.6 88.3 72.7, 0 94.8 88.3 100" alt="Heat map of twelve units of the minGRU over twenty ones. Each unit moves steadily in one direction and settles; none turns back."
# ## The minGRU creeps, and never turns back
#
# Twelve of its 16 units; the inputs are the same ones.
#
# Notes: z and g are the same at each step, so h moves a fixed share of the way towards g, always from the
# same side. The right answer flips.


# %%
def turns(model):
    model.predict(ones)
    change = np.diff(model.layer.trace()["h"][0].astype(float), axis=0)
    change[np.abs(change) < 1e-5] = 0
    return int(np.sum(change[1:] * change[:-1] < 0))


# %%
claim(
    "Parity of 20 bits: after 300 steps the GRU is above 0.95, after 600 the minGRU "
    "below 0.8; guessing gives 0.5 (3 seeds).",
    scores(flips, parity).min() > 0.95 and scores(creeps, parity).max() < 0.8,
)

# %%
claim(
    "Reading ones, no unit of a minGRU ever turns back, while the GRU's units turn "
    "more than 20 times (3 seeds).",
    max(map(turns, creeps)) == 0 and min(map(turns, flips)) > 20,
)

# %% [markdown]
# What is shown: **one** layer did not learn it, and why it is hard. More is proved: with factors of 0 and above no number of layers, with
# something nonlinear between them, gives the parity of strings of every length on a computer of finite precision (Grazzi and others 2024).
#
# ## A linear recurrence is a convolution
#
# The minGRU is one of a family. Make the factor constant, $a_t = \lambda$, and you have the **state space models** (S4: Gu, Goel and
# Ré 2021; LRU: Orvieto and others 2023):
#
# $$h_t = \lambda\, h_{t-1} + x_t$$
#
# Unroll it: $h_t = x_t + \lambda x_{t-1} + \lambda^2 x_{t-2} + \dots$ That is a **convolution** of the input with the kernel $1, \lambda, \lambda^2, \dots$,
# and the fast Fourier transform computes it without any loop. So there are three ways to the same numbers.
#
# **Predict.** Which of the three still works if the factor depends on the input, as in the minGRU: loop, scan, convolution?

# %%
lam = np.array([0.5, 0.95, -0.95, 0.97 * np.exp(0.4j)])
x = rng.normal(size=(300, 1))
factors, inputs = np.broadcast_to(lam, (300, 4)), x + np.zeros(4, complex)
kernel = lam ** np.arange(300)[:, None]
spectrum = np.fft.fft(kernel, 600, axis=0) * np.fft.fft(x, 600, axis=0)
by_convolution = np.fft.ifft(spectrum, axis=0)[:300]

# %%
claim(
    "A linear recurrence by loop, by scan and by Fourier transform gives the same 300 "
    "states to 10 decimals.",
    equal(loop(factors, inputs), scan(factors, inputs), 1e-10)
    and equal(loop(factors, inputs), by_convolution, 1e-10),
)

# %% [markdown]
# Loop and scan. A convolution has the same kernel everywhere, so it needs a constant $\lambda$. Mamba (Gu and Dao 2023) gave that up: its factors
# depend on the input, and it is computed by a scan.
#
# What does such a unit remember? After a single click it shows $1, \lambda, \lambda^2, \dots$ So **the eigenvalue is the memory**: its size says how long, its angle in what
# rhythm.

# %%
show(
    plots.eigenvalue_memories(lam),
    alt="Left, four eigenvalues in the unit circle: 0.5, 0.95, minus 0.95, and one "
    "near the edge at an angle. Right, their answers to one click: a quick fade, a "
    "slow fade, a slow fade that changes sign each step, a slow oscillation.",
)

# %% [markdown] slide="figure" minutes=3
# ## In a linear recurrence, the eigenvalue is the memory
#
# Notes: Its size says how long, its angle in what rhythm. The third one flips its sign at each step: that is
# what the minGRU lacks. With factors −1 and 1, parity is one line.

# %% [markdown]
# The third one flips its sign at each step. That is what the minGRU lacks: its factors $z$ lie between 0 and 1. Allow −1, and parity is one line, with
# the factor −1 for a one and 1 for a zero.

# %%
bits = rng.integers(2, size=(1, 200))
sign = scan(
    np.where(bits.T == 1, -1.0, 1.0),
    np.r_[[[1.0 - 2 * bits[0, 0]]], np.zeros((199, 1))],
)

# %%
claim(
    "With factors -1 and 1 a linear recurrence gives the parity of 200 bits without a "
    "mistake.",
    np.array_equal(sign[:, 0] < 0, bits[0].cumsum() % 2 == 1),
)

# %% [markdown]
# ## Exponential gates: the xLSTM
#
# Another task. At each step come a score and a value; at the end we ask for the value that had the **highest score**. So what is stored must be replaced
# when something better comes, and only then.

# %%
best = BestSoFar(20)
show(
    plots.task_sample(best, best.sample(1, np.random.default_rng(8))),
    alt="Twenty steps with a score and a value each, as stems. The step with the "
    "highest score is purple; its value is the answer.",
)

# %% [markdown]
# A sigmoid gate that sees only the input is in trouble here. It is open for high scores. But a 0.8 should be written if the best so far is 0.7, and not if it is
# 0.9. The xLSTM of Beck and others (2024) lets the input gate be an **exponential** and keeps, beside the memory $c$, the sum of all
# weights $s$ (theirs is called $n$):
#
# $$i = e^{a_i} \qquad c = f\, c_\text{prev} + i\, g \qquad s = f\, s_\text{prev} + i \qquad h = c / s$$
#
# With $f = 1$ and $i = e^{\beta \cdot \text{score}}$, $h$ is a mean of all values with weights $e^{\beta \cdot \text{score}}$. A higher score outweighs
# all lower ones, however much is already stored. Nothing has to be compared.
#
# One thing can go wrong: $e^{100}$ is too large for float32. The **stabiliser** $m$ is the largest exponent so far; both $c$ and $s$ are divided by $e^m$, and
# their quotient does not notice. By hand, for one sequence:


# %%
def by_exponentials(score, value, beta, stabilised):
    a = np.float32(beta) * score
    m = np.maximum.accumulate(a) if stabilised else np.zeros_like(a)
    i = np.exp(a - m)
    f = np.exp(np.r_[m[:1], m[:-1]] - m)
    return scan(f, i * value) / scan(f, i)


# %% [markdown]
# **Predict.** $\beta = 300$: what comes out without the stabiliser?

# %%
score, value = best.sample(1, np.random.default_rng(8)).inputs[0].T
answer = value[score.argmax()]

# %%
with np.errstate(all="ignore"):
    for beta in (3, 30, 300):
        plain, stable = (
            by_exponentials(score, value, beta, way)[-1] for way in (False, True)
        )
        print(
            f"beta {beta:3}: without {plain:.2f}   with {stable:.2f}   right "
            f"{answer:.2f}"
        )

# %% [markdown]
# Not a number: infinity divided by infinity. With it, the answer gets sharper the larger $\beta$ is.
#
# Now let it be learnt. Forward and backward, with $m$ found by a running maximum and $c$ and $s$ by two scans. Because $m$ cancels, it needs no
# gradient.


# %%
def exponential(x, W, b):
    a_i, a_f, g = np.split(x.swapaxes(0, 1) @ W + b, 3, axis=2)
    log_f = -np.logaddexp(0, -a_f)  # f is a sigmoid
    kept = np.cumsum(log_f, axis=0)
    m = kept + np.maximum.accumulate(a_i - kept, axis=0)
    i = np.exp(a_i - m)
    f = np.exp(log_f + np.concatenate([m[:1], m[:-1]]) - m)
    c, s = scan(f, i * g), scan(f, i)
    return (c / s).swapaxes(0, 1), (x, a_f, i, f, g, c, s)


# %%
def before(states):
    return np.concatenate([np.zeros_like(states[:1]), states[:-1]])


# %%
def exponential_back(dh, x, a_f, i, f, g, c, s, W, b):
    dh = dh.swapaxes(0, 1)
    dc = scan_back(f, dh / s)
    ds = scan_back(f, -dh * c / s**2)
    da_i = i * (dc * g + ds)
    da_f = f * (dc * before(c) + ds * before(s)) * sigmoid(-a_f)
    da = np.concatenate([da_i, da_f, dc * i], axis=2)
    return {"W": summed(x.swapaxes(0, 1), da), "b": da.sum(axis=(0, 1))}


# %%
EXPONENTIAL = (exponential, exponential_back, {"W": ("m", "3n"), "b": ("3n",)})
layer = OwnLayer(*EXPONENTIAL, units=3, return_sequences=True, dtype="float64", seed=0)
x, dy = rng.normal(size=(2, 7, 2)), rng.normal(size=(2, 7, 3))
layer(x)
by_hand = layer.backward(dy).weights

# %%
report = check_gradients(lambda: np.sum(layer(x) * dy), layer.weights, by_hand)
claim(
    "A gradient check finds no error in the exponential gate and its stabiliser.",
    report.passed,
)

# %% [markdown]
# Three contenders, three seeds each, 800 steps, about 7 seconds: 8 units with exponential gates (72 weights), a minGRU of 8 units (48), and an LSTM of
# 32 (4,480), whose gates may look at its memory. Rates: 0.1, 0.1 and 0.03, for each the best of 0.003, 0.01, 0.03 and 0.1.
#
# **Predict.** Always answering 1/2 has a loss of 0.083. In which order will the three end?

# %%
makers = {
    "exponential": (lambda seed: OwnLayer(*EXPONENTIAL, units=8, seed=seed), 0.1),
    "minGRU": (lambda seed: MinGRU(8, seed=seed), 0.1),
    "LSTM": (lambda seed: LSTM(32, seed=seed), 0.03),
}
contenders = {
    name: [trained(make(seed), best, 800, seed, rate) for seed in range(3)]
    for name, (make, rate) in with_progress(makers.items(), "networks")
}

# %%
test = best.sample(2000, np.random.default_rng(99))
losses = {
    name: np.array([model.evaluate(test).loss for model in models])
    for name, models in contenders.items()
}

# %%
for name, some in losses.items():
    print(f"{name:12} {some.mean():.2f}")

# %%
claim(
    "Best of 20, 800 steps: exponential gates get below 0.02, minGRU and LSTM stay "
    "above 0.03; baseline 0.083 (3 seeds each).",
    losses["exponential"].max() < 0.02
    and min(losses["minGRU"].min(), losses["LSTM"].min()) > 0.03,
    source="Beck and others 2024, section 4.1",
)

# %% [markdown]
# A clear order. But is it the *exponential*? Let us take it out and leave the rest: the input gate a sigmoid, the sum $s$ still there.
#
# **Predict.** Does it fall back to the minGRU's loss?


# %%
def with_sigmoid(x, W, b):
    a = x.swapaxes(0, 1) @ W + b
    n = len(b) // 3
    log_i = a.copy()
    log_i[..., :n] = -np.logaddexp(0, -a[..., :n])  # log of a sigmoid
    h, kept = exponential(
        log_i.swapaxes(0, 1), np.eye(3 * n, dtype=x.dtype), np.zeros_like(b)
    )
    return h, (a, kept, x)


# %%
def with_sigmoid_back(dh, a, kept, x, W, b):
    n = len(b) // 3
    i, g, c, s, f = kept[2], kept[4], kept[5], kept[6], kept[3]
    dh = dh.swapaxes(0, 1)
    dc, ds = scan_back(f, dh / s), scan_back(f, -dh * c / s**2)
    da_i = i * (dc * g + ds) * sigmoid(-a[..., :n])
    da_f = f * (dc * before(c) + ds * before(s)) * sigmoid(-kept[1])
    da = np.concatenate([da_i, da_f, dc * i], axis=2)
    return {"W": summed(x.swapaxes(0, 1), da), "b": da.sum(axis=(0, 1))}


# %%
SIGMOID = (with_sigmoid, with_sigmoid_back, EXPONENTIAL[2])
models = [
    trained(OwnLayer(*SIGMOID, units=8, seed=s), best, 800, s, 0.1)
    for s in with_progress(range(3), "seeds")
]
divided = np.array([model.evaluate(test).loss for model in models])

# %%
print(f"sigmoid, divided by the sum: {divided.mean():.2f}")
claim(
    "With a sigmoid in place of the exponential, but divided by the sum, it is below "
    "0.03 too (3 seeds).",
    divided.max() < 0.03,
)

# %% [markdown]
# It does not. What does the work here is the **division by the sum**: only the ratio of weights counts, and a ratio has no upper end. A sigmoid far
# below zero *is* an exponential, $\sigma(a) \approx e^a$, so it can do the same. The exponential is the cleaner way to write it.
#
# Not shown here: the xLSTM's output gate, its gates that look at $h_\text{prev}$ (ours see the input only, or there would be no scan), its second half, a matrix
# for a memory, and what all this is worth in a language model.
#
# ## Looking back instead: attention
#
# A mean of values with weights $e^{\text{score}}$, divided by the sum of the weights: that is a **softmax**. Now let the last word choose the scores. It asks a
# question $q$, each word has a key $k_t$ and a value $v_t$, and nothing is carried from step to step (Bahdanau, Cho and Bengio 2014; Vaswani and others 2017):
#
# $$q = x_T Q \qquad k_t = x_t K \qquad v_t = x_t V \qquad y = \sum_t w_t v_t \qquad w = \text{softmax}(q \cdot k_t / \sqrt{n})$$

# %% [markdown] slide="bars" minutes=2
# ## Dividing by the sum lets what is better outweigh what is stored
#
# - exponential: 0.01
# - minGRU: 0.05
# - LSTM: 0.07
# - baseline: 0.083
#
# Mean squared error, best of 20, after 800 steps
#
# Notes: The xLSTM's gates. But is it the exponential? With a sigmoid in its place, still divided by the sum,
# it works too: only the ratio of weights counts.


# %%
def attend(x, Q, K, V):
    q, k, v = x[:, -1:] @ Q, x @ K, x @ V
    scores = q @ k.swapaxes(1, 2) / K.shape[1] ** 0.5
    w = np.exp(scores - scores.max(axis=2, keepdims=True))
    w = w / w.sum(axis=2, keepdims=True)
    return w @ v, (x, q, k, v, w)


# %%
def attend_back(dy, x, q, k, v, w, Q, K, V):
    dw, dv = dy @ v.swapaxes(1, 2), w.swapaxes(1, 2) @ dy
    dscores = w * (dw - np.sum(w * dw, axis=2, keepdims=True)) / K.shape[1] ** 0.5
    dq, dk = dscores @ k, dscores.swapaxes(1, 2) @ q
    return {"Q": summed(x[:, -1:], dq), "K": summed(x, dk), "V": summed(x, dv)}


# %%
ATTENTION = (attend, attend_back, {"Q": ("m", "n"), "K": ("m", "n"), "V": ("m", "n")})
layer = OwnLayer(*ATTENTION, units=3, dtype="float64", seed=0)
x, dy = rng.normal(size=(2, 6, 4)), rng.normal(size=(2, 3))
layer(x)
by_hand = layer.backward(dy).weights

# %%
report = check_gradients(lambda: np.sum(layer(x) * dy), layer.weights, by_hand)
claim("A gradient check finds no error in the attention head.", report.passed)

# %% [markdown]
# We train one head of 16 units on the sentence, country 3 to 40 words back, for 150 steps: less than a second for each of three seeds. Then we move the
# country 400 words away, ten times farther than it has ever seen.
#
# **Predict.** What is its accuracy at 400 words? And that of the GRU trained above?

# %% [markdown] slide="predict" minutes=2
# ## Attention, trained on 3 to 40 words. What is right at 400 words?
#
# - about half
# - nearly all
#
# Answer: Nearly all; the GRU 0.9.
#
# Notes: The country is one step away, wherever it stands. What the head gets for free, the GRU had to learn.

# %%
heads = [
    trained(OwnLayer(*ATTENTION, units=16, seed=s), sentence, 150, s)
    for s in with_progress(range(3), "heads")
]

# %%
print("distance   attention   GRU")
for distance in (40, 100, 400):
    far = FranceSentence(distance)
    print(
        f"{distance:6}     {scores(heads, far).mean():.1f}         "
        f"{scores(gru, far).mean():.1f}"
    )

# %% [markdown]
# Distance does not matter to the head: the country is one step away, wherever it stands. The GRU does well too, which is worth knowing: trained with
# changing distances, it has learnt to keep, and loses a little only at ten times the distance. What the head gets for free, the GRU had to learn.
#
# One sees the head look:

# %%
examples = []

# %%
for country, distance in (("France", 8), ("Japan", 30), ("Italy", 45)):
    text = sentence.at(distance).sentence(country, distance, seed=distance)
    text = text[:, -distance - 5 :]
    w = attend(text, **heads[0].layer.weights)[1][-1]
    said = sentence.answers[int(heads[0].predict(text).argmax())]
    examples.append((sentence.words(text[0]), w[0, 0], said))

# %%
show(
    plots.attention_words(examples),
    alt="Three sentences as running text. Each word is shaded by the weight that the "
    "last word gives it: the countries France, Japan and Italy are dark, nearly all "
    "others are white. The answers are French, Japanese and Italian.",
)

# %% [markdown] slide="figure" minutes=2
# ## The head looks at the country, wherever it stands
#
# Notes: Each word is shaded by the weight that the last word gives it. The price: order is lost, and if every
# word asks, T squared weights.

# %%
claim(
    "One attention head, trained on 3 to 40 words, is above 0.95 at 400 words; "
    "guessing gives 0.08 (3 seeds).",
    scores(heads, FranceSentence(400)).min() > 0.95,
)

# %% [markdown]
# What does it cost? Two things. First, **order**. A sum does not know in which order its terms came.
#
# **Predict.** We shuffle all words but the last. What does the head answer?

# %%
batch = FranceSentence(40).sample(200, np.random.default_rng(5))
shuffled = batch.inputs.copy()
order = rng.permutation(shuffled.shape[1] - 1)
shuffled[:, :-1] = shuffled[:, order]

# %%
difference = [
    np.abs(m.predict(batch.inputs) - m.predict(shuffled)).max() for m in heads
]

# %%
claim(
    "Shuffling all words but the last changes a head's outputs by less than 0.0001 (3 "
    "seeds).",
    max(difference) < 1e-4,
)

# %% [markdown]
# The same. A Transformer therefore adds to each word a code of its position. A recurrent network needs none.
#
# Second, **size**. Here only the last word asks. If every word asks, each looks at each: $T^2$ weights, and all earlier words have to be kept.
# A recurrent network keeps $n$ numbers, however long the text is.

# %%
print("words      weights of attention      numbers in the state of a GRU of 32")
for words in (10, 1_000, 100_000):
    print(f"{words:7,}    {words**2:14,}            32")

# %% [markdown]
# That is the bargain of today: a memory of fixed size that has to decide what to keep, or everything kept and looked through at each step. The
# linear recurrences of the last years try to have the speed of training of the one and the cost of the other.
#
# ## A map of ideas
#
# Thirty-three years, twenty ideas, and the problem that each one was for. Read down a column for a line of thought; the thin lines show where one
# took up another.

# %% [markdown] slide="words" minutes=3
# ## The bargain: decide what to keep, or keep everything
#
# - Recurrence: a memory of fixed size
# - Attention: all words kept, order lost
# - Linear recurrences want both: fast training, small memory
#
# Notes: For 1,000 words a million weights of attention against 32 numbers in the state of a GRU. This is
# where the course ends and the papers begin.

# %%
show(
    plots.map_of_ideas(plots.IDEAS, plots.LANES),
    alt="A map of twenty ideas from 1991 to 2024 in five columns. What is wrong: "
    "vanishing gradients 1991, the latch 1994, spectra 2013. Start: IRNN, forget bias "
    "2015, chrono 2018. Gates: LSTM 1997, forget gate 2000, GRU 2014, MGU 2016, xLSTM "
    "2024. Linear: scan 2018, S4 2021, LRU and Mamba 2023, minGRU 2024. Looking back: "
    "attention 2014, Transformer 2017.",
)

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write a scan, train a linear recurrence by it, forward and back, and show
# that it gives what a loop gives. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - **Chrono**: a gate's bias is a time scale, $1 + e^b$ steps. Start with those of the task.
# - **IRNN**: without gates one gets off the baseline, not to the LSTM.
# - **MGU**: one gate did as well as two on the sentence, with equal weights.
# - **minGRU**: gates that do not see the memory learn adding, recall, order and the sentence. They did not learn parity: a state with
#   factors between 0 and 1 creeps and never flips.
# - **Scan**: a linear recurrence takes $2 \log_2 T$ rounds, and so does its gradient. On one core that pays for few numbers a step only.
# - **State space models**: loop, scan and convolution are one; eigenvalues are memories.
# - **Exponential gates**: dividing by the sum of weights lets what is better outweigh what is stored.
# - **Attention**: distance does not matter, order is lost, and the cost grows with $T^2$.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/11_after_the_gru.ipynb) has 5 tasks, from two steps in one to which memory for
# which job.
#
# You have reached the end of the lessons. `course claims` prints everything that they have shown, with what did not reproduce.
#
# To try on your own: give the minGRU factors from −1 to 1, with `np.tanh` in place of the sigmoid for what is kept, and train it on parity. Does
# training find the −1?
