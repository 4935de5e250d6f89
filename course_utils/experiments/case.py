"""One case of a sweep: everything about a run but its seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import gt, lt
from time import process_time
from typing import Protocol

from course_utils import CourseError
from course_utils.experiments.measurements import MEASUREMENTS
from course_utils.experiments.networks import make_layer
from course_utils.experiments.probes import PROBES
from course_utils.tasks import Task
from course_utils.training import SGD, Adam, History, Metrics, SequenceModel, train

Row = dict[str, object]  # of a table of results: settings, seed, what came out
OPTIMIZERS = {"Adam": Adam, "SGD": SGD}
COMPARE = {"<": lt, ">": gt}
EVALUATE_EVERY = 50


@dataclass(frozen=True)
class Training:
    """A network that is trained until it solves its task, or for `steps` updates.

    Args:
        task: what is learnt.
        cell, init, units: the network, see `make_layer`.
        learning_rate, optimizer, clip: of training; clip is the limit of the gradient's norm.
        steps: updates at most.
        solved: such as "loss < 0.01" or "accuracy > 0.99", on held-out sequences. None: loss below
            0.01 for values, accuracy above 0.99 for classes.
        probes: names of more numbers to take of the trained network, see `probes`.
        evaluate_every: updates between two looks at the held-out sequences.
        keep_curve: store the losses on the way.
    """

    task: Task
    cell: str
    init: str = "default"
    units: int = 32
    learning_rate: float = 0.01
    steps: int = 2000
    solved: str | None = None
    optimizer: str = "Adam"
    clip: float | None = 1.0
    probes: tuple[str, ...] = ()
    evaluate_every: int = EVALUATE_EVERY
    keep_curve: bool = True

    def __post_init__(self) -> None:
        if self.solved is None:
            rule = "loss < 0.01" if self.task.loss == "mse" else "accuracy > 0.99"
            object.__setattr__(self, "solved", rule)
        self._stop_rule()

    @property
    def settings(self) -> Row:
        """What stands in a row of results and, with the seed, tells a run from all others."""
        usual = self.evaluate_every == EVALUATE_EVERY
        return {
            "task": repr(self.task),
            "cell": self.cell,
            "init": self.init,
            "units": self.units,
            "optimizer": self.optimizer,
            "learning_rate": self.learning_rate,
            "clip": self.clip,
            "steps": self.steps,
            "solved_when": self.solved,
        } | ({} if usual else {"evaluate_every": self.evaluate_every})

    def train(self, seed: int, progress: bool = True) -> tuple[SequenceModel, History]:
        """Train it, with `seed` for the weights, the batches and the held-out sequences."""
        layer = make_layer(self.cell, self.init, self.units, self.task, seed)
        model = SequenceModel.for_task(layer, self.task, seed)
        history = train(
            model,
            self.task,
            steps=self.steps,
            optimizer=OPTIMIZERS[self.optimizer](self.learning_rate),
            clip=self.clip,
            seed=seed,
            stop_when=self._stop_rule(),
            evaluate_every=self.evaluate_every,
            progress=progress,
        )
        return model, history

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row of results. `seconds` are those of the processor, and differ by machine."""
        start = process_time()
        model, history = self.train(seed, progress)
        seconds = process_time() - start
        accuracy = None if self.task.loss == "mse" else history.accuracy[-1]
        found = {
            "outcome": outcome(history),
            "solved_at": history.solved_at,
            "updates": history.updates,
            "loss": history.loss[-1],
            "accuracy": accuracy,
            "parameters": model.layer.count_params(),
        }
        if not history.interrupted:
            for probe in self.probes:
                found |= PROBES[probe](model, self.task, history)
        row = self.settings | {"seed": seed} | found | {"seconds": seconds}
        if self.keep_curve:
            row["losses"] = " ".join(f"{loss:.3g}" for loss in history.loss)
        return row

    def _stop_rule(self) -> Callable[[Metrics], bool]:
        try:
            name, sign, value = self.solved.split()
            compare, limit = COMPARE[sign], float(value)
            if name not in Metrics._fields:
                raise ValueError(name)
        except (KeyError, ValueError):
            raise CourseError(
                f"solved is {self.solved!r}; it must be like 'loss < 0.01' or 'accuracy > 0.99'."
            ) from None
        return lambda metrics: bool(compare(getattr(metrics, name), limit))


def outcome(history: History) -> str:
    """solved, unsolved, diverged or interrupted."""
    if history.interrupted:
        return "interrupted"
    if history.diverged:
        return "diverged"
    return "unsolved" if history.solved_at is None else "solved"


@dataclass(frozen=True)
class Measurement:
    """Something that is measured without training, by a function of `measurements`."""

    name: str
    arguments: Mapping[str, float]

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.arguments.items())))

    @property
    def settings(self) -> Row:
        return {"measurement": self.name, **self.arguments}

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row of results."""
        found = MEASUREMENTS[self.name](seed=seed, **self.arguments)
        return self.settings | {"seed": seed, "outcome": "measured"} | found


class Case(Protocol):
    """What a sweep needs of a case: `Training`, `Measurement` and `real.RealTraining` have it."""

    @property
    def settings(self) -> Row:
        """What stands in a row of results and, with the seed, tells a run from all others."""

    def run(self, seed: int, progress: bool = False) -> Row:
        """One row of results."""


def run_one(case: Case, seed: int, progress: bool = False) -> Row:
    """One run, live: the same row that a sweep stores, apart from its seconds."""
    return case.run(seed, progress)
