"""Marks for the teacher's eyes: a table on the screen, what to look at, and a CSV."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_utils.delivery.grading import tables
from course_utils.delivery.grading.gradebook import ByHand
from course_utils.delivery.grading.marks import Marks
from course_utils.delivery.grading.overview.separation import LEARNERS
from course_utils.delivery.grading.sets import ProblemSet
from course_utils.delivery.grading.visible import on_one_line

MOST_NOTES, COMMON = 40, 5
SCREEN, LONGEST_NAME, GAP = 80, 30, 2  # columns of a terminal


def show(
    console: Console,
    one: ProblemSet,
    every: list[Marks],
    by_hand: dict[str, ByHand],
    names: Mapping[str, str] | None = None,
) -> None:
    """The marks as a table that fits 80 columns, the frequent mistakes, and what is unusual.

    `names` are those that learners have on their platform, where they are others.
    """
    console.print(f"\n[bold]{one.name}[/bold]", highlight=False)
    console.print(legend(list(one.problems)), markup=False, highlight=False)
    learners = [on_one_line((names or {}).get(marks.learner, marks.learner)) for marks in every]
    for columns in side_by_side(columns_of(one, every, by_hand)):
        console.print(table_of(learners, columns))
    for line in [*frequent(every), *notes(one, every, by_hand)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


class Column(NamedTuple):
    """A column of the table: its head, how much there is to reach, and each learner's share."""

    head: str
    out_of: str
    cells: list[Text]

    @property
    def width(self) -> int:
        return GAP + max(len(self.head), len(self.out_of), *(len(cell) for cell in self.cells))


def columns_of(one: ProblemSet, every: list[Marks], by_hand: dict[str, ByHand]) -> Iterator[Column]:
    """A column for each task, for answers in words and for being late, if any are, and the sum."""
    for number, name in enumerate(one.problems):
        marks = (each.marks[number] for each in every)
        cells = [Text(f"{mark.points:g}", style=colour(mark)) for mark in marks]
        yield Column(str(number + 1), f"{one.points(name):g}", cells)
    hand = max((own.out_of for own in by_hand.values()), default=0)
    owns = [by_hand.get(marks.learner, ByHand()) for marks in every]
    if hand:
        given = [Text("?" if own.waiting else f"{own.points:g}") for own in owns]
        yield Column("words", f"{hand:g}", given)
    if any(own.penalty for own in owns):
        taken = [Text(f"-{own.penalty:g}" if own.penalty else "") for own in owns]
        yield Column("late", "", taken)
    sums = [
        Text(f"{max(marks.points + own.points - own.penalty, 0):g}{'+?' if own.waiting else ''}")
        for marks, own in zip(every, owns)
    ]
    yield Column("sum", f"{sum(map(one.points, one.problems)) + hand:g}", sums)


def side_by_side(columns: Iterable[Column]) -> Iterator[list[Column]]:
    """The columns in groups that fit beside the learners' names."""
    group: list[Column] = []
    for column in columns:
        if group and sum(one.width for one in [*group, column]) > SCREEN - LONGEST_NAME - GAP:
            yield group
            group = []
        group.append(column)
    yield group


def table_of(learners: list[str], columns: list[Column]) -> Table:
    """The table of a group of columns."""
    table = Table(box=None, header_style="bold", padding=(0, GAP, 0, 0))
    table.add_column("learner", overflow="ellipsis", no_wrap=True, max_width=LONGEST_NAME)
    for column in columns:
        table.add_column(column.head, justify="right", no_wrap=True)
    table.add_row("out of", *(column.out_of for column in columns), style="dim")
    for row, learner in enumerate(learners):
        table.add_row(Text(learner), *(column.cells[row] for column in columns))
    return table


def legend(names: list[str]) -> str:
    """Which number stands for which problem, in lines that break between two of them."""
    joined = ", ".join(f"{number}={name}" for number, name in enumerate(names, 1))
    return textwrap.fill(joined, 78, break_on_hyphens=False).replace("=", " ")


def colour(mark) -> str:
    return "green" if mark.points == mark.out_of else "yellow" if mark.points else "red"


def frequent(every: list[Marks]) -> list[str]:
    """The misconceptions that more than one learner has, the commonest first.

    In a class of a few, where nobody shares one, those of single learners.
    """
    counts = Counter(
        (mark.problem, mark.misconception)
        for marks in every
        for mark in marks.marks
        if mark.misconception
    )
    shared = [one for one in counts.most_common(COMMON) if one[1] > 1]
    common = shared or (counts.most_common(COMMON) if len(every) < LEARNERS else [])
    return [
        f"{count} learner{'s'[: count != 1]} in {name}: {what}." for (name, what), count in common
    ]


def notes(one: ProblemSet, every: list[Marks], by_hand: dict[str, ByHand]) -> list[str]:
    """What a teacher should look at."""
    said = []
    for marks in every:
        told = dict.fromkeys([marks.failure, *(mark.note for mark in marks.marks)])
        said += [f"{marks.learner}: {note}" for note in told if note]
    if len(said) > MOST_NOTES:
        said = [*said[:MOST_NOTES], f"... and {len(said) - MOST_NOTES} more, in the CSV."]
    waiting = sum(hand.waiting > 0 for hand in by_hand.values())
    if waiting:
        said.append(
            f"Answers in words wait for {waiting} learner{'s'[: waiting != 1]}: run `jupyter lab` "
            "in the class, mark them in menu Nbgrader, Formgrader, then run `course feedback`."
        )
    return said


def write_csv(path: Path, every: list[Marks]) -> None:
    """marks/SET.csv: a line for each learner and problem."""
    head = ["learner", "set", "problem", "points", "out_of", "misconception", "message", "note"]
    rows = (
        [
            *(marks.learner, marks.set, mark.problem, mark.points, mark.out_of),
            *(mark.misconception, mark.message, mark.note),
        ]
        for marks in every
        for mark in marks.marks
    )
    tables.write(path, head, rows)
