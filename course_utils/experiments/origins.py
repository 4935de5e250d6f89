"""The experiments of 1997 and 2000, begun and counted as the papers did.

Hochreiter & Schmidhuber 1997: weights within 0.1, input gates that begin nearly shut, no forget
gate; the adding problem of experiment 4 and temporal order of experiment 6a. Gers, Schmidhuber &
Cummins 2000: the stream of Reber strings, learnt to success with and without the forget gate and
then read on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from course_utils.experiments.case import Training
from course_utils.experiments.runner import Sweep
from course_utils.tasks import Baseline, Batch, ContinualReber, Labels, Task, TemporalOrder
from course_utils.tasks.task import check_whole

OLD = "LSTM without forget gate"
EARLY = 10  # the first mark is one of so many


@dataclass(frozen=True)
class Adding1997(Task):
    """Experiment 4 of 1997. Inputs (B, length, 2): a number from U[-1, 1), and a marker.

    One of the first ten steps is marked by 1, and another one of the first half; the markers of the
    first and the last step are -1, all others 0. Targets (B, 1): 0.5 + (X1 + X2) / 4, the sum on a
    scale from 0 to 1; a marked first step counts as 0, and keeps its -1. The paper's lengths vary
    from T to 1.1 T; here it is T.

    Args:
        length: steps T of a sequence, from 24.
    """

    length: int = 100
    loss: ClassVar[str] = "mse"

    def __post_init__(self) -> None:
        check_whole("length", self.length, least=24)

    @property
    def labels(self) -> Labels:
        return Labels(("number", "marker"), ("sum",))

    @property
    def baseline(self) -> Baseline:
        why = "Always saying 0.5 leaves the variance of (X1 + X2) / 4: about 1/24."
        return Baseline(1 / 24, None, why)

    def _describe(self) -> str:
        return (
            f"{self.length} random numbers between -1 and 1 pass by. One of the first ten is "
            "marked, and one more of the first half. At the end the network must say their sum."
        )

    def clues(self, inputs: np.ndarray) -> np.ndarray:
        return inputs[..., 1] == 1

    def _draw(self, batch_size: int, rng: np.random.Generator) -> Batch:
        numbers = rng.uniform(-1, 1, (batch_size, self.length)).astype(np.float32)
        rows = np.arange(batch_size)
        first = rng.integers(EARLY, size=batch_size)
        second = rng.integers(self.length // 2 - 2, size=batch_size)
        second += second >= first  # any of the first half but the one that is marked
        markers = np.zeros_like(numbers)
        markers[rows, first] = markers[rows, second] = 1
        numbers[:, 0] *= markers[:, 0] == 0
        total = (numbers * markers).sum(axis=1)
        markers[:, 0] = markers[:, -1] = -1
        return Batch(np.stack((numbers, markers), axis=-1), 0.5 + total[:, None] / 4)


def origins() -> Sweep:
    cases = [
        Training(TemporalOrder(100), OLD, init, steps=1000, probes=("fresh",), keep_curve=False)
        for init in ("1997 -2 -4", "1997 0 0")
    ]
    exact = {"solved": "loss < 0.0001", "probes": ("within",), "keep_curve": False}
    cases += [
        Training(Adding1997(100), cell, init, steps=2300, **exact)  # 73,600 sequences
        for cell, init in ((OLD, "1997 -3 -6"), ("LSTM", "default"))
    ]
    question = "The experiments of 1997 with the start of 1997: does it succeed, and is it needed?"
    return Sweep("origins", question, tuple(cases))


def endless() -> Sweep:
    options = {"solved": "loss < 0.42", "probes": ("endless",), "keep_curve": False}
    cases = [Training(ContinualReber(100), cell, steps=3000, **options) for cell in ("LSTM", OLD)]
    question = "Trained until they know the stream: what do they answer 10,000 letters on?"
    return Sweep("endless", question, tuple(cases))
