# %% [markdown]
# # 06 · The GRU in every dialect
#
# The GRU does most of what the LSTM does with one state instead of two. But people write it in several ways, and weights of
# one do not work in another. This lesson builds the GRU, tells four such dialects apart, and measures what it saves and
# what it gave up.
#
# ## What you will learn
#
# - To derive the GRU from the LSTM in three cuts, and to write it as a loop that equals Keras.
# - Why one book writes $z$ where the other writes $1 - z$, and how to turn one into the other.
# - What `reset_after` does, and why the same layer has 150 weights in one paper and 165 in Keras.
# - To carry weights between Keras, PyTorch and ONNX.
# - What the GRU saves in weights, in multiplications and in time; and what it gave up.
#
# ## What you need
#
# Lessons 01 and 04: the loop, and the gates of the LSTM.
#
# **Time.** About 45 minutes; its cells run in 30 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import GRU, LSTM, SimpleRNN, convert, gru
from course_utils.claims import claim
from course_utils.plots import show
from course_utils.tasks import Counting
from course_utils.training import Adam, SequenceModel, train, with_progress

# %% [markdown]
# ## Three cuts
#
# **Question.** The LSTM has two states and three gates. How much of that does it really need?
#
# Its long-term memory is one line: $c = f \cdot c_\text{prev} + i \cdot g$. Seen from there, the cell of Cho and others (2014) is the
# LSTM after three cuts.
#
# 1. *One gate for keeping and writing.* Whatever is not kept is written: $f$ becomes $z$, and $i$ becomes
#    $1 - z$.
# 2. *One state.* The memory itself is the output. There is no $c$ behind $h$ and no output gate.
# 3. *A gate for reading instead.* A candidate may want to ignore the old state, at the start of a new sentence, say.
#    So a reset gate $r$ decides how much of the old state the candidate sees.
#
# What remains:
#
# $$z = \sigma(x W_z + h_\text{prev} U_z + b_z) \qquad r = \sigma(x W_r + h_\text{prev} U_r + b_r)$$
#
# $$g = \tanh(x W_g + (r \cdot h_\text{prev})\, U_g + b_g)$$
#
# $$h = z \cdot h_\text{prev} + (1 - z) \cdot g$$

# %% [markdown] slide="question" minutes=2
# ## Two states and three gates: how much of the LSTM is really needed?
#
# Cho and others, 2014: three cuts.
#
# Notes: Put the LSTM's line on the board: c = f · c_prev + i · g. Ask for candidates to cut before you show the
# cuts.

# %% [markdown] slide="words" minutes=3
# ## Three cuts make a GRU of an LSTM
#
# - **One gate** for keeping and writing: $i$ becomes $1 - z$
# - **One state**: the memory is the output
# - **A gate for reading**: $r$ says how much of the past is seen
#
# Notes: Whatever is not kept is written. There is no c behind h and no output gate. A candidate may want to
# ignore the old state, at the start of a new sentence, say: hence r.

