# %% [markdown]
# # 08 · Problems: Keras, argument by argument
#
# Five small layers, each of which goes wrong if one argument is misread.
#
# **Lesson.** [08 · Keras, argument by argument](../notebooks/08_keras_argument_by_argument.ipynb)
#
# **Points.** 6 in 5 tasks; about 29 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. Stuck? Run `hint("keras_lstm_count", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# Answers are NumPy arrays or numbers: `np.asarray(...)` makes one of what a layer returns.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress
from course_utils.keras_bridge import keras


def built(layer, W, U, b):
    """The layer, with these weights."""
    layer.build((None, None, len(W)))
    layer.set_weights([W, U, b])
    return layer


# %% [markdown]
# ## Task 1 · Let Keras count (1 point, 5 minutes)
#
# Make a `keras.layers.LSTM` of n units, with or without a bias, for m inputs, and ask it for the number of its weights.


# %% answer="keras_lstm_count"
def keras_lstm_count(m, n, use_bias):
    """What count_params() says, a whole number."""
    ### BEGIN SOLUTION
    layer = keras.layers.LSTM(n, use_bias=use_bias)
    layer.build((None, None, m))
    return layer.count_params()
    ### END SOLUTION


# %%
check("keras_lstm_count", keras_lstm_count)

# %% [markdown] tags=["solution-only"]
# A layer has no weights before it knows how wide its inputs are. `build` tells it; calling it on data does so too. Without a bias, 4n numbers are missing.

# %% [markdown]
# ## Task 2 · The bias at the start (1 point, 4 minutes)
#
# Which bias does an LSTM of n units begin with, if one changes nothing? Take it from the layer, do not write it down.


# %% answer="keras_forget_bias"
def keras_forget_bias(n):
    """The bias (4n,) of a fresh LSTM."""
    ### BEGIN SOLUTION
    layer = keras.layers.LSTM(n)
    layer.build((None, None, 1))
    return layer.get_weights()[2]
    ### END SOLUTION


# %%
check("keras_forget_bias", keras_forget_bias)

# %% [markdown] tags=["solution-only"]
# Ones in the second block, f, because `unit_forget_bias=True` sets them; zeros elsewhere. How many inputs the layer gets makes no difference to the bias.

# %% [markdown]
# ## Task 3 · Both states of an LSTM (1 point, 6 minutes)
#
# The layer gets the weights W, U, b and reads x (B, T, m). You want its last h and its last c. `built`, in the first code cell, puts weights into a layer.


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
# ## Task 4 · Backwards, in the order of the input (1 point, 6 minutes)
#
# A SimpleRNN reads x from its end to its beginning. Return its states so that `h[:, t]` belongs to `x[:, t]`.


# %% answer="keras_go_backwards"
def keras_go_backwards(x, W, U, b):
    """The states (B, T, n), in the order of the input."""
    ### BEGIN SOLUTION
    layer = keras.layers.SimpleRNN(len(U), go_backwards=True, return_sequences=True)
    y = np.asarray(built(layer, W, U, b)(x))
    return y[:, ::-1]
    ### END SOLUTION


# %%
check("keras_go_backwards", keras_go_backwards)

# %% [markdown] tags=["solution-only"]
# `go_backwards` turns the input round and leaves the output as it was computed: `y[:, 0]` belongs to the last input. So it has to be turned back by hand.

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
