# %% [markdown]
# # 01 · A recurrent network from scratch
#
# A sentence is more than the heap of its words. This lesson builds the smallest network that knows the
# difference, in a few lines of NumPy, lets it invent cities, and sees it trained until it can tell what came first.
#
# ## What you will learn
#
# - Why a network that adds up one-hot words cannot tell two orders of them apart, and what a *state* changes.
# - To write a recurrent network as a loop with a read-out, and to show that the course's package and Keras compute the very
#   same numbers.
# - What the state holds, and what the axes of the data and of the weights mean.
# - What such a network can learn that a sum cannot: *first X, then Y* is not *first Y, then X*.
#
# ## What you need
#
# Python, NumPy arrays and matrix products. No calculus yet: the training of $W$ and $U$ is borrowed
# from the package here; you write it yourself in lesson 02.
#
# **Time.** About 35 minutes; its cells run in 15 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import SimpleRNN
from course_utils.claims import claim
from course_utils.plots import show
from course_utils.tasks import TemporalOrder
from course_utils.training import Adam, SequenceModel, train

# %% [markdown] right=1
# ## Does a sum know the order?
#
# *Dog bites man* is no news. *Man bites dog* is. The words are the same three; only their order differs.
#
# **Question.** What must a network have, so that it can tell these two sentences apart?
#
# Let every word be a vector with a single 1 in it, at its own place in the vocabulary (a **one-hot** vector). The
# shortest way to turn a sentence of any length into one vector is to add up its words.
#
# **Predict.** What will the two sentences get?
#
# - the same vector
# - two vectors that differ in one number
# - two that differ in all numbers

# %% [markdown] slide="question" minutes=2
# ## *Dog bites man. Man bites dog.* What must a network have to tell them apart?
#
# The same three words; only their order differs.
#
# Notes: No news and news. Let two people say why they are different, without the word "order" if they can.

# %% [markdown] slide="predict" minutes=2
# ## Each word is a vector; we add up. What do the two sentences become?
#
# - the same vector
# - two different ones
#
# Answer: The same: a sum does not ask in what order its terms came.
#
# Notes: One 1 for each word, at its own place. Whatever is computed from the sum afterwards, however clever,
# must answer both sentences alike.

# %%
vocabulary = ["dog", "bites", "man"]
word = dict(zip(vocabulary, np.eye(3)))
dog_bites_man = np.stack([word["dog"], word["bites"], word["man"]])
man_bites_dog = np.stack([word["man"], word["bites"], word["dog"]])
print("dog bites man:", dog_bites_man.sum(axis=0))
print("man bites dog:", man_bites_dog.sum(axis=0))

# %%
show(
    plots.states_heatmap(
        np.concatenate([dog_bites_man, np.zeros((1, 3)), man_bites_dog]),
        steps=["dog", "bites", "man", "", "man", "bites", "dog"],
        units=vocabulary,
        kind="gate",
        ends=("0", "1"),
        ylabel="word",
    ),
    alt="Six columns, one for each word: dog bites man, then man bites dog. Each "
    "column has one dark square, in the row of its word. In both halves each row "
    "has one.",
)

# %% [markdown]
# A sum does not ask in what order its terms came. Whatever is computed from it afterwards,
# however clever, must answer both sentences alike.
#
# One way to tell them apart, for sentences of any length, is to read word by word, so that what has been read changes what
# is made of the next word. For that something must stay from one word to the next: the **state**.
#
# ## One number that remembers
#
# The smallest state is a single number, $h$. At every step it is computed anew from two things: the input
# $x$ of this step, and its own value one step before.
#
# $$h = \tanh(a), \qquad a = w\,x + u\,h_\text{prev} + b$$
#
# The weight $w$ says how much the input counts, $u$ says how much the past counts, and $b$ shifts the
# balance. The function tanh presses the result between −1 and 1.

# %%
show(
    plots.tanh_and_slope([0, 1, 2]),
    alt="Left, tanh of a: an S from -1 to 1, 0 at 0, 0.76 at 1 and 0.96 at 2. Right, "
    "its slope: a hill that is 1 at 0, 0.42 at 1 and 0.07 at 2.",
)

# %% [markdown]
# Near 0 its slope is 1: a small number passes nearly unchanged. At 2 the slope is 0.07: the unit is full, and
# hardly notices what is added. (Keep the hill on the right in mind: in lesson 02 every error is multiplied by this slope.)

