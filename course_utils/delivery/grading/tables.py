"""Tables as CSV in which nothing is a formula, with whatever separator a spreadsheet reads them.

LibreOffice splits at commas, semicolons and tabs at once, Excel at what its language wants; a
quoted cell is whole only for the separator that it was quoted for. So a text must hold no formula
behind any of them: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from course_utils.delivery.grading.visible import on_one_line
from course_utils.files import write_atomically

LONGEST = 2_000  # characters of one cell
SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"  # the last four: full width, as in Japanese
FORMULA = re.compile(rf"((?:^|[,;\t|])[\s\"'`]*)(?=[{SIGNS}])")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def cell(value: object) -> object:
    """A text that no spreadsheet takes for a formula, on one line; numbers as they are."""
    if not isinstance(value, str):
        return "" if value is None else value
    line = on_one_line(value, LONGEST)
    return line if NUMBER.fullmatch(line) else FORMULA.sub(r"\1'", line)


def text(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table, all its cells made harmless."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(map(cell, head))
    writer.writerows(map(cell, row) for row in rows)
    return made.getvalue()


def write(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write such a table into a file."""
    write_atomically(path, text(head, rows).encode())


def read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The head and the rows of a table that another program wrote."""
    with open(path, newline="", encoding="utf-8", errors="replace") as file:
        head, *rows = csv.reader(file)
    return head, rows
