"""A random search in the manner of Greff et al. 2015: 100 settings for each variant and task.

Rate, width, noise, clipping and forget bias are drawn at random, all at once, and every network has
the same updates. What is looked at is the distribution of results, not one run: how good is the
best tenth of a variant, and which setting explains most of the differences (`importance`)? The
search is long; it is resumable, and what is stored says how far it has come.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import process_time

import numpy as np

from course_utils import CourseError
from course_utils.experiments.networks import make_layer
from course_utils.experiments.results import Results
from course_utils.experiments.runner import Sweep
from course_utils.experiments.store import Row
from course_utils.tasks import Adding, Batch, Task
from course_utils.tasks.places import PlaceNames
from course_utils.training import Adam, SequenceModel, train

CELLS = (
    "LSTM",
    "LSTM without input gate",
    "LSTM without forget gate",
    "LSTM without output gate",
    "LSTM without output activation",
    "LSTM, coupled gates",
)
TASKS: dict[Task, int] = {Adding(50): 600, PlaceNames(): 560}  # and updates
SETTINGS, SEARCH_SEED = 100, 1503
LEAST = 30  # settings without which nothing can be told
KNOBS = ("learning_rate", "units", "noise", "clip", "bias")
BATCH = 32


@dataclass(frozen=True)
class Sampled:
    """One network with settings drawn at random.

    Args:
        task, cell, steps: what is trained, for how many updates.
        learning_rate: of Adam, 10^-4 to 10^-1.
        units: 8 to 64.
        noise: standard deviation of what is added to the inputs, 0 to 0.5.
        clip: limit of the gradient's norm, 0.1 to 10.
        bias: of the gate that keeps, 0 to 3; without forget gate it changes nothing.
    """

    task: Task
    cell: str
    steps: int
    learning_rate: float
    units: int
    noise: float
    clip: float
    bias: float

    @property
    def settings(self) -> Row:
        """What stands in a row of results and, with the seed, tells a run from all others."""
        return {
            "task": repr(self.task),
            "cell": self.cell,
            "steps": self.steps,
            **{name: getattr(self, name) for name in KNOBS},
        }

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row: the loss on validation data, and on test data that nothing was chosen by."""
        start = process_time()
        layer = make_layer(self.cell, "default", self.units, self.task, seed)
        layer.gate_weights("f")["bias"][...] = self.bias
        model = SequenceModel.for_task(layer, self.task, seed)
        history = train(
            model,
            Noisy(self.task, self.noise),
            steps=self.steps,
            batch_size=BATCH,
            optimizer=Adam(self.learning_rate),
            clip=self.clip,
            seed=seed,
            evaluate_every=self.steps,
            progress=progress,
        )
        if history.interrupted:
            return self.settings | {"seed": seed, "outcome": "interrupted"}
        found: Row = {"outcome": "diverged" if history.diverged else "measured"}
        for part in ("validation", "test"):
            found[part] = model.evaluate(_part(self.task, part)).loss
        return self.settings | {"seed": seed} | found | {"seconds": process_time() - start}


class Noisy:
    """A task whose inputs carry noise, N(0, noise²)."""

    def __init__(self, task: Task, noise: float):
        self.task, self.noise = task, noise

    def __getattr__(self, name: str) -> object:
        return getattr(self.task, name)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """A batch of the task, with noise."""
        batch = self.task.sample(batch_size, rng)
        noise = self.noise * rng.standard_normal(batch.inputs.shape, dtype=np.float32)
        object.__setattr__(batch, "inputs", batch.inputs + noise)
        return batch


def _part(task: Task, part: str) -> Batch:
    if isinstance(task, PlaceNames):
        return task.part(part)
    seed = {"validation": 2_000_003, "test": 3_000_017}[part]
    return task.sample(1000, np.random.default_rng(seed))


def search() -> Sweep:
    """Setting number k is the same for every variant, so that they are compared in pairs."""
    rng = np.random.default_rng(SEARCH_SEED)
    drawn = []
    for _ in range(SETTINGS):
        rate, clip = (float(f"{10**x:.3g}") for x in (rng.uniform(-4, -1), rng.uniform(-1, 1)))
        units = int(np.exp(rng.uniform(np.log(8), np.log(65))))
        noise, bias = (round(float(x), 3) for x in (rng.uniform(0, 0.5), rng.uniform(0, 3)))
        drawn.append((rate, units, noise, clip, bias))
    runs = tuple(
        (Sampled(task, cell, steps, *setting), number)
        for number, setting in enumerate(drawn)
        for task, steps in TASKS.items()
        for cell in CELLS
    )
    question = "A hundred random settings for each variant: which part is missed, what matters?"
    return Sweep("search", question, extra=runs, by_night=True)


def importance(results: Results, degree: int = 2) -> dict[str, float]:
    """Share of the variance of the log loss that each setting explains and no other does.

    The main effect of a functional analysis of variance (Hutter, Hoos & Leyton-Brown 2014), which
    Greff et al. took from a random forest. Here the log loss is fitted by a sum of parabolas, one
    in each setting's rank. What is lost when a setting is left out, less what it would by chance
    (Hays's omega squared, at least 0), is its share. Settings that happen to go together, as some
    do among so few, so do not count twice. A run that diverged makes ranks of the losses.

    Raises:
        CourseError: with fewer than thirty runs.
    """
    n = len(results)
    if n < LEAST:
        raise CourseError(f"{n} runs are too few for {len(KNOBS)} settings: take {LEAST}.")
    loss = np.where(results["outcome"] == "diverged", np.inf, results["test"])
    y = _ranks(loss) if np.isinf(loss).any() else np.log(loss)
    curves = {
        knob: np.polynomial.legendre.legvander(_ranks(results[knob]), degree)[:, 1:]
        for knob in KNOBS
    }
    left = _left(y, curves.values())
    error = left / (n - 1 - degree * len(KNOBS))
    total = float(np.sum((y - y.mean()) ** 2))
    shares = {}
    for knob in KNOBS:
        others = [curve for name, curve in curves.items() if name != knob]
        lost = _left(y, others) - left
        shares[knob] = float(max(0.0, (lost - degree * error) / (total + error)))
    return shares


def _ranks(values: np.ndarray) -> np.ndarray:
    """From -1 for the lowest to 1 for the highest."""
    return np.linspace(-1, 1, len(values))[np.argsort(np.argsort(values))]


def _left(y: np.ndarray, curves: Iterable[np.ndarray]) -> float:
    """What the best sum of these curves and a constant leaves of y, squared."""
    terms = np.column_stack([np.ones(len(y)), *curves])
    return float(np.sum((y - terms @ np.linalg.lstsq(terms, y)[0]) ** 2))
