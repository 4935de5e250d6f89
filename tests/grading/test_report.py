"""The table on the screen: it fits, whatever learners are called."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from course_utils.delivery.grading import report
from course_utils.delivery.grading.marks import Mark, Marks
from course_utils.delivery.grading.sets import ProblemSet

NAMES = {
    "plain": "Ada Lovelace",
    "wide": "\u6f22\u5b57" * 40,
    "flood": "a" + "\u0301" * 5000,
    "right to left": "\u05d0\u05d3\u05d4 \u202e\u2067evol",
    "escapes": "\x1b[31mred\x1b]8;;http://x\x07\r\b\x9b2J",
    "markup": "[red]x[/red] [link=file:///etc/passwd]y",
    "lines": "one\ntwo\u2028three",
    "long": "x" * 5000,
    "surrogate": "\ud800",
    "devanagari": "\u0915\u0930\u094d\u0923",
}


def shown(names: list[str], tasks: int) -> list[str]:
    names_of_tasks = [f"task_{number}" for number in range(tasks)]
    one = ProblemSet(
        "set", {"cells": []}, dict.fromkeys(names_of_tasks), "", dict.fromkeys(names_of_tasks, 12.0)
    )
    every = [
        Marks(name, "set", tuple(Mark(task, 10.25, 12.0, "") for task in names_of_tasks))
        for name in names
    ]
    out = io.StringIO()
    report.show(Console(file=out, width=80, color_system=None), one, every, {})
    return out.getvalue().splitlines()


@pytest.mark.parametrize("tasks", [1, 5, 12, 40])
def test_every_line_fits(tasks: int) -> None:
    lines = shown(list(NAMES.values()), tasks)
    assert max(map(cell_len, lines)) <= 80
    assert sum(line.split().count("10.25") for line in lines) >= tasks * len(NAMES)


@pytest.mark.parametrize("kind", NAMES)
def test_no_name_commands_the_terminal(kind: str) -> None:
    assert not set("\n".join(shown([NAMES[kind]], 1))) & set(
        "\x1b\r\b\x07\x9b\u202e\u2067\u2028\ud800"
    )


def test_names_stand_as_they_were_given() -> None:
    said = "\n".join(shown([NAMES["plain"], NAMES["devanagari"], NAMES["markup"]], 1))
    assert NAMES["plain"] in said and NAMES["devanagari"] in said and "[red]x[/red]" in said
