# %% [markdown]
# # 09 · Keras in practice
#
# Lesson 08 takes one layer at a time. Real programs break between the layers: in padding, states, shapes and saved files. Here are ten
# programs of the kinds that people bring to public threads, such as [3](https://github.com/keras-team/keras/issues/2721),
# [5](https://github.com/tensorflow/tensorflow/issues/45224), [7](https://github.com/tensorflow/tensorflow/issues/43103),
# [8](https://github.com/keras-team/keras/issues/18416) and [10](https://github.com/keras-team/keras/issues/2849). Six stop with an
# error, one stops on another machine, and three run and are wrong.
#
# ## What you will learn
#
# - To read Keras's errors, and to mend the ten programs.
# - To pad, mask and batch sequences of different lengths, and to see where a mask is lost.
# - To turn one sequence into another, with an encoder and a decoder.
# - To write a cell of your own, stack it, save it and load it, and to write your own training step.
# - To choose layer and arguments for a problem.
#
# ## What you need
#
# Lessons 01, 04 and 06, and the first part of 08.
#
# **Time.** About 45 minutes; its cells run in 60 s. Program 10 is a place for a break; *Sixteen bits* and *Out of Keras: ONNX* can be left out.

# %% tags=["setup"]
import datetime
import logging
import os
import re
import tempfile
import warnings
from textwrap import fill

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow keeps its log to itself

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from course_utils.claims import claim
from course_utils.plots import practice, show

logging.getLogger("tensorflow").setLevel("ERROR")  # no remarks on how it plans
keras.utils.set_random_seed(0)


# %% [markdown]
# ## Six that stop
#
# **Question.** What do the errors mean, and how does one find a mistake that makes none?
#
# An error is the friendly case, if one knows how to read it. Keras wraps it in a long message: what counts stands in bold in the middle, or behind the last
# *Exception encountered*. `attempt` shows that. (The words and kinds of error are those of Keras 3.15.)


# %%
def attempt(program):
    try:
        print("runs:", program())
        return "runs"
    except Exception as error:
        said = re.split("the layer: |Exception encountered: ", str(error))[-1].strip()
        bold = re.search(r"\x1b\[1m(.+?)(\x1b|$)", said, re.M)
        said = bold[1] if bold else said.split("\n\n")[0].split(" Full object")[0]
        print(fill(f"{type(error).__name__}: {' '.join(said.split())}", 88))
        return type(error).__name__


x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")  # B, T, m

# %% [markdown]
# ### 1 · Sentences of different lengths
#
# An array is a rectangle, sentences are not. (Keras's layers refuse a `tf.RaggedTensor`, too.)

# %%
sentences = [[3, 1, 4], [1, 5], [9, 2, 6, 5]]
ragged = attempt(lambda: np.array(sentences).shape)
padded = keras.utils.pad_sequences(sentences, padding="post")
print(padded)

# %% [markdown]
# The short ones are filled up with zeros: they are **padded**. (Words then count from 1.) Without `padding="post"` the zeros stand in front.
# What a layer makes of the zeros is program 8.
#
# ### 2 · Two axes
#
# A sequence without its batch: three axes are wanted, (B, T, m).

# %%
flat = attempt(lambda: layers.LSTM(4)(x[0]).shape)
mended = layers.LSTM(4)(x[0][None])  # a batch of one
print("mended:", tuple(mended.shape))

# %% [markdown]
# ### 3 · A layer on a layer
#
# The same error, one layer later: the first layer gave its last output only.

# %%
stack = attempt(lambda: layers.LSTM(4)(layers.LSTM(6)(x)).shape)
mended = layers.LSTM(4)(layers.LSTM(6, return_sequences=True)(x))
print("mended:", tuple(mended.shape))

# %%
claim(
    "A stack stops with a ValueError unless all recurrent layers but the last "
    "return sequences.",
    identity=stack == "ValueError" and tuple(mended.shape) == (2, 4),
)

# %% [markdown] right=1
# ### 4 · A start of one state
#
# A GRU starts from $h$. Somebody changes the GRU for an LSTM and leaves `initial_state=h`.
#
# **Predict.** What will the error speak of?
#
# - a list index
# - the missing cell state
# - a wrong shape

# %% [markdown] slide="question" minutes=2
# ## Ten programs that fail. Which of them tell you so?
#
# Six stop with an error, one stops on another machine, three run and are wrong.
#
# Notes: Ask for the last error of Keras that somebody has met, and for the last one that they found without an error.
# The lesson links threads for five of them.

# %%
h, c = np.zeros((2, 4), "float32"), np.zeros((2, 4), "float32")
lone = attempt(lambda: layers.LSTM(4)(x, initial_state=h).shape)
mended = layers.LSTM(4)(x, initial_state=[h, c])
print("mended:", tuple(mended.shape))

# %% [markdown] slide="output" minutes=2
# ## `list index out of range`: the cell state is missing
#
# Notes: An LSTM has two states, and wants a list of two. The error speaks of a list and not of states.

# %%
claim(
    "Ragged lists and two axes are a ValueError, a lone state of an LSTM is an "
    "IndexError.",
    identity=[ragged, flat, lone] == ["ValueError", "ValueError", "IndexError"],
)

# %% [markdown] right=2
# Of a list: an LSTM looks for the second of its states, $h$ and $c$.
#
# ### 5 · A class that the file does not hold
#
# A cell of your own (it is opened below) is trained and saved with its network.
#
# **Predict.** What does `load_model` need to know, in a new Python?
#
# - nothing
# - the class
# - the class and its weights