# %%
show(
    plots.cell_diagram("GRU", reset_after=False),
    alt="One GRU cell. The state runs along the top as one line: it is multiplied by "
    "z, and the candidate g, multiplied by 1 - z, is added. The reset gate r acts on "
    "the old state before the candidate sees it.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 83" alt="The GRU: on the thick line the state h is multiplied by z, and 1 minus z times the candidate g is added. The reset gate r scales the old state before the candidate sees it."
# ## One line carries the state, and two gates act on it
#
# Notes: Follow the thick line: times z, plus (1 − z) times g. Then r, which acts before the candidate sees
# the old state.

# %% [markdown]
# **Predict.** If $z$ is 1 for a unit, what is its new state: the old state, the candidate, or zero?

# %% [markdown] slide="predict" minutes=1
# ## $z$ is 1 for a unit. What is its new state?
#
# - the old state
# - the candidate
# - zero
#
# Answer: The old state: here $z$ **keeps**.
#
# Notes: Quick one, to fix the convention. It is Keras's, PyTorch's and ONNX's.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step(x, h_prev, W, U, b):
    n = len(U)
    z = sigmoid(x @ W[:, :n] + h_prev @ U[:, :n] + b[:n])
    r = sigmoid(x @ W[:, n : 2 * n] + h_prev @ U[:, n : 2 * n] + b[n : 2 * n])
    g = np.tanh(x @ W[:, 2 * n :] + (r * h_prev) @ U[:, 2 * n :] + b[2 * n :])
    return z * h_prev + (1 - z) * g


# %% [markdown] slide="code" minutes=2 lines="9-10"
# ## Two lines hold what is new
#
# Notes: The blocks stand side by side in the order z, r, g. Ask: where is the reset gate in this code, before
# or after U? We need that in ten minutes.

# %% [markdown]
# The old state: with this way of writing, $z$ **keeps**. As in Keras, the three blocks of weights stand side by side
# in one matrix, in the order $z, r, g$.
#
# Now a loop around it, with a start that is not zero and a bias that is not zero, so that no mistake can hide behind
# a zero.

# %%
rng = np.random.default_rng(0)
m, n = 4, 5
x, h0 = rng.normal(size=(2, 3, m)), rng.normal(size=(2, n))
W, U, b = (
    rng.normal(size=(m, 3 * n)),
    rng.normal(size=(n, 3 * n)),
    rng.normal(size=3 * n),
)


# %%
def loop(step, x, h, *weights):
    states = []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, *weights)
        states.append(h)
    return np.stack(states, axis=1)


# %%
by_loop = loop(step, x, h0, W, U, b)
by_package, _ = gru(x, W, U, b, h0, reset_after=False)

# %% [markdown]
# **Predict.** We put the same weights into `keras.layers.GRU(5)` with nothing else said. Will Keras agree?

# %% [markdown] slide="predict" minutes=2
# ## We hand these weights to `keras.layers.GRU(5)`. What happens?
#
# - same numbers
# - other numbers
# - an error
#
# Answer: An error: its bias wants two rows.
#
# Notes: Keras's default is another dialect. With reset_after=False it takes them and agrees to 12 decimals.

# %%
from course_utils.keras_bridge import keras


# %%
def keras_gru(x, h0, *weights, **options):
    layer = keras.layers.GRU(n, return_sequences=True, dtype="float64", **options)
    layer.build(x.shape)
    layer.set_weights(weights)
    return layer(x, initial_state=h0).numpy()


# %%
try:
    keras_gru(x, h0, W, U, b)
except ValueError as error:
    print(str(error).split(".")[0])

# %% [markdown]
# It does not even take the weights. Its bias wants two rows, and ours has one. Keras's default is another
# dialect. With `reset_after=False` it takes them.


# %%
def equal(one, other):
    return np.abs(one - other).max() < 1e-12


# %%
by_keras = keras_gru(x, h0, W, U, b, reset_after=False)
claim(
    "GRU with reset_after=False: the loop equals the package to 12 decimals.",
    equal(by_loop, by_package),
)
claim(
    "GRU with reset_after=False: the loop equals Keras to 12 decimals.",
    equal(by_loop, by_keras),
)

# %% [markdown] slide="words" minutes=2
# ## Four dialects go under the one name
#
# - $z$ keeps, or $z$ replaces
# - reset before, or after, the product
# - one bias, or two
# - blocks as $z, r, g$ or $r, z, g$
#
# Notes: This is the map for the rest of the hour. Only the bias ends in an error message, as we just saw. The
# others give wrong numbers without one.

