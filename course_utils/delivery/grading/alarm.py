"""In a worker: the time limit of a question, in seconds of the processor.

The notebook's, `feedback.limit`, counts all time; on a machine that marks a class at once, an
answer would be stopped for the work of others. Who sleeps is stopped from outside.
"""

import contextlib
import signal
from collections.abc import Callable

from course_utils.feedback.limit import by_signal


def time_limit(seconds: float) -> contextlib.AbstractContextManager[Callable]:
    """Gives ``run``: run(function) is function(), or raises TimeUp when the time is over."""
    return by_signal(seconds, signal.SIGPROF, signal.ITIMER_PROF)
