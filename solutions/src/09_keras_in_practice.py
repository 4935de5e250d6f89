# %% [markdown]
# # 09 · Problems: Keras in practice
#
# Three programs that run and are wrong, a batch for a card, and both directions.
#
# **Lesson.** [09 · Keras in practice](../notebooks/09_keras_in_practice.ipynb)
#
# **Points.** 10 in 5 tasks; about 42 minutes.
#
# **How it works.** Put your code in place of the dots and run the cell; the cell below it checks your answer and says what it
# makes of it. A program to mend stands there whole: change what is wrong. Stuck? Run `hint("mend_lost_mask", 1)` in a cell of your own; 2 says more, 3 nearly everything.
#
# Answers are NumPy arrays: `np.asarray(...)` makes one of what a layer returns.
#
# **Shapes.** A batch has B sequences of T steps; each step has m inputs, and a layer has n units.

# %% tags=["setup"]
import numpy as np

from course_utils.feedback import check, hint, progress
from course_utils.keras_bridge import keras

layers, ops = keras.layers, keras.ops

# %% [markdown]
# ## Task 1 · Find the bug: a sum that loses the mask (2 points, 8 minutes)
#
# Words become vectors, a dense layer changes them, and the sum of both goes into an LSTM. The `Embedding` makes a mask of the zeros, and the program runs without a word. Its
# states are wrong wherever a sentence is padded. Mend it.


# %% tags=["starter"]
def mend_lost_mask(ids, E, D, W, U, b):
    """The last state (B, n), for ids (B, T) with 0 as padding behind the words."""
    words = keras.Input((None,), dtype="int32")
    h = layers.Embedding(*E.shape, mask_zero=True)(words)
    dense = layers.Dense(len(D), use_bias=False)
    model = keras.Model(words, layers.LSTM(len(U))(h + dense(h)))
    model.set_weights([E, D, W, U, b])
    return np.asarray(model(ids))


# %% answer="mend_lost_mask"
def mend_lost_mask(ids, E, D, W, U, b):
    """The last state (B, n), for ids (B, T) with 0 as padding behind the words."""
    ### BEGIN SOLUTION
    words = keras.Input((None,), dtype="int32")
    h = layers.Embedding(*E.shape, mask_zero=True)(words)
    dense = layers.Dense(len(D), use_bias=False)
    model = keras.Model(words, layers.LSTM(len(U))(layers.Add()([h, dense(h)])))
    model.set_weights([E, D, W, U, b])
    return np.asarray(model(ids))
    ### END SOLUTION


# %%
check("mend_lost_mask", mend_lost_mask)

# %% [markdown] tags=["solution-only"]
# A mask travels from layer to layer, and a plus sign is no layer. `layers.Add` is one, and passes on what all its inputs carry. `layers.LSTM(n)(h + dense(h), mask=embedding.compute_mask(words))`, the
# mask handed over, gives the same.

# %% [markdown]
# ## Task 2 · A batch made fit for a card (2 points, 8 minutes)
#
# Somebody padded with `pad_sequences`, which puts the zeros in front. cuDNN reads zeros behind the words only, and no row that is all zeros. Make the batch fit.


# %% answer="keras_cudnn_batch"
def keras_cudnn_batch(ids):
    """The same words (rows, T), zeros behind; rows of nothing but zeros left out."""
    ### BEGIN SOLUTION
    kept = ids[(ids > 0).any(axis=1)]
    fit = np.zeros_like(kept)
    for new, row in zip(fit, kept):
        words = row[row > 0]
        new[: len(words)] = words
    return fit
    ### END SOLUTION


# %%
check("keras_cudnn_batch", keras_cudnn_batch)

# %% [markdown] tags=["solution-only"]
# `ids[:, ::-1]` would bring the zeros behind, and turn the sentences round. A row that is left out needs its target left out, too: the same `(ids > 0).any(axis=1)` picks both.

# %% [markdown]
# ## Task 3 · The summary of both directions (2 points, 8 minutes)
#
# `y` comes from a `Bidirectional` with `return_sequences=True` and `merge_mode="concat"`. What would the same layer say about each **whole** sequence, with `merge_mode=mode`?


# %% answer="keras_merge_mode"
def keras_merge_mode(y, mode):
    """The summary (B, n), of y (B, T, 2n); mode is "sum", "ave" or "mul"."""
    ### BEGIN SOLUTION
    n = y.shape[2] // 2
    forward, backward = y[:, -1, :n], y[:, 0, n:]
    if mode == "sum":
        return forward + backward
    if mode == "ave":
        return (forward + backward) / 2
    return forward * backward
    ### END SOLUTION


# %%
check("keras_merge_mode", keras_merge_mode)

# %% [markdown] tags=["solution-only"]
# The outputs stand in the order of the input. The backward half begins at the last step, so what it knows of the whole sequence stands at step 0. Whoever takes `y[:, -1]` gets a backward half that has read one step.

