# %% [markdown]
# # 08 · Keras, argument by argument
#
# You have written the three cells yourself. In practice you will write `keras.layers.LSTM(64, ...)`, and behind the dots stand
# more than twenty arguments. Six of them you will meet first: here they come first, with a network that is trained, judged, saved
# and loaded. The others follow as a reference, most of them with a short experiment. Some do not do what their name says,
# and one is taken by the SimpleRNN and ignored.
#
# ## What you will learn
#
# - To choose the six arguments that you will meet first, and to train, judge, save and load a network.
# - What each of the others changes: the equations, the start, the training, or only what comes out.
# - To ask Keras itself, with short experiments, when a name or a documentation is not enough.
# - What a post of 2020 means today, and what changes when Keras runs on JAX or PyTorch.
#
# ## What you need
#
# Lessons 01, 04, 05 and 06: the loop, the LSTM, the time its gates keep, the GRU. And these words of Keras:
#
# - `Sequential` puts layers one behind the other; `Dense` is a read-out, $x W + b$ at each step.
# - `compile` names the rule of the steps (`"adam"`) and the loss: `"mse"`, or `"binary_crossentropy"` for the probability of a yes.
# - `fit` trains, in batches; an **epoch** is one pass over all data.
# - cuDNN is NVIDIA's fast library for its cards; XLA is a compiler that TensorFlow and JAX can use.
#
# **Time.** About 45 minutes; its cells run in 60 s. The first 20 are the lesson; from *The others, one by one* on it is a
# reference, to look up what you meet. Longer experiments and the claims are folded: a click opens them.

# %% tags=["setup"]
import inspect
import logging
import os
import tempfile
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow keeps its log to itself

import keras
import numpy as np
from keras import layers, ops

from course_utils import plots
from course_utils.claims import claim
from course_utils.plots import show
from course_utils.plots.arguments import (
    arguments_map,
    belief,
    dropout_masks,
    reading_order,
    singular_values,
)

logging.getLogger("tensorflow").setLevel("ERROR")  # no remarks on how it plans

# %% [markdown] right=2
# ## The six you need
#
# **Question.** Which arguments of a recurrent layer will you meet first, and what does each of them change?
#
# ### `units`
#
# $n$: the numbers in the state $h$, and in $c$ of the LSTM. Here are $B = 2$ sequences of $T = 5$ steps with $m = 3$ inputs.
#
# **Predict.** How many weights has `LSTM(4)` for them?
#
# - 60
# - 128
# - 640

# %% [markdown] slide="question" minutes=2
# ## An LSTM takes 24 arguments by name. Which six do you need?
#
# Most of the others change the start, the training, or how it is computed.
#
# Notes: Let them write down six names. Then compare with the headings of the first part: units, return_sequences,
# return_state, dropout, recurrent_dropout, stateful.

# %% [markdown] slide="predict" minutes=2
# ## `LSTM(4)`, 3 inputs, 5 steps: how many weights?
#
# - 60
# - 128
# - 640
#
# Answer: 128. The steps appear nowhere.
#
# Notes: Four blocks of 3 times 4 in W, 4 times 4 in U, and 4 biases. Drawings of an unrolled network show a row of
# boxes; units is not the number of boxes.

# %%
x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")  # B, T, m
kinds = ("SimpleRNN", "LSTM", "GRU")
for kind in kinds:
    layer = getattr(layers, kind)(units=4)
    print(
        f"{kind:9} {x.shape} -> {tuple(layer(x).shape)}, {layer.count_params()} weights"
    )

# %%
layer = layers.LSTM(4)
shapes = [tuple(layer(np.zeros((2, T, 3))).shape) for T in (5, 500)]

# %%
claim(
    "The same LSTM(4), with 4 * (3 * 4 + 4 * 4 + 4) = 128 weights, reads 5 steps and "
    "500.",
    identity=layer.count_params() == 128 and shapes == [(2, 4), (2, 4)],
)

# %% [markdown]
# Four blocks, each with $3 \cdot 4$ weights in $W$, $4 \cdot 4$ in $U$ and 4 biases.
#
# > **Trap.** Drawings show a row of boxes. There is one box, used again at every step, and `units` is how much fits into it.
#
# ### `return_sequences`
#
# Whether the outputs of all steps come out, $(B, T, n)$, or the last one, $(B, n)$. To see it, take the simplest layer there is:
# one unit, $W = U = 1$, no bias, no squashing. Then $h = h_\text{prev} + x$ is a running sum. With the inputs 1, 10, 100, 1000 each digit of
# a result tells whether that step is in it.


# %%
def running_sum(**arguments):
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
    return layers.SimpleRNN(1, activation=None, use_bias=False, **ones, **arguments)


def read(y):
    return np.asarray(y).ravel().astype(int).tolist()


digits = np.array([1.0, 10, 100, 1000]).reshape(1, 4, 1)  # B, T, m
print("last one:", read(running_sum(return_sequences=False)(digits)))
print("all:     ", read(running_sum(return_sequences=True)(digits)))

# %% [markdown] slide="output" minutes=2
# ## `return_sequences` decides whether you see the way there
#
# A running sum of 1, 10, 100, 1000: each digit is a step.
#
# Notes: The trick of this lesson: one unit, W = U = 1, no squashing. Each digit of a result tells whether that step
# is in it. Forgotten before a Dense layer it is no error, and one answer.

# %% [markdown]
# > **Trap.** A recurrent layer on another one needs it: without, the second stops with an error. Forgotten before a `Dense` that is to
# > answer at every step, it gives one answer and no error.
#
# ### `return_state`
#
# Whether the final states come out as well. An LSTM gives three arrays: $y$, $h$, $c$.

# %%
layer = layers.LSTM(4, return_state=True)
y, h, c = layer(x)
print("y is h:", np.array_equal(y, h), "  y is c:", np.array_equal(y, c))
steps, last, _ = layers.LSTM(4, return_sequences=True, return_state=True)(x)
print("with all steps, y[:, -1] is h:", np.array_equal(steps[:, -1], last))
beginning = layer(x[:, :2])[1:]  # h and c after two steps
later = layer(x[:, 2:], initial_state=beginning)[0]

# %%
claim(
    "LSTM(return_state=True) gives y, h, c, and y is h; going on from h and c gives "
    "what one reading gives.",
    identity=np.array_equal(y, h) and np.allclose(later, y, atol=1e-6),
)

# %% [markdown] slide="words" minutes=2
# ## An LSTM returns $y, h, c$, and $y$ is $h$
#
# ✓ LSTM(return_state=True) gives…
#
# Notes: A SimpleRNN and a GRU give two arrays. Code that unpacks y, h fails when you change the cell. Going
# on from the returned states gives what one reading gives.

# %% [markdown] right=2
# > **Trap.** A SimpleRNN and a GRU give two arrays, an LSTM three. `y, h = layer(x)` fails when you change the cell.
#
# ### `dropout`
#
# The share of the *inputs* that is dropped in training. To see the mask itself we need a layer that only passes on what it gets:
# $W$ the identity, $U$ zero, no squashing. It is a pane of glass.
#
# **Predict.** 20 steps of 8 inputs, all of them 1, with `dropout=0.5`: at how many of the 20 steps is the third input dropped?
#
# - at about 10
# - at all, or at none

