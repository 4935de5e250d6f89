# %% [markdown]
# # 08 · Problems: Keras, argument by argument
#
# Five small layers, each of which goes wrong if one argument is misread.
#
# **Lesson.** [08 · Keras, argument by argument](../notebooks/08_keras_argument_by_argument.ipynb)
#
# **Points.** 7 in 5 tasks; about 34 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("keras_dropout_mask", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# Answers are NumPy arrays or numbers: `np.asarray(...)` makes one of what a layer returns.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress
from course_utils.keras_bridge import keras


def built(layer, W, U, b, batch=None):
    """The layer, with these weights. A stateful layer has to know its batch: len(x)."""
    layer.build((batch, None, len(W)))
    layer.set_weights([W, U, b])
    return layer


# %% [markdown]
# ## Task 1 · Dropout, with the dice thrown (2 points, 8 minutes)
#
# A SimpleRNN with `dropout=rate` is trained. The dice are thrown: `keep` says which inputs are kept in this batch. Give the states that the layer computes. `built`, in the first code cell, puts weights
# into a layer.


# %% answer="keras_dropout_mask"
def keras_dropout_mask(x, keep, rate, W, U, b):
    """The states (B, T, n), for x (B, T, m) and keep (B, m), 1 or 0."""
    ### BEGIN SOLUTION
    layer = built(keras.layers.SimpleRNN(len(U), return_sequences=True), W, U, b)
    return np.asarray(layer(x * (keep / (1 - rate))[:, None, :]))
    ### END SOLUTION


# %%
check("keras_dropout_mask", keras_dropout_mask)

# %% [markdown] tags=["solution-only"]
# One mask for all steps: an input that is dropped is dropped for the whole sequence. What is kept is divided by `1 - rate`, so that the layer outside training, where nothing is dropped and nothing divided, sees numbers
# of the same size on average.

# %% [markdown]
# ## Task 2 · A gate that starts open (1 point, 6 minutes)
#
# An LSTM of n units is to remember from its first step on: its forget gates begin at `start`, all other biases at 0. Give its bias.


# %% answer="keras_forget_bias"
def keras_forget_bias(n, start):
    """The bias (4n,) of the fresh LSTM."""
    ### BEGIN SOLUTION
    layer = keras.layers.LSTM(n)
    layer.build((None, None, 1))
    W, U, b = layer.get_weights()
    b[n : 2 * n] = start
    layer.set_weights([W, U, b])
    return layer.get_weights()[2]
    ### END SOLUTION


# %%
check("keras_forget_bias", keras_forget_bias)

# %% [markdown] tags=["solution-only"]
# No argument does it alone: `bias_initializer=Constant(start)` starts i, g and o there, and `unit_forget_bias=True` then writes 1 over the block of f. `unit_forget_bias=False` with a function that returns
# `np.repeat([0, start, 0, 0], n)` works as well.

# %% [markdown]
# ## Task 3 · Both states of an LSTM (1 point, 6 minutes)
#
# The layer gets the weights W, U, b and reads x (B, T, m). You want its last h and its last c.


# %% answer="keras_return_state"
def keras_return_state(x, W, U, b):
    """The last h and c, each (B, n)."""
    ### BEGIN SOLUTION
    layer = built(keras.layers.LSTM(len(U), return_state=True), W, U, b)
    _, h, c = layer(x)
    return np.asarray(h), np.asarray(c)
    ### END SOLUTION


# %%
check("keras_return_state", keras_return_state)

# %% [markdown] tags=["solution-only"]
# Three things come back: y, h, c. Without `return_sequences` y is the last output, and that is h; c is the third. For a GRU there would be two.

# %% [markdown]
# ## Task 4 · A GRU of 2019 and one of today (1 point, 6 minutes)
#
# Weights of a GRU were saved, and nobody wrote down how it was made. Their shapes tell. Make the layer that they come from, and give its last state for x (B, T, m).


# %% answer="keras_reset_after"
def keras_reset_after(x, W, U, b):
    """The last state (B, n); b is (2, 3n) or (3n,)."""
    ### BEGIN SOLUTION
    layer = keras.layers.GRU(len(U), reset_after=b.ndim == 2)
    return np.asarray(built(layer, W, U, b)(x))
    ### END SOLUTION


# %%
check("keras_reset_after", keras_reset_after)

# %% [markdown] tags=["solution-only"]
# With `reset_after=True` the reset gate multiplies h U with its bias, so the state needs a bias of its own: two rows. With `reset_after=False` one row is enough. The two cannot be converted into each other.

# %% [markdown]
# ## Task 5 · A sequence in two pieces (2 points, 8 minutes)
#
# A long sequence comes in two pieces, `first` and `second`. Give the last state as if it had come in one.


# %% answer="keras_stateful"
def keras_stateful(first, second, W, U, b):
    """The last state (B, n), after both pieces."""
    ### BEGIN SOLUTION
    layer = built(keras.layers.SimpleRNN(len(U)), W, U, b)
    return np.asarray(layer(second, initial_state=layer(first)))
    ### END SOLUTION


# %%
check("keras_stateful", keras_stateful)

# %% [markdown] tags=["solution-only"]
# Of a SimpleRNN the output is the state, so the output of the first piece is where the second begins. `stateful=True` would do the same, with a batch of fixed size
# and a state that stays in the layer until somebody resets it.

# %%
progress()
