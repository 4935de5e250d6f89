"""What papers found and what we find: each verdict is computed from stored results by a rule.

A rule is a list of conditions, each a sentence with its threshold: all hold, reproduced; some,
partly; none, not reproduced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from course_utils.experiments import results
from course_utils.experiments.results import Results

Load = Callable[[str], Results]


@dataclass(frozen=True)
class Finding:
    """What came out: a figure of ours, how many seeds each number has, and the conditions."""

    ours: str
    seeds: int
    conditions: Mapping[str, bool]

    @property
    def verdict(self) -> str:
        """reproduced, partly or not."""
        held = [bool(holds) for holds in self.conditions.values()]
        return "reproduced" if all(held) else "partly" if any(held) else "not"


@dataclass(frozen=True)
class Claim:
    """One line of the table of claims.

    Attributes:
        text: what is claimed.
        lesson: number of the lesson.
        source: paper; empty for a claim of our own.
        published: the paper's figure.
        ours, seeds, verdict: what we found.
        conditions: the rule of the verdict and how each of its parts came out.
    """

    text: str
    lesson: str
    source: str = ""
    published: str = ""
    ours: str = ""
    seeds: str = ""
    verdict: str = "holds"
    conditions: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """A claim of a paper, and how to check it."""

    text: str
    lesson: str
    source: str
    published: str
    check: Callable[[Load], Finding]

    def claim(self, load: Load) -> Claim:
        """The line of the table, from the results that `load` gives."""
        parts = (self.text, self.lesson, self.source, self.published)
        found = self.check(load)
        return Claim(*parts, found.ours, str(found.seeds), found.verdict, found.conditions)


def published_claims(folder: Path | None = None) -> list[Claim]:
    """The published claims with what the results in `folder` say; None is the course's own."""
    from course_utils.experiments.rules import PUBLISHED  # which needs the classes above

    return [one.claim(partial(results.load, folder=folder)) for one in PUBLISHED]