# %%
class PlainCell(layers.Layer):  # h = tanh(x W + h_prev)
    squash = staticmethod(ops.tanh)

    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, shape):
        self.W = self.add_weight(shape=(shape[-1], self.units))

    def call(self, x, states):
        h = self.squash(x @ self.W + states[0])
        return h, [h]


def saved_and_loaded(cell, **known):
    model = keras.Sequential([keras.Input((None, 3)), layers.RNN(cell)])
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/model.keras")
        loaded = keras.saving.load_model(f"{folder}/model.keras", **known)
    return np.allclose(model(x), loaded(x), atol=1e-6)


# %%
unknown = attempt(lambda: saved_and_loaded(PlainCell(4)))
mended = saved_and_loaded(PlainCell(4), custom_objects={"PlainCell": PlainCell})
print("with custom_objects the loaded network gives the same:", mended)

# %% [markdown]
# The class. Weights are in the file, code is not. Either hand it over, `custom_objects={"PlainCell": PlainCell}`, or write
# `@keras.saving.register_keras_serializable()` above the class; then it is known as soon as its module is imported.
#
# ### 6 · A cell that does not say how it was made
#
# Many posts say that a cell needs `get_config`. `PlainCell` has none, and came back: Keras 3 writes down by itself what a class is made with, if it is numbers,
# texts, `None`, or lists and dictionaries of these. The next cell is made with a function, and that it cannot write. Then `get_config` says what to keep, and
# `from_config` how to make a cell of it.


# %%
class SquashedCell(PlainCell):
    def __init__(self, units, squash, **options):
        super().__init__(units, **options)
        self.squash = squash


class ToldCell(SquashedCell):
    def get_config(self):
        name = keras.activations.serialize(self.squash)
        return {**super().get_config(), "units": self.units, "squash": name}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "squash": keras.activations.get(config["squash"])})


# %%
forgetful = attempt(
    lambda: saved_and_loaded(
        SquashedCell(4, keras.activations.tanh),
        custom_objects={"SquashedCell": SquashedCell},
    )
)

# %%
told = saved_and_loaded(
    ToldCell(4, keras.activations.tanh), custom_objects={"ToldCell": ToldCell}
)
print("with get_config:", told)


# %%
class ScaledCell(PlainCell):  # h = scale tanh(x W + h_prev)
    def __init__(self, units, scale, **options):
        super().__init__(units, **options)
        self.scale = scale

    def call(self, x, states):
        h = self.scale * super().call(x, states)[0]
        return h, [h]


known = {"custom_objects": {"ScaledCell": ScaledCell}}
scale = np.float32(0.5)  # np.mean(...) of float32 data, say
from_numpy = attempt(lambda: saved_and_loaded(ScaledCell(4, scale), **known))
as_float = saved_and_loaded(ScaledCell(4, float(scale)), **known)
print("with float(scale):", as_float)

# %%
claim(
    "A class that nobody named stops load_model; with custom_objects a cell made "
    "with a number comes back without a get_config.",
    identity=unknown == "TypeError" and mended,
)
claim(
    "A function or a float32 of NumPy among its arguments stops save; a whole "
    "get_config, or a plain float, brings the cell back.",
    identity=forgetful == from_numpy == "NotImplementedError" and told and as_float,
)

# %% [markdown]
# A float32 of NumPy is no plain number (a float64 is): `float(scale)` is, and `array.tolist()` is a plain list. (`get_config` must name *every* argument: see the problem set.)

# %% [markdown] right=3
# ## One that stops on another machine
#
# ### 7 · Padding on the left, on a card
#
# `pad_sequences` puts the zeros in front if you say nothing, and `Embedding(mask_zero=True)` makes a **mask** of them: True at real
# steps. On a laptop that trains.
#
# **Predict.** And in `fit` on a graphics card?
#
# - it is faster
# - it is slower
# - it is an error

# %% [markdown] slide="predict" minutes=2
# ## `mask_zero=True` and zeros in front. And in `fit` on a graphics card?
#
# - it is faster
# - it is slower
# - it is an error
#
# Answer: An error: cuDNN reads padding on the right only.
#
# Notes: TensorFlow's Keras looks at the card and the layer when it chooses cuDNN, not at the mask. Padding in front is
# the default of pad_sequences.

# %%
embedding = layers.Embedding(10, 6, mask_zero=True)
fits, masks = {}, {}
for side in ("pre", "post"):
    padded = keras.utils.pad_sequences(sentences, padding=side)
    masks[side] = mask = np.asarray(embedding.compute_mask(padded))  # (B, T)
    begins, again = mask[:, 0], mask[:, 1:] & ~mask[:, :-1]  # again: real after padding
    fits[side] = bool(begins.all() and not again.any())
    print(side, mask.astype(int).tolist(), "fits cuDNN:", fits[side])

# %%
claim(
    "pad_sequences puts the zeros in front unless told otherwise; a mask of these"
    " does not fit cuDNN, one of zeros behind does.",
    identity=np.array_equal(keras.utils.pad_sequences(sentences) > 0, masks["pre"])
    and fits == {"pre": False, "post": True},
)

# %% [markdown]
# An error, that the mask is not right-padded; a row of nothing but padding is one, too. Two remedies: `padding="post"`, or
# `use_cudnn=False`, slower and safe. (Read in Keras's source for TensorFlow, whose guard the tests of the course run; we had no card. On JAX and PyTorch, as we read it in Keras 3.15,
# a mask means Keras's own loop.)
#
# ## Three that run and are wrong
#
# What one sees is a result that is too bad, or too good.
#
# ### 8 · A mask lost on the way
#
# A zero does not stop the loop. An untrained LSTM reads 20 steps, and then 20 steps of zeros, without a mask and with one:

