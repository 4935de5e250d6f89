# %% [markdown]
# # 04 · The LSTM, gate by gate
#
# Nobody invented the LSTM in one piece. It grew from 1991 to 2000, and each part came because the version before
# failed at something. This lesson goes the same way: we build a memory, break it, and mend it, three times.
#
# ## What you will learn
#
# - Why a memory that is changed only by *adding* keeps a gradient alive. This is the carousel.
# - What each gate is for, shown by what goes wrong without it.
# - To write the whole LSTM forward and backward, equal to Keras.
# - How one number, the bias of the forget gate, decides how far back the LSTM can learn.
# - In what sense $c$ is a long-term memory and $h$ a short-term one, and where that saying is not true.
#
# ## What you need
#
# Lessons 01 to 03: the loop, the way back through time, and gradient against lag.
#
# **Time.** About 50 minutes; its cells run in 20 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import LSTM, check_gradients, lstm, lstm_gradients
from course_utils.claims import claim
from course_utils.experiments import load
from course_utils.experiments.variants import VARIANTS
from course_utils.measure import decay_per_step, gradient_against_lag
from course_utils.plots import show
from course_utils.tasks import ContinualReber
from course_utils.training import Adam, SequenceModel, train

# %% [markdown] right=3
# ## A memory that loses nothing
#
# In the plain RNN, the way back through one step is a multiplication, by $U$ and by the slope of tanh. A hundred steps
# are a hundred multiplications, and often hardly anything survives them: lesson 03 measured it.
#
# **Question.** What would the update of a state have to look like, so that the gradient comes back unchanged?
#
# The factor for one step is $\partial c / \partial c_\text{prev}$. To make it 1, the old state must go into the new
# one as it is:
#
# $$c = c_\text{prev} + g \qquad\Rightarrow\qquad \frac{\partial c}{\partial c_\text{prev}} = 1$$
#
# Here $g = \tanh(x W + h_\text{prev} U + b)$ is the **candidate**, the thing to be written. As yet there is one state only, so
# what $g$ sees as $h_\text{prev}$ is $c_\text{prev}$ too. Through $g$ the gradient has other ways back; we follow the straight
# one. Hochreiter and Schmidhuber (1997) called it the *constant error carousel*: an error that sits on it rides round and round and
# stays what it was.
#
# **Predict.** A gradient of 1 arrives at step 100. How much of it is left at step 1, by the path through $c$ alone?
#
# - less than a thousandth
# - about a half
# - all of it

# %% [markdown] slide="question" minutes=2
# ## What must an update look like, so that the gradient comes back unchanged?
#
# In the plain RNN a step back is a multiplication, by $U$ and by the slope of tanh.
#
# Notes: Lesson 03 measured the damage: a factor per step, a hundred times over. Let them propose. Someone
# will say "do not multiply", and that is the answer.
# Ask: which operation has the derivative 1?

# %% [markdown] slide="formula" minutes=2
# ## What is only added to passes a gradient on whole
#
# $$c = c_\text{prev} + g \qquad\Rightarrow\qquad \frac{\partial c}{\partial c_\text{prev}} = 1$$
#
# The *constant error carousel* of Hochreiter and Schmidhuber, 1997
#
# Notes: $g$ is the candidate: what is to be written, computed as in the plain RNN. The old state goes into
# the new one as it is. An error that sits on this loop rides round and round and stays what it was.

# %%
gradient = 1.0
for _ in range(99):
    gradient *= 1.0
print("carousel:   ", gradient)
print("RNN, u=0.9: ", f"{0.9**99:.0e}")

# %% [markdown] slide="bars" minutes=2
# ## After 99 steps the carousel has lost nothing
#
# - carousel: 1.0
# - RNN, u = 0.9: 3e-05
#
# The plain unit, with a factor of 0.9 a step, has lost nearly everything.
#
# Notes: Ask before the slide: 0.9, 99 times over: what is left? Then: this solves the problem of lesson 03,
# and makes a new one.