# %% [markdown] right=2
# Because $h$ goes back into its own computation, such a network is called **recurrent**. It starts at $h = 0$.
# Let us send it a single 1 and then silence, with $w = 1$, $u = 0.5$ and $b = 0$.
#
# **Predict.** After the first step $h$ is $\tanh(1) \approx 0.76$. What is left of that after two silent steps?
#
# - about a half
# - about a quarter
# - nothing

# %% [markdown] slide="formula" minutes=3
# ## A state carries what has been read to the next word
#
# $$h = \tanh(w\,x + u\,h_\text{prev} + b)$$
#
# $w$: how much the input counts. $u$: how much the past counts.
#
# Notes: Because h goes back into its own computation, such a network is called recurrent. It starts at h = 0.

# %% [markdown] slide="predict" minutes=2
# ## A single 1, then silence, with $u = 0.5$. What is left after two silent steps?
#
# - about a half
# - about a quarter
# - nothing
#
# Answer: About a quarter. This memory fades.
#
# Notes: Start from 0.76, the tanh of 1. Each silent step leaves about u, and tanh takes a little more.

# %%
h = 0.0
for x in [1, 0, 0]:
    h = np.tanh(1.0 * x + 0.5 * h)
    print(f"x = {x}   h = {h:.2f}")

# %% [markdown] slide="bars" minutes=1
# ## Each silent step halves what is left
#
# - the 1: 0.76
# - a silent step: 0.36
# - another: 0.18
#
# Notes: 0.76, 0.36, 0.18. How fast a memory fades, and what can be done about it, is what this whole course
# is about.

# %% [markdown]
# Each silent step leaves $u = 0.5$ of what was there, and tanh takes a little more.
# So the state is a memory, and this memory fades. How fast, and what can be done about it, is what this whole course is about.
#
# ## Drawn out in time
#
# Left is the network as it is: one cell, whose state goes back into it. Right, the same cell is drawn once for every step, and an
# arrow carries the state from each copy to the next. This is called **unrolling**. It is still a single cell: all copies have the
# same weights, here $w$ and $u$; in the picture, which is drawn for many units, $W$ and $U$.

# %%
show(
    plots.folded_and_unrolled([1, 0, 0], [0.76, 0.36, 0.18]),
    alt="Left, a cell h with an input x through W, and a loop through U back into "
    "itself. Right, three copies of it in a row: they read 1, 0 and 0, each through W, "
    "hold 0.76, 0.36 and 0.18, and hand their state on, each through U.",
)

# %% [markdown] slide="figure" minutes=2
# ## One cell, drawn once for each step
#
# Notes: This is called unrolling. All copies share the same weights: it is still a single cell.

# %% [markdown]
# ## Many numbers that remember
#
# One number is a small memory. Let the state be a vector of $n$ numbers, called **units**, and let the input
# be a vector of $m$ numbers. The weights become matrices, and the equation stays as it was:
#
# $$h = \tanh(x\,W + h_\text{prev}\,U + b)$$
#
# A **batch** of $B$ sequences goes through together, each with a state of its own. So the data have three axes, and in this course
# as in Keras they always stand in this order: which sequence, which step, which number.
#
# | array | shape | here | what it is | in Keras |
# |---|---|---|---|---|
# | $x$ | $(B, T, m)$ | (2, 4, 3) | 2 sequences, 4 steps, 3 numbers at each | |
# | $h_\text{prev}$, $h$ | $(B, n)$ | (2, 5) | the state before and after a step, 5 units | |
# | $W$ | $(m, n)$ | (3, 5) | from the inputs to the units | `kernel` |
# | $U$ | $(n, n)$ | (5, 5) | from the units to the units | `recurrent_kernel` |
# | $b$ | $(n)$ | (5) | one number for each unit | `bias` |
#
# In Python the equation is one line. Below it is the same line as a picture.


# %%
def step(x, h_prev, W, U, b):
    return np.tanh(x @ W + h_prev @ U + b)


# %% [markdown] slide="code" minutes=2
# ## With many units, the equation is one line
#
# Notes: The state is a vector of n numbers, called units. W is m by n, U is n by n, b has one number for each
# unit. Keras calls them kernel, recurrent_kernel and bias.

# %%
show(
    plots.cell_diagram("SimpleRNN"),
    alt="One SimpleRNN cell. The input x, through the weights W, and the previous "
    "state, through U, meet with the bias b in a sum; tanh turns the sum into the new "
    "state h, which leaves to the right and upwards.",
)

# %% [markdown] slide="figure" sheet="figure" minutes=2
# ## Input and past meet in a sum; tanh makes the new state
#
# Notes: Let somebody say the equation along the wires.

