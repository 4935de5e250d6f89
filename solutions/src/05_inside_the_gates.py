# %% [markdown]
# # 05 · Problems: inside the gates
#
# A bias for a time scale, what one unit knows, and how to find out whether anybody listens to it.
#
# **Lesson.** [05 · Inside the gates](../notebooks/05_inside_the_gates.ipynb)
#
# **Points.** 12 in 4 tasks; about 53 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("forget_bias_for_lag", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import LSTM, Chrono
from course_utils.feedback import check, hint, progress
from course_utils.tasks import FranceSentence
from course_utils.training import Adam, SequenceModel, train


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## Task 1 · A forget bias for a time scale (2 points, 6 minutes)
#
# Before training, the forget gate stands near $f = \sigma(b_f)$, and a memory lasts about $1 / (1 - f)$ steps. Which bias makes that just `lag` steps?
#
# **Think first.** For 10 steps, for 100, for 1,000: does the bias grow tenfold each time, by the same amount each time, or hardly at all?


# %% answer="forget_bias_for_lag"
def forget_bias_for_lag(lag):
    """The bias b with 1 / (1 - sigmoid(b)) = lag."""
    ### BEGIN SOLUTION
    return np.log(lag - 1)
    ### END SOLUTION


# %%
check("forget_bias_for_lag", forget_bias_for_lag)

# %% tags=["solution-only"]
for lag in (4, 10, 100, 1000):
    bias = forget_bias_for_lag(lag)
    print(f"{lag:5,} steps: bias {bias:.2f}, gate {sigmoid(bias):.3f}")

# %% [markdown] tags=["solution-only"]
# $1 - \sigma(b) = 1 / (1 + e^{b})$, so $1 / (1 - f) = 1 + e^{b}$, and $b = \ln(\text{lag} - 1)$. Ten times the lag costs 2.3 more each time, since $\ln 10 = 2.3$.
# Keras's bias of 1 stands for $1 + e = 3.7$ steps. Chrono initialisation (lessons 05 and 07) is this formula, with a lag drawn at random for each unit.

# %% [markdown]
# ## Task 2 · What one unit knows (3 points, 10 minutes)
#
# In the lesson, a single unit was asked for the country: take the mean of its value for each of the countries, over sentences where the country is known; then name, for
# a new value, the country whose mean is nearest. Write this for any values and classes.


# %% answer="nearest_mean"
def nearest_mean(known, classes, asked):
    """For each value asked (M,), the number of the class whose mean value is nearest.

    known (N,) values, classes (N,) their classes: whole numbers from 0, none left out.
    """
    ### BEGIN SOLUTION
    count = classes.max() + 1
    means = np.array([known[classes == k].mean() for k in range(count)])
    return np.abs(asked[:, None] - means).argmin(axis=1)
    ### END SOLUTION


# %%
check("nearest_mean", nearest_mean)

# %% [markdown] tags=["solution-only"]
# `asked[:, None]` is a column, `means` a row, so their difference is a table with one row for each value and one column for each class; the smallest number of a row says
# which class is nearest. Nothing here is trained: that is why a high score of this simple reader says something about the unit, not about the reader.

# %% [markdown]
# ## Task 3 · Hold a unit (3 points, 12 minutes)
#
# To see what a unit is needed for, one gives it a fixed value while the network reads. Overwriting a recorded state afterwards would come too late: by then the other units have
# read it. So the value is set **inside the loop**: at each step compute $c$, set the unit, then read $h$ off this $c$. The network begins with zeros; blocks stand in the
# order i, f, g, o.


# %% answer="clamp_unit"
def clamp_unit(x, W, U, b, unit, value):
    """States h (B, T, n) of an LSTM whose c has this value in this unit at all steps.

    x (B, T, m), W (m, 4n), U (n, 4n), b (4n,); unit from 0.
    """
    ### BEGIN SOLUTION
    h = c = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        a_i, a_f, a_g, a_o = np.split(x[:, t] @ W + h @ U + b, 4, axis=1)
        c = sigmoid(a_f) * c + sigmoid(a_i) * np.tanh(a_g)
        c[:, unit] = value
        h = sigmoid(a_o) * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %%
