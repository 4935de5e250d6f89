"""The register of all claims, for a terminal and for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Protocol

from course_utils import CourseError
from course_utils.claims.printed import Read
from course_utils.experiments.judged import published_claims
from course_utils.experiments.published import Judged
from course_utils.experiments.report_contest import contest_table
from course_utils.experiments.report_search import search_tables

WIDTH = 100  # columns: the table of the papers fits one screen
PAGE = """\
# Claims

Every claim of the course, with what we found; made by `course claims --write`, not by hand.

## What papers found

*Reproduced*, *partly* or *not*: so it came out in our runs. With *here*, the paper's statement is
about other tasks or another scale, which ours can neither reproduce nor refute: the word is about
our tasks alone. *Open*: too few runs are stored to judge.

{published}
The verdicts are computed from stored results by rules with thresholds; the number leads to a row's
rule. One condition decides, the others make *reproduced* of *partly*. Nothing
was registered beforehand: rules and results grew together, and some thresholds were changed after
results were known.

## The method

One method, `course_utils/statistics`, for these rules and for the lessons:

- a share has Wilson's interval, or the exact one; a time has a bootstrap interval over seeds;
- steps until solved are censored at the budget: a curve after Kaplan and Meier;
- two sets of runs are compared by the log-rank test of that curve, or where nobody solved by their
  losses, both by permutation; 5% after Holm's correction for their number is *shown*;
- the *margin* of a lesson's claim is the distance from its threshold in spreads, which are standard
  deviations over its seeds, of a share its own if the threshold were true; its *control* is a
  condition for which it must be false, and is.

In the contest below, learning rate and start of every cell, the plain network's too, were chosen
task by task on seeds that are not used again: two starts with six rates over two decades and a half
for one seed, then the four best settings with three other seeds. These are 24 trials for each cell;
where a best one lay at the edge, the grid grew for all, and there are up to 40. All have as many
parameters as an LSTM of 32 units, the head counted and a GRU's redundant biases not, within 2%. The
budget is four times what the slowest success of a chosen setting needed while tuning, and 1,000
updates at least. The sequences that stop a run are not those that test it. Results are stored for
two kernels of OpenBLAS, which round in two ways (`OPENBLAS_CORETYPE`); what is claimed of them must
hold on each.

The random search below draws rates at random, `many_keys`, `overwritten` and `real_sequences` try
some. All other sweeps give each kind of cell one learning rate that nobody tuned; where a verdict
hangs on that, its row says so. What is stored of them is of one processor. Another one rounds sums
in another order, and a training goes its own way from there: made again on another, 408 of 947 runs
ended in other digits and 5 with another outcome.

    course sweep                what is stored of each sweep, and how long the rest takes
    course sweep NAME           make what is missing; Ctrl-C stops it, the same command goes on
    course sweep NAME --again 9 make nine stored runs once more, drawn at random
    make claims                 judge by what is stored, and make 20 runs of it again

## The contest

{contest}
## The random search

In the manner of Greff et al. (2015): learning rate, width, noise on the inputs, clipping and forget
bias are drawn at random, the same settings for every variant, and each network has the same number
of updates. The ten runs with the lowest loss on validation data stand for what a variant can do. At
adding an answer without any memory has a loss of 0.167; most runs stay near it, so that there is
little for a setting to explain.

{search}
## What each verdict rests on

{details}
## Claims of the lessons

Each of these is proved again whenever its lesson runs: a claim that does not hold stops it.

{lessons}"""


class LessonClaim(Protocol):
    """A claim as a notebook prints it."""

    lesson: str
    text: str
    source: str | None
    spirit: str | None
    published: str | None
    kind: str
    found: Read | None


def page(lessons: Iterable[LessonClaim], folder: Path | None = None) -> str:
    """The text of docs/claims.md."""
    published = published_claims(folder)
    return PAGE.format(
        published="".join(papers(published)),
        contest="\n".join(contest_table(folder)),
        search="\n".join([*search_tables(folder), ""]),
        details="\n".join(details(number, one) for number, one in enumerate(published, 1)),
        lessons="\n".join(by_lesson(lessons)),
    )


def write(path: Path, lessons: Iterable[LessonClaim], folder: Path | None = None) -> None:
    """Write the page to `path`, in a clone of the course."""
    if not path.parent.is_dir():
        raise CourseError(f"There is no folder {path.parent.name} here: use a clone of the course.")
    path.write_text(page(lessons, folder), encoding="utf-8")


def papers(published: Iterable[Judged]) -> Iterator[str]:
    """The lines of the table of papers, within 100 columns; each number leads to its details."""
    yield f"| {'':4} | {'what the paper says':46} | {'paper':15} | verdict     |\n"
    yield f"| {'-' * 4} | {'-' * 46} | {'-' * 15} | ----------- |\n"
    links = "\n"
    for number, one in enumerate(published, 1):
        link = f"[{number}]"
        yield f"| {link:4} | {one.row.short:46} | {one.row.paper:15} | {one.verdict:11} |\n"
        links += f"{link}: #{slug(heading(number, one))}\n"
    yield links


def heading(number: int, one: Judged) -> str:
    """Of a row's details."""
    return f"{number}. {one.row.short}"


