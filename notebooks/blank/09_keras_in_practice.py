"""Sequences of different lengths in Keras: a mask that arrives, and a cell of your own.

Strings of 3 to 12 digits are padded with zeros; the network names the largest digit. To
find out whether a mask arrives, append zeros: the probabilities p must not change.
The cell is a GRU without its reset gate: h = z h_prev + (1 - z) g.
"""

import tempfile

import keras
import numpy as np
from keras import layers, ops


@keras.saving.register_keras_serializable(package="blank")
class GatedCell(layers.Layer):
    def __init__(self, units, **options):
        super().__init__(**options)
        self.units = self.state_size = units

    def build(self, shape):
        sizes = (shape[-1], 2 * self.units), (self.units, 2 * self.units)
        self.W, self.U = (self.add_weight(shape=size) for size in sizes)
        self.b = self.add_weight(shape=(2 * self.units,), initializer="zeros")

    def call(self, x, states):
        h_prev = states[0]
        a_z, a_g = ops.split(x @ self.W + h_prev @ self.U + self.b, 2, axis=1)
        z = ops.sigmoid(a_z)
        h = z * h_prev + (1 - z) * ops.tanh(a_g)
        return h, [h]


def strings(B, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 10, size=(B, 12))  # digits 1 to 9; 0 is padding
    x[np.arange(12) >= rng.integers(3, 13, size=(B, 1))] = 0
    return x, x.max(axis=1)


if __name__ == "__main__":
    x, largest = strings(4000, seed=0)
    new, truth = strings(1000, seed=1)
    for mask in (False, True):
        keras.utils.set_random_seed(0)
        digits = layers.Embedding(10, 8, mask_zero=mask)
        answer = layers.Dense(10, activation="softmax")
        model = keras.Sequential([digits, layers.RNN(GatedCell(32)), answer])
        adam = keras.optimizers.Adam(5e-3)
        model.compile(adam, "sparse_categorical_crossentropy", metrics=["acc"])
        model.fit(x, largest, epochs=10, batch_size=64, verbose=0)
        right = model.evaluate(new, truth, verbose=0)[1]
        change = np.abs(model(new) - model(np.pad(new, [(0, 0), (0, 20)]))).max()
        print(f"mask {mask}: right {right:.0%}; 20 zeros more change p by {change:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/digits.keras")
        loaded = keras.saving.load_model(f"{folder}/digits.keras")
    print("loaded, the same:", np.allclose(model(new), loaded(new)))
