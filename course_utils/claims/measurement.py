"""What was measured, from several seeds, and how far it lies from what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from course_utils.claims import phrases
from course_utils.language import to_translate
from course_utils.statistics import wilson

SEEDS = to_translate("seeds")


@dataclass(frozen=True)
class Row:
    """The values of one condition, one a seed: numbers, or whether each seed succeeded."""

    values: np.ndarray
    on_average: bool = False

    @property
    def is_share(self) -> bool:
        return self.values.dtype == bool

    @property
    def centre(self) -> float:
        """The share that succeeded; of numbers the median, or the mean where that is claimed."""
        mean = self.is_share or self.on_average
        return float(np.mean(self.values) if mean else np.median(self.values))

    @property
    def ends(self) -> tuple[float, float]:
        """Wilson's interval of a share; of numbers the least and the largest."""
        if self.is_share:
            return wilson(int(self.values.sum()), len(self.values))[1:]
        return float(self.values.min()), float(self.values.max())

    @property
    def judged(self) -> tuple[float, float]:
        """What must keep to the threshold: every number, or the share or the mean alone."""
        return (self.centre, self.centre) if self.is_share or self.on_average else self.ends

    def spread(self, threshold: float) -> float:
        """Standard deviation over the seeds; of a share its own, were the threshold true.

        So a share lies 1.96 spreads from either end of Wilson's interval.
        """
        if self.is_share:
            return sqrt(max(0.0, threshold * (1 - threshold)) / len(self.values))
        if np.all(self.values == self.values[0]):
            return 0.0
        return float(np.std(self.values, ddof=1)) if np.isfinite(self.values).all() else inf


@dataclass(frozen=True)
class Measurement:
    """Rows of values, and the threshold that all of them must keep to.

    Attributes:
        rows: one for each condition: each has as many values as there are seeds.
        above, below: the threshold; both for a range, infinite where there is none.
        over: what the values of a row are, "seeds".
    """

    rows: tuple[Row, ...]
    above: float = -inf
    below: float = inf
    over: str = SEEDS

    @classmethod
    def of(
        cls,
        measured: object,
        above: float | None = None,
        below: float | None = None,
        over: str = "seeds",
        on_average: bool = False,
    ) -> Measurement:
        """Of a value, of values (seeds,), or of values (conditions, seeds).

        Raises:
            TypeError: if there are no numbers, or there is no threshold.
        """
        values = np.asarray(measured)
        if values.size == 0 or not (values.dtype == bool or np.issubdtype(values.dtype, np.number)):
            raise TypeError("measured= takes numbers, or True and False, one for each seed.")
        if above is None and below is None:
            raise TypeError("A measurement needs its threshold: above=, below=, or both.")
        table = np.atleast_1d(values).reshape(-1, values.shape[-1] if values.ndim else 1)
        rows = tuple(Row(row, on_average) for row in table)
        low = -inf if above is None else float(above)
        return cls(rows, low, inf if below is None else float(below), over)

    @property
    def holds(self) -> bool:
        """Whether every row keeps to the threshold."""
        return all(self._within(*row.judged) for row in self.rows)

    @property
    def centre_holds(self) -> bool:
        """Whether the middle of every row does: what a control must not even come to."""
        return all(self._within(row.centre, row.centre) for row in self.rows)

    @property
    def nearest(self) -> Row:
        """The row that lies nearest to the threshold, or farthest on its wrong side."""
        return min(self.rows, key=lambda row: (self._margin(row), self._distance(row)))

    @property
    def margin(self) -> float | None:
        """Spreads between the nearest row's centre and the threshold; None of a single value."""
        return self._margin(self.nearest) if len(self.nearest.values) > 1 else None

    def _within(self, low: float, high: float) -> bool:
        """Infinity is a value, of a run that never got there, and keeps to no upper threshold."""
        return (low > self.above or self.above == -inf) and (high < self.below or self.below == inf)

    def _distance(self, row: Row) -> float:
        return min(row.centre - self.above, self.below - row.centre)

    def _margin(self, row: Row) -> float:
        distance = self._distance(row)
        at = self.above if distance == row.centre - self.above else self.below
        spread = row.spread(at)
        if spread == 0 or len(row.values) < 2:
            return inf if distance > 0 else -inf
        return 0.0 if spread == inf else distance / spread

    @property
    def value(self) -> str:
        """The nearest row's centre: "0.12", or "4 of 5" for a share."""
        row = self.nearest
        if row.is_share:
            return phrases.share(str(int(row.values.sum())), str(len(row.values)))
        return number(row.centre)

    @property
    def described(self) -> str:
        """With its seeds and their spread: "0.12 from 3 seeds (0.09 to 0.17)"."""
        row, ends = self.nearest, tuple(map(number, self.nearest.ends))
        if row.is_share:
            right, count = int(row.values.sum()), len(row.values)
            return phrases.found(str(right), str(count), self.over, ends, share=True)
        count = str(len(row.values)) if len(row.values) > 1 else ""
        return phrases.found(self.value, count, self.over, ends, False, row.on_average)

    @property
    def asked(self) -> str:
        """The threshold: "below 0.3", "within 4 to 6"."""
        above, below = (number(end) if abs(end) < inf else "" for end in (self.above, self.below))
        return phrases.asked(above, below)

    @property
    def relation(self) -> str:
        """The threshold with the margin: "4.6 spreads below 0.3"."""
        margin, equal = self.margin, self.margin == inf
        shown = "" if margin is None or equal else f"{margin:,.{int(margin < 100)}f}"
        return phrases.relation(self.asked, shown, equal, len(self.rows))


def number(value: float) -> str:
    """Three digits, and thousands with their comma."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"
