"""A progress bar that keeps quiet where nobody watches."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import TypeVar

Item = TypeVar("Item")

# COURSE_BUILD: lessons are being executed for publication. PYTEST_VERSION: tests run, also in
# the kernels that nbval starts. Both compare outputs, and a bar is never the same twice.
QUIET = ("COURSE_BUILD", "PYTEST_VERSION")


class Progress:
    """A tqdm bar of `total` steps; without one if `visible` is False or outputs are compared.

    Inside `with_progress` a bar goes when it is closed: the one for all stays.
    """

    _around = 0  # how many with_progress are under way

    def __init__(self, total: int, label: str, visible: bool = True, unit: str = "step"):
        self._bar = None
        if visible and not any(os.environ.get(name) for name in QUIET):
            from tqdm.auto import tqdm

            self._bar = tqdm(total=total, desc=label, unit=unit, leave=not Progress._around)

    def advance(self) -> None:
        """One step further."""
        if self._bar is not None:
            self._bar.update()

    def note(self, words: str) -> None:
        """Put `words` behind the bar, in place of those that stand there."""
        if self._bar is not None:
            self._bar.set_postfix_str(words, refresh=False)

    def close(self, complete: bool) -> None:
        """Stop. A run that reached its target early is complete, not broken off."""
        if self._bar is not None:
            if complete:
                self._bar.total = self._bar.n
                if hasattr(self._bar, "container"):  # a notebook's bar keeps a width of its own
                    self._bar.container.children[1].max = max(self._bar.n, 1)
            self._bar.refresh()  # or the last note would not be seen
            self._bar.close()


def with_progress(items: Collection[Item], label: str = "trainings") -> Iterator[Item]:
    """Go through `items`, for instance the seeds of several trainings, with one bar for all."""
    bar = Progress(len(items), label, unit="run")
    Progress._around += 1
    try:
        for item in items:
            yield item
            bar.advance()
    finally:
        Progress._around -= 1
        bar.close(complete=False)
