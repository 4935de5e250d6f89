# %% [markdown]
# # 01 · Problems: a recurrent network from scratch
#
# Units that go half of the way, a sequence with gaps, the number of weights, a bug that NumPy makes easy, and what a sum can know.
#
# **Lesson.** [01 · A recurrent network from scratch](../notebooks/01_a_recurrent_network_from_scratch.ipynb)
#
# **Points.** 6 in 5 tasks; about 34 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("rnn_step", 1)` in a cell of your own; 2 says more, 3 nearly everything. An answer may use the
# answers above it.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress

# %% [markdown]
# ## Task 1 · Half of the way (1 point, 5 minutes)
#
# The step of the lesson throws the old state away and puts a new one in its place: all the old state can do is speak in the sum. Some networks are built of
# slower units (*leaky* ones, Jaeger and others 2007): they move only a part of the way from the old state to the one that the lesson's step would make. Here it is
# **half of the way**.
#
# Close the lesson and write this step.
#
# **Think first.** Will such a unit keep a click for longer than the lesson's, or for less long?


# %% answer="rnn_step"
def rnn_step(x, h_prev, W, U, b):
    """The new state (B, n), half of the way to the one of the lesson's step.

    x (B, m), h_prev (B, n), W (m, n), U (n, n), b (n,).
    """
    ### BEGIN SOLUTION
    new = np.tanh(x @ W + h_prev @ U + b)
    return (h_prev + new) / 2
    ### END SOLUTION


# %%
check("rnn_step", rnn_step)

# %% tags=["solution-only"]
fast = slow = np.zeros((1, 1))
w, u, b = np.ones((1, 1)), 0.5 * np.ones((1, 1)), np.zeros(1)
for x in (1, 0, 0):
    fast = np.tanh(x * w + fast @ u + b)
    slow = rnn_step(x * w, slow, w, u, b)
    print(f"x = {x}   lesson's unit {fast[0, 0]:.2f}   half way {slow[0, 0]:.2f}")

# %% [markdown] tags=["solution-only"]
# Longer: of 0.38 it has 0.21 left after two silent steps, more than a half, where the lesson's unit has a quarter. What it pays is that it takes in only half of the
# click. A state that is passed on *beside* the tanh is the idea that LSTM and GRU are built on; there a gate says how much.

# %% [markdown]
# ## Task 2 · A sequence with gaps (1 point, 10 minutes)
#
# A sequence is read step by step, and each step starts from the state that the step before has left. This loop does not begin with
# zeros but where another one stopped, with `h0`, and its units are those of Task 1. Now some sequences of the batch have **gaps**: a sensor was silent, or a sentence is shorter than the
# others and was filled up. Where `mask` is False there is nothing to read, whatever stands in `x`, and the state of this sequence stays as it is; the others of the batch go on.
#
# Give back the states after **every** step.


# %% answer="rnn_forward"
def rnn_forward(x, mask, h0, W, U, b):
    """The states after every step, (B, T, n).

    x (B, T, m), mask (B, T) of True and False, h0 (B, n) the state before the first
    step, W (m, n), U (n, n), b (n,).
    """
    ### BEGIN SOLUTION
    h, states = h0, []
    for t in range(x.shape[1]):
        new = rnn_step(x[:, t], h, W, U, b)
        h = np.where(mask[:, t, None], new, h)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %%
check("rnn_forward", rnn_forward)

# %% [markdown] tags=["solution-only"]
# `x[:, t]` is what all sequences read at step t, (B, m); `mask[:, t, None]` is (B, 1), one True or False for all units of a sequence. All of them make the step, and where there is a gap
# the old state is taken in place of the new one. The name `h` is given to a new array in each round, so the list holds T different
# arrays. `np.stack(..., axis=1)` puts them side by side along a new axis in the middle: batch, time, units. Keras's layers do the same with a mask (lesson 08).

# %% [markdown]
# ## Task 3 · Counting weights (1 point, 3 minutes)
#
# In the lesson, 3 inputs and 5 units had 45 weights. Now for all $m$ and $n$.
#
# **Think first.** If a layer gets twice as many units, does it get twice as many weights, four times as many, or something between?


