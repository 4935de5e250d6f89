"""Keras's LSTM: the arguments you need, and a model trained, judged, saved and loaded.

A machine is on or off and switches now and then. We hear it through noise, and say at
each step whether it is on. Who hears the present step alone is right 7 times in 10.
Shapes: x (B, T, 1), answers (B, T, 1).
"""

import tempfile

import keras
import numpy as np
from keras import layers


def machines(B, seed, T=60):
    rng = np.random.default_rng(seed)
    switched = np.cumsum(rng.random((B, T, 1)) < 0.05, axis=1)
    on = (switched + rng.integers(2, size=(B, 1, 1))) % 2
    return (on + rng.normal(size=on.shape)).astype("float32"), on.astype("float32")


def network(stateful=False, batch_size=None):
    lstm = layers.LSTM(
        16,  # units: the size of the memory
        return_sequences=True,  # an answer at each step, not only at the last
        stateful=stateful,  # the next call goes on where this one stopped
    )
    start = keras.Input((None, 1), batch_size=batch_size)
    return keras.Sequential([start, lstm, layers.Dense(1, activation="sigmoid")])


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    x, on = machines(1000, seed=0)
    y, h, c = layers.LSTM(16, return_sequences=True, return_state=True)(x[:2])
    print("return_sequences, return_state:", *(tuple(one.shape) for one in (y, h, c)))
    model = network()
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["acc"])
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.fit(
        x, on, epochs=30, validation_data=machines(200, 1), callbacks=[stop], verbose=0
    )
    new, truth = machines(500, seed=2)
    print(f"present step alone: {np.mean((new > 0.5) == truth):.0%}")
    means = [np.full((500, 1), 0.5)]
    for t in range(60):
        means.append(0.8 * means[-1] + 0.2 * new[:, t])
    average = np.stack(means[1:], axis=1)
    print(f"moving average:     {np.mean((average > 0.5) == truth):.0%}")
    print(f"LSTM:               {model.evaluate(new, truth, verbose=0)[1]:.0%}")
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/machine.keras")
        loaded = keras.saving.load_model(f"{folder}/machine.keras")
    whole = model.predict(new[:1], verbose=0)
    print("loaded, the same:", np.allclose(whole, loaded.predict(new[:1], verbose=0)))
    stream = network(stateful=True, batch_size=1)
    stream.set_weights(model.get_weights())
    parts = [stream.predict(new[:1, t : t + 20], verbose=0) for t in (0, 20, 40)]
    again = np.concatenate(parts, axis=1)
    print("stateful, in three parts:", np.allclose(whole, again, atol=1e-5))
