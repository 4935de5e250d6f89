# %% [markdown]
# # 04 · Problems: the LSTM, gate by gate
#
# Faults to be found in a step and in a loop, three relatives of the cell, forward and backward, and the number of its weights.
#
# **Lesson.** [04 · The LSTM, gate by gate](../notebooks/04_the_lstm_gate_by_gate.ipynb)
#
# **Points.** 15 in 6 tasks; about 63 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("lstm_step", 1)` in a cell of your own; 2 says more, 3 nearly everything. An answer may use the
# answers above it.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## Task 1 · Find the bugs: three faults in a step (1 point, 8 minutes)
#
# This step runs, and all shapes are right. A network trained with it learns badly, and three things were observed:
#
# 1. $c$ never gets less than what was kept of it: nothing can be taken away.
# 2. With a forget bias of 8, where $f$ is nearly 1, a memory is gone after one step.
# 3. What is written into $c$ shows in $h$ one step late.
#
# Each has one cause. Mend all three. (`sigmoid` is in the set-up cell. The sums inside the gates, in Keras's order i, f, g, o, are right.)


# %% tags=["starter"]
def lstm_step(x, h_prev, c_prev, W, U, b):
    """The new states (h, c), each (B, n).

    x (B, m), h_prev and c_prev (B, n), W (m, 4n), U (n, 4n), b (4n,).
    """
    i, f, g, o = np.split(sigmoid(x @ W + h_prev @ U + b), 4, axis=1)
    c = (1 - f) * c_prev + i * g
    h = o * np.tanh(c_prev)
    return h, c


# %% answer="lstm_step"
def lstm_step(x, h_prev, c_prev, W, U, b):
    """The new states (h, c), each (B, n).

    x (B, m), h_prev and c_prev (B, n), W (m, 4n), U (n, 4n), b (4n,).
    """
    ### BEGIN SOLUTION
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c
    ### END SOLUTION


# %%
check("lstm_step", lstm_step)

# %% [markdown] tags=["solution-only"]
# 1. The candidate went through the sigmoid with the gates, so it was never negative. A **gate** is a share between 0 and 1; the **candidate** is a value and needs tanh.
# 2. $f$ is what is kept, in spite of its name; $1 - f$ kept what should go.
# 3. $h$ was read off `c_prev`. It shows the new $c$.

# %% [markdown]
# ## Task 2 · Find the bugs: a loop that cannot be cut (3 points, 10 minutes)
#
# A long sequence may be read in two pieces, if $h$ and $c$ are handed from the first to the second: that must give what reading it in one go gives. With this loop it does not.
# There are two faults. Write the comparison first, for a small input of your own: it finds them, and knows nothing of the right numbers.


# %% tags=["starter"]
def lstm_forward(x, h0, c0, W, U, b):
    """The states h after every step, (B, T, n), and the last c, (B, n).

    x (B, T, m), h0 and c0 (B, n), W (m, 4n), U (n, 4n), b (4n,).
    """
    h, states = h0, []
    for t in range(x.shape[1]):
        states.append(h)
        h, c = lstm_step(x[:, t], h, c0, W, U, b)
    return np.stack(states, axis=1), c


# %% answer="lstm_forward"
def lstm_forward(x, h0, c0, W, U, b):
    """The states h after every step, (B, T, n), and the last c, (B, n).

    x (B, T, m), h0 and c0 (B, n), W (m, 4n), U (n, 4n), b (4n,).
    """
    ### BEGIN SOLUTION
    h, c, states = h0, c0, []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, W, U, b)
        states.append(h)
    return np.stack(states, axis=1), c
    ### END SOLUTION


# %%
check("lstm_forward", lstm_forward)

# %% tags=["solution-only"]
rng = np.random.default_rng(0)
x, h0, c0 = (rng.normal(size=size) for size in ((2, 6, 3), (2, 5), (2, 5)))
weights = [rng.normal(size=size) for size in ((3, 20), (5, 20), 20)]
whole, _ = lstm_forward(x, h0, c0, *weights)
first, c = lstm_forward(x[:, :4], h0, c0, *weights)
second, _ = lstm_forward(x[:, 4:], first[:, -1], c, *weights)
print("in two pieces as in one go:", np.allclose(whole[:, 4:], second))

# %% [markdown] tags=["solution-only"]
# Every step began from `c0`, so the memory was one step long; and `h` was kept before the step, so the list began with `h0` and lacked the last state. A test that compares a function with itself, cut
# differently, needs no right answer: for stateful layers it is the first to write.

# %% [markdown]
# ## Task 3 · Peepholes (2 points, 10 minutes)
#
# In the LSTM the gates see $h$, which is silent where $o$ is shut. Gers and Schmidhuber (2000) let them look at $c$ itself. To the sum inside each of the three gates comes $p \cdot c$, unit by unit. $i$ and $f$ see the
# $c$ that there is when they are made; $o$ is made last. The candidate has none.