check("clamp_unit", clamp_unit)

# %% [markdown] tags=["solution-only"]
# One line in the loop, between `c` and `h`. From then on everybody sees the held value: `h` of this step, and through $U$ all gates of the next. `c[:, unit] = value` changes an array that this
# step has just made, so no caller's array is touched.

# %% [markdown]
# ## Task 4 · Knowing and deciding (4 points, 25 minutes)
#
# *Unit 7 of my network is the France neuron: from its value alone one can tell the country in 95 of 100 sentences.* What has been shown, and what has not?
#
# Write, in about ten sentences:
#
# 1. what the figure of 95 shows, and against which baseline;
# 2. an experiment that tests whether the network **uses** unit 7 for its answer: what you change, what you compare it with;
# 3. which results would speak for the France neuron, and which against it;
# 4. a reason why your own experiment could mislead.
#
# One point for each of the four. Your `nearest_mean` and `clamp_unit` will do for running it.

# %% [markdown] answer="05-deciding"
# 1. It shows that the country can be read off unit 7; guessing is right in 8 of 100. It does not show that unit 7 is the only one, nor that the network reads it. I would
#    run the same reader on all other units: in the lesson nearly every unit knew the country.
# 2. I hold $c$ of unit 7 at its mean over all sentences, while the network reads, which takes away what it tells and leaves its size alone, and count the right answers. I compare with the network as it is, and
#    with the same done to each of the other units, over several seeds.
# 3. For the France neuron: holding unit 7 takes the answers down to guessing, and holding any other unit hardly changes them. Against it: unit 7 is one of many whose
#    loss costs little, or other units cost more.
# 4. The memory may be spread over many units, so that each one alone can be missed; then holding single units shows nothing although all of them are used. And a held
#    unit sends the network into states that it never met in training, so an error need not mean that the country was lost.

# %% tags=["solution-only"]
task = FranceSentence(20)
layer = LSTM(32, seed=1, bias_initializer=Chrono(20))
model = SequenceModel.for_task(layer, task, seed=1)
train(model, task, steps=250, optimizer=Adam(0.01), seed=1, progress=False)
batch = task.sample(480, np.random.default_rng(9))
model.predict(batch.inputs)
c = layer.trace()["c"]

# %% tags=["solution-only"]
known, asked = np.split(batch.targets, 2)
values, new = np.split(c[:, 20], 2)
read = [nearest_mean(values[:, k], known, new[:, k]) == asked for k in range(32)]
knows = np.mean(read, axis=1)


def right_without(unit):
    h = clamp_unit(batch.inputs, *layer.get_weights(), unit, c[:, :, unit].mean())
    return np.mean(model.head(h[:, -1]).argmax(axis=1) == batch.targets)


left = np.array([right_without(unit) for unit in range(32)])

# %% tags=["solution-only"]
print("more than 20 of 32 units know it in 3 of 10 cases:", np.sum(knows > 0.3) > 20)
print(
    "with the worst unit held, less than half of the answers are right:",
    left.min() < 0.5,
)

# %% [markdown] tags=["solution-only"]
# In this network, trained for a few seconds with 20 words in between, many units know the country, and yet one of them, held at its mean, costs more than half of the answers. Have we found
# the France neuron? Reason 4 says: not yet. Held from the first word on, the unit is full before the country comes, and the lesson showed that a memory which is not empty then does harm by
# itself. A transplant of the unit from another sentence, after the country, has no such fault.
#
# How to mark an answer: one point each for a baseline and the other units, for an intervention with a comparison, for results on both sides named beforehand, and for an
# objection that would really change the conclusion.

# %%
progress()