# %% [markdown]
# ## First dialect: z or 1 − z
#
# In Keras, PyTorch and ONNX, $z$ keeps the old state. In the comparison by Chung and others (2014), and in many
# tutorials, the last line stands the other way round:
#
# $$h = (1 - z) \cdot h_\text{prev} + z \cdot g$$
#
# There $z$ **replaces**. Trained from scratch, both can learn the same things: every network of the one form is also
# one of the other, as you will see. It matters when you read a gate, set a bias, or carry weights over.
#
# **Predict.** Same weights, the other last line. Which change of the weights makes the results equal again: swap
# the blocks of $z$ and $r$, or turn the sign of the block of $z$?

# %% [markdown] slide="formula" minutes=3
# ## First dialect: who keeps, $z$ or $1 - z$
#
# $$h = z \cdot h_\text{prev} + (1 - z) \cdot g$$
#
# $$h = (1 - z) \cdot h_\text{prev} + z \cdot g$$
#
# Above: Keras, PyTorch, ONNX. Below: Chung and others, 2014.
#
# Notes: Trained from scratch, both can learn the same. It matters when you read a gate, set a bias, or carry
# weights over.

# %% [markdown] slide="predict" minutes=2
# ## From one to the other: what do we do to the weights?
#
# - swap the blocks of $z$ and $r$
# - turn the sign of the $z$ block
#
# Answer: Turn the sign: $1 - \sigma(a) = \sigma(-a)$.
#
# Notes: So a bias of +4 that makes a memory long in Keras makes it short in the other dialect.


# %%
def step_replacing(x, h_prev, W, U, b):
    n = len(U)
    z = sigmoid(x @ W[:, :n] + h_prev @ U[:, :n] + b[:n])
    r = sigmoid(x @ W[:, n : 2 * n] + h_prev @ U[:, n : 2 * n] + b[n : 2 * n])
    g = np.tanh(x @ W[:, 2 * n :] + (r * h_prev) @ U[:, 2 * n :] + b[2 * n :])
    return (1 - z) * h_prev + z * g


# %%
turned = [np.concatenate([-w[..., :n], w[..., n:]], axis=-1) for w in (W, U, b)]

# %%
as_they_are = loop(step_replacing, x, h0, W, U, b)
sign_turned = loop(step_replacing, x, h0, *turned)
print("same weights:     ", "equal" if equal(as_they_are, by_loop) else "different")
print("sign of z turned: ", "equal" if equal(sign_turned, by_loop) else "different")

# %% [markdown]
# The sign, because $1 - \sigma(a) = \sigma(-a)$. So a bias of +4 that makes a memory long in Keras makes it short in
# the other dialect.

# %%
claim(
    "Turning the sign of the z block turns 'z keeps' into 'z replaces' to 12 decimals.",
    equal(sign_turned, by_loop),
)

# %% [markdown]
# ## Second dialect: reset before or after
#
# The published paper multiplies the old state by $r$ and **then** applies $U_g$. (Its first draft on arXiv had it the other
# way round.) Keras, since TensorFlow 2, applies $U_g$ first and multiplies the product:
#
# $$g = \tanh(x W_g + b_g + r \cdot (h_\text{prev} U_g + b'_g)) \qquad \text{(reset_after=True)}$$
#
# The reason is speed. The product $h_\text{prev} U$ can now be done for all three blocks at once; before, $U_g$ had to
# wait for $r$. Keras can use cuDNN, NVIDIA's library for graphics cards, with this form only. (Do not be misled by the docstring of
# `keras.layers.GRU`: in Keras 3.15 it still calls the other form the default.)
#
# **Predict.** Same weights, as Keras draws them at the start, and no second bias: by how much do the outputs of the two
# forms differ, relative to their size? About 0.1 %, 5 % or 50 %?

# %% [markdown] slide="formula" minutes=3
# ## Second dialect: reset before or after the product
#
# $$g = \tanh(x W_g + (r \cdot h_\text{prev})\, U_g + b_g)$$
#
# $$g = \tanh(x W_g + b_g + r \cdot (h_\text{prev} U_g + b'_g))$$
#
# Above: the paper. Below: Keras's default, `reset_after=True`
#
# Notes: The reason is speed: the product with U can be done for all three blocks at once. With cuDNN Keras has
# only this form.

