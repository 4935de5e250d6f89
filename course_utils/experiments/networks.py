"""Layers by the names that stand in the catalog and in the stored results."""

from __future__ import annotations

from functools import cache, partial
from math import prod

import numpy as np

from course_utils import CourseError
from course_utils.cells import GRU, LSTM, Chrono, Layer, MinGRU, RandomNormal, SimpleRNN
from course_utils.experiments.variants import VARIANTS
from course_utils.tasks import Task

CELLS = {
    "SimpleRNN": SimpleRNN,
    "LSTM": LSTM,
    "GRU": GRU,
    "GRU, reset before": partial(GRU, reset_after=False),
    # Le, Jaitly & Hinton 2015: ReLU, identity, and small input weights
    "IRNN": partial(
        SimpleRNN,
        activation="relu",
        recurrent_initializer="identity",
        kernel_initializer=RandomNormal(0.001),
    ),
    "MinGRU": MinGRU,
    **VARIANTS,
}
INITS = "default, chrono, identity, bias B, radius R, uniform A, 1997 B B"
SMALL = 0.1
KEEPER = {"LSTM": "f", "GRU": "z"}


def make_layer(cell: str, init: str, units: int, task: Task, seed: int) -> Layer:
    """A layer with its weights drawn from `seed`, for the inputs and answers of `task`.

    Args:
        cell: a name in `CELLS`.
        init: "default" (Keras's); "chrono" for memories as long as the task; "bias 2" for the
            forget gate of an LSTM or the update gate of a GRU, which keep the old state;
            "identity" for a recurrent matrix that changes nothing (a plain network's);
            "radius 1.5" for an orthogonal recurrent matrix times 1.5; "uniform 0.1" for weights
            from [-0.1, 0.1], as was usual before 2010; "1997 -2 -4" for such weights and input
            gates that begin shut, with a bias of -2 for one half of them and -4 for the other
            (Hochreiter & Schmidhuber 1997).
        units: n.

    Raises:
        CourseError: if `cell` or `init` is unknown, or the cell has no gate to keep with.
    """
    if cell not in CELLS:
        raise CourseError(f"cell is {cell!r}; it must be one of: {', '.join(CELLS)}.")
    kind, _, value = init.partition(" ")
    options = {"bias_initializer": Chrono(task.length)} if init == "chrono" else {}
    layer = CELLS[cell](units, return_sequences=task.every_step, seed=seed, **options)
    layer.build(task.input_size)
    if kind == "bias":
        if layer.name not in KEEPER:
            raise CourseError(f"init is {init!r}, but {cell} has no gate that keeps a memory.")
        bias = layer.gate_weights(KEEPER[layer.name])["bias"]
        bias[...] = 0
        (bias if bias.ndim == 1 else bias[0])[...] = float(value)
    elif kind == "radius":
        layer.weights["recurrent_kernel"] *= float(value)
    elif kind in ("uniform", "1997"):
        limit = SMALL if kind == "1997" else float(value)
        rng = np.random.default_rng(seed)
        for name in ("kernel", "recurrent_kernel"):
            weight = layer.weights[name]
            weight[...] = rng.uniform(-limit, limit, weight.shape)
        if kind == "1997":
            biases = np.array([float(bias) for bias in value.split()])
            layer.gate_weights("i")["bias"][...] = np.repeat(biases, -(-units // 2))[:units]
    elif init == "identity":
        weight = layer.weights["recurrent_kernel"]
        weight[...] = np.eye(*weight.shape)
    elif init not in ("default", "chrono"):
        raise CourseError(f"init is {init!r}; it must be one of: {INITS}.")
    return layer


def count_parameters(cell: str, units: int, input_size: int) -> int:
    """Weights of a layer of `units` for inputs of `input_size`."""
    return sum(map(prod, CELLS[cell](units).weight_shapes(input_size).values()))


def matched_units(
    budget: int,
    input_size: int,
    cells: tuple[str, ...] = ("SimpleRNN", "LSTM", "GRU"),
    tolerance: float = 0.03,
) -> dict[str, int]:
    """How many units give each cell as nearly as possible `budget` weights.

    Raises:
        CourseError: if a cell cannot come within `tolerance` of the budget: it is too small.
    """
    units = {}
    for cell in cells:
        n = 1
        while count_parameters(cell, n + 1, input_size) <= budget:
            n += 1
        counts = {k: count_parameters(cell, k, input_size) for k in (n, n + 1)}
        units[cell] = min(counts, key=lambda k: abs(counts[k] - budget))
        if abs(counts[units[cell]] - budget) > tolerance * budget:
            raise CourseError(
                f"budget is {budget}, but {cell} with inputs of size {input_size} has "
                f"{counts[n]} weights with {n} units and {counts[n + 1]} with {n + 1}: "
                "take a larger budget."
            )
    return units


def free_parameters(cell: str, units: int, task: Task) -> int:
    """Numbers that a network for `task` can choose, its head included.

    Keras's GRU has two biases for each of its gates. Those of r and z only ever occur as their sum
    and count once; those of the candidate count twice.
    """
    head = (units + 1) * task.output_size
    twice = 2 * units if cell == "GRU" else 0
    return count_parameters(cell, units, task.input_size) - twice + head


@cache
def equal_units(task: Task, cell: str, units: int = 32, tolerance: float = 0.02) -> int:
    """How many units give `cell` as many parameters as an LSTM of `units`, head and all.

    Raises:
        CourseError: if it comes no nearer than `tolerance`: the network is too small.
    """
    budget, n = free_parameters("LSTM", units, task), 1
    while free_parameters(cell, n + 1, task) <= budget:
        n += 1
    n = min((n, n + 1), key=lambda k: abs(free_parameters(cell, k, task) - budget))
    if abs(free_parameters(cell, n, task) - budget) > tolerance * budget:
        raise CourseError(f"{cell} cannot have {budget} parameters for {task}: take more units.")
    return n
