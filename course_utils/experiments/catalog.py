"""All sweeps of the course: task x cell x initialisation x size, each with the same seeds.

Read it as a list of what was tried. `course sweep NAME` runs one of them. Unless it says otherwise,
a network has 32 units and learns with Adam, batches of 32, gradients clipped to norm 1, and a
learning rate of 0.01 (LSTM, GRU) or 0.001 (SimpleRNN). Nobody chose these rates for the task: what
compares cells is `tuning` and, with what it chose, the `contest`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

from course_utils import CourseError
from course_utils.experiments.case import Measurement, Training
from course_utils.experiments.contest import contest
from course_utils.experiments.kernels import KERNELS
from course_utils.experiments.memory import many_keys, overwritten
from course_utils.experiments.networks import count_parameters, matched_units
from course_utils.experiments.origins import endless, origins
from course_utils.experiments.real import real_sequences
from course_utils.experiments.runner import Sweep
from course_utils.experiments.search import search
from course_utils.experiments.tuning import tuning
from course_utils.experiments.variants import VARIANTS
from course_utils.tasks import (
    Adding,
    ContinualReber,
    CopyMemory,
    EmbeddedReber,
    FranceSentence,
    Parity,
    Recall,
    Task,
    TemporalOrder,
)

PLAIN = ("SimpleRNN", "default")
DEFAULTS = (("LSTM", "default"), ("GRU", "default"))
CHRONO = (("LSTM", "chrono"), ("GRU", "chrono"))
RATES = {"SimpleRNN": 0.001}


def trainings(task: Task, networks: tuple[tuple[str, str], ...], **options) -> list[Training]:
    """One case for each (cell, init), with the cell's own learning rate."""
    return [
        Training(task, cell, init, **{"learning_rate": RATES.get(cell, 0.01)} | options)
        for cell, init in networks
    ]


def adding() -> Sweep:
    cases = trainings(Adding(50), (PLAIN, *DEFAULTS), steps=2000)
    everyone = (PLAIN, *DEFAULTS, *CHRONO)
    cases += trainings(Adding(100), everyone, steps=2000, probes=("longer",))
    cases += trainings(Adding(200), (PLAIN,), steps=1000)
    cases += trainings(Adding(200), (*DEFAULTS, *CHRONO), steps=2500)
    question = "How long a gap can each cell bridge, and does what it learnt hold for longer ones?"
    return Sweep("adding", question, tuple(cases))


def forget_bias() -> Sweep:
    biases = [("LSTM", f"bias {b}") for b in (0, 1, 2)] + [("GRU", f"bias {b}") for b in (0, 1, 2)]
    cases = trainings(Recall(20), (*biases, *CHRONO), steps=1000)
    cases += trainings(Adding(50), (*biases, *CHRONO), steps=2000)
    question = "What does the bias of the gate that keeps the old state change?"
    return Sweep("forget_bias", question, tuple(cases))


def chrono() -> Sweep:
    cases = []
    tasks = {Recall(50): 2000, Recall(100): 800, Recall(200): 400}
    tasks |= {FranceSentence(40): 800, FranceSentence(80): 400}
    for task, steps in tasks.items():
        cases += trainings(task, (*DEFAULTS, *CHRONO), steps=steps)
    for task in (Recall(50), FranceSentence(40)):
        cases += trainings(task, (PLAIN,), steps=2000)
    question = "Does a start with open gates reach where Keras's defaults do not?"
    return Sweep("chrono", question, tuple(cases))


def page_in_front() -> Sweep:
    networks = (PLAIN, *(("LSTM", f"bias {b}") for b in (1, 2, 5)))
    options = {"learning_rate": 0.01, "steps": 150, "solved": "accuracy > 0.95"}
    cases = []
    for task in (FranceSentence(20), FranceSentence(20, 60)):
        cases += trainings(task, networks, **options)
    question = "Which forget bias learns a country 20 words back, with a page before it or without?"
    return Sweep("page_in_front", question, tuple(cases), seeds=(0, 1, 2, 3, 4, 5))


def fair_fight() -> Sweep:
    cases = []
    tasks = {
        Adding(100): 1500,
        CopyMemory(10, 5): 1500,
        TemporalOrder(50): 1500,
        Recall(50): 1500,
        FranceSentence((3, 40)): 1500,
    }
    for task, steps in tasks.items():
        units = matched_units(count_parameters("LSTM", 32, task.input_size), task.input_size)
        for cell, init in (PLAIN, *DEFAULTS, *CHRONO):
            cases += trainings(task, ((cell, init),), units=units[cell], steps=steps)
    question = "With the same number of weights, which cell learns what?"
    return Sweep("fair_fight", question, tuple(cases))


def classics() -> Sweep:
    plain = (("SimpleRNN", "uniform 0.1"), ("SimpleRNN", "default"))
    gated = (("LSTM", "default"), ("LSTM without forget gate", "default"))  # the last one of 1997
    cases = trainings(TemporalOrder(100), (*plain, *gated, ("LSTM", "chrono")), steps=1500)
    reber = {"solved": "loss < 0.45", "probes": ("critical",), "steps": 1500}
    cases += trainings(EmbeddedReber(), (*plain, *gated), **reber)
    question = "Two experiments of 1997: what succeeds at them, then and now?"
    return Sweep("classics", question, tuple(cases))