# %% [markdown] slide="predict" minutes=2
# ## Keras's starting weights, both forms: how far apart are the outputs?
#
# - about 0.1 %
# - about 5 %
# - about 50 %
#
# Answer: About 5 %; with weights of size 0.5, 60 %.
#
# Notes: Relative to their size. Weights of one form do not work in the other. Only if U_g is diagonal do they
# agree.


# %%
def gap(scale, seed, diagonal=False):
    rng = np.random.default_rng(seed)
    layer = GRU(32, seed=seed, dtype="float64", return_sequences=True)
    x = rng.normal(size=(8, 30, 16))
    layer.build(16)
    W, U = (
        w if scale is None else rng.normal(0, scale, w.shape)
        for w in layer.get_weights()[:2]
    )
    if diagonal:
        U[:, 64:] = np.diag(np.diag(U[:, 64:]))
    after, before = (gru(x, W, U, reset_after=flag)[0] for flag in (True, False))
    return np.linalg.norm(after - before) / np.linalg.norm(before)


# %%
fresh = [gap(None, seed) for seed in range(5)]
large = [gap(0.5, seed) for seed in range(5)]
print(
    f"Keras's starting weights: {np.median(fresh):.0%}   weights of size 0.5: "
    f"{np.median(large):.0%}"
)

# %% [markdown]
# About 5 % at the start, and more than half of their size with weights of size 0.5. Weights of one form do not work
# in the other. There is one case in which the forms agree: if $U_g$ is diagonal, each unit sees only itself, and
# the order of the two multiplications does not matter.

# %%
diagonal = [gap(0.5, seed, diagonal=True) for seed in range(5)]
claim(
    "At Keras's starting weights the two forms differ by 1 to 10 % (5 seeds).",
    0.01 < min(fresh) <= max(fresh) < 0.1,
)
claim(
    "With weights of size 0.5 they differ by more than 30 % (5 seeds).",
    min(large) > 0.3,
)
claim("With a diagonal U_g they agree to 12 decimals (5 seeds).", max(diagonal) < 1e-12)

# %% [markdown]
# ## Third dialect: one bias or two
#
# **Predict.** Four inputs, five units. Three blocks of $mn + n^2 + n$ make 150 weights. How many does Keras
# count at its defaults?

# %% [markdown] slide="predict" minutes=2
# ## 4 inputs, 5 units: how many weights does Keras count?
#
# - 150
# - 165
#
# Answer: 165: two biases for each unit and block.
#
# Notes: Three blocks of mn + n² + n make 150. In z and r the two biases are simply added, so the second can
# do nothing that the first could not.

# %%
for reset_after in (False, True):
    layer = keras.layers.GRU(5, reset_after=reset_after)
    layer.build((None, None, 4))
    print(
        f"reset_after={reset_after}:  bias {layer.get_weights()[2].shape}  "
        f"{layer.count_params()} weights"
    )

# %% [markdown]
# 165: each unit has **two** biases in each block, one beside the input product and one beside the recurrent product.
# In $g$ they do different things, since $r$ acts on one of them only. In $z$ and $r$ they are simply added, so the second
# one can do nothing that the first could not.
#
# One sees it in the gradient. Two numbers that are only ever added get the same gradient.

# %%
layer = GRU(5, seed=0, dtype="float64")
layer(x)
rows = layer.backward(np.ones((2, 5))).weights["bias"].reshape(2, 3, 5)
for k, gate in enumerate("zrg"):
    print(gate, "both biases get the same gradient:", equal(rows[0, k], rows[1, k]))

# %%
counts = [GRU(5, reset_after=flag) for flag in (False, True)]
for one in counts:
    one.build(4)