def slug(title: str) -> str:
    """The anchor that a forge and the site give to a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def details(number: int, one: Judged) -> str:
    """A row in full: the paper's figure, ours, the conditions, and what we did not do."""
    row, found = one.row, one.found
    says = "In the spirit of" if row.spirit else "Source:"
    of_so_many = f", {found.seeds} {found.over}" if found.conditions else ""
    lines = [
        f"### {heading(number, one)}",
        "",
        f"**{row.text}** Lesson {row.lesson}. {says} {row.source}.",
        "",
        f"- The paper: {row.published}.",
        f"- Ours{of_so_many}: {found.ours}.",
        *(
            f"- {'Besides' if place else 'Decides'}: {_mark(holds)}: {text}"
            for place, (text, holds) in enumerate(found.conditions.items())
        ),
        f"- What the paper did and we did not: {row.elsewhere}",
        f"- Verdict: **{one.verdict}**.",
    ]
    return "\n".join(lines) + "\n"


def by_lesson(lessons: Iterable[LessonClaim]) -> Iterator[str]:
    """A heading and a table for each lesson."""
    for lesson, claims in groupby(lessons, key=lambda one: one.lesson):
        rows = [("claim", "measured", "threshold", "margin", "control")]
        rows += [("---",) * 5, *(columns(claim) for claim in claims)]
        table = "".join(
            "| " + " | ".join(text.replace("|", "\\|") for text in row) + " |\n" for row in rows
        )
        yield f"### Lesson {lesson.split('_')[0]}\n\n{table}"


def columns(claim: LessonClaim) -> tuple[str, str, str, str, str]:
    """Claim, measured value, threshold, margin in spreads, control; or what kind it is."""
    text = claim.text + _cited(claim)
    found = claim.found
    if found is None:
        return text, claim.kind or "holds", "", "", ""
    over = f" ({found.count} {found.over})" if found.count > 1 and " of " not in found.value else ""
    margin = "" if found.margin is None else f"{found.margin:,.1f}"
    if found.margin == float("inf"):
        margin = "all equal"
    control = f"{found.control}: {found.controlled}" if found.control else ""
    return text, found.value + over, found.relation, margin, control


def show(lessons: Iterable[LessonClaim], folder: Path | None = None) -> None:
    """Print the register: the papers on one screen, then the claims lesson by lesson."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="What papers found", title_justify="left", box=None, pad_edge=False)
    for heading in ("", "what the paper says", "paper", "verdict"):
        table.add_column(heading, no_wrap=True)
    for number, one in enumerate(published_claims(folder), 1):
        table.add_row(str(number), one.row.short, one.row.paper, one.verdict)
    console = Console()
    console.print(table, "docs/claims.md has the rule and our figures for each.", sep="\n")
    for lesson, claims in groupby(lessons, key=lambda one: one.lesson):
        own = Table(title=f"Lesson {lesson.split('_')[0]}", title_justify="left", expand=True)
        for heading, ratio in (("claim", 5), ("measured", 2), ("control", 2)):
            own.add_column(heading, ratio=ratio)
        for claim in claims:
            text, value, threshold, margin, control = map(escape, columns(claim))
            spreads = f", {margin} spreads" if margin[:1].isdigit() else ""
            asked = f"\n[dim]{threshold}{spreads}[/dim]" if threshold else ""
            own.add_row(text, value + asked, control)
        console.print()
        console.print(own)


def _mark(holds: bool) -> str:
    return "holds" if holds else "**does not hold**"


def _cited(claim: LessonClaim) -> str:
    paper = claim.source or claim.spirit
    if not paper:
        return ""
    said = f": {claim.published}" if claim.published else ""
    return f" ({'in the spirit of ' if claim.spirit else ''}{paper}{said})"
