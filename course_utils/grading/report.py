"""Marks for the teacher's eyes: a table on the screen, what to look at, and a CSV."""

from __future__ import annotations

import csv
import textwrap
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from course_utils.files import writing
from course_utils.grading.gradebook import ByHand
from course_utils.grading.marking import Marks
from course_utils.grading.sets import ProblemSet

MOST_NOTES, COMMON = 40, 5
FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: full width, as in Japanese


def show(console: Console, one: ProblemSet, every: list[Marks], by_hand: dict[str, ByHand]) -> None:
    """The marks as a table that fits 80 columns, the frequent mistakes, and what is unusual."""
    words = any(hand.out_of for hand in by_hand.values())
    late = any(hand.penalty for hand in by_hand.values())
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("learner", overflow="ellipsis", no_wrap=True, max_width=30)
    for head in [
        *map(str, range(1, len(one.problems) + 1)),
        *["words"] * words,
        *["late"] * late,
        "sum",
    ]:
        table.add_column(head, justify="right", no_wrap=True)
    most = [f"{one.points(name):g}" for name in one.problems]
    hand = max((hand.out_of for hand in by_hand.values()), default=0)
    full = sum(map(one.points, one.problems)) + hand
    table.add_row("out of", *most, *[f"{hand:g}"] * words, *[""] * late, f"{full:g}", style="dim")
    for marks in every:
        own = by_hand.get(marks.learner, ByHand())
        cells = [Text(f"{mark.points:g}", style=colour(mark)) for mark in marks.marks]
        given = "?" if own.waiting else f"{own.points:g}"
        taken = f"-{own.penalty:g}" if own.penalty else ""
        total = f"{max(marks.points + own.points - own.penalty, 0):g}{'+?' if own.waiting else ''}"
        table.add_row(marks.learner, *cells, *[given] * words, *[taken] * late, total)
    console.print(f"\n[bold]{one.name}[/bold]", highlight=False)
    console.print(legend(list(one.problems)), markup=False, highlight=False)
    console.print(table)
    for line in [*frequent(every), *notes(one, every, by_hand)]:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def legend(names: list[str]) -> str:
    """Which number stands for which problem, in lines that break between two of them."""
    joined = ", ".join(f"{number}={name}" for number, name in enumerate(names, 1))
    return textwrap.fill(joined, 78, break_on_hyphens=False).replace("=", " ")


def colour(mark) -> str:
    return "green" if mark.points == mark.out_of else "yellow" if mark.points else "red"


def frequent(every: list[Marks]) -> list[str]:
    """The misconceptions that more than one learner has, the commonest first."""
    counts = Counter(
        (mark.problem, mark.misconception)
        for marks in every
        for mark in marks.marks
        if mark.misconception
    )
    common = [(pair, count) for pair, count in counts.most_common(COMMON) if count > 1]
    return [f"{count} learners in {name}: {what}." for (name, what), count in common]


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
    with writing(path) as file:
        writer = csv.writer(file)
        head = ["learner", "set", "problem", "points", "out_of", "misconception", "message", "note"]
        writer.writerow(head)
        for marks in every:
            for m in marks.marks:
                row = [m.problem, m.points, m.out_of, m.misconception or "", m.message, m.note]
                writer.writerow(map(cell_of_table, [marks.learner, marks.set, *row]))


def cell_of_table(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value