counts = [one.count_params() for one in counts]
claim(
    "A GRU with 4 inputs and 5 units has 150 weights in the old form and 165 in the "
    "new.",
    counts == [150, 165],
)
claim(
    "The two biases of z, and those of r, get the same gradient; those of g do not.",
    equal(rows[0, :2], rows[1, :2]) and not equal(rows[0, 2], rows[1, 2]),
)

# %% [markdown] slide="words" minutes=2
# ## The gradient shows which bias is of use
#
# ✓ The two biases of z…
#
# Notes: What is only ever added gets the same gradient. In g the reset gate acts on one of them only.

# %% [markdown]
# ## Fourth dialect: the order of the blocks
#
# The layout is that of $W$; $G$ is the number of blocks, 4 or 3.
#
# | | layout | LSTM | GRU |
# |---|---|---|---|
# | Keras | $(m, G n)$, inputs first | $i, f, g, o$ | $z, r, g$ |
# | PyTorch | $(G n, m)$, transposed | $i, f, g, o$ | $r, z, g$ (it calls $g$ *n*) |
# | ONNX | $(1, G n, m)$, transposed | $i, o, f, g$ | $z, r, g$ (it calls $g$ *h*) |
#
# All three let $z$ keep. `course_utils.cells.convert` carries weights from each to each; neither PyTorch nor ONNX has
# to be installed for it. To test it, here is PyTorch's GRU, written from the equations in its documentation.

# %% [markdown] slide="words" minutes=2
# ## Fourth dialect: each framework has its own order
#
# | | LSTM | GRU |
# |---|---|---|
# | Keras | $i, f, g, o$ | $z, r, g$ |
# | PyTorch | $i, f, g, o$ | $r, z, g$ |
# | ONNX | $i, o, f, g$ | $z, r, g$ |
#
# Notes: PyTorch and ONNX are transposed as well. Ask: you forget the order and only transpose. An error
# message, or wrong numbers?


# %%
def torch_step(x, h, w_ih, w_hh, b_ih, b_hh):
    by_input, by_state = (
        np.split(x @ w_ih.T + b_ih, 3, axis=1),
        np.split(h @ w_hh.T + b_hh, 3, axis=1),
    )
    r = sigmoid(by_input[0] + by_state[0])
    z = sigmoid(by_input[1] + by_state[1])
    new = np.tanh(by_input[2] + r * by_state[2])
    return (1 - z) * new + z * h


# %%
keras_weights = [W, U, rng.normal(size=(2, 3 * n))]
expected, _ = gru(x, *keras_weights, h0)

# %% [markdown]
# **Predict.** Someone forgets the order and only transposes. Will there be an error message, or wrong numbers?

# %%
only_transposed = [W.T, U.T, *keras_weights[2]]
converted = convert.to_torch("GRU", keras_weights).values()
print(
    "only transposed:",
    "equal"
    if equal(loop(torch_step, x, h0, *only_transposed), expected)
    else "wrong, and no error",
)
print(
    "converted:      ",
    "equal" if equal(loop(torch_step, x, h0, *converted), expected) else "wrong",
)

# %% [markdown] slide="output" minutes=2
# ## Transposing is not converting, and nobody complains
#
# Notes: All shapes fit. That is why a conversion is tested with numbers, on three steps or more, with biases
# and a start that are not zero.

# %% [markdown]
# Wrong numbers, and nobody complains: all shapes fit. That is why a conversion is tested with numbers, on three steps or
# more, with biases and a start that are not zero.

# %%
back_and_forth = convert.from_torch("GRU", convert.to_torch("GRU", keras_weights))
in_onnx = convert.to_onnx("GRU", keras_weights)
through_onnx = convert.from_onnx("GRU", in_onnx, linear_before_reset=True)
claim(
    "Converted weights give PyTorch's equations the same output to 12 decimals.",
    equal(loop(torch_step, x, h0, *converted), expected),
)
same = [
    np.array_equal(a, b)
    for other in (back_and_forth, through_onnx)
    for a, b in zip(other, keras_weights)
]
claim("To PyTorch or ONNX and back, the weights return unchanged.", all(same))

