"""The training loop, one for all cells and all tasks."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from time import perf_counter

import numpy as np

from course_utils.lines import wrapped
from course_utils.training.history import History
from course_utils.training.interfaces import Task
from course_utils.training.model import Metrics, SequenceModel
from course_utils.training.optimizers import SGD, Adam, clip_by_global_norm
from course_utils.training.progress import Progress

HELD_OUT = 256  # sequences the model is evaluated on; it never trains on them

DIVERGED = (
    "Training stopped: the loss or its gradient is no longer a finite number; "
    "try a lower learning rate, or clip=1.0 if clipping is off."
)
INTERRUPTED = "Interrupted: the model keeps what it has learnt so far."


def train(
    model: SequenceModel,
    task: Task,
    *,
    steps: int,
    batch_size: int = 32,
    optimizer: Adam | SGD | None = None,
    clip: float | None = 1.0,
    seed: int = 0,
    stop_when: Callable[[Metrics], bool] | None = None,
    evaluate_every: int = 50,
    progress: bool = True,
) -> History:
    """Train `model` on fresh batches of `task`.

    Interrupt the kernel whenever you like: the model is then as its last complete step left it,
    and the history says so. A run whose loss or gradient is no longer finite stops too, and puts
    the weights back to those of its last evaluation.

    Args:
        steps: updates to make at most.
        batch_size: sequences of one update.
        optimizer: `Adam()` with its learning rate of 0.001 if None.
        clip: limit of the gradient's global norm; None leaves gradients as they are.
        seed: decides all batches; the same seed and weights give the same run.
        stop_when: a test of the metrics on held-out sequences, such as
            `lambda metrics: metrics.accuracy > 0.99`; the run stops when it is true.
        evaluate_every: steps between evaluations. There is one before training and one at the end.
        progress: show a bar and messages.

    Raises:
        ValueError: before training, if model and task do not fit or a number is out of range.
    """
    _check_counts(steps=steps, batch_size=batch_size, evaluate_every=evaluate_every)
    _check_fit(model, task)
    model.build(task.input_size)
    optimizer = optimizer or Adam()
    batches, held_out = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))

    history = History(planned=steps)
    start = perf_counter()
    bar = Progress(steps, model.layer.name, visible=progress)
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # we look for inf and NaN ourselves
            examples = task.sample(HELD_OUT, held_out)
            for step in range(steps + 1):
                if step % evaluate_every == 0 or step == steps:
                    metrics = model.evaluate(examples)
                    last_evaluated = model.weights.vector.copy()
                    history.add_evaluation(step, metrics)
                    bar.note(f"loss {metrics.loss:.3f}")
                    if stop_when is not None and stop_when(metrics):
                        history.solved_at = step
                        break
                if step == steps:
                    break
                loss, gradients = model.loss_and_gradients(task.sample(batch_size, batches))
                norm = clip_by_global_norm(gradients, clip)
                if not (isfinite(loss) and isfinite(norm)):
                    history.diverged = True
                    model.weights.vector[:] = last_evaluated
                    break
                optimizer.update(model.weights, gradients)
                history.add_update(loss, norm)
                bar.advance()
    except KeyboardInterrupt:
        history.interrupted = True
    finally:
        history.seconds = perf_counter() - start
        bar.close(complete=history.solved_at is not None)
    if progress and history.diverged:
        print(wrapped(DIVERGED))
    if progress and history.interrupted:
        print(INTERRUPTED)
    return history


def _check_counts(**counts: int) -> None:
    for name, count in counts.items():
        if not isinstance(count, int | np.integer) or count < 1:
            raise ValueError(f"{name} is {count!r}; it must be a whole number of at least 1.")


def _check_fit(model: SequenceModel, task: Task) -> None:
    """Raise one sentence for the first thing in which model and task disagree."""
    for name, what in (
        ("loss", "SequenceModel(..., loss={!r})"),
        ("output_size", "SequenceModel(layer, output_size={})"),
        ("every_step", "every_step={0} for the model and return_sequences={0} for the layer"),
    ):
        has, needs = getattr(model, name), getattr(task, name)
        if has != needs:
            raise ValueError(
                f"the model has {name} {has!r} but the task needs {needs!r}: "
                f"make it with {what.format(needs)}."
            )
    if model.layer.weights and model.layer.input_size != task.input_size:
        raise ValueError(
            f"the layer was built for inputs of size {model.layer.input_size} but the task has "
            f"inputs of size {task.input_size}: make a new layer."
        )
