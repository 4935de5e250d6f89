"""What the table of backends in lesson 08 says, found out on the backend of KERAS_BACKEND.

Run by itself; prints the table's column as JSON, row -> what happens. No graphics card is used.
"""

import json
from collections.abc import Callable

import keras
import numpy as np
from keras import layers, ops

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
DIGITS = np.array([1.0, 10, 100, 1000], "float32").reshape(1, 4, 1)


def outcome(attempt: Callable, *inputs: object, **arguments: object) -> str:
    """Whether it works, or the kind of its error."""
    try:
        attempt(*inputs, **arguments)
    except Exception as error:
        return type(error).__name__
    return "works"


def running_sum(**arguments: object) -> layers.Layer:
    """h = h_prev + x, one unit."""
    ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
    return layers.SimpleRNN(1, activation=None, **ones, **arguments)


def second_length() -> str:
    """What an unrolled model makes of sequences of another length than the first."""
    model = keras.Sequential([keras.Input((None, 3)), layers.LSTM(4, unroll=True)])
    model.predict(X, verbose=0)
    return outcome(model.predict, np.zeros((2, 7, 3)), verbose=0)


def twice() -> str:
    """What a stateful model predicts for the same digits, two times."""
    layer = running_sum(stateful=True)
    model = keras.Sequential([keras.Input(batch_shape=(1, 4, 1)), layer])
    return ", ".join(f"{model.predict(DIGITS, verbose=0).item():g}" for _ in range(2))


def first_masked() -> str:
    """What comes out at a masked first step, from a start of 7."""
    start, mask = np.full((1, 1), 7, "float32"), np.array([[False, True, True, True]])
    y = running_sum(return_sequences=True)(DIGITS, initial_state=start, mask=mask)
    return f"{ops.convert_to_numpy(y)[0, 0, 0]:g}"


def compiled() -> str:
    """Whether XLA is on for an LSTM that was compiled with jit_compile="auto"."""
    model = keras.Sequential([keras.Input((5, 3)), layers.LSTM(4)])
    model.compile("sgd", "mse")
    return "yes" if model.jit_compile else "no"


if __name__ == "__main__":
    gate_by_gate = layers.LSTM(4, implementation=1, dropout=0.5)
    facts = {
        "`LSTM(4, use_cudnn=True)`, no card": outcome(layers.LSTM(4, use_cudnn=True), X),
        "`unroll=True`, then a second length": second_length(),
        "`stateful=True`, `predict` twice": twice(),
        "start from 7, first step masked": first_masked(),
        "`implementation=1` with `dropout`": outcome(gate_by_gate, X, training=True),
        "`compile(...)` turns on XLA for an LSTM": compiled(),
        "`np.asarray(layer(x))`": outcome(np.asarray, layers.LSTM(4)(X)),
    }
    print(json.dumps(facts))
