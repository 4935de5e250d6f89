"""Results of a sweep in one small file: comma-separated, one row a run, readable as it is.

Comments at the top say what made the rows. A file is only ever replaced by a complete new one, so
a run that was stored stays stored, whatever stops the sweep.
"""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from course_utils import CourseError, __version__
from course_utils.files import writing

FOLDER = Path(__file__).parent / "results"
OUTCOMES = ("solved", "unsolved", "diverged", "measured")
RESULTS = ("seed", "outcome")  # a row has both; what stands before them are its settings
TEXTS = ("task", "cell", "init", "optimizer", "solved_when", "measurement", "outcome", "losses")

Row = dict[str, object]


class ResultsError(CourseError):
    """A file of results cannot be read; nothing was changed."""


def made_with() -> str:
    """Versions that a result may depend on."""
    python, numpy, system = platform.python_version(), np.__version__, platform.system()
    return f"Carousel {__version__}, Python {python}, NumPy {numpy}, {system} {platform.machine()}"


def key(row: Row) -> tuple[tuple[str, str], ...]:
    """What tells a run from all others: its settings and its seed, as they stand in the file."""
    names = list(row)[: list(row).index("seed") + 1]
    pairs = ((name, as_text(row[name])) for name in names)
    return tuple(pair for pair in pairs if pair[1])


class Store:
    """The file of one sweep in `folder`; it need not exist yet."""

    def __init__(self, name: str, folder: Path | None = None):
        self.path = (folder or FOLDER) / f"{name}.csv"

    def read(self) -> list[Row]:
        """The rows, in order.

        Raises:
            ResultsError: with one sentence, if the file is not as a sweep writes it.
        """
        return self._read()[1]

    def versions(self) -> list[str]:
        """What made the rows: one line for each combination of versions."""
        return self._read()[0]

    def add(self, row: Row, versions: str, order: Iterable[tuple] = ()) -> None:
        """Store one more run; a row with the same settings and seed is replaced.

        Args:
            row: settings, seed, outcome and the rest.
            versions: what made it, see `made_with`.
            order: keys in the order in which rows are to stand; others come last.
        """
        comments, rows = self._read()
        by_key = {key(old): old for old in rows} | {key(row): row}
        self._write(dict.fromkeys([*comments, versions]), _sorted(by_key, order))

    def keep(self, keys: Iterable[tuple]) -> None:
        """Drop all rows but those with these keys."""
        comments, rows = self._read()
        wanted = set(keys)
        self._write(comments, [row for row in rows if key(row) in wanted])

    def _write(self, comments: Iterable[str], rows: list[Row]) -> None:
        with writing(self.path) as text:
            text.writelines(f"# {comment}\n" for comment in comments)
            writer = csv.DictWriter(text, _columns(rows), lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: as_text(value) for name, value in row.items()} for row in rows)

    def _read(self) -> tuple[list[str], list[Row]]:
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return [], []
        except UnicodeDecodeError:
            raise self._error("holds bytes that are no text") from None
        lines = text.splitlines()
        top = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        comments = [line[1:].strip() for line in lines[:top]]
        reader = csv.reader(lines[top:], strict=True)
        try:
            header = next(reader, [])
            if len(set(header)) < len(header) or not set(RESULTS) < set(header):
                raise self._error("has no line of column names with settings, seed and outcome")
            rows = {}
            for values in reader:
                row = self._row(header, values, top + reader.line_num)
                if key(row) in rows:
                    raise self._error(f"holds the same run twice, in line {top + reader.line_num}")
                rows[key(row)] = row
        except csv.Error as error:
            raise self._error(f"has a broken line {top + reader.line_num} ({error})") from None
        return comments, list(rows.values())

    def _row(self, header: list[str], values: list[str], line: int) -> Row:
        if len(values) != len(header):
            raise self._error(f"has {len(values)} fields instead of {len(header)} in line {line}")
        row = {}
        for name, text in zip(header, values):
            try:
                row[name] = text if name in TEXTS else as_number(text)
            except ValueError:
                raise self._error(f"has {text!r} for {name} in line {line}") from None
        if row["outcome"] not in OUTCOMES or not isinstance(row["seed"], int):
            raise self._error(f"has no whole seed, or no outcome, in line {line}")
        return row

    def _error(self, what: str) -> ResultsError:
        return ResultsError(
            f"The results file {self.path.name} {what}: mend it, or take it away and run "
            f"`course sweep {self.path.stem}`; nothing was changed."
        )


def as_text(value: object) -> str:
    """As it stands in a file: numbers with four digits, nothing for None and NaN."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating):
        return f"{float(value):.4g}"
    return str(value)


def as_number(text: str) -> int | float | None:
    """The number that `as_text` wrote. Raises ValueError if it is none."""
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        return float(text)


def _sorted(rows: dict[tuple, Row], order: Iterable[tuple]) -> list[Row]:
    places = {one: place for place, one in enumerate(order)}
    return [rows[one] for one in sorted(rows, key=lambda one: places.get(one, len(places)))]


def _columns(rows: list[Row]) -> list[str]:
    """All columns: settings, then seed and outcome, then results; seconds and losses last."""
    before = dict.fromkeys(name for row in rows for name in list(row)[: list(row).index("seed")])
    names = dict.fromkeys(name for row in rows for name in row)
    last = [name for name in ("seconds", "losses") if name in names]
    middle = [name for name in names if name not in before and name not in (*RESULTS, *last)]
    return [*before, *RESULTS, *middle, *last]
