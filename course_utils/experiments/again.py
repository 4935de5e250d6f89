"""Stored runs made once more: a sample drawn at random says whether the files can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils.experiments import kernels
from course_utils.experiments.case import Case, Row
from course_utils.experiments.runner import Sweep
from course_utils.experiments.store import Store, as_text, key

MEASURED = ("seconds", "speedup")  # of the machine


class Repeated(NamedTuple):
    """What came out of a run that was made again.

    Attributes:
        name: of its sweep.
        what: its settings, in words.
        before, outcome: how it ended when it was stored, and now.
        same_digits: whether every number of its row came out again.
    """

    name: str
    what: str
    seed: int
    before: str
    outcome: str
    same_digits: bool


def repeat(
    sweeps: Iterable[Sweep], count: int, folder: Path | None = None, seed: int | None = None
) -> Iterator[Repeated]:
    """Make `count` stored runs of `sweeps` again, drawn without replacement.

    Runs of a kernel that this process does not compute with are left out.
    """
    known: list[tuple[Sweep, Case, int, Row]] = []
    for one in sweeps:
        if one.kernel not in (None, kernels.running()):
            continue
        stored = {key(row): row for row in Store(one.name, folder).read()}
        known += [
            (one, case, number, stored[name])
            for name, (case, number) in one.runs.items()
            if name in stored
        ]
    picks = np.random.default_rng(seed).permutation(len(known))[:count]
    for one, case, number, row in (known[pick] for pick in picks):
        now = case.run(number)
        numbers = [name for name in now if name not in MEASURED]
        same = all(as_text(now[name]) == as_text(row.get(name)) for name in numbers)
        what = ", ".join(str(v) for v in list(case.settings.values())[:4])
        yield Repeated(one.name, what, number, row["outcome"], now["outcome"], same)
