"""Stored results as a simple table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils import CourseError
from course_utils.experiments.store import Row, Store, as_text
from course_utils.statistics import Interval, bootstrap_median, wilson


@dataclass(frozen=True, repr=False)
class Results:
    """Rows of one sweep, one a run; `table["loss"]` is a column as an array.

    Attributes:
        name: of the sweep.
        rows: dicts of settings, seed, outcome and what came out; None where a row has no number.
    """

    name: str
    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, column: str) -> np.ndarray:
        """A column (runs,): texts as they are, numbers as floats with NaN for none."""
        self._check(column)
        values = [row[column] for row in self.rows]
        if any(isinstance(value, str) for value in values):
            return np.array(values)
        return np.array([np.nan if value is None else value for value in values], float)

    def where(self, **settings: object) -> Results:
        """The rows with these settings: `where(task=Adding(100), cell="LSTM")`.

        A task may be given as itself or as its text, several values as a list.
        """
        rows = self.rows
        for column, value in settings.items():
            self._check(column)
            values = value if isinstance(value, list | set) else [value]
            texts = {as_text(one) for one in values}
            rows = tuple(row for row in rows if as_text(row[column]) in texts)
        if not rows:
            raise CourseError(f"The results of {self.name} have no run with {settings}.")
        return Results(self.name, rows)

    def groups(self, *columns: str) -> Iterator[tuple[tuple, Results]]:
        """The rows of each combination of values, in the order of the file."""
        for column in columns:
            self._check(column)
        found: dict[tuple, list[Row]] = {}
        for row in self.rows:
            found.setdefault(tuple(row[column] for column in columns), []).append(row)
        for values, rows in found.items():
            yield values, Results(self.name, tuple(rows))

    @property
    def solved(self) -> int:
        """How many runs solved their task."""
        return sum(row["outcome"] == "solved" for row in self.rows)

    @property
    def success(self) -> Interval:
        """The share of runs that solved their task, with Wilson's 95% interval."""
        return wilson(self.solved, len(self))

    @property
    def steps(self) -> Interval:
        """Median of the updates until solved, with a bootstrap interval; unsolved is infinity."""
        return self.median("solved_at", missing=np.inf)

    def median(self, column: str, missing: float | None = None) -> Interval:
        """Median of a column with a 95% bootstrap interval; `missing` stands for no number."""
        values = self[column]
        if missing is not None:
            values = np.where(np.isnan(values), missing, values)
        return bootstrap_median(values)

    @property
    def curves(self) -> list[np.ndarray]:
        """The loss of each run on held-out sequences, before training and every 50 updates.

        A run that diverged ends with NaN: its loss was no number any more.
        """
        ends = ["nan" if row["outcome"] == "diverged" else "" for row in self.rows]
        texts = (f"{row['losses']} {end}" for row, end in zip(self.rows, ends))
        return [np.array(text.split(), float) for text in texts]

    def __repr__(self) -> str:
        return f"Results({self.name}, {len(self)} runs)"

    def _check(self, column: str) -> None:
        if not self.rows or column not in self.rows[0]:
            known = ", ".join(self.rows[0]) if self.rows else "none"
            raise CourseError(f"{self.name} has no column {column!r}; it has: {known}.")


def load(name: str, folder: Path | None = None) -> Results:
    """The stored results of the sweep `name`.

    Raises:
        CourseError: if there are none.
    """
    store = Store(name, folder)
    rows = store.read()
    if not rows:
        raise CourseError(f"There are no results of {name!r} yet: run `course sweep {name}`.")
    return Results(name, tuple(rows))
