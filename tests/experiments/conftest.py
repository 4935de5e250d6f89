"""A sweep of runs that take no time, and leave a line in a log each time one is made."""

from dataclasses import dataclass
from pathlib import Path
from time import sleep

import pytest

from course_utils.experiments import Sweep


@dataclass(frozen=True)
class Quick:
    """A case that writes down that it was run."""

    number: int
    log: Path
    never_ends: bool = False

    @property
    def settings(self) -> dict:
        return {"cell": f"cell, {self.number}", "size": self.number / 4, "clip": None}

    def run(self, seed: int, progress: bool = False) -> dict:
        while self.never_ends:
            sleep(0.02)
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(f"{self.number} {seed}\n")
        found = {"outcome": "solved" if seed else "unsolved", "loss": self.number / 3 + seed}
        return self.settings | {"seed": seed} | found


def quick_sweep(log: Path, cases: int = 3, seeds: int = 4, ending: int | None = None) -> Sweep:
    """`ending` is how many of its cases come to an end; without it, all do."""
    most = cases if ending is None else ending
    quick = tuple(Quick(number, log, never_ends=number >= most) for number in range(cases))
    return Sweep("quick", "Does it work?", quick, tuple(range(seeds)))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def made(log: Path) -> list[str]:
    """The runs that were made, in the order of the sweep."""
    return sorted(log.read_text(encoding="utf-8").splitlines()) if log.exists() else []


def every_run(sweep: Sweep) -> list[str]:
    return sorted(f"{case.number} {seed}" for case in sweep.cases for seed in sweep.seeds)