# %% [markdown] slide="predict" minutes=2
# ## `dropout=0.5` over 20 steps: how often is one input dropped?
#
# - at about 10 steps
# - at all steps or at none
#
# Answer: At all or none: one mask for each sentence.
#
# Notes: On purpose: a mask that flickers at every step is noise on a memory. In TensorFlow's Keras 2 the mask of the
# inputs was new at every step.

# %%
pane = {"kernel_initializer": "identity", "recurrent_initializer": "zeros"}
pane |= {"activation": None, "use_bias": False, "return_sequences": True}
glass = layers.SimpleRNN(8, dropout=0.5, seed=4, **pane)
ones = np.ones((2, 20, 8))
first, second = (np.asarray(glass(ones, training=True)) for _ in range(2))
masks = {"sentence 1": first[0], "sentence 2": first[1]}
masks["sentence 1, next call"] = second[0]

# %%
show(
    dropout_masks(masks),
    alt="Three panels of 8 inputs over 20 steps, dropped ones white. Every row is of "
    "one colour from step 1 to step 20: an input is dropped at all steps or at none. "
    "The three panels have different rows dropped.",
)

# %% [markdown] slide="figure" minutes=2
# ## Dropout holds still while a sentence passes
#
# Notes: Every row has one colour from step 1 to step 20. The same sentence at its next call gets another
# mask. Nothing is dropped unless the call says training=True; fit does.

# %%
claim(
    "Input dropout multiplies by 0 or, at rate 0.5, by 2: the same at all steps, new "
    "for each sentence and each call.",
    identity=np.array_equal(first, np.broadcast_to(first[:, :1], first.shape))
    and set(first.ravel()) == {0.0, 2.0}
    and not np.array_equal(first[0], first[1])
    and not np.array_equal(first, second),
)

# %% [markdown]
# One mask for a sentence and a call, and what is kept is divided by 1 − rate, here doubled, so that the mean stays. A mask that flickers would be noise on a
# memory (Gal and Ghahramani 2016).
#
# > **Trap.** Nothing is dropped unless the call says `training=True`. `fit` says it; `predict`, `evaluate` and `layer(x)` do not.
#
# ### `recurrent_dropout`
#
# The same for the *old state*, on its way into $U$; the cell state $c$ is not touched. Its price: the LSTM then multiplies gate by gate, with
# a mask for each. How long does its training step take on your machine? (GRU and SimpleRNN lost less when we tried.)

# %% tags=["hide-input"]
from time import perf_counter


def prepared(**arguments):
    layer = layers.LSTM(64, **arguments)
    model = keras.Sequential([keras.Input((30, 16)), layer, layers.Dense(1)])
    model.compile("adam", "mse")
    return model


def step_time(model):
    start = perf_counter()
    model.train_on_batch(np.zeros((32, 30, 16)), np.zeros((32, 1)))
    return perf_counter() - start


# %% tags=["nbval-ignore-output"] reason="it shows how long this machine takes"
with_and_without = prepared(recurrent_dropout=0.2), prepared()
times = np.array([[step_time(model) for model in with_and_without] for _ in range(10)])
slow, fast = times.min(axis=0)
print(f"with recurrent_dropout a step takes {slow / fast:.1f} times as long")

# %%
masked = layers.LSTM(4, recurrent_dropout=0.5)
masked(x)
drawn = np.array(masked.cell.get_recurrent_dropout_mask(ops.ones((2, 4))))

# %%
claim(
    "recurrent_dropout draws 4 masks for an LSTM, one for each gate, and switches it "
    "to implementation 1: gate by gate.",
    identity=drawn.shape == (4, 2, 4)
    and (layers.LSTM(4).cell.implementation, masked.cell.implementation) == (2, 1),
)

# %% [markdown] right=3
# > **Trap.** On a card, LSTM and GRU lose cuDNN as well (`use_cudnn` below): there the slowdown should be larger, which we have not measured. Try
# > `dropout` and a smaller layer first.
#
# ### `stateful`
#
# The state at the end of one call is the start of the next.
#
# **Predict.** A stateful running sum reads the four digits twice. What comes out the second time?
#
# - 0
# - 1111
# - 2222

# %%
layer = running_sum(stateful=True)
print("first call: ", read(layer(digits)))
print("second call:", read(layer(digits)))
layer.reset_state()
print("after reset:", read(layer(digits)))

# %% [markdown] slide="output" minutes=2
# ## A stateful layer goes on where it stopped, until you reset it
#
# Notes: Nobody resets it for you. The state belongs to a place in the batch: shuffled batches go on from the wrong
# sentence.

# %%
model = keras.Sequential(
    [keras.Input(batch_shape=(1, 4, 1)), running_sum(stateful=True)]
)
twice = [model.predict(digits, verbose=0).item() for _ in range(2)]

# %%
claim(
    "On TensorFlow predict does not reset the state either: 1111, then 2222.",
    identity=twice == [1111, 2222],
)

# %% [markdown]
# The state goes on from call to call, the gradient does not: a call is a window of lesson 02, and nothing before it gets any blame.
#
# > **Trap.** Nobody resets it for you, not `predict`, not `fit` between two epochs (lesson 09 shows that). The state belongs to a *place* in the batch. So
# > shuffled batches go on from the wrong sentence, and the batch size is fixed: a smaller last batch is an error, or, if it is a single sequence, not even that (`predict` on 3 sequences in batches of 2 gave us 4 answers).
#
# ## A network, from data to file
#
# A machine is on or off, and switches now and then. We hear it through noise and say at each step whether it is on. Before any network, three that need no
# training: the present step alone; a moving average; and the best there can be, for who knows how often it switches and how loud the noise is.


# %%
def machines(B, seed, T=60):
    rng = np.random.default_rng(seed)
    switched = np.cumsum(rng.random((B, T, 1)) < 0.05, axis=1)
    on = (switched + rng.integers(2, size=(B, 1, 1))) % 2
    return (on + rng.normal(size=on.shape)).astype("float32"), on.astype("float32")


def untaught(x):
    mean, p, heard = 0.5, 0.5, []
    for x_t in x.swapaxes(0, 1):
        mean = 0.8 * mean + 0.2 * x_t
        p = 0.95 * p + 0.05 * (1 - p)  # it may have switched
        p = p / (p + (1 - p) * np.exp(0.5 - x_t))  # Bayes' rule
        heard.append([x_t, mean, p])
    return np.stack(heard).transpose(1, 2, 0, 3)  # three of (B, T, 1)


known, known_on = machines(1000, seed=0)  # x and answers: (B, T, 1) each
new, truth = machines(500, seed=2)
alone, average, best = ((one > 0.5) == truth for one in untaught(new))
print(f"alone {alone.mean():.0%}, average {average.mean():.0%}, best {best.mean():.0%}")

# %% [markdown]
# `return_sequences` gives an answer at each step; `stateful` comes back at the end. The others stay off: with a single input, `dropout`, one mask for all steps, would
# silence whole sequences.


# %%
def network(stateful=False, batch_size=None):
    lstm = layers.LSTM(16, return_sequences=True, stateful=stateful)
    start = keras.Input((None, 1), batch_size=batch_size)
    return keras.Sequential([start, lstm, layers.Dense(1, activation="sigmoid")])


keras.utils.set_random_seed(0)
model = network()
untrained = (np.asarray(model(new)) > 0.5) == truth
model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])

# %% [markdown]
# `validation_data` is judged after each epoch. `EarlyStopping` ends the training when the validation loss has not been below its best for
# three epochs and puts the best weights back, also at the last epoch.

