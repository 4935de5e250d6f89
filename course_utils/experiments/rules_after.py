"""Rules for claims about what came after the GRU."""

from __future__ import annotations

from course_utils.experiments.compare import reached
from course_utils.experiments.published import Finding, Load
from course_utils.experiments.results import Results
from course_utils.tasks import Adding, CopyMemory, FranceSentence, Parity, Recall, TemporalOrder

TOLERANCE = 1e-10  # float64, relative
LONG, NARROW, WIDE = 512, 32, 4096  # steps; numbers a step
GRU_TASKS = {
    "adding": Adding(100),
    "copy": CopyMemory(10, 5),
    "order": TemporalOrder(50),
    "recall": Recall(50),
    "sentence": FranceSentence((3, 40)),
}


def parallel_scan(load: Load) -> Finding:
    measured, learnt = load("scan"), load("minimal").where(cell="MinGRU", init="chrono")
    largest = max(measured["values"].max(), measured["gradients"].max())
    narrow, wide = (
        measured.where(length=LONG, width=w).median("speedup").value for w in (NARROW, WIDE)
    )
    sentence = learnt.where(task=FranceSentence((3, 40)))
    recall = learnt.where(task=Recall(50))
    ours = (
        f"scan and loop differ by {largest:.0e} at most, values and gradients; by scan and with "
        f"chrono: recall 50 {reached(recall)}, sentence {reached(sentence)}; on one core the scan "
        f"takes 1/{narrow:.1f} of the loop's time at T={LONG} with {NARROW} numbers a step, and "
        f"{1 / wide:.1f} times as long with {WIDE:,}"
    )
    conditions = {
        "In float64 values and gradients differ by less than 1e-10, at all lengths to 2,048.": (
            largest < TOLERANCE
        ),
        "Trained by the scan, every run learns to recall at lag 50, and the sentence.": (
            recall.solved == len(recall) and sentence.solved == len(sentence)
        ),
        f"On one core the scan is faster than the loop with {NARROW} numbers a step.": narrow > 1,
        f"It is so with {WIDE:,} numbers a step, too.": wide > 1,
    }
    return Finding(ours, len(recall), conditions)


def of_minimal(load: Load) -> dict[str, Results]:
    """The GRU's tasks: runs of the minGRU, the better of its two starts."""
    runs = load("minimal").where(cell="MinGRU")
    return {
        name: max(
            (runs.where(task=task, init=init) for init in ("default", "chrono")),
            key=lambda one: (one.solved, -one.median("loss").value),
        )
        for name, task in GRU_TASKS.items()
    }


def all_we_needed(load: Load) -> Finding:
    """Feng et al. 2024: competitive with traditional recurrent networks."""
    minimal, fight = of_minimal(load), load("fair_fight").where(cell="GRU")
    gru = {
        name: max(
            (fight.where(task=task, init=init) for init in ("default", "chrono")),
            key=lambda one: (one.solved, -one.median("loss").value),
        )
        for name, task in GRU_TASKS.items()
    }
    parity = load("minimal").where(task=Parity(20))
    own, theirs = parity.where(cell="MinGRU"), parity.where(cell="GRU")
    ours = (
        "minGRU, GRU, each with the better start: "
        + "; ".join(f"{name} {reached(minimal[name])}, {reached(gru[name])}" for name in GRU_TASKS)
        + f"; parity {reached(own)}, {reached(theirs)}"
    )
    conditions = {
        "One layer of 32 units solves as many runs as a GRU, at rate 0.01, on five tasks.": all(
            minimal[name].solved >= gru[name].solved for name in GRU_TASKS
        ),
        "It learns the parity of 20 bits in as many runs as a GRU.": own.solved >= theirs.solved,
    }
    return Finding(ours, len(own), conditions)
