# %% [markdown]
# # 04 · Problems: the LSTM, gate by gate
#
# The cell forward, a relative of it backward, and the one bias that decides how far back its gradient reaches.
#
# **Lesson.** [04 · The LSTM, gate by gate](../notebooks/04_the_lstm_gate_by_gate.ipynb)
#
# **Points.** 12 in 5 tasks; about 47 minutes.
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
# ## Task 1 · One step, from memory (1 point, 8 minutes)
#
# Close the lesson. These equations are all you need:
#
# $$i = \sigma(x W_i + h_\text{prev} U_i + b_i) \qquad g = \tanh(x W_g + h_\text{prev} U_g + b_g)$$
#
# $$c = f \cdot c_\text{prev} + i \cdot g \qquad h = o \cdot \tanh(c)$$
#
# $f$ and $o$ are made like $i$, each with weights of its own.
#
# As in Keras, the four blocks of `W`, `U` and `b` stand side by side in the order i, f, g, o. `np.split(a, 4, axis=1)` cuts an array into
# four blocks of columns; `sigmoid` is in the set-up cell.


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
# All four sums are one matrix product, cut into blocks afterwards. A **gate** is a share between 0 and 1, so it needs the sigmoid; the **candidate** is a
# value and may be negative, so it needs tanh. The last two lines are the two states: `c` is changed by keeping and adding, `h` is read off it.

# %% [markdown]
# ## Task 2 · The loop (3 points, 10 minutes)
#
# Over a whole sequence two things are carried on. Give back the states `h` after every step, and the last `c`.


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

# %% [markdown] tags=["solution-only"]
# `h, c = lstm_step(...)` replaces both at once, so no step can mix a new `h` with an old `c`. Only `h` is kept for every step: the other layers of a network see
# nothing of `c`.

# %% [markdown]
# ## Task 3 · A coupled cell, one step back (5 points, 20 minutes)
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
# ## Task 4 · A forget bias for a lag (2 points, 6 minutes)
#
# Before training, the forget gate stands near $f = \sigma(b_f)$, and a memory lasts about $1 / (1 - f)$ steps. Which bias makes that just `lag` steps?
#
# **Predict.** For 10 steps, for 100, for 1,000: does the bias grow tenfold each time, by the same amount each time, or hardly at all?


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
# ## Task 5 · Counting weights (1 point, 3 minutes)
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