# %%
rng = np.random.default_rng(1)
B, T, m, n = 2, 4, 3, 5
x = rng.normal(size=(B, T, m))
W, U, b = rng.normal(size=(m, n)), rng.normal(size=(n, n)), rng.normal(size=n)
print("bites @ W:", (word["bites"] @ W).round(2))
print("row 1 of W:", W[1].round(2))

# %% [markdown] right=2
# A one-hot word times $W$ is simply the row of $W$ that belongs to the word: each word has five numbers of its own, which it adds to the sum.
#
# A network is the line of `step`, repeated over time. This function runs the loop and keeps the state after every step.
#
# **Predict.** With 2 sequences, 4 steps, 3 inputs and 5 units: what is the shape of its result?
#
# - (2, 4, 3)
# - (2, 4, 5)
# - (2, 5)

# %% [markdown] slide="predict" minutes=2
# ## 2 sequences, 4 steps, 3 inputs, 5 units: how many numbers come out?
#
# - 10
# - 20
# - 40
#
# Answer: 40: (2, 4, 5) is sequence, step, unit.
#
# Notes: Data have three axes, in this order: which sequence of the batch, which step in time, which number.
# Let them say the order back to you.


# %%
def rnn(x, W, U, b):
    h, states = np.zeros((len(x), len(U))), []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)


by_loop = rnn(x, W, U, b)
print(by_loop.shape, "so", by_loop.size, "numbers; those of the first sequence:")
print(by_loop[0].round(3))

# %% [markdown] slide="code" minutes=3 lines="2-6"
# ## A line and a loop around it are the whole network
#
# Notes: Go through it line by line, with shapes. h starts at zero, one row for each sequence.

# %% [markdown]
# One block for each sequence, in it one row for each step.
#
# ## From the state to an answer
#
# A network that is to answer needs one thing more, the **read-out**. A matrix $V$, with a column for each possible answer, makes scores
# of the last state; the **softmax** turns them into probabilities, which are above 0 and add up to 1; the largest is the answer. Here with six possible
# answers:

# %%
V, d = rng.normal(size=(n, 6)), np.zeros(6)
scores = by_loop[:, -1] @ V + d  # (B, n) @ (n, 6) is (B, 6)
p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
answer = p.argmax(axis=1)
print(p.round(2), "\nanswers:", answer)

# %% [markdown]
# With these lines behind it, the loop is the RNN of lesson 00. Training only has to find $W$, $U$, $b$, $V$ and $d$. Many words go in, one answer comes out: this is
# called **many to one**. Where every state has a read-out, as in the city machine below, it is **many to many**; the loop is the same.

# %%
show(
    plots.unrolled(3, words=["dog", "bites", "man"], outputs="last", answer="no news"),
    alt="Three copies of the cell in a row read dog, bites and man. Only above the "
    "last one an arrow leads to an answer: no news.",
)

# %% [markdown]
#
# ## The same forty numbers, three times
#
# Is our loop right? Two others have written the same network: the course's package, `course_utils.cells`, which is faster and
# able to learn, and Keras. Both keep their weights in the order kernel, recurrent kernel, bias, so we can give them ours.
# (Loading Keras takes a few seconds.)

# %%
layer = SimpleRNN(n, return_sequences=True, dtype="float64")
layer.set_weights([W, U, b])
by_package = layer(x)

# %%
from course_utils.keras_bridge import keras

keras_layer = keras.layers.SimpleRNN(n, return_sequences=True, dtype="float64")
keras_layer.build(x.shape)
keras_layer.set_weights([W, U, b])
by_keras = keras_layer(x).numpy()

# %% tags=["nbval-ignore-output"] reason="the last digit depends on the processor"
print("loop and package differ by at most", np.abs(by_loop - by_package).max())
print("loop and Keras differ by at most  ", np.abs(by_loop - by_keras).max())

# %%
claim(
    "Loop, package and Keras give the same 40 numbers, to 12 decimals.",
    identity=max(np.abs(by_loop - h).max() for h in (by_package, by_keras)) < 1e-12,
)

# %% [markdown] slide="bars" minutes=2
# ## Your loop is Keras's layer
#
# - loop and package: 12 decimals
# - loop and Keras: 12 decimals
#
# So far at least the 40 numbers agree.
#
# Notes: What differs is the last digit: the same products may be added up in another order. With 32 bits, the default, 7
# digits are left.

# %% [markdown]
# What is left, if anything, is rounding: a number of 64 bits carries 16 digits, and the same products may be added up in another order.
#
# From here on we use the package where the loop is not the point. One thing to know about its `SimpleRNN` and
# Keras's: by default a layer returns only the **last** state, one row for each sequence.
# With `return_sequences=True` it returns the state after every step, as our `rnn` does.

