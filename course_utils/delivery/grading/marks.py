"""What submissions are worth, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Mark:
    """What one problem of one submission is worth, and why."""

    problem: str
    points: float
    out_of: float
    message: str
    misconception: str | None = None
    note: str = ""  # for the teacher alone


@dataclass(frozen=True)
class Marks:
    """All marks of one submission.

    `failure` says why there was nothing to mark, `walls` behind which walls the answers ran.
    """

    learner: str
    set: str
    marks: tuple[Mark, ...]
    digest: str = ""
    version: str = ""
    failure: str = ""
    walls: str = ""

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)

    @property
    def out_of(self) -> float:
        return sum(mark.out_of for mark in self.marks)

    def as_data(self) -> dict:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict) -> Marks:
        """The marks that `as_data` described."""
        return cls(**{**data, "marks": tuple(Mark(**mark) for mark in data["marks"])})


@dataclass(frozen=True)
class Unmarked:
    """A submission that could not be run, and why; nothing is known of its worth."""

    learner: str
    why: str

    def __str__(self) -> str:
        why = self.why.rstrip(".")
        return f"{self.learner} is not marked: {why}. The same command tries again."
