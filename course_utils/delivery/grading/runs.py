"""A submission's cells and questions to a sandbox, and its answers back: data in, data out.

This is what is sent to other processes and machines. It knows no reference and no other learner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from course_utils.delivery.grading import walls
from course_utils.delivery.grading.lending import Loan
from course_utils.delivery.grading.sandbox import Kit, Limits


@dataclass(frozen=True)
class Question:
    """What one problem asks: `card` is all the worker knows of it (see `worker.Card`)."""

    key: str  # the problem's name, and its variant if it is not the learner's own
    card: tuple
    inputs: list[tuple]


@dataclass(frozen=True)
class Run:
    """One submission to be run.

    `cells` are its answers, by name; `notebook` all its cells of code as they stand, with "" for
    the name of one that is no answer; `untouched` the answers that are as they were handed out;
    `alone` says that no other run is under way on the machine.
    """

    learner: str
    set_up: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    kit: Kit
    limits: Limits
    notebook: tuple[tuple[str, str], ...] = ()
    untouched: frozenset[str] = frozenset()
    loan: Loan | None = None  # with it, a run cannot be sent to another machine
    walls: str = "bubblewrap"  # or another key of `walls.WORKERS`
    alone: bool = False

    def by_itself(self) -> Run:
        """The same run, for when all others are done, with more patience."""
        limits = replace(self.limits, patience=2 * self.limits.patience)
        return replace(self, limits=limits, alone=True)

    def worker(self) -> Any:
        """A worker behind the run's walls, for a `with` statement."""
        return walls.worker(self.walls, self.kit, self.limits)


@dataclass(frozen=True)
class Ran:
    """What came of it: for each question a list of answers or one Failure.

    Attributes:
        absent: packages that an answer wanted in vain.
        seconds: the workers' own time.
        lost: why there are no answers, although that is not the learner's doing.
        impossible: whether it is because there can be no sandbox where this was tried.
        elsewhere: questions for which all of the notebook was run.
    """

    learner: str
    answers: dict[str, Any]
    absent: dict[str, tuple[str, ...]]
    seconds: float = 0.0
    lost: str = ""
    impossible: bool = False
    elsewhere: frozenset[str] = frozenset()
