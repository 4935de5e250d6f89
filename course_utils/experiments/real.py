"""Trainings on real data: judged on a part of it that was never trained on.

A learning rate is chosen by `validation` and its network then judged by `test`: `chosen`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from time import process_time

import numpy as np

from course_utils.experiments.networks import count_parameters, make_layer, matched_units
from course_utils.experiments.results import Results
from course_utils.experiments.runner import Sweep
from course_utils.experiments.store import Row
from course_utils.tasks import Task
from course_utils.tasks.letters import NextLetter
from course_utils.tasks.places import PlaceNames
from course_utils.tasks.weather import Weather
from course_utils.training import Adam, SequenceModel, train

RATES = (0.001, 0.003, 0.01)
BATCH = 64
HOURS = (1, 6, 24)
# task: units of the LSTM whose weights all may have, share of inputs dropped, updates
BUDGETS = {PlaceNames(): (64, 0.2, 1120), NextLetter(): (64, 0.0, 1120), Weather(): (32, 0.0, 496)}


@dataclass(frozen=True)
class RealTraining:
    """A network that is trained for `steps` updates with Adam, in batches of 64, clipped to 1."""

    task: Task
    cell: str
    units: int
    learning_rate: float
    steps: int
    dropout: float = 0.0

    @property
    def settings(self) -> Row:
        """What stands in a row of results and, with the seed, tells a run from all others."""
        return {
            "task": repr(self.task),
            "cell": self.cell,
            "units": self.units,
            "dropout": self.dropout,
            "learning_rate": self.learning_rate,
            "steps": self.steps,
        }

    def train(self, seed: int, progress: bool = True) -> SequenceModel:
        """Train it, with `seed` for the weights and the batches."""
        layer = make_layer(self.cell, "default", self.units, self.task, seed)
        layer.dropout = self.dropout
        model = SequenceModel.for_task(layer, self.task, seed)
        train(
            model,
            self.task,
            steps=self.steps,
            batch_size=BATCH,
            optimizer=Adam(self.learning_rate),
            seed=seed,
            evaluate_every=self.steps,
            progress=progress,
        )
        return model

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row of results: accuracy, perplexity or degrees of error, see `score`."""
        start = process_time()
        model = self.train(seed, progress)
        found = {"outcome": "measured", "parameters": model.layer.count_params()}
        for part in ("validation", "test"):
            found |= score(self.task, model, part)
        return self.settings | {"seed": seed} | found | {"seconds": process_time() - start}


def score(task: Task, model: SequenceModel, part: str) -> Row:
    """What `model` reaches on a part of the data, by the measure of the task.

    Places: share of right answers. Letters: perplexity. Weather: mean absolute error in degrees
    Celsius, over all 24 hours, and apart for 1, 6 and 24 hours.
    """
    batch = task.part(part)
    if isinstance(task, PlaceNames):
        return {part: model.evaluate(batch).accuracy}
    if isinstance(task, NextLetter):
        return {part: float(np.exp(model.evaluate(batch).loss))}
    error = np.abs(task.degrees(batch, model.predict(batch.inputs)) - batch.future).mean(axis=0)
    apart = {f"{part}_{hour}h": error[hour - 1] for hour in HOURS}
    return {part: error.mean()} | apart


def real_sequences() -> Sweep:
    """The sweep: three cells with the same number of weights, three learning rates each."""
    cases = []
    for task, (lstm, dropout, steps) in BUDGETS.items():
        budget = count_parameters("LSTM", lstm, task.input_size)
        units = matched_units(budget, task.input_size)
        cases += [
            RealTraining(task, cell, units[cell], rate, steps, dropout)
            for cell, rate in product(units, RATES)
        ]
    question = "On real names and real weather: which cell, and is it better than counting?"
    return Sweep("real_sequences", question, tuple(cases))


def chosen(results: Results) -> Iterator[tuple[str, str, float, Results]]:
    """For each task and cell: the rate whose median on the validation part is best, its runs."""
    for (task, cell), runs in results.groups("task", "cell"):
        better = max if task == repr(PlaceNames()) else min
        rates = {rate: some for (rate,), some in runs.groups("learning_rate")}
        best = better(rates, key=lambda rate: float(np.median(rates[rate]["validation"])))
        yield task, cell, best, rates[best]