def copy_baseline() -> Sweep:
    task, solved = CopyMemory(100), "loss < 0.16"
    cases = trainings(task, (PLAIN,), steps=1000, solved=solved)
    cases += trainings(task, DEFAULTS, steps=300, solved=solved)
    question = "Copying 10 symbols after 100 steps: who gets below what needs no memory?"
    return Sweep("copy_baseline", question, tuple(cases), seeds=(0, 1, 2))


def irnn() -> Sweep:
    task, probes = Adding(150), {"probes": ("gradients",)}
    cases = [
        Training(task, "IRNN", units=100, learning_rate=rate, clip=clip, steps=3000, **probes)
        for rate, clip in ((0.0001, 1.0), (0.0003, 0.1), (0.001, 1.0), (0.01, 1.0))
    ]
    cases += trainings(task, (PLAIN,), units=100, steps=3000, **probes)
    cases += trainings(task, DEFAULTS[:1], steps=2000, **probes)
    question = "Identity and ReLU instead of gates: as good on adding, and how stable?"
    return Sweep("irnn", question, tuple(cases), seeds=(0, 1, 2))


def ablations() -> Sweep:
    cells = [(cell, "default") for cell in ("LSTM", *VARIANTS)]
    cases = trainings(Adding(50), tuple(cells), steps=1500)
    reber = {"solved": "loss < 0.42", "probes": ("stream",), "steps": 500}
    cases += trainings(ContinualReber(100), tuple(cells), **reber)
    question = "Which part of the LSTM can be taken away, and where does it matter?"
    return Sweep("ablations", question, tuple(cases))


def output_gate() -> Sweep:
    cells = (("LSTM", "default"), ("LSTM without output gate", "default"))
    options = {"units": 8, "solved": "loss < 0.45", "steps": 1500}
    cases = [
        case
        for rate in (0.01, 0.03)
        for case in trainings(EmbeddedReber(), cells, learning_rate=rate, **options)
    ]
    question = "Does an output gate make a small network learn a Reber string sooner?"
    return Sweep("output_gate", question, tuple(cases))


def latch() -> Sweep:
    cases = [
        Measurement("latch", {"weight": weight, "noise": noise, "length": 50})
        for noise, weight in product((0.0, 0.2), (0.5, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0))
    ]
    question = "Can one tanh unit keep a bit and pass gradient at the same time?"
    return Sweep("latch", question, tuple(cases))


def reach() -> Sweep:
    cases = [
        Measurement("reach", {"radius": radius, "inputs": inputs, "units": 32, "length": 100})
        for inputs, radius in product((0.0, 1.0), (0.5, 0.9, 1.0, 1.1, 1.5))
    ]
    question = "What does the spectral radius of the recurrent matrix say about gradients?"
    return Sweep("reach", question, tuple(cases))


def clipping() -> Sweep:
    options = {"optimizer": "SGD", "steps": 500, "probes": ("gradients",)}
    cases = [
        Training(Adding(50), "SimpleRNN", "radius 1.5", clip=clip, learning_rate=rate, **options)
        for rate, clip in product((0.03, 0.1), (None, 1.0))
    ]
    question = "What does clipping the gradient change for a network that can explode?"
    return Sweep("clipping", question, tuple(cases))


def minimal() -> Sweep:
    networks, cases = (("MinGRU", "default"), ("MinGRU", "chrono")), []
    for task in (Adding(100), CopyMemory(10, 5), TemporalOrder(50), Recall(50)):
        cases += trainings(task, networks, steps=1500)
    cases += trainings(FranceSentence((3, 40)), networks, steps=1500)
    cases += trainings(Parity(20), (networks[0], *DEFAULTS), steps=1500)
    question = "Gates that see only the input, and no tanh: what can still be learnt?"
    return Sweep("minimal", question, tuple(cases))


def scan() -> Sweep:
    cases = [
        Measurement("scan", {"length": length, "width": width})
        for width, length in product((32, 256, 4096), (1, 63, 512, 2048))
        if width * length < 4096 * 2048
    ]
    question = "A minGRU by parallel scan and by loop: is it the same, and what does it cost?"
    return Sweep("scan", question, tuple(cases))


MAKERS = (
    adding,
    forget_bias,
    chrono,
    page_in_front,
    fair_fight,
    classics,
    copy_baseline,
    irnn,
    ablations,
    output_gate,
    latch,
    reach,
    clipping,
    real_sequences,
    minimal,
    scan,
    origins,
    endless,
    search,
    many_keys,
    overwritten,
)
# What is run here follows from what is stored.
GROWING: dict[str, Callable[[Path | None], Sweep]] = {"tuning": tuning} | {
    f"contest_{kernel.lower()}": partial(contest, kernel) for kernel in KERNELS
}
NAMES = (*(maker.__name__ for maker in MAKERS), *GROWING)


def sweep(name: str, folder: Path | None = None) -> Sweep:
    """The sweep `name`; `folder` has the results that a growing one follows from.

    Raises:
        CourseError: if there is none of that name.
    """
    if name not in NAMES:
        raise CourseError(f"There is no sweep {name!r}; there are: {', '.join(NAMES)}.")
    if name in GROWING:
        return GROWING[name](folder)
    return MAKERS[NAMES.index(name)]()