# %% [markdown]
# ## Task 4 · Find the bug: a state that leaks (2 points, 10 minutes)
#
# A stateful layer adds up what it reads, and learns nothing. So `fit` should report the same `loss` in every epoch, and the same `val_loss`. It does not. Mend it.


# %% tags=["starter"]
def mend_leaking_state(train, new, epochs):
    """loss and val_loss, each (epochs,), for train (T,) and new (V,)."""
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
    memory = layers.SimpleRNN(1, activation=None, stateful=True, **ones)
    model = keras.Sequential([keras.Input(batch_shape=(1, None, 1)), memory])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    answer = np.zeros((1, 1))
    told = model.fit(
        train.reshape(1, -1, 1),
        answer,
        validation_data=(new.reshape(1, -1, 1), answer),
        epochs=epochs,
        batch_size=1,
        verbose=0,
    ).history
    return np.array(told["loss"]), np.array(told["val_loss"])


# %% answer="mend_leaking_state"
def mend_leaking_state(train, new, epochs):
    """loss and val_loss, each (epochs,), for train (T,) and new (V,)."""
    ### BEGIN SOLUTION
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
    memory = layers.SimpleRNN(1, activation=None, stateful=True, **ones)

    class Reset(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            memory.reset_state()

        def on_test_begin(self, logs=None):
            memory.reset_state()

    model = keras.Sequential([keras.Input(batch_shape=(1, None, 1)), memory])
    model.compile(keras.optimizers.SGD(0.0), "mse", run_eagerly=True)
    answer = np.zeros((1, 1))
    told = model.fit(
        train.reshape(1, -1, 1),
        answer,
        validation_data=(new.reshape(1, -1, 1), answer),
        epochs=epochs,
        batch_size=1,
        verbose=0,
        callbacks=[Reset()],
    ).history
    return np.array(told["loss"]), np.array(told["val_loss"])
    ### END SOLUTION


# %%
check("mend_leaking_state", mend_leaking_state)

# %% [markdown] tags=["solution-only"]
# Validation runs through the same layer, and so through the same state; and nobody resets it between epochs. `on_train_begin` would not do: it is called once.

# %% [markdown]
# ## Task 5 · Find the bug: a cell that comes back changed (2 points, 8 minutes)
#
# A file holds what `get_config` says, and `from_config` makes the cell again. Here both happen without a file. The cell comes back without an error, and computes something else. Mend it.


# %% tags=["starter"]
def mend_saved_cell(x, W, U, leak):
    """The last state (B, n), for x (B, T, m), of the cell that came back."""

    class LeakyCell(layers.Layer):
        def __init__(self, units, leak=1.0, **options):
            super().__init__(**options)
            self.units = self.state_size = units
            self.leak = leak

        def build(self, shape):
            self.W = self.add_weight(shape=(shape[-1], self.units))
            self.U = self.add_weight(shape=(self.units, self.units))

        def call(self, x, states):
            new = ops.tanh(x @ self.W + states[0] @ self.U)
            h = (1 - self.leak) * states[0] + self.leak * new
            return h, [h]

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    layer = layers.RNN(LeakyCell(len(U), leak))
    known = {"LeakyCell": LeakyCell}
    again = layers.RNN.from_config(layer.get_config(), custom_objects=known)
    again.build(x.shape)
    again.set_weights([W, U])
    return np.asarray(again(x))


# %% answer="mend_saved_cell"
def mend_saved_cell(x, W, U, leak):
    """The last state (B, n), for x (B, T, m), of the cell that came back."""
    ### BEGIN SOLUTION

    class LeakyCell(layers.Layer):
        def __init__(self, units, leak=1.0, **options):
            super().__init__(**options)
            self.units = self.state_size = units
            self.leak = leak

        def build(self, shape):
            self.W = self.add_weight(shape=(shape[-1], self.units))
            self.U = self.add_weight(shape=(self.units, self.units))

        def call(self, x, states):
            new = ops.tanh(x @ self.W + states[0] @ self.U)
            h = (1 - self.leak) * states[0] + self.leak * new
            return h, [h]

        def get_config(self):
            told = {"units": self.units, "leak": self.leak}
            return {**super().get_config(), **told}

    layer = layers.RNN(LeakyCell(len(U), leak))
    known = {"LeakyCell": LeakyCell}
    again = layers.RNN.from_config(layer.get_config(), custom_objects=known)
    again.build(x.shape)
    again.set_weights([W, U])
    return np.asarray(again(x))
    ### END SOLUTION


# %%
check("mend_saved_cell", mend_saved_cell)

# %% [markdown] tags=["solution-only"]
# An argument with a default is the dangerous one: left out of `get_config`, it comes back as its default, and nobody says so. Taking `get_config` away mends it as well: then Keras keeps `units` and `leak` by itself.

# %%
progress()
