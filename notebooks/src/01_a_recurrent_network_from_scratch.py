# %% [markdown]
# # 01 · A recurrent network from scratch
#
# A sentence is more than the heap of its words. This lesson builds the smallest network that knows the
# difference, in a few lines of NumPy, and follows it until it has learnt something.
#
# ## What you will learn
#
# - Why a network that adds up its inputs cannot read a sentence, and what a *state* changes.
# - To write a recurrent network as a loop, and to show that the course's package and Keras compute the very
#   same numbers.
# - What the state holds, how many weights there are, and what the three axes of the data mean.
# - To train such a network until it can tell *first X, then Y* from *first Y, then X*.
#
# ## What you need
#
# Python, NumPy arrays and matrix products. No calculus yet: how such a network learns is the matter of
# lesson 02.
#
# **Time.** About 40 minutes; its cells run in 15 s.

# %% tags=["setup"]
import numpy as np

from course_utils import plots
from course_utils.cells import SimpleRNN
from course_utils.claims import claim
from course_utils.plots import show
from course_utils.tasks import TemporalOrder
from course_utils.training import Adam, SequenceModel, train

# %% [markdown]
# ## Does a sum know the order?
#
# *Dog bites man* is no news. *Man bites dog* is. The words are the same three; only their order differs.
#
# **Question.** What must a network have, so that it can tell these two sentences apart?
#
# Let every word be a vector with a single 1 in it, at its own place in the vocabulary (a **one-hot** vector). The
# shortest way to turn a sentence of any length into one vector is to add up its words.
#
# **Predict.** Will the two sentences get the same vector, or two different ones?

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

# %% [markdown]
# The same vector: a sum does not ask in what order its terms came. Whatever is computed from it afterwards,
# however clever, must answer both sentences alike.

# %%
same = np.array_equal(dog_bites_man.sum(axis=0), man_bites_dog.sum(axis=0))
claim("Added up, 'dog bites man' and 'man bites dog' are the same vector.", same)

# %% [markdown]
# To tell the two apart, a network has to read word by word, and what it has read so far must change what it
# makes of the next word. So it needs something that stays from one word to the next. That is its **state**.
#
# ## One number that remembers
#
# The smallest state is a single number, $h$. At every step it is computed anew from two things: the input
# $x$ of this step, and its own value one step before.
#
# $$h = \tanh(w\,x + u\,h_\text{prev} + b)$$
#
# The weight $w$ says how much the input counts, $u$ says how much the past counts, and $b$ shifts the
# balance. The function tanh presses the result between −1 and 1. Because $h$ goes back into its own
# computation, such a network is called **recurrent**. It starts at $h = 0$.
#
# Let us send it a single 1 and then silence, with $w = 1$, $u = 0.5$ and $b = 0$.
#
# **Predict.** After the first step $h$ is $\tanh(1) \approx 0.76$. What is left of that after two silent
# steps: all of it, about a half, about a quarter, or nothing?

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
# About a quarter. Each silent step leaves about $u = 0.5$ of what was there, and tanh takes a little more.
# So the state is a memory, and this memory fades.

# %%
claim(
    "With w = 1 and u = 0.5, two silent steps leave less than a quarter of h.",
    h < 0.25 * np.tanh(1),
)

# %% [markdown]
# How fast a memory fades, and what can be done about it, is what this whole course is about.
#
# ## Drawn out in time
#
# A loop is hard to draw. So the same cell is drawn once for every step, and an arrow carries the state from
# each copy to the next. This is called **unrolling**. It is still a single cell: all copies share the
# same weights.

