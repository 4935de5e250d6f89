"""What a rehearsal took, as a table and in words."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field

import psutil
from rich.console import Console
from rich.table import Table

from course_utils.delivery.workshop.footprint import Footprint

MANY = 100
MINUTES = 2  # in which a class of MANY has the lesson run, if all start it together
STEPS = ("server ready", "lesson run", "handed in")


@dataclass
class Outcome:
    """What a rehearsal measured."""

    learners: int
    lesson: str
    warm: float = 0.0  # seconds
    seconds: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    failures: dict[str, str] = field(default_factory=dict)  # by learner
    latency: list[float] = field(default_factory=list)  # seconds for the hub's page, while all work
    footprints: dict[str, Footprint] = field(default_factory=dict)
    hub: Footprint = field(default_factory=lambda: Footprint(0, 0.0))
    marks: str = ""
    full_marks: int | None = None  # learners; None if nothing could be marked

    @property
    def well(self) -> bool:
        """Whether everything worked for everybody."""
        return not self.failures and self.full_marks in (None, self.learners)


def show(outcome: Outcome, console: Console | None = None) -> None:
    """Print everything about a rehearsal."""
    console = console or Console()
    console.print(table(outcome))
    for line in words(outcome):
        console.print(line, highlight=False, markup=False)


def table(outcome: Outcome) -> Table:
    """The times of the steps."""
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 1e9
    title = f"{outcome.learners} learners at once, {cores} cores, {memory:.0f} GB"
    result = Table("", "median", "worst", "worked for", title=title, title_justify="left")
    for step, seconds in outcome.seconds.items():
        times = (f"{of(seconds):.1f} s" for of in (statistics.median, max)) if seconds else ("", "")
        result.add_row(step, *times, f"{len(seconds)} of {outcome.learners}")
    return result


def words(outcome: Outcome) -> list[str]:
    """What the table does not hold: hub, memory, marks, failures, and a class of MANY."""
    lines = [f"Lesson: {outcome.lesson}", f"Warm-up by the teacher: {outcome.warm:.1f} s"]
    if outcome.latency:
        median, worst = statistics.median(outcome.latency), max(outcome.latency)
        lines.append(f"The hub's front page meanwhile: {median:.2f} s, at worst {worst:.2f} s")
    if outcome.footprints:
        lines += taken(outcome)
    lines.append(
        f"Handed in and marked: {outcome.marks}"
        if outcome.full_marks is not None
        else f"Handed in: {len(outcome.seconds['handed in'])}; {outcome.marks}"
    )
    lines += [f"FAILED  {name}: {reason}" for name, reason in sorted(outcome.failures.items())]
    lines.append("All worked for everybody." if outcome.well else "Not all worked.")
    return lines


def taken(outcome: Outcome) -> list[str]:
    """Memory and processor time, measured, and what they would be for MANY learners."""
    memory = [one.memory / 1e9 for one in outcome.footprints.values()]
    seconds = statistics.median(one.seconds for one in outcome.footprints.values())
    hub, each = outcome.hub.memory / 1e9, max(memory)
    cores = math.ceil(MANY * seconds / (60 * MINUTES))
    return [
        f"Memory of a learner, one notebook open: {statistics.median(memory):.2f} GB, "
        f"at most {each:.2f} GB; the hub and its proxy {hub:.2f} GB",
        f"Processor time of a learner until the lesson was run: {seconds:.0f} s",
        f"For {MANY} learners, extrapolated from this and not tried: "
        f"{MANY * each + hub:.0f} GB of free memory, and {cores} cores for all of them to have "
        f"started and run the lesson in {MINUTES} minutes.",
    ]