# %% [markdown] right=3
# All of it: one, a hundred times over, is one. That solves the problem of lesson 03. It also makes a new one.
#
# ## It writes down everything: the input gate
#
# Let us use the carousel as a memory. At step 1 comes a number to be kept, 0.8. Then come 99 steps of noise. There is one
# unit, and the candidate is just the input.
#
# **Predict.** What will $c$ be at the end?
#
# - 0.8
# - about 0.8
# - something else

# %% [markdown] slide="predict" minutes=2
# ## We keep 0.8, then add 99 steps of noise. What is $c$ at the end?
#
# - 0.8
# - about 0.8
# - something else
#
# Answer: Something else: the noise is added too.
#
# Notes: Hands up for each. There is one unit, and the candidate is just the input. Noise of size 0.5 grows
# like the square root of the number of steps, to about 5.

# %%
rng = np.random.default_rng(0)
message = np.r_[0.8, rng.normal(0, 0.5, 99)]
carousel = np.cumsum(message)
print(f"kept at step 1: {carousel[0]:.1f}   at step 100: {carousel[-1]:.1f}")

# %% [markdown]
# Something else. What is only added is added every time, the noise too. After $T$ steps the noise has grown to about
# $0.5\sqrt{T}$, that is 5, and the 0.8 is lost in it.
#
# So there must be something that decides what is written: a number $i$ between 0 and 1, for each unit and each step. That is
# the **input gate**.
#
# $$c = c_\text{prev} + i \cdot g \qquad i = \sigma(x W_i + h_\text{prev} U_i + b_i)$$
#
# The sigmoid $\sigma$ is near 0 for numbers well below zero and near 1 for numbers well above it, so it works like a valve. Let a
# second input say
# *keep this* at step 1, with a weight that opens the valve, and a bias that shuts it otherwise.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %%
keep_this = np.r_[1.0, np.zeros(99)]
i = sigmoid(16 * keep_this - 8)
gated = np.cumsum(i * message)
print(f"kept at step 1: {gated[0]:.2f}   at step 100: {gated[-1]:.2f}")

# %%
runs = rng.normal(0, 0.5, (1000, 99))
claim(
    "Without a gate, noise of size 0.5 spreads c by 4 to 6 after 99 steps (1,000 "
    "runs).",
    4 < np.std(runs.sum(axis=1)) < 6,
)

# %%
claim(
    "With an input gate that is shut, c stays within 0.01 (1,000 runs).",
    np.abs((i[1:] * runs).sum(axis=1)).max() < 0.01,
)

# %% [markdown] slide="bars" minutes=2
# ## Without a gate, all noise is written down
#
# - no gate: 4 to 6
# - gate shut: 0.01
#
# How far noise of size 0.5 spreads $c$ in 99 steps (1,000 runs)
#
# Notes: The gate was set by hand: a weight that opens it at "keep this", a bias that shuts it otherwise. Ask:
# what would a learner's network have to find out to do this by itself?

# %% [markdown] slide="formula" minutes=2
# ## The input gate decides what is written
#
# $$c = c_\text{prev} + i \cdot g$$
#
# $$i = \sigma(x\,W_i + h_\text{prev}\,U_i + b_i)$$
#
# Well below zero $\sigma$ is near 0, well above it near 1: a valve.
#
# Notes: A gate is a small network of its own: it looks at the input and at the last state and says a number
# between 0 and 1 for each unit.

# %% [markdown] right=2
# ## Everybody hears it: the output gate
#
# The state is also what the other units, and the gates themselves, read at every step. Our 0.8 is wanted once, at the end. At
# each of the steps before, it shouts into everything the network does, and the network has to learn around it.
#
# The **output gate** $o$ decides when the memory is shown:
#
# $$h = o \cdot \tanh(c)$$
#
# Now there are two states. The long-term memory $c$ is kept, and the short-term state $h$ is what is shown of it at this
# moment. That is the cell of 1997, but for one detail: where we write tanh, the paper has stretched sigmoids.
#
# **Predict.** The gate opens at step 100 only. What will $c$ and $h$ look like over the 100 steps?
#
# - both are 0.8 all the time
# - $c$ is 0.8, $h$ is 0 until the end
# - both are 0 until the end

