# %% [markdown]
# # 08 · Keras, argument by argument
#
# You have written the three cells yourself. In practice you will write `keras.layers.LSTM(64, ...)`, and behind the dots
# stand more than twenty arguments. Here each of them gets a few lines of code that show what it does to the equations you
# know. Some do not do what their name says, and one does nothing at all.
#
# ## What you will learn
#
# - What every argument of `SimpleRNN`, `LSTM` and `GRU` changes: the equations, the start, the training, or only what comes out.
# - To ask Keras itself, with experiments of two to six lines, when a name or a documentation is not enough.
# - The traps: penalties that count twice, matrices that are not orthogonal, outputs in reversed order.
# - What an old post or an old model means today: from Keras 2 to Keras 3.
#
# ## What you need
#
# Lessons 01, 04 and 06: the loop, the LSTM and the GRU.
#
# **Time.** About 90 minutes; its cells run in 20 s. You can read it in two sittings, with a break before *Dropout*.

# %% tags=["setup"]
import inspect

import numpy as np

from course_utils import cells
from course_utils.claims import claim
from course_utils.keras_bridge import keras, tf
from course_utils.plots import show
from course_utils.plots.arguments import (
    arguments_map,
    dropout_masks,
    reading_order,
    singular_values,
)

layers = keras.layers
keras.utils.set_random_seed(0)
tf.get_logger().setLevel("ERROR")
rng = np.random.default_rng(0)
x = rng.normal(size=(2, 5, 3)).astype("float32")  # 2 sequences, 5 steps, 3 inputs

# %% [markdown]
# ## A map
#
# **Question.** How many arguments are there, and how many of them are about the equations at all?

# %% [markdown] slide="question" minutes=2
# ## How many arguments does an LSTM have, and how many are about its equations?
#
# Most arguments change the start, the training, or only what comes out.
#
# Notes: Let them guess two numbers. Then count on the next slide. Of the 27 in all three layers only four
# change an equation.

# %%
kinds = ("SimpleRNN", "LSTM", "GRU")
named = {
    kind: list(inspect.signature(getattr(layers, kind)).parameters) for kind in kinds
}
for kind in kinds:
    print(f"{kind:9} {len(named[kind]) - 1} arguments")  # the last is **kwargs
print("different ones:", len(set().union(*named.values()) - {"kwargs"}))

# %% [markdown] slide="output" minutes=2
# ## Twenty-five names, and four of them change an equation
#
# Notes: activation, recurrent_activation, use_bias, reset_after. Two more go in through kwargs, where no
# signature shows them.

# %% [markdown]
# Twenty-five with a name. Two more go in through `**kwargs`, where no signature shows them. (What a call takes, and what every
# layer of Keras takes, come after these.) Only four of the 27 change an equation: `activation`, `recurrent_activation`,
# `use_bias` and `reset_after`. The others decide how weights start and what they cost, what is dropped, what comes out. This is where they act:

# %%
show(
    arguments_map(),
    alt="Three steps of a recurrent layer, the middle cell opened. Arguments that "
    "begin with kernel stand at W, with recurrent at U, with bias at b. dropout sits "
    "on the way of x into the cell, recurrent_dropout on that of the old state to U. "
    "activation is at tanh and sigma. return_sequences spans the outputs, return_state "
    "is at the last state, stateful leads from the end to the start.",
)

# %% [markdown] slide="figure" minutes=3 crop="22 23 80 78.4" alt="Inside the cell: kernel names stand at W, recurrent names at U, bias names at b; each begins, costs and is limited by its own argument. activation and recurrent_activation stand at the end."
# ## A name says where, then what
#
# Notes: kernel is W, recurrent is U, bias is b. Then: how it starts, what it costs, how large it may be. Do
# not read the figure out; let them find three arguments they have used.

# %% [markdown]
# Most of the names are made of two parts. The first says *where*: `kernel` is $W$, `recurrent` is $U$, `bias` is $b$. The second says
# *what*: how it starts, what it costs, how large it may be.
#
# We go through them in the order of the signature. Three small tools first. `built` gives a layer random weights, biases
# too, as zeros would hide mistakes. `in_numpy` is the course's own cell with Keras's weights. `outcome` tries something.


# %%
def built(layer):
    layer.build(x.shape)
    layer.set_weights([rng.normal(0, 0.5, w.shape) for w in layer.get_weights()])
    return layer


def in_numpy(layer, **options):
    cell = getattr(cells, type(layer).__name__)(layer.units, **options)
    cell.set_weights(layer.get_weights())
    return cell


# %%
def same(one, other):
    return bool(np.allclose(one, other, atol=1e-5))


def outcome(attempt, *inputs, **arguments):
    try:
        attempt(*inputs, **arguments)
        return "works"
    except Exception as error:
        return type(error).__name__


# %% [markdown]
# ## The equations
#
# The first four arguments write the cell down: how wide it is, and which functions stand in it.
#
# ### `units`
#
# $n$: the numbers in the state $h$, and in $c$ of the LSTM.
#
# **Predict.** `LSTM(4)` reads sequences of 5 steps with 3 inputs. How many weights does it have: 4, 60 or 128?

# %%
for kind in kinds:
    layer = getattr(layers, kind)(4)
    layer.build(x.shape)
    shapes = [w.shape for w in layer.get_weights()]
    print(f"{kind:9} {layer.count_params():3} weights: {shapes}")

# %% [markdown]
# 128: four blocks, each with $3 \cdot 4$ weights in $W$, $4 \cdot 4$ in $U$ and 4 biases. The 5 steps appear nowhere.

# %%
layer = layers.LSTM(4)
outputs = layer(x), layer(np.zeros((2, 500, 3)))
claim(
    "The same LSTM(4) with its 128 weights reads 5 steps and 500.",
    layer.count_params() == 128 and outputs[0].shape == outputs[1].shape == (2, 4),
)

# %% [markdown]
# > **Trap.** Drawings of an unrolled network show a row of boxes. `units` is not the number of boxes; there is one box, used
# > again and again, and `units` is how much fits into it.
#
# ### `activation`
#
# The function that squashes the candidate. In the SimpleRNN it is the only one there is. The LSTM has tanh twice:
# $g = \tanh(a_g)$ and $h = o \cdot \tanh(c)$.
#
# **Predict.** `LSTM(4, activation="relu")`: which of the two tanh goes, the first, the second, or both?

# %% [markdown] slide="predict" minutes=2
# ## `LSTM(4, activation="relu")`: which tanh goes?
#
# - that of the candidate
# - that of the cell state
# - both
#
# Answer: Both. There is no argument for one of them.
#
# Notes: And recurrent_activation is not the activation of the recurrent part: it squashes the gates.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def relu(a):
    return np.maximum(a, 0)


# %%
layer = built(layers.LSTM(4, activation="relu"))
W, _, b = layer.get_weights()
by_keras = layer(x[:, :1])  # one step, so that U has no say
a_i, _, a_g, a_o = np.split(x[:, 0] @ W + b, 4, axis=1)
for first, second in ((relu, np.tanh), (np.tanh, relu), (relu, relu)):
    h = sigmoid(a_o) * second(sigmoid(a_i) * first(a_g))
    print(f"g by {first.__name__}, c by {second.__name__}: {same(h, by_keras)}")

# %% [markdown]
# Both. There is no argument for one of them.