# %% answer="rnn_params"
def rnn_params(m, n):
    """The number of weights of a SimpleRNN with m inputs and n units."""
    ### BEGIN SOLUTION
    return m * n + n * n + n
    ### END SOLUTION


# %%
check("rnn_params", rnn_params)

# %% tags=["solution-only"]
for m, n in ((8, 64), (8, 128), (512, 64), (512, 128)):
    print(f"{m:3} inputs, {n:3} units: {rnn_params(m, n):7,} weights")

# %% [markdown] tags=["solution-only"]
# $W$ has $m \cdot n$ numbers, $U$ has $n \cdot n$ and $b$ has $n$. Twice the units make four times as many numbers in $U$, but only twice as many in $W$ and $b$.
# So it is something between: with 8 inputs, where $U$ has nearly all the weights, 3.8 times; with 512 inputs 2.2 times.

# %% [markdown]
# ## Task 4 · Find the bug: the loop that repeats itself (2 points, 8 minutes)
#
# This loop runs, the shapes are right, and the last state is right, so a network that is asked only at the end answers as it should. The loop
# is wrong all the same. Run it on a small input of your own, look, and mend it.
#
# (It starts from zeros and needs no `h0`.)


# %% tags=["starter"]
def mend_rnn_loop(x, W, U, b):
    """The states after every step, (B, T, n), from h = 0."""
    h = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h[:] = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


# %% tags=["solution-only"]
rng = np.random.default_rng(0)
ones = np.ones((1, 3, 1))
print(mend_rnn_loop(ones, *(rng.normal(size=s) for s in ((1, 2), (2, 2), 2))).round(2))


# %% answer="mend_rnn_loop"
def mend_rnn_loop(x, W, U, b):
    """The states after every step, (B, T, n), from h = 0."""
    ### BEGIN SOLUTION
    h = np.zeros((len(x), len(U)))
    states = []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)
    ### END SOLUTION


# %%
check("mend_rnn_loop", mend_rnn_loop)

# %% [markdown] tags=["solution-only"]
# Three equal rows: that is how the bug looks. `h[:] = ...` writes new numbers **into** the one array that exists since the first line, and the list
# holds this same array T times. After the last step all of them show the last state. `h = ...`, without the brackets, gives the name to a new
# array and leaves the old ones alone; `states.append(h.copy())` would do too.
#
# A test that looks only at the last state cannot see this. Look at all the numbers that a function promises, not only at those you need today.

# %% [markdown]
# ## Task 5 · What a sum can know (1 point, 8 minutes)
#
# In the lesson a network that only adds up its inputs could be right in three quarters of the cases, and not in more. How large is this bound for
# any collection of sequences and answers? Write a function that finds it: the share of right answers of the best possible machine that sees of each
# sequence nothing but the sum of its steps.


# %% answer="best_by_sum"
def best_by_sum(x, answers):
    """The largest share of right answers that the sum of the steps allows.

    x (N, T, m), one-hot; answers (N,), whole numbers from 0. One number, up to 1.
    """
    ### BEGIN SOLUTION
    sums, right = x.sum(axis=1), 0
    for one in np.unique(sums, axis=0):
        same = (sums == one).all(axis=1)
        right += np.bincount(answers[same]).max()
    return right / len(answers)
    ### END SOLUTION


# %%
check("best_by_sum", best_by_sum)

# %% tags=["solution-only"]
X, Y = np.eye(2)
pairs = np.array([[X, X], [X, Y], [Y, X], [Y, Y]])
print("XX, XY, YX, YY:", best_by_sum(pairs, np.arange(4)))

# %% [markdown] tags=["solution-only"]
# Sequences with the same sum are one and the same thing to this machine, so it must give them one answer, best the most frequent one. Whatever is put
# behind the sum, a deep network or a table, it cannot pass this bound: that is a proof, no training is needed. For XX, XY, YX and YY there are three
# sums; one of the four is lost, 0.75. Whatever is better must have used the order.

# %%
progress()