# %%
stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
judge = {"validation_data": machines(200, seed=1), "callbacks": [stop]}
judge |= {"epochs": 30, "batch_size": 100, "verbose": 0}
history = model.fit(known, known_on, **judge).history
losses = {"training": history["loss"], "validation": history["val_loss"]}

# %%
epochs = range(1, len(losses["training"]) + 1)
show(
    plots.training_curves(
        {name: (epochs, np.array(values)) for name, values in losses.items()},
        xlabel="epoch",
        title="Fit until the validation loss no longer falls",
    ),
    alt="Loss against epochs, two curves. Training falls from 0.57 to 0.40, "
    "validation from 0.47 to 0.39. Both are level from epoch 5 on.",
)

# %% [markdown] slide="figure" minutes=2
# ## fit, with `validation_data` and `EarlyStopping`
#
# Notes: The validation loss is measured after the epoch, the training loss during it: at first that lifts it. The small
# gap at the end is which machines were drawn. EarlyStopping puts the best weights back.

# %%
_, right = model.evaluate(new, truth, verbose=0)
print(f"the LSTM is right at {right:.0%} of the steps of new machines")
p = model.predict(new, verbose=0)  # probabilities, (B, T, 1)
trained = (p > 0.5) == truth
better = trained.mean(axis=(1, 2)) > alone.mean(axis=(1, 2))

# %%
show(
    belief(new[0, :, 0], truth[0, :, 0], p[0, :, 0]),
    alt="A machine over 60 steps, on until step 49, then off. Grey dots, what is "
    "heard, scatter from about -1 to 3. The LSTM's probability stays near 1, falls to "
    "0.2 after the switch, and is misled once, by a loud dot near step 57.",
)

# %% [markdown] slide="figure" minutes=2
# ## The memory weighs many noisy steps
#
# Notes: The dots are what is heard. The probability needs a few steps after each switch: one loud step might be
# noise.

# %%
claim(
    "Of 500 new machines more than 7 in 10 are heard better by this LSTM (rate 0.01, "
    "Keras's start, at most 30 epochs, T = 60, 1 seed) than by the present step alone.",
    measured=better,
    above=0.7,
    over="machines",
    control={"before training": untrained.mean(axis=(1, 2)) > alone.mean(axis=(1, 2))},
)

# %% [markdown]
# It has learnt what there was to learn. So has the moving average, in one line: for this task nobody needs an LSTM.
#
# Into a file and back, and then on a stream: the same weights in a stateful copy that hears one machine 20 steps at a time.

# %%
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/machine.keras")
    loaded = keras.saving.load_model(f"{folder}/machine.keras")

stream = network(stateful=True, batch_size=1)
stream.set_weights(model.get_weights())
parts = [stream.predict(new[:1, t : t + 20], verbose=0) for t in (0, 20, 40)]
in_parts = np.concatenate(parts, axis=1)

# %%
claim(
    "Loaded from its file the network gives the same probabilities, and its stateful "
    "copy gives them in three parts.",
    identity=np.allclose(loaded.predict(new, verbose=0), p, atol=1e-6)
    and np.allclose(in_parts, p[:1], atol=1e-5),
)

# %% [markdown]
# This is the whole life of a network. What follows is for looking up.
#
# ## The others, one by one
#
# How many are left, and where do they act?

# %% tags=["hide-input"]
named = {
    kind: list(inspect.signature(getattr(layers, kind)).parameters) for kind in kinds
}
for kind in kinds:
    print(f"{kind:9} {len(named[kind]) - 1} arguments")  # the last is **kwargs
print("different ones:", len(set().union(*named.values()) - {"kwargs"}))

# %% [markdown]
# Twenty-five with a name, and two of their own that go in through `**kwargs`, where no signature shows them, as do four that every layer takes. Most names are made of two parts. The
# first says *where*: `kernel` is $W$, `recurrent` is $U$, `bias` is $b$. The second says *what*: how it starts, what it costs, how large it may be.

# %%
show(
    arguments_map(),
    alt="Three steps of a recurrent layer, the middle cell opened. Arguments that "
    "begin with kernel stand at W, with recurrent at U, with bias at b. dropout sits "
    "on the way of x into the cell, recurrent_dropout on that of the old state to U. "
    "activation is at tanh and sigma. return_sequences spans the outputs, return_state "
    "is at the last state, stateful leads from the end to the start. A legend names "
    "four colours: weights, dropout, what comes out, direction and memory.",
)

# %% [markdown] slide="figure" sheet="figure" minutes=3 crop="0 11 100 79.5" alt="The arguments of a recurrent layer, each at its place on a cell between its neighbours: those of weights at W, U and b, activations at tanh and sigma, dropout on the wires, return_sequences above the outputs, return_state at the end."
# ## A name says where, then what
#
# Notes: kernel is W, recurrent is U, bias is b. Then: how it starts, what it costs, how large it may be. Do
# not read the figure out; let them find three arguments they have used.


# %%
def same(one, other):
    return bool(np.allclose(one, other, atol=1e-5))


def outcome(attempt, *inputs, **arguments):
    try:
        attempt(*inputs, **arguments)
        return "works"
    except Exception as error:
        return type(error).__name__


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown] right=3
# ## The equations
#
# ### `activation`
#
# The function that squashes the candidate. In the SimpleRNN it is the only one there is. The LSTM has tanh twice:
# $g = \tanh(a_g)$ and $h = o \cdot \tanh(c)$.
#
# **Predict.** `LSTM(4, activation="relu")`: which of the two tanh goes?
#
# - that of the candidate
# - that of the cell state
# - both

# %%
layer = layers.LSTM(4, activation="relu", return_state=True)
y, h, c = (np.asarray(a) for a in layer(x[:, :1]))  # one step from zero: h = o act(c)
W, U, b = layer.get_weights()
a_i, a_f, a_g, a_o = np.split(x[:, 0] @ W + b, 4, axis=1)  # U has no say
i, o = sigmoid(a_i), sigmoid(a_o)
relu = same(c, i * np.maximum(a_g, 0)), same(h, o * np.maximum(c, 0))
tanh = same(c, i * np.tanh(a_g)), same(h, o * np.tanh(c))
print("g and c by relu:", relu, "  by tanh:", tanh)

# %%
claim(
    "LSTM(activation='relu') replaces both tanh, that of the candidate and that of the "
    "cell state.",
    identity=relu == (True, True) and tanh == (False, False),
)

# %% [markdown]
# > **Trap.** `None` is not "the default", it is *no* squashing. And tanh is what keeps $h$ between −1 and 1.
#
# ### `recurrent_activation`
#
# The function that squashes the gates (LSTM, GRU). Old code often has `"hard_sigmoid"`, a straight line with two bends. In Keras 2 it was $0.2 a + 0.5$,
# open at 2.5; today's is open at 3. To see a GRU's $z$ alone, let the candidate be 0 and start from 1: then $h = z \cdot 1 + (1 - z) \cdot 0$ is $z$.


# %%
def z_at_rest(**arguments):
    quiet = {"activation": ops.zeros_like, "recurrent_initializer": "zeros"}
    gru = layers.GRU(1, **quiet, **arguments)
    return np.asarray(gru(np.zeros((1, 1, 3)), initial_state=np.ones((1, 1)))).item()


half = {"bias_initializer": keras.initializers.Constant(0.5)}  # the GRU has two
soft = z_at_rest(recurrent_activation="sigmoid", **half)
hard = z_at_rest(recurrent_activation="hard_sigmoid", **half)
print(f"at a = 1: sigmoid {soft:.2f}, hard_sigmoid {hard:.2f}, in Keras 2 0.70")

