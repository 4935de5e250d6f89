"""The table of all claims, for a terminal and for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from course_utils import CourseError
from course_utils.experiments.published import Claim, published_claims

COLUMNS = ("text", "lesson", "source", "published", "ours", "seeds", "verdict")
HEADINGS = ("claim", *COLUMNS[1:])
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SEEDS = re.compile(rf"\b(\d+|{'|'.join(NUMBERS)}) (?:of \d+ )?seeds?\b|\bseed \d+\b", re.IGNORECASE)
PAGE = """\
# Claims

Every claim of the course, with what we found; made by `course claims --write`, not by hand.

## Published claims

The verdicts are computed from the stored results of `course sweep`, by the rules below. Rows that
do not reproduce stay, with what was found. Our networks are small (32 units unless matched by
parameters) and train for minutes at most.

    course sweep            the sweeps, and how much of each is stored
    course sweep NAME       make what is missing; Ctrl-C stops it, the same command goes on
    make claims             make all runs afresh in build/claims, judge them; half an hour at most

The stored runs are of one processor. Another one rounds sums in another order, and a training goes
its own way from there. Made again on another, 408 of 947 runs ended in other digits and 5 with
another outcome. One verdict of the table changed: "GRU and LSTM are about equal" held partly there.
Five claims of lessons 04 and 07 about stored runs did not hold there, and now say less: what holds
for both sets of runs.

{published}
### What each verdict rests on

{conditions}
## Claims of the lessons

Each of these is proved again whenever its lesson runs: a claim that does not hold stops it.

{lessons}"""


class LessonClaim(Protocol):
    """A claim as a notebook prints it."""

    lesson: str
    text: str
    source: str | None
    published: str | None


def of_lesson(found: LessonClaim) -> Claim:
    """A row for a claim that a lesson proves: it holds, or it would not be there."""
    return Claim(
        text=found.text,
        lesson=found.lesson.split("_")[0],
        source=found.source or "",
        published=found.published or "",
        ours="as claimed",
        seeds=seeds_in(found.text),
        verdict="reproduced" if found.source else "holds",
    )


def seeds_in(text: str) -> str:
    """How many seeds a claim names: 3 of "(3 seeds)", 1 of "(seed 5)"; nothing if it names none."""
    found = SEEDS.search(text)
    if not found:
        return ""
    number = (found.group(1) or "one").lower()
    return str(NUMBERS.index(number) + 1) if number in NUMBERS else number


def page(lessons: Iterable[LessonClaim], folder: Path | None = None) -> str:
    """The text of docs/claims.md."""
    published = published_claims(folder)
    return PAGE.format(
        published=table(published),
        conditions=conditions(published),
        lessons=table(map(of_lesson, lessons)),
    )


def write(path: Path, lessons: Iterable[LessonClaim], folder: Path | None = None) -> None:
    """Write the page to `path`, in a clone of the course."""
    if not path.parent.is_dir():
        raise CourseError(f"There is no folder {path.parent.name} here: use a clone of the course.")
    path.write_text(page(lessons, folder), encoding="utf-8")


def show(lessons: Iterable[LessonClaim], folder: Path | None = None) -> None:
    """Print the claims in the terminal, those of papers first; readable from 80 columns on."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    papers = Table(title="Published claims", title_justify="left", show_lines=True, expand=True)
    for heading, share in {"claim": 4, "published": 2, "ours": 4}.items():
        papers.add_column(heading, ratio=share)
    papers.add_column("verdict", no_wrap=True)
    for claim in published_claims(folder):
        text = f"{escape(claim.text)}\n[dim]{escape(claim.source)}; lesson {claim.lesson}[/dim]"
        seeds = f" [dim]({claim.seeds} seeds)[/dim]" if claim.seeds else ""
        papers.add_row(text, escape(claim.published), escape(claim.ours) + seeds, claim.verdict)

    own = Table(title="Claims of the lessons", title_justify="left", expand=True)
    own.add_column("lesson", no_wrap=True)
    own.add_column("claim", ratio=1)
    own.add_column("verdict", no_wrap=True)
    for claim in map(of_lesson, lessons):
        source = f" [dim]({escape(claim.source)}: {escape(claim.published)})[/dim]"
        text = escape(claim.text) + (source if claim.published else "")
        own.add_row(claim.lesson, text, claim.verdict)
    Console().print(papers, own, sep="\n\n")


def table(claims: Iterable[Claim]) -> str:
    """A Markdown table."""
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    rows += [[text.replace("|", "\\|") for text in values(claim)] for claim in claims]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def conditions(claims: Iterable[Claim]) -> str:
    """The rule of each verdict, with how its parts came out."""
    lines = []
    for claim in claims:
        if claim.conditions:
            lines.append(f"- {claim.text} ({claim.source}): **{claim.verdict}**")
        for text, holds in claim.conditions.items():
            lines.append(f"    - {'holds' if holds else '**does not hold**'}: {text}")
    return "\n".join(lines) + "\n"


def values(claim: Claim) -> list[str]:
    return [getattr(claim, column) for column in COLUMNS]