# %% [markdown] slide="formula" minutes=2
# ## The output gate decides what is shown
#
# $$h = o \cdot \tanh(c)$$
#
# $c$ is kept, $h$ is what is shown of it now: the cell of 1997
#
# Notes: Without it, the 0.8 shouts into everything the network does, at all the steps before it is wanted. Ask
# them to draw c and h over 100 steps before the next slide.

# %%
asked = np.r_[np.zeros(99), 1.0]
o = sigmoid(16 * asked - 8)
h = o * np.tanh(gated)

# %%
show(
    plots.gate_traces(
        {"i": i, "o": o, "c": gated, "h": h},
        title="One memory cell with gates set by hand",
    ),
    alt="Four curves over 100 steps. The input gate is 1 at step 1 and 0 after. The "
    "cell state c is 0.8 throughout. The output gate and the state h are 0 until step "
    "100, where o rises to 1 and h to about 0.66.",
)

# %% [markdown] slide="figure" minutes=3
# ## Written once, kept, read once
#
# Notes: Read the four curves one after the other. At the end h is 0.66, not 0.8. Ask why: the tanh.

# %% [markdown]
# $c$ holds the number and $h$ is silent until it is asked: written once, kept, read once. What is read is $\tanh(0.8) = 0.66$.

# %%
claim(
    "Until it is asked for, less than 0.001 of the memory is shown.",
    np.abs(h[:99]).max() < 1e-3,
)

# %% [markdown]
# ## It never forgets: the forget gate
#
# This cell solved problems that no recurrent network had solved before. Three years later one of its authors, with two
# others, showed what it cannot do. Gers, Schmidhuber and Cummins (2000) gave it an endless stream: one string of letters after the
# other, and nobody tells the network to begin anew. What was written for the first string was still there in the second, and the
# third was added on top.
#
# Their stream is in the course. Each string begins with B and then T or P, goes through a small grammar, and closes with the same
# T or P and an E. The network says at each step which letters may come next; so it must remember the T or P, and after the string
# no longer. In the lower half of the picture, filled boxes are the letters that came, empty ones others that might have come.

# %%
task = ContinualReber(100)
example = ContinualReber(24).sample(1, np.random.default_rng(2))

# %%
show(
    plots.task_sample(task, example),
    alt="A stream of letters from the Reber grammar, one string after another, with "
    "the letters T or P to be remembered marked; below, the letters that may come next "
    "at each step, the one that came filled, the others empty. Twelve steps after the "
    "first marked T the same letter is due, marked too.",
)

# %% [markdown] right=1
# What is missing is a number $f$ between 0 and 1 that says how much of the old $c$ is kept, the **forget gate**. It should have been
# called the keep gate: $f = 1$ keeps all, $f = 0$ forgets all.
#
# $$c = f \cdot c_\text{prev} + i \cdot g$$
#
# We train LSTMs of 16 units, two with $f$ fixed at 1, as in 1997, and two with a forget gate. They learn on pieces of 100 letters,
# for some seconds each. Then we let them read 3,000 letters in one go.
#
# **Predict.** How large will $c$ be after 3,000 letters without a forget gate?
#
# - thirty times
# - ten times that
# - as after 100

# %% [markdown] slide="predict" minutes=3
# ## A stream of 3,000 letters without a forget gate: how large is $c$ at the end?
#
# - as after 100
# - ten times that
# - thirty times
#
# Answer: About thirty times: it grows with what it reads.
#
# Notes: Gers, Schmidhuber and Cummins 2000. Strings of letters follow each other, and nobody tells the network
# to begin anew. What was written for the first string is still there in the second, and the third is added on top.