# %%
claim(
    "LSTM(activation='relu') replaces both tanh, that of the candidate and that of the "
    "cell state.",
    same(h, by_keras),
)

# %%
large = [
    np.abs(built(layers.LSTM(4, activation=a))(10 * x)).max() for a in ("tanh", None)
]
claim(
    "With inputs of size 10, h stays below 1 with tanh and passes 1 with "
    "activation=None.",
    bool(large[0] <= 1 < large[1]),
)

# %% [markdown]
# > **Trap.** `None` is not "the default", it is *no* squashing. And tanh is what keeps $h$ between −1 and 1: a ReLU network needs a careful
# > start like the one in lesson 03, and clipping.
#
# ### `recurrent_activation`
#
# The function that squashes the gates. (LSTM and GRU; the SimpleRNN has none.) Old code often has `"hard_sigmoid"` here, a
# straight line with two bends. In Keras 2 the line was $0.2 a + 0.5$.
#
# **Predict.** In Keras 2 the gate was fully open at $a = 2.5$. And today?

# %%
a = np.array([0, 1, 2.5, 3], "float32")
print("sigmoid              ", np.round(sigmoid(a), 2))
print("hard_sigmoid, Keras 2", np.round(np.clip(0.2 * a + 0.5, 0, 1), 2))
print("hard_sigmoid, today  ", np.round(keras.activations.hard_sigmoid(a), 2))

# %% [markdown]
# Not yet: today's line is $a/6 + 0.5$ and arrives at 3. So the weights of an old network with hard gates give other numbers now.

# %%
layer = built(layers.LSTM(4, recurrent_activation="hard_sigmoid"))
W, _, b = layer.get_weights()
i, _, g, o = np.split(x[:, 0] @ W + b, 4, axis=1)
hard = [np.clip(v / 6 + 0.5, 0, 1) for v in (i, o)]

# %%
claim(
    "Today's hard_sigmoid is a/6 + 1/2 between 0 and 1, and it squashes the gates from "
    "the first step on.",
    same(hard[1] * np.tanh(hard[0] * np.tanh(g)), layer(x[:, :1])),
)

# %% [markdown]
# > **Trap.** The name. It is not the activation of the recurrent part $h_\text{prev} U$. It acts on the gates' whole sum, $x W + h_\text{prev} U + b$:
# > above, in a first step, there was no $h_\text{prev}$ at all.
#
# ### `use_bias`
#
# Whether there is a $b$. To see what leaves with it, we let an LSTM rest: no input, no $h$, and 1 in every $c$.
# After one step, $c$ is then just the forget gate.


# %%
def forget_gate(**arguments):
    layer = layers.LSTM(4, return_state=True, **arguments)
    start = [np.zeros((1, 4)), np.ones((1, 4))]  # h and c
    _, _, c = layer(np.zeros((1, 1, 3)), initial_state=start)
    return round(float(c[0, 0]), 2)


# %% [markdown]
# **Predict.** With a bias, $f$ is 0.73. And with `use_bias=False`: 0.73, 0.5 or 0?

# %% [markdown] slide="predict" minutes=2
# ## `use_bias=False`: where does the forget gate rest?
#
# - 0.73
# - 0.5
# - 0
#
# Answer: 0.5: the forget bias of 1 went with the rest.
#
# Notes: A time scale of 2 steps instead of 3.7, and nobody said so. Leave the bias on.

# %%
f = {use_bias: forget_gate(use_bias=use_bias) for use_bias in (True, False)}
print(f)
claim(
    "Without a bias the resting forget gate is 0.5, and with it 0.73.",
    f == {True: 0.73, False: 0.5},
)

# %% [markdown]
# $\sigma(0) = 0.5$. The forget bias of 1 went with the rest of $b$, and nobody said so.
#
# > **Trap.** A time scale of $1/(1-f)$, lesson 05: 2 steps instead of 3.7. Leave the bias on.
#
# ## How the weights start
#
# A network that has learnt nothing is all initialisers. Lessons 03 and 05 were about how much they decide.
#
# ### `kernel_initializer`
#
# How $W$ is drawn. The default, `"glorot_uniform"`, draws evenly between $\pm\sqrt{6/(\text{rows} + \text{columns})}$.
#
# **Predict.** 64 inputs, 64 units. For one gate, a matrix of 64 by 64, the limit would be 0.217. How large is the largest weight of an
# LSTM's $W$: about 0.22, or about 0.14?


# %%
def weights(kind, **arguments):
    layer = getattr(layers, kind)(64, **arguments)
    layer.build((None, None, 64))
    return layer.get_weights()


# %%
largest = {kind: np.abs(weights(kind)[0]).max() for kind in kinds}
for kind in kinds:
    print(f"{kind:9} {largest[kind]:.3f}")

# %% [markdown]
# 0.14. Keras keeps the four gates side by side in one **fused** matrix of 64 by 256, and that is what it draws.

# %%
fused = {"SimpleRNN": 64, "LSTM": 4 * 64, "GRU": 3 * 64}
limits = [np.sqrt(6 / (64 + fused[kind])) for kind in kinds]
claim(
    "The largest weight of W is within 1 % of the Glorot limit of the fused matrix, "
    "for all three layers.",
    np.allclose(list(largest.values()), limits, rtol=0.01),
)

# %% [markdown]
# > **Trap.** The more gates a cell has, the smaller its weights start. A gate of the LSTM begins with 0.63 times the weights that
# > the formula means for it.
#
# ### `recurrent_initializer`
#
# How $U$ is drawn. `"orthogonal"` makes a matrix that changes no length. All its **singular values**, the factors by which
# it stretches the directions of space, are 1. That was the good start of the plain RNN in lesson 03.
#
# **Predict.** And the four blocks of an LSTM's $U$, one for each gate: are their singular values all 1, all ½, or spread between 0 and 1?

# %%
U = weights("LSTM")[1]
blocks = {f"LSTM {gate}": block for gate, block in zip("ifgo", np.split(U, 4, axis=1))}
blocks = {"RNN": weights("SimpleRNN")[1], **blocks}

# %%
show(
    singular_values(blocks),
    alt="Singular values of recurrent blocks with 64 units, a column of lines for "
    "each. Those of the plain RNN all lie at 1. Those of the LSTM's four gates are "
    "spread from nearly 0 to about 0.87.",
)

# %% [markdown] slide="figure" minutes=3
# ## "Orthogonal" holds for the fused matrix, not for a gate
#
# Notes: Keras keeps the four gates side by side in one matrix and draws that. A quarter of an orthogonal
# matrix is not orthogonal. The plain RNN, left, has what the name promises.

# %% [markdown]
# Spread. Again the fused matrix is what was drawn: its 64 rows, each 256 long, are orthonormal. A gate gets a quarter of each row,
# and a quarter of an orthogonal matrix is not orthogonal. Some directions of $h$ nearly vanish on their way into a gate.

# %%
values = {name: np.linalg.svd(block)[1] for name, block in blocks.items()}
gates = np.array([values[f"LSTM {gate}"] for gate in "ifgo"])
claim("The fused U of the LSTM has orthonormal rows.", same(U @ U.T, np.eye(64)))
claim("The plain RNN's U has singular values of 1.", same(values["RNN"], 1))