# %%
show(
    plots.unrolled(3, words=["1", "0", "0"], outputs="none"),
    alt="Three copies of one cell in a row. The inputs 1, 0, 0 enter from below; an "
    "arrow takes the state from each copy to the next.",
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
# | symbol | shape | what it is | name in Keras |
# |---|---|---|---|
# | $x$ | $m$ | the input of this step | |
# | $h_\text{prev}$, $h$ | $n$ | the state before and after this step | |
# | $W$ | $m \times n$ | from the inputs to the units | `kernel` |
# | $U$ | $n \times n$ | from the units to the units | `recurrent_kernel` |
# | $b$ | $n$ | one number for each unit | `bias` |
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

# %% [markdown] slide="figure" minutes=2
# ## Input and past meet in a sum; tanh makes the new state
#
# Notes: Let somebody say the equation along the wires.

# %% [markdown]
# A network is this line, repeated over time. Nobody sends one sequence at a time, though: a **batch** of
# sequences goes through together, each with a state of its own. So the data have three axes, and in this course
# as in Keras they always stand in this order:
#
# | axis | letter | in our example |
# |---|---|---|
# | which sequence of the batch | $B$ | 2 |
# | which step in time | $T$ | 3 |
# | which number of the input | $m$ | 3 |

# %%
rng = np.random.default_rng(1)
x = rng.normal(size=(2, 3, 3))
W, U, b = rng.normal(size=(3, 2)), rng.normal(size=(2, 2)), rng.normal(size=2)

# %% [markdown]
# The function below runs the loop and keeps the state after every step.
#
# **Predict.** With 2 sequences, 3 steps and 2 units: what is the shape of its result, and how many numbers is
# that?

# %% [markdown] slide="predict" minutes=2
# ## 2 sequences, 3 steps, 2 units: how many numbers come out?
#
# - 2
# - 6
# - 12
#
# Answer: 12: (2, 3, 2) is sequence, step, unit.
#
# Notes: Data have three axes, in this order: which sequence of the batch, which step in time, which number.
# Let them say the order back to you.


# %%
def rnn(x, W, U, b):
    h = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h = step(x[:, t], h, W, U, b)
        states.append(h)
    return np.stack(states, axis=1)


by_loop = rnn(x, W, U, b)
print(by_loop.shape, "so", by_loop.size, "numbers:")
print(by_loop.round(3))

# %% [markdown] slide="code" minutes=3 lines="2-7"
# ## A line and a loop around it are the whole network
#
# Notes: Go through it line by line, with shapes. h starts at zero, one row for each sequence.

# %% [markdown]
# The shape is $(B, T, n) = (2, 3, 2)$: one block for each sequence, one row for each step. This function, with
# the one line of `step`, is the whole network.
#
# ## The same twelve numbers, three times
#
# Is our loop right? Two others have written the same network. The course has its own cells in
# `course_utils.cells`: NumPy like ours, but faster, with every option that Keras has, and able to learn. And there
# is Keras. Both keep their weights in the order kernel, recurrent kernel, bias, so we can give them ours.
#
# **Predict.** How close will loop and package be: equal to the last bit, to about 15 digits, or to about 7?

# %%
layer = SimpleRNN(2, return_sequences=True, dtype="float64")
layer.set_weights([W, U, b])
by_package = layer(x)
for digits in (7, 15):
    print(
        f"equal to {digits} digits:", np.abs(by_package - by_loop).max() < 10.0**-digits
    )

# %% [markdown]
# To about 15 digits. The package adds up the same products in another order, and each sum is rounded to the 16
# digits that a number of 64 bits carries. With 32 bits, the default here and in Keras, 7 digits are left.
#
# Now Keras. Loading it takes a few seconds.

# %%
from course_utils.keras_bridge import keras

keras_layer = keras.layers.SimpleRNN(2, return_sequences=True, dtype="float64")
keras_layer.build(x.shape)
keras_layer.set_weights([W, U, b])
by_keras = keras_layer(x).numpy()
print(by_keras.round(3))


# %%
def equal(one, other):
    return np.abs(one - other).max() < 1e-12


claim(
    "The loop and the package give the same 12 numbers to 12 decimals.",
    equal(by_loop, by_package),
)
claim(
    "The loop and Keras give the same 12 numbers to 12 decimals.",
    equal(by_loop, by_keras),
)

# %% [markdown] slide="bars" minutes=2
# ## Your loop is Keras's layer
#
# - loop and package: 12 decimals
# - loop and Keras: 12 decimals
#
# So far at least the 12 numbers agree.
#
# Notes: To about 15 digits: the same products are added up in another order. With 32 bits, the default, 7
# digits are left.

# %% [markdown]
# From here on we use the package. It holds the same equation: `course_utils/cells/simple_rnn.py` shows it forward
# and backward on one screen.
#
# One thing to know about both: by default a layer returns only the **last** state, one row for each sequence.
# That is enough for a question at the end. With `return_sequences=True` it returns the state after every step.
#
# ## Counting weights
#
# **Predict.** Our layer has 3 inputs and 2 units. How many weights is that? And how many would it be if the
# sequences had 300 steps instead of 3?

# %% [markdown] slide="predict" minutes=2
# ## 3 inputs, 2 units. With 300 steps instead of 3, how many weights more?
#
# - none
# - 100 times as many
#
# Answer: None: all steps share the 12 weights.
#
# Notes: mn + n² + n, and the number of steps does not occur in it. A long sequence costs more time, but not
# one weight more.


# %%
def count(m, n):
    return m * n + n * n + n


print("W:", W.size, "  U:", U.size, "  b:", b.size, "  together:", count(3, 2))

# %%
claim(
    "A SimpleRNN with 3 inputs and 2 units has 12 weights.",
    layer.count_params() == count(3, 2) == 12,
)

# %% [markdown]
# Twelve once more, this time by chance. The number of steps does not occur in $mn + n^2 + n$, because all steps
# share the same weights. So one network reads sequences of any length, and a long sequence costs more
# time but not one weight more.

# %%
larger = SimpleRNN(64, seed=0)
shapes = [larger(rng.normal(size=(1, steps, 128))).shape for steps in (3, 300)]
claim("One layer reads sequences of 3 and of 300 steps.", shapes == [(1, 64), (1, 64)])
claim(
    "With 128 inputs and 64 units it has 12,352 weights.",
    larger.count_params() == count(128, 64) == 12_352,
)

# %% [markdown]
# ## Now the order counts
#
# Back to the dog and the man. A network with random weights, untrained, reads the two sentences word by word.
# (`[None]` makes a batch of one sentence.)
#
# **Predict.** Will its final states be equal, or different?

# %%
reader = SimpleRNN(4, seed=0)
print("dog bites man:", reader(dog_bites_man[None])[0].round(2))
print("man bites dog:", reader(man_bites_dog[None])[0].round(2))

# %% [markdown] slide="output" minutes=2
# ## Untrained, and already it hears the order
#
# Notes: Each word meets a state that depends on all the words before it. Training only has to make use of
# that.

# %% [markdown]
# Different, before anything has been learnt. The loop alone makes order visible: each word meets a state
# that depends on all the words before it. Training only has to make use of that.


# %%
def gap(seed):
    reader = SimpleRNN(4, seed=seed)
    return np.linalg.norm(reader(dog_bites_man[None]) - reader(man_bites_dog[None]))


smallest = min(gap(seed) for seed in range(20))
claim(
    "For each of 20 random starts, the two final states differ by more than 0.1.",
    smallest > 0.1,
)

# %% [markdown]
# ## What the state holds
#
# Let us look inside. A network of 16 units, untrained, hears one click at step 5 and then silence. We draw its
# units as rows and the steps as columns.
#
# **Predict.** What will the picture show after the click: nothing, a pattern that stands still, or a pattern
# that changes?

# %%
click = np.zeros((1, 40, 1))
click[0, 4] = 1  # steps count from 1, Python's positions from 0
listener = SimpleRNN(16, return_sequences=True, seed=1)
states = listener(click)[0]

# %%
show(
    plots.states_heatmap(states, title="16 untrained units hear a click at step 5"),
    alt="Heat map of 16 units over 40 steps: white before the click at step 5, then a "
    "pattern of positive and negative values that changes from step to step and slowly "
    "grows paler.",
)

# %% [markdown] slide="figure" minutes=3 crop="0 6.6 88.3 68.95, 0 90 88.3 100" alt="Heat map of twelve units over 40 steps: white before the click at step 5, then a pattern of positive and negative values that changes from step to step and slowly grows paler."
# ## No single unit is the memory; the vector is
#
# Twelve of 16 untrained units; a click at step 5. Orange is positive, blue negative.
#
# Notes: Ask before: nothing, a pattern that stands still, or one that changes? U mixes the units anew at
# every step, so the echo wanders through all of them.

# %% [markdown]
# A pattern that changes. The matrix $U$ mixes the units anew at every step, so the echo of the click wanders
# through all of them. No single unit is the memory; the vector as a whole is. And it grows paler only slowly.

# %%
length = np.linalg.norm(states, axis=1)
claim("Before the click every unit is exactly 0.", np.all(states[:4] == 0))
claim(
    "After 35 silent steps more than a quarter of the echo is left (one seed).",
    length[-1] > 0.25 * length[4],
)

# %% [markdown]
# That is no accident. Keras, and our package with it, starts $U$ as an **orthogonal** matrix. Such a matrix
# turns a vector without making it shorter, so that only tanh takes something away.
#
# **Predict.** We halve every number in $U$. How much of the echo will be left after 35 silent steps: a half, a
# hundredth, or less than a billionth?

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
listener.weights["recurrent_kernel"] *= 0.5
halved = np.linalg.norm(listener(click)[0], axis=1)
print(f"left with U:     {length[-1] / length[4]:.1f}")
print(f"left with U / 2: {halved[-1] / halved[4]:.0e}")

# %% [markdown]
# Less than a billionth: a half, 35 times over, is $0.5^{35} \approx 3 \cdot 10^{-11}$. A factor that looks
# harmless for one step becomes enormous over many. Lesson 03 measures what that does to learning.

# %%
claim(
    "With U halved, less than a billionth of the echo is left after 35 steps.",
    halved[-1] < 1e-9 * halved[4],
)

# %% [markdown]
# ## A first task: what came first?
#
# Time to learn something. The course brings small tasks that make their own data. This one comes from the paper
# that introduced the LSTM (Hochreiter and Schmidhuber 1997). There, sequences have at least 100 letters; here, 20.

# %%
task = TemporalOrder(length=20)
print(task.describe())

# %%
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
# Guessing is right 1 time in 4. And a network that only adds up its inputs? It would know how many X and how many Y
# there were, and nothing of their order.
#
# It can name XX and YY. Between XY and YX it must toss a coin. On average it is right in
# $\tfrac14\left(1 + 1 + \tfrac12 + \tfrac12\right) = \tfrac34$ of the cases. That is our baseline: whoever does
# better has used the order.
#
# **Predict.** A recurrent network of 32 units now sees batches of 32 fresh sequences. How many batches until it
# is right in 99 of 100 cases: about 50, about 1,000, or never? (It takes less than a second.)

# %%
model = SequenceModel.for_task(SimpleRNN(32, seed=0), task)
history = train(
    model,
    task,
    steps=500,
    optimizer=Adam(3e-3),
    stop_when=lambda metrics: metrics.accuracy >= 0.99,
    evaluate_every=10,
)

# %%
show(
    plots.training_curves(
        {"RNN": (history.steps, history.accuracy)},
        baseline=0.75,
        baseline_label="adding up",
        ylabel="accuracy",
        title="Right answers on 256 held-out sequences",
    ),
    alt="Accuracy against training steps: from about one quarter at the start it "
    "climbs past the line of 0.75, which adding up can reach, to 0.99 or more after "
    "about 50 steps.",
)

# %% [markdown] slide="figure" minutes=2
# ## After about fifty steps it knows the order
#
# Notes: Whoever passes the line of 0.75 has used the order. One run is an anecdote: three seeds are above
# 0.97 on 2,000 fresh sequences.

# %% [markdown]
# About 50: some 1,600 sequences. One run is an anecdote, though. So three times more, with other starting weights,
# other sequences and 500 batches, and then a test on 2,000 sequences that none of the networks has seen.


# %%
def trained(seed):
    model = SequenceModel.for_task(SimpleRNN(32, seed=seed), task, seed=seed)
    train(model, task, steps=500, optimizer=Adam(3e-3), seed=seed, progress=False)
    return model


fresh = task.sample(2000, np.random.default_rng(99))
models = [trained(seed) for seed in (1, 2, 3)]
accuracies = [model.evaluate(fresh).accuracy for model in models]
print("accuracy:", np.round(accuracies, 2))

# %%
claim(
    "All of 3 seeds are above 0.97 on 2,000 fresh sequences; adding up reaches 0.75.",
    min(accuracies) > 0.97,
)

# %% [markdown]
# ## How it holds on to the first letter
#
# The first signal has to survive some ten letters of noise. To see where it is kept, take two sequences that
# differ in that one letter and measure how far apart the network's states are, step by step.
#
# **Predict.** In an untrained network, will the two drift apart or together? And in a trained one?

# %%
with_x = example.inputs
signal = task.clues(with_x)[0].argmax()
with_y = with_x.copy()
with_y[0, signal] = with_x[0, signal, [0, 1, 3, 2, 4, 5, 6, 7]]  # X and Y swapped


def distance(layer):
    states = []
    for sequence in (with_x, with_y):
        layer(sequence)
        states.append(layer.trace()["h"][0])
    return np.linalg.norm(states[0] - states[1], axis=1)


before = [distance(SimpleRNN(32, seed=seed)) for seed in (1, 2, 3)]
after = [distance(model.layer) for model in models]
steps = np.arange(1, 21)

# %%
show(
    plots.training_curves(
        {"trained": (steps, after), "untrained": (steps, before)},
        xlabel="step of the sequence",
        ylabel="distance of the two states",
        title="What one different letter leaves in the state (3 seeds)",
    ),
    alt="Distance between the two states over 20 steps, median and range of 3 seeds. "
    "Both are 0 until the letter at step 3. Untrained, the distance falls from 1.6 to "
    "0.1. Trained, it rises from 2.5 to about 8 and ends near 6.",
)

# %% [markdown] slide="figure" minutes=3
# ## Trained, the network holds on to the letter
#
# Notes: Two sequences that differ in one letter. Untrained, the states drift together; trained, further
# apart. Nobody told them to: holding on was the way to answer.

# %% [markdown]
# In the untrained networks the trace of the letter fades, as the click did. The trained ones do the opposite: they
# drive the two states further apart, and keep them apart until they are asked. Nobody told them to. Holding on to that
# letter was the way to answer.

# %%
fades = all(d[-1] < 0.3 * d[signal] for d in before)
kept = all(d[-1] > 1.5 * d[signal] for d in after)
claim(
    "Untrained, less than a third of the letter's trace is left at the end (3 seeds).",
    fades,
)
claim(
    "Trained, the trace at the end is more than 1.5 times that at the letter (3 "
    "seeds).",
    kept,
)

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
# - $h = \tanh(x W + h_\text{prev} U + b)$, in a loop: that is a recurrent network, and the loop, our package and
#   Keras agree on it to 12 decimals and more.
# - Data go in as $(B, T, m)$. All steps share the $mn + n^2 + n$ weights.
# - The state is a memory that is spread over all units, and by itself it fades. How fast depends on $U$, and a small
#   change of $U$ makes an enormous difference after many steps.
# - Trained, the network holds on to what it will be asked for: here across ten steps. Across a hundred? That
#   is where the trouble begins.
#
# ## Where to go next
#
# Next, try what you learned: [the problem set](../exercises/01_a_recurrent_network_from_scratch.ipynb) has 4 tasks, from the
# one line of a step to a loop with a bug.
#
# Then [lesson 02](02_backpropagation_through_time.ipynb) shows how the network learns: how the error at the end finds its way
# back through the loop to every step.
#
# To try on your own, in a copy of a cell above:
#
# - Set $u$ to 0.9, to 1 and to 1.5 in *One number that remembers*, and let it run for 50 steps.
# - Train with `TemporalOrder(length=60)`. How many steps does it take now?
# - Give the sum a chance: is there another way to write the words as vectors, so that a plain sum can tell the two
#   sentences apart?

# %% [markdown] slide="words" minutes=2
# ## A loop with a state sees order, and forgets
#
# - A state carries the past to the next step
# - All steps share the same weights
# - By itself the memory fades
# - Training can make it last ten steps. A hundred?
#
# Notes: The last line is the door to lessons 02 and 03.