# %%
def trained(layer, seed):
    model = SequenceModel.for_task(layer, task, seed=seed)
    train(model, task, steps=600, optimizer=Adam(1e-2), seed=seed)
    return model


# %%
options = {"units": 16, "return_sequences": True}
of_1997 = VARIANTS["LSTM without forget gate"]
without = [trained(of_1997(seed=seed, **options), seed) for seed in (0, 1)]
with_gate = [trained(LSTM(seed=seed, **options), seed) for seed in (0, 1)]

# %%
stream = ContinualReber(3000).sample(8, np.random.default_rng(7))


def size_of_c(model):
    model.predict(stream.inputs)
    return np.abs(model.layer.trace()["c"]).mean(axis=(0, 2))


# %%
sizes = {"LSTM of 1997, f = 1": [size_of_c(m) for m in without]}
sizes["LSTM with forget gate"] = [size_of_c(m) for m in with_gate]

# %%
steps = np.arange(1, 3001)

# %%
show(
    plots.training_curves(
        {name: (steps[::30], np.array(all_)[:, ::30]) for name, all_ in sizes.items()},
        xlabel="letters read",
        ylabel="mean size of c",
        log=True,
        title="The memory on an endless stream (2 seeds)",
    ),
    alt="Mean absolute value of c against the number of letters read, logarithmic. "
    "Without a forget gate it grows in proportion to the letters, to between 1,000 and "
    "3,000. With one it stays near 2 from beginning to end.",
)

# %% [markdown] slide="figure" minutes=3
# ## Without a forget gate, the memory runs away
#
# Notes: The axis is logarithmic. The tanh that shows c is by then flat at plus or minus 1: units that ran
# away say the same for ever. In the paper the network also says wrong letters. A network may escape that: one
# of our two does. Of five larger ones, stored with the course, none did.

# %% [markdown]
# About thirty times: it grows in proportion to what it reads, without an end. The tanh that shows it is by then flat at ±1, so
# units that have run away say the same thing for ever. With a forget gate $c$ stays at the size that is useful.

# %%
grown = [one[-1] / one[99] for one in sizes["LSTM of 1997, f = 1"]]
stays = [one[-1] / one[99] for one in sizes["LSTM with forget gate"]]
claim(
    "Without a forget gate, c grows more than tenfold from letter 100 to 3,000 (2 "
    "seeds).",
    min(grown) > 10,
    source="Gers, Schmidhuber and Cummins 2000",
)
claim(
    "With a forget gate, c after 3,000 letters is at most twice that after 100 (2 "
    "seeds).",
    max(stays) < 2,
)

# %% [markdown]
# And does it hurt? In the paper such a network says wrong letters. Among networks as small as ours one may escape, if it finds units that
# do not run away. So here are five larger runs of each kind, which are stored with the course (lesson 07 tells how): 32
# units, at most 500 training steps. We look at the steps where the T or P must be known, at the end of streams of 1,000 letters.

# %%
stored = load("ablations").where(task=ContinualReber(100))
kinds = {"with": "LSTM", "without": "LSTM without forget gate"}
right = {
    key: stored.where(cell=cell)["right_critical_late"] for key, cell in kinds.items()
}
for key, shares in right.items():
    print(f"{key:7} forget gate, right in each run:", shares.round(2))

# %%
claim(
    "Where T or P is needed, after 1,000 letters: above 0.99 right in 5 runs of 5 with "
    "a forget gate, below 0.7 in at least 3 of 5 without; guessing 0.5.",
    right["with"].min() > 0.99 and np.sum(right["without"] < 0.7) >= 3,
    source="Gers, Schmidhuber and Cummins 2000",
)

