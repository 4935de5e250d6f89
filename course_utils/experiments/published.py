"""What papers found and what we find: each verdict is computed from stored results by a rule.

A rule is a list of conditions, each a sentence with its threshold. The first is the main one, which
decides: without it, not reproduced; with it, reproduced if all others hold too, partly if not. A
rule without conditions leaves the claim open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from course_utils.experiments.results import Results

Load = Callable[[str], Results]


@dataclass(frozen=True)
class Finding:
    """What came out: a figure of ours, how many seeds (`over`) it has, and the conditions.

    Without conditions it is open: too little is stored to judge.
    """

    ours: str
    seeds: int
    conditions: Mapping[str, bool]
    over: str = "seeds"

    @property
    def verdict(self) -> str:
        """reproduced, partly or not: the first condition decides, the others only add to it."""
        if not self.conditions:
            return "open"
        main, *others = (bool(holds) for holds in self.conditions.values())
        return "not" if not main else "reproduced" if all(others) else "partly"


@dataclass(frozen=True)
class Published:
    """A claim of a paper, and how to check it.

    Attributes:
        text: what the paper says, in one sentence.
        short: the same in at most 46 characters, for a table.
        lesson: number of the lesson.
        source: the paper; `spirit` says that it makes this claim about other tasks or on another
            scale, so that ours can neither reproduce nor refute it in full.
        published: its figure.
        elsewhere: what the paper did and we did not: task, scale, start, optimiser.
        check: the rule.
    """

    text: str
    short: str
    lesson: str
    source: str
    published: str
    elsewhere: str
    check: Callable[[Load], Finding]
    spirit: bool = False

    @property
    def paper(self) -> str:
        """First name and year: "Gers 2000"."""
        return f"{self.source.split()[0].rstrip(',')} {self.source.split()[-1]}"


@dataclass(frozen=True)
class Judged:
    """A claim of a paper with what our results say."""

    row: Published
    found: Finding

    @property
    def verdict(self) -> str:
        """Of a row in the spirit of a paper what it is *here*, which reproduces nothing."""
        verdict = self.found.verdict
        if not self.row.spirit or verdict == "open":
            return verdict
        return "holds here" if verdict == "reproduced" else f"{verdict} here"
