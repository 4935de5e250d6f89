"""A limit of processor time for what is done with a learner's text outside of the sandbox."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


class TooSlowError(Exception):
    """A step took more processor time than it was given."""


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what runs inside after this much processor time of this process.

    Other programs do not touch that clock. It also stops a regular expression in the middle, as
    Python looks for signals while it searches. Limits may stand inside of one another. In another
    thread than the first, and where there is no such clock (Windows), nothing is limited.

    Raises TooSlowError.
    """
    first = threading.current_thread() is threading.main_thread()
    if not first or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlowError(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, ring)
    left, _ = signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        rest, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if left:  # the limit around this one goes on
            signal.setitimer(signal.ITIMER_VIRTUAL, max(left - (seconds - rest), 1e-3))
