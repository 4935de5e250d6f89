"""In a worker: the time limit of a question, in seconds of the processor.

The notebook's, `feedback.limit`, counts all time; on a machine that marks a class at once, an
answer would be stopped for the work of others. Who sleeps is stopped from outside.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any

from course_utils.feedback.limit import AGAIN, TimeUp


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[Callable]:
    """Gives ``run``: run(function) is function(), or raises TimeUp when the time is over."""
    running = [False]

    def ring(*_: object) -> None:
        if running[0]:
            raise TimeUp

    def run(function: Callable) -> Any:
        running[0] = True
        try:
            return function()
        finally:
            running[0] = False

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
    try:
        yield run
    finally:
        running[0] = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
