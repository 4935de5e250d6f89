"""A platform's table of marks, in which single cells change and every other byte stays."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from course_utils import CourseError

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
LARGEST = 50_000_000  # bytes


class TableError(CourseError):
    """What is wrong with a table and what to do about it, in one sentence."""


@dataclass
class Cell:
    """As it stands in the file, and what it says."""

    raw: str

    @property
    def text(self) -> str:
        raw = self.raw.strip()
        if len(raw) > 1 and raw[0] == raw[-1] == '"':
            return raw[1:-1].replace('""', '"').strip()
        return raw


@dataclass
class TableFile:
    """Rows of cells, the first of which names the columns; `ends` are the ends of the lines."""

    encoding: str
    mark: bytes
    separator: str
    rows: list[list[Cell]]
    ends: list[str]

    @property
    def errors(self) -> str:
        return "surrogateescape" if self.encoding == "cp1252" else "strict"

    @property
    def head(self) -> list[str]:
        return [cell.text for cell in self.rows[0]]

    def text(self, row: int, column: int) -> str:
        """What a cell says; "" where a row is too short."""
        return self.rows[row][column].text if column < len(self.rows[row]) else ""

    def put(self, row: int, column: int, text: str) -> None:
        """Change a cell; between quotes if it was, or has to be."""
        old = self.rows[row][column].raw
        quoted = old.strip().startswith('"') or self.separator in text
        self.rows[row][column] = Cell(f'"{text}"' if quoted else text)

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers are written as 1,5 in this file."""
        numbers = [cell.text for row in self.rows[1:] for cell in row]
        commas = sum(bool(re.fullmatch(r"-?\d+,\d+", text)) for text in numbers)
        return commas > sum(bool(re.fullmatch(r"-?\d+\.\d+", text)) for text in numbers)

    def content(self) -> bytes:
        lines = [
            self.separator.join(cell.raw for cell in row) + end
            for row, end in zip(self.rows, self.ends)
        ]
        return self.mark + "".join(lines).encode(self.encoding, self.errors)


def read_table(path: Path) -> TableFile:
    """Raises TableError if it is none."""
    content = path.read_bytes()
    if len(content) > LARGEST or content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise TableError(f"{path} is no CSV: let the platform or the spreadsheet save it as CSV.")
    mark, encoding = next(
        ((mark, name) for mark, name in MARKS if content.startswith(mark)), (b"", "utf-8")
    )
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        if mark:
            raise TableError(f"{path} is damaged: download it again.") from None
        encoding = "cp1252"  # what Excel writes in Western Europe and America
        text = content.decode(encoding, "surrogateescape")
    if not text.strip() or "\0" in text:
        raise TableError(f"{path} is no table: save it as CSV.")
    first = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    separator = max(",;\t", key=first.count)
    rows, ends = split(text, separator, path)
    return TableFile(encoding, mark, separator, rows, ends)


def split(text: str, separator: str, path: Path) -> tuple[list[list[Cell]], list[str]]:
    """The cells of each line as they stand there; a line break between quotes ends none."""
    rows: list[list[Cell]] = []
    ends: list[str] = []
    row: list[Cell] = []
    piece = re.compile(rf' *"(?:[^"]|"")*"[^\r\n{separator}]*|[^\r\n{separator}]*')
    place = 0
    while place < len(text):
        found = piece.match(text, place)
        if found[0].count('"') % 2:
            raise TableError(f"{path}: line {len(rows) + 1} has a quote that nothing closes.")
        row.append(Cell(found[0]))
        place = found.end()
        if text[place : place + 1] == separator:
            place += 1
            if place < len(text):
                continue
            row.append(Cell(""))
        end = "\r\n" if text.startswith("\r\n", place) else text[place : place + 1]
        place += len(end)
        rows.append(row)
        ends.append(end)
        row = []
    return rows, ends