# %%
claim(
    "In each of the LSTM's four blocks they reach from below 0.1 to above 0.75, and "
    "none is 1 (64 units).",
    bool(
        np.all(gates.min(axis=1) < 0.1)
        and np.all(gates.max(axis=1) > 0.75)
        and gates.max() < 0.95
    ),
)

# %% [markdown]
# An initialiser may be any function of a shape. This one draws gate by gate, and then each block has singular values of 1:


# %%
def gate_by_gate(shape, dtype=None):
    n, columns = shape
    draw = keras.initializers.Orthogonal()
    return keras.ops.concatenate([draw((n, n)) for _ in range(columns // n)], axis=1)


# %%
U = weights("LSTM", recurrent_initializer=gate_by_gate)[1]
claim(
    "Drawn gate by gate, each block of U is orthogonal.",
    all(same(block @ block.T, np.eye(64)) for block in np.split(U, 4, axis=1)),
)

# %%
ones = weights("LSTM", recurrent_initializer="identity")[1].sum(axis=0)
claim(
    "recurrent_initializer='identity' gives the LSTM one identity, in the input gate, "
    "and zeros elsewhere.",
    bool(np.all(ones[:64] == 1) and np.all(ones[64:] == 0)),
)

# %% [markdown]
# > **Trap.** Whatever you choose, it is applied to the fused matrix. `"identity"` reaches one gate of four.
#
# ### `bias_initializer`
#
# How $b$ starts; by default with zeros. In lesson 05 a wider gate at the start made long memories possible. In the GRU the gate
# that keeps is $z$.
#
# **Predict.** `GRU(4, bias_initializer=Constant(2))`, no input: is $z$ at the first step $\sigma(2) = 0.88$, or more?

# %%
layer = layers.GRU(4, bias_initializer=keras.initializers.Constant(2.0))
layer.build(x.shape)
cell = in_numpy(layer)
cell(np.zeros((1, 1, 3)))
z = cell.trace()["z"]
print("bias", layer.get_weights()[2].shape, f"  z = {z.max():.2f}")

# %% [markdown]
# More: 0.98, which is $\sigma(4)$. The GRU of Keras has two biases in each block (lesson 06), both are drawn, and in $z$ they are added.

# %%
claim(
    "With bias_initializer=Constant(2), z of the default GRU starts at sigmoid(4).",
    same(z, sigmoid(4)),
)

# %% [markdown]
# > **Trap.** What you set counts twice in the GRU. And it is set in all blocks: here in the candidate too, which is now nearly saturated.
#
# ### `unit_forget_bias`
#
# Opens the forget gate at the start (LSTM only, on by default). Keras's own documentation says that it *adds 1* and
# *forces* the other biases to zero.
#
# **Predict.** With `bias_initializer=Constant(0.5)`, is the forget bias 1 or 1.5? Are the others 0.5 or 0?

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
layer = layers.LSTM(4, bias_initializer=keras.initializers.Constant(0.5))
layer.build(x.shape)
bias = layer.get_weights()[2].reshape(4, 4)
for gate, row in zip("ifgo", bias):
    print(gate, row)

# %% [markdown]
# Neither sentence is true. The forget block is **set** to 1, whatever the initialiser says, and the others are left alone. So you cannot open the
# gate wider through `bias_initializer`. Write into the weights instead:

# %%
claim(
    "unit_forget_bias sets the forget biases to 1 and leaves the other biases to "
    "bias_initializer.",
    np.array_equal(bias[1], np.ones(4)) and np.all(bias[[0, 2, 3]] == 0.5),
)

# %%
W, U, b = layer.get_weights()
b[4:8] = 3.0  # i, f, g, o: the second block of 4
layer.set_weights([W, U, b])
cell = in_numpy(layer)
cell(np.zeros((1, 1, 3)))
f = cell.trace()["f"]
claim("With biases of 3 written after build(), f rests at 0.95.", same(f, sigmoid(3)))
claim(
    "With unit_forget_bias=False the forget gate rests at 0.5.",
    forget_gate(unit_forget_bias=False) == 0.5,
)

# %% [markdown] slide="code" minutes=2 lines="1-3"
# ## A wider gate is written into the weights
#
# The second block of four: $i, f, g, o$
#
# Notes: After build(), before fit(). With 3 it rests at 0.95. This is the line to take home from the first
# half.

# %% [markdown]
# > **Trap.** A bias of 1 is a memory of 3.7 steps. For sentences of forty words it is too short; see lesson 05, chrono initialisation.
#
# ## Penalties and limits
#
# A weight can be made to pay for its size, or be cut down to one. The two are not the same.
#
# ### `kernel_regularizer`, `recurrent_regularizer`, `bias_regularizer`
#
# What size costs: a function of the weights, added to the loss. `L2(0.01)` is $0.01 \sum w^2$.
#
# **Predict.** An LSTM with four units and all three penalties has not been trained yet. Two of the three sums can be known
# beforehand. How much do its biases pay?

# %%
penalty = keras.regularizers.L2(0.01)
parts = ("kernel", "recurrent", "bias")
layer = layers.LSTM(4, **{f"{part}_regularizer": penalty for part in parts})
layer.build(x.shape)
costs = [float(cost) for cost in layer.losses]
by_hand = [0.01 * np.sum(w**2) for w in layer.get_weights()]
print(f"U costs {by_hand[1]:.2f}, the biases cost {by_hand[2]:.2f}")

# %% [markdown]
# Four of the biases are 1, so they pay $0.01 \cdot 4$. So does $U$, which has four rows of length 1. Only $W$ depends on the draw.

# %%
layer(x)
claim(
    "The three penalties are 0.01 times the sum of squares, divided neither by the "
    "batch nor by the weights.",
    np.allclose(sorted(costs), sorted(by_hand)) and len(layer.losses) == 3,
)

# %%
claim(
    "An untrained LSTM(4) pays 0.04 for its biases under L2(0.01).",
    same(by_hand[2], 0.04),
)

# %% [markdown]
# > **Trap.** What pays is pulled to zero. A `bias_regularizer` pulls the forget bias from 1 back to 0, and with it the memory. And
# > `kernel_regularizer` alone leaves $U$, where the memory is, free.
#
# ### `activity_regularizer`
#
# What the *output* costs. An LSTM with `return_state=True` returns three arrays: $y$, $h$ and $c$.
#
# **Predict.** For how many of the three does it pay? And does the answer hold for all three layers?

# %%
cases = [("LSTM", False), ("LSTM", True), ("GRU", True), ("SimpleRNN", False)]
paid = []
for kind, state in cases:
    layer = getattr(layers, kind)(4, activity_regularizer=penalty, return_state=state)
    layer(x[:1])
    paid.append([float(cost) for cost in layer.losses])
    print(f"{kind:9} return_state={state!s:5}  penalties: {len(paid[-1])}")

# %% [markdown]
# For all that it returns. But $y$ and $h$ are the same numbers (the last output), so `return_state` doubles the price of the same
# output and adds one for $c$. And the SimpleRNN accepts the argument and forgets it: no penalty, no message.

# %%
claim(
    "With return_state=True the LSTM pays for y, h and c, where y and h are the same.",
    len(paid[1]) == 3 and paid[1][0] == paid[1][1],
)
claim("SimpleRNN ignores activity_regularizer.", paid[3] == [])

# %%
layer = layers.GRU(4, activity_regularizer=penalty, return_sequences=True)
y = np.asarray(layer(x[:1]))
claim(
    "For one sequence the penalty is the sum over all steps.",
    same(layer.losses[0], 0.01 * np.sum(y**2)),
)

# %%
model = keras.Sequential([layers.SimpleRNN(4), layers.ActivityRegularization(l2=0.01)])
model(x)
claim(
    "A layer ActivityRegularization behind the SimpleRNN does pay.",
    len(model.losses) == 1,
)

# %% [markdown]
# > **Trap.** With `return_sequences=True` all steps are summed, so a long sequence pays more than a short one. Over the batch it is a mean only since early 2026; earlier Keras 3
# > summed there as well ([keras#22018](https://github.com/keras-team/keras/issues/22018)).
#
# ### `kernel_constraint`, `recurrent_constraint`, `bias_constraint`
#
# How large weights may be. `MaxNorm(0.5)` shortens each column, the weights that lead into one gate of one unit, to at
# most 0.5. An LSTM's biases, one column of 16 with four ones in it, have length 2.
#
# **Predict.** We train one step with a learning rate of **zero**. What happens to the forget biases?

# %%
limit = keras.constraints.MaxNorm(0.5)
layer = layers.LSTM(4, **{f"{part}_constraint": limit for part in parts})
model = keras.Sequential([keras.Input((5, 3)), layer])
model.compile(keras.optimizers.SGD(0.0), "mse")
before = layer.get_weights()
model.train_on_batch(x, np.zeros((2, 4)))
after = layer.get_weights()
print("forget biases:", before[2][4:8], "->", np.round(after[2][4:8], 2))

# %% [markdown]
# They fall from 1 to 0.25. A constraint is no part of the loss and has no gradient: after **each update**, the weights are cut to size. Before the
# first update nobody has looked at them.

# %%
longest = [[np.linalg.norm(w, axis=0).max() for w in ws] for ws in (before, after)]
claim(
    "Constraints act after an update, not before: norms above 0.5 are at most 0.5 "
    "after a step of size 0.",
    max(longest[1]) < 0.5001 and longest[0][2] == 2,
)

# %% [markdown]
# > **Trap.** A limit on columns is none on $U$ as a whole. 64 columns of length 0.5 can still stretch a direction by much more than 1.
# > Against explosion, clip the gradient.
#
# ## Dropout
#
# Noise in training, so that no unit relies on one other. In a network with a memory one must ask: noise for how long?
#
# ### `dropout`
#
# The share of the **inputs** that is dropped in training. To see the mask itself we need a layer that only passes on what it gets:
# $W$ the identity, $U$ zero, no squashing. It is a pane of glass.
#
# **Predict.** Two sentences of 20 steps, every input 1, `dropout=0.5`. Is the third input dropped at about 10 of the 20 steps, or at all
# of them or none?

# %% [markdown] slide="words" minutes=2
# ## Penalties pull while you train; limits cut after each update
#
# - L2 on the bias pulls the forget gate shut
# - `kernel_regularizer` leaves $U$ free
# - MaxNorm(0.5) cuts a forget bias of 1 to 0.25
#
# Notes: The last one happens in a step of size zero: a constraint has no gradient, the weights are cut to
# size after the update.

# %% [markdown] slide="predict" minutes=2
# ## `dropout=0.5` over 20 steps: how often is one input dropped?
#
# - at about 10 steps
# - at all steps or at none
#
# Answer: At all or none: one mask for each sentence.
#
# Notes: On purpose: a mask that flickers at every step is noise on a memory. In Keras 2 the mask of the
# inputs was new at every step.

# %%
plain = {"activation": None, "use_bias": False, "return_sequences": True}
start = {"kernel_initializer": "identity", "recurrent_initializer": "zeros"}
glass = layers.SimpleRNN(8, dropout=0.5, seed=4, **plain, **start)
first = np.asarray(glass(np.ones((2, 20, 8)), training=True))
second = np.asarray(glass(np.ones((2, 20, 8)), training=True))

# %%
show(
    dropout_masks(
        {
            "sentence 1": first[0],
            "sentence 2": first[1],
            "sentence 1, next call": second[0],
        }
    ),
    alt="Three panels of 8 inputs over 20 steps, dropped ones white. Every row is of "
    "one colour from step 1 to step 20: an input is dropped at all steps or at none. "
    "The three panels have different rows dropped.",
)

# %% [markdown] slide="figure" minutes=2
# ## Dropout holds still while a sentence passes
#
# Notes: Every row has one colour from step 1 to step 20. The same sentence at its next call gets another
# mask. Nothing is dropped unless the call says training=True; fit does.

# %% [markdown]
# At all or none. The mask is drawn once for each sentence and each call, and then stays for all steps. What is kept is doubled, so that
# the mean of the input stays. This is on purpose (Gal and Ghahramani 2016): a mask that flickers at every step is noise on a memory.

# %%
claim("Input dropout is constant over time.", bool(np.all(first == first[:, :1])))
claim(
    "At rate 0.5, inputs are multiplied by 0 or by 2.", set(first.ravel()) == {0.0, 2.0}
)

# %%
claim(
    "Sentences and calls get masks of their own.",
    not same(first[0], first[1]) and not same(first, second),
)

# %%
layer = built(layers.LSTM(4, dropout=0.5))
mask = np.asarray(layer.cell.get_dropout_mask(tf.ones((2, 3))))
claim(
    "With dropout, Keras's LSTM is the course's LSTM on x times one mask, the same for "
    "all gates and steps.",
    same(layer(x, training=True), in_numpy(layer)(x * mask[:, None])),
)

# %% [markdown]
# > **Trap.** Nothing is dropped unless the call says `training=True`; `fit` says it, `predict` and `layer(x)` do not. In Keras 2 the mask of the inputs was new
# > at every step ([keras#19993](https://github.com/keras-team/keras/issues/19993)), so old results with dropout do not carry over. And a rate of 1 is a special case, in which
# > Keras 3.12 and 3.15 differ:


# %%
def dropped_at_one(kind):
    layer = getattr(layers, kind)(4, dropout=1.0)
    try:
        y = layer(x, training=True)
    except ValueError:
        return "error"
    return "nothing" if same(y, layer(x)) else "some" if np.any(y) else "all"


dropped = {kind: dropped_at_one(kind) for kind in kinds}

# %%
claim(
    "dropout=1.0 ends in an error (Keras 3.12), or drops every input of a SimpleRNN "
    "and none of an LSTM or a GRU (Keras 3.15).",
    dropped == dict.fromkeys(kinds, "error")
    or dropped == {"SimpleRNN": "all", "LSTM": "nothing", "GRU": "nothing"},
)

# %% [markdown]
# ### `recurrent_dropout`
#
# The share of the **old state** that is dropped, on its way into $U$. The cell state $c$ is not touched, nor is $h_\text{prev}$ where the
# GRU carries it over.
#
# **Predict.** Four gates read $h_\text{prev}$. Do they get one mask together, or one each?

# %%
equal = {}
for kind in ("LSTM", "GRU"):
    layer = built(getattr(layers, kind)(4, recurrent_dropout=0.5))
    masks = np.array(layer.cell.get_recurrent_dropout_mask(tf.ones((2, 4))))
    print(f"{kind:4}  masks {masks.shape}: gates, sentences, units")
    by_hand = in_numpy(layer)(x, training=True, recurrent_dropout_mask=masks)
    equal[kind] = same(layer(x, training=True), by_hand)

# %% [markdown]
# One each. To do so Keras must multiply gate by gate, and it quietly switches to its slower way of computing, called
# `implementation` 1. The masks stay for all steps here too.

# %%
claim(
    "With recurrent_dropout, Keras's LSTM and GRU are the course's with h_prev masked "
    "for each gate, the same at all steps.",
    all(equal.values()),
)

# %%
claim(
    "recurrent_dropout switches a GRU from implementation 2 to 1.",
    (layers.GRU(4).cell.implementation, layer.cell.implementation) == (2, 1),
)

# %% [markdown]
# > **Trap.** It costs time (measured below), and on a graphics card it rules out the fast library cuDNN.
#
# ### `seed`
#
# Where random numbers start. Which ones?
#
# **Predict.** Two layers are made with `seed=7`. Do they have the same starting weights?

# %%
one, other = (layers.LSTM(4, dropout=0.5, seed=7) for _ in range(2))
one.build(x.shape)
other.build(x.shape)
print("same weights:", same(one.get_weights()[0], other.get_weights()[0]))
other.set_weights(one.get_weights())
print("same dropout:", same(one(x, training=True), other(x, training=True)))

# %% [markdown] slide="output" minutes=2
# ## `seed=7` seeds dropout, and not the weights
#
# Notes: Two layers made with seed=7. Weights are seeded by their initialiser, or all together by
# keras.utils.set_random_seed.

# %% [markdown]
# No. The seed is for dropout only. Weights are seeded by their initialiser, or all together by `keras.utils.set_random_seed(0)`
# at the top of a program.

# %%
drawn = keras.initializers.GlorotUniform(seed=7)
pair = [weights("LSTM", kernel_initializer=drawn, seed=7)[0] for _ in range(2)]
fresh = [weights("LSTM", seed=7)[0] for _ in range(2)]
claim("seed=7 does not give two layers the same weights.", not same(*fresh))
claim("One seeded initialiser gives two layers the very same kernel.", same(*pair))

# %%
kept = ["seed" in getattr(layers, kind)(4, seed=7).get_config() for kind in kinds]
claim(
    "A saved LSTM or GRU keeps its seed, a saved SimpleRNN loses it.",
    kept == [False, True, True],
)

# %% [markdown]
# > **Trap.** A seeded initialiser draws the same numbers every time. Two layers that share one start as twins.
#
# ## What comes out
#
# For the rest we need no weights. One unit, $W = U = 1$, no squashing: $h = h_\text{prev} + x$, a running sum. With the inputs 1, 10, 100, 1000
# each digit of a result tells whether that step is in it.


# %%
def running_sum(**arguments):
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
    return layers.SimpleRNN(1, activation=None, **ones, **arguments)


def read(y):
    return np.asarray(y).ravel().astype(int).tolist()


digits = np.array([1.0, 10, 100, 1000]).reshape(1, 4, 1)

# %% [markdown]
# ### `return_sequences`
#
# Whether the outputs of all steps come out, or the last one.
#
# **Predict.** Which numbers come out with `False`, and which with `True`?

# %%
print("False:", read(running_sum()(digits)))
print("True: ", read(running_sum(return_sequences=True)(digits)))

# %% [markdown] slide="output" minutes=2
# ## `return_sequences` decides whether you see the way there
#
# A running sum of 1, 10, 100, 1000: each digit is a step.
#
# Notes: The trick of this half of the lesson: one unit, W = U = 1, no squashing. Each digit of a result tells
# whether that step is in it. Forgotten before a Dense layer it is no error, and one answer.

# %% [markdown]
# The last of the second line is the first line. The shapes are $(B, n)$ and $(B, T, n)$.

# %%
layer = built(layers.GRU(4, return_sequences=True))
claim(
    "return_sequences=False gives the last row of what True gives.",
    same(layer(x)[:, -1], in_numpy(layer)(x)),
)

# %%
stack = keras.Sequential([layers.LSTM(4), layers.LSTM(4)])
claim(
    "A second recurrent layer refuses a layer that gives its last output only.",
    outcome(stack, x) == "ValueError",
)

# %% [markdown]
# > **Trap.** Forgotten between two layers it is an error, which is the good case. Forgotten before a `Dense` layer, where an answer at every step is
# > wanted, it is one answer and no error.
#
# ### `return_state`
#
# Whether the final states come out as well.
#
# **Predict.** `LSTM(4, return_state=True)` gives three arrays. In which order, and which two are equal?

# %%
layer = built(layers.LSTM(4, return_state=True))
y, *states = layer(x)
y_ours, h, c = in_numpy(layer, return_state=True)(x)
print("second is h:", same(states[0], h), "   third is c:", same(states[1], c))
print("output equals h:", same(y, states[0]), "  equals c:", same(y, states[1]))

# %% [markdown] slide="words" minutes=2
# ## An LSTM returns $y, h, c$, and $y$ is $h$
#
# ✓ LSTM(return_state=True) gives…
#
# Notes: A SimpleRNN and a GRU give two arrays. Code that unpacks y, h fails when you change the cell. Going
# on from the returned states gives what one reading gives.

# %% [markdown]
# $y, h, c$, and $y$ is $h$. With `return_sequences=True` the first becomes the whole sequence and the states stay what they are: the last. You
# need them to go on from where a sequence stopped, `layer(more, initial_state=[h, c])`.

# %%
claim(
    "LSTM(return_state=True) gives y, h, c in this order, and y equals h.",
    same(y, h) and same(states[1], c),
)

# %%
claim(
    "Going on from the returned states gives what one reading gives.",
    same(layer(x[:, 2:], initial_state=layer(x[:, :2])[1:])[0], y),
)

# %% [markdown]
# > **Trap.** A SimpleRNN and a GRU give two arrays, an LSTM three. Code that unpacks `y, h = ...` fails when you change the cell.
#
# ### `zero_output_for_mask`
#
# It stands in no signature of the three layers and goes in through `**kwargs`. A **mask** says which steps count; lesson 09 needs it for
# sentences of different lengths. At a masked step the state stays as it is. This argument says what comes out there.
#
# **Predict.** The third step, 100, is masked. The outputs are 1, 11, *what*, 1011?

# %%
mask = np.array([[True, True, False, True]])
for zero in (False, True):
    layer = running_sum(return_sequences=True, zero_output_for_mask=zero)
    print(f"{zero!s:5}", read(layer(digits, mask=mask)))

# %% [markdown]
# By default the output before is repeated: 11. With `zero_output_for_mask=True` it is 0. Keras's documentation says that without
# `return_sequences` the argument has no effect. We mask the last step and look.

# %%
ends = np.array([[True, True, True, False]])
y, h = running_sum(zero_output_for_mask=True, return_state=True)(digits, mask=ends)
print("output", read(y), "  state", read(h))
claim(
    "With zero_output_for_mask=True and the last step masked, the output is 0 while "
    "the state is 111.",
    (read(y), read(h)) == ([0], [111]),
)

# %% [markdown]
# > **Trap.** It has. A padded sentence then comes out as zeros, and $y$ is no longer $h$. Use it with `return_sequences=True` only.
#
# ## Direction and memory
#
# Where reading begins: at which end, and with which state.
#
# ### `go_backwards`
#
# The sequence is read from its end.
#
# **Predict.** With `return_sequences=True`, which number comes out **first**: 1, 1000 or 1111?

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

# %% [markdown]
# First comes 1000. The outputs stand in the order in which they were computed, and Keras does not turn them round. `y[:, 0]` belongs to `x[:, -1]`.

# %%
claim(
    "go_backwards=True gives 1000, 1100, 1110, 1111: outputs are not flipped back.",
    backwards == [1000, 1100, 1110, 1111],
)

# %%
layer = built(layers.LSTM(4, return_sequences=True, go_backwards=True))
claim(
    "go_backwards is the same as x[:, ::-1] given to the same layer.",
    same(layer(x), in_numpy(layer, return_sequences=True)(x[:, ::-1])),
)

# %% [markdown]
# > **Trap.** To put it beside a forward layer, step for step, write `y[:, ::-1]`. The wrapper `Bidirectional` does this for you (lesson 09).
#
# ### `stateful`
#
# The state at the end of one call is the start of the next.
#
# **Predict.** The same four digits are read twice. What comes out the second time?

# %%
layer = running_sum(stateful=True)
print("first call: ", read(layer(digits)))
print("second call:", read(layer(digits)))
layer.reset_state()
print("after reset:", read(layer(digits)))

# %% [markdown] slide="output" minutes=2
# ## A stateful layer goes on where it stopped, until you reset it
#
# Notes: Nobody resets it for you, neither predict nor the end of a file. The state belongs to a place in the
# batch: shuffled batches go on from the wrong sentence.

# %% [markdown]
# 2222: all eight numbers. A stateful layer can read a stream piece by piece.

# %%
layer = built(layers.LSTM(4, stateful=True))
pieces = layer(x[:, :2]), layer(x[:, 2:])
claim(
    "Read in two pieces, a stateful LSTM ends where one reading ends.",
    same(pieces[1], in_numpy(layer)(x)),
)

# %%
model = keras.Sequential(
    [keras.Input(batch_shape=(1, 4, 1)), running_sum(stateful=True)]
)
twice = [model.predict(digits, verbose=0).item() for _ in range(2)]

# %%
claim(
    "predict does not reset the state either: 1111, and then 2222.",
    twice == [1111, 2222],
)

# %%
any_batch = [keras.Input((4, 1)), running_sum(stateful=True)]
claim(
    "A stateful layer refuses a batch of unknown size.",
    outcome(keras.Sequential, any_batch) == "ValueError",
)

# %% [markdown]
# > **Trap.** Nobody resets it for you, neither `predict` nor the end of a file. And the state belongs to a *place* in the batch, so the batch size is fixed, and
# > shuffled batches go on from the wrong sentence. Lesson 09 trains on a stream.
#
# ## What a call takes
#
# So far we made layers. A call takes four arguments: `layer(sequences, initial_state=None, mask=None, training=False)`.
# `sequences` has the axes (B, T, m). `initial_state` is where the state begins, zeros if you say nothing. `mask` has the axes (B, T)
# and says which steps count, with `True` and `False` or with 1 and 0. `training` switches dropout on.
#
# **Predict.** The running sum starts from 7, and the first of its four steps is masked. The last output is 1117. What is the first: 7, 0 or 1?

# %% [markdown] slide="predict" minutes=2
# ## A running sum starts from 7, its first step is masked: what comes out first?
#
# Inputs: 1, 10, 100, 1000; the 1 is masked
#
# - 7
# - 0
# - 1
#
# Answer: 0: a masked step repeats the *output* before it, and there is none.
#
# Notes: A call takes four things: the sequences, initial_state, mask and training. Here are three of them. Say what a
# mask is: which steps count. The last output is 1117.

# %%
seven, late = np.array([[7.0]]), np.array([[0, 1, 1, 1]])
print("from 7:         ", read(running_sum()(digits, initial_state=seven)))
layer = running_sum(return_sequences=True)
late_start = read(layer(digits, initial_state=seven, mask=late))
print("and 1 is masked:", late_start)

# %% [markdown] slide="output" minutes=2
# ## Zero comes out, and the state is 7 all the time
#
# The second output is 7 + 10.
#
# Notes: First line: from 7, nothing masked, the last output. Second line: all four outputs, the first step
# masked. For an LSTM the start is a list of two, h and c; a single array is an error that speaks of a list index.

# %% [markdown]
# 0, although the state is 7. A masked step repeats the *output* before it. Before the first step there is none, and Keras takes zeros.
# The state was 7 all the time: the next output is 7 + 10.

# %%
claim(
    "From state 7, with the first step masked, a running sum gives 0, 17, 117, 1117.",
    late_start == [0, 17, 117, 1117],
)

# %%
h = np.ones((2, 4), "float32")
claim(
    "initial_state is one array for a GRU, and a list of h and c for an LSTM.",
    outcome(layers.GRU(4), x, initial_state=h) == "works"
    and outcome(layers.LSTM(4), x, initial_state=[h, h]) == "works"
    and outcome(layers.LSTM(4), x, initial_state=h) != "works",
)

# %%
claim(
    "Two axes in place of three, one step without an axis for time, are an error.",
    outcome(layers.LSTM(4), x[:, 0]) == "ValueError",
)

# %%
model = keras.Sequential([layers.LSTM(4, dropout=0.5)])
claim(
    "training=True, said to a model, reaches the layers in it.",
    not same(model(x, training=True), model(x)),
)

# %% [markdown]
# > **Trap.** A single array as `initial_state` of an LSTM is an error that speaks of a list index and not of states. Give it both, $h$ and $c$.
#
# ## How it is computed
#
# Three of these four arguments change the speed and no result. One stands among them and changes the equations.
#
# ### `unroll`
#
# TensorFlow makes a plan of operations, a *graph*, before it runs. By default the plan holds one step and a loop. `unroll=True` writes all steps
# out.


# %%
def operations(T, **arguments):
    layer = layers.LSTM(4, **arguments)
    layer.build((2, T, 3))
    plan = tf.function(layer).get_concrete_function(tf.TensorSpec((2, T, 3)))
    graph = plan.graph.as_graph_def()
    return len(graph.node) + sum(len(f.node_def) for f in graph.library.function)


# %% [markdown]
# **Predict.** For 50 steps instead of 5, how many times as many operations are in the plan, with the loop and without it?

# %%
growth = {}
for unroll in (False, True):
    growth[unroll] = operations(50, unroll=unroll) / operations(5, unroll=unroll)

# %%
claim(
    "With the loop, a plan for 50 steps has as many operations as one for 5.",
    growth[False] == 1,
)
claim("Unrolled, it has more than five times as many as for 5.", growth[True] > 5)

# %%
layer = built(layers.LSTM(4, unroll=True))
claim("unroll=True gives the loop's numbers.", same(layer(x), in_numpy(layer)(x)))

# %%
model = keras.Sequential([keras.Input((None, 3)), layers.LSTM(4, unroll=True)])
shorter, longer = x, np.zeros((2, 7, 3))
lengths = [outcome(model.predict, some, verbose=0) for some in (shorter, longer)]

# %%
claim(
    "An unrolled model made for any length predicts sequences of the first length it "
    "meets, and fails at the second.",
    lengths == ["works", "ValueError"],
)

# %% [markdown]
# > **Trap.** A short sequence may run a little faster this way. A long one takes memory and a long time to plan. And the model is tied to one length, which nothing says before the second arrives.
#
# ### `reset_after`
#
# This one, and only in the GRU: whether $r$ acts after or before $U_g$ (lesson 06).
#
# **Predict.** You saved a GRU of 2019, made with `reset_after=False`. Will today's `GRU(4)` take its weights, and give the same results?

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
old = built(layers.GRU(4, reset_after=False))
new = built(layers.GRU(4))
print("taken as they are:", outcome(new.set_weights, old.get_weights()))
W, U, b = old.get_weights()
new.set_weights([W, U, np.stack([b, np.zeros_like(b)])])  # the second bias is zero
print("same results:     ", same(new(x), old(x)))

# %% [markdown]
# No, and no. The shapes of the bias differ, which is luck: with `use_bias=False` the weights fit and the results are quietly others.

# %%
claim(
    "Each form of Keras's GRU is the same form of the course's GRU.",
    same(new(x), in_numpy(new)(x))
    and same(old(x), in_numpy(old, reset_after=False)(x)),
)

# %%
before = built(layers.GRU(4, use_bias=False, reset_after=False))
after = built(layers.GRU(4, use_bias=False))
after.set_weights(before.get_weights())
claim(
    "Without a bias, weights of one form go into the other without an error and give "
    "other results.",
    not same(after(x), before(x)),
)

# %% [markdown]
# > **Trap.** Posts from before TensorFlow 2 mean `reset_after=False` when they say nothing.
#
# ### `use_cudnn`
#
# LSTM and GRU. On a graphics card there is a fast library, cuDNN. `"auto"` uses it if there is a card and the layer is of the one kind it knows: tanh and sigmoid, a bias, no `unroll`, no
# `recurrent_dropout`, `reset_after=True`, masks with the padding on the right.
#
# **Predict.** What does `LSTM(4, use_cudnn=True)` do on a machine without a card: nothing, a warning, an error?

# %%
card = bool(tf.config.list_physical_devices("GPU"))
results = {}
for activation in ("tanh", "relu"):
    layer = layers.LSTM(4, activation=activation, use_cudnn=True)
    results[activation] = outcome(layer, x)
claim(
    "use_cudnn=True is an error at the first call if there is no card, or if the layer "
    "is not of that kind.",
    (card or results["tanh"] == "ValueError") and results["relu"] == "ValueError",
)

# %%
again = layers.LSTM.from_config(layers.LSTM(4, use_cudnn=False).get_config())
claim(
    "use_cudnn is not saved: a layer made with False comes back with 'auto'.",
    again.use_cudnn == "auto",
)

# %% [markdown]
# An error. Leave it at `"auto"`.
#
# > **Trap.** With masks, cuDNN gives zeros at masked steps where the same layer on the processor repeats the output before
# > ([tensorflow#49241](https://github.com/tensorflow/tensorflow/issues/49241)).
#
# ### `implementation`
#
# An argument of Keras 2: 1 multiplied gate by gate, 2 all gates at once.
#
# **Predict.** It is in none of today's signatures. Is `LSTM(4, implementation=1)` an error, is it ignored, or does it still do something?

# %%
for kind in kinds:
    made = outcome(getattr(layers, kind), 4, implementation=1)
    print(f"{kind:9} {made}")

# %%
layer = built(layers.LSTM(4, implementation=1))
copy = layers.LSTM.from_config(layer.get_config())
print("in use:", layer.cell.implementation, "  after saving:", copy.cell.implementation)

# %% [markdown]
# It still works in the LSTM and the GRU, through `**kwargs`; a saved layer forgets it. The SimpleRNN has one matrix and knows no such choice.

# %%
claim("implementation=1 gives the numbers of 2.", same(layer(x), in_numpy(layer)(x)))
claim("A saved layer comes back with implementation 2.", copy.cell.implementation == 2)

# %% [markdown]
# > **Trap.** There is no reason left to set it. Together with `dropout` a training call of Keras 3.15 even ends in an error.
#
# How much do such choices cost? The next cells measure a training step on your machine, against the default. Most of their 10 seconds go
# into making plans.
#
# **Predict.** Which is slowest: unrolled, gate by gate, or with recurrent dropout?

# %%
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
choices = [{}, {"unroll": True}, {"implementation": 1}, {"recurrent_dropout": 0.2}]
models = [prepared(**arguments) for arguments in choices]
times = np.array([[step_time(model) for model in models] for _ in range(30)])
for arguments, best in zip(choices, times.min(axis=0) / times[:, 0].min()):
    print(f"{best:.1f}  {arguments or 'default'}")

# %% [markdown]
# Expect recurrent dropout at the end of the list: it multiplies gate by gate, and masks the state for each gate at each step.
#
# ## What every layer takes
#
# Four more arguments belong to all layers of Keras and go in through `**kwargs`: `name`, `trainable`, `dtype` and `autocast`.
#
# **Predict.** `LSTM(4, dropout=0.5, trainable=False)`: its weights are frozen. Does a call with `training=True` still drop inputs?

# %% [markdown] slide="predict" minutes=2
# ## `LSTM(4, dropout=0.5, trainable=False)`: does a call with `training=True` drop inputs?
#
# - yes
# - no, it is frozen
#
# Answer: Yes: `trainable` is about the weights, `training` about one call.
#
# Notes: Two names that sound alike. A frozen layer gets no update, and its inputs are dropped all the same. Ask
# who has frozen a layer and left dropout on.

# %%
layer = layers.LSTM(4, dropout=0.5, trainable=False, name="memory")
noisy, quiet = layer(x, training=True), layer(x)
print("its first weight: ", layer.weights[0].path)
print("trainable weights:", len(layer.trainable_weights))
print("drops inputs:     ", not same(noisy, quiet))

# %% [markdown]
# It does. `trainable` is about the weights: no update changes them. `training` is about one call. The name stands in the paths of the weights,
# in messages and in saved files.

# %%
claim(
    "A frozen LSTM has no trainable weight, and training=True drops its inputs all the "
    "same.",
    layer.trainable_weights == [] and not same(noisy, quiet),
)

# %% [markdown]
# `dtype` is the kind of numbers.
#
# **Predict.** With `dtype="mixed_float16"`, of which kind are the outputs, and of which the weights?

# %%
for dtype in ("float32", "float64", "mixed_float16"):
    layer = layers.LSTM(4, dtype=dtype)
    print(f"{dtype:13} out {layer(x).dtype.name}, weights {layer.weights[0].dtype}")

# %% [markdown] slide="output" minutes=2
# ## Mixed numbers: the layer computes with 16 bits and keeps weights of 32
#
# Long weights do not lose small updates.
#
# Notes: Read the last line. Long weights stay, or a small update would be rounded away. A default LSTM cuts
# inputs of float64 to float32 without a word; for a gradient check say dtype="float64".

# %% [markdown]
# Outputs of 16 bits, weights of 32: it computes with short numbers, and keeps long ones, so that small updates are not lost. `autocast` turns inputs into the
# kind that the layer computes with; `False` leaves them as they are. In a recurrent layer it changes nothing, for the cell inside turns them itself.

# %%
short = {"dtype": "float16", "autocast": False}
pair = layers.Dense(4, **short), layers.LSTM(4, **short)
found = [layer(x).dtype.name for layer in pair]
claim(
    "With autocast=False a Dense layer of float16 leaves float32 as it is, an LSTM "
    "does not.",
    found == ["float32", "float16"],
)

# %%
claim(
    "A default LSTM gives float32 for inputs of float64.",
    layers.LSTM(4)(x.astype("float64")).dtype.name == "float32",
)

# %% [markdown]
# > **Trap.** So long numbers are cut without a word. Where small differences count, as in a gradient check, say `dtype="float64"`.
#
# ## From Keras 2 to Keras 3
#
# Much of what you find on the web is from 2020 or before. Here are arguments as they were written then, tried today.
#
# **Predict.** Which of these seven still run?

# %%
written = {"implementation": 2, "time_major": False, "inner_activation": "sigmoid"}
written |= {"batch_input_shape": (2, 5, 3), "input_length": 5}
tried = {}
for name, value in written.items():
    tried[name] = outcome(layers.LSTM, 4, **{name: value})

# %%
h = c = np.zeros((2, 4))
tried["call on [x, h, c]"] = outcome(layers.LSTM(4), [x, h, c])
tried["reset_states(h)"] = outcome(layers.LSTM(4).reset_states, h)
for name, result in tried.items():
    print(f"{name:18} {result}")

# %% [markdown] slide="output" minutes=2
# ## Of seven arguments of old posts, one still runs
#
# Notes: An error is the better half. The worse half still runs and means something else: hard_sigmoid,
# reset_after, dropout.

# %% [markdown]
# One. The rest ends in an error, which is the better half. The worse half still runs and means something else:
#
# | | 2020: Keras 2.3 and TensorFlow 1 to 2.3 | today: Keras 3 |
# |---|---|---|
# | `recurrent_activation` | `"hard_sigmoid"` up to Keras 2.2 and TensorFlow 1; `"sigmoid"` from 2.3.0 and TensorFlow 2 | `"sigmoid"` |
# | `"hard_sigmoid"` | $0.2a + 0.5$ | $a/6 + 0.5$ |
# | `reset_after` | `False`; `True` from TensorFlow 2 | `True` |
# | `implementation` | 1; 2 from TensorFlow 2 | 2, hidden in `**kwargs` |
# | `dropout` | a new mask at every step | one mask for all steps |
# | `dropout=1.0` | an error | an error, nothing or everything |
# | `seed` | not there | dropout's own |
# | `activity_regularizer` of SimpleRNN | a penalty | ignored |
# | `return_state` | a list | a tuple |
# | `use_cudnn` | layers of their own, `CuDNNLSTM`; automatic from TensorFlow 2 | `"auto"` |
# | `time_major` | TensorFlow only | gone |
# | `input_shape`, `batch_input_shape` | in the first layer | `keras.Input(shape)` in front |
# | start from given states | `layer([x, h, c])` | `layer(x, initial_state=[h, c])` |
# | `reset_states(states)` | of a layer, and of a model | `reset_state()`, of a layer |
# | weights: layout and order | $i, f, c, o$ and $z, r, h$ (its $c$ and $h$ are our $g$) | the same |
#
# (The column of 2020 comes from the documentation of [TensorFlow 1.15](https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/keras/layers/GRU) and
# [2.0](https://www.tensorflow.org/versions/r2.0/api_docs/python/tf/keras/layers/GRU), from the notes of
# [Keras 2.3.0](https://github.com/keras-team/keras/releases/tag/2.3.0), and from running both packages side by side.) The last line is the good news: with the same
# `reset_after` and activations, old weights give the old outputs.

# %%
defaults = inspect.signature(layers.GRU).parameters
claim(
    "Of seven arguments and calls of Keras 1 and 2 only implementation still runs.",
    [name for name, result in tried.items() if result == "works"] == ["implementation"],
)

# %%
claim(
    "Today's GRU has recurrent_activation 'sigmoid' and reset_after True by default.",
    defaults["recurrent_activation"].default == "sigmoid"
    and defaults["reset_after"].default,
)

# %%
claim(
    "return_state gives a tuple.",
    isinstance(layers.LSTM(4, return_state=True)(x), tuple),
)
claim("A model has no reset_states any more.", not hasattr(stack, "reset_states"))

# %% [markdown]
# ## All of them on one page
#
# R is `SimpleRNN`, L `LSTM`, G `GRU`.
#
# | argument | default | layers | what it says | trap |
# |---|---|---|---|---|
# | `units` | required | R L G | numbers in the state | not the number of steps |
# | `activation` | `"tanh"` | R L G | squashes the candidate | both tanh of the LSTM; `None` is linear |
# | `recurrent_activation` | `"sigmoid"` | L G | squashes the gates | not only the recurrent part |
# | `use_bias` | `True` | R L G | whether there is $b$ | the forget bias goes too |
# | `kernel_initializer` | `"glorot_uniform"` | R L G | how $W$ starts | drawn for all gates at once |
# | `recurrent_initializer` | `"orthogonal"` | R L G | how $U$ starts | no gate's block is orthogonal |
# | `bias_initializer` | `"zeros"` | R L G | how $b$ starts | counts twice in the GRU |
# | `unit_forget_bias` | `True` | L | forget biases start at 1 | sets, does not add |
# | `kernel_regularizer` | `None` | R L G | what large $W$ costs | leaves $U$ free |
# | `recurrent_regularizer` | `None` | R L G | what large $U$ costs | divided by nothing |
# | `bias_regularizer` | `None` | R L G | what large $b$ costs | pulls the forget bias to 0 |
# | `activity_regularizer` | `None` | R L G | what large outputs cost | counts $y$, $h$ and $c$; ignored by R |
# | `kernel_constraint` | `None` | R L G | limits $W$ | only after an update |
# | `recurrent_constraint` | `None` | R L G | limits $U$ | columns, not the whole matrix |
# | `bias_constraint` | `None` | R L G | limits $b$ | cuts the forget bias |
# | `dropout` | `0.0` | R L G | drops inputs | one mask for all steps; in training only |
# | `recurrent_dropout` | `0.0` | R L G | drops the old state before $U$ | slow, no cuDNN |
# | `seed` | `None` | R L G | seeds dropout | not the weights |
# | `return_sequences` | `False` | R L G | all outputs, or the last | needed between two layers |
# | `return_state` | `False` | R L G | final states as well | order $y, h, c$ |
# | `go_backwards` | `False` | R L G | reads from the end | outputs are not flipped back |
# | `stateful` | `False` | R L G | starts where the last call ended | nobody resets it |
# | `unroll` | `False` | R L G | no loop in the plan | long sequences, long planning |
# | `reset_after` | `True` | G | $r$ after $U_g$, or before | old weights do not fit |
# | `use_cudnn` | `"auto"` | L G | the library of graphics cards | `True` is an error without a card |
# | `zero_output_for_mask` | `False` | R L G | zeros at masked steps; in `**kwargs` | acts on the last output too |
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
# - A name has two parts: `kernel`, `recurrent`, `bias` say where, the rest says what.
# - All gates live in one fused matrix. Initialisers see that matrix: Glorot weights are smaller, and no gate's block is orthogonal.
# - `unit_forget_bias` sets ones. A wider gate is written into the weights.
# - Penalties go into the loss, constraints act after an update. `activity_regularizer` counts all that is returned, and the SimpleRNN ignores it.
# - Dropout is constant over time, for each sentence anew. `seed` is dropout's and nobody else's.
# - Outputs stand in the order of computing. States come as $h$, $c$. A stateful layer waits for your `reset_state()`.
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
