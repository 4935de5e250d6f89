# %% [markdown]
# # 09 · Problems: Keras in practice
#
# Sequences of different lengths, padded: five places where the padding must not count.
#
# **Lesson.** [09 · Keras in practice](../notebooks/09_keras_in_practice.ipynb)
#
# **Points.** 7 in 5 tasks; about 28 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("keras_padding_mask", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# The padding stands behind the real steps. Four tasks are done in NumPy, because a mask is nothing but an array; the last one is Keras.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress
from course_utils.keras_bridge import keras

# %% [markdown]
# ## Task 1 · A mask for padding (1 point, 5 minutes)
#
# The batch is `steps` long, the sequences are of the given lengths. Where is a real step?


# %% answer="keras_padding_mask"
def keras_padding_mask(lengths, steps):
    """The mask (B, T): 1 at real steps, 0 at padding; lengths (B,)."""
    ### BEGIN SOLUTION
    return (np.arange(steps) < lengths[:, None]).astype(float)
    ### END SOLUTION


# %%
check("keras_padding_mask", keras_padding_mask)

# %% [markdown] tags=["solution-only"]
# A column of lengths against a row of step numbers: step t is real while t is below the length, since steps count from 0.

# %% [markdown]
# ## Task 2 · A mean over real steps (2 points, 6 minutes)
#
# The outputs of a layer are averaged over time. The padding has outputs as well, and must not count.


# %% answer="keras_masked_mean"
def keras_masked_mean(y, mask):
    """The mean over real steps (B, n), of y (B, T, n) and mask (B, T)."""
    ### BEGIN SOLUTION
    weights = mask[:, :, None]
    return (y * weights).sum(axis=1) / weights.sum(axis=1)
    ### END SOLUTION


# %%
check("keras_masked_mean", keras_masked_mean)

# %% [markdown] tags=["solution-only"]
# Both halves of the mean need the mask. With only the sum masked and all steps counted, short sequences would get small numbers.

# %% [markdown]
# ## Task 3 · The last real step (1 point, 5 minutes)
#
# `y[:, -1]` is the output at the last step of the batch, which for most sequences is padding. Take the last real one of each.


# %% answer="keras_last_real_step"
def keras_last_real_step(y, lengths):
    """The output (B, n) at the last real step, of y (B, T, n) and lengths (B,)."""
    ### BEGIN SOLUTION
    return y[np.arange(len(y)), lengths - 1]
    ### END SOLUTION


# %%
check("keras_last_real_step", keras_last_real_step)

# %% [markdown] tags=["solution-only"]
# Two arrays of indices side by side pair up: sequence 0 with its own end, sequence 1 with its own. A colon in the first place would pair every sequence with every end.

# %% [markdown]
# ## Task 4 · A loss without padding (1 point, 4 minutes)
#
# A network answers at every step, and each answer has a loss. What is the mean loss of a real step of this batch?


# %% answer="keras_masked_loss"
def keras_masked_loss(losses, mask):
    """One number, from losses (B, T) and mask (B, T)."""
    ### BEGIN SOLUTION
    return np.sum(losses * mask) / np.sum(mask)
    ### END SOLUTION


# %%
check("keras_masked_loss", keras_masked_loss)

# %% [markdown] tags=["solution-only"]
# All real steps of the batch count alike. A mean of each sequence first and of the sequences afterwards would give the short ones more weight.

# %% [markdown]
# ## Task 5 · Find the bug: a step of zeros (2 points, 8 minutes)
#
# Rain in millimetres, hour by hour, for storms of different lengths, padded with zeros. The program makes its mask with a `Masking` layer. It runs without an error, and its states are wrong
# as soon as there is an hour without rain **inside** a storm. Mend it.


# %% tags=["starter"]
def mend_keras_padding(x, lengths, W, U, b):
    """The last state (B, n) of an LSTM, for x (B, T, m) and lengths (B,)."""
    layer = keras.layers.LSTM(len(U))
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    mask = keras.layers.Masking(mask_value=0.0).compute_mask(x)
    return np.asarray(layer(x, mask=mask))


# %% answer="mend_keras_padding"
def mend_keras_padding(x, lengths, W, U, b):
    """The last state (B, n) of an LSTM, for x (B, T, m) and lengths (B,)."""
    ### BEGIN SOLUTION
    layer = keras.layers.LSTM(len(U))
    layer.build(x.shape)
    layer.set_weights([W, U, b])
    mask = np.arange(x.shape[1]) < lengths[:, None]
    return np.asarray(layer(x, mask=mask))
    ### END SOLUTION


# %%
check("mend_keras_padding", mend_keras_padding)

# %% [markdown] tags=["solution-only"]
# `Masking` skips every step whose numbers all equal its `mask_value`. It cannot know whether an hour is zero because nothing fell or because nothing was there. The lengths do know, so the mask is made of them and
# given to the layer by hand.
#
# Where data may be zero, one can also pad with a value that no measurement has, such as −999, and tell `Masking` so. With letters and words the question does not arise: their number 0 is kept free for the padding.

# %%
progress()