# %% [markdown] right=1
# ## Counting weights
#
# Our layer has $3 \cdot 5$ numbers in $W$, $5 \cdot 5$ in $U$ and 5 in $b$: 45 weights.
#
# **Predict.** How many more would it need for sequences of 300 steps instead of 4?
#
# - none
# - 75 times as many
# - 300 times as many

# %% [markdown] slide="predict" minutes=2
# ## 3 inputs, 5 units. With 300 steps instead of 4, how many weights more?
#
# - none
# - 75 times as many
#
# Answer: None: all steps share the 45 weights.
#
# Notes: The number of steps does not occur in the count. A long sequence costs more time, but not
# one weight more.

# %%
print(sum(w.size for w in (W, U, b)), "weights for 4 steps")
print(
    rnn(rng.normal(size=(B, 300, m)), W, U, b).shape, "from the same 45 for 300 steps"
)

# %%
larger = SimpleRNN(64, seed=0)
shapes = [larger(rng.normal(size=(1, steps, 128))).shape for steps in (3, 300)]
claim(
    "With 128 inputs and 64 units a SimpleRNN has 12,352 weights, and reads 3 steps "
    "and 300 with them.",
    identity=larger.count_params() == 12_352 and set(shapes) == {(1, 64)},
)

# %% [markdown]
# All steps share the same weights. So one network reads sequences of any length, and a long sequence costs more
# time but not one weight more.
#
# ## Now the order counts
#
# Back to the dog and the man. A network with random weights, untrained, reads the two sentences word by word.
# (`[None]` makes a batch of one sentence.)

# %%
for name, sentence in (("dog .. man", dog_bites_man), ("man .. dog", man_bites_dog)):
    print(name, rnn(sentence[None], W, U, b)[0, -1].round(2))

# %% [markdown] slide="output" minutes=2
# ## Untrained, and already it hears the order
#
# Notes: Each word meets a state that depends on all the words before it. Training only has to make use of
# that.

# %% [markdown]
# Two different states, before anything has been learnt. Is that the order? It may be only the last word: the two
# sentences end in different ones, and a cell without any memory, with $U = 0$, would tell *man* from *dog*, too. So let
# us compare two orders with one ending, *dog bites man* and *bites dog man*, and let a cell with $U = 0$ read them as well.


# %%
bites_dog_man = dog_bites_man[[1, 0, 2]]


def gap(seed, factor):
    reader = SimpleRNN(4, seed=seed)
    reader.build(3)
    W, U, b = reader.get_weights()
    read = (rnn(one[None], W, factor * U, b) for one in (dog_bites_man, bites_dog_man))
    one, other = (states[0, -1] for states in read)
    return np.linalg.norm(one - other)


gaps, without = ([gap(seed, factor) for seed in range(20)] for factor in (1, 0))
print(f"median gap {np.median(gaps):.1f}; with U = 0: {np.median(without):.1f}")

# %%
claim(
    "For each of 20 untrained starts, the states after two orders of the words, with "
    "the same one last, differ by more than 0.1.",
    measured=gaps,
    above=0.1,
    over="starts",
    control={"U = 0": without},
)

# %% [markdown]
# (Below a claim stand the median, the range and, in *spreads*, how far the median lies from the threshold: a spread is a standard deviation over the seeds, here starts.)
#
# With $U = 0$ the last word is all there is, and the gap is exactly 0. So it is the loop that makes order visible: each
# word meets a state that depends on all the words before it. Training only has to make use of that.

# %% [markdown] right=3
# ## What the state holds
#
# Let us look inside. An untrained network of 16 units hears one click at step 5 and then silence. Keras, and our package with it, starts $U$ as an
# **orthogonal** matrix. In two dimensions that is a rotation (or a mirror image): it turns a vector and leaves its length as it
# is. In 16 dimensions it does the same, so only tanh takes something away. $W$ starts uniform, and $b$ at 0. Next to it we run the same network with every number of $U$ halved.
#
# **Predict.** With $U$ halved, how much of the echo will be left 35 silent steps after the click?
#
# - a half
# - a hundredth
# - less than a billionth

# %% [markdown] slide="predict" minutes=2
# ## We halve every number in $U$. How much of the echo is left after 35 steps?
#
# - a half
# - a hundredth
# - less than a billionth
#
# Answer: Less than a billionth: a half, 35 times over.
#
# Notes: A factor that looks harmless for one step becomes enormous over many. Lesson 03 measures what that
# does to learning.