# %% [markdown]
# The gate has a price. The carousel's factor is no longer 1 but $f$. Remember that; we come back to it.
#
# ## The whole cell
#
# Three gates, one candidate, two states.
#
# $$i, f, o = \sigma(x W + h_\text{prev} U + b) \quad\text{each with its own } W, U, b \qquad g = \tanh(x W_g + h_\text{prev} U_g + b_g)$$
#
# $$c = f \cdot c_\text{prev} + i \cdot g \qquad h = o \cdot \tanh(c)$$

# %% [markdown] slide="formula" minutes=2
# ## The forget gate makes room, and has a price
#
# $$c = f \cdot c_\text{prev} + i \cdot g$$
#
# $$\frac{\partial c}{\partial c_\text{prev}} = f$$
#
# The factor is no longer 1.
#
# Notes: Let them find the price: write only the first line and ask for the derivative. We come back to it in
# ten minutes.

# %%
show(
    plots.cell_diagram("LSTM"),
    alt="One LSTM cell. The cell state c runs along the top as a thick line: it is "
    "multiplied by the forget gate f, and the candidate g times the input gate i is "
    "added. Below, tanh of c times the output gate o becomes the state h.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 0 100 79" alt="The LSTM: on the thick line the cell state c is multiplied by the forget gate f, and the input gate i times the candidate g is added. Below, tanh of c times the output gate o is the state h."
# ## Three gates, one candidate, two states
#
# Notes: Follow the thick line first: times f, plus i times g, and out. Then the way down: tanh, times o, and
# h. Nothing else is in the cell. Ask: on which wire is no matrix?

# %% [markdown]
# In Keras the four blocks stand side by side in the order $i, f, g, o$ (Keras calls $g$ *c*). Forward, one step:


# %%
def step(x, h_prev, c_prev, W, U, b):
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, (i, f, g, o, c_prev, c)


# %% [markdown] slide="code" minutes=3 lines="2-5"
# ## Forward, the code is the equations
#
# Notes: Keras's order of the blocks is i, f, g, o; Keras calls g "c". Ask: which line would you take away to
# get the cell of 1997?

# %% [markdown]
# Backward, one step, from the bottom of the forward step to its top. What arrives is `dh` and `dc`, the gradients of the loss with
# respect to $h$ and $c$. The state $c$ has two readers, $h$ and the next step, so what comes back from both is added, as in lesson 02.
# The slope of a sigmoid, like that of tanh, can be computed from its output: where $i = \sigma(a)$, it is $i\,(1 - i)$.


# %%
def step_back(dh, dc, i, f, g, o, c_prev, c):
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, df, dg = dc * g, dc * c_prev, dc * i
    da = (di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o))
    return np.concatenate(da, axis=1), dc * f


# %% [markdown] slide="code" minutes=3 lines="2-4 6"
# ## Backward, the line that matters is the last: `dc * f`
#
# Notes: Read it from the bottom of the forward step to its top. No matrix, no slope of tanh on the way from
# dc to dc_prev; only the gate.

# %% [markdown] right=3
# The last line is the whole point: `dc * f` goes back to $c_\text{prev}$. No matrix, no slope of tanh; only the gate.
#
# **Predict.** A loop over our two steps, against Keras, with the same weights and a loss that is the sum of the last state.
# Will they agree?
#
# - forward only
# - backward too, to 3 decimals
# - backward too, to 12 decimals

# %%
m, n = 3, 4
x, h0, c0 = rng.normal(size=(2, 5, m)), rng.normal(size=(2, n)), rng.normal(size=(2, n))
W, U, b = (
    rng.normal(size=(m, 4 * n)),
    rng.normal(size=(n, 4 * n)),
    rng.normal(size=4 * n),
)

# %%
h, c, memory = h0, c0, []
for t in range(5):
    h, c, remembered = step(x[:, t], h, c, W, U, b)
    memory.append(remembered)

# %%
dh, dc, dW = np.ones_like(h), np.zeros_like(c), np.zeros_like(W)
for t in reversed(range(5)):
    da, dc = step_back(dh, dc, *memory[t])
    dW += x[:, t].T @ da
    dh = da @ U.T

