"""A batch of every task, against the training step that uses it.

    python benchmarks/tasks.py            # about a minute
    python benchmarks/tasks.py --quick    # fewer repetitions, and nothing is stored

The step is the quickest of the course's: a SimpleRNN of 32 units, on one thread, as in cells.py.
Drawing a batch and learning from it take turns, so that a busy moment hits both; the figures are
medians of the processor time that the process used, and what counts is their ratio: below 1, most
of a training goes into learning.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from cells import QUICK_TURN_SECONDS, TURN_SECONDS, alternate, to_ms, training_step

from course_utils import tasks
from course_utils.cells import SimpleRNN
from course_utils.tasks.letters import NextLetter
from course_utils.tasks.places import PlaceNames
from course_utils.tasks.weather import Weather
from course_utils.training import SequenceModel

RESULT = Path(__file__).parent / "results" / "tasks.json"
BATCH, UNITS, TARGET = 32, 32, 1.0  # the target is for batch / step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a rough figure in seconds")
    options = parser.parse_args()
    turn = QUICK_TURN_SECONDS / 5 if options.quick else TURN_SECONDS
    others = round(os.getloadavg()[0], 1)  # that ran beside this one, on average
    rows = []
    for task in every_task():
        rows.append(measure(task, turn))
        print(rows[-1]["task"], file=sys.stderr, flush=True)
    print(table(rows))
    if not options.quick:
        lines = ",\n  ".join(json.dumps(row) for row in rows)
        head = f'"target": {TARGET}, "other programs": {others}'
        RESULT.write_text(f'{{{head}, "rows": [\n  {lines}\n]}}\n', encoding="utf-8")


def every_task() -> list[tasks.Task]:
    """Each task of the course with the dials that it has by itself."""
    kinds = [getattr(tasks, name) for name in tasks.__all__]
    invented = [kind for kind in kinds if issubclass(kind, tasks.Task) and kind is not tasks.Task]
    return [kind() for kind in (*invented, NextLetter, PlaceNames, Weather)]


def measure(task: tasks.Task, turn: float) -> dict:
    """Medians in ms of a batch and of a step, for one task."""
    rng = np.random.default_rng(0)
    batch = task.sample(BATCH, rng)
    contenders = {"batch": lambda: task.sample(BATCH, rng), "step": step_on(task, batch)}
    ms = to_ms(alternate(contenders, time.process_time, turn))
    return {"task": type(task).__name__, "T": batch.inputs.shape[1], "ms": ms}


def step_on(task: tasks.Task, batch: tasks.Batch) -> Callable[[], None]:
    layer = SimpleRNN(UNITS, return_sequences=task.every_step, seed=0)
    model = SequenceModel.for_task(layer, task)
    model.build(task.input_size)
    return training_step(model, batch)


def table(rows: list[dict]) -> str:
    lines = [
        f"Median ms of a batch of {BATCH} and of a training step of a SimpleRNN({UNITS}) on it; "
        f"target: batch/step below {TARGET:g}.",
        "",
        f"| {'task':<14} | {'T':>4} | {'batch':>7} | {'step':>7} | batch/step |",
        f"| {'---':<14} | {'---':>4} | {'---':>7} | {'---':>7} | {'---':>10} |",
    ]
    for row in rows:
        batch, step = row["ms"]["batch"], row["ms"]["step"]
        lines.append(
            f"| {row['task']:<14} | {row['T']:>4} | {batch:>7.3f} | {step:>7.3f} "
            f"| {batch / step:>10.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