# %%
read = np.random.default_rng(1).normal(size=(8, 20, 3)).astype("float32")
padded = np.pad(read, [(0, 0), (0, 20), (0, 0)])  # (B, T, m), now 40 steps
mask = np.arange(40) < 20

# %%
changes = []
for seed in range(3):
    lstm = layers.LSTM(32, seed=seed)
    h = np.asarray(lstm(read))
    others = lstm(padded), lstm(padded, mask=np.tile(mask, (8, 1)))
    changes.append([np.linalg.norm(h - y) / np.linalg.norm(h) for y in others])
unmasked, masked = np.transpose(changes)

# %%
claim(
    "20 zeros behind 20 steps change the answer of an untrained LSTM (T = 20, 32 "
    "units, Keras's start, 3 seeds) by more than 90 %; masked they do not.",
    measured=unmasked,
    above=0.9,
    control={"with a mask": masked},
)

# %% [markdown]
# A mask travels with the data from layer to layer. Whether it arrives shows a test without a look inside: put what you suspect between
# an embedding and an LSTM, and append padding. If the mask arrives, the answer stays the same.


# %%
def arrives(between):
    keras.utils.set_random_seed(0)
    ids = keras.Input((None,), dtype="int32")
    h = layers.Embedding(10, 6, mask_zero=True)(ids)
    model = keras.Model(ids, layers.LSTM(4)(between(h)))
    short, long = np.array([[3, 1, 4]]), np.array([[3, 1, 4, 0, 0]])
    return bool(np.abs(np.asarray(model(short)) - model(long)).max() < 1e-5)


# %% [markdown] right=3
# **Predict.** Which of these loses the mask and says nothing?
#
# - `layers.Dense(6)(h)`
# - `layers.Lambda(lambda h: 2 * h)(h)`
# - the residual sum `h + layers.Dense(6)(h)`

# %% [markdown] slide="predict" minutes=2
# ## Which of these loses the mask and says nothing?
#
# - `layers.Dense(6)(h)`
# - `layers.Lambda(lambda h: 2 * h)(h)`
# - the residual sum `h + layers.Dense(6)(h)`
#
# Answer: The residual sum. Lambda loses it with a warning.
#
# Notes: The remedy is a layer: layers.Add. This is where it bites at work.


# %%
def news_of(between):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        passed = arrives(between)
    return "passed on" if passed else "LOST, with a warning" if heard else "LOST"


dense, add = layers.Dense(6), layers.Add()
residual = {
    "Dense(6)(h)": news_of(dense),
    "Lambda(...)(h)": news_of(layers.Lambda(lambda h: 2 * h)),
    "h + Dense(6)(h)": news_of(lambda h: h + dense(h)),
    "Add()([h, Dense(6)(h)])": news_of(lambda h: add([h, dense(h)])),
}
for name, news in residual.items():
    print(f"{name:24} {news}")

# %%
claim(
    "A residual sum by a plus sign loses the mask without a word, by layers.Add "
    "it passes it on; Lambda loses it with a warning.",
    identity=list(residual.values())
    == ["passed on", "LOST, with a warning", "LOST", "passed on"],
)

# %% tags=["hide-input"]
words = ["I", "grew", "up", "in", "Spain", "·", "·", "·"]
start = [("Embedding(mask_zero=True)", True, ""), ("Dense(6)", True, "passed on")]
good = [*start, ("Add()([h, ...])", True, "passed on"), ("LSTM", True, "")]
bad = [
    *start,
    ("h + ...", False, "lost, no word said"),
    ("LSTM", True, "reads padding"),
]

# %%
show(
    practice.mask_journey(words, 5, {"It arrives": good, "It is lost": bad}),
    alt="Two stacks of four layers over five words and three steps of padding. Left, "
    "an arrow carries the mask up through all layers and the padding is skipped "
    "everywhere. Right, the arrow ends at 'h + ...', and the last LSTM reads the "
    "padding as words.",
)

# %% [markdown] slide="figure" minutes=2 crop="0 2 100 9, 0 17.5 100 88.2, 0 91 100 100" alt="Two stacks of four layers over five words and three steps of padding. Left, an arrow carries the mask up through all layers. Right, it ends at the residual sum, and the last LSTM reads the padding as words."
# ## A lost mask is an error that no one reports
#
# Notes: Left it arrives, right the last LSTM reads the padding as words. The remedy: a layer in place of the plus
# sign, or the mask handed over by hand.

# %% [markdown] right=3
# ### 9 · Both ways, for a forecast
#
# `Bidirectional` runs one copy of a layer forward and another backward, and puts their outputs side by side (`merge_mode="concat"`; also
# `"sum"`, `"ave"`, `"mul"`, or `None` for a list of both). Somebody lets it say, at each step, which toss of a coin comes next.
#
# **Predict.** How large a share of new tosses does it get right?
#
# - a half
# - three quarters
# - nearly all

# %% [markdown] slide="predict" minutes=2
# ## `Bidirectional` forecasts a coin at each step. How many new tosses are right?
#
# - a half
# - three quarters
# - nearly all
#
# Answer: Nearly all: the backward half has read the next toss.
#
# Notes: Too good is a symptom, too. At the last step, the only one that counts on the day, there is nothing to read
# ahead.

# %%
coins = np.random.default_rng(0).integers(0, 2, (300, 21, 1)).astype("float32")
tosses, following = coins[:, :-1], coins[:, 1:]  # (B, T, 1), the next of each