# %%
from course_utils.keras_bridge import keras, tf

layer = keras.layers.LSTM(n, dtype="float64")
layer.build(x.shape)
layer.set_weights([W, U, b])

# %%
start = [tf.constant(h0), tf.constant(c0)]
with tf.GradientTape() as tape:
    tape.watch(start)
    by_keras = layer(tf.constant(x), initial_state=start)
dW_keras, (dh0, dc0) = tape.gradient(by_keras, [layer.weights[0], start])


# %%
def equal(one, other):
    return np.abs(np.asarray(one) - np.asarray(other)).max() < 1e-12


claim("The LSTM loop gives Keras's last state to 12 decimals.", equal(h, by_keras))

# %%
claim("Its gradient of W is Keras's to 12 decimals.", equal(dW, dW_keras))
claim(
    "Its gradients of the two initial states are Keras's to 12 decimals.",
    equal(dh, dh0) and equal(dc, dc0),
)

# %% [markdown] slide="bars" minutes=2
# ## It is Keras's LSTM, forward and backward
#
# - last state: 12 decimals
# - gradient of $W$: 12 decimals
#
# So far at least the loop and Keras agree.
#
# Notes: Run these cells now, if the room has the notebook open. Twelve decimals in float64: not "about the
# same".

# %% [markdown]
# Both ways, to 12 decimals. The package holds the same equations, and adds what one does not want to write again. The gradient
# check of lesson 02 agrees as well.


# %%
def loss():
    return lstm(x, W, U, b, h0, c0)[0][:, -1].sum()


# %%
dy = np.zeros((2, 5, n))
dy[:, -1] = 1
by_hand = lstm_gradients(x, W, U, b, h0, c0, dy=dy)
arrays = {"W": W, "U": U, "b": b, "h0": h0, "c0": c0}
report = check_gradients(loss, arrays, by_hand)

# %%
claim("A gradient check finds no error in the package's LSTM.", report.passed)

# %% [markdown] right=1
# ## Watch it work
#
# Below are the three cells of the course with real numbers in them, 32 units each. The input is one click and then noise. Press
# play, or step with the arrow keys, and watch the gates fill and empty. Then switch to the **backward pass**: the wider a wire, the more
# of the gradient it carries, on a logarithmic scale.
#
# **Predict.** Going back from step 40 to step 1, in which of the cells will the stream have dried up?
#
# - only in the RNN
# - in RNN and GRU
# - in all three

# %%
from course_utils.player import cell_player

player = cell_player()
player

# %% [markdown] slide="player" minutes=5
# ## Watch which wires still carry a gradient
#
# Notes: Play forward first: one click, then noise. Then "Backward pass": the wider a wire, the more gradient,
# on a logarithmic scale. Ask before: in which cell will the stream have dried up? Then choose Keras's
# defaults: there the LSTM loses most of it too. Tab and the arrow keys work the player; Escape gives the keys
# back to the slides, Page Down always moves on.

# %%
show(
    player.figure(backward=True),
    alt=player.data["scenes"][0]["captions"]["backward"],
)

# %% [markdown]
# In the plain RNN: it has only the road through $U$ and tanh. In the LSTM the stream stays wide along the top, on $c$, while what goes through
# $h$ is thin. The GRU, the subject of lesson 06, keeps it too. The gates were opened for this scene, by their biases (*chrono*, in lesson
# 05). Choose *Keras's defaults* in the player and look again: there the LSTM loses most of it too. What makes the difference is the matter
# of the next section.

# %% [markdown] right=3
# ## One number decides: the bias of the forget gate
#
# In lesson 03 a bias of the forget gate decided how far back the LSTM reaches. Now we can say why: the carousel lets through $f$ at
# every step. Before training, $f$ is about $\sigma(b_f)$: that is 0.50 for a bias of 0, 0.73 for 1, 0.88 for 2 and 0.95 for 3. Keras starts
# the bias at 1 (`unit_forget_bias=True`).
#
# **Predict.** How much of a gradient on $c$ survives 90 steps with a bias of 0? (Guess it for a bias of 3, too.)
#
# - a tenth
# - a millionth
# - less than that