# %% [markdown]
# ## What it saves
#
# Three blocks instead of four: a quarter of the weights and of the multiplications. And of the time?
#
# **Predict.** One training step of the GRU, compared with one of the LSTM: three quarters of the time, more, or less?

# %%
layers = {
    "RNN": SimpleRNN(64),
    "LSTM": LSTM(64),
    "GRU": GRU(64),
    "GRU, old form": GRU(64, reset_after=False),
}

# %%
for name, layer in layers.items():
    layer.build(128)
    print(f"{name:14} {layer.count_params():7,} weights")

# %% [markdown] slide="bars" minutes=2
# ## Three quarters of the LSTM's weights
#
# - RNN: 12,352
# - GRU: 37,248
# - LSTM: 49,408
#
# Weights, with 128 inputs and 64 units
#
# Notes: And of the multiplications. Of the time it is between that and all of it, depending on size; the lesson
# measures the machine it runs on.

# %%
claim(
    "With 128 inputs and 64 units: RNN 12,352, LSTM 49,408, GRU 37,248, old form "
    "37,056 weights.",
    [layer.count_params() for layer in layers.values()]
    == [12_352, 49_408, 37_248, 37_056],
)

# %% [markdown]
# In one step of one sequence each entry of $W$ and of $U$ is multiplied once, so their sizes count the multiplications.

# %%
products = {
    name: sum(weights.size for weights in layer.get_weights()[:2])
    for name, layer in layers.items()
}
claim(
    "A step multiplies 49,152 times in that LSTM and 36,864 times in the GRU: three "
    "quarters.",
    products["LSTM"] == 49_152
    and products["GRU"] == 36_864 == products["LSTM"] * 3 / 4,
)

# %% [markdown]
# The time depends on the machine, so the next cell measures yours, with the cells of the course: the fastest of 15 passes
# forward and backward, the three cells in turns.

# %%
from time import perf_counter


def seconds(layer, x, dy):
    start = perf_counter()
    layer(x)
    layer.backward(dy)
    return perf_counter() - start


# %%
def fastest(batch, steps, inputs, units, rounds=15):
    x = np.random.default_rng(0).normal(size=(batch, steps, inputs)).astype("float32")
    dy = np.ones((batch, units), "float32")
    cells = [SimpleRNN(units), LSTM(units), GRU(units)]
    times = np.array([[seconds(cell, x, dy) for cell in cells] for _ in range(rounds)])
    return times.min(axis=0)


# %% tags=["nbval-ignore-output"] reason="it shows how long this machine takes"
for sizes in ((32, 50, 8, 32), (64, 60, 32, 128)):
    rnn, lstm_time, gru_time = fastest(*sizes)
    print(
        f"batch {sizes[0]}, steps {sizes[1]}, inputs {sizes[2]}, units {sizes[3]}:  "
        f"RNN {rnn / lstm_time:.2f}, GRU {gru_time / lstm_time:.2f} of the LSTM's time"
    )

# %% [markdown]
# Expect something from three quarters to about the same. Only the multiplications are three quarters. Both cells also spend time on the
# functions of the gates, and small layers spend most of it on starting operations. `make bench` measures more sizes, and Keras
# beside them.
#
# ## What it gave up
#
# The LSTM's $c$ is never squashed: it can count 1, 2, 3, ... by adding. The GRU's state starts at 0 and is always a mixture of an
# old state and a candidate, both between −1 and 1. So it stays between −1 and 1, and has to pack every count
# into that interval.
#
# Here is a task made for the difference (Gers and Schmidhuber 2001; Weiss, Goldberg and Yahav 2018): some letters $a$,
# then letters $b$. At each $b$: have there been as many $b$ as $a$ now?

# %%
task = Counting(20)
example = task.string(7)