# %%
claim(
    "Today's hard_sigmoid is a/6 + 1/2 between 0 and 1: 2/3 at 1, where that of Keras "
    "2 was 0.7.",
    identity=same(hard, 1 / 6 + 0.5),
)

# %% [markdown] right=2
# > **Trap.** An old network with hard gates gives other numbers now. And it is not the activation of the recurrent part: it acts on the
# > gate's whole sum, $x W + h_\text{prev} U + b$.
#
# ### `use_bias`
#
# Whether there is a $b$. To see what leaves with it, let an LSTM rest: no input, no $h$, and 1 in every $c$. After one step $c$ is just the forget gate.
#
# **Predict.** With a bias $f$ is 0.73. And with `use_bias=False`?
#
# - 0
# - 0.5
# - 0.73

# %% [markdown] slide="predict" minutes=2
# ## `use_bias=False`: where does the forget gate rest?
#
# - 0
# - 0.5
# - 0.73
#
# Answer: 0.5: the forget bias of 1 went with the rest.
#
# Notes: A time scale of 2 steps instead of 3.7, and nobody said so. Leave the bias on.


# %%
def forget_gate(**arguments):
    layer = layers.LSTM(4, return_state=True, **arguments)
    start = [np.zeros((1, 4)), np.ones((1, 4))]  # h and c
    _, _, c = layer(np.zeros((1, 1, 3)), initial_state=start)
    return round(float(c[0, 0]), 2)


print("bias:", forget_gate(use_bias=True), "  none:", forget_gate(use_bias=False))

# %% [markdown]
# $\sigma(0) = 0.5$: the forget bias of 1 went with the rest of $b$, and nobody said so.

# %%
claim(
    "Without a bias the resting forget gate is 0.5, and with it sigmoid(1) = 0.73.",
    identity=(forget_gate(use_bias=False), forget_gate()) == (0.5, 0.73),
)

# %% [markdown]
# > **Trap.** A time scale of $1/(1-f)$, lesson 05: 2 steps instead of 3.7. Leave the bias on.
#
# ## How the weights start
#
# A network that has learnt nothing is all initialisers.
#
# ### `kernel_initializer`
#
# How $W$ is drawn. The default, `"glorot_uniform"`, draws evenly between $\pm\sqrt{6/(\text{rows} + \text{columns})}$. For one gate with 64 inputs and 64 units that is
# ±0.217. But Keras keeps all gates side by side in one **fused** matrix, 64 by 256 in the LSTM, and draws that.


# %%
def weights(kind, **arguments):
    keras.utils.set_random_seed(0)
    layer = getattr(layers, kind)(64, **arguments)
    layer.build((None, None, 64))
    return layer.get_weights()


drawn = {kind: weights(kind, kernel_initializer="glorot_uniform")[0] for kind in kinds}
for kind, W in drawn.items():
    print(f"{kind:9} W {W.shape}, largest {np.abs(W).max():.3f}")

# %% tags=["hide-input"]
limits = np.sqrt([6 / (64 + W.shape[1]) for W in drawn.values()])
largest = np.array([np.abs(W).max() for W in drawn.values()])

# %%
claim(
    "The largest weight of W is within 1 % of the Glorot limit of the fused matrix, "
    "for all three layers (seed 0).",
    measured=largest / limits,
    above=0.99,
    over="layers",
    control={"LSTM and GRU, limit of one gate": largest[1:] / limits[0]},
)

# %% [markdown]
# > **Trap.** The more gates a cell has, the smaller its weights start: with as many inputs as units, an LSTM's with 0.63 times what the formula means for a gate.
#
# ### `recurrent_initializer`
#
# How $U$ is drawn. `"orthogonal"` makes a matrix that changes no length: all its **singular values**, the factors by which
# it stretches the directions of space, are 1. Are they 1 in the four blocks of an LSTM's $U$, one for each gate?

# %%
U = weights("LSTM", recurrent_initializer="orthogonal")[1]
blocks = {f"LSTM {gate}": block for gate, block in zip("ifgo", np.split(U, 4, axis=1))}
blocks = {"RNN": weights("SimpleRNN")[1], **blocks}


