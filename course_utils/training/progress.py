"""A progress bar that keeps quiet where nobody watches.

It is a line of text, in a notebook too: a widget would need its kernel to be shown again.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Collection, Iterator
from typing import TypeVar

Item = TypeVar("Item")

# COURSE_BUILD: lessons are being executed for publication. PYTEST_VERSION: tests run, also in
# the kernels that nbval starts. Both compare outputs, and a bar is never the same twice.
QUIET = ("COURSE_BUILD", "PYTEST_VERSION")
WIDTH, PACE = 78, 0.2  # letters; seconds from one look of an inner run to the next


class Progress:
    """A tqdm bar of `total` steps; without one if `visible` is False or outputs are compared.

    Inside `with_progress` there is one bar, the one for all, and it says how far this run is.
    """

    _around: Progress | None = None  # the with_progress that is under way

    def __init__(self, total: int, label: str, visible: bool = True, unit: str = "step"):
        self._bar = self._outer = None
        self._total, self._done, self._seen = total, 0, time.monotonic()
        if not visible or any(os.environ.get(name) for name in QUIET):
            return
        if Progress._around is not None:
            self._outer = Progress._around._bar
            return
        from tqdm import tqdm

        self._bar = tqdm(total=total, desc=label, unit=unit, file=sys.stdout, ncols=WIDTH)

    def advance(self) -> None:
        """One step further."""
        self._done += 1
        if self._bar is not None:
            self._bar.update()
        elif self._outer is not None and time.monotonic() - self._seen > PACE:
            self._seen = time.monotonic()
            self._outer.set_postfix_str(f"{self._done}/{self._total}")

    def note(self, words: str) -> None:
        """Put `words` behind the bar, in place of those that stand there."""
        if self._bar is not None:
            self._bar.set_postfix_str(words, refresh=False)

    def close(self, complete: bool) -> None:
        """Stop. A run that reached its target early is complete, not broken off."""
        if self._bar is not None:
            if complete:
                self._bar.total = self._bar.n
            self._bar.refresh()  # or the last note would not be seen
            self._bar.close()
        elif self._outer is not None:
            self._outer.set_postfix_str("", refresh=False)


def with_progress(items: Collection[Item], label: str = "trainings") -> Iterator[Item]:
    """Go through `items`, for instance the seeds of several trainings, with one bar for all."""
    bar, before = Progress(len(items), label, unit="run"), Progress._around
    Progress._around = before or bar
    try:
        for item in items:
            yield item
            bar.advance()
    finally:
        Progress._around = before
        bar.close(complete=False)
