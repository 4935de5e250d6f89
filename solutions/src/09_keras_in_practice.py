# %% [markdown]
# # 09 · Problems: Keras in practice
#
# Sequences of different lengths, padded: four places where the padding must not count.
#
# **Lesson.** [09 · Keras in practice](../notebooks/09_keras_in_practice.ipynb)
#
# **Points.** 5 in 4 tasks; about 20 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("keras_padding_mask", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# The padding stands behind the real steps. Here it is done in NumPy, because a mask is nothing but an array; Keras does the same.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress

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

# %%
progress()