# %%
def shares_right(layer, answers):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layer, layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.03), "binary_crossentropy")
    model.fit(tosses[:200], answers[:200], epochs=30, batch_size=20, verbose=0)
    right = (model.predict(tosses[200:], verbose=0) > 0.5) == answers[200:]
    return right.reshape(100, -1)  # for each new sequence


# %%
steps = {"return_sequences": True}
both = shares_right(layers.Bidirectional(layers.GRU(8, **steps)), following)
alone = shares_right(layers.GRU(8, **steps), following)
print(f"right, steps 1 to 19: {both[:, :-1].mean():.2f}; one way {alone.mean():.1f}")
print("at the last step below 0.65:", both[:, -1].mean() < 0.65)

# %%
show(
    practice.both_ways(["heads", "tails", "tails", "heads", "tails"], 3),
    alt="Five tosses, a row of cells that runs forward and one that runs backward. "
    "Bold: the third output is reached by tosses 1 to 3 through the forward cells and "
    "by tosses 5 to 3 through the backward cells.",
)

# %% [markdown] slide="figure" minutes=2
# ## Both ways: step 3 has read what comes after it
#
# Notes: Right for labelling a finished text. Wrong for a forecast at each step. Allowed for a forecast from a finished
# window: return_sequences=False, and the answer lies behind the window.

# %%
claim(
    "Bidirectional (GRU of 8 units, rate 0.03, Keras's start, T = 20, 1 seed) "
    "forecasts at each step over 75 % of the coins in most of 100 new sequences.",
    measured=both.mean(axis=1) > 0.75,
    above=0.5,
    over="sequences",
    control={"GRU alone": alone.mean(axis=1) > 0.75},
)

# %% [markdown]
# Nearly all: the backward half has read the next toss. At the last step, the one that counts on the day, there is nothing to read, and it guesses. So: never
# both ways with an answer **at each step** about what comes later. Both ways over a finished window, `return_sequences=False`, with an answer that lies
# behind it, is allowed: that answer is not among the inputs.

# %%
h = x[:1]  # (1, T, m)
ways = {}
for mode in ("concat", "sum", "ave", "mul", None):
    keras.utils.set_random_seed(0)
    ways[mode] = layers.Bidirectional(layers.GRU(4), merge_mode=mode)(h)
one, other = map(np.asarray, ways[None])  # forward, backward: (1, n) each

# %%
claim(
    "merge_mode puts forward and backward side by side, adds, averages or "
    "multiplies them, or gives both.",
    identity=np.allclose(ways["concat"], np.hstack([one, other]))
    and np.allclose(ways["sum"], one + other)
    and np.allclose(ways["ave"], (one + other) / 2)
    and np.allclose(ways["mul"], one * other),
)

# %% [markdown]
# `return_state=True` gives the output and then four states of an LSTM, in this order:

# %%
both = layers.Bidirectional(layers.LSTM(4, return_state=True))
y, h_forward, c_forward, h_backward, c_backward = both(x)
_, h, c = both.forward_layer(x)
_, h_last, c_last = both.backward_layer(x)  # reads from the end

# %%
claim(
    "Bidirectional gives the states h, c of the forward LSTM, then h, c of the "
    "backward one, and side by side the two h are its output.",
    identity=np.allclose(h_forward, h)
    and np.allclose(c_forward, c)
    and np.allclose(h_backward, h_last)
    and np.allclose(c_backward, c_last)
    and np.allclose(y, np.hstack([h, h_last])),
)

# %% [markdown] right=3
# ### 10 · A state that leaks
#
# With `stateful=True` row $i$ of a batch starts where row $i$ of the batch before ended. A running sum (lesson 08) reads 1 in training
# and 10 in validation; the rate is 0, so nothing is learnt.
#
# **Predict.** What is its state after `fit(..., epochs=3, validation_data=...)`?
#
# - 1
# - 3
# - 33

# %% [markdown] slide="predict" minutes=2
# ## A stateful sum reads 1 in training, 10 in validation. Its state after 3 epochs?
#
# - 1
# - 3
# - 33
#
# Answer: 33: nobody resets it, and validation runs through the same state.
#
# Notes: Each epoch starts from where validation ended. A callback with two methods mends it.

# %%
ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
memory = layers.SimpleRNN(1, activation=None, stateful=True, **ones)
model = keras.Sequential([keras.Input(batch_shape=(1, 1, 1)), memory])
model.compile(keras.optimizers.SGD(0.0), "mse")