def gate_by_gate(shape, dtype=None):
    draw = keras.initializers.Orthogonal  # made anew: one of them draws the same twice
    return ops.concatenate([draw()((64, 64)) for _ in range(shape[1] // 64)], axis=1)


apart = weights("LSTM", recurrent_initializer=gate_by_gate)[1]

# %%
show(
    singular_values(blocks),
    alt="Singular values of recurrent blocks with 64 units, a column of lines for "
    "each. Those of the plain RNN all lie at 1. Those of the LSTM's four gates are "
    "spread from nearly 0 to about 0.85.",
)

# %% [markdown] slide="figure" minutes=3
# ## "Orthogonal" holds for the fused matrix, not for a gate
#
# Notes: Keras keeps the four gates side by side in one matrix and draws that. A quarter of an orthogonal
# matrix is not orthogonal. The plain RNN, left, has what the name promises.

# %% tags=["hide-input"]
widest, drawn_alone = (
    [np.linalg.norm(block, 2) for block in np.split(matrix, 4, axis=1)]
    for matrix in (U, apart)
)

# %%
claim(
    "The fused U has orthonormal rows; drawn gate by gate, each block is orthogonal.",
    identity=same(U @ U.T, np.eye(64))
    and all(same(V @ V.T, np.eye(64)) for V in np.split(apart, 4, axis=1)),
)
claim(
    "No gate's block of the fused U has a singular value above 0.95 (seed 0).",
    measured=widest,
    below=0.95,
    over="gates",
    control={"drawn gate by gate": drawn_alone},
)

# %% [markdown]
# > **Trap.** A gate gets a quarter of each long row, and some directions of $h$ nearly vanish on their way into it. `"identity"` gives the LSTM one identity, in the
# > input gate, and zeros elsewhere. An initialiser may be any function of a shape, like `gate_by_gate` above.
#
# ### `bias_initializer`
#
# How $b$ starts, in all gates. The GRU has two biases in each (lesson 06), and both are set.

# %%
for value in (0.0, 2.0):
    z = z_at_rest(bias_initializer=keras.initializers.Constant(value))
    print(f"bias {value:g}: z starts at {z:.2f}, one sigmoid is {sigmoid(value):.2f}")

# %%
claim(
    "With bias_initializer=Constant(2) z of the default GRU starts at sigmoid(4).",
    identity=same(z, sigmoid(4)),
)

# %% [markdown] right=2
# > **Trap.** What you set counts twice in the GRU, and in the candidate too, which is then nearly saturated.
#
# ### `unit_forget_bias`
#
# Opens the forget gate at the start (LSTM only, on by default). Keras's own documentation says that it *adds 1* and
# *forces* the other biases to zero.
#
# **Predict.** With `bias_initializer=Constant(0.5)`: what is the forget bias?
#
# - 0.5
# - 1
# - 1.5

# %% [markdown] slide="predict" minutes=2
# ## `bias_initializer=Constant(0.5)`: what is the forget bias?
#
# - 0.5
# - 1
# - 1.5
#
# Answer: 1: it is set, whatever the initialiser says.
#
# Notes: The documentation says that it adds 1 and forces the others to zero. Neither is true. To open the
# gate wider, write into the weights.

# %%
half = keras.initializers.Constant(0.5)
layer = layers.LSTM(4, bias_initializer=half, unit_forget_bias=True)
layer.build(x.shape)
W, U, b = layer.get_weights()
for gate, values in zip("ifgo", b.reshape(4, 4)):
    print(gate, values)

# %%
wide = b.copy()
wide[4:8] = 3.0  # i, f, g, o: the second block of four
layer.set_weights([W, U, wide])

# %% [markdown] slide="code" minutes=2 lines="1-3"
# ## A wider gate is written into the weights
#
# The second block of four: $i, f, g, o$
#
# Notes: After build(), before fit(). With 3 the gate rests at 0.95. This is the line to take home from the
# reference.

# %%
claim(
    "unit_forget_bias sets the forget biases to 1 and leaves the others to "
    "bias_initializer; without it the gate rests at 0.5.",
    identity=np.array_equal(b, np.repeat([0.5, 1, 0.5, 0.5], 4))
    and forget_gate(unit_forget_bias=False) == 0.5,
)

# %% [markdown]
# Neither sentence is true. The gate can be opened wider only in the weights, as above.
#
# > **Trap.** A bias of 1 is, at the start, a memory of 3.7 steps. Over forty words training did not lengthen it in lesson 05; chrono did.
#
# ### `seed`
#
# Where random numbers start. Which? Two layers made with `seed=7`:

# %%
one, other = (layers.LSTM(4, dropout=0.5, seed=7) for _ in range(2))
for layer in (one, other):
    layer.build(x.shape)
own_weights = same(one.get_weights()[0], other.get_weights()[0])
other.set_weights(one.get_weights())
own_dropout = same(one(x, training=True), other(x, training=True))
print("same weights:", own_weights, "  same dropout:", own_dropout)

# %% [markdown] slide="output" minutes=2
# ## `seed=7` seeds dropout, and not the weights
#
# Notes: Two layers made with seed=7. Weights are seeded by their initialiser, or all together by
# keras.utils.set_random_seed.

# %%
claim(
    "One number for both gives two layers the same dropout and other weights; a saved "
    "LSTM keeps it, a saved SimpleRNN does not.",
    identity=(own_weights, own_dropout) == (False, True)
    and ["seed" in getattr(layers, k)(4, seed=7).get_config() for k in kinds[:2]]
    == [False, True],
)

# %% [markdown]
# > **Trap.** Weights are seeded by their initialiser, or all together by `keras.utils.set_random_seed(0)` at the top of a program. Two layers that
# > share one seeded initialiser start as twins.
#
# ## Penalties and limits
#
# A weight can be made to pay for its size, or be cut down to one. The two are not the same.
#
# ### `kernel_regularizer`, `recurrent_regularizer`, `bias_regularizer`
#
# What size costs: `L2(1.0)` adds $\sum w^2$ to the loss. Here is what that does when the data say nothing at all, inputs and answers zero:

# %%
cost = keras.regularizers.L2(1.0)
layer = layers.LSTM(
    4, kernel_regularizer=cost, recurrent_regularizer=cost, bias_regularizer=cost
)
model = keras.Sequential([keras.Input((5, 3)), layer])
model.compile(keras.optimizers.SGD(0.05), "mse")
for epochs in (0, 10, 10, 10):
    model.fit(np.zeros((8, 5, 3)), np.zeros((8, 4)), epochs=epochs, verbose=0)
    W, U, b = layer.get_weights()
    print(f"|W| {np.linalg.norm(W):.2f}  |U| {np.linalg.norm(U):.2f}  b_f {b[4]:.2f}")

# %% [markdown] slide="output" minutes=2
# ## Penalties pull while you train: the forget bias goes from 1 to 0
#
# Thirty updates; the data say nothing.
#
# Notes: Each row is ten epochs of one update. With the bias goes the memory: f falls from 0.73 to 0.5.

# %%
prices = [float(price) for price in layer.losses]
y = layer(np.ones((64, 5, 3)))  # another batch

# %%
claim(
    "The three penalties are the sums of squares of W, U and b, whatever the batch.",
    identity=np.allclose(sorted(prices), sorted(np.sum(w**2) for w in (W, U, b)))
    and [float(price) for price in layer.losses] == prices,
)

# %% [markdown]
# > **Trap.** `bias_regularizer` pulls the forget bias to 0, and with it the memory. `kernel_regularizer` alone leaves $U$, where the memory is, free.
#
# ### `activity_regularizer`
#
# What the *output* costs. For how many of the arrays that come out?

# %% tags=["hide-input"]
activity = keras.regularizers.L2(0.01)
paid = {}
for kind, state in (("LSTM", False), ("LSTM", True), ("SimpleRNN", False)):
    layer = getattr(layers, kind)(4, activity_regularizer=activity, return_state=state)
    layer(x[:1])
    paid[kind, state] = [float(price) for price in layer.losses]
    print(f"{kind:9} return_state={state!s:5}  penalties: {len(paid[kind, state])}")

# %%
claim(
    "With return_state=True the LSTM pays for y, for h, which is the same, and for c; "
    "SimpleRNN ignores activity_regularizer.",
    identity=[len(prices) for prices in paid.values()] == [1, 3, 0]
    and paid["LSTM", True][0] == paid["LSTM", True][1],
)

# %% [markdown] right=2
# > **Trap.** All steps are summed, so a long sequence pays more. Over the batch it is a mean only since early 2026; earlier Keras 3
# > summed there as well ([keras#22018](https://github.com/keras-team/keras/issues/22018)). Behind a SimpleRNN put a layer `ActivityRegularization`.
#
# ### `kernel_constraint`, `recurrent_constraint`, `bias_constraint`
#
# How large weights may be. `MaxNorm(0.5)` shortens each column, the weights that lead into one gate of one unit, to at
# most 0.5. An LSTM(4)'s biases, one column of 16 with four ones in it, have length 2.
#
# **Predict.** We train one step with a learning rate of **zero**. What happens to the forget biases?
#
# - they stay 1
# - they become 0.25
# - they become 0.5

# %%
limit = keras.constraints.MaxNorm(0.5)
layer = layers.LSTM(
    4, kernel_constraint=limit, recurrent_constraint=limit, bias_constraint=limit
)
model = keras.Sequential([keras.Input((5, 3)), layer])
model.compile(keras.optimizers.SGD(0.0), "mse")
before = layer.get_weights()
model.train_on_batch(x, np.zeros((2, 4)))
after = layer.get_weights()
print("forget biases:", before[2][4:8], "->", np.round(after[2][4:8], 2))

# %% [markdown] slide="words" minutes=2
# ## Penalties pull while you train; limits cut after each update
#
# - L2 on the bias pulls the forget gate shut
# - `kernel_regularizer` leaves $U$ free
# - MaxNorm(0.5) cuts a forget bias of 1 to 0.25
#
# Notes: The last one happens in a step of size zero: a constraint has no gradient, the weights are cut to
# size after the update.

# %% [markdown]
# A constraint is no part of the loss and has no gradient: after **each update**, the weights are cut to size.

# %%
longest = [[np.linalg.norm(w, axis=0).max() for w in ws] for ws in (before, after)]
together = np.linalg.norm(np.full((64, 64), 0.5 / 8), 2)  # 64 columns of length 0.5

# %%
claim(
    "After an update of size 0 no column is longer than 0.5, before it one has length "
    "2; and 64 columns of 0.5 can still stretch a direction by 4.",
    identity=max(longest[1]) < 0.5001 and longest[0][2] == 2 and same(together, 4),
)

# %% [markdown] right=2
# > **Trap.** A limit on columns is only a loose one on $U$ as a whole. Against explosion, clip the gradient: `Adam(0.003, clipnorm=1.0)`.
#
# ## What comes out
#
# The running sum reads 1, 10, 100, 1000 again.
#
# ### `go_backwards`
#
# The sequence is read from its end.
#
# **Predict.** With `return_sequences=True`, which number comes out **first**?
#
# - 1
# - 1000
# - 1111

# %% [markdown] slide="predict" minutes=2
# ## `go_backwards=True`: which number comes out first?
#
# - 1
# - 1000
# - 1111
#
# Answer: 1000: outputs are not flipped back.
#
# Notes: With return_sequences=True, inputs 1, 10, 100, 1000.

# %%
forwards = read(running_sum(return_sequences=True)(digits))
backwards = read(running_sum(return_sequences=True, go_backwards=True)(digits))
print("forwards: ", forwards)
print("backwards:", backwards)

# %%
show(
    reading_order(
        {
            "go_backwards=False": ([1, 10, 100, 1000], forwards),
            "go_backwards=True": ([1, 10, 100, 1000], backwards),
        }
    ),
    alt="Left, inputs 1, 10, 100, 1000 with an arrow straight up from each to its "
    "output 1, 11, 111, 1111. Right, with go_backwards, the arrows cross: the last "
    "input, read first, leads to the first output, 1000; the first input, read last, "
    "to the last output, 1111.",
)

# %% [markdown] slide="figure" minutes=2
# ## Outputs stand in the order in which they were computed
#
# Notes: The output y[:, 0] belongs to the input x[:, -1]. To put it beside a forward layer, write y[:, ::-1].
# Bidirectional does it for you.

# %%
claim(
    "go_backwards=True gives 1000, 1100, 1110, 1111: outputs are not flipped back.",
    identity=backwards == [1000, 1100, 1110, 1111],
)

# %% [markdown]
# > **Trap.** `y[:, 0]` belongs to `x[:, -1]`. To put it beside a forward layer write `y[:, ::-1]`; the wrapper `Bidirectional` does so (lesson 09).
#
# ### `zero_output_for_mask`
#
# A **mask** says which steps count; at the others the state stays as it is (lesson 09). This argument, hidden in `**kwargs`, says what comes
# out there: the output before once more, or zero. The third step, 100, is masked:

# %%
mask = np.array([[True, True, False, True]])
for zero in (False, True):
    layer = running_sum(return_sequences=True, zero_output_for_mask=zero)
    print(f"{zero!s:5}", read(layer(digits, mask=mask)))
ends = np.array([[True, True, True, False]])
y, h = running_sum(zero_output_for_mask=True, return_state=True)(digits, mask=ends)

# %%
claim(
    "With zero_output_for_mask=True and the last step masked, the last output is 0 "
    "while the state is 111.",
    identity=(read(y), read(h)) == ([0], [111]),
)

# %% [markdown]
# > **Trap.** Keras's documentation says that without `return_sequences` it has no effect. It has: a padded sentence comes out as zeros, and $y$ is no longer $h$.
#
# ## What a call takes
#
# So far we made layers. A call takes four arguments: `layer(sequences, initial_state=None, mask=None, training=False)`.
# The running sum starts from 7, and its first step is masked. The last output is 1117. What is the first?

# %%
seven, late = np.array([[7.0]]), np.array([[0, 1, 1, 1]])
layer = running_sum(return_sequences=True)
late_start = read(layer(sequences=digits, initial_state=seven, mask=late))
print("from 7, the 1 masked:", late_start)

# %% [markdown] slide="output" minutes=2
# ## Zero comes out, and the state is 7 all the time
#
# A running sum starts from 7, its first step is masked; the second output is 7 + 10.
#
# Notes: A call takes four things: the sequences, initial_state, mask and training. For an LSTM the start is a list of
# two, h and c; a single array is an error that speaks of a list index.

# %%
h = np.ones((2, 4), "float32")
given = (outcome(layers.LSTM(4), x, initial_state=start) for start in ([h, h], h))

# %%
claim(
    "From state 7, with the first step masked, a running sum on TensorFlow gives 0, "
    "17, 117, 1117.",
    identity=late_start == [0, 17, 117, 1117],
)
claim(
    "The start of an LSTM is a list of h and c; one array is an IndexError.",
    identity=list(given) == ["works", "IndexError"],
)

# %% [markdown] right=3
# A masked step repeats the *output* before it. Before the first step there is none, and TensorFlow takes zeros; the state was 7 all the time.
#
# ## How it is computed
#
# Arguments for speed; only `reset_after` changes an equation.
#
# ### `reset_after`
#
# In the GRU alone: whether $r$ acts after or before $U_g$ (lesson 06).
#
# **Predict.** You saved a GRU of 2019, made with `reset_after=False`. Will today's `GRU(4)` take its weights?
#
# - yes, and give the same results
# - yes, and give other results
# - no

# %% [markdown] slide="predict" minutes=2
# ## A GRU of 2019, `reset_after=False`: does today's `GRU(4)` take its weights?
#
# - yes, same results
# - yes, other results
# - no
#
# Answer: No; without a bias: yes, and other results.
#
# Notes: That the shapes differ is luck. Posts from before TensorFlow 2 mean reset_after=False when they say
# nothing.

# %%
old, new_form = layers.GRU(4, reset_after=False), layers.GRU(4)
for layer in (old, new_form):
    layer.build(x.shape)
    print([tuple(w.shape) for w in layer.get_weights()])
print("taken as they are:", outcome(new_form.set_weights, old.get_weights()))

# %%
before = layers.GRU(4, use_bias=False, reset_after=False)
after = layers.GRU(4, use_bias=False)
apart = before(x), after(x)
after.set_weights(before.get_weights())

# %%
claim(
    "Weights with a bias do not fit into the other form; without one they do, and give "
    "other results.",
    identity=outcome(new_form.set_weights, old.get_weights()) == "ValueError"
    and not same(after(x), before(x)),
)

# %% [markdown]
# > **Trap.** Posts from before TensorFlow 2 mean `reset_after=False` when they say nothing.
#
# ### `use_cudnn`
#
# LSTM and GRU. On a graphics card there is a fast library, cuDNN. `"auto"` takes it, on TensorFlow, if there is a card and the layer has tanh and sigmoid, a bias, no `unroll`, no
# `recurrent_dropout`, and `reset_after=True`. It does **not** look at the mask before it chooses. cuDNN can skip padding on the right only:


# %%
def fits_cudnn(mask):  # (B, T): True first, then False, and at least one True in a row
    return bool(mask[:, 0].all() and not (mask[:, 1:] & ~mask[:, :-1]).any())


sentences = [[3, 1, 4], [1, 5]]
for side in ("post", "pre"):
    padded = keras.utils.pad_sequences(sentences, padding=side)
    print(side, padded.tolist(), "fits cuDNN:", fits_cudnn(padded != 0))

# %% [markdown]
# A mask that does not fit is an **error** in `fit` and `predict` on a card, `InvalidArgumentError`, with the sentence that the mask is not right-padded. It is not
# slow, it does not run; in a call outside them Keras falls back to its loop. And padding on the left is what `pad_sequences` does if you say nothing. So a program runs on
# your laptop and stops on the card. Pad with `padding="post"`, or say `use_cudnn=False`. (Read in Keras's source, and its guard tried; we had no card.)

# %%
results = {}
for activation in ("tanh", "relu"):
    layer = layers.LSTM(4, activation=activation, use_cudnn=True)
    results[activation] = outcome(layer, x)
again = layers.LSTM.from_config(layers.LSTM(4, use_cudnn=False).get_config())

# %%
claim(
    "use_cudnn=True is an error for a layer that cuDNN cannot compute, and what was "
    "chosen is not saved: False comes back as 'auto'.",
    identity=results["relu"] == "ValueError" and again.use_cudnn == "auto",
)

# %% [markdown]
# > **Trap.** With `return_sequences=True`, cuDNN gives zeros at masked steps where the same layer on the processor repeats the
# > output before; the last output is the same ([tensorflow#49241](https://github.com/tensorflow/tensorflow/issues/49241)).
#
# ### `unroll`
#
# TensorFlow makes a plan of operations before it runs. By default the plan holds one step and a loop; `unroll=True` writes all steps
# out. A cell that counts tells how often it is written down:


# %% tags=["hide-input"]
class CountedCell(layers.SimpleRNNCell):
    def call(self, *inputs, **options):
        written.append(1)
        return super().call(*inputs, **options)


counts = {}
for T in (5, 50):
    for unroll in (False, True):
        layer = layers.RNN(CountedCell(4), unroll=unroll)
        model, written = keras.Sequential([keras.Input((T, 3)), layer]), []
        model.predict(np.zeros((2, T, 3)), verbose=0)
        counts[T, unroll] = len(written)
        print(f"{T:2} steps, unroll={unroll!s:5}: written {len(written)} times")

# %%
model = keras.Sequential([keras.Input((None, 3)), layers.LSTM(4, unroll=True)])
lengths = [outcome(model.predict, np.zeros((2, T, 3)), verbose=0) for T in (5, 7)]

# %%
claim(
    "With the loop a plan for 50 steps holds the cell as often as one for 5; unrolled, "
    "once for each step.",
    identity=counts[50, False] == counts[5, False]
    and (counts[5, True], counts[50, True]) == (5, 50),
)
claim(
    "An unrolled model on TensorFlow predicts the first length it meets, and fails at "
    "the second.",
    identity=lengths == ["works", "ValueError"],
)

# %% [markdown]
# With the loop twice: once to see what shape comes out, once for the loop itself.
#
# > **Trap.** A long sequence takes memory and a long time to plan, and the model is tied to one length, which nothing says before the second arrives.
#
# ### `implementation`
#
# Of Keras 2: 1 multiplied gate by gate, 2 all at once. LSTM and GRU still take it, through `**kwargs`.

# %% tags=["hide-input"]
layer = layers.LSTM(4, implementation=1)
copy = layers.LSTM.from_config(layer.get_config())
for kind in kinds:
    print(f"{kind:9} {outcome(getattr(layers, kind), 4, implementation=1)}")
print("in use:", layer.cell.implementation, "  after saving:", copy.cell.implementation)
noisy = [{"use_cudnn": use, "dropout": 0.5} for use in ("auto", False)]
noisy = [layers.LSTM(4, implementation=1, **arguments) for arguments in noisy]

# %%
claim(
    "A saved layer comes back with implementation 2; 1 stops with an error once "
    "dropout is on, unless use_cudnn=False.",
    identity=copy.cell.implementation == 2
    and [outcome(one, x, training=True) == "works" for one in noisy] == [False, True],
)

# %% [markdown]
# > **Trap.** Leave it alone.
#
# ## What every layer takes
#
# Four go in through `**kwargs`: `name`, `trainable`, `dtype` and `autocast`.

# %%
frozen = layers.LSTM(4, dropout=0.5, trainable=False, name="memory")
drops = not same(frozen(x, training=True), frozen(x))
print("first weight:", frozen.weights[0].path)
print("trainable:", len(frozen.trainable_weights), "  drops in training:", drops)
for dtype in ("float32", "mixed_float16"):
    layer = layers.LSTM(4, dtype=dtype, autocast=True)
    print(f"{dtype:13} out {layer(x).dtype.name}, weights {layer.weights[0].dtype}")

# %%
claim(
    "A frozen LSTM has no weight that an update changes, and its inputs are dropped "
    "all the same.",
    identity=drops and frozen.trainable_weights == [],
)
claim(
    "A default LSTM cuts inputs of float64 to float32.",
    identity=layers.LSTM(4)(x.astype("float64")).dtype.name == "float32",
)

# %% [markdown]
# The name stands in the paths of the weights, in messages and in saved files. `mixed_float16` computes with short numbers and keeps long weights (lesson 09). `autocast=False`
# changes nothing in a recurrent layer: its cell turns inputs itself. Where small differences count, as in a gradient check, say `dtype="float64"`.
#
# ## What a backend changes
#
# Keras runs on TensorFlow, JAX or PyTorch: `KERAS_BACKEND=jax python program.py`, set before `import keras`. Equations, weights, masks and saved files are the same.
# This is not:
#
# | what you write | TensorFlow | JAX | PyTorch |
# |---|---|---|---|
# | `LSTM(4, use_cudnn=True)`, no card | ValueError | ValueError | works |
# | `unroll=True`, then a second length | ValueError | works | works |
# | `stateful=True`, `predict` twice | 1111, 2222 | 1111, 1111 | 1111, 2222 |
# | start from 7, first step masked | 0 | 7 | 0 |
# | `implementation=1` with `dropout` | InvalidArgumentError | ValueError | RuntimeError |
# | `compile(...)` turns on XLA for an LSTM | no | yes | no |
# | `np.asarray(layer(x))` | works | works | RuntimeError |
# | a mask on a card | right-padded, or an error | the loop | the loop |
#
# (Keras 3.15 with JAX 0.10 and PyTorch 2.13 on a processor; the last line is read in the source.) On PyTorch write `ops.convert_to_numpy(layer(x))`. On JAX `predict` and `evaluate` do not keep
# a stateful layer's state from call to call: a stream must be read with `layer(x)`.

# %% [markdown] slide="words" minutes=2
# ## The same program on another backend
#
# | | TensorFlow | JAX | PyTorch |
# |---|---|---|---|
# | `unroll`, a second length | error | works | works |
# | `stateful`, `predict` twice | 1111, 2222 | 1111, 1111 | 1111, 2222 |
#
# Notes: Equations, weights and files are the same on all three. On JAX predict does not keep the state from call to
# call, so a stream is read with the layer itself.

# %% [markdown] right=2
# ## From Keras 2 to Keras 3
#
# Much of what you find on the web is from 2020 or before. Here are arguments as they were written then, tried today.
#
# **Predict.** How many of these eight still run?
#
# - none
# - two
# - five

# %%
tried = {}
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    tried["input_shape"] = outcome(layers.LSTM, 4, input_shape=(5, 3))
tried["implementation"] = outcome(layers.LSTM, 4, implementation=2)
tried["time_major"] = outcome(layers.LSTM, 4, time_major=False)
tried["inner_activation"] = outcome(layers.LSTM, 4, inner_activation="sigmoid")
tried["batch_input_shape"] = outcome(layers.LSTM, 4, batch_input_shape=(2, 5, 3))
tried["input_length"] = outcome(layers.LSTM, 4, input_length=5)
tried["layer([x, h, c])"] = outcome(layers.LSTM(4), [x, h, h])
tried["reset_states(h)"] = outcome(layers.LSTM(4).reset_states, h)
for name, result in tried.items():
    print(f"{name:18} {result}")

# %% [markdown] slide="output" minutes=2
# ## Of eight ways of writing of old posts, two still run
#
# Notes: input_shape with a warning. An error is the better half. The worse half still runs and means something
# else: hard_sigmoid, reset_after, dropout.

# %%
claim(
    "Of eight arguments and calls of Keras 1 and 2 two still run: input_shape, with a "
    "warning, and implementation.",
    identity=[name for name, result in tried.items() if result == "works"]
    == ["input_shape", "implementation"]
    and len(heard) == 1,
)

# %% [markdown]
# An error is the better half. The worse half still runs and means something else:
#
# | | 2020: Keras 2.3 and TensorFlow 1 to 2.3 | today: Keras 3 |
# |---|---|---|
# | `recurrent_activation` | `"hard_sigmoid"` up to Keras 2.2 and TensorFlow 1; `"sigmoid"` from 2.3.0 and TensorFlow 2 | `"sigmoid"` |
# | `"hard_sigmoid"` | $0.2a + 0.5$ | $a/6 + 0.5$ |
# | `reset_after` | `False`; `True` from TensorFlow 2 | `True` |
# | `implementation` | 1; 2 from TensorFlow 2 | 2, hidden in `**kwargs` |
# | `dropout` of TensorFlow's LSTM | a new mask at every step | one mask for all steps |
# | `dropout=1.0` | an error | 3.12: an error; 3.15: no dropout in LSTM and GRU, nothing left in a SimpleRNN |
# | `activity_regularizer` of SimpleRNN | a penalty | ignored |
# | `return_state` | a list | a tuple |
# | `use_cudnn` | layers of their own, `CuDNNLSTM`; automatic from TensorFlow 2 | `"auto"` |
# | `input_shape` | in the first layer | a warning; `keras.Input(shape)` in front |
# | `batch_input_shape`, `time_major` | taken | gone; `keras.Input(batch_shape=...)` |
# | start from given states | `layer([x, h, c])` | `layer(x, initial_state=[h, c])` |
# | `reset_states(states)` | of a layer, and of a model | `reset_state()`, of a layer; a layer's `reset_states()` still runs |
# | weights: layout and order | $i, f, c, o$ and $z, r, h$ (its $c$ and $h$ are our $g$) | the same |
#
# (The column of 2020 comes from the documentation of [TensorFlow 1.15](https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/keras/layers/GRU) and
# [2.0](https://www.tensorflow.org/versions/r2.0/api_docs/python/tf/keras/layers/GRU), from the notes of
# [Keras 2.3.0](https://github.com/keras-team/keras/releases/tag/2.3.0), and from running both packages.) With the same
# `reset_after` and activations, old weights give the old outputs.
#
# ## All of them on one page
#
# R is `SimpleRNN`, L `LSTM`, G `GRU`.
#
# | argument | default | layers | what it says | trap |
# |---|---|---|---|---|
# | `units` | required | R L G | numbers in the state | not the number of steps |
# | `return_sequences` | `False` | R L G | all outputs, or the last | needed between two layers |
# | `return_state` | `False` | R L G | final states as well | order $y, h, c$ |
# | `dropout` | `0.0` | R L G | drops inputs | one mask for all steps; in training only |
# | `recurrent_dropout` | `0.0` | R L G | drops the old state before $U$ | slower; L and G without cuDNN |
# | `stateful` | `False` | R L G | starts where the last call ended | nobody resets it |
#
# Sometimes:
#
# | argument | default | layers | what it says | trap |
# |---|---|---|---|---|
# | `unit_forget_bias` | `True` | L | forget biases start at 1 | sets, does not add |
# | `reset_after` | `True` | G | $r$ after $U_g$, or before | old weights do not fit |
# | `use_cudnn` | `"auto"` | L G | the library of graphics cards | a left-padded mask is an error there |
# | `go_backwards` | `False` | R L G | reads from the end | outputs are not flipped back |
# | `kernel_initializer` | `"glorot_uniform"` | R L G | how $W$ starts | drawn for all gates at once |
# | `recurrent_initializer` | `"orthogonal"` | R L G | how $U$ starts | no gate's block is orthogonal |
# | `bias_initializer` | `"zeros"` | R L G | how $b$ starts | counts twice in the GRU |
# | `kernel_regularizer` | `None` | R L G | what large $W$ costs | leaves $U$ free |
# | `recurrent_regularizer` | `None` | R L G | what large $U$ costs | a sum: more units cost more |
# | `zero_output_for_mask` | `False` | R L G | zeros at masked steps; in `**kwargs` | acts on the last output too |
#
# Rarely:
#
# | argument | default | layers | what it says | trap |
# |---|---|---|---|---|
# | `activation` | `"tanh"` | R L G | squashes the candidate | both tanh of the LSTM; `None` is linear |
# | `recurrent_activation` | `"sigmoid"` | L G | squashes the gates | not only the recurrent part |
# | `use_bias` | `True` | R L G | whether there is $b$ | the forget bias goes too |
# | `seed` | `None` | R L G | seeds dropout | not the weights |
# | `bias_regularizer` | `None` | R L G | what large $b$ costs | pulls the forget bias to 0 |
# | `activity_regularizer` | `None` | R L G | what large outputs cost | counts $y$, $h$ and $c$; ignored by R |
# | `kernel_constraint` | `None` | R L G | limits $W$ | only after an update |
# | `recurrent_constraint` | `None` | R L G | limits $U$ | columns; the whole matrix only loosely |
# | `bias_constraint` | `None` | R L G | limits $b$ | cuts the forget bias |
# | `unroll` | `False` | R L G | no loop in the plan | long sequences, long planning |
# | `implementation` | `2` | L G | of Keras 2; in `**kwargs` | not saved |

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and train, judge, save and load an `LSTM` that says at each step whether a
# machine is on, and read a stream with it in parts. Keras and NumPy are all you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - Six arguments do most of the work: `units`, `return_sequences`, `return_state`, `dropout`, `recurrent_dropout`, `stateful`.
# - Train with `validation_data` and `EarlyStopping`, judge on data that had no say, save the whole network.
# - A name has two parts: `kernel`, `recurrent`, `bias` say where, the rest says what.
# - All gates live in one fused matrix, and initialisers see that matrix. `unit_forget_bias` sets ones; a wider gate is written into the weights.
# - Penalties pull while you train, constraints cut after an update.
# - A mask on a card must be right-padded. Another backend has the same equations and other habits.
# - When in doubt, ask the layer: two inputs, one unit, and numbers that you can read.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/08_keras_argument_by_argument.ipynb) has 5 tasks, from counting an LSTM's weights to a
# sequence that comes in two pieces.
#
# Then [lesson 09](09_keras_in_practice.ipynb) puts the layers to work: masks for sentences of different lengths, layers on top of each other, both directions, streams, and cells of your own.
#
# To try on your own: `LSTM(4, unit_forget_bias=True, use_bias=False)`. Will Keras complain? And what does `LSTM(0)` say?

# %% [markdown] slide="words" minutes=2
# ## When in doubt, ask the layer
#
# - two inputs, one unit
# - numbers that you can read
# - compare with equations that you wrote
#
# Notes: Give three minutes: each learner picks one argument of the table in the lesson and predicts an output
# before running it.