# %% [markdown] slide="predict" minutes=2
# ## Forget bias 0: what is left of a gradient after 90 steps?
#
# - a tenth
# - a millionth
# - less than that
#
# Answer: Far less. Before training $f$ is about 0.50, each step.
#
# Notes: Before training f is about sigma of the bias: 0.50, 0.73, 0.88 for 0, 1 and 2. Keras starts at 1.


# %%
def with_forget_bias(bias, seed):
    layer = LSTM(32, seed=seed)
    layer.build(8)
    layer.gate_weights("f")["bias"][:] = bias
    return layer


# %%
def curve(bias, seed):
    x = np.random.default_rng(seed).normal(size=(16, 100, 8))
    return gradient_against_lag(with_forget_bias(bias, seed), x, path="c")


# %%
curves = {bias: [curve(bias, seed) for seed in range(5)] for bias in (0, 1, 2, 3)}

# %%
show(
    plots.lag_curves(
        {
            f"LSTM, forget bias {bias}": [one.norms / one.norms[0] for one in some]
            for bias, some in curves.items()
        },
        floor=1e-22,
        title="What reaches $c$ at each lag, untrained (5 seeds)",
    ),
    alt="Gradient of c against the lag, logarithmic, for forget biases 0 to 3, all "
    "nearly straight lines. Bias 0 falls to about 1e-21 at lag 99, bias 1 to about "
    "1e-8, bias 2 to a few hundredths, bias 3 grows a little.",
)

# %% [markdown] slide="figure" minutes=4
# ## The forget bias alone decides how far back the LSTM reaches
#
# Notes: From ten to the minus 21 to nothing lost at all. The measured factor is a little better than sigma of
# the bias: there are other paths beside the carousel. With 3, all together even make the gradient grow.

# %%
per_step = {
    bias: [decay_per_step(one, 10, 90) for one in some] for bias, some in curves.items()
}

# %%
for bias, some in per_step.items():
    print(
        f"bias {bias}: factor per step {np.median(some):.2f}   sigma({bias}) = "
        f"{sigmoid(bias):.2f}"
    )

# %% [markdown]
# From $10^{-21}$ to nothing lost at all, by one number. The measured factor is a little better than $\sigma(b_f)$, for there are other
# paths beside the carousel. With 3, they and the carousel together even make the gradient grow.
#
# So the LSTM as such does not cure vanishing gradients. It makes a cure **possible**: an open gate. Keras's bias of 1 opens it
# to 0.73. For long memories one opens it wider from the start: lesson 05 does so.

# %% [markdown] slide="bars" minutes=3
# ## What cures is an open gate
#
# - forget bias 0: 0.61
# - forget bias 1: 0.83
# - forget bias 2: 0.97
#
# What a step leaves of the gradient, before any training
#
# Notes: The LSTM as such does not cure vanishing gradients. Keras's bias of 1 opens the gate to 0.73. For long
# memories one opens it wider from the start; lesson 05 does.

# %%
median = {bias: np.median(some) for bias, some in per_step.items()}
claim(
    "32 units, 8 inputs: with forget bias 0 the gradient keeps 0.55 to 0.65 a step (5 "
    "seeds).",
    0.55 < median[0] < 0.65,
)

# %%
claim(
    "With Keras's forget bias 1 it keeps 0.78 to 0.88 a step (5 seeds).",
    0.78 < median[1] < 0.88,
)

# %%
claim(
    "With forget bias 2 it keeps 0.94 to 0.99, and with 3 it no longer vanishes (5 "
    "seeds).",
    0.94 < median[2] < 0.99 < median[3],
)