# %%
class Reset(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        memory.reset_state()

    def on_test_begin(self, logs=None):
        memory.reset_state()


# %%
train, judge = np.full((1, 1, 1), 1.0), np.full((1, 1, 1), 10.0)


def state_after(*callbacks):
    memory.reset_state()
    data = {"validation_data": (judge, np.ones((1, 1)))}
    known = {"epochs": 3, "batch_size": 1, "shuffle": False, "callbacks": callbacks}
    model.fit(train, np.ones((1, 1)), verbose=0, **data, **known)
    return int(np.asarray(memory.states[0]).item())


leaked, mended = state_after(), state_after(Reset())
print("state after fit:", leaked, "  with Reset():", mended)

# %% tags=["hide-input"]
in_order = [["A1", "B1", "C1"], ["A2", "B2", "C2"], ["A3", "B3", "C3"]]
mixed = [["B2", "A1", "C3"], ["C1", "B3", "A2"], ["A3", "C2", "B1"]]

# %%
show(
    practice.stream_batches({"Row by row": in_order, "Shuffled": mixed}),
    alt="Three streams A, B and C in three windows each. Left, each row of the batches "
    "holds one stream, and arrows hand its state on. Right, the windows are shuffled, "
    "and each state goes to a window of another place.",
)

# %% [markdown] slide="figure" minutes=3
# ## Keras does not ask whether the windows belong together
#
# Notes: With stateful=True row i of a batch starts where row i of the batch before ended. Left it fits; right
# each state goes to a window of another place. fit shuffles unless you say shuffle=False.

# %%
claim(
    "A stateful sum has read 1 and 10 three times after fit(epochs=3), 33 "
    "together; with the callback the last 10 alone.",
    identity=(leaked, mended) == (33, 10),
)

# %% [markdown]
# A stream needs three things: windows row by row as on the left, `shuffle=False` (`fit` shuffles by default), and this callback.
#
# ## Who passes a mask on?
#
# Program 8 asks for a rule. A layer that keeps the steps says it itself: `supports_masking`. Here it stands beside what `arrives` measures.


# %%
class Twice(layers.Layer):
    def call(self, h):
        return 2 * h


class TwiceTold(Twice):
    supports_masking = True  # one line, for a layer that treats each step by itself


between = {
    "LSTM(6, return_sequences=True)": layers.LSTM(6, return_sequences=True),
    "Dense": layers.Dense(6),
    "Dropout": layers.Dropout(0.3),
    "LayerNormalization": layers.LayerNormalization(),
    "Conv1D": layers.Conv1D(6, 1),
    "Reshape": layers.Reshape((-1, 6)),
    "Lambda": layers.Lambda(lambda h: 2 * h),
    "Layer of your own": Twice(),
    "the same, told": TwiceTold(),
}

# %%
rule = {name: layer.supports_masking for name, layer in between.items()}
found = {name: news_of(layer) for name, layer in between.items()}
for name in between:
    print(f"{name:31} supports_masking={rule[name]!s:5} {found[name]}")

# %% [markdown] slide="output" minutes=2 lines="1-8"
# ## `supports_masking` says who passes a mask on
#
# Notes: Conv1D, Reshape, Lambda and a layer of your own lose it with a warning; arithmetic and keras.ops lose it in
# silence. A layer of your own passes it with one line.

# %%
silent = [news_of(ops.relu), news_of(lambda h: h + h), news_of(lambda h: h[:, ::1])]
print("ops.relu(h), h + h, h[:, ::1]:", silent)

# %%
claim(
    "Each of these nine layers keeps the steps, and passes a mask on if its "
    "supports_masking is True, else it warns; arithmetic, slices and keras.ops lose "
    "it without a word.",
    identity=all((found[name] == "passed on") == rule[name] for name in between)
    and all(found[name].endswith("warning") for name in between if not rule[name])
    and set(silent) == {"LOST"},
)

# %% [markdown]
# The tests of the course try the rule on all layers of Keras that keep the steps. (Others, such as `LSTM(4)`, have no steps to mask, whatever they say; the last word is `compute_mask`.) The rule says
# nothing of what a layer does: `Conv1D(6, 1)` and this `Lambda` treat each step by itself, and lose the mask. Where no layer helps, hand the mask over: `layers.LSTM(4)(h, mask=embedding.compute_mask(ids))`. A mask that arrives at the end reaches the loss as well: padded steps do not count.
#
# Numbers have no word 0. `Masking(value)` takes a step for padding if **all** its channels have the value, so choose one that no measurement can take.

# %%
rain = np.array([[[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]]])  # (B, T, m); a dry hour first
for value in (0.0, -9.0):
    print(value, np.asarray(layers.Masking(value).compute_mask(rain))[0])

# %% [markdown]
# ## Sentences in batches
#
# Padding costs: every sentence is as long as the longest of its batch. `tf.data` pads batch by batch, and can put sentences of like length together.

# %%
lengths = np.random.default_rng(0).geometric(0.1, 2000).clip(1, 60)
stream = tf.data.Dataset.from_generator(
    lambda: (np.ones(n, "int32") for n in lengths),
    output_signature=tf.TensorSpec((None,), tf.int32),
)
batches = {
    "all as long as the longest": [np.zeros((len(lengths), lengths.max()))],
    "padded_batch": stream.padded_batch(50),
    "bucket_by_sequence_length": stream.bucket_by_sequence_length(
        lambda words: tf.shape(words)[0], [5, 10, 20, 40], [50] * 5
    ),
}
wasted = {}
for name, parts in batches.items():
    steps = sum(np.prod(part.shape) for part in parts)
    wasted[name] = 1 - lengths.sum() / steps
    print(f"{name:27} {wasted[name]:.0%} of the steps are padding")

# %%
claim(
    "Of 2,000 sentences of 1 to 60 words most steps are padding when all are "
    "padded to the longest, and less than a third when they are bucketed by "
    "length.",
    identity=wasted["all as long as the longest"] > 0.5
    and wasted["bucket_by_sequence_length"] < 1 / 3,
)

# %% [markdown]
# A bucket's bounds are its lengths: up to 4, 5 to 9, and so on. A long series is cut into windows by `timeseries_dataset_from_array`. `targets[i]` belongs to the
# window that **starts** at $i$: shift them by the length of the window, or the network learns to say what it has just read.

# %%
series = np.arange(10.0)
windows = keras.utils.timeseries_dataset_from_array(
    series, targets=series[3:], sequence_length=3, batch_size=2
)
first, target = next(iter(windows))
print(first.numpy().tolist(), "->", target.numpy().tolist())

# %%
claim(
    "timeseries_dataset_from_array pairs the window that starts at step i with "
    "targets[i]: shifted by its length, with the step behind it.",
    identity=first.numpy().tolist() == [[0, 1, 2], [1, 2, 3]]
    and target.numpy().tolist() == [3, 4],
)

# %% [markdown]
# ## From one sequence to another
#
# So far one answer for a sequence, or one at each step. A translation has a length of its own. An **encoder** reads the sentence and hands over
# its state; a **decoder** starts from it and writes, letter by letter, and reads the letter it wrote before. Here is a translator of dates.

# %%
LETTERS = " 0123456789abcdefghijklmnopqrstuvwxyz"  # ids from 1; 0 is padding


def ids(text):
    return [LETTERS.index(letter) + 1 for letter in text]


def text(row):
    return "".join(LETTERS[k - 1] for k in row)


def dates(days, rng):
    said, meant = [], []
    for number in days:
        day = datetime.date(1990, 1, 1) + datetime.timedelta(days=int(number))
        form = ("%d %b %y", "%b %d %y")[rng.integers(2)]
        said.append(ids(day.strftime(form).lower()))
        meant.append(ids(day.strftime("%y%m%d")))
    return np.array(said), np.array(meant)  # (B, 9) and (B, 6)


# %%
rng = np.random.default_rng(0)
days = rng.permutation(40 * 365)  # none of the new days is known
said, meant = dates(days[:4000], rng)
new_said, new_meant = dates(days[4000:4300], rng)
print(text(new_said[0]), "->", text(new_meant[0]))

# %%
keras.utils.set_random_seed(0)
letters = layers.Embedding(len(LETTERS) + 1, 16)
encoder = layers.GRU(64, return_state=True, unroll=True)
decoder = layers.GRU(64, return_sequences=True, return_state=True, unroll=True)
head = layers.Dense(len(LETTERS) + 1, activation="softmax")

# %%
source, before = keras.Input((9,)), keras.Input((6,))
_, state = encoder(letters(source))  # (B, n)
y, _ = decoder(letters(before), initial_state=state)  # (B, 6, n)
translator = keras.Model([source, before], head(y))

# %% [markdown]
# In training the decoder reads the **right** letter before (teacher forcing). Later there is none, and it reads its own, step by step, with the same layers.
# (`unroll=True`, lesson 08, suits short sequences of one length.)

# %%
translator.compile(
    keras.optimizers.Adam(0.01, clipnorm=1.0), "sparse_categorical_crossentropy"
)
shifted = np.pad(meant[:, :-1], [(0, 0), (1, 0)])  # the letter before each; 0 at first
history = translator.fit([said, shifted], meant, batch_size=50, epochs=10, verbose=0)


# %%
def translate(said, handed_over=1):
    _, state = encoder(letters(said))
    state = state * handed_over
    letter, written = np.zeros((len(said), 1)), []
    for _ in range(6):
        y, state = decoder(letters(letter), initial_state=state)
        letter = np.asarray(head(y)).argmax(axis=-1)  # (B, 1): the likeliest
        written.append(letter)
    return np.concatenate(written, axis=1)


written = translate(new_said)
for row in range(3):
    print(text(new_said[row]), "->", text(written[row]))

# %% [markdown] slide="output" minutes=3
# ## A decoder starts from a state, and reads what it wrote
#
# Notes: New dates. In training it read the right letter before; now it has only its own. All it knows of the date are the
# 64 numbers of the encoder's last state. Let two people play it.

# %%
right = (written == new_meant).all(axis=1)
without = (translate(new_said, handed_over=0) == new_meant).all(axis=1)
forced = np.asarray(translator([new_said, np.pad(written[:, :-1], [(0, 0), (1, 0)])]))

# %%
claim(
    "Of 300 new dates the translator (two GRUs of 64 units, T = 9, rate 0.01, "
    "Keras's start, 1 seed) writes nine in ten to the last letter, and none "
    "without the state.",
    measured=right,
    above=0.9,
    over="dates",
    control={"a decoder that starts from zeros": without},
)
claim(
    "Step by step, from state to state, the decoder writes what it writes in one "
    "go when it reads the same letters.",
    identity=np.array_equal(forced.argmax(axis=-1), written),
)

# %% [markdown]
# Here all dates have nine letters. A padded source needs the mask: then the encoder hands over its state at the last **real** letter, and not what the zeros left of it.

# %%
padded = np.pad(new_said, [(0, 0), (0, 3)])  # (B, 12), three zeros behind
state = np.asarray(encoder(letters(new_said))[1])
handed = [encoder(letters(padded), mask=mask)[1] for mask in (padded > 0, None)]
as_read = [np.allclose(state, one, atol=1e-5) for one in handed]
print("the state of the last letter: with the mask", as_read[0], " without", as_read[1])

# %%
claim(
    "With the mask a padded source hands over the state of its last real letter, "
    "without it another one.",
    identity=as_read == [True, False],
)

# %% [markdown] right=1
# On the other side, padded letters of the answer must not count in the loss: `keras.losses.SparseCategoricalCrossentropy(ignore_class=0)`. (0 is our decoder's start as well:
# no harm as long as `letters` makes no mask. With `mask_zero=True` give the start an id of its own.)
#
# All that the decoder knows of the date are 64 numbers. In lesson 11 a network looks back at the words instead.
#
# ## A cell of your own
#
# `keras.layers.RNN(cell)` is the loop without the cell. A cell is a layer that says how large its state is (`state_size`; with two states a list, `[6, 6]` in `LSTMCell(6)`), and how one step goes:
# from an input and a list of states to an output and a list of new states. (`add_weight` draws by `glorot_uniform`, if nothing is said.) Here is a GRU without its reset gate:
#
# $$z = \sigma(x W_z + h_\text{prev} U_z + b_z) \qquad g = \tanh(x W_g + h_\text{prev} U_g + b_g) \qquad h = z\, h_\text{prev} + (1 - z)\, g$$
#
# **Predict.** Nothing in it speaks of masks. Will `RNN(GatedCell(4))` respect one?
#
# - yes
# - no
# - it is an error


# %% tags=["whole-class"]
@keras.saving.register_keras_serializable(package="carousel")
class GatedCell(layers.Layer):
    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, shape):
        sizes = (shape[-1], 2 * self.units), (self.units, 2 * self.units)
        self.W, self.U = (self.add_weight(shape=size) for size in sizes)
        self.b = self.add_weight(shape=(2 * self.units,), initializer="zeros")

    def call(self, x, states):
        h_prev = states[0]
        a_z, a_g = ops.split(x @ self.W + h_prev @ self.U + self.b, 2, axis=1)
        z = ops.sigmoid(a_z)
        h = z * h_prev + (1 - z) * ops.tanh(a_g)
        return h, [h]


