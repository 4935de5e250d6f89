"""A random search in the manner of Greff et al. 2015: 100 settings for each variant and task.

Rate, width, noise, clipping and forget bias are drawn at random, all at once, and every network has
the same updates. What is looked at is the distribution of results, not one run: how good is the
best tenth of a variant, and which setting explains most of the differences (`importance`)? The
search is long; it is resumable, and what is stored says how far it has come.
"""

from __future__ import annotations

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


def importance(results: Results, bins: int = 5) -> dict[str, float]:
    """Share of the variance of the log loss that each setting explains by itself.

    The main effect of a functional analysis of variance (Hutter, Hoos & Leyton-Brown 2014), which
    Greff et al. took from a random forest. Settings are drawn independently, so it is estimated
    directly: a setting's values are cut into `bins` parts of equal size; what the means of these
    parts vary by, less what they would by chance (Hays's omega squared, at least 0), is its share.

    Raises:
        CourseError: with fewer than six runs a part.
    """
    if len(results) < 6 * bins:
        raise CourseError(f"{len(results)} runs are too few for {bins} parts of six.")
    loss = np.where(results["outcome"] == "diverged", np.inf, results["test"])
    y = np.argsort(np.argsort(loss)).astype(float) if np.isinf(loss).any() else np.log(loss)
    total, n = float(np.sum((y - y.mean()) ** 2)), len(y)
    shares = {}
    for knob in KNOBS:
        parts = [y[part] for part in np.array_split(np.argsort(results[knob]), bins)]
        between = sum(len(part) * (part.mean() - y.mean()) ** 2 for part in parts)
        within = (total - between) / (n - bins)
        shares[knob] = float(max(0.0, (between - (bins - 1) * within) / (total + within)))
    return shares
