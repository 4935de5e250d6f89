# %% [markdown]
# # 05 · Problems: inside the gates
#
# How long a gate keeps, what one unit knows, and how to find out whether anybody listens to it.
#
# **Lesson.** [05 · Inside the gates](../notebooks/05_inside_the_gates.ipynb)
#
# **Points.** 9 in 4 tasks; about 42 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("time_scale", 1)` in a cell of your own; 2 says more, 3 nearly everything. The last task is
# written in words, and nobody but you (or your teacher) checks it.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import LSTM, Chrono
from course_utils.feedback import check, hint, progress
from course_utils.tasks import FranceSentence
from course_utils.training import Adam, SequenceModel, train

# %% [markdown]
# ## Task 1 · How long a gate keeps (1 point, 3 minutes)
#
# A gate of 0.9 leaves 0.9 of a memory at each step, and after 10 steps about a third. That number of steps is its time scale.


# %% answer="time_scale"
def time_scale(gate):
    """The time scale in steps, for each value of a gate that keeps; any shape."""
    ### BEGIN SOLUTION
    return 1 / (1 - gate)
    ### END SOLUTION


# %%
check("time_scale", time_scale)

# %% [markdown] tags=["solution-only"]
# What is lost in a step is `1 - gate`, and the time scale is its inverse. A gate of 0.5 keeps for 2 steps, one of 0.99 for 100: from 0.9 to 0.99 looks like little,
# and is ten times as long. (Exactly, $f^k = 1/e$ gives $k = -1/\ln f$; near 1 the two agree.)

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
# ## Task 3 · Clamp a unit (1 point, 4 minutes)
#
# To take a unit out of service, one gives it a fixed value, for all sequences and all steps, and leaves everything else alone. The caller still needs the
# states as they were.


# %% answer="clamp_unit"
def clamp_unit(h, unit, value):
    """A copy of h (B, T, n) in which this unit has this value everywhere."""
    ### BEGIN SOLUTION
    clamped = h.copy()
    clamped[:, :, unit] = value
    return clamped
    ### END SOLUTION


# %%
check("clamp_unit", clamp_unit)

# %% [markdown] tags=["solution-only"]
# Units are the last axis of (B, T, n). Without `.copy()` the function would change the array of whoever calls it, and the comparison of *before* and *after* would compare
# an array with itself.

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
# 2. I clamp unit 7 to its mean over all sentences, which takes away what it tells and leaves its size alone, and count the right answers. I compare with the network as it is, and
#    with the same done to each of the other units, over several seeds.
# 3. For the France neuron: clamping unit 7 takes the answers down to guessing, and clamping any other unit hardly changes them. Against it: unit 7 is one of many whose
#    loss costs little, or other units cost more.
# 4. The memory may be spread over many units, so that each one alone can be missed; then clamping single units shows nothing although all of them are used. And a clamped
#    unit sends the network into states that it never met in training, so an error need not mean that the country was lost.

# %% tags=["solution-only"]
task = FranceSentence(20)
layer = LSTM(32, seed=1, bias_initializer=Chrono(20))
model = SequenceModel.for_task(layer, task, seed=1)
train(model, task, steps=250, optimizer=Adam(0.01), seed=1, progress=False)
batch = task.sample(480, np.random.default_rng(9))
model.predict(batch.inputs)
h = layer.trace()["h"][:, -1:]

# %% tags=["solution-only"]
known, asked = np.split(batch.targets, 2)
values, new = np.split(h[:, 0], 2)
read = [nearest_mean(values[:, k], known, new[:, k]) == asked for k in range(32)]
knows = np.mean(read, axis=1)


def right_without(unit):
    clamped = clamp_unit(h, unit, h[:, :, unit].mean())
    return np.mean(model.head(clamped[:, 0]).argmax(axis=1) == batch.targets)


left = np.array([right_without(unit) for unit in range(32)])

# %% tags=["solution-only"]
print("more than 20 of 32 units know it in 3 of 10 cases:", np.sum(knows > 0.3) > 20)
print("without any one unit, 7 of 10 answers are right:  ", left.min() > 0.7)

# %% [markdown] tags=["solution-only"]
# In this network, trained for a few seconds with 20 words in between, many units know the country, and no single one is needed: clamp any of them, just before the
# answer is read, and most answers stay right. Here at least there is no France neuron. The memory is a pattern, and a pattern bears the loss of one of its parts.
#
# How to mark an answer: one point each for a baseline and the other units, for an intervention with a comparison, for results on both sides named beforehand, and for an
# objection that would really change the conclusion.

# %%
progress()