# %%
def numpy_loop(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        a_z, a_g = np.split(x[:, t] @ W + h @ U + b, 2, axis=1)
        z = 1 / (1 + np.exp(-a_z))
        h = z * h + (1 - z) * np.tanh(a_g)
        states.append(h)
    return np.stack(states, axis=1)  # (B, T, n)


own = layers.RNN(GatedCell(4), return_sequences=True)
by_keras, by_loop = np.asarray(own(x)), numpy_loop(x, *own.get_weights())
mask = np.array([[True] * 5, [True] * 3 + [False] * 2])
masked = np.asarray(own(x, mask=mask))
print(
    "the masked row after step 3 stands still:",
    np.ptp(masked[1, 2:], axis=0).max() == 0,
)

# %% [markdown] slide="predict" minutes=2
# ## Our own cell says nothing of masks. Does `RNN(cell)` respect one?
#
# - yes
# - no
# - it is an error
#
# Answer: Yes: masks belong to the loop.
#
# Notes: A cell is one step: from an input and a list of states to an output and new states. Masks,
# return_sequences, stateful and Bidirectional it gets for nothing.

# %%
first, second = GatedCell(4), layers.LSTMCell(6)
in_one_loop = np.asarray(layers.RNN([first, second])(x))
in_two = layers.RNN(second)(layers.RNN(first, return_sequences=True)(x))
reloaded = saved_and_loaded(GatedCell(4))

# %%
claim(
    "RNN(GatedCell) equals the NumPy loop, keeps its state at masked steps, and "
    "comes back from a file.",
    identity=np.allclose(by_keras, by_loop, atol=1e-5)
    and np.ptp(masked[1, 2:], axis=0).max() == 0
    and reloaded,
)
claim(
    "RNN([cell, cell]), one loop over a stack of cells, gives what two layers give.",
    identity=np.allclose(in_one_loop, in_two, atol=1e-5),
)

# %% [markdown]
# Yes: masks, `return_sequences`, `stateful` and `Bidirectional` belong to the loop, and a file keeps `units` without a `get_config` (program 6). `RNN([cell, cell])` is `StackedRNNCells`: one loop, the cells on top of each other, and on a card
# none of them in cuDNN.
#
# ## A training step of your own
#
# Where `fit` hides too much, replace its inside. This one reports the length of the gradient of all weights, which tells of an explosion (of vanishing it does not: the last steps keep it long):


# %%
class Watched(keras.Model):
    def train_step(self, data):
        x, target, weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y = self(x, training=True)
            loss = self.compute_loss(x, target, y, weight)
            scaled = self.optimizer.scale_loss(loss)  # for 16 bits, see below
        gradients = tape.gradient(scaled, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        self.metrics[0].update_state(loss, tf.shape(x)[0])  # fit's mean of the loss
        told = self.compute_metrics(x, target, y, weight)
        return told | {"gradient": tf.linalg.global_norm(gradients)}


# %%
def trained(kind):
    keras.utils.set_random_seed(0)
    start = keras.Input((None, 3))
    model = kind(start, layers.Dense(1)(layers.LSTM(4)(start)))
    model.compile("adam", "mse")
    told = model.fit(x, np.ones((2, 1)), epochs=3, verbose=0).history
    return told, model.get_weights()


plain, watched = trained(keras.Model), trained(Watched)
print("fit reports:", sorted(watched[0]))

# %%
claim(
    "fit with a train_step of our own ends at the weights of the usual one, and "
    "reports the length of the gradient, too.",
    identity=all(map(np.allclose, plain[1], watched[1]))
    and sorted(watched[0]) == ["gradient", "loss"],
)

# %% [markdown]
# `fit` keeps its batches, callbacks, metrics and validation; the length is that of the last batch (with 16 bits, of the scaled loss). The tape is TensorFlow's; on PyTorch the step calls `loss.backward()`, on JAX it is a function without side effects.
#
# ## Sixteen bits
#
# A card multiplies numbers of 16 bits faster. `keras.config.set_dtype_policy("mixed_float16")`, before the layers are made, makes all of them compute so; `dtype=` does it for
# one. The weights keep 32 bits. But the smallest float16 above 0 is 6e-8, and gradients are often smaller:

# %%
gradient = np.float32(1e-8)
print("as float16:", np.float16(gradient), " scaled:", np.float16(gradient * 2**15))

# %% tags=["hide-input"]
half = layers.LSTM(4, dtype="mixed_float16")
half.build((None, None, 3))
print("the LSTM computes with", half.compute_dtype, "and keeps", half.variable_dtype)

optimizers = []
for policy in ("float32", "mixed_float16"):
    keras.config.set_dtype_policy(policy)
    model = keras.Sequential([layers.Dense(1, dtype="mixed_float16")])
    model.compile("adam", "mse")
    optimizers.append(type(model.optimizer).__name__)
keras.config.set_dtype_policy("float32")
print("optimizer if a layer has dtype=:", optimizers[0])
print("optimizer if the policy is set for all:", optimizers[1])

# %%
claim(
    "An LSTM with mixed_float16 computes with float16 and keeps float32; a "
    "gradient of 1e-8 is 0 there unless it is scaled; compile scales the loss if "
    "the policy is set, and not for the dtype of a layer.",
    identity=(half.compute_dtype, half.variable_dtype) == ("float16", "float32")
    and np.float16(gradient) == 0 < np.float16(gradient * 2**15)
    and optimizers == ["Adam", "LossScaleOptimizer"],
)

# %% [markdown]
# Make the last layer `Dense(..., dtype="float32")`, so that probabilities are not rounded. `"mixed_bfloat16"` has the range of float32 and needs no scaling. On a processor all this gains nothing, and
# we had no card to measure what it gains there.
#
# ## Out of Keras: ONNX
#
# A program in another language can run the network as a file in the ONNX format. That takes three packages more, `pip install onnx onnxruntime tf2onnx`, so these lines are not run here; the tests
# of the course run them where the packages are.
#
# ```python
# import onnxruntime
#
# model = keras.Sequential([keras.Input((None, 3)), layers.LSTM(4), layers.Dense(1)])
# expected = model.predict(x, verbose=0)
# model.export("model.onnx", format="onnx", verbose=False)
# session = onnxruntime.InferenceSession("model.onnx")
# [y] = session.run(None, {session.get_inputs()[0].name: x})
# print(np.abs(y - expected).max() < 1e-5)
# ```
#
# It prints `True`. Batch and steps stay free. An LSTM becomes one ONNX operation, `LSTM`; a GRU or a SimpleRNN becomes a `Loop` with the step inside, which gives the same. `model.predict` first: an unbuilt or never called network cannot be exported.
#
# ## Which layer for which problem
#
# | your problem | layer and arguments | shown in |
# |---|---|---|
# | one answer for a sequence | `GRU(n)` or `LSTM(n)`, then `Dense` | 07, *The tuned fight* |
# | an answer at each step | `return_sequences=True`, then `Dense` | 08, *A network, from data to file* |
# | several layers | `return_sequences=True` in all but the last | here, *3 · A layer on a layer* |
# | label each word of a finished text | `Bidirectional(..., return_sequences=True)` | here, *9 · Both ways* |
# | a forecast at each step | one direction, never `Bidirectional` | here, *9 · Both ways* |
# | one sequence into another | encoder and decoder, `return_state`, `initial_state` | here, *From one sequence to another* |
# | sequences of different length | padded behind, a mask, batches by length | here, *Sentences in batches* |
# | a mask and a card | `padding="post"`, or `use_cudnn=False` | here, *7 · Padding on the left* |
# | a residual sum | `layers.Add()` | here, *8 · A mask lost* |
# | a layer of your own, and a mask | `supports_masking = True` | here, *Who passes a mask on?* |
# | windows of a long series | `timeseries_dataset_from_array`, targets shifted | here, *Sentences in batches* |
# | a stream without an end | `stateful=True`, `shuffle=False`, a reset callback | here, *10 · A state that leaks* |
# | a count without bounds | `LSTM` rather than `GRU` | 06, *What it gave up* |
# | the clue is far back | a forget bias of about 2; more if little text stands before it | 03, *Does it matter for learning?* |
# | weights from old Keras or a paper | `GRU(reset_after=False)` | 06, *Two cells by one name* |
# | an equation nobody has | `RNN(cell)`, registered | here, *A cell of your own* |
# | a cell made with a function | `get_config` and `from_config` | here, *6 · A cell* |

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write `GatedCell`, and let it name the largest of a row of digits, padded behind to one length: once without a mask,
# once with. Append 20 zeros and see what changes; save the network and load it. Keras and NumPy are all you need.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - Read what counts in Keras's message. Three axes, sequences between layers, two states for an LSTM.
# - A file holds weights and configuration, not code: register the class. Numbers and texts it was made with are kept, a function needs `get_config`.
# - Pad behind, mask, and put sentences of like length together. On a card a mask must be right-padded.
# - `supports_masking` says which layer that keeps the steps passes a mask on; arithmetic loses it in silence.
# - Both ways never for a forecast at each step: a result that is too good is a symptom.
# - A state goes from row to row, through validation and from epoch to epoch. Windows in order, no shuffling, a reset.
# - An encoder hands its state to a decoder, which reads what it wrote.
# - A cell is one step; `RNN` gives it the loop, masks, states, both directions.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/09_keras_in_practice.ipynb) has 5 tasks, from a mask for padding to a program
# that takes a dry hour for padding.
#
# Then [lesson 10](10_real_sequences.ipynb) takes these layers to real data: names, weather and text.
#
# To try on your own: in program 9, take `return_sequences=False` and let it forecast the toss behind the window. Predict the accuracy first.

# %% [markdown] slide="words" minutes=2
# ## The dangerous mistakes run
#
# - A mask lost at a plus sign
# - Both ways for a forecast
# - A state that nobody reset
#
# Notes: Errors are the friendly failures. Now the ten programs of the lesson, in pairs: predict, run, read,
# mend.
