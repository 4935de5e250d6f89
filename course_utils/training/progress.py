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
    """A tqdm bar of `total` steps; without one if `visible` is False or outputs are compared."""

    def __init__(self, total: int, label: str, visible: bool = True, unit: str = "step"):
        self._bar = None
        if visible and not any(os.environ.get(name) for name in QUIET):
            from tqdm.auto import tqdm

            self._bar = tqdm(total=total, desc=label, unit=unit)

    def advance(self, note: str | None = None) -> None:
        """One step further; `note` replaces what stands behind the bar."""
        if self._bar is not None:
            self._bar.update()
            if note:
                self._bar.set_postfix_str(note, refresh=False)

    def close(self, complete: bool) -> None:
        """Stop. A run that reached its target early is complete, not broken off."""
        if self._bar is not None:
            if complete:
                self._bar.total = self._bar.n
                if hasattr(self._bar, "container"):  # a notebook's bar keeps a width of its own
                    self._bar.container.children[1].max = max(self._bar.n, 1)
            self._bar.close()


def with_progress(items: Collection[Item], label: str = "trainings") -> Iterator[Item]:
    """Go through `items`, for instance the seeds of several trainings, with one bar for all."""
    bar = Progress(len(items), label, unit="run")
    try:
        for item in items:
            yield item
            bar.advance()
    finally:
        bar.close(complete=False)