# %% [markdown] right=2
# ## Long-term and short-term
#
# One often reads that $c$ is the long-term memory and $h$ the short-term one. The equations suggest it: $c$ is kept and added
# to, $h$ is made anew at each step. We can ask the networks trained above, on the stream of strings.
#
# **Predict.** From one letter to the next, which of the two changes by the larger part of its size?
#
# - the cell state $c$
# - the state $h$
# - both about equally


# %%
def change(state):
    steps = np.linalg.norm(np.diff(state, axis=1), axis=2).mean()
    return steps / np.linalg.norm(state, axis=2).mean()


def changes(model):
    model.predict(stream.inputs[:, :300])
    trace = model.layer.trace()
    return change(trace["c"]), change(trace["h"])


# %% tags=["nbval-ignore-output"] reason="the second digit hangs on the last digits of the training"
of_c, of_h = np.transpose([changes(model) for model in with_gate])
for name, parts in {"c": of_c, "h": of_h}.items():
    print(f"{name} changes by {parts[0]:.2f} and {parts[1]:.2f} of its size")

# %% [markdown]
# $h$ changes by nearly its own size at each letter, $c$ by less than half of its own. (Two vectors of one size that have nothing in
# common differ by 1.4 times their size.) The saying is true here. It need not be true everywhere: if a task asks for nothing but to hold one symbol, $h$
# can stand still as well. The names tell what the two states **can** do.

# %%
claim(
    "Trained on the stream, h changes by more than 0.8 of its size at each letter (2 "
    "seeds).",
    of_h.min() > 0.8,
)
claim("There, c changes by less than 0.6 of its size (2 seeds).", of_c.max() < 0.6)

# %% [markdown] slide="bars" minutes=2 most=1
# ## On the stream, $c$ keeps and $h$ changes
#
# - $h$: 0.93 to 0.98
# - $c$: 0.35 to 0.42
#
# Change at each letter, as a part of its size (2 seeds)
#
# Notes: "Long-term" and "short-term" are what the two can do. If a task asks for nothing but to hold one
# symbol, h can stand still as well.

# %% [markdown]
# > **Aside: peepholes.** In the cell above, the gates see $h$, and where $o$ is shut they see nothing of $c$. Gers and Schmidhuber
# > (2000) let them look at $c$ directly, through one more weight for each unit and gate: $i = \sigma(\dots + p_i\, c_\text{prev})$.
# > Keras does not have them, and Greff and others (2015) found no clear gain over many runs.
# > `course_utils.experiments.variants` has them, with seven other variants.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write a step of the LSTM, the step back and the loops around them, check
# the gradients by nudging, and measure what the forget gate leaves after ninety steps. NumPy is all you need; names
# and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - **Carousel**: a state that is only added to passes a gradient on unchanged.
# - **Input gate**: or else all noise is written down. **Output gate**: or else everybody hears it all the time. **Forget gate**: or else an
#   endless stream makes it run away.
# - Backward, the line that matters is `dc_prev = dc * f`.
# - How far an untrained LSTM reaches back is decided by its forget bias: 0.61 a step at 0, 0.83 at 1, 0.97 at 2.
# - $c$ can hold for long, $h$ shows what is wanted now.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/04_the_lstm_gate_by_gate.ipynb) has 5 tasks, from one step of the LSTM, forward
# and back, to counting its weights.
#
# Then [lesson 05](05_inside_the_gates.ipynb) looks into a trained LSTM, for the place where France is kept.
#
# To try on your own: the factor per step was a little better than $\sigma(b_f)$. Set `recurrent_kernel` to zero and measure again. Do
# the other paths go away?

# %% [markdown] slide="words" minutes=2
# ## Each gate is there because something failed
#
# - **Carousel**: adding keeps a gradient alive
# - **Input gate**: or all noise is written down
# - **Output gate**: or everybody hears it all the time
# - **Forget gate**: or an endless stream makes it run away
#
# Notes: Cover the right halves and let them say why each part is there. Next: lesson 05 looks into a trained
# LSTM.
