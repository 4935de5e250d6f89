# %% [markdown]
# # 06 · Problems: the GRU in every dialect
#
# A cell to be translated, and weights that have to travel from one library to another without anybody telling you when they got lost.
#
# **Lesson.** [06 · The GRU in every dialect](../notebooks/06_the_gru_in_every_dialect.ipynb)
#
# **Points.** 10 in 5 tasks; about 42 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("gru_step", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# But for task 2, $z$ **keeps** the old state, $h = z \cdot h_\text{prev} + (1 - z) \cdot g$, as in Keras.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.cells import GRU, LSTM
from course_utils.feedback import check, hint, progress


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# %% [markdown]
# ## Task 1 · Translate a GRU (3 points, 12 minutes)
#
# Here is a step of a GRU from another program. Its weights are right for it, and it is no dialect that Keras speaks. Make it Keras's default: ask it the four questions of the lesson (does $z$ keep or replace? is the reset
# before or after? one bias or two? in which order are the blocks?) and change what has to be changed, and no more.


# %% tags=["starter"]
def gru_step(x, h_prev, W, U, b):
    """The new state (B, n), with reset_after=True.

    x (B, m), h_prev (B, n), W (m, 3n), U (n, 3n), b (2, 3n).
    """
    n = len(U)
    x_r, x_z, x_g = np.split(x @ W + b[0], 3, axis=1)
    h_r, h_z, _ = np.split(h_prev @ U + b[1], 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    g = np.tanh(x_g + (r * h_prev) @ U[:, 2 * n :] + b[1, 2 * n :])
    return (1 - z) * h_prev + z * g


# %% answer="gru_step"
def gru_step(x, h_prev, W, U, b):
    """The new state (B, n), with reset_after=True.

    x (B, m), h_prev (B, n), W (m, 3n), U (n, 3n), b (2, 3n).
    """
    ### BEGIN SOLUTION
    x_z, x_r, x_g = np.split(x @ W + b[0], 3, axis=1)
    h_z, h_r, h_g = np.split(h_prev @ U + b[1], 3, axis=1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    g = np.tanh(x_g + r * h_g)
    return z * h_prev + (1 - z) * g
    ### END SOLUTION


# %%
check("gru_step", gru_step)

# %% [markdown] tags=["solution-only"]
# Three of the four answers change: the order is z, r, g; the reset comes after the product; and $z$ keeps. Two biases it had already. The products with `x` and with `h_prev` are kept apart, each with its row of the bias, because in the candidate `r` multiplies only one of them: the whole of
# `h_prev @ U_g + b'_g`, bias included. For `z` and `r` the two are added, and there the second row of the bias could be spared.

# %% [markdown]
# ## Task 2 · One step back, where z replaces (3 points, 12 minutes)
#
# $$h = (1 - z) \cdot h_\text{prev} + z \cdot g \qquad g = \tanh(x W_g + b_g + r \cdot s_g) \qquad s_g = h_\text{prev} U_g + b'_g$$
#
# This is the last line as Chung and others (2014) write it, in Keras's form of the candidate. Given is what arrives, `dh`, and what the forward step left: `h_prev`,
# the gates and `s_g`. Wanted is what goes back to $h_\text{prev}$, by all four ways.


# %% answer="gru_back_replacing"
def gru_back_replacing(dh, h_prev, U, z, r, g, s_g):
    """The gradient of h_prev (B, n). U is (n, 3n), blocks z, r, g; all else (B, n)."""
    ### BEGIN SOLUTION
    da_z = dh * (g - h_prev) * z * (1 - z)
    da_g = dh * z * (1 - g**2)
    da_r = da_g * s_g * r * (1 - r)
    ds = np.concatenate([da_z, da_r, da_g * r], axis=1)
    return dh * (1 - z) + ds @ U.T
    ### END SOLUTION


# %%
check("gru_back_replacing", gru_back_replacing)

# %% [markdown] tags=["solution-only"]
# Three places change against the lesson: the straight share is `dh * (1 - z)`, the candidate gets `dh * z`, and the share through $z$ has the other sign, for more $z$
# now brings more of $g$. A gate that is open here lets go of the past.

# %% [markdown]
# ## Task 3 · Counting weights (1 point, 3 minutes)
#
# How many weights has `keras.layers.GRU(n)` with m inputs, at its defaults?
#
# **Think first.** Three quarters of an LSTM's: exactly, a little more, or a little less?


# %% answer="gru_params"
def gru_params(m, n):
    """The number of weights of Keras's GRU with m inputs and n units."""
    ### BEGIN SOLUTION
    return 3 * (m * n + n * n + 2 * n)
    ### END SOLUTION


# %%
check("gru_params", gru_params)

# %% tags=["solution-only"]
layers = GRU(5), LSTM(5)
for layer in layers:
    layer.build(4)
print(gru_params(4, 5), "by the formula,", layers[0].count_params(), "by the package;")
print(f"that is {gru_params(4, 5) / layers[1].count_params():.2f} of an LSTM's")

# %% [markdown] tags=["solution-only"]
# Three blocks, and in each **two** biases for every unit. So it is a little more than three quarters; with many units the biases hardly count.

# %% [markdown]
# ## Task 4 · A GRU from PyTorch to Keras (2 points, 10 minutes)
#
# | | layout | blocks | bias |
# |---|---|---|---|
# | PyTorch | (3n, m) and (3n, n), blocks one below the other | r, z, g | two of (3n,) |
# | Keras | (m, 3n) and (n, 3n), blocks side by side | z, r, g | (2, 3n), input first |
#
# Carry the weights over. A mistake here gives no error: all shapes may fit and the numbers be wrong.


# %% answer="torch_to_keras_gru"
def torch_to_keras_gru(w_ih, w_hh, b_ih, b_hh):
    """Keras's (W, U, b): (m, 3n), (n, 3n) and (2, 3n).

    w_ih (3n, m), w_hh (3n, n), b_ih (3n,), b_hh (3n,).
    """

    ### BEGIN SOLUTION
    def keras_order(w):
        r, z, g = np.split(w, 3)
        return np.concatenate([z, r, g])

    W, U = keras_order(w_ih).T, keras_order(w_hh).T
    return W, U, np.stack([keras_order(b_ih), keras_order(b_hh)])
    ### END SOLUTION


# %%
check("torch_to_keras_gru", torch_to_keras_gru)

# %% [markdown] tags=["solution-only"]
# Two things differ, the layout and the order. `np.split` along the first axis takes the blocks apart, `np.concatenate` puts them together in the other order, and `.T`
# turns rows into columns. `reshape` would give the same shape and mix up the numbers. The biases get the same order and stay two, for in the candidate they do different things.

# %% [markdown]
# ## Task 5 · An LSTM from PyTorch to Keras (1 point, 5 minutes)
#
# For the LSTM both have the order i, f, g, o. PyTorch has two biases of (4n,), Keras one.


# %% answer="torch_to_keras_lstm"
def torch_to_keras_lstm(w_ih, w_hh, b_ih, b_hh):
    """Keras's (W, U, b): (m, 4n), (n, 4n) and (4n,).

    w_ih (4n, m), w_hh (4n, n), b_ih (4n,), b_hh (4n,).
    """
    ### BEGIN SOLUTION
    return w_ih.T, w_hh.T, b_ih + b_hh
    ### END SOLUTION


# %%
check("torch_to_keras_lstm", torch_to_keras_lstm)

# %% [markdown] tags=["solution-only"]
# In every gate of the LSTM both biases are added to the same sum, so only their sum acts, and one of them is enough. The way back is not unique: any two arrays with this sum
# give the same network.

# %%
progress()