# %%
show(
    plots.task_sample(task, example),
    alt="Seven letters a, then letters b. Below, what must be said: 'no' at each b, "
    "except at the seventh, where it is 'now'.",
)

# %% [markdown]
# Three kinds of network with 8 units practise it for 1,000 steps, three seeds each, each kind at its usual learning rate: 0.01 for LSTM
# and GRU, 0.003 for the RNN. That takes about 20 seconds. Then we ask: for which $n$ from 1 to 40 is **every** answer
# along the string right?
#
# **Predict.** All have seen runs of 1 to 20 letters. Which kind gets all of those right? Which goes on beyond?

# %% [markdown] slide="predict" minutes=2
# ## Count the letters a, then say when there are as many b. Who counts to 20?
#
# - RNN
# - LSTM
# - GRU
#
# Answer: The LSTM; the GRU in part; the RNN hardly.
#
# Notes: 8 units each, three seeds, 1,000 steps. Trained on 1 to 20 letters. Every answer along the string
# must be right.


# %%
def trained(kind, rate, seed):
    model = SequenceModel.for_task(
        kind(8, seed=seed, return_sequences=True), task, seed=seed
    )
    train(model, task, steps=1000, optimizer=Adam(rate), seed=seed)
    return model


# %%
def all_right(model, n):
    string = task.string(n)
    answers = model.predict(string.inputs)[0].argmax(axis=1)
    return np.array_equal(answers[n:], string.targets[0, n:])


# %%
kinds = {"RNN": (SimpleRNN, 3e-3), "LSTM": (LSTM, 1e-2), "GRU": (GRU, 1e-2)}
pairs = [(name, seed) for name in kinds for seed in (0, 1, 2)]
models = {
    (name, seed): trained(*kinds[name], seed)
    for name, seed in with_progress(pairs, "networks")
}
right = {
    key: [all_right(model, n) for n in range(1, 41)] for key, model in models.items()
}

# %%
show(
    plots.states_heatmap(
        np.array(list(right.values())).T,
        steps=[str(n) for n in range(1, 41)],
        units=[f"{name}, seed {seed}" for name, seed in right],
        kind="gate",
        ends=("wrong", "right"),
        ylabel="",
        xlabel="number $n$ of letters a; trained on 1 to 20",
        title="Strings without a single wrong answer",
    ),
    alt="Nine rows, three seeds each of RNN, LSTM and GRU; a dark square for each n "
    "from 1 to 40 whose string is answered without a mistake. The LSTM rows are dark "
    "up to 20 and a little beyond, the GRU rows in part, the RNN rows almost nowhere. "
    "Beyond 30 hardly a square is dark.",
)

# %% [markdown] slide="figure" minutes=3
# ## The LSTM counts, the GRU sometimes, the RNN from none of three starts
#
# Notes: A dark square is a string without a mistake. Nobody counts on for ever: beyond 30 no LSTM is right.

# %% [markdown]
# The LSTM counts. From these three starts the plain RNN does not learn it in this time. The GRU stands between: it gets a part of
# the strings right. And nobody counts on for ever: beyond 30 an LSTM fails at every $n$, and a GRU is right by luck at most.
#
# Let us look at how they count: the first LSTM, and the GRU that gets the most strings right. The string has 20 letters a, then 23 letters b.
#
# **Predict.** What will a unit of the LSTM's $c$ do while the letters a go by? And can a unit of the GRU's $h$ do the
# same?

# %%
string = task.string(20).inputs
best = max((0, 1, 2), key=lambda seed: sum(right["GRU", seed]))
for key in (("LSTM", 0), ("GRU", best)):
    models[key].layer(string)
long_term = models["LSTM", 0].layer.trace()["c"][0]
state = models["GRU", best].layer.trace()["h"][0]
letters = ["a"] * 20 + ["b"] * 23