# %%
turn = np.array([[np.cos(0.5), np.sin(0.5)], [-np.sin(0.5), np.cos(0.5)]])
v = np.array([3.0, 4.0])
print(
    "turned:", (v @ turn).round(2), "  length still", np.linalg.norm(v @ turn).round(6)
)
limit = np.sqrt(6 / (1 + 16))  # of W, from 1 input to 16 units
W, b = rng.uniform(-limit, limit, size=(1, 16)), np.zeros(16)
U = np.linalg.qr(rng.normal(size=(16, 16)))[0]  # these three lines are Keras's start

# %%
click = np.zeros((1, 40, 1))
click[0, 4] = 1  # steps count from 1, Python's positions from 0


def echo(seed, factor):
    """The states (40, 16) of an untrained network that hears the click."""
    listener = SimpleRNN(16, seed=seed)
    listener.build(1)
    W, U, b = listener.get_weights()
    return rnn(click, W, factor * U, b)[0]


# %%
show(
    plots.echoes({"$U$, orthogonal": echo(1, 1), "$U$, halved": echo(1, 0.5)}, click=5),
    alt="Heat maps of 16 units over 40 steps, white before the click at step 5. With "
    "the orthogonal U a pattern of positive and negative values changes from step to "
    "step and fades slowly: below, 0.4 of its length is left at the end. With U "
    "halved nothing can be seen after 8 steps.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 2.5 49 93.5" alt="Heat map of 16 units over 40 steps: white before the click at step 5, then a pattern of positive and negative values that changes from step to step. Below, its length: 0.4 of it is left at the end."
# ## No single unit is the memory; the vector is
#
# Sixteen untrained units; a click at step 5. Orange is positive, blue negative.
#
# Notes: Ask before: nothing, a pattern that stands still, or one that changes? U mixes the units anew at
# every step, so the echo wanders through all of them.

# %% [markdown]
# On the left the pattern changes all the time: $U$ mixes the units anew at every step, so the echo of the click wanders
# through all of them. No single unit is the memory; the vector as a whole is.
#
# On the right a half, 35 times over, is $0.5^{35} \approx 3 \cdot 10^{-11}$. A factor that looks
# harmless for one step becomes enormous over many. Lesson 03 measures what that does to learning.


# %%
def left(seed, factor):
    length = np.linalg.norm(echo(seed, factor), axis=1)
    return length[-1] / length[4]


whole, half = ([left(seed, factor) for seed in range(5)] for factor in (1, 0.5))
print("left with U halved:", f"{np.median(half):.0e}")

# %%
claim(
    "In 5 seeds of 16 untrained units more than a quarter of the echo is left after 35 "
    "silent steps.",
    measured=whole,
    above=0.25,
    control={"U halved": half},
)

# %% [markdown]
# ## It invents cities
#
# So an untrained loop already keeps a trace of what it has read, in order. That is enough for a toy that speaks. It reads names of cities letter by letter,
# and after each letter a read-out guesses the next one. The loop stays as random as it is; only $V$ is fitted. It gets 200 units, and an orthogonal $U$ times 0.9, so that
# each step leaves at most nine tenths of what was there: new letters count more than old ones.

# %%
cities = """aberdeen amsterdam antwerp athens barcelona belfast belgrade bergen berlin
bilbao bologna bordeaux bratislava bremen brussels budapest cardiff catania cologne
copenhagen cordoba dortmund dresden dublin dundee edinburgh florence frankfurt geneva
genoa glasgow gothenburg granada grenoble hamburg hanover helsinki istanbul leipzig
lisbon liverpool ljubljana london lyon madrid malaga manchester marseille milan munich
murcia nantes naples nuremberg odessa oslo ostrava oxford palermo paris plymouth porto
prague riga rome rotterdam salzburg sarajevo seville sofia stockholm stuttgart tallinn
toulouse turin valencia venice verona vienna vilnius warsaw zagreb zurich"""
CITIES = cities.split()
LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # a dot stands before a name and behind it


def one_hot(text):
    return np.eye(len(LETTERS))[[LETTERS.index(letter) for letter in text]]


# %% [markdown]
# Each state `h` should lead to the letter that comes next, a one-hot row of `target`. The matrix $V$ for which `h @ V` comes closest to `target`, by least squares, is
# the solution of $(h^\top h)\,V = h^\top\,\text{target}$. (The added 1 on the diagonal keeps $V$ small.)

# %%
rng, m, n = np.random.default_rng(0), len(LETTERS), 200
W, b = rng.normal(size=(m, n)), np.zeros(n)
U = 0.9 * np.linalg.qr(rng.normal(size=(n, n)))[0]
h = np.concatenate([rnn(one_hot("." + city)[None], W, U, b)[0] for city in CITIES])
target = np.concatenate([one_hot(city + ".") for city in CITIES])
V = np.linalg.solve(h.T @ h + np.eye(n), h.T @ target)
print("states", h.shape, "  next letters", target.shape, "  V", V.shape)

# %% [markdown]
# Now let it speak. It begins with a dot; the next letter is drawn at random, the likely ones more often; and what it says is what it
# reads next. Scores by least squares are no probabilities, so they are cut at 0, and the third power lets the likely ones win.

# %%
for _ in range(8):
    h, name = np.zeros((1, n)), "."
    while len(name) < 2 or name[-1] != ".":
        h = step(one_hot(name[-1]), h, W, U, b)
        p = np.maximum(h @ V, 0)[0] ** 3
        name += LETTERS[rng.choice(m, p=p / p.sum())]
    print(name.strip(".").title())

# %% [markdown] slide="output" minutes=2
# ## An untrained loop with a fitted read-out invents cities
#
# Notes: Nothing is trained but the read-out, by least squares, in a fraction of a second. Ask which real cities each was made of. Without the
# state it knows only the last letter.


# %%
def fitted(seed, factor=0.9, n=200, wide=0):
    """The share of next letters that a fitted read-out names right."""
    rng = np.random.default_rng(seed)
    W, b = rng.normal(size=(m, n)), np.zeros(n)
    U = factor * np.linalg.qr(rng.normal(size=(n, n)))[0]
    h = np.concatenate([rnn(one_hot("." + c)[None], W, U, b)[0] for c in CITIES])
    if wide:  # read out of so many fixed, random functions of the state
        h = np.tanh(h @ rng.normal(size=(n, wide)))
    V = np.linalg.solve(h.T @ h + np.eye(h.shape[1]), h.T @ target)
    return np.mean((h @ V).argmax(axis=1) == target.argmax(axis=1))


remembers, forgets = (
    [fitted(seed, factor) for seed in range(3)] for factor in (0.9, 0)
)

# %% [markdown]
# How good is that? A fair rival is a plain table: for each beginning that occurs, the letter that follows it most often. It may look at the last $k$ letters.


# %%
def by_table(k):
    """The share of next letters that the most frequent one after k letters is."""
    followers = {}
    for name in [f".{city}." for city in CITIES]:
        for t in range(1, len(name)):
            followers.setdefault(name[max(0, t - k) : t], []).append(name[t])
    return sum(max(map(f.count, f)) for f in followers.values()) / len(target)


print("table:", {k: round(by_table(k), 2) for k in (1, 2, 3, 20)})
print("units:", {n: round(float(fitted(0, n=n)), 2) for n in (50, 100, 200)})
wide = [round(float(fitted(seed, n=50, wide=600)), 2) for seed in range(3)]
print("50 units, read out of 600 random functions of them:", wide)

# %%
claim(
    "In 3 seeds the read-out of 200 untrained units names more than 6 of 10 next "
    "letters of these cities; with U = 0, which knows only the last letter, it does "
    "not.",
    measured=remembers,
    above=0.6,
    control={"U = 0": forgets},
)

# %% [markdown]
# More than a table of the last two letters, less than one of three. With the whole beginning (20 letters) 78 of 100 is the most that anybody can reach, for *bel* goes on
# to *belfast* and to *belgrade*. Fewer units do worse, but not because they forget: 50 hold all
# beginnings apart, for read out of 600 fixed random functions of them they reach those 78. It is the read-out that runs out of weights.
#
# All of this is about the letters that $V$ was fitted to: it has learnt 83 names, not how cities are called, and some that it says, such as *Dundee*, it has only
# read. Lesson 10 trains whole networks on names. Here the point is another: what the random loop keeps can be read off.
#
# ## A first task: what came first?
#
# Now a task in which order is all that counts. It comes from the paper that introduced the LSTM (Hochreiter and Schmidhuber 1997). There, sequences have at
# least 100 letters; here, $T = 20$: E first, B last, noise of four letters between, and in it two signals, each X or Y at random: the first at
# a position from $T/10$ to $T/5$, the second from $T/2$ to $3T/5$ (counted from 0, ends included, each equally likely). The answer is XX, XY, YX or YY,
# coded 0 to 3; E, B, X, Y and the noise are one-hot, in this order.

# %%
task = TemporalOrder(length=20)
example = task.sample(1, np.random.default_rng(5))

# %%
show(
    plots.task_sample(task, example),
    alt="One sequence of 20 letters, a row for each letter: E first, then noise of a "
    "to d, with one signal near the start and one in the middle, and B at the end. At "
    "the right, the answer that is asked for.",
)

# %% [markdown] slide="figure" minutes=2
# ## Here a sum of the inputs can reach three quarters, no more
#
# Notes: A stream of 20 letters with two signals. Adding up knows XX and YY and tosses a coin between XY and
# YX: right in three quarters of the cases. That is the baseline.

# %% [markdown]
# Guessing is right 1 time in 4. A network that only adds up its inputs can name XX and YY; between XY and YX it must toss a coin. On
# average it is right in $\tfrac14\left(1 + 1 + \tfrac12 + \tfrac12\right) = \tfrac34$ of the cases: whoever does better has used the order.
#
# To see it, we train such a network: a read-out of the sum of the letters. The gradient of a read-out with a softmax is short: the probabilities minus
# the target, one-hot. (Lesson 02 says why.)


# %%
def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def train_on_sums(seed, rate=0.1):
    rng, V, d = np.random.default_rng(seed), np.zeros((8, 4)), np.zeros(4)
    for _ in range(500):
        batch = task.sample(32, rng)
        sums = batch.inputs.sum(axis=1)  # (32, 8): how many of each letter
        error = (softmax(sums @ V + d) - np.eye(4)[batch.targets]) / 32
        V, d = V - rate * sums.T @ error, d - rate * error.sum(axis=0)
    return V, d


# %% [markdown] right=1
# And the recurrent network, with 32 units, three times from other starts. `train` is the package's: for each batch of 32 new sequences it takes
# the gradient of the loss, the mean of $-\log p$ of the right answer, clips it to the norm 1 and lets an optimiser, Adam at rate 0.003, change all weights a little. One batch is one *training step*.
#
# **Predict.** After how many batches will it be right in 99 of 100 cases?
#
# - fewer than 150
# - about 1,000
# - never


# %%
def train_rnn(seed):
    model = SequenceModel.for_task(SimpleRNN(32, seed=seed), task, seed=seed)
    more = {"optimizer": Adam(0.003), "seed": seed, "evaluate_every": 10}
    return model, train(model, task, steps=500, progress=False, **more)


models, histories = zip(*[train_rnn(seed) for seed in (1, 2, 3)])

# %%
show(
    plots.training_panels(
        {"RNN": [(one.steps[:16], one.accuracy[:16]) for one in histories]},
        baseline=0.75,
        baseline_label="adding up",
        ylabel="right answers",
        limits=(0, 1.04),
    ),
    alt="Right answers against training steps up to 150, three starts: from about one "
    "quarter at the beginning they climb past the line of 0.75, which adding up can "
    "reach, to 0.99 or more after 50 to 100 batches.",
)

# %% [markdown] slide="figure" minutes=2
# ## After fifty to a hundred batches it knows the order
#
# Notes: Whoever passes the line of 0.75 has used the order. Three seeds are above
# 0.97 on 2,000 fresh sequences.

# %%
fresh = task.sample(2000, np.random.default_rng(99))
of_rnn = [model.evaluate(fresh).accuracy for model in models]


def right_by_sum(seed):
    V, d = train_on_sums(seed)
    named = (fresh.inputs.sum(axis=1) @ V + d).argmax(axis=1)
    return np.mean(named == fresh.targets)


of_sum = [right_by_sum(seed) for seed in (1, 2, 3)]
print("RNN:", np.round(of_rnn, 2), "  sum:", np.round(of_sum, 2))

# %%
claim(
    "After 500 batches at rate 0.003, from default starts, 3 RNNs are right in 97 of "
    "100 sequences of 20 letters; read-outs of the sum are not.",
    measured=of_rnn,
    above=0.97,
    control={"read-out of the sum": of_sum},
)

# %% [markdown] right=2
# After 50 to 100 batches, at most 3,200 sequences. The sum stays near three quarters, as it must.
#
# ## How it holds on to the first letter
#
# From the first signal to the second there are 5 to 9 letters of noise, and to the end 15 to 17 steps. To see where it is kept, take two sequences that
# differ in that one letter and measure how far apart the states are, step by step.
#
# **Predict.** Will the two drift apart or together?
#
# - apart, untrained and trained
# - together untrained, apart trained
# - together, untrained and trained

# %%
X, Y = 2, 3  # their places among the letters E, B, X, Y, a, b, c, d


def exchanged(x):
    """The sequences with the other first signal, and its step in each of them."""
    other, rows = x.copy(), np.arange(len(x))
    first = task.clues(x).argmax(axis=1)
    other[rows, first, X], other[rows, first, Y] = x[rows, first, Y], x[rows, first, X]
    return other, first


def distance(layer, x):
    layer.build(8)
    weights = layer.get_weights()
    return np.linalg.norm(rnn(x, *weights) - rnn(exchanged(x)[0], *weights), axis=2)


# %%
untrained = [SimpleRNN(32, seed=seed) for seed in (1, 2, 3)]
trained = [model.layer for model in models]
before = np.array([distance(layer, example.inputs)[0] for layer in untrained])
after = np.array([distance(layer, example.inputs)[0] for layer in trained])
first, second = np.flatnonzero(task.clues(example.inputs)[0])

# %%
show(
    plots.state_gap(
        {"trained": after, "untrained": before},
        {first + 1: "X or Y", second + 1: "second signal"},
    ),
    alt="Distance between the two states over 20 steps, three starts. Both are 0 until "
    "the letter at step 3. Untrained, the distance falls from 1.6 to 0.1. Trained, it "
    "rises from 2.5 to about 8 and ends near 6.",
)

# %% [markdown] slide="figure" minutes=3
# ## Trained, the network holds on to the letter
#
# Notes: Two sequences that differ in one letter. Untrained, the states drift together; trained, further
# apart. Only the answer was asked for.

# %% [markdown]
# That is one pair. Now 500 of them: how far apart are the two states at the end, in terms of their distance at the letter?
# Of each trained network the claim takes the smallest of the 500, of each untrained one the largest.


# %%
def grown(layer, x=fresh.inputs[:500]):
    apart, at = distance(layer, x), exchanged(x)[1]
    return apart[:, -1] / apart[np.arange(len(x)), at]


held, faded = ([grown(one) for one in nets] for nets in (trained, untrained))

# %%
claim(
    "Trained on 20 letters (500 batches, rate 0.003, default starts), each of 3 RNNs "
    "ends with more than 1.5 times the letter's first trace, in 500 pairs of 500.",
    measured=[one.min() for one in held],
    above=1.5,
    control={"untrained, largest": [one.max() for one in faded]},
)

# %% [markdown]
# In the untrained networks the trace of the letter fades, as the click did. The trained ones do the opposite: they
# drive the two states further apart, and keep them apart until they are asked.

# %% [markdown]
# ## From a blank file
#
# Close this page, open an empty file, and write the step and the loop around it, show that *rat*, *art* and *tar*
# leave different states, and let the untrained loop invent cities, with nothing fitted but a read-out. NumPy is all
# you need; names and order are yours.
#
# Then compare with this program, which needs nothing of the course.
#
# {blank-file}

# %% [markdown]
# ## Recap
#
# - A sum cannot see order. A **state** that is computed from the input and from itself can.
# - $h = \tanh(x W + h_\text{prev} U + b)$, in a loop, and behind it the read-out, the softmax of $h V + d$: that is a recurrent network.
#   Loop, package and Keras agree on its states to 12 decimals.
# - Data go in as $(B, T, m)$. All steps share the same weights.
# - The state is a memory that is spread over all units. With an orthogonal $U$ it fades slowly; with $U$ halved it is
#   gone within ten steps.
# - Trained, the network holds on to what it will be asked for: here across up to 17 steps. Across a hundred? That
#   is where the trouble begins.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/01_a_recurrent_network_from_scratch.ipynb) has 5 tasks, from
# units that move only half of the way to what a sum can know.
#
# Then [lesson 02](02_backpropagation_through_time.ipynb) shows how the network learns: how the error at the end finds its way
# back through the loop to every step.
#
# To try on your own, in a copy of a cell above:
#
# - Set $u$ to 0.9, to 1 and to 1.5 in *One number that remembers*, and let it run for 50 steps.
# - Give the city machine other names, at least fifty, and draw with a power of 1 or 10 in place of 3. With few names it mostly says those it has read.
# - Train with `TemporalOrder(length=60)`. How many batches does it take now?
# - Give the sum a chance: is there another way to write the words as vectors, so that a plain sum can tell the two
#   sentences apart?

# %% [markdown] slide="words" minutes=2
# ## A loop with a state sees order, and forgets
#
# - A state carries the past to the next step
# - All steps share the same weights
# - By itself the memory fades
# - Training can make it last 17 steps. A hundred?
#
# Notes: The last line is the door to lessons 02 and 03.