# %% answer="peephole_step"
def peephole_step(x, h_prev, c_prev, W, U, b, p):
    """The new states (h, c), each (B, n). p (3, n): rows for i, f and o.

    x (B, m), h_prev and c_prev (B, n), W (m, 4n), U (n, 4n), b (4n,); blocks as above.
    """
    ### BEGIN SOLUTION
    a_i, a_f, a_g, a_o = np.split(x @ W + h_prev @ U + b, 4, axis=1)
    i = sigmoid(a_i + p[0] * c_prev)
    f = sigmoid(a_f + p[1] * c_prev)
    c = f * c_prev + i * np.tanh(a_g)
    o = sigmoid(a_o + p[2] * c)
    return o * np.tanh(c), c
    ### END SOLUTION


# %%
check("peephole_step", peephole_step)

# %% [markdown] tags=["solution-only"]
# `p` has one number for each unit: a unit's gates see that unit only, so peepholes cost 3n weights and not a matrix. The order matters: `o` cannot be made with the others, for it sees a `c` that does not exist before
# `i` and `f` do.

# %% [markdown]
# ## Task 4 · Without an output gate, one step back (3 points, 12 minutes)
#
# Take the output gate away: $h = \tanh(c)$. Then $c$ is the only state. The gates and the candidate read $h_\text{prev} = \tanh(c_\text{prev})$:
#
# $$c = f \cdot c_\text{prev} + i \cdot g \qquad i = \sigma(x W_i + h_\text{prev} U_i + b_i) \qquad f, g \text{ likewise}$$
#
# `dc` is all that arrives at $c$. Give back **all** that goes to $c_\text{prev}$: along the carousel, and through the gates. `U` has the blocks i, f, g.


# %% answer="open_step_backward"
def open_step_backward(dc, U, i, f, g, c_prev):
    """The gradient of c_prev, (B, n). U is (n, 3n), blocks i, f, g; all else (B, n)."""
    ### BEGIN SOLUTION
    da_i, da_f = dc * g * i * (1 - i), dc * c_prev * f * (1 - f)
    da_g = dc * i * (1 - g**2)
    dh_prev = np.concatenate([da_i, da_f, da_g], axis=1) @ U.T
    return dc * f + dh_prev * (1 - np.tanh(c_prev) ** 2)
    ### END SOLUTION


# %%
check("open_step_backward", open_step_backward)

# %% [markdown] tags=["solution-only"]
# The first term is the carousel. The other three go through $U$ and the slope of tanh, and an output gate would scale them by $o$. So this gate takes nothing from the carousel; it only makes the way through $h$ narrower.

# %% [markdown]
# ## Task 5 · A coupled cell, one step back (5 points, 20 minutes)
#
# One variant of the LSTM has no forget gate of its own. What is written replaces what was kept, $f = 1 - i$:
#
# $$c = (1 - i) \cdot c_\text{prev} + i \cdot g \qquad h = o \cdot \tanh(c)$$
#
# The gates of the step are known, and so is what comes back: `dh` from everything that read `h`, and `dc` from the next step. Go from the bottom of the forward
# step to its top. Who reads $i$?
#
# Give back the gradients of the three sums *inside* the gates, side by side in the order i, g, o (`np.concatenate`), and `dc_prev`.


# %% answer="coupled_step_backward"
def coupled_step_backward(dh, dc, i, g, o, c_prev, c):
    """The gradients da (B, 3n) of the sums inside the gates, and dc_prev (B, n).

    dh, dc, i, g, o, c_prev and c: all (B, n).
    """
    ### BEGIN SOLUTION
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    di, dg = dc * (g - c_prev), dc * i
    da_i, da_g, da_o = di * i * (1 - i), dg * (1 - g**2), do * o * (1 - o)
    return np.concatenate([da_i, da_g, da_o], axis=1), dc * (1 - i)
    ### END SOLUTION


# %%
check("coupled_step_backward", coupled_step_backward)

# %% [markdown] tags=["solution-only"]
# 1. $h = o \tanh(c)$ is a product: `o` gets `dh` times tanh(c), and tanh(c) gets `dh` times `o`.
# 2. `c` has two readers, `h` and the next step. What comes back from both is added: `dc + ...`. That sum has to be there **before** anything else uses `dc`.
# 3. `i` stands in $c$ twice: with $g$, and with a minus with $c_\text{prev}$. So it gets `dc * (g - c_prev)`: opening it pays where $g$ is better than what is stored.
# 4. Through the sigmoid, whose slope is $s(1-s)$, or through tanh, with $1 - g^2$.
#
# And `dc * (1 - i)` goes to the step before: still no matrix, no slope. The GRU of lesson 06 has this coupling.

# %% [markdown]
# ## Task 6 · Counting weights (1 point, 3 minutes)
#
# How many weights has `keras.layers.LSTM(n)` with m inputs?


# %% answer="lstm_params"
def lstm_params(m, n):
    """The number of weights of an LSTM with m inputs and n units."""
    ### BEGIN SOLUTION
    return 4 * (m * n + n * n + n)
    ### END SOLUTION


# %%
check("lstm_params", lstm_params)

# %% [markdown] tags=["solution-only"]
# Four times a plain network: three gates and a candidate, each with a W, a U and a b of its own. The states `h` and `c` are no weights, and neither are
# the gates' values.

# %%
progress()