# %%
show(
    plots.states_heatmap(
        long_term, steps=letters, title="LSTM: the eight units of c", label="c"
    ),
    alt="Heat map of the LSTM's eight cell states over 20 letters a and 23 letters b. "
    "Some units grow step by step while the letters a go by, to values far above 1, "
    "and run back while the letters b go by.",
)

# %% [markdown] slide="figure" minutes=2
# ## Units of $c$ move with each a, and back with each b
#
# Notes: A counter on a scale without an end: c goes beyond 5 while it counts to 20.

# %%
show(
    plots.states_heatmap(
        state, steps=letters, title="GRU: the eight units of h", label="h"
    ),
    alt="Heat map of the GRU's eight units over the same letters. All values stay "
    "between -1 and 1.",
)

# %% [markdown] slide="figure" minutes=2
# ## The GRU must squeeze the count between −1 and 1
#
# Notes: Neighbouring numbers come ever closer. That a GRU counts as far as it does is remarkable; that it is
# harder to find is what the rows showed.

# %% [markdown]
# Some units of $c$ move by about the same amount for each a, and back for each b: counters, on a scale without an
# end. The GRU has to squeeze the same count between −1 and 1, where neighbouring numbers come ever closer. That it
# counts as far as it does is remarkable. That this is harder to find is what the rows above show.

# %%
learnt = {
    name: [np.sum(right[name, seed][:20]) for seed in (0, 1, 2)] for name in kinds
}
claim(
    "Counting to 20: the LSTM answers at least 18 of 20 strings without a mistake (3 "
    "of 3 seeds).",
    min(learnt["LSTM"]) >= 18,
)
claim(
    "After the same 1,000 steps no RNN answers more than 5 of 20 (3 seeds).",
    max(learnt["RNN"]) <= 5,
)

# %%
claim(
    "The LSTM's c goes beyond 5 while it counts to 20 (one seed).",
    np.abs(long_term).max() > 5,
)
claim(
    "The GRU's state never leaves the interval from -1 to 1.", np.abs(state).max() <= 1
)
claim(
    "No LSTM counts right beyond 30 (3 seeds).",
    not any(any(right["LSTM", seed][30:]) for seed in (0, 1, 2)),
)
claim(
    "No network of the nine is right for more than 5 of the n from 31 to 40.",
    max(sum(row[30:]) for row in right.values()) <= 5,
)

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write the GRU in both dialects and the way back through Keras's, count
# their weights, and check the gradients by nudging. NumPy is all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - GRU = LSTM with one gate for keeping and writing, one state, and a reset gate for reading.
# - In Keras, PyTorch and ONNX $z$ keeps; in Chung and others it replaces. Turn the sign of its block.
# - `reset_after=True` (Keras's default) and `False` (the paper) are two different cells, a few per cent apart at the
#   start and more than half apart with weights of size 0.5.
# - 150 or 165: the default has a second bias. Only its part for $g$ does anything.
# - Transposing is not converting: the order of the blocks differs, and no error tells you.
# - Three quarters of the LSTM's weights and multiplications; of its time, between that and all of it, depending on size.
# - What it gave up: a memory without bounds. The LSTM counts by adding; the GRU's state stays between −1 and 1.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/06_the_gru_in_every_dialect.ipynb) has 5 tasks, from a step of Keras's GRU
# to carrying an LSTM over from PyTorch.
#
# Then [lesson 07](07_a_fair_fight.ipynb) puts RNN, LSTM and GRU side by side with the same number of weights, on several tasks and seeds: what
# is true of them, and what is only told.
#
# To try on your own: train the GRU on counting for 4,000 steps. Do all three seeds find a way then?

# %% [markdown] slide="words" minutes=2
# ## Before you compare or convert, ask which GRU
#
# - Does $z$ keep or replace?
# - Is the reset before or after?
# - One bias or two?
# - In which order are the blocks?
#
# Notes: Let them answer the four for the framework they use. Next: lesson 07 puts RNN, LSTM and GRU side by
# side with the same number of weights.
